//! `explain`: a measure's question, definition, SQL, sources, last twelve values, and what it cannot tell.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::anyhow;
use serde_json::json;

use super::releases::newest;
use super::tell::Tell;
use crate::domain::{Dimension, Figure, Period};
use crate::release::{Board, Measure, Report, Sufficiency, open_board};

pub(super) fn run(project: &Path, id: &str, tell: &Tell) -> anyhow::Result<()> {
    let report = open_board(&newest(project)?.dir)?;
    let measure = report.measures.iter().find(|measure| measure.id == id).ok_or_else(|| {
        let known: Vec<_> = report.measures.iter().map(|measure| measure.id.as_str()).collect();
        anyhow!("no measure `{id}`\nhint: the measures are {}", known.join(", "))
    })?;
    let values = last_twelve(&report, measure);
    tell.say(&words(measure, &values), &json!({ "measure": measure, "values": values }));
    Ok(())
}

/// The last twelve monthly figures for the whole, the headline part.
fn last_twelve(report: &Report<Board>, measure: &Measure) -> Vec<Figure> {
    let headline = |figure: &&Figure| {
        figure.measure == measure.id
            && figure.dimension == Dimension::Total
            && figure.part() == measure.headline_part.as_deref()
    };
    let mut figures: Vec<Figure> = report.figures.iter().filter(headline).cloned().collect();
    if figures.iter().any(|figure| matches!(figure.period, Period::Month(_))) {
        figures.retain(|figure| matches!(figure.period, Period::Month(_)));
    }
    figures.sort_by_key(|figure| figure.period);
    figures.split_off(figures.len().saturating_sub(12))
}

fn words(measure: &Measure, values: &[Figure]) -> String {
    let mut words = format!("{}\n{}\n\n{}\n", measure.title, measure.question, measure.definition);
    let _ = writeln!(words, "\nnumerator: {}\ndenominator: {}", measure.numerator, measure.denominator);
    for rule in &measure.rules {
        let _ = writeln!(words, "{}: {}", rule.title, rule.says.join(" "));
    }
    let _ = writeln!(words, "method: {}\nsource: {}", measure.method, measure.source);
    let _ = writeln!(words, "owner: {}, reviewed on {}", measure.owner, measure.reviewed_on);
    let _ = match &measure.sufficiency {
        Sufficiency::Sufficient => writeln!(words, "data: sufficient"),
        Sufficiency::Partial { because } => writeln!(words, "data: partial. {}", because.join(" ")),
        Sufficiency::CannotBeKnown { wanted } => {
            writeln!(words, "data: cannot be known from the data supplied; wanted: {}", wanted.join(", "))
        }
    };
    let _ = writeln!(words, "\nask this: {}\ncannot tell: {}", measure.ask, measure.cannot_tell);
    let _ = writeln!(words, "\n{}\n", measure.sql);
    for figure in values {
        let number = |value: Option<f64>| value.map_or_else(String::new, |value| format!("{value:.3}"));
        let symbol = figure.symbol.map_or("", |symbol| symbol.in_words());
        let provisional = if figure.provisional { "provisional" } else { "" };
        let _ = writeln!(
            words,
            "{:<14} {:>10} {:>10} {:>10} {symbol}{provisional}",
            figure.period.to_string(),
            number(figure.value),
            number(figure.lower),
            number(figure.upper),
        );
    }
    words
}
