//! Pages that are not about a release: the way in, who can see what, accounts, the audit log. They show no figure.

use maud::{DOCTYPE, Markup, html};

use super::site::style_path;

/// What surrounds such a page.
#[derive(Clone, Copy)]
pub(super) struct Frame<'a> {
    /// Whose server it is.
    pub(super) partnership: &'a str,
    /// From the page to the first screen: `./`, `../`.
    pub(super) root: &'a str,
    /// From the page to `static/`, where that is elsewhere.
    pub(super) assets: &'a str,
    /// (path from `root`, title) of the menu.
    pub(super) menu: &'a [(&'a str, &'a str)],
    /// The menu entry that is this page.
    pub(super) here: &'a str,
    /// Said at the top.
    pub(super) banner: Option<&'a Markup>,
    /// Somebody is signed in, and can leave.
    pub(super) signed_in: bool,
}

/// The whole document around `main`.
pub(super) fn document(frame: Frame<'_>, title: &str, main: &Markup) -> String {
    let Frame { root, assets, .. } = frame;
    let page = html! {
        (DOCTYPE)
        html lang="en-GB" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " - " (frame.partnership) " - Sightline" }
                link rel="stylesheet" href={ (assets) (style_path()) };
                link rel="icon" href={ (assets) "static/icon.svg" };
            }
            body {
                a .skip href="#main" { "Skip to the page" }
                header {
                    p .whose { (frame.partnership) }
                    @if !frame.menu.is_empty() {
                        nav aria-label="Pages" { ul { @for (path, title) in frame.menu { li {
                            a href={ (root) (path) } aria-current=[(*path == frame.here).then_some("page")] { (title) }
                        } } } }
                    }
                    @if frame.signed_in { (account_bar(assets)) }
                    @if let Some(banner) = frame.banner { p .banner { (banner) } }
                }
                main #main tabindex="-1" { (main) }
                footer { p { (frame.partnership) ". Sightline." } }
            }
        }
    };
    page.into_string()
}

/// The way to who can see what, and out.
pub(super) fn account_bar(root: &str) -> Markup {
    html! {
        form .account method="post" action={ (root) "sign-out" } {
            a href={ (root) "who" } { "Who can see what" }
            button type="submit" { "Sign out" }
        }
    }
}
