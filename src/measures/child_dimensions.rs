//! A child's own dimensions as they were on a date: locality, age band, sex, ethnicity group, looked after or at home.

use std::collections::HashMap;

use chrono::Datelike as _;
use itertools::izip;
use polars::prelude::*;

use crate::domain::{Dimension, NOT_KNOWN};
use crate::marts::{Day, date_of};

/// The words of every partnership's levels, before those its extracts bring; in the order of the positions below.
const FIXED: [&str; 7] = [NOT_KNOWN, "0-9", "10-12", "13-15", "16-17", "looked_after", "at_home"];
const UNKNOWN_AT: u32 = 0;
const FIRST_BAND_AT: u32 = 1;
const LOOKED_AFTER_AT: u32 = 5;
const AT_HOME_AT: u32 = 6;

/// Every child's dimensions over time.
pub(crate) struct ChildDimensions {
    children: HashMap<i64, Child>,
    words: Vec<String>,
    care_supplied: bool,
}

/// What is known of one child's dimensions.
#[derive(Default)]
pub(crate) struct Child {
    born: Option<Day>,
    sex: Option<u32>,
    ethnicity: Option<u32>,
    /// (valid from, word), in order.
    localities: Vec<(Day, u32)>,
    /// (from, until), exclusive; none while still looked after.
    care: Vec<(Day, Option<Day>)>,
}

impl ChildDimensions {
    /// From the staged children and care periods. Of several rows of a child the first by date, then by word, holds.
    pub(crate) fn new(children: &DataFrame, care_periods: &DataFrame, care_supplied: bool) -> PolarsResult<Self> {
        let mut words = Words::default();
        for word in FIXED {
            words.position(word);
        }
        let mut by_child: HashMap<i64, Child> = HashMap::new();
        let rows = izip!(
            whole(children, "child_id")?,
            dates(children, "birth_month_on")?,
            texts(children, "sex")?,
            texts(children, "ethnicity_group")?,
            texts(children, "locality")?,
            dates(children, "valid_from")?
        );
        let mut rows: Vec<_> = rows.collect();
        rows.sort_unstable_by(|a, b| (a.0, a.5, a.1, &a.2, &a.3, &a.4).cmp(&(b.0, b.5, b.1, &b.2, &b.3, &b.4)));
        for (child, born, sex, ethnicity, locality, valid_from) in rows {
            let Some(child) = child else { continue };
            let known = by_child.entry(child).or_default();
            known.born = known.born.or(born);
            known.sex = known.sex.or_else(|| sex.map(|word| words.position(word)));
            known.ethnicity = known.ethnicity.or_else(|| ethnicity.map(|word| words.position(word)));
            if let Some(locality) = locality {
                known.localities.push((valid_from.unwrap_or(Day::MIN), words.position(locality)));
            }
        }
        for (child, from, until) in izip!(
            whole(care_periods, "child_id")?,
            dates(care_periods, "started_on")?,
            dates(care_periods, "ended_on")?
        ) {
            if let (Some(child), Some(from)) = (child, from) {
                by_child.entry(child).or_default().care.push((from, until));
            }
        }
        Ok(Self { children: by_child, words: words.words, care_supplied })
    }

    /// What is known of a child; none where no extract describes it.
    pub(crate) fn of(&self, child: i64) -> Option<&Child> {
        self.children.get(&child)
    }

    /// The position of the word for `dimension` of a child on a day; [`NOT_KNOWN`]'s where nobody recorded it.
    pub(crate) fn level(&self, dimension: Dimension, known: Option<&Child>, on: Day) -> u32 {
        let position = match dimension {
            Dimension::Locality => known.and_then(|child| locality_on(child, on)),
            Dimension::AgeBand => known.and_then(|child| child.born).map(|born| FIRST_BAND_AT + age_band(born, on)),
            Dimension::Sex => known.and_then(|child| child.sex),
            Dimension::EthnicityGroup => known.and_then(|child| child.ethnicity),
            Dimension::LookedAfter if self.care_supplied => {
                let looked_after = known.is_some_and(|child| {
                    child.care.iter().any(|(from, until)| *from <= on && until.is_none_or(|until| on < until))
                });
                Some(if looked_after { LOOKED_AFTER_AT } else { AT_HOME_AT })
            }
            _ => None,
        };
        position.unwrap_or(UNKNOWN_AT)
    }

    /// The word at a position.
    pub(crate) fn word(&self, position: u32) -> &str {
        self.words.get(position as usize).map_or(NOT_KNOWN, String::as_str)
    }
}

/// The locality recorded last by then; before the first record, the first.
fn locality_on(child: &Child, on: Day) -> Option<u32> {
    let recorded = child.localities.iter().rev().find(|(from, _)| *from <= on).or(child.localities.first());
    recorded.map(|(_, locality)| *locality)
}

/// 0-9, 10-12, 13-15, 16-17, numbered from 0, in completed years counted from the birth month.
fn age_band(born: Day, on: Day) -> u32 {
    let (born, on) = (date_of(born), date_of(on));
    let years = on.year() - born.year() - i32::from(on.month() < born.month());
    match years {
        ..=9 => 0,
        10..=12 => 1,
        13..=15 => 2,
        _ => 3,
    }
}

#[derive(Default)]
struct Words {
    words: Vec<String>,
    known: HashMap<String, u32>,
}

impl Words {
    fn position(&mut self, word: &str) -> u32 {
        if let Some(known) = self.known.get(word) {
            return *known;
        }
        let next = self.words.len() as u32;
        self.words.push(word.to_owned());
        self.known.insert(word.to_owned(), next);
        next
    }
}

fn whole(frame: &DataFrame, name: &str) -> PolarsResult<Vec<Option<i64>>> {
    Ok(frame.column(name)?.as_materialized_series().i64()?.iter().collect())
}

fn dates(frame: &DataFrame, name: &str) -> PolarsResult<Vec<Option<Day>>> {
    Ok(frame.column(name)?.as_materialized_series().date()?.physical().iter().collect())
}

fn texts<'a>(frame: &'a DataFrame, name: &str) -> PolarsResult<Vec<Option<&'a str>>> {
    Ok(frame.column(name)?.as_materialized_series().str()?.iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::marts::day_of;

    #[test]
    fn a_birthday_is_the_first_of_its_month() {
        let on = |text: &str| day_of(text.parse().unwrap());
        let band = |born, day| FIXED[(FIRST_BAND_AT + age_band(on(born), on(day))) as usize];
        assert_eq!(band("2013-06-01", "2026-05-31"), "10-12");
        assert_eq!(band("2013-06-01", "2026-06-01"), "13-15");
        assert_eq!(band("2010-06-01", "2026-06-01"), "16-17");
    }
}
