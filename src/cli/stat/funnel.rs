//! `stat funnel`: limits for many units. Never a ranking: rows stay in the order of the file.

use clap::{Args, ValueEnum};

use super::Input;
use super::sheet::{self, Sheet};
use super::table::{Table, cells};
use crate::config::Problems;
use crate::stats::{self, Band, funnel_of_ratios, funnel_of_shares};

#[derive(Args)]
#[command(after_help = "\
Columns in: unit, x, n; or unit, observed, expected.
Columns out: unit, value, centre, lower95, upper95, lower998, upper998, z, od_lower95, od_upper95, od_lower998, od_upper998.

proportion (where the file has x and n): value x ÷ n, limits c ± z √(c(1 − c) ÷ n) about the pooled share c, which are the \
shares whose Wilson interval just reaches it. ratio: value observed ÷ expected, centre 1, limits are the counts that chance seldom goes \
beyond, by the Poisson distribution of the expected number (prediction limits, Seaton and Manktelow 2012), ÷ expected; with x and n, expected is the pooled rate × n. \
od_ limits are widened by the variance between units beyond chance (additive, from z drawn in by a tenth at each end); phi and \
tau² are said beside. With fewer than 10 units they are not defined.")]
pub(super) struct Funnel {
    #[command(flatten)]
    pub(super) input: Input,
    /// Shares of n, or ratios to an expected number (by the file's columns unless given).
    #[arg(long, value_enum)]
    kind: Option<Kind>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    Proportion,
    Ratio,
}

pub(super) fn funnel(options: &Funnel, sheet: &mut Sheet) -> Result<Table, Problems> {
    let unit = sheet.filled("unit", &sheet::TEXT);
    let of_expected = (sheet.has("observed") || sheet.has("expected")) && !sheet.has("x");
    let kind = options.kind.unwrap_or(if of_expected { Kind::Ratio } else { Kind::Proportion });
    let funnel = match kind {
        Kind::Proportion => shares(sheet)?,
        Kind::Ratio if of_expected => {
            let observed = sheet.filled("observed", &sheet::COUNT);
            let expected = sheet.filled("expected", &sheet::FROM_ZERO);
            sheet.check()?;
            Some(funnel_of_ratios(&pairs(&observed, &expected)))
        }
        Kind::Ratio => rates(sheet)?,
    };
    let mut table = Table::new(&[
        "unit",
        "value",
        "centre",
        "lower95",
        "upper95",
        "lower998",
        "upper998",
        "z",
        "od_lower95",
        "od_upper95",
        "od_lower998",
        "od_upper998",
    ]);
    match funnel.as_ref().map(|funnel| funnel.phi.zip(funnel.tau_squared)) {
        None => table.note("nothing was counted: no centre and no limits"),
        Some(Some((phi, tau_squared))) => table.note(format!("over-dispersion: phi {phi:.4}, tau² {tau_squared:.6}")),
        Some(None) => table.note("over-dispersion is not estimated from fewer than 10 units"),
    }
    for (at, unit) in unit.into_iter().enumerate() {
        let point = funnel.as_ref().and_then(|funnel| funnel.points.get(at).copied().flatten());
        let band = |of: Option<Band>| (of.map(|band| band.lower), of.map(|band| band.upper));
        let ((lower95, upper95), (lower998, upper998)) =
            (band(point.map(|point| point.limits_95)), band(point.map(|point| point.limits_998)));
        let widened = point.and_then(|point| point.widened);
        let (wide95, wide998) = (band(widened.map(|bands| bands.0)), band(widened.map(|bands| bands.1)));
        table.push(cells![
            unit,
            point.map(|point| point.value),
            funnel.as_ref().map(|funnel| funnel.centre),
            lower95,
            upper95,
            lower998,
            upper998,
            point.and_then(|point| point.z),
            wide95.0,
            wide95.1,
            wide998.0,
            wide998.1,
        ]);
    }
    Ok(table)
}

fn shares(sheet: &mut Sheet) -> Result<Option<stats::Funnel>, Problems> {
    let (x, n) = (sheet.filled("x", &sheet::COUNT), sheet.filled("n", &sheet::COUNT));
    let units = pairs(&x, &n);
    let whole = units.len() == sheet.len();
    let beyond = |at: usize| whole && units.get(at).is_some_and(|(x, n)| x > n);
    sheet.refuse("x", "column `x`: more than `n`", "a share counts x of the n; see --kind ratio for rates", beyond);
    sheet.check()?;
    Ok(funnel_of_shares(&units))
}

/// Rates of n: expected is the pooled rate × n. None where nothing was exposed.
fn rates(sheet: &mut Sheet) -> Result<Option<stats::Funnel>, Problems> {
    let (x, n) = (sheet.filled("x", &sheet::COUNT), sheet.filled("n", &sheet::FROM_ZERO));
    sheet.check()?;
    let units = pairs(&x, &n);
    let (events, exposure) = units.iter().fold((0.0, 0.0), |sum, unit| (sum.0 + unit.0 as f64, sum.1 + unit.1));
    let pooled = (exposure > 0.0).then(|| events / exposure);
    let expected = |pooled: f64| units.iter().map(|(x, n)| (*x, pooled * n)).collect::<Vec<_>>();
    Ok(pooled.map(|pooled| funnel_of_ratios(&expected(pooled))))
}

fn pairs<A: Copy, B: Copy>(one: &[Option<A>], other: &[Option<B>]) -> Vec<(A, B)> {
    one.iter().zip(other).filter_map(|(one, other)| one.zip(*other)).collect()
}
