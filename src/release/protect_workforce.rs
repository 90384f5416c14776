//! Small numbers of staff withheld on the board edition, so that no person can be told.
//!
//! Measures give each agency's whole beside these cells, so a role is shown whole or not at all, and a role that would stand
//! alone as the one withheld in its agency takes another with it.

use std::collections::BTreeMap;

use super::{ExpiringMonth, RoleCoverage, Staff, Workforce};
use crate::disclosure::{Policy, protect_counts};

/// The section with small counts withheld.
pub fn protect_workforce(policy: Policy, exact: Workforce) -> Workforce {
    let mut roles = exact.roles;
    let mut agencies: BTreeMap<String, Vec<&mut RoleCoverage>> = BTreeMap::new();
    for role in &mut roles {
        agencies.entry(role.agency.clone()).or_default().push(role);
    }
    for mut roles in agencies.into_values() {
        cover(policy, &mut roles);
    }
    // Expiring sums to the months' total; audits and courses to their measures.
    in_list(policy, &mut roles, |role| &mut role.expiring);
    in_list(policy, &mut roles, |role| &mut role.attended);
    for role in &mut roles {
        let (audited, applied) = (people(role.audited), people(role.applied));
        if !shows(policy, &[applied, audited.saturating_sub(applied)]) {
            (role.audited, role.applied) = (Staff::Withheld, Staff::Withheld);
        }
        if role.trained == Staff::Withheld {
            role.expiring = Staff::Withheld;
        }
    }
    let months: Vec<u64> = exact.expiring.iter().map(|month| people(month.people)).collect();
    let expiring = exact
        .expiring
        .iter()
        .zip(protect_counts(policy, &months))
        .map(|(month, shown)| ExpiringMonth { people: staff(shown), ..*month })
        .collect();
    Workforce { roles, expiring, ..exact }
}

/// Withholds roles in which those trained or those not trained are few, and the least others until two are withheld.
fn cover(policy: Policy, roles: &mut [&mut RoleCoverage]) {
    let small = |role: &RoleCoverage| match role.headcount {
        Staff::People(all) => !shows(policy, &[people(role.trained), all.saturating_sub(people(role.trained))]),
        _ => !shows(policy, &[people(role.trained)]),
    };
    let mut least_first: Vec<usize> = (0..roles.len()).collect();
    let key = |at: &usize| roles.get(*at).map(|role| (!small(role), people(role.headcount), role.role.clone()));
    least_first.sort_by_key(key);
    let few = roles.iter().filter(|role| small(role)).count();
    let hidden = if few == 0 { 0 } else { few.max(2) };
    for at in least_first.into_iter().take(hidden) {
        if let Some(role) = roles.get_mut(at) {
            (role.headcount, role.trained) = (withheld(role.headcount), Staff::Withheld);
        }
    }
    // Shown counts are those the policy shows: rounded where it rounds.
    for role in roles.iter_mut().filter(|role| role.trained != Staff::Withheld) {
        role.trained = alone(policy, role.trained);
        role.headcount = alone(policy, role.headcount);
    }
}

fn in_list(policy: Policy, roles: &mut [RoleCoverage], of: fn(&mut RoleCoverage) -> &mut Staff) {
    let counts: Vec<u64> = roles.iter_mut().map(|role| people(*of(role))).collect();
    for (role, shown) in roles.iter_mut().zip(protect_counts(policy, &counts)) {
        *of(role) = staff(shown);
    }
}

/// Whether every one of some counts may be shown.
fn shows(policy: Policy, counts: &[u64]) -> bool {
    counts.iter().all(|count| protect_counts(policy, &[*count]).iter().all(Option::is_some))
}

fn alone(policy: Policy, count: Staff) -> Staff {
    match count {
        Staff::People(people) => staff(protect_counts(policy, &[people]).into_iter().next().flatten()),
        other => other,
    }
}

fn withheld(count: Staff) -> Staff {
    if count == Staff::NotKnown { count } else { Staff::Withheld }
}

fn people(count: Staff) -> u64 {
    if let Staff::People(people) = count { people } else { 0 }
}

fn staff(shown: Option<u64>) -> Staff {
    shown.map_or(Staff::Withheld, Staff::People)
}
