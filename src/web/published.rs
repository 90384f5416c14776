//! Published context: the Department for Education's factors at assessment for the area, its neighbours, its region and
//! England. Context, not a measure: against the range in which authorities of a size differ, and never in order of size.

use maud::{Markup, html};

use super::frame::{self, Context, document};
use super::pieces;
use crate::charts::words::{self, Decimals};
use crate::charts::{ChartSpec, Drawing, Funnel, FunnelRow};
use crate::domain::{Month, Period, Unit};
use crate::published::{Count, Factor, Place, Published, Whose, Year};

pub(super) fn page(context: &Context<'_>) -> String {
    let title = "Published context";
    let main = html! {
        h1 { (title) }
        p .question { "How often do assessments here find that a child goes missing or is exploited, beside other places?" }
        @match &context.inputs.report.published {
            None => p .absent.for-the-analyst { "Not supplied. The Department for Education's table of factors identified at the end of assessment would answer it: a source of format " code { "dfe_factors" } ", and the area's code under " code { "[published]" } " in " code { "partnership.toml" } "." },
            Some(published) => (body(published)),
        }
    };
    document(context, frame::Place { depth: 0, path: "published" }, title, &main)
}

fn body(published: &Published) -> Markup {
    html! {
        p .inset {
            strong { "Read with care. " }
            "A higher share can mean more harm, or assessments that look for it. Areas record differently, one assessment can find several factors, and the publisher rounds or suppresses some numbers. "
            "What changes within the area leads; no area is ranked, and being within the range is not being good enough."
        }
        @if !published.not_found.is_empty() {
            p .absent { "The table holds no authority with the code " (published.not_found.join(", ")) "." }
        }
        @for factor in &published.factors { (one(published, factor)) }
        section aria-labelledby="symbols" {
            h2 #symbols { "Symbols and method" }
            p { "Symbols are the publisher's: [c] suppressed, [k] rounds to zero, [u] of low reliability, [x] unavailable, [z] not applicable. None of them is a zero. A share is given only where both numbers are printed." }
            p { "The range is a funnel about the share over all local authorities with both numbers (Spiegelhalter 2005), widened for how far authorities always differ, since they differ by far more than chance. Outside the wider range, ask first how it is recorded." }
            (pieces::csv_link("./", "tables/published-context.csv", "these tables"))
        }
    }
}

fn one(published: &Published, factor: &Factor) -> Markup {
    let spec = chart(published, factor);
    let subtitle = format!(
        "Share of assessments with any factor, year to March {}; the line is all {} local authorities with both numbers, the bands where 95 and 99.8 in 100 of an authority's size lie",
        published.year, factor.authorities
    );
    let table = table(published, factor);
    html! {
        section aria-labelledby={ "factor-" (factor.id) } {
            h2 id={ "factor-" (factor.id) } { (factor.label) }
            p { (sentence(published, factor)) }
            @match spec {
                Some(spec) => (pieces::figure("", &spec, &subtitle, &table)),
                None => (table),
            }
        }
    }
}

/// `In Northmoor 6.1% of assessments found it in the year to March 2026 (5.8% the year before); in England 4.2%.`
fn sentence(published: &Published, factor: &Factor) -> String {
    let of = |whose| factor.places.iter().find(|place| place.whose == whose);
    let share = |place: &Place, year: i32| {
        place.years.iter().find(|one| one.year == year).map(|one| one.share().map_or_else(|| symbol(one), percent))
    };
    let Some(area) = of(Whose::Area) else { return "The area is not in the table.".into() };
    let now = share(area, published.year).unwrap_or_else(|| "nothing printed".into());
    let before =
        share(area, published.year - 1).map_or_else(String::new, |before| format!(" ({before} the year before)"));
    let england = of(Whose::England).and_then(|england| share(england, published.year));
    let england = england.map_or_else(String::new, |share| format!("; in England {share}"));
    format!(
        "In {}, of assessments that found any factor in the year to March {}, this was found in {now}{before}{england}. {}",
        area.name,
        published.year,
        words::upper_first(lies(area, published.year)),
    )
}

fn percent(share: f64) -> String {
    words::number(Unit::Proportion, share)
}

/// The symbol that stands in place of a share.
fn symbol(year: &Year) -> String {
    match (&year.found, &year.episodes) {
        (Count::Symbol(symbol), _) | (_, Count::Symbol(symbol)) => format!("[{symbol}]"),
        _ => "[x]".into(),
    }
}

/// Where an authority lies against the range for its size.
fn lies(place: &Place, year: i32) -> &'static str {
    let share = place.years.iter().find(|one| one.year == year).and_then(Year::share);
    match (share, place.range) {
        (Some(share), Some([(low, high), (lowest, highest)])) => {
            if share > highest {
                "higher than authorities of its size differ by: ask first how it is recorded."
            } else if share < lowest {
                "lower than authorities of its size differ by: ask first how it is recorded."
            } else if share < low || share > high {
                "near the edge of the range for an authority of its size."
            } else {
                "within the range for an authority of its size."
            }
        }
        _ => "no range can be given.",
    }
}

/// The area and its neighbours; none where fewer than two of them have a share.
fn chart(published: &Published, factor: &Factor) -> Option<ChartSpec> {
    let rows: Vec<FunnelRow> = factor
        .places
        .iter()
        .filter(|place| matches!(place.whose, Whose::Area | Whose::Neighbour))
        .map(|place| FunnelRow {
            label: place.name.clone(),
            value: place.years.iter().find(|one| one.year == published.year).and_then(Year::share),
            limits_95: place.range.map(|[inner, _]| inner),
            limits_998: place.range.map(|[_, outer]| outer),
            widened_998: None,
            absent: "not printed",
        })
        .collect();
    let shown = rows.iter().filter(|row| row.value.is_some()).count();
    let month = Month::new(published.year, 3)?;
    let centre = factor.centre.filter(|_| shown >= 2)?;
    Some(ChartSpec {
        id: format!("published-{}", factor.id.replace('_', "-")),
        title: format!("{} at assessment, the area and its neighbours", factor.label),
        drawing: Drawing::Funnel(Funnel {
            unit: Unit::Proportion,
            period: Period::TwelveMonthsTo(month),
            centre,
            rows,
            top: None,
        }),
    })
}

fn table(published: &Published, factor: &Factor) -> Markup {
    let caption = format!("{}: share of assessments with any factor, years to 31 March", factor.label);
    let years: Vec<i32> = (0..4).rev().map(|back| published.year - back).collect();
    let shares = factor.places.iter().flat_map(|place| &place.years).filter(|one| years.contains(&one.year));
    let decimals = Decimals::of(shares.filter_map(|one| Some((Unit::Proportion, one.share()?))));
    let cell = |place: &Place, year: i32| {
        place.years.iter().find(|one| one.year == year).map_or_else(
            || "-".to_owned(),
            |one| one.share().map_or_else(|| symbol(one), |share| decimals.number(Unit::Proportion, share)),
        )
    };
    let table = html! { table {
        caption { (caption) }
        thead { tr {
            th scope="col" { "Place" }
            @for year in &years { th scope="col" .n { (year) } }
            th scope="col" { "In " (published.year) ", against the range for its size" }
        } }
        tbody { @for place in &factor.places { tr {
            th scope="row" { (place.name) @if place.whose == Whose::Area { " (this area)" } }
            @for year in &years { td .n { (cell(place, *year)) } }
            td { @match place.whose { Whose::Area | Whose::Neighbour => (lies(place, published.year).trim_end_matches('.')), _ => "-" } }
        } } }
    } };
    pieces::scroll(&caption, &table)
}

/// The tables as one file.
pub(super) const COLUMNS: &[&str] =
    &["factor", "place", "whose", "year_to_march", "assessments_with_any_factor", "with_this_factor", "share"];

pub(super) fn rows(published: &Published) -> Vec<Vec<String>> {
    let count = |count: &Count| match count {
        Count::Number(number) => number.to_string(),
        Count::Symbol(symbol) => format!("[{symbol}]"),
    };
    let whose = |place: &Place| match place.whose {
        Whose::Area => "area",
        Whose::Neighbour => "neighbour",
        Whose::Region => "region",
        Whose::England => "england",
    };
    let of_place = |factor: &Factor, place: &Place| -> Vec<Vec<String>> {
        let row = |year: &Year| {
            vec![
                factor.id.clone(),
                place.name.clone(),
                whose(place).to_owned(),
                year.year.to_string(),
                count(&year.episodes),
                count(&year.found),
                year.share().map_or_else(String::new, |share| format!("{share:.4}")),
            ]
        };
        place.years.iter().map(row).collect()
    };
    let of_factor =
        |factor: &Factor| factor.places.iter().flat_map(|place| of_place(factor, place)).collect::<Vec<_>>();
    published.factors.iter().flat_map(of_factor).collect()
}
