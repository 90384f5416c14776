//! Children living in the area by group: public numbers, for the rates of those known against all who live there.

use std::collections::BTreeMap;

use itertools::izip;
use polars::prelude::*;

use crate::domain::{Dimension, TOTAL};
use crate::release::Residents;

/// Children of every age, by locality, age band, sex and ethnicity group and for the whole, of the latest year up to
/// `year`. A dimension of which any row does not tell the group is left out whole: its groups would be too few.
pub fn residents(population: &DataFrame, year: i32) -> PolarsResult<Vec<Residents>> {
    if population.height() == 0 {
        return Ok(Vec::new());
    }
    let numbers = |name: &str| -> PolarsResult<Vec<Option<i64>>> {
        Ok(population.column(name)?.as_materialized_series().i64()?.iter().collect())
    };
    let (years, children) = (numbers("year")?, numbers("children")?);
    let given = years.iter().flatten().map(|given| *given as i32);
    let Some(latest) = given.clone().filter(|given| *given <= year).max().or_else(|| given.min()) else {
        return Ok(Vec::new());
    };
    let rows =
        || izip!(&years, &children).map(|(of, children)| (*of == Some(i64::from(latest)), children.unwrap_or(0)));
    let mut all = vec![one(Dimension::Total, TOTAL, latest, rows().filter(|row| row.0).map(|row| row.1).sum())];
    for (dimension, column) in [
        (Dimension::Locality, "locality"),
        (Dimension::AgeBand, "age_band"),
        (Dimension::Sex, "sex"),
        (Dimension::EthnicityGroup, "ethnicity_group"),
    ] {
        let levels = population.column(column)?.cast(&DataType::String)?;
        let levels = levels.as_materialized_series().str()?;
        let mut by_level: BTreeMap<&str, i64> = BTreeMap::new();
        let mut told = true;
        for ((of_year, children), level) in rows().zip(levels.iter()).filter(|((of_year, _), _)| *of_year) {
            match level.filter(|_| of_year) {
                Some(level) => *by_level.entry(level).or_default() += children,
                None => told = false,
            }
        }
        if told {
            all.extend(by_level.into_iter().map(|(level, children)| one(dimension, level, latest, children)));
        }
    }
    Ok(all)
}

fn one(dimension: Dimension, level: &str, year: i32, children: i64) -> Residents {
    Residents { dimension, level: level.to_owned(), year, children: u64::try_from(children).unwrap_or(0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn children_are_added_up_by_group_and_a_dimension_not_told_whole_is_left_out() {
        let population = df!(
            "locality" => ["north", "north", "south", "north"],
            "age_band" => ["10-12", "13-15", "10-12", "10-12"],
            "year" => [2026i64, 2026, 2026, 2025],
            "children" => [100i64, 50, 30, 999],
            "sex" => [Some("female"), Some("male"), Some("male"), Some("male")],
            "ethnicity_group" => [Some("white"), None, Some("black"), Some("black")],
        )
        .unwrap();
        let found = residents(&population, 2027).unwrap();
        let of = |dimension, level: &str| {
            found
                .iter()
                .find(|one| one.dimension == dimension && one.level == level)
                .map(|one| (one.year, one.children))
        };
        assert_eq!(of(Dimension::Total, "total"), Some((2026, 180)));
        assert_eq!(of(Dimension::Locality, "north"), Some((2026, 150)));
        assert_eq!(of(Dimension::AgeBand, "10-12"), Some((2026, 130)));
        assert_eq!(of(Dimension::Sex, "male"), Some((2026, 80)));
        assert_eq!(of(Dimension::EthnicityGroup, "white"), None, "one row does not say");
        assert_eq!(residents(&population, 2025).unwrap().first().map(|one| one.children), Some(999));
    }
}
