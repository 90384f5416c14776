//! Extracts that are about no one child: the area's population, and a service that shares totals only.

use chrono::Datelike as _;

use crate::simulate::Error;
use crate::simulate::calendar::date_of;
use crate::simulate::dice::Dice;
use crate::simulate::table::Table;
use crate::simulate::world::World;

/// Stream of chance for totals, apart from every child's.
const STREAM: u64 = u64::MAX - 1;
const AGE_BANDS: [(&str, f64); 4] = [("0-9", 0.53), ("10-12", 0.18), ("13-15", 0.17), ("16-17", 0.12)];

/// Of the area's children; among those known for missing or exploitation some groups are more than this share.
const ETHNICITIES: [(&str, f64); 5] =
    [("white", 0.78), ("mixed", 0.07), ("asian", 0.09), ("black", 0.04), ("other", 0.02)];
const SEXES: [(&str, f64); 2] = [("female", 0.49), ("male", 0.51)];

/// Residents by locality, age band, sex, ethnicity group and year; they add up to the world's in each year.
pub(super) fn population(table: &mut Table, world: &World) -> Result<(), Error> {
    let last = date_of(world.as_at).year();
    let groups: Vec<_> = itertools::iproduct!(&world.localities, AGE_BANDS, SEXES, ETHNICITIES).collect();
    for year in world.first_month.first_on().year()..=last {
        let mut left = world.residents;
        for (number, (locality, (band, aged), (sex, of_sex), (ethnicity, of_group))) in groups.iter().enumerate() {
            let share = locality.share * aged * of_sex * of_group;
            let children = if number + 1 == groups.len() {
                left
            } else {
                ((world.residents as f64 * share).round() as u64).min(left)
            };
            left -= children;
            table
                .text(&locality.name)
                .text(band)
                .args(format_args!("{year}"))
                .args(format_args!("{children}"))
                .text(sex)
                .text(ethnicity)
                .end()?;
        }
    }
    Ok(())
}

/// Sexual health by month: each step no larger than the one before it.
pub(super) fn sexual_health(table: &mut Table, world: &World) -> Result<(), Error> {
    let mut dice = Dice::new(world.seed, STREAM);
    for month in world.each_month() {
        let needs = (world.known as f64 * 0.012 * (0.7 + 0.6 * dice.unit())).round();
        table.text("health").text("sexual_health").args(format_args!("{month}")).args(format_args!("{needs}"));
        let mut left = needs;
        for share in [0.80, 0.90, 0.85, 0.85, 0.65] {
            left = (left * share).round();
            table.args(format_args!("{left}"));
        }
        table.end()?;
    }
    Ok(())
}
