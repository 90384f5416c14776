//! The schools' extract: attendance by month, under their own column names and codes.

use std::path::Path;

use chrono::Datelike as _;

use super::{columns, education_id};
use crate::domain::Month;
use crate::simulate::calendar::{date_of, month_of};
use crate::simulate::child::Child;
use crate::simulate::dice::Dice;
use crate::simulate::table::{Manner, Table};
use crate::simulate::world::World;
use crate::simulate::{Error, Format};

/// Half-day sessions of the full calendar by month, from January; none in August.
const SESSIONS: [u32; 12] = [40, 30, 42, 24, 36, 42, 30, 0, 40, 34, 42, 30];

pub(super) struct Education {
    attendance: Table,
}

impl Education {
    pub(super) fn create(out: &Path, format: Format) -> Result<Self, Error> {
        let attendance = Table::create(out, format, "education", "education", columns::ATTENDANCE, Manner::Plain)?;
        Ok(Self { attendance })
    }

    pub(super) fn write(&mut self, world: &World, child: &Child, dice: &mut Dice) -> Result<(), Error> {
        let id = education_id(child.number);
        let last = month_of(world.as_at.min(child.leaves_on - 1)).min(leaves_school(child));
        let mut month = month_of(child.entered_on);
        let mut timetable = dice.pick(&[("FT", 0.80), ("PT", 0.11), ("NR", 0.09)]);
        while month <= last {
            let calendar = SESSIONS.get(month.first_on().month0() as usize).copied().unwrap_or(0);
            if dice.chance(0.06) {
                timetable = dice.pick(&[("FT", 0.70), ("PT", 0.18), ("NR", 0.12)]);
            }
            if calendar > 0 {
                let possible = match timetable {
                    "FT" => calendar,
                    "PT" => calendar / 2,
                    _ => 0,
                };
                let attended = (f64::from(possible) * (1.0 - 0.28 * dice.unit())).round();
                let suspensions = u32::from(possible > 0 && dice.chance(0.05));
                self.attendance.text(&id).args(format_args!("{month}")).args(format_args!("{calendar}"));
                self.attendance.args(format_args!("{possible}")).args(format_args!("{attended}")).text(timetable);
                self.attendance.args(format_args!("{suspensions}")).end()?;
            }
            month = month.next();
        }
        Ok(())
    }

    pub(super) fn finish(self) -> Result<Vec<(String, u64)>, Error> {
        [self.attendance].into_iter().map(Table::finish).collect()
    }
}

/// The June in which compulsory schooling ends: of the school year of the sixteenth birthday.
fn leaves_school(child: &Child) -> Month {
    let born = date_of(child.born_on);
    let year = born.year() + if born.month() >= 9 { 17 } else { 16 };
    Month::new(year, 6).expect("every year has a June")
}
