//! Numbers, periods and standings in words a board member understands. The one place that turns a result into English.
//!
//! It says where the latest complete period stands against its target, with its interval. It does not compare two
//! periods: change over time is a matter for a control chart, and two points cannot show it.

use crate::domain::{Figure, Period, Symbol, Unit};
use crate::release::{Better, Board, Measure, Report, Shape, Sufficiency};

use super::select::latest;

/// Said wherever a reader looks for change over time.
pub const CHANGE: &str = "Change over time is not judged: this release does not test it, and two months cannot show it";

/// Change over time in words.
pub fn change(_measure: &Measure, _report: &Report<Board>) -> &'static str {
    CHANGE
}

/// A value alone, for an axis or a table's cell: `31%`, `8.4`, `1,204`.
pub fn number(unit: Unit, value: f64) -> String {
    match unit {
        Unit::Proportion => {
            let percent = value * 100.0;
            if percent > 0.0 && percent < 9.95 && (percent - percent.round()).abs() >= 0.05 {
                format!("{percent:.1}%")
            } else {
                format!("{percent:.0}%")
            }
        }
        Unit::Children | Unit::Count | Unit::Needs => whole(value.round() as i64),
        Unit::SpellsPerChild => format!("{value:.2}"),
        Unit::Days | Unit::Hours | Unit::Per1000ChildDays | Unit::Per10000Children => {
            if value.abs() >= 100.0 || (value - value.round()).abs() < 0.05 {
                whole(value.round() as i64)
            } else {
                format!("{value:.1}")
            }
        }
    }
}

/// A whole number with commas: `12,040`.
pub fn whole(value: i64) -> String {
    let digits = value.unsigned_abs().to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if value < 0 { format!("-{out}") } else { out }
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

/// A figure for a table's cell: its value, or the symbol in brackets.
pub fn cell(figure: &Figure) -> String {
    match (figure.value, figure.symbol) {
        (Some(value), None | Some(Symbol::LowReliability)) => {
            let mark = if figure.symbol.is_some() { " [u]" } else { "" };
            format!("{}{mark}", number(figure.unit, value))
        }
        (_, Some(symbol)) => format!("[{}]", symbol.letter()),
        (None, None) => "[x]".into(),
    }
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
    Some(format!("95% interval {} to {}", number(figure.unit, lower), number(figure.unit, upper)))
}

/// Where a measure's latest complete period stands against its target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// On the wrong side of the target, and so is the whole interval.
    ClearlyMissed,
    /// On the wrong side of the target, which lies within the interval.
    Missed,
    /// The data supplied cannot answer the question.
    CannotBeKnown,
    /// No complete period has a value that may be shown.
    NotShown,
    /// The partnership set no target.
    NoTarget,
    /// On the right side, though the interval reaches across.
    Met,
    /// On the right side with the whole interval.
    ClearlyMet,
}

/// Judges the latest complete period against the target; says nothing of change.
pub fn standing(measure: &Measure, report: &Report<Board>) -> Standing {
    if matches!(measure.sufficiency, Sufficiency::CannotBeKnown { .. }) {
        return Standing::CannotBeKnown;
    }
    let Some(figure) = latest(measure, report) else {
        return Standing::NotShown;
    };
    let (Some(target), Some(value)) = (&measure.target, figure.value) else {
        return Standing::NoTarget;
    };
    let lower = figure.lower.unwrap_or(value);
    let upper = figure.upper.unwrap_or(value);
    let (met, clear) = match measure.better {
        Better::Lower => {
            (value <= target.value, if value <= target.value { upper <= target.value } else { lower > target.value })
        }
        Better::Higher => {
            (value >= target.value, if value >= target.value { lower >= target.value } else { upper < target.value })
        }
        Better::Neither => return Standing::NoTarget,
    };
    match (met, clear) {
        (true, true) => Standing::ClearlyMet,
        (true, false) => Standing::Met,
        (false, true) => Standing::ClearlyMissed,
        (false, false) => Standing::Missed,
    }
}

impl Standing {
    /// A mark whose shape carries the meaning without colour.
    pub fn mark(self) -> &'static str {
        match self {
            Self::ClearlyMissed => "◆",
            Self::Missed => "◇",
            Self::CannotBeKnown | Self::NotShown => "○",
            Self::NoTarget => "●",
            Self::Met => "△",
            Self::ClearlyMet => "▲",
        }
    }

    /// In words, about the past alone.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::ClearlyMissed => "Target not met; the whole interval is on the wrong side",
            Self::Missed => "Target not met; the interval reaches it",
            Self::CannotBeKnown => "Cannot be known from the data supplied",
            Self::NotShown => "Cannot be shown: withheld or not yet complete",
            Self::NoTarget => "No target set",
            Self::Met => "Target met; the interval reaches across it",
            Self::ClearlyMet => "Target met, with the whole interval",
        }
    }

    /// A class for the stylesheet.
    pub fn class(self) -> &'static str {
        match self {
            Self::ClearlyMissed | Self::Missed => "concern",
            Self::CannotBeKnown | Self::NotShown | Self::NoTarget => "quiet",
            Self::Met | Self::ClearlyMet => "good",
        }
    }
}

/// The standing of the latest complete period, with its numbers, in one sentence.
pub fn assurance(measure: &Measure, report: &Report<Board>) -> String {
    let standing = standing(measure, report);
    let interval = latest(measure, report).and_then(interval);
    match (standing, interval) {
        (Standing::CannotBeKnown | Standing::NotShown, _) => standing.in_words().into(),
        (Standing::NoTarget, Some(interval)) => format!("No target set; {interval}"),
        (Standing::NoTarget, None) => "No target set".into(),
        (Standing::ClearlyMissed | Standing::Missed, Some(interval)) => {
            format!("Not met; {interval}")
        }
        (Standing::ClearlyMissed | Standing::Missed, None) => "Not met".into(),
        (Standing::Met | Standing::ClearlyMet, Some(interval)) => format!("Met; {interval}"),
        (Standing::Met | Standing::ClearlyMet, None) => "Met".into(),
    }
}

/// The finding in at most ten words, from the figures alone.
pub fn active_title(measure: &Measure, report: &Report<Board>) -> String {
    if matches!(measure.sufficiency, Sufficiency::CannotBeKnown { .. }) {
        return "This cannot be known from the data supplied".into();
    }
    let Some((figure, value)) = latest(measure, report).and_then(|figure| Some((figure, figure.value?))) else {
        return "Cannot be shown: withheld or not yet complete".into();
    };
    let when = period_short(figure.period);
    let shown = match figure.unit {
        Unit::Per1000ChildDays => format!("{} per 1,000 child-days", number(figure.unit, value)),
        Unit::Per10000Children => format!("{} per 10,000 children", number(figure.unit, value)),
        unit => value_full(unit, value),
    };
    let standing = standing(measure, report);
    let Some(target) = measure.target.as_ref().filter(|_| measure.better != Better::Neither) else {
        let of_part = measure
            .parts
            .iter()
            .find(|part| Some(part.id.as_str()) == measure.headline_part.as_deref())
            .map(|part| format!("{shown} {}, {when}", lower_first(&part.label)))
            .filter(|title| title.split_whitespace().count() <= 10);
        return of_part.unwrap_or_else(|| format!("{shown} in {when}").replace("in year to", "in the year to"));
    };
    let against = number(figure.unit, target.value);
    match standing {
        Standing::ClearlyMissed | Standing::Missed => {
            format!("Target of {against} not met: {shown}, {when}")
        }
        _ => format!("Target of {against} met: {shown}, {when}"),
    }
}

/// The measure's sentence with its latest value, period, interval and standing.
pub fn sentence(measure: &Measure, report: &Report<Board>) -> String {
    let Some((figure, value)) = latest(measure, report).and_then(|figure| Some((figure, figure.value?))) else {
        let why = standing(measure, report).in_words();
        return format!("{}: {}.", measure.title, lower_first(why));
    };
    let said = upper_first(&measure.sentence.replace("{value}", &said_value(&measure.sentence, figure.unit, value)));
    let when = figure.period.in_words();
    let mut brackets = vec![when];
    brackets.extend(interval(figure));
    if let Some(target) = &measure.target {
        let met = match standing(measure, report) {
            Standing::Met | Standing::ClearlyMet => "met",
            _ => "not met",
        };
        brackets.push(format!("target {}, {met}", number(figure.unit, target.value)));
    }
    format!("{said} ({}).", brackets.join("; "))
}

/// The value for a sentence: its unit is left out where the sentence says it already.
fn said_value(sentence: &str, unit: Unit, value: f64) -> String {
    let after = sentence.split_once("{value}").map_or("", |(_, after)| after);
    let says = match unit {
        Unit::Per1000ChildDays | Unit::Per10000Children => after.contains(" per 1"),
        _ => after.trim_start().starts_with(unit.in_words()),
    };
    if says { number(unit, value) } else { value_full(unit, value) }
}

/// A level as a reader says it: `not_known` is `Not known`, `cse` is `Sexual exploitation`.
pub fn level(level: &str) -> String {
    match level {
        "cce" => "Criminal exploitation".into(),
        "cse" => "Sexual exploitation".into(),
        other => upper_first(&other.replace('_', " ")),
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

/// First letter small, for the middle of a sentence.
pub fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// First letter large, for the start of a sentence.
pub fn upper_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
