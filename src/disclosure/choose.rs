//! The fewest further figures of one sum that protect its hidden ones: every choice is tried in a small table, and an integer
//! programme asked in a larger one.

use good_lp::{Expression, ProblemVariables, Solution, SolverModel, Variable, constraint, microlp, variable};

use super::coarser::Step;
use super::lattice::{Lattice, Of, Sum};
use super::needs;

/// Tables with more open choices are settled by integer programme.
const MOST_TRIED: usize = 10;
/// A figure that was hidden at another time costs less: what is hidden in one year and shown in the next can be narrowed.
const HIDDEN_BEFORE: f64 = 0.5;

/// Hides what must be hidden so that the sum protects its hidden terms; true where something was.
pub(super) fn settle(lattice: &mut Lattice<'_>, sum: &Sum, step: Step) -> bool {
    let others = if step >= Step::OneMore { 2 } else { 1 };
    if needs::protects(lattice, sum, others) {
        return false;
    }
    let open: Vec<usize> = sum.terms.iter().copied().filter(|at| can_protect(lattice, *at)).collect();
    let more = if open.len() <= MOST_TRIED {
        cheapest(lattice, sum, &open, others)
    } else {
        by_programme(lattice, &open, sum, others)
    };
    // A table may leave too few figures for so many: then all of them are hidden, zeros too, and in the end what they make.
    // What an earlier release told protects nothing any more; what can be made of it is for the audit to find.
    let was_told = |lattice: &Lattice<'_>, at: usize| lattice.known_before.get(at).copied().unwrap_or(false);
    let all = || sum.terms.iter().copied().filter(|at| !lattice.is_hidden(*at) && !was_told(lattice, *at)).collect();
    let more: Vec<usize> = more.unwrap_or_else(all);
    let mut hid = false;
    for at in more {
        hid |= lattice.hide(at);
    }
    hid || (sum.of != Of::Shares && !was_told(lattice, sum.whole) && lattice.hide(sum.whole))
}

/// Figures that may be hidden: not hidden yet, not told before, and telling of somebody.
fn can_protect(lattice: &Lattice<'_>, at: usize) -> bool {
    let told_before = lattice.known_before.get(at).copied().unwrap_or(false);
    let is_empty = lattice.given.get(at).is_none_or(|given| given.counts() == [0, 0, 0]);
    !lattice.is_hidden(at) && !told_before && !is_empty
}

/// What hiding a figure loses: itself, what stands beneath it, what is hidden with it, and a little more the more children
/// it tells of.
fn cost(lattice: &Lattice<'_>, at: usize) -> f64 {
    let least = lattice.given.get(at).map_or(0, |given| given.least().min(1_000));
    let itself = if lattice.hidden_at_another_time.contains(&at) { HIDDEN_BEFORE } else { 1.0 };
    let beneath =
        |at: usize| lattice.beneath.iter().filter(|(above, below)| *above == at && !lattice.is_hidden(*below)).count();
    let twins = lattice.twins.iter().filter_map(|(one, other)| match at {
        at if at == *one => Some(*other),
        at if at == *other => Some(*one),
        _ => None,
    });
    let with_it: usize = twins.filter(|twin| !lattice.is_hidden(*twin)).map(|twin| 1 + beneath(twin)).sum();
    itself + (beneath(at) + with_it) as f64 + f64::from(least) / 2_000.0
}

/// The cheapest choice that protects, of all of them; ties go to the figures that come first.
fn cheapest(lattice: &mut Lattice<'_>, sum: &Sum, open: &[usize], others: usize) -> Option<Vec<usize>> {
    let costs: Vec<f64> = open.iter().map(|at| cost(lattice, *at)).collect();
    let mut choices: Vec<(f64, u32)> = (1..1_u32 << open.len())
        .map(|choice| {
            let chosen = costs.iter().enumerate().filter(|(at, _)| choice & (1 << at) != 0);
            (chosen.map(|(_, cost)| cost).sum(), choice)
        })
        .collect();
    choices.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    for (_, choice) in choices {
        let chosen: Vec<usize> =
            open.iter().enumerate().filter(|(at, _)| choice & (1 << at) != 0).map(|(_, at)| *at).collect();
        for at in &chosen {
            lattice.hide(*at);
        }
        let protects = needs::protects(lattice, sum, others);
        for at in &chosen {
            lattice.unhide(*at);
        }
        if protects {
            return Some(chosen);
        }
    }
    None
}

/// The cheapest choice with enough figures and enough children in each kind of count; none where it does not protect.
fn by_programme(lattice: &mut Lattice<'_>, open: &[usize], sum: &Sum, others: usize) -> Option<Vec<usize>> {
    let secret: Vec<usize> = sum.terms.iter().copied().filter(|at| lattice.keeps_secret(*at)).collect();
    let mut variables = ProblemVariables::new();
    let own: Vec<(usize, Variable)> = open.iter().map(|at| (*at, variables.add(variable().binary()))).collect();
    // The order of figures breaks ties, so that the same table always hides the same.
    let objective: Expression =
        own.iter().enumerate().map(|(rank, (at, own))| (cost(lattice, *at) + rank as f64 * 1e-5) * *own).sum();
    let mut model = variables.minimise(objective).using(microlp);
    let chosen: Expression = own.iter().map(|(_, own)| *own).sum();
    let wanted = (1 + others).saturating_sub(secret.len()).max(1);
    model = model.with(constraint!(chosen >= wanted as f64));
    for kind in needs::KINDS {
        let room = |at: usize| needs::count(lattice, at, kind).map_or(0, |(count, least)| count - least);
        let there: i64 = secret.iter().map(|at| room(*at)).sum();
        let is_told = secret.iter().any(|at| needs::count(lattice, *at, kind).is_some_and(|(count, _)| count > 0));
        let needed = needs::largest_of(lattice, sum) - there;
        if is_told && needed > 0 {
            let more: Expression = own.iter().map(|(at, own)| room(*at).min(needed) as f64 * *own).sum();
            model = model.with(constraint!(more >= needed as f64));
        }
    }
    let solution = model.solve().ok()?;
    let chosen: Vec<usize> = own.iter().filter(|(_, own)| solution.value(*own) > 0.5).map(|(at, _)| *at).collect();
    for at in &chosen {
        lattice.hide(*at);
    }
    let protects = needs::protects(lattice, sum, others);
    for at in &chosen {
        lattice.unhide(*at);
    }
    protects.then_some(chosen)
}
