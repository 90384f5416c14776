//! Health's extracts: emergency department screening and attendances, and the services it runs, with British dates.

use std::path::Path;

use super::council::write_service;
use super::{columns, health_id};
use crate::simulate::child::Child;
use crate::simulate::defects::{self, Defect, Defects};
use crate::simulate::table::{Manner, Table};
use crate::simulate::world::World;
use crate::simulate::{Error, Format};

pub(super) struct Health {
    signals: Table,
    harm: Table,
    services: Table,
    pub(super) service_totals: Table,
}

impl Health {
    pub(super) fn create(out: &Path, format: Format) -> Result<Self, Error> {
        let british = |name, columns| Table::create(out, format, "health", name, columns, Manner::BritishDates);
        Ok(Self {
            signals: british("risk_signals", columns::SIGNALS)?,
            harm: british("harm_events", columns::HARM)?,
            services: british("services", columns::SERVICES)?,
            service_totals: british("service_totals", columns::SERVICE_TOTALS)?,
        })
    }

    pub(super) fn write(&mut self, world: &World, child: &Child, defects: &mut Defects) -> Result<(), Error> {
        let id = health_id(child.number);
        for (number, signal) in child.signals.iter().enumerate().filter(|(_, signal)| signal.kind == "ed_screening") {
            // What was recorded after the cut date is not in the extract.
            if signal.recorded_on > world.as_at {
                continue;
            }
            let closed = signal.closed.filter(|(on, _)| *on <= world.as_at && *on < child.leaves_on);
            self.signals.args(format_args!("HS{}-{number}", child.number)).text(&id).text("health").text(signal.kind);
            self.signals.text(signal.theme).date(signal.raised_on).date(signal.recorded_on);
            self.signals.date_if(closed.map(|(on, _)| on)).text(closed.map_or("", |(_, reason)| reason)).end()?;
        }
        for (number, harm) in child.harms.iter().enumerate().filter(|(_, harm)| harm.kind == "ed_attendance") {
            self.harm.args(format_args!("HH{}-{number}", child.number)).text(&id).text("health").text(harm.kind);
            self.harm.date(harm.occurred_on).end()?;
        }
        self.write_services(world, child, &id, defects)
    }

    fn write_services(&mut self, world: &World, child: &Child, id: &str, defects: &mut Defects) -> Result<(), Error> {
        let mut planted = defects::of_child(child.number, &defects::IN_SERVICES);
        let prefix = format!("H{}", child.number);
        for (number, journey) in child.journeys.iter().enumerate() {
            if journey.service.agency != "health"
                || !write_service(&mut self.services, world, id, &prefix, number, journey)?
            {
                continue;
            }
            if let Some(defect) = planted.take() {
                defects.added(defect, &self.services.file, 1);
                let service = if defect == Defect::UnknownCode { "unlisted_service" } else { journey.service.name };
                self.services.args(format_args!("SVX{}", child.number)).text(id).text(service).text("health");
                match defect {
                    Defect::UnreadableDate => self.services.text("45/13/2025"),
                    Defect::RequiredEmpty => self.services.empty(1),
                    _ => self.services.date(journey.identified_on),
                };
                self.services.end()?;
            }
        }
        Ok(())
    }

    pub(super) fn finish(self) -> Result<Vec<(String, u64)>, Error> {
        [self.signals, self.harm, self.services, self.service_totals].into_iter().map(Table::finish).collect()
    }
}
