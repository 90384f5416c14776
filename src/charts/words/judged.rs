//! A judgement in plain English: what changed and how surely, how the target fared, which chart says so and why.
//!
//! It claims no more than the statistics do. Where they say nothing it says "cannot tell", and why.

use crate::domain::{Period, Unit};
use crate::judgement::{Assurance, AssuranceBasis, Judged, Judgement, Method, NotJudged, Seen, Variation};
use crate::release::{Better, Measure, SignalOn};
use crate::stats::{Signal, State};

use super::{lower_first, number, period_short, upper_first, value_full, value_short};

/// A mark whose shape carries the meaning without colour, and its class in the stylesheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// One character.
    pub shape: &'static str,
    /// `good`, `concern`, `changed` or `quiet`.
    pub class: &'static str,
}

/// What the latest complete point says, short enough for a table's cell.
///
/// `Getting better: seven months in a row below average`.
pub fn variation(measure: &Measure, judged: &Judgement) -> String {
    match &judged.variation {
        Variation::Changed(seen) => {
            let late = later_gap(judged).map_or_else(String::new, |last| format!(" (to {last})"));
            format!("{}: {}{late}", state(seen.state), signal(seen, judged))
        }
        Variation::NoClearChange { until_last } => {
            let now = steady(measure, judged);
            until_last.as_ref().map_or(now.clone(), |seen| {
                format!("{now}; until last {} {}", period_word(judged), lower_first(state(seen.state)))
            })
        }
        Variation::NotJudged(why) => not_judged(*why, measure, judged),
    }
}

/// The same in whole sentences, with what must be known to read it.
///
/// `Getting better: seven months in a row below average. That is unlikely to be chance.`
pub fn change(measure: &Measure, judged: &Judgement) -> String {
    let mut sentences = vec![variation(measure, judged)];
    match &judged.variation {
        Variation::Changed(_) => sentences.push("That is unlikely to be chance".into()),
        Variation::NoClearChange { until_last } => {
            if let Some(seen) = until_last {
                sentences.push(format!("The {} before: {}", period_word(judged), signal(seen, judged)));
            }
            if !judged.choice.method.judges_moves() && !is_constant(judged) {
                sentences.push("The latest ups and downs are no larger than they have always been".into());
            }
        }
        Variation::NotJudged(_) => {}
    }
    if judged.trial && judged.is_charted() {
        let points = judged.phases.last().map_or(0, |phase| phase.points);
        sentences.push(format!(
            "The limits are on trial: they rest on {} {}, and 13 make them firm",
            in_words(points),
            plural(period_word(judged), points)
        ));
    }
    if at_quarter_ends(judged) {
        sentences.push("Only quarter ends are drawn and judged: what is counted in the months between overlaps".into());
    }
    sentences.extend(provisional(judged));
    sentences.extend(gaps(judged));
    format!("{}.", sentences.join(". "))
}

/// The mark of the latest complete point.
pub fn variation_mark(judged: &Judgement) -> Mark {
    match &judged.variation {
        Variation::Changed(seen) => state_mark(seen.state, seen.signal.high()),
        Variation::NoClearChange { .. } if judged.is_steady() => Mark { shape: "●", class: "quiet" },
        _ => Mark { shape: "?", class: "quiet" },
    }
}

/// The mark of a point.
pub fn state_mark(state: State, high: bool) -> Mark {
    match state {
        State::CommonCause => Mark { shape: "●", class: "quiet" },
        State::Improvement => Mark { shape: if high { "▲" } else { "▼" }, class: "good" },
        State::Concern => Mark { shape: "◆", class: "concern" },
        State::NeutralHigh | State::NeutralLow => Mark { shape: "○", class: "changed" },
    }
}

/// What a point says, for the table beneath a chart: `Getting better`, or nothing where it has no state.
pub fn point(point: &Judged) -> &'static str {
    match (point.provisional, point.state, point.signal) {
        (true, _, _) => "Provisional: not judged",
        (_, Some(one), Some(_)) => state(one),
        (_, Some(_), None) => "No clear change",
        (_, None, _) => "Not judged",
    }
}

/// Why a point is special, for the table beneath a chart.
pub fn rule(signal: Option<Signal>) -> &'static str {
    match signal {
        None => "-",
        Some(Signal::Beyond { high: true }) => "above the upper limit",
        Some(Signal::Beyond { high: false }) => "below the lower limit",
        Some(Signal::Trend { high: true }) => "seven in a row rising",
        Some(Signal::Trend { high: false }) => "seven in a row falling",
        Some(Signal::TwoOfThree { high: true }) => "two of three far above average",
        Some(Signal::TwoOfThree { high: false }) => "two of three far below average",
        Some(Signal::Shift { high: true }) => "seven in a row above average",
        Some(Signal::Shift { high: false }) => "seven in a row below average",
    }
}

fn state(state: State) -> &'static str {
    match state {
        State::CommonCause => "No clear change",
        State::Improvement => "Getting better",
        State::Concern => "Getting worse",
        State::NeutralHigh | State::NeutralLow => "Changed; neither better nor worse",
    }
}

/// `seven months in a row below average`; of a flow, `more started than stopped, seven months in a row`; of steps, `fell
/// seven months in a row`.
fn signal(seen: &Seen, judged: &Judgement) -> String {
    let (word, run) = (period_word(judged), in_words(seen.run));
    let several = plural(word, seen.run);
    let when = period_short(seen.period);
    if judged.choice.method == Method::Flow {
        return match seen.signal {
            Signal::Beyond { high } => format!("far {} started than stopped in {when}", more(high)),
            Signal::Trend { high } => {
                format!("started less stopped {} {run} {several} in a row", if high { "rising" } else { "falling" })
            }
            Signal::TwoOfThree { high } => {
                format!("far {} started than stopped in {run} of the last three {word}s", more(high))
            }
            Signal::Shift { high } => format!("{} started than stopped, {run} {several} in a row", more(high)),
        };
    }
    if judged.choice.method == Method::Steps {
        let way = |high| if high { "rose" } else { "fell" };
        return match seen.signal {
            Signal::Beyond { high } => format!("{} in {when} by more than it usually moves", way(high)),
            Signal::TwoOfThree { high } => format!("{} unusually far in {run} of the last three {word}s", way(high)),
            Signal::Shift { high } | Signal::Trend { high } => format!("{} {run} {several} in a row", way(high)),
        };
    }
    match seen.signal {
        Signal::Beyond { high: true } => format!("{when} is above the upper limit"),
        Signal::Beyond { high: false } => format!("{when} is below the lower limit"),
        Signal::Trend { high } => format!("{run} {several} in a row {}", if high { "rising" } else { "falling" }),
        Signal::TwoOfThree { high } => format!("{run} of the last three {word}s far {} average", side(high)),
        Signal::Shift { high } => format!("{run} {several} in a row {} average", side(high)),
    }
}

fn more(high: bool) -> &'static str {
    if high { "more" } else { "fewer" }
}

fn side(high: bool) -> &'static str {
    if high { "above" } else { "below" }
}

/// Words where nothing is special. A level whose moves are judged is never said to show no clear change while it grows or
/// shrinks by a quarter.
fn steady(measure: &Measure, judged: &Judgement) -> String {
    match judged.choice.method {
        Method::Flow => steady_flow(measure, judged),
        Method::Steps => steady_steps(judged),
        _ if is_constant(judged) => format!("No clear change: every {} shows the same value", period_word(judged)),
        _ => "No clear change".into(),
    }
}

fn steady_steps(judged: &Judgement) -> String {
    let Some(net) = judged.net else {
        return "Cannot tell: the same period a year before is withheld or not known".into();
    };
    let by = value_full(judged.unit, net.by.abs());
    let (way, went) = match net.by.total_cmp(&0.0) {
        std::cmp::Ordering::Equal => return "No clear change: the same as a year before".into(),
        std::cmp::Ordering::Greater => ("above", "Rose"),
        std::cmp::Ordering::Less => ("below", "Fell"),
    };
    if net.is_large() {
        return format!("{went} by {by} in 12 months; no signal in the latest {}", period_word(judged));
    }
    format!("No clear change: {by} {way} a year before")
}

fn steady_flow(measure: &Measure, judged: &Judgement) -> String {
    let Some(net) = judged.net else {
        return "Cannot tell: too many months of what started and stopped are withheld".into();
    };
    let many = number(measure.unit, net.by.abs());
    let said = match net.by.total_cmp(&0.0) {
        std::cmp::Ordering::Equal => return "As many stopped as started in 12 months".into(),
        std::cmp::Ordering::Greater => format!("{many} more started than stopped in 12 months"),
        std::cmp::Ordering::Less => format!("{many} more stopped than started in 12 months"),
    };
    match (net.is_large(), net.by > 0.0) {
        (false, _) => format!("No clear change: {said}"),
        (true, true) => format!("Grew by {many} in 12 months; no signal in the latest {}", period_word(judged)),
        (true, false) => format!("Fell by {many} in 12 months; no signal in the latest {}", period_word(judged)),
    }
}

fn is_constant(judged: &Judgement) -> bool {
    judged.last().is_some_and(|last| last.centre.is_some() && last.limits.is_none())
}

/// Why nothing is said of change. A value may stand beside it: what is judged can be withheld where the latest is shown.
fn not_judged(why: NotJudged, measure: &Measure, judged: &Judgement) -> String {
    let at_quarter_ends = measure.signal_on == SignalOn::Quarter;
    match why {
        NotJudged::CannotBeKnown => "Cannot be known from the data supplied".into(),
        NotJudged::NothingShown if judged.choice.method == Method::Yearly => {
            let when = if at_quarter_ends { "at quarter ends" } else { "in a month" };
            format!(
                "Cannot tell whether it changed: too little is counted and shown {when} to judge, and no whole year is"
            )
        }
        NotJudged::NothingShown if at_quarter_ends => {
            "Cannot tell whether it changed: no quarter's end can be shown, and change is judged on those alone".into()
        }
        NotJudged::NothingShown => {
            "Cannot tell whether it changed: no period that change is judged on can be shown".into()
        }
        NotJudged::TooFew { shown, since_rebase: false } => {
            let word = period_word(judged);
            format!("Too new to judge: {} complete {}, and seven are needed", in_words(shown), plural(word, shown))
        }
        NotJudged::TooFew { shown, since_rebase: true } => {
            let word = period_word(judged);
            format!("Too new to judge: {} {} since recording changed", in_words(shown), plural(word, shown))
        }
        NotJudged::OutOfDate { last } if at_quarter_ends => {
            format!("Cannot tell whether it changed: no quarter's end can be shown since {}", period_short(last))
        }
        NotJudged::OutOfDate { last } => format!("Cannot tell: nothing can be shown since {}", period_short(last)),
        NotJudged::Yearly => "Cannot tell by month: only whole years stand side by side".into(),
        NotJudged::NoChart => "Change over time is not judged".into(),
    }
}

/// The last judged period, where later complete ones are withheld.
fn later_gap(judged: &Judgement) -> Option<String> {
    let last = judged.points.iter().rposition(|point| !point.provisional && point.value.is_some())?;
    let later = judged.points.iter().skip(last + 1).any(|point| !point.provisional);
    judged.points.get(last).filter(|_| later).map(|point| period_short(point.period))
}

/// `October 2026 is provisional and not judged`.
fn provisional(judged: &Judgement) -> Option<String> {
    let all: Vec<&Judged> = judged.points.iter().filter(|point| point.provisional).collect();
    match all.as_slice() {
        [] => None,
        [only] => Some(format!("{} is provisional: drawn hollow and not judged", upper_first(&only.period.in_words()))),
        [first, .., last] => Some(format!(
            "{} to {} are provisional: drawn hollow and not judged",
            upper_first(&period_short(first.period)),
            period_short(last.period)
        )),
    }
}

fn gaps(judged: &Judgement) -> Option<String> {
    let gaps = judged.points.iter().filter(|point| point.value.is_none()).count();
    let word = plural(period_word(judged), gaps);
    (gaps > 0 && judged.is_charted()).then(|| {
        format!(
            "{} {word} {} withheld or not known; a gap breaks every run",
            upper_first(&in_words(gaps)),
            if gaps == 1 { "is" } else { "are" }
        )
    })
}

/// How the target fared so far, for a table's cell.
pub fn assurance(judged: &Judgement) -> String {
    match judged.assurance {
        None => "No target set".into(),
        Some(Assurance::CannotTell) => "Too few periods to say".into(),
        Some(Assurance::Met(basis)) => format!("Usually met so far{}", counted(basis)),
        Some(Assurance::NotMet(basis)) => format!("Usually not met so far{}", counted(basis)),
        Some(Assurance::Sometimes(basis)) => format!("Sometimes met, sometimes not{}", counted(basis)),
    }
}

fn counted(basis: AssuranceBasis) -> String {
    match basis {
        AssuranceBasis::Limits => String::new(),
        AssuranceBasis::Counted { met, of } => format!(": {met} of the last {of} periods"),
    }
}

/// The mark of the assurance.
pub fn assurance_mark(judged: &Judgement) -> Mark {
    match judged.assurance {
        Some(Assurance::Met(_)) => Mark { shape: "✓", class: "good" },
        Some(Assurance::NotMet(_)) => Mark { shape: "✗", class: "concern" },
        Some(Assurance::Sometimes(_)) => Mark { shape: "±", class: "quiet" },
        Some(Assurance::CannotTell) | None => Mark { shape: "", class: "quiet" },
    }
}

/// What the assurance rests on, as a sentence; none without a target.
pub fn assurance_explained(judged: &Judgement) -> Option<String> {
    let basis = match judged.assurance? {
        Assurance::CannotTell => {
            return Some("Too few periods can be shown to say how often the target was met.".into());
        }
        Assurance::Met(basis) | Assurance::NotMet(basis) | Assurance::Sometimes(basis) => basis,
    };
    Some(match (basis, judged.assurance?) {
        (AssuranceBasis::Counted { met, of }, _) => {
            format!(
                "The target was met at {met} of the last {of} complete periods. There are no limits to hold it against, so they are counted."
            )
        }
        (_, Assurance::Met(_)) => {
            "The target lies on the far side of the limits: what has varied so far has stayed within it.".into()
        }
        (_, Assurance::NotMet(_)) => {
            "The target lies beyond the limits: nothing that has varied so far would reach it.".into()
        }
        _ => "The target lies within the limits: it was met in some periods and not in others, by chance alone.".into(),
    })
}

/// What it would take to reach the target on its date. Says nothing of whether it will be.
pub fn trajectory(measure: &Measure, judged: &Judgement) -> Option<String> {
    let way = judged.trajectory?;
    let from = value_short(measure.unit, way.from);
    let to = value_short(measure.unit, way.to);
    let what = match judged.choice.method {
        Method::Flow => "The latest count",
        Method::Steps => "The latest value",
        _ => "The average so far",
    };
    if way.reached {
        return Some(format!("{what} is {from}, on the right side of the target of {to}."));
    }
    let Some(step) = way.per_month else {
        return Some(format!("{what} is {from}. The date of the target of {to}, {}, has passed.", way.by.in_words()));
    };
    let verb = if step < 0.0 { "fall" } else { "rise" };
    let each = match measure.unit {
        Unit::Proportion => {
            let points = step.abs() * 100.0;
            format!("{points:.1} percentage {}", if (points - 1.0).abs() < 0.05 { "point" } else { "points" })
        }
        unit => number(unit, step.abs()).replace("0.0", "under 0.1"),
    };
    Some(format!(
        "{what} is {from}. To reach {to} by {} it would have to {verb} by {each} every month.",
        way.by.in_words()
    ))
}

/// What the points are where moves are judged: `Started less stopped in the month`, `Change from the month before`.
pub fn moves_named(judged: &Judgement) -> String {
    match judged.choice.method {
        Method::Flow => format!("Started less stopped in the {}", period_word(judged)),
        _ => format!("Change from the {} before", period_word(judged)),
    }
}

/// The chart's name: `p′ chart`.
pub fn method_name(method: Method) -> &'static str {
    match method {
        Method::PPrime => "p′ chart (shares, Laney)",
        Method::UPrime => "u′ chart (rates, Laney)",
        Method::Xmr => "XmR chart (individual values)",
        Method::Flow => "XmR chart of started less stopped",
        Method::Steps => "XmR chart of the change from one period to the next",
        Method::Yearly => "Whole years side by side",
        Method::None => "No control chart",
    }
}

/// Which chart judges a measure and why.
pub fn method_chosen(judged: &Judgement) -> String {
    format!("{}, because {}.", method_name(judged.choice.method), judged.choice.because)
}

/// The finding in at most ten words.
pub(super) fn title(measure: &Measure, judged: &Judgement, shown: &str, when: Period) -> String {
    let value = format!("{shown} in {}", period_short(when)).replace("in year to", "in the year to");
    match &judged.variation {
        Variation::Changed(seen) => {
            let head = match seen.state {
                State::NeutralHigh | State::NeutralLow => "Changed",
                one => state(one),
            };
            let tail = match (judged.choice.method, seen.signal) {
                (Method::Flow, Signal::TwoOfThree { high } | Signal::Trend { high }) => {
                    format!("{} started than stopped of late", more(high))
                }
                (Method::Flow, Signal::Shift { high }) => {
                    format!(
                        "{} started than stopped, {} {}s running",
                        more(high),
                        in_words(seen.run),
                        period_word(judged)
                    )
                }
                (_, Signal::TwoOfThree { high }) => {
                    format!("{} of three {}s far {} average", in_words(seen.run), period_word(judged), side(high))
                }
                _ => signal(seen, judged),
            };
            format!("{head}: {tail}")
        }
        Variation::NoClearChange { .. } => match (judged.assurance, &measure.target) {
            (Some(Assurance::NotMet(_)), Some(target)) if measure.better != Better::Neither => {
                format!("{shown}; target of {} usually not met", number(measure.unit, target.value))
            }
            _ if judged.choice.method.judges_moves() => value,
            _ => format!("No clear change: {value}"),
        },
        Variation::NotJudged(NotJudged::TooFew { .. }) => format!("Too new to judge: {value}"),
        Variation::NotJudged(_) => value,
    }
}

/// Whether a figure that is counted every month is judged, and drawn, at quarter ends alone. The latest month's value can
/// then be a later one than the chart's.
pub fn at_quarter_ends(judged: &Judgement) -> bool {
    period_word(judged) == "quarter" && judged.points.iter().all(|point| matches!(point.period, Period::Month(_)))
}

/// What one step of the line is: `month`, `quarter`, `year`.
pub fn period_word(judged: &Judgement) -> &'static str {
    let apart = |pair: &[Judged]| match pair {
        [before, after] => Some(after.period.last_month().since(before.period.last_month())),
        _ => None,
    };
    match (judged.points.windows(2).find_map(apart), judged.points.first().map(|point| point.period)) {
        (Some(3), _) | (None, Some(Period::Quarter(_))) => "quarter",
        (Some(12), _) | (None, Some(Period::TwelveMonthsTo(_))) => "year",
        _ => "month",
    }
}

fn plural(word: &str, count: usize) -> String {
    if count == 1 { word.to_owned() } else { format!("{word}s") }
}

/// `seven`; figures from eleven on.
pub fn in_words(count: usize) -> String {
    const WORDS: [&str; 11] = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    WORDS.get(count).map_or_else(|| count.to_string(), |word| (*word).to_owned())
}

/// A count that stands for what is counted: `none has`, `one has`, `three have`.
pub fn how_many_have(count: usize) -> String {
    match count {
        0 => "none has".into(),
        1 => "one has".into(),
        more => format!("{} have", in_words(more)),
    }
}

/// What chance alone would mark on a page of so many charts, as a sentence; none without charts.
pub fn chance(charts: usize) -> Option<String> {
    let months = crate::judgement::months_between_false_signals(charts)?;
    let often = match months {
        1 => "about every month".to_owned(),
        2 => "about every second month".into(),
        3 => "about every third month".into(),
        more => format!("about once in {more} months"),
    };
    Some(format!("With {} judged, chance alone would mark one {often}.", counted_charts(charts)))
}

fn counted_charts(charts: usize) -> String {
    format!("{} {}", in_words(charts), if charts == 1 { "measure" } else { "measures" })
}
