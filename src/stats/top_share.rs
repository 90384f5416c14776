//! How much of a total the few with most of it make up.

use super::intervals::{Estimate, Z95};

/// The share of a total that is made by those who have most of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TopShare {
    /// How many they are: `percent` of all, rounded up.
    pub few: u64,
    /// What they have together.
    pub theirs: u64,
    /// The total.
    pub all: u64,
    /// Their share with its limits.
    pub share: Estimate,
}

/// The share of the total made by the `percent` (1 to 99) of children with most, rounded up to whole children:
/// (events of a child, children alike), each child with at least one event.
///
/// Ties do not matter: children tied at the border have the same count, so whichever is taken the sum is the same. The
/// variance is that of a Lorenz ordinate: a child's influence is ((x − q)₊ + q·k/n − share·x) ÷ mean, where q is the count at
/// the border. Few children make much of it, so the estimate is skewed: limits are on the logit scale, corrected for the skew
/// of the influences (Hall) and with Student's t for the k at the top. They cover 90 % with 150 children, 94 % with 300 and
/// 95 % with 1,000 in a heavy tail; with fewer than about 150 children they are too narrow. None where there are no events; no
/// limits with fewer than two children, nor where all have the same.
/// Source: Beach and Davidson 1983; Binder and Kovačević 1995; Hall 1992.
///
/// ```
/// use sightline::stats::top_share;
/// // Twenty children: two with ten spells each, eighteen with one. The tenth is two children: 20 of 38 spells.
/// let top = top_share(&[(10, 2), (1, 18)], 10).unwrap();
/// assert_eq!((top.few, top.theirs, top.all), (2, 20, 38));
/// ```
pub fn top_share(children: &[(u64, u64)], percent: u64) -> Option<TopShare> {
    let mut most: Vec<(u64, u64)> = children.iter().copied().filter(|(x, alike)| *x > 0 && *alike > 0).collect();
    most.sort_unstable_by(|a, b| b.cmp(a));
    let n: u64 = most.iter().map(|(_, alike)| alike).sum();
    let all: u64 = most.iter().map(|(x, alike)| x * alike).sum();
    if all == 0 {
        return None;
    }
    let few = (n * percent).div_ceil(100).clamp(1, n);
    let (mut theirs, mut left, mut border) = (0, few, 0);
    for (x, alike) in &most {
        if left == 0 {
            break;
        }
        let taken = left.min(*alike);
        (theirs, left, border) = (theirs + taken * x, left - taken, *x);
    }
    let share = theirs as f64 / all as f64;
    let influence = Influence { border, few, share, mean: all as f64 / n as f64, n: n as f64 };
    Some(TopShare { few, theirs, all, share: influence.limits(&most) })
}

/// What one child moves the share by.
struct Influence {
    border: u64,
    few: u64,
    share: f64,
    mean: f64,
    n: f64,
}

impl Influence {
    fn of(&self, x: u64) -> f64 {
        let over = x.saturating_sub(self.border) as f64;
        (over + self.border as f64 * self.few as f64 / self.n - self.share * x as f64) / self.mean
    }

    fn moment(&self, children: &[(u64, u64)], power: i32) -> f64 {
        children.iter().map(|(x, alike)| self.of(*x).powi(power) * *alike as f64).sum::<f64>() / self.n
    }

    fn standard_error(&self, children: &[(u64, u64)]) -> f64 {
        if self.n > 1.0 { (self.moment(children, 2) / (self.n - 1.0)).sqrt() } else { 0.0 }
    }

    /// None at 0 or 1, nor without an error.
    fn limits(&self, children: &[(u64, u64)]) -> Estimate {
        let (share, se) = (self.share, self.standard_error(children));
        if se <= 1e-12 || share <= 0.0 || share >= 1.0 {
            return Estimate { value: share, lower: None, upper: None };
        }
        let skew = self.moment(children, 3) / self.moment(children, 2).powf(1.5) / self.n.sqrt();
        // Student's t with k − 1 degrees of freedom, to the first term of its expansion in them.
        let t = Z95 + (Z95.powi(3) + Z95) / (4.0 * (self.few as f64 - 1.0).max(1.0));
        let logit = (share / (1.0 - share)).ln();
        let limit = |at: f64| 1.0 / (1.0 + (-(logit - se / (share * (1.0 - share)) * without_skew(at, skew))).exp());
        Estimate { value: share, lower: Some(limit(t).min(share)), upper: Some(limit(-t).max(share)) }
    }
}

/// The quantile of a skewed estimate's error: the inverse of Hall's transformation, `skew` being the skewness over √n.
fn without_skew(at: f64, skew: f64) -> f64 {
    if skew.abs() < 1e-9 { at } else { 3.0 / skew * ((1.0 + skew * (at - skew / 6.0)).cbrt() - 1.0) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rand::SeedableRng as _;
    use rand_chacha::ChaCha8Rng;

    #[test]
    fn the_tenth_is_rounded_up_and_ties_change_nothing() {
        // Eleven children: two are the tenth, rounded up. 5 + 3 of 17, whichever of the two with 3 is taken.
        let top = top_share(&[(5, 1), (3, 2), (1, 6), (0, 40)], 10).unwrap();
        assert_eq!((top.few, top.theirs, top.all), (1, 5, 17));
        let top = top_share(&[(5, 1), (3, 2), (1, 8)], 10).unwrap();
        assert_eq!((top.few, top.theirs, top.all), (2, 8, 19));
        assert_eq!(top_share(&[(0, 9)], 10), None);
        assert_eq!(top_share(&[(4, 1)], 10).unwrap().share, Estimate { value: 1.0, lower: None, upper: None });
    }

    #[test]
    fn the_error_agrees_with_the_jackknife() {
        // Delete-one jackknife of 200 children whose tenth is twenty; n - 1 children keep a tenth of 19.9, so the fraction is
        // held at k/n by the smooth form of the ordinate.
        let each: Vec<u64> = (1..=200_u64).map(|at| 1 + (at * at) / 900).collect();
        let children: Vec<(u64, u64)> = each.iter().map(|&x| (x, 1)).collect();
        let top = top_share(&children, 10).unwrap();
        let smooth = |left_out: usize| {
            let mut rest: Vec<f64> =
                each.iter().enumerate().filter(|(at, _)| *at != left_out).map(|(_, &x)| x as f64).collect();
            rest.sort_by(|a, b| b.total_cmp(a));
            let k = rest.len() as f64 * 0.1;
            let whole = k.floor() as usize;
            (rest[..whole].iter().sum::<f64>() + (k - whole as f64) * rest[whole]) / rest.iter().sum::<f64>()
        };
        let values: Vec<f64> = (0..200).map(smooth).collect();
        let mean = values.iter().sum::<f64>() / 200.0;
        let jackknife = (199.0 / 200.0 * values.iter().map(|value| (value - mean).powi(2)).sum::<f64>()).sqrt();
        let border = each.iter().rev().copied().nth(19).unwrap();
        let mean = each.iter().sum::<u64>() as f64 / 200.0;
        let influence = Influence { border, few: 20, share: top.share.value, mean, n: 200.0 };
        let ours = influence.standard_error(&children);
        assert!((ours / jackknife - 1.0).abs() < 0.05, "{ours} {jackknife}");
    }

    proptest! {
        #[test]
        fn never_less_than_its_part_of_the_children(each in prop::collection::vec(1_u64..40, 1..80), percent in 1_u64..99) {
            let children: Vec<(u64, u64)> = each.iter().map(|&x| (x, 1)).collect();
            let top = top_share(&children, percent).unwrap();
            prop_assert!(top.share.value + 1e-12 >= top.few as f64 / each.len() as f64 && top.share.value <= 1.0);
            prop_assert!(top.share.lower.is_none_or(|lower| lower <= top.share.value));
            prop_assert!(top.share.upper.is_none_or(|upper| upper >= top.share.value));
        }
    }

    /// Coverage over 2,000 samples from a heavy-tailed population of counts. Without the correction for skew it is 84 % with 150
    /// children, 89 % with 300 and 93 % with 1,000.
    #[test]
    #[ignore = "2,000 samples; its figures are quoted at the function"]
    fn coverage_in_a_heavy_tail() {
        use rand_distr::{Distribution as _, Geometric};
        let mut random = ChaCha8Rng::seed_from_u64(2);
        let habits = [(0.60, 0.30), (0.355, 0.66), (0.045, 0.93)];
        let mut draw = || {
            let at: f64 = random.random_range(0.0..1.0);
            let again = if at < 0.60 {
                habits[0].1
            } else if at < 0.955 {
                habits[1].1
            } else {
                habits[2].1
            };
            1 + Geometric::new(1.0 - again).unwrap().sample(&mut random).min(60)
        };
        let population: Vec<(u64, u64)> = (0..400_000).map(|_| (draw(), 1)).collect();
        let truth = top_share(&population, 10).unwrap().share.value;
        for n in [150, 300, 1_000] {
            let covered = (0..2_000)
                .filter(|_| {
                    let sample: Vec<(u64, u64)> = (0..n).map(|_| (draw(), 1)).collect();
                    let share = top_share(&sample, 10).unwrap().share;
                    share.lower.unwrap() <= truth && truth <= share.upper.unwrap()
                })
                .count();
            println!("{n} children: {:.3}", covered as f64 / 2e3);
            assert!(covered > 1_800);
        }
    }
}
