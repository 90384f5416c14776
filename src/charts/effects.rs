//! Effects with their intervals about the line of no difference: one row a service, in the report's order, never ranked.

use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use super::canvas::Ink;
use super::draw::{Area, Drawn, plane, text, width_of};
use super::lines::shortened;
use super::plan::{framed, within};
use super::rows::ROW;
use super::words::signed_hundredths;

/// An interval that reaches further than this many times the middle one's reach is cut at the edge, with an arrow.
const FURTHEST: f64 = 3.0;

/// Effects as plain data.
#[derive(Clone, Debug, PartialEq)]
pub struct Effects {
    /// Unique in the site.
    pub id: String,
    /// Its subject.
    pub title: String,
    /// Beneath the left: `fewer nights than those waiting`.
    pub fewer: String,
    /// Beneath the right.
    pub more: String,
    /// From top to bottom.
    pub rows: Vec<EffectRow>,
}

/// One effect.
#[derive(Clone, Debug, PartialEq)]
pub struct EffectRow {
    /// Beside it.
    pub label: String,
    /// What the comparison says, for its mark and the description.
    pub says: EffectSays,
    /// Lower end, estimate, upper end; none where withheld or too few.
    pub figures: Option<(f64, f64, f64)>,
}

/// What a comparison says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EffectSays {
    /// The whole interval below no difference.
    Fewer,
    /// The whole interval above it.
    More,
    /// An effect worth having would have been seen.
    NoClearEffect,
    /// Too few to tell.
    CannotTell,
}

impl EffectSays {
    fn in_words(self) -> &'static str {
        match self {
            Self::Fewer => "fewer",
            Self::More => "more",
            Self::NoClearEffect => "no clear effect",
            Self::CannotTell => "cannot tell",
        }
    }
}

impl Effects {
    /// The chart as one `<svg>`.
    pub fn svg(&self) -> String {
        let height = 22 + ROW * self.rows.len() as i32 + 34;
        framed(&self.id, &self.title, &self.describe(), height.unsigned_abs(), |area| self.draw(area))
    }

    /// The words for a reader who does not see it.
    pub fn describe(&self) -> String {
        let told = |row: &EffectRow| match row.figures {
            Some((_, estimate, _)) => {
                format!("{} {} ({})", row.label, signed_hundredths(estimate), row.says.in_words())
            }
            None => format!("{} not shown", row.label),
        };
        let each: Vec<String> = self.rows.iter().map(told).collect();
        within(&format!("Differences with their 95% intervals, by service. {}.", each.join("; ")))
    }

    /// How far the scale reaches either side of no difference.
    fn reach(&self) -> f64 {
        let mut reaches: Vec<f64> =
            self.rows.iter().filter_map(|row| row.figures).map(|(low, _, high)| low.abs().max(high.abs())).collect();
        reaches.sort_by(f64::total_cmp);
        let middle = reaches.get(reaches.len() / 2).copied().unwrap_or(1.0);
        let furthest = reaches.last().copied().unwrap_or(1.0);
        let reach = furthest.min(middle * FURTHEST);
        if reach > 0.0 { reach * 1.05 } else { 1.0 }
    }

    fn draw(&self, area: &Area<'_>) -> Drawn {
        let reach = self.reach();
        let labels: Vec<String> = self.rows.iter().map(|row| shortened(&row.label)).collect();
        let left = labels.iter().map(|label| width_of(label)).max().unwrap_or(0) + 14;
        let rows = self.rows.len() as f64;
        let plot = plane(area, (22, 76, 34, left), -reach..reach, 0.0..rows.max(1.0));
        let x_of = |value: f64| plot.map_coordinate(&(value.clamp(-reach, reach), 0.0)).0;
        let (middle, edges) = (x_of(0.0), (x_of(-reach), x_of(reach)));
        let foot = 22 + ROW * self.rows.len() as i32;
        area.draw(&PathElement::new(vec![(middle, 20), (middle, foot)], Ink::Whole.token()))?;
        text(area, "No difference", (middle, 16), Ink::Quiet, HPos::Center)?;
        text(area, &format!("← {}", self.fewer), (middle - 10, foot + 22), Ink::Quiet, HPos::Right)?;
        text(area, &format!("{} →", self.more), (middle + 10, foot + 22), Ink::Quiet, HPos::Left)?;
        for (at, (row, label)) in self.rows.iter().zip(&labels).enumerate() {
            let y = 22 + ROW * at as i32 + ROW / 2;
            text(area, label, (edges.0 - 12, y + 5), Ink::Text, HPos::Right)?;
            let Some((low, estimate, high)) = row.figures else {
                text(area, "not shown", (middle + 8, y + 5), Ink::Quiet, HPos::Left)?;
                continue;
            };
            area.draw(&PathElement::new(vec![(x_of(low), y), (x_of(high), y)], Ink::Whisker.token()))?;
            if low < -reach {
                arrow(area, edges.0, y, -8)?;
            }
            if high > reach {
                arrow(area, edges.1, y, 8)?;
            }
            if estimate.abs() <= reach {
                mark(area, row.says, x_of(estimate), y)?;
            }
            text(area, &signed_hundredths(estimate), (edges.1 + 14, y + 5), Ink::Text, HPos::Left)?;
        }
        Ok(())
    }
}

/// The interval goes on beyond the edge.
fn arrow(area: &Area<'_>, x: i32, y: i32, length: i32) -> Drawn {
    let corners = vec![(x + length, y), (x, y - 5), (x, y + 5)];
    area.draw(&Polygon::new(corners, Ink::Common.token()))
}

/// A shape for what the comparison says, so that colour alone carries nothing.
fn mark(area: &Area<'_>, says: EffectSays, x: i32, y: i32) -> Drawn {
    match says {
        EffectSays::Fewer => {
            area.draw(&Polygon::new(vec![(x - 7, y - 6), (x + 7, y - 6), (x, y + 7)], Ink::Better.token()))
        }
        EffectSays::More => {
            area.draw(&Polygon::new(vec![(x, y - 7), (x + 7, y), (x, y + 7), (x - 7, y)], Ink::Worse.token()))
        }
        EffectSays::NoClearEffect => area.draw(&Circle::new((x, y), 5, Ink::Common.token().filled())),
        EffectSays::CannotTell => area.draw(&Circle::new((x, y), 5, Ink::Hollow(0).token().filled())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(label: &str, says: EffectSays, figures: Option<(f64, f64, f64)>) -> EffectRow {
        EffectRow { label: label.into(), says, figures }
    }

    fn effects(rows: Vec<EffectRow>) -> Effects {
        Effects { id: "e".into(), title: "T".into(), fewer: "fewer".into(), more: "more".into(), rows }
    }

    #[test]
    fn one_very_wide_interval_does_not_squash_the_others_and_is_cut_with_an_arrow() {
        let rows = vec![
            row("Family support", EffectSays::Fewer, Some((-0.33, -0.17, 0.0))),
            row("School support", EffectSays::CannotTell, Some((-0.2, 0.0, 0.2))),
            row("Youth work", EffectSays::CannotTell, Some((-9.0, -2.7, 1.2))),
        ];
        let chart = effects(rows);
        assert!((chart.reach() - 0.33 * 3.0 * 1.05).abs() < 1e-9, "{}", chart.reach());
        // The line of no difference, three marks but the one beyond the edge, and two arrows.
        assert_eq!(chart.svg().matches("class=\"cm\"").count(), 2, "{}", chart.svg());
        assert!(chart.describe().contains("Family support \u{2212}0.17 (fewer)"), "{}", chart.describe());
    }

    #[test]
    fn nothing_shown_is_said_and_drawn_without_a_mark() {
        let chart = effects(vec![row("Youth work", EffectSays::CannotTell, None)]);
        assert!(chart.svg().contains("not shown"));
        assert!(!chart.svg().contains("<circle"));
        assert!(effects(vec![]).svg().contains("No difference"), "and none at all is still a chart");
    }
}
