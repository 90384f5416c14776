//! The keys of what is written between fences, as one JSON Schema, so that an editor completes them.

use serde_json::{Value, json};

use super::{commentary, parse};

/// A page's front matter, each of its blocks, and the front matter of commentary, by name under `$defs`.
pub fn schema() -> Value {
    let listed = schemars::schema_for!(parse::Listed).to_value();
    let one = schemars::schema_for!(parse::One).to_value();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Pages and commentary",
        "description": "TOML between +++ lines (page, commentary) and in fenced blocks, each by the word after its backticks. `pace` and `workforce` take nothing.",
        "$defs": {
            "page": within(schemars::schema_for!(parse::FrontMatter).to_value()),
            "kpis": within(listed.clone()),
            "commentary": within(listed),
            "chart": within(one.clone()),
            "table": within(one),
            "curve": within(schemars::schema_for!(parse::Curve).to_value()),
            "commentary-file": within(schemars::schema_for!(commentary::FrontMatter).to_value()),
        },
    })
}

/// A schema as part of another says no more of itself which dialect it is in; what it refers to moves with it.
fn within(mut schema: Value) -> Value {
    if let Some(object) = schema.as_object_mut() {
        object.remove("$schema");
        // A schema with an id of its own is where its references begin.
        if object.contains_key("$defs") {
            let id = object.get("title").and_then(Value::as_str).unwrap_or("part").to_lowercase();
            object.insert("$id".into(), json!(id));
        }
    }
    schema
}
