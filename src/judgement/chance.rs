//! What chance alone would mark. Said wherever a page shows many charts.

/// The share of charts of an unchanging measure whose latest point is marked: measured over 20,000 stable series of 36
/// months for each method (`judgement::tests::chance_alone`).
pub const MARKED_BY_CHANCE: f64 = 0.03;

/// After how many months, on average, chance alone marks one of `charts` that do not change. None without charts.
///
/// ```
/// use sightline::judgement::months_between_false_signals;
/// // Eleven charts: 0.33 a month, so one about every three months.
/// assert_eq!(months_between_false_signals(11), Some(3));
/// assert_eq!(months_between_false_signals(0), None);
/// ```
pub fn months_between_false_signals(charts: usize) -> Option<u32> {
    (charts > 0).then(|| (1.0 / (charts as f64 * MARKED_BY_CHANCE)).round().max(1.0) as u32)
}
