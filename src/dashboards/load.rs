//! Where pages come from: the ones embedded in the binary, and a user's folder that adds to them or overrides them.

use std::collections::BTreeMap;
use std::path::Path;

use include_dir::{Dir, include_dir};

use super::page::{Page, Problem};
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
    let mut texts: BTreeMap<String, String> = embedded().into_iter().collect();
    let mut problems = Vec::new();
    if let Some(folder) = folder.filter(|folder| folder.is_dir()) {
        match read(folder) {
            Ok(own) => texts.extend(own),
            Err((file, error)) => problems.push(Problem {
                file,
                line: 1,
                says: format!("cannot be read: {error}"),
                hint: "pages are UTF-8 text files whose names end in .md".into(),
            }),
        }
    }
    let mut pages = Vec::new();
    for (file, text) in &texts {
        let (page, found) = parse_all(file, text);
        pages.extend(page);
        problems.extend(found);
    }
    pages.sort_by(|a, b| (a.order, &a.id).cmp(&(b.order, &b.id)));
    (pages, problems)
}

fn read(folder: &Path) -> Result<Vec<(String, String)>, (String, std::io::Error)> {
    let at = |error| (folder.display().to_string(), error);
    let mut texts = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(at)? {
        let path = entry.map_err(at)?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()).filter(|_| is_page(&path)) else {
            continue;
        };
        let text = std::fs::read_to_string(&path).map_err(|error| (name.to_owned(), error))?;
        texts.push((name.to_owned(), text));
    }
    Ok(texts)
}

/// Pages are Markdown; anything else in the folder is left alone.
fn is_page(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "md")
}
