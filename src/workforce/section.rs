//! Rows of one partnership into the release's section on the workforce, exact.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, Months, NaiveDate};

use super::{APPLIED_GRADE, Headcount, Training};
use crate::domain::Month;
use crate::release::{ExpiringMonth, RoleCoverage, Staff, Workforce};

/// Months ahead in which training falls out of date.
const MONTHS_AHEAD: u32 = 3;
/// Months of audits and courses looked back on.
const MONTHS_BACK: u32 = 12;

/// The workforce on a day, from every headcount and course. Roles are those that any headcount names.
///
/// A role whose headcount for the month of `counted_on` is missing has no headcount: not the last month's, and not nought.
pub fn workforce(
    headcounts: &[Headcount],
    trainings: &[Training],
    counted_on: NaiveDate,
    valid_days: u32,
) -> Workforce {
    let month_on = Month::of(counted_on).first_on();
    let expiring_to = counted_on + Months::new(MONTHS_AHEAD) - Days::new(1);
    let mut by_role: BTreeMap<(&str, &str), Vec<&Training>> = BTreeMap::new();
    for training in trainings {
        by_role.entry((&training.agency, &training.role)).or_default().push(training);
    }
    let needed: BTreeSet<(&str, &str)> =
        headcounts.iter().map(|one| (one.agency.as_str(), one.role.as_str())).collect();
    let none = Vec::new();
    let mut expiring = vec![0_u64; MONTHS_AHEAD as usize];
    let mut roles = Vec::new();
    for (agency, role) in &needed {
        let rows = by_role.get(&(*agency, *role)).unwrap_or(&none);
        let headcount =
            headcounts.iter().find(|one| one.agency == *agency && one.role == *role && one.month_on == month_on);
        let in_date = in_date_to(rows, counted_on, valid_days);
        let soon: Vec<NaiveDate> = in_date.values().copied().filter(|to| *to <= expiring_to).collect();
        for to in &soon {
            let month = (0..MONTHS_AHEAD).find(|ahead| *to < counted_on + Months::new(ahead + 1));
            if let Some(count) = month.and_then(|month| expiring.get_mut(month as usize)) {
                *count += 1;
            }
        }
        let (audited, applied) = audits(rows, counted_on);
        let since = counted_on - Months::new(MONTHS_BACK);
        let attended = rows.iter().filter(|row| since < row.completed_on && row.completed_on <= counted_on).count();
        roles.push(RoleCoverage {
            agency: (*agency).to_owned(),
            role: (*role).to_owned(),
            headcount: headcount.map_or(Staff::NotKnown, |one| Staff::People(one.people)),
            trained: Staff::People(in_date.len() as u64),
            expiring: Staff::People(soon.len() as u64),
            audited: Staff::People(audited),
            applied: Staff::People(applied),
            attended: Staff::People(attended as u64),
        });
    }
    let months = expiring.into_iter().zip(1..).map(|(people, ahead)| ExpiringMonth {
        month: Month::of(counted_on).plus(ahead),
        people: Staff::People(people),
    });
    Workforce {
        counted_on,
        expiring_to,
        roles,
        expiring: months.collect(),
        roles_not_counted: by_role.keys().filter(|role| !needed.contains(*role)).count() as u32,
    }
}

/// Each person in date on a day, with the last day any of their training is in date: a renewal counts.
pub(super) fn in_date_to(rows: &[&Training], on: NaiveDate, valid_days: u32) -> BTreeMap<i64, NaiveDate> {
    let mut people = BTreeMap::new();
    for row in rows.iter().filter(|row| row.is_in_date(on, valid_days)) {
        let to = row.in_date_to(valid_days);
        people.entry(row.person).and_modify(|last: &mut NaiveDate| *last = (*last).max(to)).or_insert(to);
    }
    people
}

/// People audited in the twelve months to a day, and of these those graded 3 or 4 at their latest audit.
fn audits(rows: &[&Training], on: NaiveDate) -> (u64, u64) {
    let since = on - Months::new(MONTHS_BACK);
    let mut latest: BTreeMap<i64, (NaiveDate, u8)> = BTreeMap::new();
    for row in rows {
        let (Some(grade), Some(audited_on)) = (row.grade, row.audited_on) else { continue };
        if since < audited_on && audited_on <= on {
            let seen = latest.entry(row.person).or_insert((audited_on, grade));
            *seen = (*seen).max((audited_on, grade));
        }
    }
    let applied = latest.values().filter(|(_, grade)| *grade >= APPLIED_GRADE).count();
    (latest.len() as u64, applied as u64)
}
