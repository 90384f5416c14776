//! Downloads of the plan, the workforce and the findings: the same cells as on the pages.

use super::findings::answer;
use super::moved;
use super::workforce::staff;
use crate::plan::{completed_by, words};
use crate::release::{Board, Report};

/// (path, columns, rows) of each.
type File = (&'static str, &'static [&'static str], Vec<Vec<String>>);

/// Every download there is something for.
pub(super) fn files(report: &Report<Board>) -> Vec<File> {
    let mut files = Vec::new();
    if let Some(plan) = &report.plan {
        files.extend([actions(report, plan), curve(plan), changed(report, plan)]);
    }
    files.extend(report.workforce.as_ref().map(roles));
    if let Some(published) = &report.published {
        files.push(("tables/published-context.csv", super::published::COLUMNS, super::published::rows(published)));
    }
    let affected = super::affected::rows(report);
    if !affected.is_empty() {
        files.push(("tables/who-is-affected.csv", super::affected::COLUMNS, affected));
    }
    if !report.findings.is_empty() {
        files.push(findings(report));
    }
    files
}

fn text<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

fn actions(report: &Report<Board>, plan: &crate::release::Plan) -> File {
    let row = |one: &crate::release::PlanAction| {
        let action = &one.action;
        vec![
            action.id.clone(),
            action.title.clone(),
            text(action.finding.clone()),
            action.agency.clone(),
            text(action.owner_role.clone()),
            words::stands(one.standing).to_owned(),
            action.agreed_on.to_string(),
            action.original_due_on.to_string(),
            action.due_on.to_string(),
            text(completed_by(action, report.about.as_at)),
            text(action.evidenced_on),
            action.redatings.len().to_string(),
            one.days_slipped.to_string(),
            text(one.days_past_original),
            text(one.days_overdue),
            action.measures.join(";"),
        ]
    };
    let columns = &[
        "action_id",
        "title",
        "finding",
        "agency",
        "owner_role",
        "stands",
        "agreed_on",
        "original_due_on",
        "due_on",
        "completed_on",
        "evidenced_on",
        "times_moved",
        "days_slipped",
        "days_past_original",
        "days_overdue",
        "measures",
    ];
    ("tables/plan.csv", columns, plan.actions.iter().map(row).collect())
}

fn curve(plan: &crate::release::Plan) -> File {
    let past = plan.curve.iter().map(|point| {
        let mut row = vec![
            point.on.to_string(),
            point.planned.to_string(),
            point.as_redated.to_string(),
            text(point.delivered),
            text(point.evidenced),
        ];
        row.resize(10, String::new());
        row
    });
    let ahead = plan.forecast.fan.iter().map(|point| {
        let mut row = vec![point.on.to_string(), String::new(), String::new(), String::new(), String::new()];
        let forecast = [point.percent_5, point.percent_15, point.percent_50, point.percent_85, point.percent_95];
        row.extend(forecast.map(|number| number.to_string()));
        row
    });
    let columns = &[
        "on",
        "planned",
        "as_redated",
        "delivered",
        "evidenced",
        "forecast_5",
        "forecast_15",
        "forecast_50",
        "forecast_85",
        "forecast_95",
    ];
    ("tables/plan-curve.csv", columns, past.chain(ahead).collect())
}

fn changed(report: &Report<Board>, plan: &crate::release::Plan) -> File {
    let rows = moved::verdicts(report, plan).into_iter().map(|one| {
        let (_, _, says) = moved::says(&one.moved);
        vec![
            one.action.action.id.clone(),
            text(one.action.action.completed_on),
            one.measure_id.to_owned(),
            says.to_owned(),
            moved::estimate(&one.moved, one.measure),
        ]
    });
    ("tables/plan-moved.csv", &["action_id", "completed_on", "measure", "since", "estimate"], rows.collect())
}

fn roles(workforce: &crate::release::Workforce) -> File {
    let rows = workforce.roles.iter().map(|role| {
        let counts = [role.headcount, role.trained, role.expiring, role.audited, role.applied, role.attended];
        let mut row = vec![role.agency.clone(), role.role.clone(), workforce.counted_on.to_string()];
        row.extend(counts.map(staff));
        row
    });
    let columns = &[
        "agency",
        "role",
        "counted_on",
        "headcount",
        "trained",
        "expiring_3_months",
        "audited_12_months",
        "applied_12_months",
        "attended_12_months",
    ];
    ("tables/workforce.csv", columns, rows.collect())
}

fn findings(report: &Report<Board>) -> File {
    let rows = report.findings.iter().map(|finding| {
        vec![finding.id.clone(), finding.says.clone(), answer(report, finding), finding.measures.join(";")]
    });
    ("tables/findings.csv", &["finding", "says", "answer", "measures"], rows.collect())
}
