//! Words at the ends of lines and columns: in a drawing for a phone broken into lines, everywhere clear of each other.

use plotters::style::text_anchor::HPos;

use super::canvas::Ink;
use super::draw::{Area, Drawn, LINE, is_narrow, text, width_of};

/// What a narrow drawing has beside its plane.
const NARROW_ROOM: i32 = 110;

/// The words beside a drawing's right edge, from which the room for them follows.
pub(super) struct Ends {
    labels: Vec<(Vec<String>, Ink)>,
    /// The width they need.
    pub(super) room: i32,
}

impl Ends {
    /// In a drawing that is not narrow the words have between `least` and `most`.
    pub(super) fn new(area: &Area<'_>, labels: impl Iterator<Item = (String, Ink)>, (least, most): (i32, i32)) -> Self {
        let narrow = is_narrow(area);
        let lines = |label: String| if narrow { broken(&label, NARROW_ROOM) } else { vec![label] };
        let labels: Vec<(Vec<String>, Ink)> = labels.map(|(label, ink)| (lines(label), ink)).collect();
        let widest = labels.iter().flat_map(|(lines, _)| lines).map(|line| wide(line)).max().unwrap_or(0);
        let room = if narrow { widest.max(least.min(NARROW_ROOM)) } else { widest.clamp(least, most) };
        Self { labels, room }
    }

    /// At `x`, each as near its wanted height as the others leave it, within `top` and `bottom`.
    pub(super) fn draw(&self, area: &Area<'_>, x: i32, wanted: &[i32], (top, bottom): (i32, i32)) -> Drawn {
        let lines_of = |(lines, _): &(Vec<String>, Ink)| lines.len() as i32;
        let blocks: Vec<(i32, i32)> = wanted.iter().copied().zip(self.labels.iter().map(lines_of)).collect();
        for ((lines, ink), first) in self.labels.iter().zip(blocks_apart(&blocks, top, bottom)) {
            for (nth, line) in lines.iter().enumerate() {
                text(area, line, (x, first + LINE * nth as i32), *ink, HPos::Left)?;
            }
        }
        Ok(())
    }
}

/// Labels of lines are bold, a tenth wider than the estimate.
fn wide(line: &str) -> i32 {
    width_of(line) * 11 / 10
}

/// Broken between words where a line would be wider than the room.
pub(super) fn broken(label: &str, room: i32) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in label.split(' ') {
        match lines.last_mut() {
            Some(line) if wide(&format!("{line} {word}")) <= room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// Where the first line of each block stands: blocks of (wanted height, lines) about their wanted heights, a line apart,
/// within the frame, in the same order.
pub(super) fn blocks_apart(wanted: &[(i32, i32)], top: i32, bottom: i32) -> Vec<i32> {
    let at = |place: usize| wanted.get(place).copied().unwrap_or((top, 1));
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by_key(|place| at(*place).0);
    let mut placed = vec![0; wanted.len()];
    let mut free = top;
    for place in &order {
        let (middle, lines) = at(*place);
        let first = (middle - LINE * (lines - 1) / 2).max(free);
        if let Some(slot) = placed.get_mut(*place) {
            *slot = first;
        }
        free = first + LINE * lines;
    }
    let mut limit = bottom;
    for place in order.iter().rev() {
        let lines = at(*place).1;
        if let Some(slot) = placed.get_mut(*place) {
            *slot = (*slot).min(limit - LINE * (lines - 1));
            limit = *slot - LINE;
        }
    }
    placed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_broken_between_words_and_none_is_lost() {
        assert_eq!(broken("Closed not assessed", 110), ["Closed not", "assessed"]);
        assert_eq!(broken("Upper limit 31%", 110), ["Upper limit", "31%"]);
        assert_eq!(broken("Assessed", 110), ["Assessed"]);
    }

    #[test]
    fn blocks_of_lines_stay_clear_of_each_other_and_within_the_frame() {
        assert_eq!(blocks_apart(&[(100, 1), (102, 1), (101, 1)], 20, 240), [100, 136, 118]);
        assert_eq!(blocks_apart(&[(238, 2), (239, 1)], 20, 240), [204, 240]);
    }
}
