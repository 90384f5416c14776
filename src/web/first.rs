//! The board's first screen: what needs attention, as a table, without scrolling at 1366 by 768.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use maud::{Markup, PreEscaped, html};

use super::frame::{Context, Place, document};
use super::pieces;
use crate::charts::latest;
use crate::charts::words;
use crate::dashboards::commentary::{self, Commentary, Status, Subject};
use crate::domain::british_date;
use crate::judgement::{Assurance, Judgement, NotJudged, Variation, is_later_withheld, judge};
use crate::plan::is_open;
use crate::release::{Edition, Kind, Measure, Report};
use crate::stats::State;

/// Rows of the table of what needs attention.
const MOST_ROWS: usize = 7;
/// Rows among them that say only that nothing can be known: where few extracts are supplied they would fill the table.
const MOST_NOT_KNOWN: usize = 2;
/// Rows of what is going better.
const MOST_BETTER: usize = 3;
/// Sentences generated where nobody has written any.
const SENTENCES: usize = 3;

/// Why a measure needs attention, the most pressing first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Need {
    WorseAndNotMet,
    NotMet,
    Worse,
    /// A stock that went the worse way by a quarter in twelve months, without a signal now.
    DriftingWorse,
    CannotBeKnown,
}

/// An outcome measure with what is to be said of it.
pub(super) struct Row<'a> {
    pub(super) measure: &'a Measure,
    pub(super) judged: Judgement,
    pub(super) need: Option<Need>,
}

impl Row<'_> {
    fn is(&self, state: State) -> bool {
        matches!(&self.judged.variation, Variation::Changed(seen) if seen.state == state)
    }
}

/// Every outcome measure, judged, in the order of the registry.
pub(super) fn outcomes<E: Edition>(report: &Report<E>) -> Vec<Row<'_>> {
    let of = |measure| {
        let judged = judge(measure, report);
        let need = need(measure, &judged);
        Row { measure, judged, need }
    };
    report.measures.iter().filter(|measure| measure.kind == Kind::Outcome).map(of).collect()
}

/// Those that need attention, the most pressing first, in the registry's order within one need.
pub(super) fn attention<'a, 'r>(rows: &'a [Row<'r>]) -> Vec<&'a Row<'r>> {
    let mut pressing: Vec<&Row<'_>> = rows.iter().filter(|row| row.need.is_some()).collect();
    pressing.sort_by_key(|row| row.need);
    pressing
}

/// Those of [`attention`] that the table has room for: two at most of what cannot be known, after all that is known.
pub(super) fn in_the_table<'a, 'r>(pressing: &[&'a Row<'r>]) -> Vec<&'a Row<'r>> {
    let mut not_known = 0;
    let has_room = |row: &&&Row<'_>| {
        not_known += usize::from(row.need == Some(Need::CannotBeKnown));
        not_known <= MOST_NOT_KNOWN
    };
    pressing.iter().filter(has_room).take(MOST_ROWS).copied().collect()
}

/// Where no row needs attention: how many outcomes that rests on. Nothing judged is no good news.
fn nothing_pressing(rows: &[Row<'_>]) -> String {
    let judged = rows.iter().filter(|row| !matches!(row.judged.variation, Variation::NotJudged(_))).count();
    let not = rows.len() - judged;
    match (judged, not) {
        (0, _) => format!(
            "This cannot be told: of {} outcome measures none has enough complete periods that can be shown.",
            rows.len()
        ),
        (_, 0) => "No outcome measure is getting worse or usually misses its target.".into(),
        (judged, not) => format!(
            "Of the {} outcome measures that can be judged none is getting worse or usually misses its target; of the other {} it cannot be told.",
            words::in_words(judged),
            words::in_words(not),
        ),
    }
}

fn need(measure: &Measure, judged: &Judgement) -> Option<Need> {
    let worse = matches!(&judged.variation, Variation::Changed(seen) if seen.state == State::Concern);
    let not_met = matches!(judged.assurance, Some(Assurance::NotMet(_)));
    match (worse, not_met, &judged.variation) {
        (true, true, _) => Some(Need::WorseAndNotMet),
        (_, true, _) => Some(Need::NotMet),
        (true, ..) => Some(Need::Worse),
        _ if judged.is_drifting_worse(measure.better) => Some(Need::DriftingWorse),
        (.., Variation::NotJudged(NotJudged::CannotBeKnown)) => Some(Need::CannotBeKnown),
        _ => None,
    }
}

pub(super) fn page(context: &Context<'_>) -> String {
    let report = context.inputs.report;
    let place = Place { depth: 0, path: "" };
    let rows = outcomes(report);
    let pressing = attention(&rows);
    let better: Vec<&Row<'_>> = rows.iter().filter(|row| row.is(State::Improvement)).collect();
    let title = format!("{} impact report", report.about.month.in_words());
    let written = commentary::about(context.inputs.commentary, report.about.month, &Subject::FirstScreen);
    let main = html! {
        div .top {
            h1 { (report.about.partnership) ": " (title) }
            p .status { (status(written)) " " (data_to(report)) }
        }
        section aria-labelledby="says" .says { (says(written, &pressing, &better, &rows, report)) }
        div .columns {
            section aria-labelledby="attention" {
                h2 #attention { "What needs attention" }
                @if pressing.is_empty() {
                    p { (nothing_pressing(&rows)) }
                } @else {
                    (attention_table(&in_the_table(&pressing), report))
                }
                p .rest { (rest(&rows, &pressing, &better)) }
                (which(&left(&rows, &pressing, &better)))
                p .small {
                    @if let Some(words) = words::chance(rows.iter().filter(|row| row.judged.is_charted()).count()) { (words) " " }
                    a href="./methods" { "How changes are judged" }
                }
            }
            div {
                section aria-labelledby="better" {
                    h2 #better { "What is going better" }
                    @if better.is_empty() {
                        p { "No measure shows a change for the better that is unlikely to be chance." }
                    } @else {
                        ul .better { @for row in better.iter().take(MOST_BETTER) { li {
                            a href={ "./measures/" (row.measure.id) } { (row.measure.title) }
                            ": " (pieces::latest_cell(row.measure, report))
                            br;
                            (pieces::variation_cell(row.measure, &row.judged))
                        } } }
                    }
                }
                section aria-labelledby="pace" {
                    h2 #pace { "Action-plan pace" }
                    (super::plan_pieces::pace("./", report))
                }
            }
        }
    };
    document(context, place, &title, &main)
}

/// Whose words these are, and whether anyone answers for them.
fn status(written: Option<&Commentary>) -> String {
    match written.map(|one| (&one.status, one.author_role.as_str())) {
        Some((status @ Status::Approved { .. }, _)) => format!("{}.", words::upper_first(&status.in_words())),
        Some((status @ Status::Outrun { .. }, author)) => {
            format!("{}; commentary by {author}.", words::upper_first(&status.in_words()))
        }
        Some((Status::Draft, author)) => format!("Draft: commentary by {author}, not yet approved."),
        None => "No commentary is shown for this month: what is said is generated from the figures.".into(),
    }
}

/// The partnership's own sentences; else three generated from the signals, and marked so.
fn says<E: Edition>(
    written: Option<&Commentary>,
    pressing: &[&Row<'_>],
    better: &[&Row<'_>],
    all: &[Row<'_>],
    report: &Report<E>,
) -> Markup {
    if let Some(one) = written {
        return html! {
            h2 #says { "In short" span .when { " (" (one.author_role) ")" } }
            ol { @for remark in one.remarks.iter().take(commentary::MOST_ON_FIRST_SCREEN) {
                li { (PreEscaped(remark.html("./"))) }
            } }
        };
    }
    let mut chosen: Vec<&Row<'_>> = Vec::new();
    for row in pressing.iter().copied().take(2).chain(better.iter().copied()).chain(pressing.iter().copied()).chain(all)
    {
        let new = chosen.iter().all(|other| other.measure.id != row.measure.id);
        if chosen.len() < SENTENCES
            && new
            && latest(row.measure, report).is_some()
            && !is_later_withheld(row.measure, report)
        {
            chosen.push(row);
        }
    }
    if chosen.is_empty() {
        return html! {
            h2 #says { "In short" }
            p { "No complete period of any outcome measure can be shown yet, so nothing can be said of children. " a href="./data" { "Data sufficiency" } " says what arrived." }
        };
    }
    html! {
        h2 #says { "In three sentences" span .when { " (generated from the figures, not yet anyone's words)" } }
        ol { @for row in chosen {
            li {
                (words::finding(row.measure, report, &row.judged)) " "
                a href={ "./measures/" (row.measure.id) } { "See " (words::lower_first(&row.measure.title)) }
            }
        } }
    }
}

fn attention_table<E: Edition>(rows: &[&Row<'_>], report: &Report<E>) -> Markup {
    let measures: Vec<&Measure> = rows.iter().map(|row| row.measure).collect();
    let table = html! {
        table .attention {
            caption .hidden { "What needs attention: latest complete period of each measure, the most pressing first" }
            thead { tr {
                th scope="col" { "Measure" }
                th scope="col" { "Latest complete" }
                th scope="col" { "Target" }
                th scope="col" { (pieces::spark_heading(&measures, report)) }
                th scope="col" { "Change" }
                th scope="col" { "Against target" }
                th scope="col" { "Who is acting" }
            } }
            tbody { @for row in rows { tr {
                th scope="row" { a href={ "./measures/" (row.measure.id) } { (row.measure.title) } }
                td { (pieces::latest_cell(row.measure, report)) }
                td { (pieces::target_cell(row.measure)) }
                td .sparks { (pieces::spark_cell(row.measure, report, 0)) }
                td { (pieces::variation_cell(row.measure, &row.judged)) }
                td { (pieces::assurance_cell(&row.judged)) }
                td { (acting(row.measure, report)) }
            } } }
        }
    };
    html! {
        (pieces::scroll("What needs attention", &table))
        (pieces::csv_link("./", "tables/first-screen.csv", "this table"))
    }
}

/// Whoever answers for the measure's target; else whoever owns an open action of the plan that is meant to move it.
pub(super) fn acting<E: Edition>(measure: &Measure, report: &Report<E>) -> String {
    if let Some(target) = &measure.target {
        return target.owner_role.clone();
    }
    let mut owners: Vec<String> = Vec::new();
    for one in report.plan.iter().flat_map(|plan| &plan.actions).filter(|one| is_open(&one.action, report.about.as_at))
    {
        let Some(role) = one.action.owner_role.as_ref().filter(|_| one.action.measures.contains(&measure.id)) else {
            continue;
        };
        let role = words::level(role);
        if !owners.contains(&role) {
            owners.push(role);
        }
    }
    if owners.is_empty() { "No one named".into() } else { owners.join("; ") }
}

/// `Data to 31 October 2026; Police to 30 September 2026, late`.
fn data_to<E: Edition>(report: &Report<E>) -> String {
    let mut behind: BTreeMap<&str, (chrono::NaiveDate, bool)> = BTreeMap::new();
    for source in report.sources.iter().filter(|source| source.data_to < report.about.as_at) {
        let late = source.late_by_days.is_some_and(|days| days > 0);
        behind
            .entry(source.agency.as_str())
            .and_modify(|(to, was_late)| {
                *to = (*to).min(source.data_to);
                *was_late |= late;
            })
            .or_insert((source.data_to, late));
    }
    let mut text = format!("Data to {}", british_date(report.about.as_at));
    for (agency, (to, late)) in behind {
        _ = write!(text, "; {agency} to {}{}", british_date(to), if late { ", late" } else { "" });
    }
    text.push('.');
    text
}

/// The outcome measures that neither list names.
fn left<'a, 'r>(rows: &'a [Row<'r>], pressing: &[&Row<'_>], better: &[&Row<'_>]) -> Vec<&'a Row<'r>> {
    let in_the_table = in_the_table(pressing);
    let shown: Vec<&str> =
        in_the_table.iter().chain(better.iter().take(MOST_BETTER)).map(|row| row.measure.id.as_str()).collect();
    rows.iter().filter(|row| !shown.contains(&row.measure.id.as_str())).collect()
}

/// Each of them by what it says, folded away.
fn which(left: &[&Row<'_>]) -> Markup {
    html! { @if !left.is_empty() {
        details .which {
            summary { "Which they are" }
            dl { @for (kind, (one, more)) in KINDS.iter().enumerate() {
                @let of: Vec<_> = left.iter().filter(|row| kind_of_rest(row) == kind).collect();
                @if !of.is_empty() {
                    dt { (words::upper_first(if of.len() == 1 { one } else { more })) }
                    dd { @for (at, row) in of.iter().enumerate() {
                        @if at > 0 { " · " }
                        a href={ "./measures/" (row.measure.id) } { (row.measure.title) }
                        @if kind == MOVED { ": " (words::lower_first(&words::variation(row.measure, &row.judged))) }
                    } }
                }
            } }
        }
    } }
}

/// The outcome measures that neither list names, in one sentence; what cannot be known leads to what would answer it.
fn rest(rows: &[Row<'_>], pressing: &[&Row<'_>], better: &[&Row<'_>]) -> Markup {
    let left = left(rows, pressing, better);
    let mut counts = [0_usize; KINDS.len()];
    for row in &left {
        if let Some(count) = counts.get_mut(kind_of_rest(row)) {
            *count += 1;
        }
    }
    let parts: Vec<(usize, String)> = KINDS
        .iter()
        .zip(counts)
        .enumerate()
        .filter(|(_, (_, count))| *count > 0)
        .map(|(kind, ((one, more), count))| {
            (kind, format!("{} {}", words::in_words(count), if count == 1 { one } else { more }))
        })
        .collect();
    if parts.is_empty() {
        return html! { "All " (words::in_words(rows.len())) " outcome measures are on this page." };
    }
    html! {
        "Of the other outcome measures: "
        @for (at, (kind, says)) in parts.iter().enumerate() {
            @if at > 0 { "; " }
            @if *kind == NOT_KNOWN { a href="./data" { (says) } } @else { (says) }
        }
        "."
    }
}

/// What the other measures say: singular and plural.
const KINDS: [(&str, &str); 8] = [
    ("shows no clear change", "show no clear change"),
    ("more needs attention", "more need attention"),
    ("more is going better", "more are going better"),
    ("changed, neither better nor worse", "changed, neither better nor worse"),
    (
        "moved over the year, without a signal in the latest month",
        "moved over the year, without a signal in the latest month",
    ),
    ("is too new to judge", "are too new to judge"),
    ("cannot be told from month to month", "cannot be told from month to month"),
    ("cannot be known from the data supplied", "cannot be known from the data supplied"),
];

/// The kind of [`KINDS`] that says of each which way it moved.
const MOVED: usize = 4;
/// The last of [`KINDS`].
const NOT_KNOWN: usize = KINDS.len() - 1;

fn kind_of_rest(row: &Row<'_>) -> usize {
    match (&row.judged.variation, row.need) {
        (Variation::NotJudged(NotJudged::CannotBeKnown), _) => NOT_KNOWN,
        (_, Some(_)) => 1,
        (Variation::Changed(seen), _) if seen.state == State::Improvement => 2,
        (Variation::Changed(_), _) => 3,
        (Variation::NoClearChange { .. }, _) if row.judged.is_steady() => 0,
        (Variation::NoClearChange { .. }, _) if row.judged.net.is_some() => MOVED,
        (Variation::NotJudged(NotJudged::TooFew { .. }), _) => 5,
        _ => 6,
    }
}
