//! Tables of figures: by time, by group, and what is judged.

use maud::{Markup, html};

use super::{csv_link, scroll};
use crate::charts::words::Decimals;
use crate::charts::{self, Breakdown, ChartSpec, Drawing, words};
use crate::domain::{Dimension, Figure, Period, TOTAL};
use crate::judgement::Judgement;
use crate::release::{Edition, Measure, Part, Report};

fn count(value: Option<i64>) -> String {
    value.map_or_else(|| "-".into(), words::whole)
}

fn note(figure: &Figure) -> String {
    note_of_row(figure, &[])
}

/// What must be known to read a row: of a complete headline with parts that are not, which those are.
fn note_of_row(figure: &Figure, provisional_parts: &[&str]) -> String {
    let mut notes: Vec<String> = Vec::new();
    if figure.provisional {
        notes.push("provisional".into());
    } else if !provisional_parts.is_empty() {
        notes.push(format!("provisional: {}", provisional_parts.join(", ")));
    }
    notes.extend(figure.symbol.map(|symbol| symbol.in_words().to_owned()));
    notes.join("; ")
}

/// The decimals of the columns of values and of intervals.
fn decimals_of(figures: &[&Figure]) -> (Decimals, Decimals) {
    (Decimals::of_figures(figures.iter().copied()), Decimals::of_intervals(figures.iter().copied()))
}

fn figure_cells(figure: &Figure, (values, intervals): (Decimals, Decimals)) -> Markup {
    html! {
        td .n { (count(figure.numerator)) }
        td .n { (count(figure.denominator)) }
        td .n { strong { (values.cell(figure)) } }
        td .n {
            @if let (Some(lower), Some(upper)) = (figure.lower, figure.upper) {
                (intervals.range(figure.unit, lower, upper))
            } @else { "-" }
        }
    }
}

/// The headline of the whole by time, latest first, with its other parts beside it.
pub(in crate::web) fn time_table<E: Edition>(root: &str, measure: &Measure, report: &Report<E>, months: i32) -> Markup {
    let all = charts::headline(measure, report);
    let last = all.last().map(|figure| figure.period.last_month());
    let rows: Vec<&Figure> = all
        .iter()
        .copied()
        .rev()
        .filter(|figure| last.is_some_and(|last| last.since(figure.period.last_month()) < months))
        .collect();
    let parts: Vec<_> = measure
        .parts
        .iter()
        .filter(|part| !part.id.is_empty() && Some(part.id.as_str()) != measure.headline_part.as_deref())
        .collect();
    let wholes: Vec<&Figure> = report
        .figures_of(&measure.id)
        .iter()
        .filter(|one| one.dimension == Dimension::Total && one.group() == TOTAL)
        .collect();
    let part_of =
        |period: Period, part: &str| wholes.iter().find(|one| one.period == period && one.part() == Some(part));
    let decimals = decimals_of(&rows);
    // Each part is a column of its own.
    let parts: Vec<(&Part, Decimals)> = parts
        .into_iter()
        .map(|part| (part, Decimals::of_figures(rows.iter().filter_map(|row| part_of(row.period, &part.id).copied()))))
        .collect();
    let provisional = |period: Period| {
        let of_row = parts.iter().filter(|(part, _)| part_of(period, &part.id).is_some_and(|one| one.provisional));
        of_row.map(|(part, _)| part.label.as_str()).collect::<Vec<&str>>()
    };
    let caption = format!("{}: whole partnership, latest first", measure.title);
    let lead = measure
        .parts
        .iter()
        .find(|part| Some(part.id.as_str()) == measure.headline_part.as_deref())
        .map_or("Value", |part| part.label.as_str());
    let table = html! {
        table {
            caption { (caption) }
            thead { tr {
                th scope="col" { "Period" }
                th scope="col" .n { "Count" }
                th scope="col" .n { "Out of" }
                th scope="col" .n { (lead) }
                th scope="col" .n { "95% interval" }
                @for (part, _) in &parts { th scope="col" .n { (part.label) } }
                th scope="col" { "Note" }
            } }
            tbody { @for figure in rows { tr {
                th scope="row" { (words::upper_first(&words::period_short(figure.period))) }
                (figure_cells(figure, decimals))
                @for (part, decimals) in &parts {
                    td .n { @match part_of(figure.period, &part.id) { Some(one) => (decimals.cell(one)), None => "-" } }
                }
                td { (note_of_row(figure, &provisional(figure.period))) }
            } } }
        }
    };
    html! {
        (scroll(&caption, &table))
        (csv_link(root, &format!("tables/{}-total.csv", measure.id), "every figure of the whole partnership"))
    }
}

/// One dimension at one period; levels in the report's order, never ranked.
pub(in crate::web) fn breakdown_table(
    root: &str,
    measure: &Measure,
    breakdown: &Breakdown<'_>,
    spec: Option<&ChartSpec>,
) -> Markup {
    let funnel = spec.and_then(|spec| match &spec.drawing {
        Drawing::Funnel(funnel) => Some(funnel),
        _ => None,
    });
    let decimals = decimals_of(&breakdown.levels);
    let band_of = |at: usize| {
        let row = funnel.and_then(|funnel| funnel.rows.get(at));
        row.and_then(|row| row.widened_998.or(row.limits_998))
    };
    let bands = (0..breakdown.levels.len()).filter_map(band_of);
    let of_bands = Decimals::of(bands.flat_map(|(lower, upper)| [lower, upper]).map(|end| (measure.unit, end)));
    let row_of = |at: usize| funnel.and_then(|funnel| funnel.rows.get(at));
    let band = |pair: Option<(f64, f64)>| {
        pair.map_or_else(|| "-".into(), |(lower, upper)| of_bands.range(measure.unit, lower, upper))
    };
    let by = breakdown.dimension.in_words();
    let caption = format!("{} by {}, {}", measure.title, by.to_lowercase(), breakdown.period.in_words());
    let table = html! {
        table {
            caption { (caption) }
            thead { tr {
                th scope="col" { (by) }
                th scope="col" .n { "Count" }
                th scope="col" .n { "Out of" }
                th scope="col" .n { "Value" }
                th scope="col" .n { "95% interval" }
                @if funnel.is_some() {
                    th scope="col" .n { "99.8% of such groups" }
                    th scope="col" { "Against all shown" }
                }
                th scope="col" { "Note" }
            } }
            tbody { @for (at, figure) in breakdown.levels.iter().enumerate() { tr {
                th scope="row" { (words::level(figure.group())) }
                (figure_cells(figure, decimals))
                @if funnel.is_some() {
                    td .n { (band(band_of(at))) }
                    td { (row_of(at).map_or("-", |row| row.place().in_words())) }
                }
                td { (note(figure)) }
            } } }
        }
    };
    html! {
        (scroll(&caption, &table))
        (csv_link(root, &format!("tables/{}-{}.csv", measure.id, breakdown.dimension), "every period of this table"))
    }
}

/// Every judged period with its average, limits and signal, latest first.
pub(in crate::web) fn judged_table(root: &str, measure: &Measure, judged: &Judgement) -> Markup {
    let moves = judged.choice.method.judges_moves().then(|| words::moves_named(judged));
    let limits = moves.as_ref().map_or_else(String::new, |moves| format!("{}, ", words::lower_first(moves)));
    let caption = format!("{}: {limits}limits and signals", measure.title);
    // One number of decimals for all: a value is read against its average and limits.
    let every = judged.points.iter().flat_map(|point| {
        let (lower, upper) = point.limits.unzip();
        [point.value, point.centre, lower, upper]
    });
    let decimals = Decimals::of(every.flatten().map(|value| (judged.unit, value)));
    let number = |value: Option<f64>| value.map_or_else(|| "-".into(), |value| decimals.number(judged.unit, value));
    let phases = judged.phases.len() > 1;
    let table = html! {
        table {
            caption { (caption) ", latest first" }
            thead { tr {
                th scope="col" { "Period" }
                th scope="col" .n { (moves.as_deref().unwrap_or("Value")) }
                th scope="col" .n { @if moves.is_some() { "Balance" } @else { "Average" } }
                th scope="col" .n { "Lower limit" }
                th scope="col" .n { "Upper limit" }
                @if phases { th scope="col" .n { "Phase" } }
                th scope="col" { "What it says" }
                th scope="col" { "Why" }
            } }
            tbody { @for point in judged.points.iter().rev() { tr {
                th scope="row" { (words::upper_first(&words::period_short(point.period))) }
                td .n { @if point.value.is_some() { (number(point.value)) } @else { "Gap" } }
                td .n { (number(point.centre)) }
                td .n { (number(point.limits.map(|limits| limits.0))) }
                td .n { (number(point.limits.map(|limits| limits.1))) }
                @if phases { td .n { (point.phase) } }
                td { (words::point(point)) }
                td { (words::rule(point.signal)) }
            } } }
        }
    };
    html! {
        (scroll(&caption, &table))
        (csv_link(root, &format!("tables/{}-judged.csv", measure.id), "limits and signals"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::fixture;
    use crate::domain::Unit;

    #[test]
    fn a_column_has_one_number_of_decimals() {
        let mut report = fixture::report();
        let measure = report.measures.iter().find(|measure| measure.id == "missing_again").unwrap().clone();
        for (figure, value) in report
            .figures
            .iter_mut()
            .filter(|one| one.measure == "missing_again")
            .zip([0.042, 0.31, 0.0].into_iter().cycle())
        {
            figure.value = figure.value.map(|_| value);
        }
        let table = time_table("./", &measure, &report, 36).into_string();
        let shown: Vec<&str> =
            table.split("<strong>").skip(1).filter_map(|rest| rest.split("</strong>").next()).collect();
        for cell in ["4.2%", "31.0%", "0.0%", "[c]"] {
            assert!(shown.contains(&cell), "{shown:?}");
        }
        assert!(shown.iter().all(|cell| cell.contains('.') || cell.starts_with('[')), "{shown:?}");
    }

    #[test]
    fn a_part_that_may_still_change_is_noted_though_the_headline_is_complete() {
        let mut report = fixture::report();
        let at = report.measures.iter().position(|measure| measure.id == "missing_again").unwrap();
        let part = Part { id: "s90".into(), label: "After 90 days".into(), unit: Unit::Proportion, not_ended: false };
        report.measures[at].parts.push(part);
        let latest = charts::latest(&report.measures[at], &report).unwrap().clone();
        let late = Figure { level: "total:s90".into(), value: Some(0.44), provisional: true, ..latest };
        report.figures.push(late);
        report.figures = fixture::ordered(report.figures);
        let table = time_table("./", &report.measures[at], &report, 36).into_string();
        let row = table.split("<tr>").find(|row| row.contains("44%")).unwrap();
        assert!(row.ends_with("<td class=\"n\">44%</td><td>provisional: After 90 days</td></tr>"), "{row}");
    }
}
