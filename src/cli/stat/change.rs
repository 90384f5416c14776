//! `stat segmented`: the change of level and slope after something changed.

use clap::{Args, ValueEnum};

use super::Input;
use super::sheet::{self, Sheet};
use super::table::{Table, cells};
use crate::config::Problems;
use crate::stats::{self, Family, SegmentedOptions, SeriesPoint};

#[derive(Args)]
#[command(after_help = "\
Columns in: t (periods, such as months, in steps of the same length), y (empty where not known), post (1 from the change on); \
exposure for counts (their logarithm is the offset).
Columns out: term, estimate, se, lower, upper, p; terms intercept, slope, level_change, slope_change, then sin_1, cos_1 … \
with --harmonics and effect_at_T with --effect-at. Time zero is the first t with post = 1. With quasipoisson all estimates are \
logarithms of ratios.

Newey-West errors (Bartlett weights to --lag, no prewhitening, no small-sample factor), t quantiles on n less the number of \
terms. Without --lag it is floor(4 (n ÷ 100)^(2/9)), and said. With fewer than 8 points on a side the series is described: estimates alone. \
Without a control the change may be due to anything else that happened.")]
pub(super) struct Segmented {
    #[command(flatten)]
    pub(super) input: Input,
    /// How y varies (quasipoisson where the file has exposure, else gaussian).
    #[arg(long, value_enum)]
    family: Option<Vary>,
    /// Periods over which errors go together.
    #[arg(long)]
    lag: Option<u16>,
    /// Pairs of sine and cosine over 12 periods, from 24 points.
    #[arg(long, value_name = "K", default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=3))]
    harmonics: u8,
    /// The effect at these t against the line before the change.
    #[arg(long, num_args = 1.., value_delimiter = ',', value_name = "T", allow_negative_numbers = true, value_parser = super::finite)]
    effect_at: Vec<f64>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Vary {
    Gaussian,
    #[value(name = "quasipoisson", alias = "quasi-poisson")]
    QuasiPoisson,
}

const NAMES: [&str; 4] = ["intercept", "slope", "level_change", "slope_change"];
const FEWEST_A_SIDE: usize = 8;
const FEWEST_FOR_HARMONICS: usize = 24;

pub(super) fn segmented(options: &Segmented, sheet: &mut Sheet) -> Result<Table, Problems> {
    let exposed = sheet.has("exposure");
    let family = match options.family {
        Some(Vary::QuasiPoisson) => Family::QuasiPoisson,
        None if exposed => Family::QuasiPoisson,
        Some(Vary::Gaussian) | None => Family::Gaussian,
    };
    let points = points(options, family, sheet)?;
    let lag = options.lag.map_or_else(|| usual_lag(points.len()), usize::from);
    let mut table = Table::new(&["term", "estimate", "se", "lower", "upper", "p"]);
    let says = if family == Family::Gaussian { "gaussian" } else { "quasi-Poisson" };
    table.note(format!("{says}, {} points, Newey-West lag {lag}", points.len()));
    let asked = SegmentedOptions { family, lag, harmonics: usize::from(options.harmonics) };
    let Some(fit) = stats::segmented_with(&points, asked) else {
        describe(&points, family, &mut table);
        return Ok(table);
    };
    for term in &fit.terms {
        table.push(cells![term.name, term.estimate, term.se, term.lower, term.upper, term.p]);
    }
    for t in &options.effect_at {
        let effect = fit.effect_on_link_at(*t);
        if effect.is_none() {
            table.note(format!("effect at {t}: before the change there is none"));
        }
        table.push(cells![
            format!("effect_at_{t}"),
            effect.map(|effect| effect.estimate),
            effect.map(|effect| effect.se),
            effect.map(|effect| effect.lower),
            effect.map(|effect| effect.upper),
            effect.and_then(|effect| effect.p),
        ]);
    }
    Ok(table)
}

/// The automatic lag of Newey and West 1994 in its usual short form.
fn usual_lag(points: usize) -> usize {
    (4.0 * (points as f64 / 100.0).powf(2.0 / 9.0)).floor() as usize
}

/// Too few points to test, or no fit.
fn describe(points: &[SeriesPoint], family: Family, table: &mut Table) {
    let after = points.iter().filter(|point| point.post).count();
    table.note(if after.min(points.len() - after) < FEWEST_A_SIDE {
        "fewer than 8 points on a side: described, not tested"
    } else {
        "no fit: the terms cannot be told apart, or a side has no events"
    });
    let terms = stats::described(points, family);
    for (at, name) in NAMES.into_iter().enumerate() {
        let estimate = terms.as_ref().and_then(|terms| terms.get(at)).map(|(_, estimate)| *estimate);
        table.push(cells![name, estimate, None::<f64>, None::<f64>, None::<f64>, None::<f64>]);
    }
}

/// The points that have a value, in order of time.
fn points(options: &Segmented, family: Family, sheet: &mut Sheet) -> Result<Vec<SeriesPoint>, Problems> {
    let t = sheet.filled("t", &sheet::NUMBER);
    let post = sheet.filled("post", &sheet::FLAG);
    let y = sheet.column("y", if family == Family::Gaussian { &sheet::NUMBER } else { &sheet::FROM_ZERO });
    let exposure = sheet.optional_filled("exposure", &sheet::ABOVE_ZERO);
    if sheet.has("exposure") && family == Family::Gaussian {
        let hint = "exposure is for counts: leave the column out, or take --family quasipoisson";
        sheet.refuse_all(sheet::DOES_NOT_FIT, "column `exposure`: not used by the gaussian family", hint);
    }
    let mut order: Vec<usize> = (0..t.len()).collect();
    let time = |at: usize| t.get(at).copied().flatten();
    order.sort_by(|a, b| time(*a).unwrap_or(0.0).total_cmp(&time(*b).unwrap_or(0.0)));
    let after = |at: usize| post.get(at).copied().flatten() == Some(true);
    let (mut repeated, mut back) = (Vec::new(), Vec::new());
    for pair in order.windows(2) {
        if let [before, next] = *pair {
            if time(before).is_some() && time(before) == time(next) {
                repeated.push(next);
            }
            if after(before) && !after(next) {
                back.push(next);
            }
        }
    }
    sheet.refuse("t", "column `t`: more than one point at a time", "one row a period", |at| repeated.contains(&at));
    let hint = "post stays 1 from the change on; a change undone is a second change, which this method does not fit";
    sheet.refuse("post", "column `post`: back to 0 after the change", hint, |at| back.contains(&at));
    let sides = |side: bool| post.iter().flatten().any(|post| *post == side);
    if !(sides(false) && sides(true)) {
        let hint = "post is 0 before the change and 1 from it on";
        sheet.refuse_all(sheet::DOES_NOT_FIT, "column `post`: all on one side of the change", hint);
    }
    let known = y.iter().flatten().count();
    if options.harmonics > 0 && known < FEWEST_FOR_HARMONICS {
        let hint = "leave --harmonics out of a shorter series";
        sheet.refuse_all(sheet::DOES_NOT_FIT, format!("harmonics need 24 points, and {known} have a value"), hint);
    }
    sheet.check()?;
    let point = |at: usize| {
        Some(SeriesPoint {
            t: time(at)?,
            y: (*y.get(at)?)?,
            post: after(at),
            exposure: exposure.get(at).copied().flatten().unwrap_or(1.0),
        })
    };
    Ok(order.into_iter().filter_map(point).collect())
}
