//! Able workforce: who has training in date, by agency and role, who falls out of date soon, whether it is applied.
//! Attendance stands beneath, since it is activity.

use maud::{Markup, html};

use super::frame::{Context, Place, document};
use super::pieces;
use crate::charts::words::{level, number};
use crate::domain::{Unit, british_date};
use crate::release::{Board, Report, RoleCoverage, Staff, Workforce};

/// Shares at which the shade of the heat table steps: each step has words of its own in the cell.
const STEPS: [(f64, &str); 4] = [(0.25, "h1"), (0.5, "h2"), (0.75, "h3"), (1.01, "h4")];
/// Below this share a role is named in the sentence that leads.
const LOW: f64 = 0.5;

pub(super) fn page(context: &Context<'_>) -> String {
    let report = context.inputs.report;
    let title = "Training by agency and role";
    let main = html! {
        p .question { "Do the people whose role needs it have the skills to see exploitation, and do they use them?" }
        @match &report.workforce {
            None => {
                h1 { (title) }
                p .inset { "Whether people are able cannot be known from the data supplied. What would answer it: headcounts by agency, role and month, and training records." }
            }
            Some(workforce) => {
                h1 { (title) span .hidden { ": " } span .finding { (headline(workforce)) } }
                (body(report, workforce))
            }
        }
    };
    document(context, Place { depth: 0, path: "workforce" }, title, &main)
}

/// The share of people covered, over the roles in which both counts are shown.
fn coverage(workforce: &Workforce) -> Option<(u64, u64)> {
    let both = workforce.roles.iter().filter_map(|role| Some((shown(role.trained)?, shown(role.headcount)?)));
    let (trained, all) = both.fold((0, 0), |(trained, all), (more, people)| (trained + more, all + people));
    (all > 0).then_some((trained, all))
}

fn headline(workforce: &Workforce) -> String {
    match coverage(workforce) {
        Some((trained, all)) => format!("{} of people shown have training in date", share(trained, all)),
        None => "Coverage cannot be shown: counts are small or missing".into(),
    }
}

fn body(report: &Report<Board>, workforce: &Workforce) -> Markup {
    let on = british_date(workforce.counted_on);
    html! {
        p .lead { (lead(workforce)) }
        section aria-labelledby="covered" {
            h2 #covered { "Who is covered?" }
            (heat(workforce, &on))
            p .small {
                "People with multi-agency exploitation training in date on " (on) ", of the headcount of roles that need it. Training that expires on that day is in date. "
                "A person in two roles counts in each, as the headcount does. Small numbers of staff are withheld, [c]; a headcount that was not supplied is not known, [x]."
                @if workforce.roles_not_counted > 0 { " Training was recorded for " (workforce.roles_not_counted) " roles that no headcount names; it is in no figure here." }
            }
            (measure_link(report, "trained_now"))
        }
        section aria-labelledby="expiring" {
            h2 #expiring { "Who falls out of date in the next three months?" }
            (expiring(workforce))
        }
        section aria-labelledby="applied" {
            h2 #applied { "Is it applied in practice?" }
            p { "Audits of the last twelve months, one a person: the latest. Grades 3 and 4 of 1 to 4 count as applied." }
            (applied(workforce))
            (measure_link(report, "training_applied"))
        }
        section aria-labelledby="attended" {
            h2 #attended { "Beneath it: courses attended" }
            p { "Attendance is activity. It explains coverage above and does not stand for it." }
            (attended(workforce))
        }
        (pieces::csv_link("./", "tables/workforce.csv", "these tables"))
    }
}

/// Which roles are least covered, named, and who is about to fall out.
fn lead(workforce: &Workforce) -> String {
    let low: Vec<String> = workforce
        .roles
        .iter()
        .filter(|role| ratio(role).is_some_and(|share| share < LOW))
        .map(|role| format!("{} ({})", level(&role.role).to_lowercase(), level(&role.agency).to_lowercase()))
        .collect();
    let shown_months: Option<u64> = workforce.expiring.iter().map(|month| shown(month.people)).sum();
    let soon = shown_months.map_or_else(String::new, |people| {
        format!(" Unless they renew, {people} people fall out of date by {}.", british_date(workforce.expiring_to))
    });
    let covered = match low.as_slice() {
        [] => "In every role that can be shown, at least half are covered.".to_owned(),
        roles => format!("Fewer than half are covered in: {}.", roles.join("; ")),
    };
    format!("{covered}{soon}")
}

/// One row an agency, one column a role; a share with its counts in each cell.
fn heat(workforce: &Workforce, on: &str) -> Markup {
    let mut agencies: Vec<&str> = workforce.roles.iter().map(|role| role.agency.as_str()).collect();
    let mut roles: Vec<&str> = workforce.roles.iter().map(|role| role.role.as_str()).collect();
    agencies.sort_unstable();
    agencies.dedup();
    roles.sort_unstable();
    roles.dedup();
    let caption = format!("Share with training in date on {on}, by agency and role");
    let at = |agency: &str, role: &str| workforce.roles.iter().find(|one| one.agency == agency && one.role == role);
    let table = html! { table .heat {
        caption { (caption) }
        thead { tr { th scope="col" { "Agency" } @for role in &roles { th scope="col" .n { (level(role)) } } } }
        tbody { @for agency in &agencies { tr {
            th scope="row" { (level(agency)) }
            @for role in &roles { @match at(agency, role) {
                Some(one) => (cell(one)),
                None => td .n { "-" },
            } }
        } } }
    } };
    pieces::scroll(&caption, &table)
}

fn cell(role: &RoleCoverage) -> Markup {
    let class =
        ratio(role).and_then(|share| STEPS.into_iter().find(|(to, _)| share < *to)).map_or("n", |(_, class)| class);
    html! {
        td class=(if class == "n" { "n".to_owned() } else { format!("n {class}") }) {
            @match (shown(role.trained), shown(role.headcount)) {
                (Some(trained), Some(all)) => {
                    strong { (share(trained, all)) } br;
                    span .small { (trained) " of " (all) }
                }
                _ => (either(role.trained, role.headcount)),
            }
        }
    }
}

fn expiring(workforce: &Workforce) -> Markup {
    let months = html! { table {
        caption { "People who fall out of date, by month" }
        thead { tr { th scope="col" { "Month" } th scope="col" .n { "People" } } }
        tbody { @for month in &workforce.expiring { tr { th scope="row" { (month.month.in_words()) } td .n { (staff(month.people)) } } } }
    } };
    let caption = format!("People who fall out of date by {}, by agency and role", british_date(workforce.expiring_to));
    let roles = html! { table {
        caption { (caption) }
        thead { tr { th scope="col" { "Agency" } th scope="col" { "Role" } th scope="col" .n { "In date now" } th scope="col" .n { "Fall out of date" } } }
        tbody { @for role in &workforce.roles { tr {
            th scope="row" { (level(&role.agency)) } td { (level(&role.role)) } td .n { (staff(role.trained)) } td .n { (staff(role.expiring)) }
        } } }
    } };
    html! { (pieces::scroll("People who fall out of date, by month", &months)) (pieces::scroll(&caption, &roles)) }
}

fn applied(workforce: &Workforce) -> Markup {
    let caption = "People audited in the last twelve months";
    let table = html! { table {
        caption { (caption) }
        thead { tr { th scope="col" { "Agency" } th scope="col" { "Role" } th scope="col" .n { "Audited" } th scope="col" .n { "Graded 3 or 4" } th scope="col" .n { "Share" } } }
        tbody { @for role in &workforce.roles { tr {
            th scope="row" { (level(&role.agency)) } td { (level(&role.role)) } td .n { (staff(role.audited)) } td .n { (staff(role.applied)) }
            td .n { @match (shown(role.applied), shown(role.audited)) {
                (Some(applied), Some(all)) if all > 0 => (share(applied, all)),
                (Some(_), Some(_)) => "no one audited",
                _ => (either(role.applied, role.audited)),
            } }
        } } }
    } };
    pieces::scroll(caption, &table)
}

fn attended(workforce: &Workforce) -> Markup {
    let caption = "Courses attended in the last twelve months";
    let table = html! { table {
        caption { (caption) }
        thead { tr { th scope="col" { "Agency" } th scope="col" { "Role" } th scope="col" .n { "Courses attended" } } }
        tbody { @for role in &workforce.roles { tr {
            th scope="row" { (level(&role.agency)) } td { (level(&role.role)) } td .n { (staff(role.attended)) }
        } } }
    } };
    pieces::scroll(caption, &table)
}

fn measure_link(report: &Report<Board>, id: &str) -> Markup {
    html! { @if let Some(measure) = report.measures.iter().find(|measure| measure.id == id) {
        p { a href={ "./measures/" (measure.id) } { (measure.title) ", over time and by agency" } }
    } }
}

fn shown(count: Staff) -> Option<u64> {
    if let Staff::People(people) = count { Some(people) } else { None }
}

fn ratio(role: &RoleCoverage) -> Option<f64> {
    let all = shown(role.headcount).filter(|all| *all > 0)?;
    Some(shown(role.trained)? as f64 / all as f64)
}

/// A share as shown; more people trained than there are is no share.
fn share(part: u64, whole: u64) -> String {
    if part > whole {
        "more than there are people".into()
    } else {
        number(Unit::Proportion, part as f64 / whole as f64)
    }
}

/// As the tables and the download show a count.
pub(super) fn staff(count: Staff) -> String {
    match count {
        Staff::People(people) => people.to_string(),
        Staff::Withheld => "[c]".into(),
        Staff::NotKnown => "[x]".into(),
    }
}

/// What stands where two counts cannot both be shown: not known before withheld, since nothing is hidden there.
fn either(one: Staff, other: Staff) -> &'static str {
    if one == Staff::NotKnown || other == Staff::NotKnown { "[x]" } else { "[c]" }
}

/// The heat table for a page of `dashboards/`, with the way to the rest.
pub(super) fn block(root: &str, report: &Report<Board>) -> Markup {
    let Some(workforce) = &report.workforce else {
        return html! { p .absent { "Coverage by role cannot be known: no headcounts and training records were supplied." } };
    };
    html! {
        p { (lead(workforce)) }
        (heat(workforce, &british_date(workforce.counted_on)))
        p { a href={ (root) "workforce" } { "Who falls out of date, what audits find and who attended, by agency and role" } }
    }
}
