//! The council's plans for a child and the workers beside them, as the Standard Safeguarding Dataset holds them.

use std::path::Path;

use super::{columns, council_id};
use crate::simulate::calendar::Day;
use crate::simulate::child::Child;
use crate::simulate::dice::Dice;
use crate::simulate::table::{Manner, Table};
use crate::simulate::world::World;
use crate::simulate::{Error, Format};

/// Streams of chance for these tables: a child's own life does not change with them.
const FIRST_STREAM: u64 = 1 << 40;
/// Children a worker has over time.
const CHILDREN_PER_WORKER: u64 = 12;
/// Mean days that one worker stays with a child.
const WITH_ONE_WORKER_DAYS: f64 = 170.0;

pub(super) struct Support {
    involvements: Table,
    protection: Table,
    need: Table,
    early_help: Table,
}

impl Support {
    pub(super) fn create(out: &Path, format: Format) -> Result<Self, Error> {
        let table = |name, columns| Table::create(out, format, "council", name, columns, Manner::Plain);
        Ok(Self {
            involvements: table("ssd_involvements", columns::INVOLVEMENTS)?,
            protection: table("ssd_cp_plans", columns::PROTECTION_PLANS)?,
            need: table("ssd_cin_plans", columns::NEED_PLANS)?,
            early_help: table("ssd_early_help_episodes", columns::EARLY_HELP)?,
        })
    }

    pub(super) fn write(&mut self, world: &World, child: &Child) -> Result<(), Error> {
        let mut dice = Dice::new(world.seed, FIRST_STREAM + child.number);
        let id = council_id(child.number);
        self.write_workers(world, child, &id, &mut dice)?;
        self.write_early_help(world, child, &id, &mut dice)?;
        self.write_need_plans(world, child, &id, &mut dice)?;
        self.write_protection_plans(world, child, &id, &mut dice)
    }

    /// One worker after another, from a few days after the child became known.
    fn write_workers(&mut self, world: &World, child: &Child, id: &str, dice: &mut Dice) -> Result<(), Error> {
        let workers = i64::try_from(world.known / CHILDREN_PER_WORKER).unwrap_or(i64::MAX).max(3);
        let mut from = child.entered_on + dice.days(0, 9);
        for number in 0.. {
            if !happens(world, child, from) {
                break;
            }
            let stays = 7 + dice.exponential(WITH_ONE_WORKER_DAYS) as Day;
            let worker = dice.whole(1, workers);
            let until = Some(from + stays).filter(|on| *on < child.leaves_on).unwrap_or(child.leaves_on);
            self.involvements.args(format_args!("IN{id}-{number}")).args(format_args!("SW{worker:05}"));
            self.involvements.text("allocated_worker").empty(1).date(from);
            self.involvements.date_if(Some(until).filter(|on| *on <= world.as_at)).empty(1).text(id);
            self.involvements.args(format_args!("RF{id}")).end()?;
            from = until;
        }
        Ok(())
    }

    fn write_early_help(&mut self, world: &World, child: &Child, id: &str, dice: &mut Dice) -> Result<(), Error> {
        let wanted = dice.chance(0.30);
        let (from, lasts) = (child.entered_on + dice.days(0, 60), dice.days(60, 240));
        if wanted && happens(world, child, from) {
            self.early_help.args(format_args!("EH{id}")).text(id);
            self.early_help.date(from).date_if(end(world, child, from + lasts)).empty(1).end()?;
        }
        Ok(())
    }

    /// Two in five child and family assessments lead to a child in need plan.
    fn write_need_plans(&mut self, world: &World, child: &Child, id: &str, dice: &mut Dice) -> Result<(), Error> {
        let assessed = child.assessments.iter().filter(|assessment| !assessment.exploitation);
        let mut busy_until = Day::MIN;
        for (number, assessment) in assessed.enumerate() {
            let (follows, from) = (dice.chance(0.40), assessment.completed_on + dice.days(3, 20));
            let until = from + dice.log_normal(150.0, 0.5) as Day;
            if follows && from > busy_until && happens(world, child, from) {
                busy_until = until;
                self.need.args(format_args!("CN{id}-{number}")).args(format_args!("RF{id}")).text(id);
                self.need.date(from).date_if(end(world, child, until)).end()?;
            }
        }
        Ok(())
    }

    /// Three in ten strategy discussions lead to a child protection plan.
    fn write_protection_plans(&mut self, world: &World, child: &Child, id: &str, dice: &mut Dice) -> Result<(), Error> {
        let mut busy_until = Day::MIN;
        for (number, held_on) in child.strategy_discussions.iter().enumerate() {
            let (follows, from) = (dice.chance(0.30), held_on + dice.days(10, 20));
            let until = from + dice.log_normal(250.0, 0.4) as Day;
            if follows && from > busy_until && happens(world, child, from) {
                busy_until = until;
                self.protection.args(format_args!("CP{id}-{number}")).args(format_args!("RF{id}")).empty(1).text(id);
                self.protection.date(from).date_if(end(world, child, until)).empty(1).end()?;
            }
        }
        Ok(())
    }

    pub(super) fn finish(self) -> Result<Vec<(String, u64)>, Error> {
        [self.involvements, self.protection, self.need, self.early_help].into_iter().map(Table::finish).collect()
    }
}

/// Before the child leaves, and by the as-at date.
fn happens(world: &World, child: &Child, on: Day) -> bool {
    on < child.leaves_on && on <= world.as_at
}

/// The day something ends, leaving at the latest; none where that is still to come.
fn end(world: &World, child: &Child, on: Day) -> Option<Day> {
    Some(on.min(child.leaves_on)).filter(|on| *on <= world.as_at)
}
