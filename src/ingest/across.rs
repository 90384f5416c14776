//! Rules that look from one table into another, once every table has been read.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::config::{Config, Format};

use super::ledger::{self, Ledger, Outcome};
use super::made::Assessments;
use super::rows::Rows;
use super::{dates, return_rules, rules};

/// Rules that look from one table into another; hands back the assessments that factors belong to.
pub(crate) fn apply(
    config: &Config,
    tables: &mut BTreeMap<(usize, &'static str), Rows>,
    ledger: &mut Ledger,
) -> Assessments {
    for (number, source) in config.sources.iter().enumerate() {
        if source.format == Format::Ssda903 {
            let mut own: Vec<&mut Rows> =
                tables.iter_mut().filter(|((place, _), _)| *place == number).map(|(_, rows)| rows).collect();
            return_rules::apply(&mut own, ledger);
        }
    }
    let mut children: HashSet<i64> = HashSet::new();
    let mut assessments = Assessments::new();
    let mut any_children = false;
    let mut births: HashMap<i64, i32> = HashMap::new();
    for rows in tables.values() {
        match rows.contract.name {
            "children" | "ssd_person" | "header" => {
                any_children = true;
                add_births(rows, &mut births);
                let column = rows.column(rows.child_field().unwrap_or_default());
                children.extend(rows.kept().into_iter().filter_map(|row| column.key(row)));
            }
            "ssd_cin_assessments" => {
                let (id, child) = (rows.column("cina_assessment_id"), rows.column("cina_person_id"));
                let completed = rows.column("cina_assessment_auth_date");
                let rows = rows.kept().into_iter();
                assessments.extend(rows.filter_map(|row| Some((id.key(row)?, (child.key(row)?, completed.day(row))))));
            }
            _ => {}
        }
    }
    for rows in tables.values_mut() {
        rules::before_birth(rows, &births, ledger);
        rules::overlapping_episodes(rows, ledger);
        if rows.contract.name == "ssd_assessment_factors" {
            let id = rows.column("cinf_assessment_id");
            let lost: Vec<usize> = rows
                .kept()
                .into_iter()
                .filter(|row| id.key(*row).is_some_and(|id| !assessments.contains_key(&id)))
                .collect();
            rows.mark(ledger, ledger::NO_ASSESSMENT, Some("cinf_assessment_id"), Outcome::Quarantined, lost);
        }
        if rows.contract.name == "ssd_contacts" {
            let flag = rows.column("cont_contact_outcome_json");
            let unflagged: Vec<usize> = rows.kept().into_iter().filter(|row| flag.truth(*row) != Some(true)).collect();
            rows.mark(ledger, ledger::NOT_FLAGGED, Some("cont_contact_outcome_json"), Outcome::Dropped, unflagged);
        }
        let of_return = config.sources.get(rows.source).is_some_and(|source| source.format == Format::Ssda903);
        if any_children && !of_return {
            rules::not_in_children(rows, &children, ledger);
        }
    }
    assessments
}

/// The first day of each child's month of birth; where sources differ, the earliest, so that nothing is set aside which
/// one of them allows.
fn add_births(rows: &Rows, births: &mut HashMap<i64, i32>) {
    let born = ["birth_month", "pers_dob", "dob"].map(|name| rows.column(name));
    let child = rows.column(rows.child_field().unwrap_or_default());
    for row in rows.kept() {
        let day = born.iter().find_map(|column| column.day(row)).map(dates::month_of);
        if let (Some(child), Some(day)) = (child.key(row), day) {
            births.entry(child).and_modify(|known| *known = day.min(*known)).or_insert(day);
        }
    }
}
