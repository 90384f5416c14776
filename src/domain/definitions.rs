//! Every threshold a figure rests on. All are settings; the defaults are the design's, since there is no national
//! definition of repeat missing or of unassessed risk.

use serde::{Deserialize, Serialize};

macro_rules! definitions {
    ($($(#[$doc:meta])* $name:ident: $type:ty = $default:expr, $decides:literal;)*) => {
        /// The partnership's definitions, as in `[definitions]` of `partnership.toml`. Days unless named otherwise.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
        #[serde(deny_unknown_fields, default)]
        pub struct Definitions {
            $($(#[$doc])* #[doc = $decides] pub $name: $type,)*
        }

        impl Default for Definitions {
            fn default() -> Self {
                Self { $($name: $default,)* }
            }
        }

        impl Definitions {
            /// The whole numbers among them, by name: what a query may name as `:name`, and what each decides.
            pub fn numbers(&self) -> Vec<(&'static str, i64, &'static str)> {
                let mut numbers = Vec::new();
                $(if let Some(number) = Number::number(&self.$name) {
                    numbers.push((stringify!($name), number, $decides));
                })*
                numbers
            }

            /// All of them as written and what each decides, in order, for the reader.
            pub fn all(&self) -> Vec<(&'static str, String, &'static str)> {
                vec![$((stringify!($name), Number::written(&self.$name), $decides),)*]
            }
        }
    };
}

/// A rule that several measures count by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharedRule {
    /// `The clock of unassessed risk`.
    pub title: String,
    /// Its steps: enough to count it again by hand.
    pub says: Vec<String>,
}

trait Number {
    fn number(&self) -> Option<i64>;
    fn written(&self) -> String;
}

impl Number for u32 {
    fn number(&self) -> Option<i64> {
        Some(i64::from(*self))
    }
    fn written(&self) -> String {
        self.to_string()
    }
}

impl Number for bool {
    fn number(&self) -> Option<i64> {
        None
    }
    fn written(&self) -> String {
        if *self { "yes".into() } else { "no".into() }
    }
}

impl Number for Vec<String> {
    fn number(&self) -> Option<i64> {
        None
    }
    fn written(&self) -> String {
        self.join(", ")
    }
}

definitions! {
    missing_again_days: u32 = 28, "a child is missing again if the next spell starts within this many days of the return";
    repeat_missing_spells: u32 = 3, "spells that make a child repeatedly missing";
    repeat_missing_days: u32 = 90, "days up to month end in which those spells start";
    cross_source_gap_hours: u32 = 6, "episodes of two agencies at most this far apart are one spell";
    unknown_end_joins_hours: u32 = 24, "an episode without an end joins another agency's spell that starts within this many hours";
    assessment_valid_days: u32 = 91, "an assessment covers new signals for this many days";
    strategy_discussion_stops_clock: bool = false, "a strategy discussion stops a clock of unassessed risk";
    signal_kinds: Vec<String> = ["police_notification", "ed_screening", "screening_tool", "contact", "school", "nrm", "return_from_missing", "harm_event"].map(String::from).to_vec(), "kinds of signal that start a clock of unassessed risk";
    clear_days: u32 = 90, "a child who was repeatedly missing is clear after this many days without being missing";
    concentration_percent: u32 = 10, "the children with most missing spells are this many percent of all who were missing, rounded up";
    quiet_days: u32 = 180, "a risk assessed as reduced is borne out by this many days without a missing spell or harm";
    risk_lapses_days: u32 = 365, "a risk period closes this long after the last signal, spell or assessment above low";
    help_within_days: u32 = 90, "help has started in time if first attended within this many days of the need";
    help_sustained_within_days: u32 = 90, "help is sustained in time if it is so within this many days of the need";
    need_repeats_days: u32 = 180, "a need repeated this long after one still waiting starts a journey of its own";
    attending_already_days: u32 = 90, "a child who attended within this many days before a need has help already";
    rhi_within_days: u32 = 3, "a return home interview is in time if held within this many days of the return";
    assessed_within_working_days: u32 = 45, "a child and family assessment is in time within this many working days";
    first_return_months: u32 = 12, "a return is a first one if the child had no other return in this many months before";
    reassess_days: u32 = 91, "a child assessed above low is waiting to be re-assessed after this many days";
    missing_after_move_days: u32 = 28, "a child goes missing after a move if a spell starts within this many days of it";
    school_after_move_days: u32 = 30, "school is looked at this many days after a move";
    many_workers: u32 = 3, "different workers in twelve months that are many for a child";
    arrests_pooled_days: u32 = 1096, "first arrests of this many days up to month end are pooled, three years";
    effect_fewest_children: u32 = 20, "with fewer children than this on either side, whether support helps cannot be told";
    effect_worth_having_percent: u32 = 50, "a change of this share of the level before is worth having; where it could have been missed, whether support helps cannot be told";
    training_valid_days: u32 = 730, "training without an expiry date is in date for this many days after it was completed";
    plan_history_weeks: u32 = 26, "whole weeks of the action plan's history that its forecast draws from";
    plan_adoption_days: u32 = 91, "actions agreed within this many days of the first are the plan as adopted, later ones additions";
    plan_counts_evidence: bool = false, "an action counts towards the forecast only once its evidence was accepted";
    history_months: u32 = 72, "months shown, up to the as-at date";
    longest_reporting_days: u32 = 182, "records later than this many days after the event are not foreseen when completeness is estimated";
    complete_share_percent: u32 = 95, "a month is complete once this share of its records is expected to have arrived";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_named_as_in_the_configuration() {
        let numbers = Definitions::default().numbers();
        assert!(numbers.iter().any(|(name, value, _)| *name == "missing_again_days" && *value == 28));
        assert!(!numbers.iter().any(|(name, _, _)| *name == "signal_kinds"));
    }
}
