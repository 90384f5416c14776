//! Pages that explain the others: definitions, methods, releases, accessibility, and what to say when nothing is found.

use maud::{Markup, html};

use super::frame::{Context, Place, document};
use super::pieces::{csv_link, scroll};
use super::site::ReleaseListing;
use crate::charts::words;
use crate::domain::{SharedRule, british_date};
use crate::judgement::{Method, judge};
use crate::release::Kind;

/// Words and abbreviations a reader may meet, spelled out.
const GLOSSARY: [(&str, &str); 48] = [
    ("95% interval", "The range in which the true value plausibly lies, given how few or many events there were."),
    ("A&E", "Accident and emergency: see ED."),
    (
        "Age",
        "Counted in whole years from the first day of the month of birth, since no more of a birth date is kept. A child is 18, and no longer counted, from the first day of the month of the eighteenth birthday.",
    ),
    ("As-at date", "The last day counted in a report."),
    (
        "Average",
        "On a control chart: all that was counted over all it was counted of, or the mean of the periods drawn.",
    ),
    ("CCE", "Child criminal exploitation."),
    (
        "Child-days at risk",
        "Days that children spent in a risk period; the denominator of rates, so that more children known does not look like more harm.",
    ),
    ("CLA", "Child looked after by the council."),
    (
        "Clock of unassessed risk",
        "Runs from a signal that a child may be exploited until the risk is assessed, closed without assessment, or the child leaves.",
    ),
    ("Cohort", "Children whose clock or need began in the same month or quarter."),
    ("Control chart", "A line with its average and limits, that tells a change from what always varies."),
    ("CSE", "Child sexual exploitation."),
    ("CSV", "Comma-separated values: a plain file that any spreadsheet opens."),
    ("DfE", "Department for Education."),
    ("ED", "Emergency department of a hospital."),
    ("Funnel limits", "The band in which chance would put a group of a given size if it were like the whole."),
    (
        "Gap",
        "A period with nothing to show: withheld, not supplied or not known. It is never a nought, and it breaks every run.",
    ),
    ("HMAC", "Keyed hash: how a child's identifier is replaced at the door, so that it cannot be read back."),
    (
        "Limit",
        "Where a value would hardly ever stray if nothing had changed; about three standard deviations from the average.",
    ),
    ("M and A", "Missing (whereabouts not known) and away (known, but not where the child should be)."),
    ("MACE", "Multi-agency child exploitation panel."),
    ("MARAC, MASH", "Multi-agency risk assessment conference; multi-agency safeguarding hub."),
    ("Median", "The middle value: half are shorter, half longer."),
    ("NHS", "National Health Service."),
    (
        "NRM",
        "National Referral Mechanism: how potential victims of modern slavery are identified in the United Kingdom.",
    ),
    ("Outcome", "What happened to children, as against what services did."),
    ("Over-dispersion", "Groups or months differing by more than chance even when nothing is amiss."),
    (
        "p′ chart, u′ chart",
        "Control charts of shares and of rates, their limits widened where periods differ by more than chance.",
    ),
    ("PDF, XLSX, SVG", "Files for documents, spreadsheets and drawings."),
    (
        "Phase",
        "A stretch of a chart with limits of its own. A new one begins only where recording changed, with the reason.",
    ),
    ("Process measure", "What services did. It stands beneath the outcome it explains and never for it."),
    (
        "Provisional",
        "A period whose events could still change because not enough days have passed. It is never judged.",
    ),
    ("Quarter", "Three months that end with March, June, September or December."),
    (
        "Return home interview (RHI)",
        "A conversation with an independent person after a child comes back from being missing.",
    ),
    (
        "Rolling 12 months",
        "The twelve months that end with the month named. Years end at the last complete quarter and a year apart, so that no two overlap.",
    ),
    (
        "Section 47",
        "An enquiry into whether a child is suffering or likely to suffer significant harm (Children Act 1989).",
    ),
    (
        "Signal",
        "Of a chart: a point or run that is unlikely to be chance. Of a child: a sign that they may be exploited.",
    ),
    ("SPC", "Statistical process control: the use of control charts."),
    ("SQL", "Structured Query Language: how each measure says which rows it counts."),
    ("SSD", "Standard Safeguarding Dataset: a format in which councils hold children's social care records."),
    ("SSDA903", "The yearly return on looked-after children that councils send to the Department for Education."),
    ("Stock", "How many there are on one day, such as children waiting at a month's end."),
    ("Target", "A level the partnership set itself, with a date and a role that answers for it."),
    ("Trial limits", "Limits that rest on fewer than 13 points, and may still move."),
    ("Unassessed risk", "A signal that a child may be exploited, not yet followed by an assessment."),
    ("Withheld [c]", "A number so small, or so near to being worked out from others, that it could point to a child."),
    ("XmR chart", "A control chart of single values; its limits come from how far the value usually moves."),
    ("YJS", "Youth justice service."),
];

fn place(path: &str) -> Place<'_> {
    Place { depth: 0, path }
}

/// A threshold as a reader says it: `1,096`, `Police notification, Contact`.
fn set_to(value: &str) -> String {
    match value.parse() {
        Ok(number) => words::whole(number),
        Err(_) => value.split(',').map(|word| words::level(word.trim())).collect::<Vec<_>>().join(", "),
    }
}

pub(super) fn definitions(context: &Context<'_>) -> String {
    let report = context.inputs.report;
    let table = html! { table {
        caption { "Every threshold as this partnership set it" }
        thead { tr { th scope="col" { "What it decides" } th scope="col" { "Set to" } th scope="col" { "Name" } } }
        tbody { @for one in &report.about.definitions { tr {
            th scope="row" { (words::upper_first(&one.decides)) }
            td { (set_to(&one.value)) }
            td { code { (one.name) } }
        } } }
    } };
    let mut rules: Vec<&SharedRule> = report.measures.iter().flat_map(|measure| &measure.rules).collect();
    rules.sort_by_key(|rule| &rule.title);
    rules.dedup();
    let main = html! {
        h1 { "Definitions and glossary" }
        p .question { "What is counted, and by which rules?" }
        p {
            a href="#measures" { "Measures" } " · "
            @if !rules.is_empty() { a href="#rules" { "Rules that measures share" } " · " }
            a href="#thresholds" { "Thresholds" } " · "
            a href="#glossary" { "Glossary" }
        }
        h2 #measures { "Measures" }
        dl { @for measure in &report.measures {
            dt { a href={ "./measures/" (measure.id) } { (measure.title) } }
            dd { (measure.definition) }
        } }
        @if !rules.is_empty() {
            h2 #rules { "Rules that measures share" }
            @for rule in rules { h3 { (rule.title) } (super::pieces::steps(rule)) }
        }
        h2 #thresholds { "Thresholds" }
        p { "Each is set by the partnership and printed where its figure is shown." }
        (scroll("Every threshold as this partnership set it", &table))
        (csv_link("./", "tables/definitions.csv", "the thresholds"))
        h2 #glossary { "Glossary" }
        dl { @for (term, meaning) in GLOSSARY { dt { (term) } dd { (meaning) } } }
    };
    document(context, place("definitions"), "Definitions and glossary", &main)
}

pub(super) fn methods(context: &Context<'_>) -> String {
    let report = context.inputs.report;
    let rows = |kind: Kind| report.measures.iter().filter(move |measure| measure.kind == kind);
    let charted = report.measures.iter().filter(|measure| judge(measure, report).is_charted()).count();
    let table = |caption: &str, kind: Kind| -> Markup {
        scroll(
            caption,
            &html! { table {
                caption { (caption) }
                thead { tr {
                    th scope="col" { "Measure" } th scope="col" { "Change is judged on" }
                    th scope="col" { "Because" } th scope="col" { "Interval" }
                } }
                tbody { @for measure in rows(kind) { @let judged = judge(measure, report); tr {
                    th scope="row" { a href={ "./measures/" (measure.id) } { (measure.title) } }
                    td {
                        @if judged.choice.method == Method::None { (words::method_name(judged.choice.method)) }
                        @else { a href={ "#" (judged.choice.method.id()) } { (words::method_name(judged.choice.method)) } }
                    }
                    td { (words::upper_first(judged.choice.because)) "." }
                    td { (measure.method) }
                } } }
            } },
        )
    };
    let main = html! {
        h1 { "Methods" }
        p { "How each figure is made and judged, in words, with its source. Every chart's page names the method it used and leads here." }
        @if let Some(words) = words::chance(charted) { p .inset { (words) } }
        ul {
            @for method in &words::METHODS { li { a href={ "#" (method.id) } { (method.name) } } }
            li { a href="#order" { "The order of the first screen" } }
            li { a href="#by-measure" { "By measure" } }
            li { a href="#small-numbers" { "Protecting children in small numbers" } }
        }
        @for method in &words::METHODS {
            section aria-labelledby=(method.id) {
                h2 id=(method.id) { (method.name) }
                p { (method.says) }
                p .small { "Source: " (method.source) "." }
            }
        }
        h2 #order { "The order of the first screen" }
        p { "Getting worse and usually missing the target; usually missing the target; getting worse; cannot be known from the data supplied. Within each, the order of the tables below, which is no ranking. Areas, teams and people are never ranked." }
        h2 #by-measure { "By measure" }
        (table("Outcome measures", Kind::Outcome))
        @if rows(Kind::Process).next().is_some() { (table("Process measures", Kind::Process)) }
        @if rows(Kind::Context).next().is_some() { (table("Context", Kind::Context)) }
        h2 #small-numbers { "Protecting children in small numbers" }
        p { (words::upper_first(&report.about.policy)) ". Every number on these pages, every bar, limit and point of a line, is made from figures that have passed this rule." }
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
                Some(before) => { a href={ "./compare/" (before.id) "/" (one.id) } { "Since the one before" span .hidden { ": from " (before.id) " to " (one.id) } } }
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
            li { "Zoom to 400% without losing anything; in a narrow window charts are drawn narrower, and wide tables and the charts of the action plan scroll within themselves." }
            li { "Read every chart as words and as a table, beneath it." }
            li { "Tell every mark by its shape and its words as well as its colour." }
            li { "Read it without any script: none is needed." }
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

/// Where a month is asked for that was not released.
pub(super) fn no_month(context: &Context<'_>, depth: usize) -> String {
    let place = Place { depth, path: "no-month" };
    let root = place.root();
    let latest = context.inputs.report.about.month;
    let releases = context.inputs.releases;
    let earlier =
        releases.iter().filter(|one| one.month != latest && one.status == "verified" && newest(one, releases));
    let main = html! {
        h1 { "That month was not released" }
        p { "Each of these months can be read as it was released:" }
        ul {
            li { a href=(root) { (latest.in_words()) } ", the latest" }
            @for one in earlier { li { a href={ (root) "?month=" (one.month) } { (one.month.in_words()) } } }
        }
        p { "What each release changed is among the " a href={ (root) "releases" } { "releases" } "." }
    };
    document(context, place, "That month was not released", &main)
}

/// Where a chart is asked for that is on no page: which charts there are, each with its file.
pub(super) fn no_chart(context: &Context<'_>, charts: &[&str]) -> String {
    let main = html! {
        h1 { "There is no such chart" }
        p { "Beneath every chart stands a link that leads to its file, \u{201c}Download this chart (SVG)\u{201d}. An address ends with the chart's id, and these there are:" }
        ul { @for name in charts { li { a href={ "./" (name) } { (name) } } } }
        p { "Or start from the " a href="../" { "first screen" } "." }
    };
    document(context, Place { depth: 1, path: "no-chart" }, "There is no such chart", &main)
}

fn measure_list(context: &Context<'_>, root: &str) -> Markup {
    html! { ul { @for measure in &context.inputs.report.measures {
        li { a href={ (root) "measures/" (measure.id) } { (measure.title) } }
    } } }
}
