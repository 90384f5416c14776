//! Pages that explain the others: definitions, methods, releases, accessibility, and what to say when nothing is found.

use maud::{Markup, html};

use super::frame::{Context, Place, document};
use super::pieces::{csv_link, scroll};
use super::site::ReleaseListing;
use crate::charts::words;
use crate::domain::british_date;
use crate::release::Kind;

/// Words and abbreviations a reader may meet, spelled out.
const GLOSSARY: [(&str, &str); 19] = [
    ("95% interval", "The range in which the true value plausibly lies, given how few or many events there were."),
    ("As-at date", "The last day counted in a report."),
    (
        "Child-days at risk",
        "Days that children spent in a risk period; the denominator of rates, so that more children known does not look like more harm.",
    ),
    (
        "Clock of unassessed risk",
        "Runs from a signal that a child may be exploited until the risk is assessed, closed without assessment, or the child leaves.",
    ),
    ("Cohort", "Children whose clock or need began in the same month or quarter."),
    ("CSV", "Comma-separated values: a plain file that any spreadsheet opens."),
    ("DfE", "Department for Education."),
    ("ED", "Emergency department of a hospital."),
    ("Median", "The middle value: half are shorter, half longer."),
    (
        "NRM",
        "National Referral Mechanism: how potential victims of modern slavery are identified in the United Kingdom.",
    ),
    ("Outcome", "What happened to children, as against what services did."),
    ("Process measure", "What services did. It stands beneath the outcome it explains and never for it."),
    (
        "Provisional",
        "A period whose events could still change because not enough days have passed. It is never judged.",
    ),
    (
        "Return home interview (RHI)",
        "A conversation with an independent person after a child comes back from being missing.",
    ),
    ("Rolling 12 months", "The twelve months that end with the month named."),
    ("SQL", "Structured Query Language: how each measure says which rows it counts."),
    ("SSD", "Stable and Secure Data: a format in which councils hold children's social care records."),
    ("SSDA903", "The yearly return on looked-after children that councils send to the Department for Education."),
    ("Withheld [c]", "A number so small, or so near to being worked out from others, that it could point to a child."),
];

fn place(path: &str) -> Place<'_> {
    Place { depth: 0, path }
}

pub(super) fn definitions(context: &Context<'_>) -> String {
    let report = context.inputs.report;
    let table = html! { table {
        caption { "Every threshold as this partnership set it" }
        thead { tr { th scope="col" { "What it decides" } th scope="col" { "Set to" } th scope="col" { "Name" } } }
        tbody { @for one in &report.about.definitions { tr {
            th scope="row" { (words::upper_first(&one.decides)) }
            td { (one.value.replace(',', ", ").replace(",  ", ", ")) }
            td { code { (one.name) } }
        } } }
    } };
    let main = html! {
        h1 { "Definitions and glossary" }
        p { "Each threshold is set in the partnership's configuration and printed where its figure is shown." }
        h2 { "Thresholds" }
        (scroll("Every threshold as this partnership set it", &table))
        (csv_link("./", "tables/definitions.csv", "the thresholds"))
        h2 { "Measures" }
        dl { @for measure in &report.measures {
            dt { a href={ "./measures/" (measure.id) } { (measure.title) } }
            dd { (measure.definition) }
        } }
        h2 { "Glossary" }
        dl { @for (term, meaning) in GLOSSARY { dt { (term) } dd { (meaning) } } }
    };
    document(context, place("definitions"), "Definitions and glossary", &main)
}

pub(super) fn methods(context: &Context<'_>) -> String {
    let report = context.inputs.report;
    let rows = |kind: Kind| report.measures.iter().filter(move |measure| measure.kind == kind);
    let table = |caption: &str, kind: Kind| -> Markup {
        scroll(
            caption,
            &html! { table {
                caption { (caption) }
                thead { tr { th scope="col" { "Measure" } th scope="col" { "Method" } th scope="col" { "In words" } } }
                tbody { @for measure in rows(kind) { tr {
                    th scope="row" { a href={ "./measures/" (measure.id) } { (measure.title) } }
                    td { (measure.method) }
                    td { (words::method_in_words(measure.shape)) }
                } } }
            } },
        )
    };
    let main = html! {
        h1 { "Methods" }
        h2 { "What is judged, and how" }
        p { "A measure with a target is judged on its latest complete period alone. The target is missed if the value is on its wrong side. Where the whole 95% interval is on the wrong side too, chance in that period's events is an unlikely explanation; where the interval reaches the target, it is a possible one." }
        p { (words::CHANGE) ". Ups and downs from month to month are mostly chance where numbers are small." }
        p { "A provisional period is never judged. A withheld period is a gap in its line, never a nought." }
        h2 { "The order of the first screen" }
        p { "Target missed with the whole interval; target missed with the interval reaching it; cannot be known from the data supplied; no complete period to show; no target set. Within each, the order of the table below. Areas, teams and people are never ranked." }
        h2 { "By measure" }
        (table("Outcome measures", Kind::Outcome))
        @if rows(Kind::Process).next().is_some() { (table("Process measures", Kind::Process)) }
        @if rows(Kind::Context).next().is_some() { (table("Context", Kind::Context)) }
        h2 { "Protecting children in small numbers" }
        p { (words::upper_first(&report.about.policy)) ". Every number on these pages, every bar and every point of a line, is made from figures that have passed this rule." }
    };
    document(context, place("methods"), "Methods", &main)
}

pub(super) fn releases(context: &Context<'_>) -> String {
    let current = &context.inputs.report.id;
    let table = html! { table {
        caption { "Releases, newest first" }
        thead { tr { th scope="col" { "Release" } th scope="col" { "Month" } th scope="col" { "Data to" } th scope="col" { "Status" } th scope="col" { "What changed" } } }
        tbody { @for one in context.inputs.releases { tr {
            th scope="row" { code { (one.id) } }
            td { @if one.status == "verified" && newest(one, context.inputs.releases) { a href={ "./?month=" (one.month) } { (one.month.in_words()) } } @else { (one.month.in_words()) } }
            td { (british_date(one.as_at)) }
            td { (words::upper_first(&one.status)) }
            td { @match before(one, context.inputs.releases) {
                Some(before) => { a href={ "./compare/" (before.id) "/" (one.id) } { "Since the one before" span .hidden { ", to " (british_date(before.as_at)) ", compared with " (one.id) } } }
                None => "-",
            } }
        } } }
    } };
    let main = html! {
        h1 { "Releases" }
        p { "A release is made once and never changed. These pages show release " code { (current) } "." }
        @if context.inputs.releases.is_empty() { p { "No list of releases was given to this server." } }
        @else { (scroll("Releases, newest first", &table)) }
    };
    document(context, place("releases"), "Releases", &main)
}

/// The newest verified release of its month: what the month's address shows.
fn newest(one: &ReleaseListing, all: &[ReleaseListing]) -> bool {
    let verified = all.iter().find(|other| other.month == one.month && other.status == "verified");
    verified.is_some_and(|first| first.id == one.id)
}

/// The verified release before a verified one.
fn before<'a>(one: &ReleaseListing, all: &'a [ReleaseListing]) -> Option<&'a ReleaseListing> {
    let verified: Vec<&ReleaseListing> = all.iter().filter(|other| other.status == "verified").collect();
    let place = verified.iter().position(|other| other.id == one.id)?;
    verified.get(place + 1).copied()
}

/// The page of what changed between two releases, its title and content to be filled in.
pub(super) fn frame_of_changes(context: &Context<'_>, title: &str, filling: &str) -> String {
    let main = html! { (filling) p { a href="../../releases" { "All releases" } } };
    document(context, Place { depth: 2, path: "releases" }, title, &main)
}

pub(super) fn accessibility(context: &Context<'_>) -> String {
    let main = html! {
        h1 { "Accessibility statement" }
        p { "Sightline is meant to be used by everyone on the board, with a keyboard, a screen reader, large text or paper. It aims to meet the Web Content Accessibility Guidelines 2.2 at level AA." }
        h2 { "What you can do" }
        ul {
            li { "Reach everything with the keyboard, and see where you are." }
            li { "Zoom to 400% without losing anything; on a narrow window, wide tables and charts scroll within themselves." }
            li { "Read every chart as words and as a table, beneath it." }
            li { "Tell every mark by its shape and its words as well as its colour." }
            li { "Read it without any script: there is none." }
            li { "Print any page." }
        }
        h2 { "How it was checked" }
        p { "Every page is checked in a browser with axe-core, at three widths, as part of each change. Automatic checks find some barriers and not others." }
        h2 { "What is known to fall short" }
        p { "Chart text is placed by estimated widths, so a long name of a locality or service may be shortened in a chart; it is whole in the table beneath." }
        h2 { "If something stands in your way" }
        p { "Tell whoever runs Sightline for " (context.inputs.report.about.partnership) ". Say which page, and what you use to read it." }
    };
    document(context, place("accessibility"), "Accessibility statement", &main)
}

pub(super) fn not_found(context: &Context<'_>, depth: usize) -> String {
    let place = Place { depth, path: "not-found" };
    let root = place.root();
    let main = html! {
        h1 { "There is no such page" }
        p { "The address may be mistyped, or the page may belong to another release." }
        p { "Start from the " a href=(root) { "first screen" } ", or choose a measure:" }
        (measure_list(context, &root))
    };
    document(context, place, "There is no such page", &main)
}

pub(super) fn bad_query(context: &Context<'_>, depth: usize) -> String {
    let place = Place { depth, path: "bad-query" };
    let root = place.root();
    let main = html! {
        h1 { "This address asks for something that is not offered" }
        p { "After a question mark, pages take a month that was released and nothing else, as in " code { "?month=" (context.inputs.report.about.month) } ". Every breakdown is on the page itself. The " a href={ (root) "releases" } { "releases" } " lists the months; without a question mark each page shows the latest." }
        p { "Or start from the " a href=(root) { "first screen" } ", or choose a measure:" }
        (measure_list(context, &root))
    };
    document(context, place, "Not offered", &main)
}

fn measure_list(context: &Context<'_>, root: &str) -> Markup {
    html! { ul { @for measure in &context.inputs.report.measures {
        li { a href={ (root) "measures/" (measure.id) } { (measure.title) } }
    } } }
}
