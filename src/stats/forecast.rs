//! When a list of actions may be finished, by drawing past weeks again. Not a promise: the last actions are the hardest.

use rand::SeedableRng as _;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution as _, Uniform};

/// Weeks from now by which shares of the runs had finished; none where they had not within ten years.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finish {
    /// Half of the runs.
    pub percent_50: Option<u32>,
    /// 85 in 100.
    pub percent_85: Option<u32>,
    /// 95 in 100.
    pub percent_95: Option<u32>,
}

/// Weeks of history below which nothing is forecast.
const FEWEST_WEEKS: usize = 8;
const LONGEST_WEEKS: u32 = 520;

/// Draws past weeks with replacement until nothing remains, `runs` times; the same `seed` gives the same answer.
///
/// `completed` and `added` are actions a week, weeks of nothing included; each is drawn on its own, so that new actions arrive
/// at their own rate (`added` may be empty). None with fewer than 8 weeks or no runs. Source: Magennis 2011.
///
/// ```
/// use sightline::stats::forecast;
/// let steady = forecast(&[2; 8], &[], 10, 1_000, 1).unwrap();
/// assert_eq!((steady.percent_50, steady.percent_95), (Some(5), Some(5)));
/// assert!(forecast(&[2; 7], &[], 10, 1_000, 1).is_none());
/// ```
pub fn forecast(completed: &[u32], added: &[u32], remaining: u32, runs: u32, seed: u64) -> Option<Finish> {
    let mut weeks = walk(completed, added, remaining, runs, seed, |_| ())?;
    weeks.sort_unstable();
    let by = |share: f64| quantile(&weeks, share).filter(|weeks| *weeks != u32::MAX);
    Some(Finish { percent_50: by(0.5), percent_85: by(0.85), percent_95: by(0.95) })
}

/// Actions done in all by the end of each of some `weeks` ahead (1 is the next), over the very runs of [`forecast`]: at most so many in
/// 5, 15, 50, 85 and 95 of 100 runs. What is done cannot exceed what is there to do.
///
/// ```
/// use sightline::stats::forecast_ahead;
/// let steady = forecast_ahead(&[2; 8], &[], 5, 100, 1, &[1, 2, 4]).unwrap();
/// assert_eq!(steady, [[2; 5], [4; 5], [5; 5]]);
/// assert!(forecast_ahead(&[2; 7], &[], 5, 100, 1, &[4]).is_none());
/// ```
pub fn forecast_ahead(
    completed: &[u32],
    added: &[u32],
    remaining: u32,
    runs: u32,
    seed: u64,
    weeks: &[u32],
) -> Option<Vec<[u32; 5]>> {
    let mut by_week = vec![Vec::with_capacity(runs as usize); weeks.len()];
    walk(completed, added, remaining, runs, seed, |done| {
        for (week, all) in weeks.iter().zip(&mut by_week) {
            let at = week.checked_sub(1).map(|week| done.get(week as usize).or(done.last()).copied().unwrap_or(0));
            all.push(at.unwrap_or(0));
        }
    })?;
    let spread = |mut all: Vec<u32>| {
        all.sort_unstable();
        [0.05, 0.15, 0.5, 0.85, 0.95].map(|share| quantile(&all, share).unwrap_or(0))
    };
    Some(by_week.into_iter().map(spread).collect())
}

/// The least value that a share of sorted values do not exceed.
fn quantile(sorted: &[u32], share: f64) -> Option<u32> {
    let rank = (share * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.max(1) - 1).copied()
}

/// Runs week by week until nothing remains, and tells `each_run` what a run had done in all by the end of each of its weeks.
/// Gives the weeks each run took; `u32::MAX` where it was given up.
fn walk(
    completed: &[u32],
    added: &[u32],
    remaining: u32,
    runs: u32,
    seed: u64,
    mut each_run: impl FnMut(&[u32]),
) -> Option<Vec<u32>> {
    if completed.len() < FEWEST_WEEKS || runs == 0 {
        return None;
    }
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let week = Uniform::new(0, completed.len() as u32).ok()?;
    let arrivals = Uniform::new(0, added.len() as u32).ok();
    let mut totals = Vec::new();
    let mut run = || {
        let (mut left, mut total) = (i64::from(remaining), 0);
        totals.clear();
        for weeks in 0..LONGEST_WEEKS {
            if left <= 0 {
                each_run(&totals);
                return weeks;
            }
            let done = completed.get(week.sample(&mut random) as usize).copied().unwrap_or(0);
            let drawn = arrivals.as_ref().map_or(0, |arrivals| arrivals.sample(&mut random) as usize);
            left += i64::from(added.get(drawn).copied().unwrap_or(0));
            total += i64::from(done).min(left);
            left -= i64::from(done);
            totals.push(u32::try_from(total).unwrap_or(u32::MAX));
        }
        each_run(&totals);
        if left <= 0 { LONGEST_WEEKS } else { u32::MAX }
    };
    Some((0..runs).map(|_| run()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_of_one_or_none_follow_the_negative_binomial() {
        // Three weeks of four finish one action. scipy: stats.nbinom.ppf((.5, .85, .95), 10, .75) + 10 is 13, 15, 17.
        let finish = forecast(&[0, 1, 1, 1, 0, 1, 1, 1], &[], 10, 10_000, 1).unwrap();
        assert_eq!(finish, Finish { percent_50: Some(13), percent_85: Some(15), percent_95: Some(17) });
        assert_eq!(finish, forecast(&[0, 1, 1, 1, 0, 1, 1, 1], &[], 10, 10_000, 1).unwrap(), "the same each time");
    }

    #[test]
    fn the_fan_is_of_the_same_runs() {
        let history = [0, 1, 1, 1, 0, 1, 1, 1];
        let weeks: Vec<u32> = (1..=18).collect();
        let ahead = forecast_ahead(&history, &[], 10, 10_000, 1, &weeks).unwrap();
        // Half of the runs have finished after 13 weeks, 85 in 100 after 15, 95 in 100 after 17: as above.
        let all_but = |share: usize, week: usize| ahead[week - 1][share];
        assert_eq!((all_but(2, 13), all_but(1, 15), all_but(0, 17)), (10, 10, 10));
        assert!(all_but(2, 12) < 10 && all_but(1, 14) < 10 && all_but(0, 16) < 10);
        // The first week: done with chance 3 in 4.
        assert_eq!(ahead[0], [0, 0, 1, 1, 1]);
    }

    #[test]
    fn what_never_ends_and_what_is_done() {
        let never = Finish { percent_50: None, percent_85: None, percent_95: None };
        assert_eq!(forecast(&[0; 8], &[], 3, 10, 1), Some(never));
        assert_eq!(forecast(&[2; 8], &[3; 4], 3, 10, 1), Some(never), "more arrives than is done");
        assert_eq!(forecast(&[2; 8], &[], 0, 10, 1).and_then(|finish| finish.percent_95), Some(0));
    }
}
