//! Times with decimals as whole numbers of a smaller unit, since `stats` counts in whole ones: 2.5 and 4 are 25 and 40 tenths.

/// So many of the smaller unit in one of the file's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Unit {
    factor: f64,
    /// Whether times had to be rounded to fit.
    pub(super) rounded: bool,
}

/// Times above this do not fit the whole numbers counted in.
pub(super) const LONGEST: f64 = 4e9;

impl Unit {
    /// The unit in which all of these times are whole, or as nearly as fits.
    pub(super) fn of(times: impl Iterator<Item = f64>) -> Self {
        let (mut places, mut most) = (0, 0.0_f64);
        for time in times {
            let text = time.to_string();
            places = places.max(text.split_once('.').map_or(0, |(_, decimals)| decimals.len() as i32));
            most = most.max(time.abs());
        }
        let fits = (0..=9).rev().find(|places| most * 10_f64.powi(*places) < LONGEST).unwrap_or(0);
        Self { factor: 10_f64.powi(places.min(fits)), rounded: places > fits }
    }

    pub(super) fn whole(self, time: f64) -> u32 {
        (time * self.factor).round() as u32
    }

    pub(super) fn back(self, whole: f64) -> f64 {
        whole / self.factor
    }

    /// What is to be said of rounding.
    pub(super) fn note(self) -> Option<String> {
        let note = || format!("times were rounded to {} decimals", self.factor.log10().round());
        self.rounded.then(note)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_whole_in_a_smaller_unit() {
        let unit = Unit::of([2.5, 4.0, 0.25].into_iter());
        assert_eq!((unit.whole(2.5), unit.whole(4.0), unit.rounded), (250, 400, false));
        assert!((unit.back(250.0) - 2.5).abs() < 1e-12);
        let rounded = Unit::of([1.0 / 3.0, 100.0].into_iter());
        assert_eq!(rounded.note().as_deref(), Some("times were rounded to 7 decimals"));
        assert_eq!(Unit::of(std::iter::empty()).whole(3.0), 3);
    }
}
