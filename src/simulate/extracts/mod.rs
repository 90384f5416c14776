//! Who sends what: each agency writes one child's rows as its own systems would, under its own identifiers.

pub(super) mod columns;
mod council;
mod education;
mod health;
mod police;
mod support;
pub(super) mod totals;

use std::path::Path;

use council::Council;
use education::Education;
use health::Health;
use police::Police;
use support::Support;

use super::child::Child;
use super::defects::Defects;
use super::dice::Dice;
use super::world::World;
use super::{Error, Format};

/// Every extract being written.
pub(super) struct Extracts {
    council: Council,
    police: Police,
    health: Health,
    education: Education,
    support: Support,
}

impl Extracts {
    pub(super) fn create(out: &Path, format: Format) -> Result<Self, Error> {
        Ok(Self {
            council: Council::create(out, format)?,
            police: Police::create(out, format)?,
            health: Health::create(out, format)?,
            education: Education::create(out, format)?,
            support: Support::create(out, format)?,
        })
    }

    /// Writes all rows of one child.
    pub(super) fn write(
        &mut self,
        world: &World,
        child: &Child,
        dice: &mut Dice,
        defects: &mut Defects,
    ) -> Result<(), Error> {
        self.council.write(world, child, defects)?;
        self.police.write(world, child, dice, defects)?;
        self.health.write(world, child, defects)?;
        self.education.write(world, child, dice)?;
        self.support.write(world, child)
    }

    /// Writes the tables that are about no child, and closes every file; gives rows by file.
    pub(super) fn finish(mut self, world: &World) -> Result<Vec<(String, u64)>, Error> {
        totals::population(&mut self.council.population, world)?;
        totals::sexual_health(&mut self.health.service_totals, world)?;
        let mut rows = self.council.finish()?;
        rows.extend(self.police.finish()?);
        rows.extend(self.health.finish()?);
        rows.extend(self.education.finish()?);
        rows.extend(self.support.finish()?);
        Ok(rows)
    }
}

/// The partnership's identifier, which the council uses.
pub(super) fn council_id(number: u64) -> String {
    format!("NM{number:06}")
}

/// The police's own identifier, with its leading zeros.
pub(super) fn police_id(number: u64) -> String {
    format!("00{:08}", number * 17 + 3)
}

/// The health service's own identifier.
pub(super) fn health_id(number: u64) -> String {
    format!("{:010}", number * 31 + 5)
}

/// The schools' own identifier.
pub(super) fn education_id(number: u64) -> String {
    format!("{:09}", number * 13 + 7)
}
