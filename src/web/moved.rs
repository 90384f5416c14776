//! What finishing changed: each completed action against the outcomes it was meant to move.

use maud::{Markup, html};

use super::pieces;
use crate::charts::words::{number, upper_first};
use crate::domain::{Unit, british_date};
use crate::plan::{Effect, Moved, WhyNot, completed_by, judged, moved::LAG_MONTHS, moved::MONTHS_BEFORE_TELLING};
use crate::release::{Board, Measure, Plan, PlanAction, Report};

/// One completed action against one outcome.
pub(super) struct Verdict<'a> {
    pub(super) action: &'a PlanAction,
    pub(super) measure_id: &'a str,
    pub(super) measure: Option<&'a Measure>,
    pub(super) moved: Moved,
}

/// Every completed action against each of its outcomes, in order of the plan.
pub(super) fn verdicts<'a>(report: &'a Report<Board>, plan: &'a Plan) -> Vec<Verdict<'a>> {
    plan.actions.iter().flat_map(|action| of_action(report, action)).collect()
}

/// The outcomes of one action; none while it is open.
pub(super) fn of_action<'a>(report: &'a Report<Board>, action: &'a PlanAction) -> Vec<Verdict<'a>> {
    let Some(done_on) = completed_by(&action.action, report.about.as_at) else { return Vec::new() };
    let verdict = |measure_id: &'a String| Verdict {
        action,
        measure_id,
        measure: report.measures.iter().find(|measure| &measure.id == measure_id),
        moved: judged(report, measure_id, done_on, action.action.expected),
    };
    action.action.measures.iter().map(verdict).collect()
}

/// The verdict in words with its mark.
pub(super) fn says(moved: &Moved) -> (&'static str, &'static str, &'static str) {
    match moved {
        Moved::Improving(_) => ("good", "▲", "Improving since"),
        Moved::NoClearChange(_) => ("quiet", "●", "No clear change since"),
        Moved::GettingWorse(_) => ("concern", "◆", "Getting worse since"),
        Moved::TooEarly { .. } => ("quiet", "○", "Too early to tell"),
        Moved::CannotBeKnown(_) => ("quiet", "○", "Cannot be known"),
    }
}

/// The estimate with its interval, or why there is none.
pub(super) fn estimate(moved: &Moved, measure: Option<&Measure>) -> String {
    match moved {
        Moved::TooEarly { months } => format!(
            "{months} complete {} since; {MONTHS_BEFORE_TELLING} are needed",
            if *months == 1 { "month" } else { "months" }
        ),
        Moved::CannotBeKnown(why) => why_not(*why),
        Moved::Improving(effect) | Moved::NoClearChange(effect) | Moved::GettingWorse(effect) => {
            measure.map_or_else(String::new, |measure| effect_in_words(effect, measure.unit))
        }
    }
}

fn why_not(why: WhyNot) -> String {
    match why {
        WhyNot::NoSuchMeasure => "this release has no such measure".into(),
        WhyNot::NoData => "the data supplied cannot answer the measure".into(),
        WhyNot::NotMonthly => "the measure has no complete monthly figure".into(),
        WhyNot::TooFewMonths { before, after } => {
            format!("{before} months can be shown up to it and {after} after it; 8 on each side are needed")
        }
        WhyNot::NoDirection => "neither way is better, and the action does not say which way it should go".into(),
        WhyNot::NoFit => "too few events for a line before or after".into(),
    }
}

/// `in October 2026 4 points below the earlier line (95% interval 9 below to 1 above)`.
fn effect_in_words(effect: &Effect, unit: Unit) -> String {
    let ratio = |value: f64| {
        let percent = ((value - 1.0) * 100.0).round();
        if percent < 0.0 { format!("{:.0}% below", -percent) } else { format!("{percent:.0}% above") }
    };
    let difference = |value: f64| {
        let shown = match unit {
            Unit::Proportion => format!("{:.1} points", (value * 100.0).abs()),
            unit => number(unit, value.abs()),
        };
        format!("{shown} {}", if value < 0.0 { "below" } else { "above" })
    };
    let told = |value: f64| if effect.is_ratio { ratio(value) } else { difference(value) };
    format!(
        "{}: {} where the months before were heading (95% interval {} to {}); {} months before, {} after",
        effect.month.in_words(),
        told(effect.value),
        told(effect.lower),
        told(effect.upper),
        effect.months_before,
        effect.months_after,
    )
}

/// How many completed actions moved what they were meant to, in one sentence.
pub(super) fn in_one_sentence(verdicts: &[Verdict<'_>]) -> String {
    let count = |of: fn(&Moved) -> bool| verdicts.iter().filter(|one| of(&one.moved)).count();
    if verdicts.is_empty() {
        return "No completed action is linked to an outcome, so nothing can be said of what finishing changed.".into();
    }
    format!(
        "Of {} links from a completed action to an outcome: {} improving since, {} no clear change, {} getting worse, {} too early to tell, {} cannot be known.",
        verdicts.len(),
        count(|moved| matches!(moved, Moved::Improving(_))),
        count(|moved| matches!(moved, Moved::NoClearChange(_))),
        count(|moved| matches!(moved, Moved::GettingWorse(_))),
        count(|moved| matches!(moved, Moved::TooEarly { .. })),
        count(|moved| matches!(moved, Moved::CannotBeKnown(_))),
    )
}

/// What finishing has changed so far, of the outcomes that can be told, in one sentence for the head of a page.
pub(super) fn found(verdicts: &[Verdict<'_>]) -> String {
    let told = verdicts.iter().filter(|one| is_told(&one.moved)).count();
    if told == 0 {
        return "Nothing can be told yet of what finishing an action changed.".into();
    }
    let unmoved: Vec<&str> =
        verdicts.iter().filter(|one| is_unmoved(&one.moved)).map(|one| one.action.action.id.as_str()).collect();
    let told = if told == 1 { "one outcome".to_owned() } else { format!("{told} outcomes") };
    if unmoved.is_empty() {
        return format!("Of the {told} of finished actions that can be told so far, none was left unmoved.");
    }
    format!(
        "Of the {told} of finished actions that can be told so far, {} did not get better: {}.",
        unmoved.len(),
        unmoved.join(", ")
    )
}

/// Enough months have passed to say something.
fn is_told(moved: &Moved) -> bool {
    matches!(moved, Moved::Improving(_) | Moved::NoClearChange(_) | Moved::GettingWorse(_))
}

/// Finished, but its outcome shows no clear change or is getting worse.
pub(super) fn is_unmoved(moved: &Moved) -> bool {
    matches!(moved, Moved::NoClearChange(_) | Moved::GettingWorse(_))
}

/// What finishing changed, the unmoved first, with what it can and cannot say.
pub(super) fn done_but_unmoved(report: &Report<Board>, plan: &Plan) -> Markup {
    let verdicts = verdicts(report, plan);
    let unlinked = plan
        .actions
        .iter()
        .filter(|one| one.action.measures.is_empty() && completed_by(&one.action, report.about.as_at).is_some());
    let unlinked = unlinked.count();
    let (told, untold): (Vec<_>, Vec<_>) = verdicts.iter().partition(|one| is_told(&one.moved));
    let (unmoved, improving): (Vec<_>, Vec<_>) = told.into_iter().partition(|one| is_unmoved(&one.moved));
    html! {
        p { (in_one_sentence(&verdicts)) @if unlinked > 0 { " " (unlinked) @if unlinked == 1 { " completed action names" } @else { " completed actions name" } " no outcome at all." } }
        @if !verdicts.is_empty() {
            h3 { "Finished, but nothing got better" }
            @if unmoved.is_empty() { p .absent { "None that can be told yet." } }
            @else { (table("Finished actions whose outcome shows no clear change, or is getting worse", &unmoved)) }
            h3 { "Finished, and the outcome is improving since" }
            @if improving.is_empty() { p .absent { "None that can be told yet." } }
            @else { (table("Finished actions whose outcome is improving since", &improving)) }
            @if !untold.is_empty() {
                details {
                    summary { "Too early to tell, or cannot be known: " (untold.len()) }
                    (table("Finished actions of which it cannot be told yet", &untold))
                }
            }
            (caution())
            (pieces::csv_link("./", "tables/plan-moved.csv", "these tables"))
        }
    }
}

fn table(caption: &str, verdicts: &[&Verdict<'_>]) -> Markup {
    let table = html! { table {
        caption { (caption) }
        thead { tr { th scope="col" { "Action" } th scope="col" { "Done" } th scope="col" { "Outcome" } th scope="col" { "What it has done since" } th scope="col" { "Estimate" } } }
        tbody { @for one in verdicts {
            @let (class, mark, words) = says(&one.moved);
            tr {
                th scope="row" { a href={ "./plan/" (one.action.slug) } { (one.action.action.id) ": " (one.action.action.title) } }
                td { @if let Some(on) = one.action.action.completed_on { (british_date(on)) } }
                td { @match one.measure { Some(measure) => a href={ "./measures/" (measure.id) } { (measure.title) }, None => (one.measure_id) } }
                td { span class={ "mark " (class) } aria-hidden="true" { (mark) } " " (words) }
                td { (upper_first(&estimate(&one.moved, one.measure))) }
            }
        } }
    } };
    pieces::scroll(caption, &table)
}

/// What the estimate is, and what it cannot tell.
pub(super) fn caution() -> Markup {
    html! {
        p .small {
            "Each estimate compares the latest complete month with what the line of the months before completion would have come to: "
            "segmented regression on displayed monthly figures, errors by Newey and West over " (LAG_MONTHS) " months. "
            "It says what the figure did after the action was done, not that the action did it: one series without a comparison cannot tell, and other things happened too. "
            "Nothing is said until " (MONTHS_BEFORE_TELLING) " complete months have passed: in a small area even a fall of a quarter signals within six months only one time in four."
        }
    }
}
