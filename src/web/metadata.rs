//! What lies beside a download: CSV on the Web metadata, with all that every download carries.

use serde_json::{Value, json};

use crate::release::{Edition, Measure, Report, export};

/// A file's metadata lies at its own address with this after it, as CSV on the Web has it.
pub(super) const BESIDE: &str = "-metadata.json";

/// Metadata for the CSV file `name`, whose first line is `header`; about one measure, or about none.
pub(super) fn of_csv<E: Edition>(report: &Report<E>, measure: Option<&Measure>, name: &str, header: &str) -> String {
    let columns: Vec<Value> = header
        .split(',')
        .map(|column| match export::column(column) {
            Some((datatype, says)) => {
                json!({ "name": column, "titles": column, "datatype": datatype, "dc:description": says })
            }
            None => json!({ "name": column, "titles": column, "datatype": "string" }),
        })
        .collect();
    let mut file = json!({
        "@context": ["http://www.w3.org/ns/csvw", { "@language": "en" }],
        "url": name,
        "dc:title": measure.map_or_else(|| title(report), |measure| format!("{}. {}", measure.title, title(report))),
        "dc:creator": report.about.partnership,
        "dc:rights": report.about.policy,
        "dc:source": format!("release {}, {} edition", report.id, E::NAME),
        "dc:temporal": format!("{} and before", report.about.month),
        "dc:date": report.about.as_at.to_string(),
        "dc:coverage": "filters: none",
        "dialect": { "delimiter": ",", "encoding": "utf-8", "header": true },
        "tableSchema": { "columns": columns },
    });
    if let (Some(measure), Some(file)) = (measure, file.as_object_mut()) {
        file.insert("dc:identifier".into(), json!(format!("{} version {}", measure.id, measure.version())));
        file.insert("dc:description".into(), json!(measure.definition));
    }
    format!("{file:#}")
}

fn title<E: Edition>(report: &Report<E>) -> String {
    format!("{}: figures to {}", report.about.area, report.about.as_at)
}

/// What a chart's own file carries.
pub(super) fn of_chart<E: Edition>(report: &Report<E>, chart: &str) -> String {
    let about = report
        .measures
        .iter()
        .filter(|measure| chart.contains(&measure.id))
        .max_by_key(|measure| measure.id.len())
        .map_or_else(String::new, |measure| format!("Measure {} version {}. ", measure.id, measure.version()));
    format!(
        "{about}{}, {} and before, data to {}. Filters: none. Release {}, {} edition: {}.",
        report.about.area,
        report.about.month,
        report.about.as_at,
        report.id,
        E::NAME,
        report.about.policy
    )
}
