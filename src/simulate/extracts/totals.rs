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

/// The fictional area, and the neighbours set beside it, in the published table.
pub(in crate::simulate) const AREA_CODE: &str = "E06009001";
pub(in crate::simulate) const NEIGHBOURS: [&str; 4] = ["E06009004", "E06009007", "E06009010", "E06009013"];
const REGIONS: [(&str, &str); 3] =
    [("E12009001", "North Coast"), ("E12009002", "Middle Country"), ("E12009003", "South Downs")];
/// Made-up authorities, the area first; every third lies in its region.
const AUTHORITIES: [&str; 24] = [
    "Northmoor",
    "Alderbeck",
    "Brackenford",
    "Castleholm",
    "Dunmere",
    "Eastlea",
    "Fenwick Vale",
    "Greyhaven",
    "Hollin",
    "Inglebrook",
    "Kestrel Bay",
    "Langthorpe",
    "Marlow Cross",
    "Netherby",
    "Oakhampton",
    "Penrose",
    "Quarrington",
    "Redmarsh",
    "Saltcote",
    "Thornleigh",
    "Underhill",
    "Vale of Wether",
    "Westerdale",
    "Yarrowby",
];
/// Of assessments with any factor: going missing, sexual and criminal exploitation, gangs, trafficking.
const SHARES: [f64; 5] = [0.036, 0.030, 0.032, 0.012, 0.005];

/// A made-up table in the layout of the published one, rounded to tens as it is, with each of its symbols.
pub(in crate::simulate) fn factors(table: &mut Table, world: &World) -> Result<(), Error> {
    let mut dice = Dice::new(world.seed, STREAM - 1);
    let last = crate::domain::Month::of(date_of(world.as_at)).plus(-15).first_on().year() + 1;
    let tens = |number: f64| (number / 10.0).round() * 10.0;
    for year in (0..4).rev().map(|back| last - back) {
        let mut sums: [[f64; 6]; 4] = [[0.0; 6]; 4];
        let mut printed = Vec::new();
        for (nth, name) in AUTHORITIES.iter().enumerate() {
            let episodes = tens(1_200.0 + 2_600.0 * dice.unit());
            let found = SHARES.map(|share| tens(episodes * share * (0.5 + dice.unit())));
            for of in [nth % 3, 3] {
                for (sum, number) in sums.iter_mut().skip(of).take(1).flatten().zip([episodes].iter().chain(&found)) {
                    *sum += number;
                }
            }
            printed.push((nth, name, episodes, found));
        }
        let text = |number: &f64| if *number == 0.0 { "k".to_owned() } else { format!("{number}") };
        let [of_regions @ .., england] = &sums;
        row(table, year, "National", ("", ""), ("", ""), &england.iter().map(text).collect::<Vec<_>>())?;
        for (region, sum) in REGIONS.iter().zip(of_regions) {
            row(table, year, "Regional", *region, ("", ""), &sum.iter().map(text).collect::<Vec<_>>())?;
        }
        for (nth, name, episodes, found) in printed {
            let mut shown: Vec<String> = [episodes].iter().chain(&found).map(text).collect();
            // An authority that could not give one factor, one whose small count was suppressed, one of low reliability.
            let symbol = match nth {
                5 => Some((3, "x")),
                9 => Some((5, "c")),
                11 => Some((1, "u")),
                _ => None,
            };
            if let Some((cell, (_, symbol))) = symbol.and_then(|one| Some((shown.get_mut(one.0)?, one))) {
                symbol.clone_into(cell);
            }
            let region = REGIONS.get(nth % 3).copied().unwrap_or_default();
            row(table, year, "Local authority", region, (&format!("E0600{:04}", 9_001 + nth), name), &shown)?;
        }
    }
    Ok(())
}

fn row(
    table: &mut Table,
    year: i32,
    level: &str,
    (region_code, region): (&str, &str),
    (code, name): (&str, &str),
    numbers: &[String],
) -> Result<(), Error> {
    table.args(format_args!("{year}")).text("Reporting year").text(level).text("E92000001").text("England");
    table.text(region_code).text(region).text(code).text(name);
    for number in numbers {
        table.text(number);
    }
    table.end()?;
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
