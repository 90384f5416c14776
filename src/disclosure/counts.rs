//! Row counts and link rates on the board edition: plain counts that sum to a total.

use super::Policy;

/// The counts as shown, in their order, where together they sum to a total that is shown too.
///
/// Counts below the threshold are withheld; where any is, so are the least others until they protect each other; where the
/// total is itself below the threshold, all are. Zeros are shown otherwise.
pub fn protect_counts(policy: Policy, counts: &[u64]) -> Vec<Option<u64>> {
    let rules = policy.rules();
    // Rows are not a breakdown of children whom a board may see: the stricter of the two thresholds.
    let smallest = u64::from(rules.smallest_shown.max(rules.smallest_total));
    let withheld = |count: u64| count > 0 && count < smallest;
    let show = |count: u64| i64::try_from(count).map_or(count, |count| rules.rounds(count).unsigned_abs());
    let mut least_first: Vec<(usize, u64)> = counts.iter().copied().enumerate().collect();
    least_first.sort_by_key(|&(place, count)| (count == 0, count, place));
    let small = counts.iter().filter(|&&count| withheld(count)).count();
    let hidden = if withheld(counts.iter().sum()) {
        counts.len()
    } else if small > 0 {
        let enough = |length: &usize| {
            let sum: u64 = least_first.iter().take(*length).map(|(_, count)| count).sum();
            sum + 2 >= smallest + *length as u64
        };
        (small.max(2)..=counts.len()).find(enough).unwrap_or(counts.len())
    } else {
        0
    };
    let mut shown: Vec<(usize, Option<u64>)> = least_first
        .into_iter()
        .enumerate()
        .map(|(rank, (place, count))| (place, (rank >= hidden).then(|| show(count))))
        .collect();
    shown.sort_by_key(|&(place, _)| place);
    shown.into_iter().map(|(_, count)| count).collect()
}
