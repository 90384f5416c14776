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
    if completed.len() < FEWEST_WEEKS || runs == 0 {
        return None;
    }
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let week = Uniform::new(0, completed.len() as u32).ok()?;
    let arrivals = Uniform::new(0, added.len() as u32).ok();
    let mut run = || {
        let mut left = i64::from(remaining);
        for weeks in 0..LONGEST_WEEKS {
            if left <= 0 {
                return weeks;
            }
            let done = completed.get(week.sample(&mut random) as usize).copied().unwrap_or(0);
            let drawn = arrivals.as_ref().map_or(0, |arrivals| arrivals.sample(&mut random) as usize);
            left += i64::from(added.get(drawn).copied().unwrap_or(0)) - i64::from(done);
        }
        if left <= 0 { LONGEST_WEEKS } else { u32::MAX }
    };
    let mut weeks: Vec<u32> = (0..runs).map(|_| run()).collect();
    weeks.sort_unstable();
    let by = |share: f64| {
        let rank = (share * f64::from(runs)).ceil() as usize;
        weeks.get(rank.max(1) - 1).copied().filter(|weeks| *weeks != u32::MAX)
    };
    Some(Finish { percent_50: by(0.5), percent_85: by(0.85), percent_95: by(0.95) })
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
    fn what_never_ends_and_what_is_done() {
        let never = Finish { percent_50: None, percent_85: None, percent_95: None };
        assert_eq!(forecast(&[0; 8], &[], 3, 10, 1), Some(never));
        assert_eq!(forecast(&[2; 8], &[3; 4], 3, 10, 1), Some(never), "more arrives than is done");
        assert_eq!(forecast(&[2; 8], &[], 0, 10, 1).and_then(|finish| finish.percent_95), Some(0));
    }
}
