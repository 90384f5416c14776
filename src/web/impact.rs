//! Impact of support: for each service, what changed for children who started against matched children who still waited.

use maud::{Markup, html};

use super::frame::{Context, Place, document};
use super::pieces;
use crate::charts::words;
use crate::release::{Board, Report, SupportComparison, SupportEffect, SupportVerdict};

/// The page; it has something to show only where the release compared anything.
pub(super) fn page(context: &Context<'_>) -> String {
    let report = context.inputs.report;
    let place = Place { depth: 0, path: "impact" };
    let main = html! {
        h1 { "Impact of support" }
        p .question { "Are children safer after a service starts than matched children who still wait for it?" }
        @if report.support.is_empty() {
            p .absent { "This cannot be known from the data supplied. Needs identified, referrals to services and missing episodes would answer it." }
        } @else {
            p .lead { (summary(report)) }
            @for outcome in ["missing_nights", "harm_days"] {
                @if of(report, outcome).next().is_some() { (by_outcome(report, outcome)) }
            }
            (before_and_after(report))
            (how(report))
        }
    };
    document(context, place, "Impact of support", &main)
}

/// What can be told and what cannot, in one sentence.
fn summary(report: &Report<Board>) -> String {
    let (helps, worse) = (services(report, SupportVerdict::Helps), services(report, SupportVerdict::Worse));
    let mut said = Vec::new();
    if !helps.is_empty() {
        said.push(format!(
            "Fewer nights missing or days with harm than among children still waiting: {}.",
            helps.join(", ")
        ));
    }
    if !worse.is_empty() {
        said.push(format!("More than among children still waiting: {}.", worse.join(", ")));
    }
    let cannot = report.support.iter().filter(|effect| effect.verdict == SupportVerdict::CannotTell).count();
    said.push(format!("Of {} comparisons, {cannot} cannot tell.", report.support.len()));
    said.join(" ")
}

/// The services with a comparison of this verdict, each once, as a reader says them.
pub(super) fn services(report: &Report<Board>, verdict: SupportVerdict) -> Vec<String> {
    let alike = report.support.iter().filter(|effect| effect.verdict == verdict);
    let mut names: Vec<String> = alike.map(|effect| words::lower_first(&words::level(&effect.service))).collect();
    names.dedup();
    names
}

fn outcome_in_words(outcome: &str) -> &'static str {
    match outcome {
        "missing_nights" => "Nights missing",
        _ => "Days with harm",
    }
}

fn by_outcome(report: &Report<Board>, outcome: &str) -> Markup {
    let caption = format!("{} per child in 90 days, by service", outcome_in_words(outcome));
    let table = html! {
        table {
            caption { (caption) }
            thead { tr {
                th scope="col" { "Service" }
                th scope="col" { "What the comparison says" }
                th scope="col" .n { "Difference" }
                th scope="col" .n { "95% interval" }
                th scope="col" .n { "Could have shown" }
                th scope="col" .n { "Matched" }
                th scope="col" .n { "Not matched" }
                th scope="col" .n { "Compared with" }
            } }
            tbody { @for effect in of(report, outcome) { tr {
                th scope="row" { (words::level(&effect.service)) }
                td { span class={ "mark " (class(effect.verdict)) } aria-hidden="true" { (mark(effect.verdict)) } " " (in_words(effect.verdict)) }
                @match &effect.comparison {
                    Some(one) => {
                        td .n { (signed(one.estimate)) }
                        td .n { (signed(one.lower)) " to " (signed(one.upper)) }
                        td .n { (hundredths(one.smallest_detectable)) }
                    }
                    None => { td .n { "-" } td .n { "-" } td .n { "-" } }
                }
                td .n { (count(effect.matched)) }
                td .n { (count(effect.unmatched)) }
                td .n { (count(effect.compared)) }
            } } }
        }
    };
    html! {
        section aria-labelledby=(outcome) {
            h2 id=(outcome) { (outcome_in_words(outcome)) }
            p { "Difference: the change in children who started, less the change in those compared; below zero is better. Could have shown: the smallest difference that this many children would have shown four times in five." }
            (pieces::scroll(&caption, &table))
        }
    }
}

fn of<'a>(report: &'a Report<Board>, outcome: &'a str) -> impl Iterator<Item = &'a SupportEffect> {
    report.support.iter().filter(move |effect| effect.outcome == outcome)
}

/// Both groups over time: the trend they came with, and the change that a bare before and after would have shown.
fn before_and_after(report: &Report<Board>) -> Markup {
    let caption = "Per child: 180 to 91 days before, the 90 days before, and the 90 days from the start on";
    let shown: Vec<(&SupportEffect, &SupportComparison)> =
        report.support.iter().filter_map(|effect| Some((effect, effect.comparison.as_ref()?))).collect();
    let table = html! {
        table {
            caption { (caption) }
            thead { tr {
                th scope="col" { "Service and outcome" }
                th scope="col" .n { "Started: earlier" }
                th scope="col" .n { "before" }
                th scope="col" .n { "after" }
                th scope="col" .n { "Still waiting: earlier" }
                th scope="col" .n { "before" }
                th scope="col" .n { "after" }
                th scope="col" .n { "Unlike before" }
            } }
            tbody { @for (effect, one) in &shown { tr {
                th scope="row" { (words::level(&effect.service)) ", " (words::lower_first(outcome_in_words(&effect.outcome))) }
                @for value in one.started.iter().chain(&one.waiting) { td .n { (hundredths(*value)) } }
                td .n { (one.balance_before.map_or_else(|| "-".into(), signed)) }
            } } }
        }
    };
    html! {
        section aria-labelledby="trend" {
            h2 #trend { "Why a bare before and after misleads" }
            p { "Children start a service when things are at their worst, and most would improve anyway: look at the children still waiting. A bare before and after counts that improvement as the service's. It is shown here only as what it is." }
            (pieces::scroll(caption, &table))
            p .small { "Unlike before: the difference between the groups in the 90 days before, in standard deviations; beyond 0.25 either way the groups are too unlike for much trust." }
        }
    }
}

fn how(report: &Report<Board>) -> Markup {
    let not_followed: Option<u64> = of(report, "missing_nights").map(|effect| effect.not_followed).sum::<Option<u64>>();
    let measure = report.measures.iter().find(|measure| measure.id == "support_effect");
    html! {
        section aria-labelledby="how" {
            h2 #how { "How children are compared" }
            @if let Some(measure) = measure {
                p { (measure.definition) }
                dl {
                    dt { "Ask this" } dd { (measure.ask) }
                    dt { "What this cannot tell you" } dd { (measure.cannot_tell) }
                    dt { "Method" } dd { (measure.method) ". " (measure.source) "." }
                    @if let Some(count) = not_followed {
                        dt { "Not followed" } dd { (words::whole(i64::try_from(count).unwrap_or(i64::MAX))) " starts lie too near an end of the data to be seen 90 days before and after, over all services." }
                    }
                }
                p { a href="./measures/support_effect" { "The measure's own page" } }
            }
        }
    }
}

fn in_words(verdict: SupportVerdict) -> &'static str {
    match verdict {
        SupportVerdict::Helps => "Helps: fewer than among children still waiting, with the whole interval",
        SupportVerdict::NoClearEffect => "No clear effect: an effect worth having would have been seen",
        SupportVerdict::Worse => "Worse: more than among children still waiting, with the whole interval",
        SupportVerdict::CannotTell => "Cannot tell: too few children, or an effect worth having could have been missed",
    }
}

fn mark(verdict: SupportVerdict) -> &'static str {
    match verdict {
        SupportVerdict::Helps => "▼",
        SupportVerdict::NoClearEffect => "●",
        SupportVerdict::Worse => "◆",
        SupportVerdict::CannotTell => "○",
    }
}

fn class(verdict: SupportVerdict) -> &'static str {
    match verdict {
        SupportVerdict::Helps => "good",
        SupportVerdict::Worse => "concern",
        SupportVerdict::NoClearEffect | SupportVerdict::CannotTell => "quiet",
    }
}

fn count(children: Option<u64>) -> String {
    children.map_or_else(|| "[c]".into(), |count| words::whole(i64::try_from(count).unwrap_or(i64::MAX)))
}

fn hundredths(value: f64) -> String {
    format!("{value:.2}")
}

/// `−0.40`, `0.00`, `+1.20`.
fn signed(value: f64) -> String {
    let shown = format!("{:.2}", value.abs());
    match shown.as_str() {
        "0.00" => shown,
        _ if value < 0.0 => format!("\u{2212}{shown}"),
        _ => format!("+{shown}"),
    }
}
