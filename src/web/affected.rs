//! Who is affected: children known to be at risk by group against the children who live in the area, and beside them
//! whether the same groups are assessed and helped as soon. Unequal risk and unequal help are different questions.
//!
//! Every rate and ratio is worked out from the counts the edition shows, so nothing withheld can be told from it.

use maud::{Markup, html};

use super::frame::{Context, Place, document};
use super::pieces;
use crate::charts::words::{self, Decimals};
use crate::domain::{Dimension, Figure, NOT_KNOWN, Period, TOTAL, Unit};
use crate::release::{Board, Report};
use crate::stats::{Estimate, risk_ratio};

const KNOWN: &str = "children_known";
const BY: [Dimension; 4] = [Dimension::EthnicityGroup, Dimension::Sex, Dimension::AgeBand, Dimension::Locality];
/// The same groups' help: measure, part, heading.
const HELP: [(&str, Option<&str>, &str); 2] = [
    ("time_to_assessment", Some("s10"), "Still unassessed at 10 days"),
    ("help_started", None, "Help started in 90 days"),
];

pub(super) fn page(context: &Context<'_>) -> String {
    let report = context.inputs.report;
    let title = "Who is affected";
    let main = html! {
        h1 { (title) }
        p .question { "Which children are recorded as at risk more often than others who live here, and do they wait longer for help?" }
        @if BY.iter().all(|by| groups(report, *by).is_empty()) {
            p .absent { "This cannot be known from the data supplied. Children known to be at risk by group, and how many children of each group live in the area, would answer it." }
        } @else {
            p .lead { (lead(report)) }
            p { "A group recorded more often may be harmed more often, or be seen more often; a group recorded less often may be safer, or overlooked. These figures cannot tell which. Ask who would have noticed the children we would expect here." }
            @for by in BY { (one(report, by)) }
            (how())
            (pieces::csv_link("./", "tables/who-is-affected.csv", "these tables"))
        }
    };
    document(context, Place { depth: 0, path: "affected" }, title, &main)
}

/// One group of one dimension, from displayed counts alone.
pub(super) struct Group {
    pub(super) dimension: Dimension,
    pub(super) level: String,
    pub(super) period: Period,
    /// Children known at the period's end; none is withheld.
    pub(super) known: Option<u64>,
    pub(super) residents: u64,
    pub(super) year: i32,
    /// Against everybody else in the area.
    pub(super) ratio: Option<Estimate>,
}

impl Group {
    /// Per 10,000 children of the group who live here.
    pub(super) fn rate(&self) -> Option<f64> {
        self.known.filter(|_| self.residents > 0).map(|known| known as f64 / self.residents as f64 * 10_000.0)
    }

    fn differs(&self) -> Option<bool> {
        let ratio = self.ratio.as_ref()?;
        let (lower, upper) = (ratio.lower?, ratio.upper?);
        if lower > 1.0 {
            Some(true)
        } else if upper < 1.0 {
            Some(false)
        } else {
            None
        }
    }
}

/// The groups of a dimension at the latest complete quarter end; none where the area's children are not known by it.
pub(super) fn groups(report: &Report<Board>, by: Dimension) -> Vec<Group> {
    let Some(period) = latest_period(report, KNOWN, by, None) else { return Vec::new() };
    let count = |dimension, level: &str| {
        let figure = at(report, KNOWN, dimension, level, None, period)?;
        figure.numerator.and_then(|count| u64::try_from(count).ok())
    };
    let whole = count(Dimension::Total, TOTAL);
    let unrecorded = count(by, NOT_KNOWN).unwrap_or(0);
    let living = |dimension| report.residents.iter().filter(move |one| one.dimension == dimension);
    let all: u64 = living(by).map(|one| one.children).sum();
    living(by)
        .map(|one| {
            let known = count(by, &one.level);
            let rest = whole.zip(known).and_then(|(whole, known)| whole.checked_sub(known + unrecorded));
            let ratio = known
                .zip(rest)
                .and_then(|(known, rest)| risk_ratio((known, one.children), (rest, all.saturating_sub(one.children))));
            Group {
                dimension: by,
                level: one.level.clone(),
                period,
                known,
                residents: one.children,
                year: one.year,
                ratio,
            }
        })
        .collect()
}

fn figures<'a>(
    report: &'a Report<Board>,
    measure: &'a str,
    by: Dimension,
    part: Option<&'a str>,
) -> impl Iterator<Item = &'a Figure> {
    let of = move |figure: &&Figure| figure.dimension == by && figure.part() == part && !figure.provisional;
    report.figures_of(measure).iter().filter(of)
}

/// The latest complete period of which any group is shown.
fn latest_period(report: &Report<Board>, measure: &str, by: Dimension, part: Option<&str>) -> Option<Period> {
    let shown = figures(report, measure, by, part).filter(|figure| figure.value.is_some());
    shown.map(|figure| figure.period).max_by_key(|period| period.last_month())
}

fn at<'a>(
    report: &'a Report<Board>,
    measure: &'a str,
    by: Dimension,
    level: &str,
    part: Option<&'a str>,
    period: Period,
) -> Option<&'a Figure> {
    figures(report, measure, by, part).find(|figure| figure.group() == level && figure.period == period)
}

fn name(group: &Group) -> String {
    words::level(&group.level)
}

/// Groups whose interval lies on one side of 1, in the order of the tables, never by size.
fn lead(report: &Report<Board>) -> String {
    let differing: Vec<String> = [Dimension::EthnicityGroup, Dimension::Sex]
        .into_iter()
        .flat_map(|by| groups(report, by))
        .filter_map(|group| {
            let more = group.differs()?;
            let ratio = group.ratio.as_ref()?.value;
            let than = if more { "more often" } else { "less often" };
            Some(format!("{} ({than}: {})", name(&group), times(ratio)))
        })
        .collect();
    if differing.is_empty() {
        "No ethnicity group and neither sex is recorded as at risk more or less often than the rest of the area by more than chance would give.".into()
    } else {
        format!(
            "Recorded as at risk more or less often than the rest of the area, by more than chance would give: {}.",
            differing.join("; ")
        )
    }
}

/// Two figures below one, so that a small ratio does not read as nought.
fn ratio_in_words(ratio: f64) -> String {
    if ratio < 0.995 { format!("{ratio:.2}") } else { format!("{ratio:.1}") }
}

fn times(ratio: f64) -> String {
    format!("{} times the rest", ratio_in_words(ratio))
}

fn one(report: &Report<Board>, by: Dimension) -> Markup {
    let groups = groups(report, by);
    let heading = format!("By {}", by.in_words().to_lowercase());
    let Some(first) = groups.first() else {
        return html! {
            h2 { (heading) }
            p .absent { "Cannot be known from the data supplied: how many children of each group live in the area, or no complete quarter can be shown." }
        };
    };
    let caption = format!(
        "Children known to be at risk by {}, {}, of children living here in {}",
        by.in_words().to_lowercase(),
        first.period.in_words(),
        first.year,
    );
    let rates = Decimals::of(groups.iter().filter_map(|group| Some((Unit::Per10000Children, group.rate()?))));
    let table = html! { table {
        caption { (caption) }
        thead { tr {
            th scope="col" { (by.in_words()) }
            th scope="col" .n { "Known at risk" }
            th scope="col" .n { "Living here" }
            th scope="col" .n { "Per 10,000 children" }
            th scope="col" { "Against the rest of the area" }
            @for (measure, part, heading) in HELP { th scope="col" { (heading) @if let Some(period) = help_period(report, measure, part) { ", " (words::period_short(period)) } } }
        } }
        tbody { @for group in &groups { tr {
            th scope="row" { (name(group)) }
            td .n { @match group.known { Some(known) => { (known) } None => "[c]" } }
            td .n { (words::number(Unit::Children, group.residents as f64)) }
            td .n { @match group.rate() { Some(rate) => { (rates.number(Unit::Per10000Children, rate)) } None => "[c]" } }
            td { (against(group)) }
            @for (measure, part, _) in HELP { td { (help(report, measure, part, group)) } }
        } } }
    } };
    html! {
        section aria-labelledby={ "by-" (by.id()) } {
            h2 id={ "by-" (by.id()) } { (heading) }
            (pieces::scroll(&caption, &table))
        }
    }
}

fn against(group: &Group) -> String {
    let Some(ratio) = &group.ratio else {
        return if group.known == Some(0) { "nobody recorded".into() } else { "cannot be shown".into() };
    };
    let interval = ratio.lower.zip(ratio.upper).map_or_else(String::new, |(lower, upper)| {
        format!(" (95% interval {} to {})", ratio_in_words(lower), ratio_in_words(upper))
    });
    let word = match group.differs() {
        Some(true) => "more often",
        Some(false) => "less often",
        None => "no clear difference",
    };
    format!("{} times{interval}: {word}", ratio_in_words(ratio.value))
}

/// One period for every group of every dimension, the latest complete one: columns of different years do not compare.
fn help_period(report: &Report<Board>, measure: &str, part: Option<&str>) -> Option<Period> {
    BY.into_iter().filter_map(|by| latest_period(report, measure, by, part)).max_by_key(|period| period.last_month())
}

/// The group's own figure with its interval.
pub(super) fn help(report: &Report<Board>, measure: &str, part: Option<&str>, group: &Group) -> Markup {
    let found = help_period(report, measure, part)
        .and_then(|period| at(report, measure, group.dimension, &group.level, part, period));
    html! {
        @match found.and_then(|figure| Some((figure, figure.value?))) {
            Some((figure, value)) => {
                (words::value_short(figure.unit, value))
                @if let Some(interval) = words::interval(figure) { " (" (interval) ")" }
            }
            None => @match found { Some(_) => "[c]", None => "-" },
        }
    }
}

fn how() -> Markup {
    html! {
        section aria-labelledby="how" {
            h2 #how { "How to read this" }
            ul {
                li { "The rest of the area is every other child who lives here. 1.0 means recorded as often. About one comparison in twenty lies outside its interval by chance alone." }
                li { "The interval is for the ratio of two shares, on the log scale (Katz and others 1978). Counts come from this edition, so a ratio is shown only where both counts are." }
                li { "Children of whom the group is not recorded are in no group; where their number is shown they are left out of the rest too." }
                li { "An assessment and a start of help are counted over the twelve months that the heading names. Where two intervals overlap widely, the groups cannot be told apart." }
                li { "[c] is withheld to protect children. A dash: the figure is not published for the group." }
                li { "No group is put in an order of size, and no group is the reason for harm done to it." }
            }
        }
    }
}

/// The tables as one file: columns and rows.
pub(super) const COLUMNS: &[&str] = &[
    "dimension",
    "level",
    "period",
    "children_known",
    "children_living_here",
    "year",
    "per_10000_children",
    "risk_ratio",
    "lower",
    "upper",
];

pub(super) fn rows(report: &Report<Board>) -> Vec<Vec<String>> {
    let text = |value: Option<f64>| value.map_or_else(String::new, |value| format!("{value:.3}"));
    BY.into_iter()
        .flat_map(|by| groups(report, by))
        .map(|group| {
            vec![
                group.dimension.id().to_owned(),
                group.level.clone(),
                group.period.to_string(),
                group.known.map_or_else(|| "[c]".into(), |known| known.to_string()),
                group.residents.to_string(),
                group.year.to_string(),
                group.rate().map_or_else(String::new, |rate| format!("{rate:.1}")),
                text(group.ratio.as_ref().map(|ratio| ratio.value)),
                text(group.ratio.as_ref().and_then(|ratio| ratio.lower)),
                text(group.ratio.as_ref().and_then(|ratio| ratio.upper)),
            ]
        })
        .collect()
}
