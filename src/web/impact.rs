//! Impact of support: for each service, what changed for children who started against matched children who still waited.

use maud::{Markup, html};

use super::frame::{Context, Place, document};
use super::{pieces, plan_pieces};
use crate::charts::{EffectRow, EffectSays, Effects, words};
use crate::release::{Board, Report, SupportComparison, SupportEffect, SupportVerdict};

/// What is compared, in the order of the page.
const OUTCOMES: [&str; 2] = ["missing_nights", "harm_days"];

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
            @for outcome in OUTCOMES {
                @if of(report, outcome).next().is_some() { p .lead { (summary(report, outcome)) } }
            }
            @for outcome in OUTCOMES {
                @if of(report, outcome).next().is_some() { (by_outcome(report, outcome)) }
            }
            (before_and_after(report))
            (how(report))
        }
    };
    document(context, place, "Impact of support", &main)
}

/// What can be told and what cannot, a sentence an outcome.
fn summary(report: &Report<Board>, outcome: &str) -> String {
    let named = |verdict| {
        let alike = of(report, outcome).filter(|effect| effect.verdict == verdict);
        let name = |effect: &SupportEffect| {
            let name = words::lower_first(&words::level(&effect.service));
            let sized = matches!(verdict, SupportVerdict::Helps | SupportVerdict::Worse);
            match effect.comparison.as_ref().filter(|_| sized) {
                Some(one) => format!("{name} ({})", words::lower_first(&of_a_hundred(outcome, verdict, one))),
                None => name,
            }
        };
        alike.map(name).collect::<Vec<String>>()
    };
    let (helps, worse) = (named(SupportVerdict::Helps), named(SupportVerdict::Worse));
    let (none, cannot) = (named(SupportVerdict::NoClearEffect), named(SupportVerdict::CannotTell));
    let mut said = Vec::new();
    if !helps.is_empty() {
        said.push(format!("fewer than among children still waiting after {}", helps.join(", ")));
    }
    if !worse.is_empty() {
        said.push(format!("more than among children still waiting after {}", worse.join(", ")));
    }
    if !none.is_empty() {
        said.push(format!("no clear effect of {}", none.join(", ")));
    }
    if !cannot.is_empty() {
        let services = if cannot.len() == 1 { "service" } else { "services" };
        said.push(format!("it cannot be told of {} {services}", words::in_words(cannot.len())));
    }
    format!("{}: {}.", outcome_in_words(outcome), said.join("; "))
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
                td {
                    span class={ "mark " (class(effect.verdict)) } aria-hidden="true" { (mark(effect.verdict)) } " " (in_words(effect.verdict))
                    @if let Some(one) = &effect.comparison { br; span .when { (of_a_hundred(outcome, effect.verdict, one)) } }
                }
                @match &effect.comparison {
                    Some(one) => {
                        td .n { (words::signed_hundredths(one.estimate)) }
                        td .n { (interval(effect.verdict, one)) }
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
    let chart = picture(report, outcome);
    html! {
        section aria-labelledby=(outcome) {
            h2 id=(outcome) { (outcome_in_words(outcome)) }
            (plan_pieces::drawn("./", &chart.title, &caption, &chart.svg(), &chart.describe(), Some(HOW), &pieces::scroll(&caption, &table)))
        }
    }
}

/// How to read the chart and its table.
const HOW: &str = "Difference: the change in children who started, less the change in matched children still waiting, per child in 90 days; left of the line is better. The line through a mark is the range in which the true difference plausibly lies (95% interval); an arrow says that it goes on. ▼ helps, ● no clear effect, ◆ worse, ○ cannot tell. In the table, could have shown: the smallest difference that this many children would have shown four times in five.";

fn picture(report: &Report<Board>, outcome: &str) -> Effects {
    let row = |effect: &SupportEffect| EffectRow {
        label: words::level(&effect.service),
        says: match effect.verdict {
            SupportVerdict::Helps => EffectSays::Fewer,
            SupportVerdict::Worse => EffectSays::More,
            SupportVerdict::NoClearEffect => EffectSays::NoClearEffect,
            SupportVerdict::CannotTell => EffectSays::CannotTell,
        },
        figures: effect.comparison.as_ref().map(|one| (one.lower, one.estimate, one.upper)),
    };
    Effects {
        id: format!("effects-{}", outcome.replace('_', "-")),
        title: format!("{}: difference after a service starts", outcome_in_words(outcome)),
        fewer: "fewer: better".into(),
        more: "more: worse".into(),
        rows: of(report, outcome).map(row).collect(),
    }
}

/// The interval; an end that rounds to nought though the whole interval lies to one side says on which side it is.
pub(super) fn interval(verdict: SupportVerdict, one: &SupportComparison) -> String {
    let end = |value: f64| {
        let shown = words::signed_hundredths(value);
        match (shown.as_str(), verdict) {
            ("0.00", SupportVerdict::Helps) => "just below 0".to_owned(),
            ("0.00", SupportVerdict::Worse) => "just above 0".to_owned(),
            _ => shown,
        }
    };
    format!("{} to {}", end(one.lower), end(one.upper))
}

/// The same for a hundred children, in whole nights or days: `Of 100 children in 90 days: 17 fewer nights (hardly any to
/// 33 fewer)`.
pub(super) fn of_a_hundred(outcome: &str, verdict: SupportVerdict, one: &SupportComparison) -> String {
    let what = if outcome == "missing_nights" { "nights" } else { "days" };
    let said = |value: f64| match (value * 100.0).round() as i64 {
        0 if matches!(verdict, SupportVerdict::Helps | SupportVerdict::Worse) => "hardly any".to_owned(),
        0 => "no difference".to_owned(),
        less if less < 0 => format!("{} fewer", words::whole(-less)),
        more => format!("{} more", words::whole(more)),
    };
    let (near, far) = if one.estimate < 0.0 { (one.upper, one.lower) } else { (one.lower, one.upper) };
    match verdict {
        SupportVerdict::Helps | SupportVerdict::Worse => {
            format!("For 100 children in 90 days: {} {what}; range {} to {}", said(one.estimate), said(near), said(far))
        }
        SupportVerdict::NoClearEffect | SupportVerdict::CannotTell => {
            format!("For 100 children in 90 days, in {what}: from {} to {}", said(one.lower), said(one.upper))
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
                td .n { (one.balance_before.map_or_else(|| "-".into(), words::signed_hundredths)) }
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
