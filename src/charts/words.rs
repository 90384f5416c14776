//! Numbers, periods and judgements in words a board member understands. The one place that turns a result into English.
//!
//! It claims no change from two periods: that is a matter for a control chart (`judgement`), and two points cannot show it.
//! Two years stand beside each other only to warn that the children counted were not alike.

mod judged;
mod methods;

use super::spec::Drawing;
use crate::domain::{Dimension, Figure, Month, Period, Symbol, Unit};
use crate::judgement::{CaseMix, Judgement, is_later_withheld, latest, withheld_latest};
use crate::release::{Edition, Measure, Report, Shape, Sufficiency};

pub use judged::{
    Mark, assurance, assurance_explained, assurance_mark, at_quarter_ends, chance, change, how_many_have, in_words,
    method_chosen, method_name, moves_named, period_word, point, rule, state_mark, trajectory, variation,
    variation_mark,
};
pub use methods::{METHODS, MethodText};

/// A value alone, for an axis or a sentence: `31%`, `8.4`, `1,204`.
pub fn number(unit: Unit, value: f64) -> String {
    Decimals::of([(unit, value)]).number(unit, value)
}

/// How many decimals all the numbers of one column have: as many as any of them needs, so that they can be read against each
/// other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decimals(usize);

impl Decimals {
    /// Of a column with these values.
    pub fn of(values: impl IntoIterator<Item = (Unit, f64)>) -> Self {
        Self(values.into_iter().map(|(unit, value)| needed(unit, value)).max().unwrap_or_default())
    }

    /// Of a column with the values of these figures.
    pub fn of_figures<'a>(figures: impl IntoIterator<Item = &'a Figure>) -> Self {
        Self::of(figures.into_iter().filter_map(|figure| Some((figure.unit, figure.value?))))
    }

    /// Of a column with the intervals of these figures.
    pub fn of_intervals<'a>(figures: impl IntoIterator<Item = &'a Figure>) -> Self {
        Self::of(
            figures
                .into_iter()
                .flat_map(|figure| [figure.lower, figure.upper].into_iter().flatten().map(|end| (figure.unit, end))),
        )
    }

    /// A value of the column.
    pub fn number(self, unit: Unit, value: f64) -> String {
        let Self(decimals) = self;
        match unit {
            Unit::Proportion => format!("{:.decimals$}%", value * 100.0),
            Unit::PercentagePoints => format!("{value:.decimals$}"),
            _ => {
                let shown = format!("{:.decimals$}", value.abs());
                let (integer, fraction) = shown.split_at(shown.find('.').unwrap_or(shown.len()));
                let is_below_nought = value < 0.0 && shown.chars().any(|digit| ('1'..='9').contains(&digit));
                format!("{}{}{fraction}", if is_below_nought { "-" } else { "" }, in_threes(integer))
            }
        }
    }

    /// Both ends of a range in the column.
    pub fn range(self, unit: Unit, lower: f64, upper: f64) -> String {
        format!("{} to {}", self.number(unit, lower), self.number(unit, upper))
    }

    /// A figure of the column: its value, or the symbol in brackets.
    pub fn cell(self, figure: &Figure) -> String {
        match (figure.value, figure.symbol) {
            (Some(value), None | Some(Symbol::LowReliability)) => {
                let mark = if figure.symbol.is_some() { " [u]" } else { "" };
                format!("{}{mark}", self.number(figure.unit, value))
            }
            (_, Some(symbol)) => format!("[{}]", symbol.letter()),
            (None, None) => "[x]".into(),
        }
    }
}

/// The decimals without which a value alone would say too little.
fn needed(unit: Unit, value: f64) -> usize {
    match unit {
        Unit::Proportion => {
            let percent = value * 100.0;
            usize::from(percent > 0.0 && percent < 9.95 && (percent - percent.round()).abs() >= 0.05)
        }
        Unit::Children | Unit::Count | Unit::Needs => 0,
        // As they are published: a second decimal would say more than is known.
        Unit::SpellsPerChild | Unit::PercentagePoints => 1,
        Unit::Days | Unit::Hours | Unit::Per1000ChildDays | Unit::Per1000LookedAfterDays | Unit::Per10000Children => {
            usize::from(value.abs() < 100.0 && (value - value.round()).abs() >= 0.05)
        }
    }
}

/// Both ends of a range, to as many decimals: `27% to 36%`, `1.9 to 3.0`.
pub fn range(unit: Unit, lower: f64, upper: f64) -> String {
    let (low, high) = (number(unit, lower), number(unit, upper));
    let decimals = |shown: &str| shown.split_once('.').map(|(_, after)| after.trim_end_matches('%').len());
    let most = decimals(&low).max(decimals(&high));
    let filled = |shown: String| match most {
        Some(most) if decimals(&shown).is_none() && shown != "0" && shown != "0%" => {
            let (digits, sign) = shown.strip_suffix('%').map_or((shown.as_str(), ""), |digits| (digits, "%"));
            format!("{digits}.{}{sign}", "0".repeat(most))
        }
        _ => shown,
    };
    format!("{} to {}", filled(low), filled(high))
}

/// A whole number with commas: `12,040`.
pub fn whole(value: i64) -> String {
    format!("{}{}", if value < 0 { "-" } else { "" }, in_threes(&value.unsigned_abs().to_string()))
}

/// Digits with a comma before every third from the end.
fn in_threes(digits: &str) -> String {
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A difference to two figures with its sign: `−0.40`, `0.00`, `+1.20`.
pub fn signed_hundredths(value: f64) -> String {
    let shown = format!("{:.2}", value.abs());
    match shown.as_str() {
        "0.00" => shown,
        _ if value < 0.0 => format!("\u{2212}{shown}"),
        _ => format!("+{shown}"),
    }
}

/// A value with a short unit: `31%`, `14 days`, `8.4`.
pub fn value_short(unit: Unit, value: f64) -> String {
    match unit {
        Unit::Days => format!("{} days", number(unit, value)),
        Unit::Hours => format!("{} hours", number(unit, value)),
        _ => number(unit, value),
    }
}

/// A value with its unit in full: `42 children`, `8.4 per 1,000 child-days at risk`.
pub fn value_full(unit: Unit, value: f64) -> String {
    let shown = number(unit, value);
    match (unit, shown.as_str()) {
        (Unit::Proportion | Unit::Count, _) => shown,
        (Unit::Children, "1") => "1 child".into(),
        (Unit::Needs, "1") => "1 need".into(),
        (Unit::Days, "1") => "1 day".into(),
        (Unit::Hours, "1") => "1 hour".into(),
        _ => format!("{shown} {}", unit.in_words()),
    }
}

/// Beneath an axis of values: `Share`, `Children`, `Per 1,000 child-days at risk`.
pub fn axis_title(unit: Unit) -> String {
    match unit {
        Unit::Proportion => "Share".into(),
        unit => upper_first(unit.in_words()),
    }
}

/// What must stand behind a bare number so that it is not read as a count: `per 1,000 child-days`; none where the number
/// says it (`31%`, `14 days`) or the measure's name does.
pub fn unit_short(unit: Unit) -> Option<&'static str> {
    match unit {
        Unit::Per1000ChildDays => Some("per 1,000 child-days"),
        Unit::Per1000LookedAfterDays => Some("per 1,000 looked-after days"),
        Unit::Per10000Children => Some("per 10,000 children"),
        Unit::SpellsPerChild => Some("a child"),
        Unit::PercentagePoints => Some("percentage points"),
        Unit::Proportion | Unit::Children | Unit::Count | Unit::Needs | Unit::Days | Unit::Hours => None,
    }
}

/// A figure alone, for a cell among others of other units: its value, or the symbol in brackets.
pub fn cell(figure: &Figure) -> String {
    Decimals::of_figures([figure]).cell(figure)
}

/// A period in few words: `Oct 2026`, `Jul-Sep 2026`, `year to Oct 2026`.
pub fn period_short(period: Period) -> String {
    match period {
        Period::Month(month) => month.in_short(),
        Period::Quarter(quarter) => {
            format!("{}-{}", quarter.first_month().first_on().format("%b"), quarter.last_month().in_short())
        }
        Period::TwelveMonthsTo(month) => format!("year to {}", month.in_short()),
    }
}

/// `95% interval 27% to 36%`; none where the figure has none.
pub fn interval(figure: &Figure) -> Option<String> {
    let (lower, upper) = (figure.lower?, figure.upper?);
    Some(format!("95% interval {}", range(figure.unit, lower, upper)))
}

/// The finding in at most ten words, from the displayed figures alone.
pub fn active_title<E: Edition>(measure: &Measure, report: &Report<E>, judged: &Judgement) -> String {
    if matches!(measure.sufficiency, Sufficiency::CannotBeKnown { .. }) {
        return "This cannot be known from the data supplied".into();
    }
    let Some((figure, value)) = latest(measure, report).and_then(|figure| Some((figure, figure.value?))) else {
        return match withheld_latest(measure, report) {
            Some(period) => format!("The count for {} is withheld", period.in_words()),
            None => "Cannot be shown: withheld or not yet complete".into(),
        };
    };
    let shown = match figure.unit {
        Unit::Per1000ChildDays => format!("{} per 1,000 child-days", number(figure.unit, value)),
        Unit::Per1000LookedAfterDays => format!("{} per 1,000 looked-after days", number(figure.unit, value)),
        Unit::Per10000Children => format!("{} per 10,000 children", number(figure.unit, value)),
        unit => value_full(unit, value),
    };
    judged::title(measure, judged, &shown, figure.period)
}

/// The measure's sentence with its latest value, period, interval and how its target fared.
pub fn sentence<E: Edition>(measure: &Measure, report: &Report<E>, judged: &Judgement) -> String {
    let Some((figure, value)) = latest(measure, report).and_then(|figure| Some((figure, figure.value?))) else {
        return format!("{}: {}.", measure.title, lower_first(&variation(measure, judged)));
    };
    let said = upper_first(&measure.sentence.replace("{value}", &said_value(&measure.sentence, figure.unit, value)));
    let mut brackets = vec![when(measure, report, figure)];
    brackets.extend(not_ended(measure, report, figure));
    brackets.extend(interval(figure));
    if let (Some(target), Some(_)) = (&measure.target, judged.assurance) {
        let fared = lower_first(&assurance(judged));
        brackets.push(format!("target {}, {fared}", number(figure.unit, target.value)));
    }
    format!("{said} ({}).", brackets.join("; "))
}

/// The measure's sentence and what its chart says, for the first screen: `38% of … (September 2026). Getting better: ….`
pub fn finding<E: Edition>(measure: &Measure, report: &Report<E>, judged: &Judgement) -> String {
    let Some((figure, value)) = latest(measure, report).and_then(|figure| Some((figure, figure.value?))) else {
        return format!("{}: {}.", measure.title, lower_first(&variation(measure, judged)));
    };
    let said = upper_first(&measure.sentence.replace("{value}", &said_value(&measure.sentence, figure.unit, value)));
    let not_ended = not_ended(measure, report, figure).map_or_else(String::new, |says| format!("; {says}"));
    format!("{said} ({}{not_ended}). {}.", when(measure, report, figure), variation(measure, judged))
}

/// `76% still open at 91 days`: of waits that end in several ways, the share that has not ended. A small share of one ending
/// says little where most still wait.
fn not_ended<E: Edition>(measure: &Measure, report: &Report<E>, figure: &Figure) -> Option<String> {
    let part = measure.parts.iter().find(|part| part.not_ended && part.id.rsplit('-').next() == day_of(figure))?;
    let of_part = |one: &&Figure| {
        one.dimension == Dimension::Total && one.period == figure.period && one.part() == Some(part.id.as_str())
    };
    let value = report.figures_of(&measure.id).iter().find(of_part)?.value?;
    Some(format!("{} {}", number(part.unit, value), lower_first(&part.label)))
}

/// The day at the end of a figure's part: `91` of `unassessed-91`.
fn day_of(figure: &Figure) -> Option<&str> {
    figure.part()?.rsplit('-').next()
}

/// The period of the latest shown, and that it is not the latest there is.
pub fn when<E: Edition>(measure: &Measure, report: &Report<E>, figure: &Figure) -> String {
    let later = if is_later_withheld(measure, report) { "; what came later is withheld" } else { "" };
    format!("{}{later}", figure.period.in_words())
}

/// The value for a sentence: its unit is left out where the sentence says it already.
fn said_value(sentence: &str, unit: Unit, value: f64) -> String {
    let after = sentence.split_once("{value}").map_or("", |(_, after)| after);
    let says = match unit {
        Unit::Per1000ChildDays | Unit::Per1000LookedAfterDays | Unit::Per10000Children => after.contains(" per 1"),
        _ => after.trim_start().starts_with(unit.in_words()),
    };
    if says { number(unit, value) } else { value_full(unit, value) }
}

/// A caution: the whole went one way because the mix of children changed, every group the other.
pub fn case_mix(mix: CaseMix) -> String {
    let (whole, groups) = if mix.whole_rose { ("rose", "fell") } else { ("fell", "rose") };
    let year = |month| period_short(Period::TwelveMonthsTo(month));
    format!(
        "Take care: from the {} to the {} the whole {whole}, while it {groups} in every group by {} that can be shown. \
         Different children were counted: read the groups, not the whole.",
        year(mix.to.plus(-12)),
        year(mix.to),
        lower_first(mix.dimension.in_words()),
    )
}

/// A level as a reader says it: `not_known` is `Not known`, `cse` is `Sexual exploitation`.
pub fn level(level: &str) -> String {
    match level {
        "cce" => "Criminal exploitation".into(),
        "cse" => "Sexual exploitation".into(),
        "ed_nurse" => "Emergency department nurse".into(),
        "ed_screening" => "Emergency department screening".into(),
        "nrm" => "National Referral Mechanism".into(),
        "department_for_education" => "Department for Education".into(),
        other => {
            let words = other.split('_').map(|word| match word {
                "nhs" | "camhs" | "mash" | "icb" | "yjs" => word.to_uppercase(),
                word => word.to_owned(),
            });
            upper_first(&words.collect::<Vec<String>>().join(" "))
        }
    }
}

/// How long a drawing over time is, however short the data: `19 months to October 2026`; empty for other drawings.
pub fn how_long(drawing: &Drawing) -> String {
    match drawing.months() {
        Some((first, last)) if first == last => last.in_words(),
        Some((first, last)) => format!("{} months to {}", months_between(first, last), last.in_words()),
        None => String::new(),
    }
}

/// Months from the first to the last, both counted.
pub fn months_between(first: Month, last: Month) -> i32 {
    last.since(first) + 1
}

/// A dimension after `broken down by`.
pub fn by(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::Total => "the whole",
        Dimension::Locality => "locality",
        Dimension::AgeBand => "age band",
        Dimension::Sex => "sex",
        Dimension::EthnicityGroup => "ethnicity group",
        Dimension::LookedAfter => "being looked after",
        Dimension::Theme => "theme",
        Dimension::Agency => "agency",
        Dimension::Service => "service",
    }
}

/// `a`, `a or b`, `a, b or c`.
pub fn listed(items: &[&str], last: &str) -> String {
    match items {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [rest @ .., end] => format!("{} {last} {end}", rest.join(", ")),
    }
}

/// What the shape of the number means for its reader.
pub fn method_in_words(shape: Shape) -> &'static str {
    match shape {
        Shape::Proportion => {
            "A share of counted events, with a 95% interval: the range in which the true share plausibly lies, given how few or many events there were."
        }
        Shape::Rate => {
            "Events or days divided by the days children spent at risk, with a 95% interval made by drawing children again and again, since one child can have many."
        }
        Shape::Stock => {
            "A count on the last day of the month. It is complete as far as the data supplied goes, so it has no interval."
        }
        Shape::Survival => {
            "The share still waiting a fixed number of days after the clock started, by the month or quarter in which it started. Those still waiting are in it."
        }
        Shape::Count => {
            "What was recorded in the period, added up. More can mean better recording as well as more harm."
        }
        Shape::Incidence => {
            "How the wait had ended a fixed number of days after it began, by the quarter in which it began. Every ending is beside the others and beside those still waiting, so that together they are everyone."
        }
        Shape::Recurrent => {
            "The number of times, on average, that a child had it happen by a fixed number of days after the start. A child who moves away is followed to that day; one who turns 18 or dies can have no more."
        }
        Shape::Concentration => {
            "The share of all that happened which the few children with most of it make up, with a 95% interval."
        }
        Shape::Effect => {
            "The change in children who started a service, less the change in matched children who had waited as long and not started. Both groups are seen 90 days before and after."
        }
        Shape::Chain => {
            "Each step's share of all needs identified, over twelve months. The waits are medians among those who reached the step."
        }
    }
}

/// First letter small, for the middle of a sentence; an abbreviation stays as it is.
pub fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    if text.chars().take(2).filter(|letter| letter.is_uppercase()).count() == 2 {
        return text.to_owned();
    }
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// First letter large, for the start of a sentence.
pub fn upper_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
