//! What several measures count by the same rule, in words from which anyone can count it again by hand.
//!
//! The rules themselves are functions beside this file; a change to one of them is a change to its words here.

use crate::domain::SharedRule;

/// The rules behind the marts that a measure reads, in the order of its needs; thresholds are still names.
pub fn rules_of(needs: &[String]) -> Vec<SharedRule> {
    let of = |need: &String| RULES.iter().find(|(marts, ..)| marts.contains(&need.as_str()));
    let mut found: Vec<SharedRule> = Vec::new();
    for (_, title, says) in needs.iter().filter_map(of) {
        if found.iter().all(|rule| rule.title != *title) {
            found.push(shared(title, says));
        }
    }
    found
}

/// Every rule there is, thresholds still names.
pub fn all_rules() -> Vec<SharedRule> {
    RULES.iter().map(|(_, title, says)| shared(title, says)).collect()
}

fn shared(title: &str, says: &[&str]) -> SharedRule {
    SharedRule { title: title.into(), says: says.iter().map(ToString::to_string).collect() }
}

/// (marts, title, steps).
const RULES: &[(&[&str], &str, &[&str])] = &[
    (
        &["unassessed_clocks"],
        "The clock of unassessed risk",
        &[
            "Signals are the rows of the extract of signals, but for those closed as duplicate or error; every harm event; and \
             every return from missing: a spell of being missing raises its signal on the day it ends, one a child and day. Of \
             these the kinds count that the settings name.",
            "Assessments count where they are of exploitation or of child and family, are completed, and do not say that the \
             child was not seen. A strategy discussion counts only where the settings say so, a return home interview never. An \
             assessment without a theme covers every signal; one with a theme covers signals of that theme, of missing and of none.",
            "A signal raised while a clock runs joins it. Otherwise it starts one if it is strong (a harm event, a screening in an \
             emergency department, a police notification, a referral to the National Referral Mechanism, or any signal that no \
             assessment completed before that day covers), or if no assessment that covers it was completed on the \
             {assessment_valid_days} days before.",
            "Any other signal is parked. It is gone once an assessment that covers it is begun and completed on or after the day \
             it was raised, or once it is closed; it joins any clock that starts; and on the day after a covering assessment's \
             {assessment_valid_days} days have passed it is looked at again as if raised that day.",
            "A clock stops on the first day on which an assessment that covers any of its signals is completed, if that was begun \
             (where a start is recorded) on or after the day the clock started; else when the child leaves, dies or turns 18; else \
             when the last of its signals is closed. Returns and harm events are never closed. A signal of the day on which an \
             assessment stops a clock belongs to that clock; on the day of a closing it starts afresh.",
            "A clock that has not stopped is open, and counts to the last day counted.",
        ],
    ),
    (
        &["service_journeys"],
        "A need and the referral that counts for it",
        &[
            "Needs of a child for one service that were recorded on one day are one need, and a need within {need_repeats_days} \
             days of one still waiting is that need.",
            "The referral that counts is the earliest made, among those made on or after the day of the need and those made before \
             it that were still live on that day (neither ended, declined nor not offered by then): a live one is the need's, and \
             not a later one.",
            "Help has started on the first contact of that referral that the child attended; where this was before the need, on \
             the day of the need, if the last contact was no more than {attending_already_days} days before it.",
            "Nothing counts from the day on which a child leaves, dies or turns 18.",
        ],
    ),
    (
        &["days_at_risk", "risk_periods", "known_at_month_end"],
        "The days at risk",
        &[
            "A child is at risk from the first signal (as for the clock of unassessed risk) or spell of being missing until \
             {risk_lapses_days} days have passed since the last signal, the end of the last spell or the last assessment of a \
             level above low, whichever is latest, or until the child leaves, dies or turns 18.",
            "A spell still open keeps the child at risk. A level that is not known extends nothing. The first day counts, the day \
             on which the risk has lapsed does not.",
        ],
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::marts::mart;

    #[test]
    fn every_rule_is_of_marts_that_there_are_and_names_thresholds_that_there_are() {
        let definitions = crate::domain::Definitions::default();
        let known: Vec<&str> = definitions.numbers().into_iter().map(|(name, ..)| name).collect();
        for (marts, title, says) in RULES {
            assert!(marts.iter().all(|name| mart(name).is_some()), "{title}");
            for name in says.iter().flat_map(|step| step.split('{').skip(1)).filter_map(|rest| rest.split('}').next()) {
                assert!(known.contains(&name), "{title}: {name}");
            }
        }
    }

    #[test]
    fn a_measure_of_clocks_is_told_by_their_rule_once() {
        let needs = ["unassessed_clocks", "days_at_risk", "risk_periods", "months"].map(str::to_owned);
        let titles: Vec<String> = rules_of(&needs).into_iter().map(|rule| rule.title).collect();
        assert_eq!(titles, ["The clock of unassessed risk", "The days at risk"]);
    }
}
