//! What chance alone would mark. Said wherever a page shows many charts.

/// The share of charts of an unchanging measure whose latest point is marked, about: over 5,000 stable series of 36 months
/// each, 1.04 % of p′ charts, 1.32 % of u′, 1.70 % of `XmR`, 0.62 % of flows and of steps (`judgement::chance_tests`). Over
/// four simulated partnerships in which nothing changes, whose children go missing in clusters: 12 of 518 charts, 2.3 %, with
/// a standard error of 0.7 (`tests/it/signals.rs`).
pub const MARKED_BY_CHANCE: f64 = 0.02;

/// After how many months, on average, chance alone marks one of `charts` that do not change. None without charts.
///
/// ```
/// use sightline::judgement::months_between_false_signals;
/// // Ten charts: 0.2 a month, so one about every five months.
/// assert_eq!(months_between_false_signals(10), Some(5));
/// assert_eq!(months_between_false_signals(0), None);
/// ```
pub fn months_between_false_signals(charts: usize) -> Option<u32> {
    (charts > 0).then(|| (1.0 / (charts as f64 * MARKED_BY_CHANCE)).round().max(1.0) as u32)
}
