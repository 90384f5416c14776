//! The annual report under its four statutory heads: impact on children including of training, areas of little or no
//! progress, actions from reviews, feedback from children. The year is the twelve months to the report's month; what is
//! said of it is what the year's releases show, with the year before beside it.

use maud::{Markup, html};

use super::first::{self, Row};
use super::frame::{Context, Place, document};
use super::moved::{self, Verdict};
use super::{findings, impact, pieces, plan_pieces};
use crate::charts::words;
use crate::domain::{Dimension, Figure, Period, TOTAL, british_date};
use crate::judgement::{Assurance, NotJudged, Variation};
use crate::measures::reaches_back_from;
use crate::release::{Board, Measure, Report, SupportVerdict};
use crate::stats::State;

/// Measures in which children speak for themselves.
const FROM_CHILDREN: [&str; 2] = ["feels_safe", "reasons_for_missing"];

pub(super) fn page(context: &Context<'_>) -> String {
    let report = context.inputs.report;
    let rows = first::outcomes(report);
    let year = Period::TwelveMonthsTo(report.about.month).in_words();
    let title = "Annual report";
    let main = html! {
        h1 { (title) ": " (year) }
        p .question { "What did the year change for children, where did it change nothing, what came of reviews, and what do children say?" }
        p { (releases(context)) }
        (impact(report, &rows))
        (no_progress(report, &rows))
        (reviews(report))
        (children(report))
    };
    document(context, Place { depth: 0, path: "annual" }, title, &main)
}

/// Which releases of the year stand behind the page.
fn releases(context: &Context<'_>) -> String {
    let month = context.inputs.report.about.month;
    let of_year = |one: &&super::ReleaseListing| one.month <= month && one.month > month.plus(-12);
    let mut months: Vec<_> = context.inputs.releases.iter().filter(of_year).map(|one| one.month).collect();
    months.sort();
    months.dedup();
    let behind = match months.as_slice() {
        [] | [_] => "No earlier release of the year is kept here, so every figure is as known now.".to_owned(),
        months => format!(
            "Releases of {} of the twelve months are kept; each measure's page shows what they first reported beside what is known now.",
            months.len()
        ),
    };
    format!(
        "Generated from the figures, which are the board's own. A measure's year ends at its last complete quarter or month, which each figure names: it may end some months before {}. {behind} Nothing here says why a figure changed.",
        month.in_words()
    )
}

/// A measure's figure for the year, or its latest complete one in it, and the same a year before where there is one.
/// None where nothing of the year can be shown: an older figure is not the year's.
fn year_and_before<'a>(report: &'a Report<Board>, measure: &Measure) -> Option<(&'a Figure, Option<&'a Figure>)> {
    let in_year = |figure: &&Figure| figure.period.last_month() > report.about.month.plus(-12);
    let of = |period: Option<Period>| {
        report.figures_of(&measure.id).iter().filter(move |figure| {
            figure.dimension == Dimension::Total
                && figure.group() == TOTAL
                && figure.part() == measure.headline_part.as_deref()
                && !figure.provisional
                && figure.value.is_some()
                && period.is_none_or(|period| figure.period == period)
        })
    };
    let yearly = of(None).filter(|figure| matches!(figure.period, Period::TwelveMonthsTo(_))).filter(in_year);
    let latest = yearly.max_by_key(|figure| figure.period.last_month());
    let latest = latest.or_else(|| of(None).filter(in_year).max_by_key(|figure| figure.period.last_month()))?;
    let earlier = match latest.period {
        Period::Month(month) => Some(Period::Month(month.plus(-12))),
        Period::TwelveMonthsTo(month) => Some(Period::TwelveMonthsTo(month.plus(-12))),
        Period::Quarter(_) => None,
    };
    let months: Vec<_> = crate::plan::monthly(report, measure)
        .iter()
        .map(|one| (one.period, one.denominator.map(|days| days as f64)))
        .collect();
    let from = reaches_back_from(measure, report, &months);
    let comparable = |period: &Period| from.is_none_or(|from| period.first_month() >= from);
    Some((latest, earlier.filter(comparable).and_then(|period| of(Some(period)).next())))
}

/// Why a measure has no figure for the year, and which was the last it had.
fn nothing_of_the_year(report: &Report<Board>, measure: &Measure) -> String {
    let of = || {
        report.figures_of(&measure.id).iter().filter(|figure| {
            figure.dimension == Dimension::Total
                && figure.group() == TOTAL
                && figure.part() == measure.headline_part.as_deref()
                && !figure.provisional
        })
    };
    let withheld =
        of().any(|figure| figure.value.is_none() && figure.period.last_month() > report.about.month.plus(-12));
    let why = if withheld { "Withheld all year, to protect children [c]" } else { "Nothing complete to show" };
    let last = of().filter(|figure| figure.value.is_some()).map(|figure| figure.period);
    last.max_by_key(|period| period.last_month())
        .map_or_else(|| why.to_owned(), |last| format!("{why}; last shown for {}", words::period_short(last)))
}

fn value_cell(measure: &Measure, figure: Option<&Figure>) -> Markup {
    html! {
        @match figure.and_then(|figure| Some((figure, figure.value?))) {
            Some((figure, value)) => {
                (words::value_short(figure.unit, value))
                @if let Some(of_what) = pieces::of_what(measure, figure) { " " (of_what) }
                @if let Some(interval) = words::interval(figure) { " (" (interval) ")" }
                ", " span .when { (words::period_short(figure.period)) }
            }
            None => "-",
        }
    }
}

fn outcome_table(report: &Report<Board>, caption: &str, rows: &[&Row<'_>]) -> Markup {
    let table = html! { table {
        caption { (caption) }
        thead { tr {
            th scope="col" { "Outcome" }
            th scope="col" { "The year" }
            th scope="col" { "The year before" }
            th scope="col" { "Change" }
            th scope="col" { "Against target" }
        } }
        tbody { @for row in rows {
            @let told = year_and_before(report, row.measure);
            tr {
                th scope="row" { a href={ "./measures/" (row.measure.id) } { (row.measure.title) } }
                @match told {
                    Some((year, before)) => {
                        td { (value_cell(row.measure, Some(year))) }
                        td { (value_cell(row.measure, before)) }
                    }
                    None => { td { (nothing_of_the_year(report, row.measure)) } td { "-" } }
                }
                td { (pieces::variation_cell(row.measure, &row.judged)) }
                td { (pieces::assurance_cell(&row.judged)) }
            }
        } }
    } };
    pieces::scroll(caption, &table)
}

fn impact(report: &Report<Board>, rows: &[Row<'_>]) -> Markup {
    let of = |workforce: bool| -> Vec<&Row<'_>> {
        rows.iter().filter(|row| (row.measure.theme == "workforce") == workforce && !cannot_be_known(row)).collect()
    };
    html! {
        section aria-labelledby="impact" {
            h2 #impact { "1. Impact on children, including of training" }
            p { (counted(rows)) }
            (outcome_table(report, "Outcomes for children", &of(false)))
            h3 { "Training" }
            @match of(true).as_slice() {
                [] => p .absent { "Whether training is in date, and applied, cannot be known from the data supplied. " a href="./data" { "What would answer it" } },
                known => (outcome_table(report, "Training in date, and applied", known)),
            }
            p { a href="./workforce" { "Training by agency and role" } ". Whether training changed anything for a child cannot be told from these figures: no extract says which children a trained person worked with." }
            h3 { "Support" }
            p { (support(report)) " " a href="./impact" { "Impact of support" } "." }
        }
    }
}

/// `Of 22 outcomes, 3 are getting better, 2 getting worse, …`: signals, not comparisons of two years.
fn counted(rows: &[Row<'_>]) -> String {
    let is = |row: &Row<'_>, state| matches!(&row.judged.variation, Variation::Changed(seen) if seen.state == state);
    let count = |of: &dyn Fn(&Row<'_>) -> bool| rows.iter().filter(|row| of(row)).count();
    let better = count(&|row| is(row, State::Improvement));
    let worse = count(&|row| is(row, State::Concern));
    let steady = count(&|row| row.judged.is_steady());
    let unknown = count(&cannot_be_known);
    format!(
        "Of {} outcomes {} are getting better, {} getting worse, {} show no clear change, {} cannot be judged and {} cannot be known. Change is judged on each measure's chart; two years side by side are shown with their intervals and are not a judgement. A dash: the year before cannot be shown, or the records do not reach back far enough to set it beside this one.",
        rows.len(),
        better,
        worse,
        steady,
        rows.len() - better - worse - steady - unknown,
        unknown,
    )
}

fn cannot_be_known(row: &Row<'_>) -> bool {
    matches!(row.judged.variation, Variation::NotJudged(NotJudged::CannotBeKnown))
}

fn support(report: &Report<Board>) -> String {
    let named = |verdict| match impact::services(report, verdict).as_slice() {
        [] => "none".to_owned(),
        names => names.join(", "),
    };
    if report.support.is_empty() {
        return "Whether support helps cannot be known from the data supplied.".into();
    }
    format!(
        "Against matched children who still waited: less missing or harm, {}; no clear effect, {}; more, {}. Of the others it cannot be told.",
        named(SupportVerdict::Helps),
        named(SupportVerdict::NoClearEffect),
        named(SupportVerdict::Worse),
    )
}

fn no_progress(report: &Report<Board>, rows: &[Row<'_>]) -> Markup {
    let stuck = |row: &&Row<'_>| {
        let not_met = matches!(row.judged.assurance, Some(Assurance::NotMet(_)));
        let worse = matches!(&row.judged.variation, Variation::Changed(seen) if seen.state == State::Concern);
        let same = row.judged.is_steady() || row.judged.is_drifting_worse(row.measure.better);
        worse || not_met || same
    };
    let stuck: Vec<&Row<'_>> = rows.iter().filter(stuck).collect();
    let unknown: Vec<&Row<'_>> = rows.iter().filter(|row| cannot_be_known(row)).collect();
    let verdicts = report.plan.as_ref().map(|plan| moved::verdicts(report, plan)).unwrap_or_default();
    let unmoved: Vec<&Verdict<'_>> = verdicts.iter().filter(|one| moved::is_unmoved(&one.moved)).collect();
    html! {
        section aria-labelledby="little" {
            h2 #little { "2. Areas of little or no progress" }
            @if stuck.is_empty() {
                p { "Every outcome that can be judged shows a change for the better and meets its target." }
            } @else {
                (outcome_table(report, "Outcomes without a clear change for the better, or that usually miss their target", &stuck))
            }
            h3 { "Finished, but nothing got better" }
            @if unmoved.is_empty() {
                p { "No finished action can yet be said to have left its outcome unmoved. " (moved::in_one_sentence(&verdicts)) }
            } @else {
                ul { @for one in unmoved { li {
                    (one.action.action.id) ": " (one.action.action.title) " (" (plan_pieces::owner(&one.action.action)) "). "
                    @match one.measure { Some(measure) => a href={ "./measures/" (measure.id) } { (measure.title) }, None => (one.measure_id) }
                    ": " (words::lower_first(moved::says(&one.moved).2)) ", " (moved::estimate(&one.moved, one.measure)) "."
                } } }
            }
            @if !unknown.is_empty() {
                h3 { "Not known" }
                p { "These outcomes cannot be known from the data supplied, which is itself no progress:" }
                ul { @for row in unknown { li { a href={ "./measures/" (row.measure.id) } { (row.measure.title) } } } }
            }
        }
    }
}

fn reviews(report: &Report<Board>) -> Markup {
    html! {
        section aria-labelledby="reviews" {
            h2 #reviews { "3. Actions from inspection and reviews" }
            @match plan_pieces::listed(report) {
                None => p .absent { "This cannot be known: " (plan_pieces::not_listed(report)) },
                Some(plan) => p {
                    (plan.summary.delivered) " of " (plan.summary.actions) " actions are delivered, where " (plan.summary.planned_by_now) " were due as first agreed; "
                    (plan.summary.redated) " were re-dated. " (crate::plan::words::finish(plan)) " "
                    a href="./plan" { "Action-plan pace" } "."
                },
            }
            @if report.findings.is_empty() {
                p .absent { "No finding of an inspection or review is set." }
            } @else { (findings::summary(report, "./findings")) }
        }
    }
}

fn children(report: &Report<Board>) -> Markup {
    let found = FROM_CHILDREN.iter().filter_map(|id| report.measures.iter().find(|measure| measure.id == *id));
    html! {
        section aria-labelledby="children" {
            h2 #children { "4. Feedback from children" }
            @for measure in found {
                h3 { a href={ "./measures/" (measure.id) } { (measure.title) } }
                (parts(report, measure))
                p .small { (measure.cannot_tell) }
            }
        }
    }
}

fn part_row(label: &str, figure: &Figure) -> Markup {
    html! { tr {
        th scope="row" { (label) }
        td { @match figure.value {
            Some(value) => { (words::value_short(figure.unit, value)) @if let Some(interval) = words::interval(figure) { " (" (interval) ")" } }
            None => "withheld [c]",
        } }
    } }
}

/// Every part of the whole for the latest complete year.
fn parts(report: &Report<Board>, measure: &Measure) -> Markup {
    let whole = |figure: &&Figure| figure.dimension == Dimension::Total && !figure.provisional;
    let figures = report.figures_of(&measure.id);
    let Some(period) =
        figures.iter().filter(whole).map(|figure| figure.period).max_by_key(|period| period.last_month())
    else {
        return html! { p .absent { "This cannot be known from the data supplied, or no complete year can be shown." } };
    };
    let of = |id: &str| {
        let part = (!id.is_empty()).then_some(id);
        figures.iter().filter(whole).find(|figure| figure.period == period && figure.part() == part)
    };
    let caption = format!("{}, {}", measure.title, period.in_words());
    let table = html! { table {
        caption { (caption) }
        thead { tr { th scope="col" { "What" } th scope="col" { "Value" } } }
        tbody {
            // Where a part leads, the whole is all of them together and says nothing.
            @for part in measure.parts.iter().filter(|part| !part.id.is_empty() || measure.headline_part.is_none()) {
                @if let Some(figure) = of(&part.id) { (part_row(&part.label, figure)) }
            }
        }
    } };
    html! { (pieces::scroll(&caption, &table)) p .small { "Data to " (british_date(report.about.as_at)) "." } }
}
