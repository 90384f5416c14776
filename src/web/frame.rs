//! What every page shares: head, skip link, banner, menu, foot.

use maud::{DOCTYPE, Markup, html};

use super::plain::account_bar;
use super::site::Inputs;
use crate::domain::british_date;
use crate::release::{Board, Report};

/// What every page is rendered with.
pub(super) struct Context<'a> {
    pub(super) inputs: &'a Inputs<'a>,
    pub(super) style: &'a str,
}

/// A page's place: how deep its address is, and which menu entry is its own.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) depth: usize,
    pub(super) path: &'a str,
}

impl Place<'_> {
    /// From here to the first screen: `./`, `../`.
    pub(super) fn root(self) -> String {
        if self.depth == 0 { "./".into() } else { "../".repeat(self.depth) }
    }
}

/// How a notice begins that says what must be mended before the page can be the latest.
pub(crate) const TO_MEND: &str = "To mend: ";

/// Words of which those between backticks are typed as they stand.
fn with_code(text: &str) -> Markup {
    html! { @for (nth, piece) in text.split('`').enumerate() {
        @if nth % 2 == 1 { code { (piece) } } @else { (piece) }
    } }
}

/// The whole document around `main`.
pub(super) fn document(context: &Context<'_>, place: Place<'_>, title: &str, main: &Markup) -> String {
    let report = context.inputs.report;
    let root = place.root();
    let wide = place.path.is_empty() && place.depth == 0;
    let page = html! {
        (DOCTYPE)
        html lang="en-GB" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " - " (report.about.area) " - Sightline" }
                link rel="stylesheet" href={ (root) (context.style) };
                link rel="icon" href={ (root) "static/icon.svg" };
            }
            body class=[wide.then_some("wide")] {
                a .skip href="#main" { "Skip to the page" }
                header {
                    (menu(context, place, &root))
                    @if context.inputs.guarded { (account_bar(&root)) }
                    @if report.about.sample {
                        p .banner { strong { "Sample data." } " Every child, agency and figure here is made up." @if !context.inputs.guarded { " No sign-in is asked for." } }
                    }
                    @for notice in context.inputs.notices {
                        p .banner.to-mend[notice.starts_with(TO_MEND)] { (with_code(notice)) }
                    }
                    // On paper the head says what the foot says on a screen, so that no sheet holds a foot alone.
                    p .sheet { (provenance(report)) }
                }
                main #main tabindex="-1" { (main) }
                footer {
                    p {
                        (provenance(report)) " "
                        a href={ (root) "accessibility" } { "Accessibility" }
                    }
                }
            }
        }
    };
    page.into_string()
}

/// Whose figures these are, to what day, under which rules, from which release.
fn provenance(report: &Report<Board>) -> String {
    format!(
        "{}. Data to {}. {}: {}. Release {}.",
        report.about.partnership,
        british_date(report.about.as_at),
        report.protected().in_words(),
        report.about.policy,
        report.id.get(..12).unwrap_or(&report.id),
    )
}

fn menu(context: &Context<'_>, place: Place<'_>, root: &str) -> Markup {
    let themes = context.inputs.pages.iter().map(|page| (format!("themes/{}", page.id), page.title.clone()));
    let fixed = [
        ("affected", "Who is affected"),
        ("impact", "Impact of support"),
        ("plan", "Action-plan pace"),
        ("findings", "Inspection findings"),
        ("annual", "Annual report"),
        ("published", "Published context"),
        ("data", "Data sufficiency"),
        ("definitions", "Definitions"),
        ("methods", "Methods"),
        ("releases", "Releases"),
    ];
    let entries = std::iter::once((String::new(), "First screen".to_owned()))
        .chain(themes)
        .chain(fixed.map(|(path, title)| (path.to_owned(), title.to_owned())));
    html! {
        nav aria-label="Pages" {
            ul {
                @for (path, title) in entries {
                    li {
                        a href={ (root) (path) } aria-current=[(path == place.path).then_some("page")] { (title) }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_sets_what_is_typed_as_code() {
        let said = with_code("there is no measure `a<b`\nhint: see `dashboards/`").into_string();
        assert_eq!(said, "there is no measure <code>a&lt;b</code>\nhint: see <code>dashboards/</code>");
    }
}
