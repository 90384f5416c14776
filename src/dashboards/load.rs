//! Where pages come from: the ones embedded in the binary, and a user's folder that adds to them or overrides them.

use std::collections::BTreeMap;
use std::path::Path;

use include_dir::{Dir, include_dir};

use super::page::{FOLDER, Page, Problem};
use super::parse::parse_all;

static SHIPPED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/dashboards");

/// The pages shipped: (file name, text).
pub fn embedded() -> Vec<(String, String)> {
    SHIPPED
        .files()
        .filter_map(|file| {
            let name = file.path().file_name()?.to_str()?.to_owned();
            let text = file.contents_utf8()?.to_owned();
            is_page(file.path()).then_some((name, text))
        })
        .collect()
}

/// Every page in the order of the menu, or every problem in any of them. A file of the user's replaces a shipped page
/// of the same name; `folder` may be absent from the disk.
pub fn load(folder: Option<&Path>) -> Result<Vec<Page>, Vec<Problem>> {
    let (pages, problems) = load_all(folder);
    if problems.is_empty() { Ok(pages) } else { Err(problems) }
}

/// What can be read of every page, in the order of the menu, and every problem found: what rests on it can be checked all
/// the same.
pub fn load_all(folder: Option<&Path>) -> (Vec<Page>, Vec<Problem>) {
    let mut texts: BTreeMap<String, (String, bool)> =
        embedded().into_iter().map(|(file, text)| (file, (text, true))).collect();
    let mut problems = Vec::new();
    if let Some(folder) = folder.filter(|folder| folder.is_dir()) {
        let own = read(folder, &mut problems);
        texts.extend(own.into_iter().map(|(file, text)| (file, (text, false))));
    }
    let mut pages = Vec::new();
    for (file, (text, is_shipped)) in &texts {
        let (page, found) = parse_all(file, text);
        pages.extend(page.map(|page| Page { is_shipped: *is_shipped, ..page }));
        problems.extend(found);
    }
    pages.sort_by(|a, b| (a.order, &a.id).cmp(&(b.order, &b.id)));
    (pages, problems)
}

/// The pages of a folder: (file name, text).
fn read(folder: &Path, problems: &mut Vec<Problem>) -> Vec<(String, String)> {
    let mut unreadable = |file: &str, error: &std::io::Error| {
        problems.push(Problem {
            file: file.to_owned(),
            line: 1,
            says: format!("cannot be read: {}", crate::config::in_words(error)),
            hint: "pages are UTF-8 text files whose names end in .md".into(),
        });
    };
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => {
            unreadable(FOLDER, &error);
            return Vec::new();
        }
    };
    let mut texts = Vec::new();
    for path in entries.flatten().map(|entry| entry.path()) {
        let Some(name) = path.file_name().and_then(|name| name.to_str()).filter(|_| is_page(&path)) else {
            continue;
        };
        match std::fs::read_to_string(&path) {
            Ok(text) => texts.push((name.to_owned(), text)),
            Err(error) => unreadable(&format!("{FOLDER}/{name}"), &error),
        }
    }
    texts
}

/// Pages are Markdown; anything else in the folder is left alone.
fn is_page(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "md")
}
