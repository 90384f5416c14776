//! The police's extracts: episodes with their times, notifications and harm, a month late and under their own identifiers.

use std::path::Path;

use super::{columns, police_id};
use crate::simulate::calendar::{Day, Minute, midnight};
use crate::simulate::child::{Child, PoliceReport, Report};
use crate::simulate::defects::{self, Defect, Defects};
use crate::simulate::dice::Dice;
use crate::simulate::table::{Manner, Table};
use crate::simulate::world::World;
use crate::simulate::{Error, Format};

pub(super) struct Police {
    episodes: Table,
    signals: Table,
    harm: Table,
}

/// One episode row as it will be written.
struct Row<'a> {
    id: String,
    child: &'a str,
    kind: &'a str,
    start: Option<Minute>,
    end: Option<Minute>,
    level: &'a str,
    recorded_on: Day,
}

impl Police {
    pub(super) fn create(out: &Path, format: Format) -> Result<Self, Error> {
        let plain = |name, columns| Table::create(out, format, "police", name, columns, Manner::Plain);
        Ok(Self {
            episodes: plain("missing_episodes", columns::EPISODES)?,
            signals: plain("risk_signals", columns::SIGNALS)?,
            harm: plain("harm_events", columns::HARM)?,
        })
    }

    pub(super) fn write(
        &mut self,
        world: &World,
        child: &Child,
        dice: &mut Dice,
        defects: &mut Defects,
    ) -> Result<(), Error> {
        let id = police_id(child.number);
        self.write_episodes(world, child, &id, dice, defects)?;
        self.write_signals(world, child, &id, defects)?;
        let arrested = child.harms.iter().enumerate().filter(|(_, harm)| harm.kind != "ed_attendance");
        for (number, harm) in arrested.filter(|(_, harm)| harm.occurred_on <= world.police_to) {
            self.harm.args(format_args!("PH{}-{number}", child.number)).text(&id).text("police").text(harm.kind);
            self.harm.date(harm.occurred_on).end()?;
        }
        Ok(())
    }

    fn write_episodes(
        &mut self,
        world: &World,
        child: &Child,
        id: &str,
        dice: &mut Dice,
        defects: &mut Defects,
    ) -> Result<(), Error> {
        let mut planted = defects::of_child(child.number, &defects::IN_POLICE_EPISODES).filter(|_| child.linked.police);
        for (number, spell) in child.spells.iter().enumerate() {
            let Some(report) = spell.police else { continue };
            let level = dice.pick(&[("low", 0.2), ("medium", 0.6), ("high", 0.2)]);
            self.write_row(&Row {
                id: episode_id(child.number, number),
                child: id,
                kind: "M",
                start: Some(report.seen.start),
                end: report.seen.end,
                level,
                recorded_on: report.recorded_on,
            })?;
            let council = spell.council.and_then(|council| Some((council.start, council.end?)));
            if let (Some(defect), Some(end)) = (planted, report.seen.end)
                && (defect != Defect::UnknownEnd || council.is_some())
            {
                planted = None;
                let rows = self.plant(world, defect, child, id, report, end, council)?;
                defects.added(defect, &self.episodes.file, rows);
            }
        }
        Ok(())
    }

    fn write_row(&mut self, row: &Row<'_>) -> Result<(), Error> {
        self.episodes.text(&row.id).text(row.child).text(row.kind).minute_if(row.start).minute_if(row.end);
        self.episodes.text(row.level).date(row.recorded_on).end()
    }

    #[expect(clippy::too_many_arguments, reason = "a defect is made from everything about the row it stands beside")]
    fn plant(
        &mut self,
        world: &World,
        defect: Defect,
        child: &Child,
        id: &str,
        report: PoliceReport,
        end: Minute,
        council: Option<(Minute, Minute)>,
    ) -> Result<u64, Error> {
        let Report { start, .. } = report.seen;
        let ahead = midnight(world.as_at + 400);
        let unborn = midnight(child.born_on - 400);
        let mut row = Row {
            id: format!("PX{}", child.number),
            child: id,
            kind: "M",
            start: Some(start),
            end: Some(end),
            level: "medium",
            recorded_on: report.recorded_on,
        };
        match defect {
            Defect::DuplicateRow => self.episodes.write_again()?,
            Defect::DuplicateId => {
                // Both lie inside the true episode, so that it matters to no figure which is set aside.
                row.start = Some(start + 20);
                self.write_row(&row)?;
                row.start = Some(start + 40);
                self.write_row(&row)?;
                return Ok(2);
            }
            Defect::UnreadableDate => {
                self.episodes.text(&row.id).text(id).text("M").text("31/02/2025 25:00").minute(end).text("medium");
                self.episodes.date(row.recorded_on).end()?;
            }
            _ => {
                match defect {
                    Defect::Reversed => (row.start, row.end) = (Some(end), Some(start)),
                    Defect::Overlap => row.start = Some(start + 10),
                    Defect::Future => (row.start, row.end) = (Some(ahead), Some(ahead + 600)),
                    Defect::UnknownCode => row.kind = "Q",
                    Defect::BeforeBirth => {
                        (row.start, row.end) = (Some(unborn), Some(unborn + 600));
                    }
                    Defect::UnknownEnd => {
                        row.start = council.map(|(council_start, _)| council_start.max(start) + 1);
                        row.end = None;
                    }
                    _ => row.start = None,
                }
                self.write_row(&row)?;
            }
        }
        Ok(1)
    }

    fn write_signals(&mut self, world: &World, child: &Child, id: &str, defects: &mut Defects) -> Result<(), Error> {
        let mut planted = defects::of_child(child.number, &defects::IN_SIGNALS);
        let theirs = child.signals.iter().enumerate().filter(|(_, signal)| signal.kind == "police_notification");
        for (number, signal) in theirs.filter(|(_, signal)| signal.recorded_on <= world.police_to) {
            let closed = signal.closed.filter(|(on, _)| *on <= world.police_to && *on < child.leaves_on);
            self.signals.args(format_args!("PS{}-{number}", child.number)).text(id).text("police").text(signal.kind);
            self.signals.text(signal.theme).date(signal.raised_on).date(signal.recorded_on);
            self.signals.date_if(closed.map(|(on, _)| on)).text(closed.map_or("", |(_, reason)| reason)).end()?;
            if let Some(defect) = planted.take() {
                defects.added(defect, &self.signals.file, 1);
                if defect == Defect::DuplicateRow {
                    self.signals.write_again()?;
                    continue;
                }
                let kind = if defect == Defect::UnknownCode { "hunch" } else { signal.kind };
                self.signals
                    .args(format_args!("PX{}", child.number))
                    .text(id)
                    .text("police")
                    .text(kind)
                    .text(signal.theme);
                match defect {
                    Defect::UnreadableDate => self.signals.text("2025-02-31"),
                    Defect::Future => self.signals.date(world.as_at + 400),
                    _ => self.signals.date(signal.raised_on),
                };
                self.signals.date(signal.recorded_on).end()?;
            }
        }
        Ok(())
    }

    pub(super) fn finish(self) -> Result<Vec<(String, u64)>, Error> {
        [self.episodes, self.signals, self.harm].into_iter().map(Table::finish).collect()
    }
}

/// The police's identifier of a child's spell.
pub(super) fn episode_id(child: u64, number: usize) -> String {
    format!("PM{child}-{number}")
}
