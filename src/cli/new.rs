//! `new`: a measure or a page to begin from, which `check` accepts as it stands. Never writes over a file.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;

use anyhow::{anyhow, bail};
use clap::{Args, Subcommand};
use serde_json::json;

use super::tell::Tell;

const MEASURE: &str = include_str!("templates/measure.sql");
const PAGE: &str = include_str!("templates/page.md");

#[derive(Args)]
pub(super) struct Options {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// A query in `queries/`.
    Measure(Named),
    /// A page in `dashboards/`.
    Page(Named),
}

#[derive(Args)]
struct Named {
    /// Small letters, digits and underscores; it starts with a letter.
    name: String,
}

pub(super) fn run(folder: &Path, options: &Options, tell: &Tell) -> anyhow::Result<()> {
    let (within, ending, template, named) = match &options.what {
        What::Measure(named) => ("queries", "sql", MEASURE, named),
        What::Page(named) => ("dashboards", "md", PAGE, named),
    };
    let file = folder.join(within).join(format!("{}.{ending}", named.name));
    write(&file, &filled(template, &named.name)?)?;
    let words = format!("written: {}\nhint: change it, then `sightline check` or `sightline dev`", file.display());
    tell.say(&words, &json!({ "written": file }));
    Ok(())
}

/// The template under a name: `{id}` and `{title}` are filled in.
fn filled(template: &str, name: &str) -> anyhow::Result<String> {
    let allowed = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
    if !name.starts_with(|letter: char| letter.is_ascii_lowercase()) || !name.chars().all(allowed) {
        bail!("`{name}` is no name for it\nhint: small letters, digits and underscores, as in harm_after_return");
    }
    let title = crate::charts::words::upper_first(&name.replace('_', " "));
    Ok(template.replace("{id}", name).replace("{title}", &title))
}

fn write(file: &Path, text: &str) -> anyhow::Result<()> {
    let folder = file.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(|error| anyhow!("cannot make `{}`: {error}", folder.display()))?;
    let opened = OpenOptions::new().write(true).create_new(true).open(file);
    opened.and_then(|mut file| file.write_all(text.as_bytes())).map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => {
            anyhow!("`{}` is there already\nhint: choose another name, or change that file", file.display())
        }
        _ => anyhow!("cannot write `{}`: {error}", file.display()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dashboards;
    use crate::domain::Definitions;
    use crate::measures;

    #[test]
    fn what_is_written_is_accepted_as_it_stands() {
        let project = tempfile::tempdir().unwrap();
        let at = |path: &str| project.path().join(path);
        write(&at("queries/long_absences.sql"), &filled(MEASURE, "long_absences").unwrap()).unwrap();
        write(&at("dashboards/my_page.md"), &filled(PAGE, "my_page").unwrap()).unwrap();
        let queries = measures::registry(project.path(), &Definitions::default(), 20_000).unwrap();
        assert!(queries.iter().any(|query| query.header.id == "long_absences"));
        let pages = dashboards::load(Some(&at("dashboards"))).unwrap();
        let page = pages.iter().find(|page| page.id == "my_page").unwrap();
        assert_eq!(page.title, "My page");
        assert!(page.blocks.len() >= 4);
    }

    #[test]
    fn a_file_is_never_written_over_and_a_name_is_no_path() {
        let project = tempfile::tempdir().unwrap();
        let file = project.path().join("queries/a.sql");
        write(&file, "one").unwrap();
        assert!(write(&file, "two").unwrap_err().to_string().contains("is there already"));
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "one");
        for name in ["../a", "A", "1a", "", "a-b", "a/b"] {
            assert!(filled(MEASURE, name).is_err(), "{name}");
        }
    }
}
