//! Published context: what the Department for Education prints of factors found at assessments, for the area, its
//! neighbours, its region and England. Shown as context, against the range in which areas of a size differ, never as a rank.
//! Knows nothing of frames, files or pages.

use serde::{Deserialize, Serialize};

use crate::stats::{Band, funnel_of_shares};

/// Factors that bear on missing and exploited children: column of the published table, and in words.
pub const FACTORS: [(&str, &str); 5] = [
    ("going_missing", "Going missing"),
    ("child_sexual_exploitation", "Child sexual exploitation"),
    ("child_criminal_exploitation", "Child criminal exploitation"),
    ("gangs", "Gangs"),
    ("trafficking", "Trafficking"),
];

/// The area and those it is set beside, by the codes of the published table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PublishedSettings {
    /// `E06000001`.
    pub area_code: String,
    /// Statistical neighbours, in the order they are to be shown.
    pub neighbours: Vec<String>,
}

/// A published count, or the publisher's own symbol for why there is none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Count {
    /// As printed, rounded by the publisher.
    Number(u64),
    /// c suppressed, k rounds to zero, u of low reliability, x unavailable, z not applicable.
    Symbol(char),
}

impl Count {
    /// As printed: digits, a symbol, `low` for k; anything else is unavailable.
    pub fn of(printed: Option<&str>) -> Self {
        let printed = printed.unwrap_or_default().trim();
        match printed.to_lowercase().as_str() {
            "c" => Self::Symbol('c'),
            "k" | "low" => Self::Symbol('k'),
            "u" => Self::Symbol('u'),
            "z" => Self::Symbol('z'),
            _ => printed.replace(',', "").parse().map_or(Self::Symbol('x'), Self::Number),
        }
    }

    /// The number, where one is printed.
    pub fn number(&self) -> Option<u64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Symbol(_) => None,
        }
    }
}

/// One row of the published table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Printed {
    /// The year to 31 March.
    pub year: i32,
    /// `National`, `Regional`, `Local authority`.
    pub level: String,
    /// The region's name; none for England.
    pub region: Option<String>,
    /// The authority's code; none for England and regions.
    pub code: Option<String>,
    /// The authority's name.
    pub name: Option<String>,
    /// Assessments with any factor.
    pub episodes: Count,
    /// With each of [`FACTORS`].
    pub found: Vec<Count>,
}

/// Whose figures they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Whose {
    /// The partnership's own area.
    Area,
    /// One of its statistical neighbours.
    Neighbour,
    /// Its region.
    Region,
    /// England.
    England,
}

/// The section of a release.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Published {
    /// The latest year to 31 March.
    pub year: i32,
    /// One a factor, in the order of [`FACTORS`].
    pub factors: Vec<Factor>,
    /// Codes of the settings that the table does not hold.
    pub not_found: Vec<String>,
}

/// One factor.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Factor {
    /// The column's name, in lower snake case.
    pub id: String,
    /// In words.
    pub label: String,
    /// The share over all local authorities for which both numbers are printed in the latest year.
    pub centre: Option<f64>,
    /// How many authorities that is.
    pub authorities: usize,
    /// The area, its neighbours as configured, its region, England.
    pub places: Vec<Place>,
}

/// One place and factor over the years.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// Whose.
    pub whose: Whose,
    /// Its name as published.
    pub name: String,
    /// Oldest first.
    pub years: Vec<Year>,
    /// Where 95 and 99.8 in 100 authorities of its size would lie in the latest year, allowing for how far authorities
    /// always differ; none for regions and England, and where no number is printed.
    pub range: Option<[(f64, f64); 2]>,
}

/// One place, factor and year.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Year {
    /// To 31 March.
    pub year: i32,
    /// Assessments with any factor.
    pub episodes: Count,
    /// Of these, with this one.
    pub found: Count,
}

impl Year {
    /// The share, where both numbers are printed.
    pub fn share(&self) -> Option<f64> {
        let (found, of) = self.found.number().zip(self.episodes.number())?;
        (of > 0 && found <= of).then(|| found as f64 / of as f64)
    }
}

/// The section; none where the table holds no year.
pub fn published(rows: &[Printed], settings: &PublishedSettings) -> Option<Published> {
    let year = rows.iter().map(|row| row.year).max()?;
    let is_area = |row: &&Printed, code: &str| is_authority(row) && row.code.as_deref() == Some(code);
    let region = rows.iter().find(|row| is_area(row, &settings.area_code)).and_then(|row| row.region.as_deref());
    let codes = std::iter::once(&settings.area_code).chain(&settings.neighbours);
    let not_found = codes.filter(|code| !rows.iter().any(|row| is_area(&row, code))).cloned().collect();
    let factors = FACTORS
        .iter()
        .enumerate()
        .map(|(nth, (id, label))| {
            let funnel = Funnel::of(rows, year, nth);
            let at = |whose, name: &str, of: &dyn Fn(&&Printed) -> bool, code: Option<&str>| {
                let mut own: Vec<&Printed> = rows.iter().filter(of).collect();
                own.sort_by_key(|row| row.year);
                let years = own.iter().map(|row| Year {
                    year: row.year,
                    episodes: row.episodes.clone(),
                    found: row.found.get(nth).cloned().unwrap_or(Count::Symbol('x')),
                });
                let years: Vec<Year> = years.collect();
                let range = code.and_then(|code| funnel.range(code));
                (!years.is_empty()).then(|| Place { whose, name: name.to_owned(), years, range })
            };
            let authority = |whose, code: &str| {
                let name = rows.iter().filter(|row| is_area(row, code)).find_map(|row| row.name.as_deref());
                at(whose, name.unwrap_or(code), &|row| is_area(row, code), Some(code))
            };
            let places = authority(Whose::Area, &settings.area_code)
                .into_iter()
                .chain(settings.neighbours.iter().filter_map(|code| authority(Whose::Neighbour, code)))
                .chain(region.and_then(|region| {
                    let of = |row: &&Printed| row.level == "Regional" && row.region.as_deref() == Some(region);
                    at(Whose::Region, region, &of, None)
                }))
                .chain(at(Whose::England, "England", &|row| row.level == "National", None))
                .collect();
            Factor {
                id: (*id).to_owned(),
                label: (*label).to_owned(),
                centre: funnel.centre,
                authorities: funnel.ranges.len(),
                places,
            }
        })
        .collect();
    Some(Published { year, factors, not_found })
}

fn is_authority(row: &Printed) -> bool {
    row.level == "Local authority"
}

/// The ranges of all authorities for one factor and year.
struct Funnel<'a> {
    centre: Option<f64>,
    ranges: Vec<(&'a str, [(f64, f64); 2])>,
}

impl<'a> Funnel<'a> {
    fn of(rows: &'a [Printed], year: i32, nth: usize) -> Self {
        let counted: Vec<(&str, (u64, u64))> = rows
            .iter()
            .filter(|row| is_authority(row) && row.year == year)
            .filter_map(|row| {
                let (found, of) = row.found.get(nth)?.number().zip(row.episodes.number())?;
                (of > 0 && found <= of).then_some((row.code.as_deref()?, (found, of)))
            })
            .collect();
        let units: Vec<(u64, u64)> = counted.iter().map(|(_, unit)| *unit).collect();
        let Some(funnel) = funnel_of_shares(&units) else { return Self { centre: None, ranges: Vec::new() } };
        let ends = |band: Band| (band.lower.max(0.0), band.upper.min(1.0));
        let placed = counted.iter().zip(&funnel.points).filter_map(|((code, _), point)| {
            let point = point.as_ref()?;
            let (inner, outer) = point.widened.unwrap_or((point.limits_95, point.limits_998));
            Some((*code, [ends(inner), ends(outer)]))
        });
        Self { centre: Some(funnel.centre), ranges: placed.collect() }
    }

    fn range(&self, code: &str) -> Option<[(f64, f64); 2]> {
        self.ranges.iter().find(|(own, _)| *own == code).map(|(_, range)| *range)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(year: i32, code: &str, episodes: &str, missing: &str) -> Printed {
        let printed = |text: &str| Count::of(Some(text));
        Printed {
            year,
            level: if code.is_empty() { "National" } else { "Local authority" }.into(),
            region: (!code.is_empty()).then(|| "North".into()),
            code: (!code.is_empty()).then(|| code.into()),
            name: (!code.is_empty()).then(|| format!("Place {code}")),
            episodes: printed(episodes),
            found: vec![printed(missing), printed("c"), printed("low"), printed("u"), printed("")],
        }
    }

    #[test]
    fn symbols_are_the_publishers_own_and_never_a_zero() {
        let read = |text| Count::of(Some(text));
        assert_eq!(read("1,570"), Count::Number(1570));
        assert_eq!(
            [read("c"), read("low"), read("k"), read("u"), read("z"), read("x"), read("")],
            [
                Count::Symbol('c'),
                Count::Symbol('k'),
                Count::Symbol('k'),
                Count::Symbol('u'),
                Count::Symbol('z'),
                Count::Symbol('x'),
                Count::Symbol('x'),
            ]
        );
        assert_eq!(Year { year: 2024, episodes: read("100"), found: read("k") }.share(), None);
    }

    #[test]
    fn the_area_stands_beside_its_neighbours_its_region_and_england() {
        let mut rows = vec![row(2023, "A", "1000", "60"), row(2024, "", "9000", "360"), row(2024, "A", "1000", "70")];
        rows.push(row(2024, "B", "1000", "40"));
        rows.push(row(2024, "C", "500", "c")); // suppressed: in no range
        rows.push(Printed { level: "Regional".into(), code: None, name: None, ..row(2024, "R", "4000", "150") });
        let settings =
            PublishedSettings { area_code: "A".into(), neighbours: vec!["C".into(), "B".into(), "Z".into()] };
        let found = published(&rows, &settings).unwrap();
        assert_eq!((found.year, found.not_found.as_slice()), (2024, ["Z".to_owned()].as_slice()));
        let missing = found.factors.first().unwrap();
        let names: Vec<&str> = missing.places.iter().map(|place| place.name.as_str()).collect();
        assert_eq!(
            names,
            ["Place A", "Place C", "Place B", "North", "England"],
            "in the order configured, not by size"
        );
        // 110 of 2,000 over A and B; C is suppressed. The range by hand: 0.055 ± 1.96 √(0.055 × 0.945 ÷ 1000).
        assert_eq!((missing.centre, missing.authorities), (Some(0.055), 2));
        let [(lower, upper), _] = missing.places[0].range.unwrap();
        assert!((lower - 0.040_87).abs() < 1e-5 && (upper - 0.069_13).abs() < 1e-5, "{lower} {upper}");
        assert_eq!(missing.places[1].range, None);
        assert_eq!(missing.places[0].years.iter().map(Year::share).collect::<Vec<_>>(), [Some(0.06), Some(0.07)]);
        assert!(found.factors.iter().skip(1).all(|factor| factor.centre.is_none()), "every number is a symbol");
    }
}
