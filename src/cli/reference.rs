//! `reference`: writes what is generated of a project: the reference of measures, and schemas for an editor.

use std::path::Path;

use anyhow::anyhow;
use serde_json::json;

use super::tell::Tell;
use crate::reference;

pub(super) fn run(folder: &Path, tell: &Tell) -> anyhow::Result<()> {
    let files = reference::files(folder)
        .map_err(|problems| anyhow!(problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")))?;
    for (path, text) in &files {
        let file = folder.join(path);
        let beneath = file.parent().unwrap_or(folder);
        let written = std::fs::create_dir_all(beneath).and_then(|()| std::fs::write(&file, text));
        written.map_err(|error| anyhow!("cannot write `{}`: {error}", file.display()))?;
    }
    let paths: Vec<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
    tell.say(&format!("written in {}: {}", folder.display(), paths.join(", ")), &json!({ "written": paths }));
    Ok(())
}
