//! `reference`: writes what is generated of a project: the reference of measures, and schemas for an editor.

use std::path::Path;

use anyhow::{anyhow, bail};
use serde_json::json;

use super::tell::Tell;
use crate::reference;

pub(super) fn run(folder: &Path, tell: &Tell) -> anyhow::Result<()> {
    let (files, problems) = reference::files(folder);
    for (path, text) in &files {
        let file = folder.join(path);
        let beneath = file.parent().unwrap_or(folder);
        let written = std::fs::create_dir_all(beneath).and_then(|()| std::fs::write(&file, text));
        written.map_err(|error| anyhow!("cannot write `{}`: {error}", file.display()))?;
    }
    let paths: Vec<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
    // What says how a header is written is written first: whoever reads of a fault in one needs it.
    if !problems.is_empty() {
        bail!(problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"));
    }
    tell.say(&format!("written in {}: {}", folder.display(), paths.join(", ")), &json!({ "written": paths }));
    Ok(())
}
