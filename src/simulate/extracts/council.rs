//! The council's extracts: the Standard Safeguarding Dataset's tables, and native ones for what it does not hold.

use std::path::Path;

use super::{columns, council_id, education_id, health_id, police_id};
use crate::simulate::birth::birth_month;
use crate::simulate::calendar::Day;
use crate::simulate::child::{Child, Journey, Report, Spell};
use crate::simulate::defects::{self, Defect, Defects};
use crate::simulate::table::{Manner, Table};
use crate::simulate::world::World;
use crate::simulate::{Error, Format};

/// Days after the as-at date of a date that cannot have happened yet.
const FUTURE: Day = 400;

pub(super) struct Council {
    person: Table,
    missing: Table,
    assessments: Table,
    factors: Table,
    enquiries: Table,
    contacts: Table,
    care: Table,
    placements: Table,
    children: Table,
    interviews: Table,
    signals: Table,
    exploitation: Table,
    needs: Table,
    services: Table,
    crosswalk: Table,
    pub(super) population: Table,
}

impl Council {
    pub(super) fn create(out: &Path, format: Format) -> Result<Self, Error> {
        let table = |name, columns, manner| Table::create(out, format, "council", name, columns, manner);
        let plain = |name, columns| table(name, columns, Manner::Plain);
        Ok(Self {
            person: plain("ssd_person", columns::PERSON)?,
            missing: plain("ssd_missing", columns::MISSING)?,
            assessments: plain("ssd_cin_assessments", columns::CIN_ASSESSMENTS)?,
            factors: plain("ssd_assessment_factors", columns::FACTORS)?,
            enquiries: plain("ssd_s47_enquiry", columns::ENQUIRIES)?,
            contacts: plain("ssd_contacts", columns::CONTACTS)?,
            care: plain("ssd_cla_episodes", columns::CARE)?,
            placements: plain("ssd_cla_placement", columns::PLACEMENTS)?,
            children: plain("children", columns::CHILDREN)?,
            interviews: table("return_interviews", columns::INTERVIEWS, Manner::Windows1252)?,
            signals: plain("risk_signals", columns::SIGNALS)?,
            exploitation: plain("risk_assessments", columns::EXPLOITATION)?,
            needs: plain("needs", columns::NEEDS)?,
            services: plain("services", columns::SERVICES)?,
            crosswalk: plain("crosswalk", columns::CROSSWALK)?,
            population: plain("population", columns::POPULATION)?,
        })
    }

    pub(super) fn write(&mut self, world: &World, child: &Child, defects: &mut Defects) -> Result<(), Error> {
        let id = council_id(child.number);
        self.write_person(world, child, &id)?;
        self.write_crosswalk(child, &id)?;
        self.write_care(world, child, &id)?;
        self.write_missing(world, child, &id, defects)?;
        self.write_signals(world, child, &id)?;
        self.write_assessments(child, &id)?;
        for (number, journey) in child.journeys.iter().enumerate() {
            self.needs.args(format_args!("ND{id}-{number}")).text(&id).text(journey.service.name);
            self.needs.date(journey.identified_on).text("council").end()?;
            if journey.service.agency == "council" {
                write_service(&mut self.services, world, &id, &id, number, journey)?;
            }
        }
        Ok(())
    }

    fn write_person(&mut self, world: &World, child: &Child, id: &str) -> Result<(), Error> {
        let (code, group) = child.ethnicity;
        let born = crate::simulate::calendar::date_of(child.born_on);
        self.person.text(id).text(child.sex).text("").text(code).args(format_args!("{born}")).text(id);
        self.person.text("").text(if child.disability { "Y" } else { "N" }).date_if(child.died_on).end()?;
        let sex = match child.sex {
            "F" => "female",
            "M" => "male",
            _ => "",
        };
        let locality = world.localities.get(child.locality).map_or("", |locality| locality.name.as_str());
        self.children.text(id).text(&birth_month(child.born_on)).text(sex).text(group).text(locality);
        self.children.date_if(child.left_area_on).text(if child.disability { "yes" } else { "no" }).end()
    }

    fn write_crosswalk(&mut self, child: &Child, id: &str) -> Result<(), Error> {
        let senders = [
            (child.linked.police, "police", police_id(child.number)),
            (child.linked.health, "health", health_id(child.number)),
            (child.linked.education, "education", education_id(child.number)),
        ];
        for (linked, agency, theirs) in senders {
            if linked {
                self.crosswalk.text(agency).text(&theirs).text(id).text("").end()?;
            }
        }
        Ok(())
    }

    fn write_care(&mut self, world: &World, child: &Child, id: &str) -> Result<(), Error> {
        let known = |on: &Day| *on <= world.as_at;
        if let Some((from, to)) = child.care.filter(|(from, _)| known(from)) {
            self.care.args(format_args!("CE{id}")).text(id).date(from).date_if(to.filter(known)).end()?;
        }
        for (number, (from, to)) in child.placements.iter().filter(|(from, _)| known(from)).enumerate() {
            self.placements.args(format_args!("PL{id}-{number}")).date(*from).text("U1").args(format_args!("CE{id}"));
            self.placements.date_if(to.filter(known)).text("").text(id).end()?;
        }
        Ok(())
    }

    fn write_missing(&mut self, world: &World, child: &Child, id: &str, defects: &mut Defects) -> Result<(), Error> {
        for (number, day) in child.aways.iter().enumerate() {
            let at = crate::simulate::calendar::midnight(*day) + 18 * 60;
            self.missing.args(format_args!("CA{id}-{number}")).text(id).second_if(Some(at)).text("A");
            self.missing.second_if(Some(at + 180)).end()?;
        }
        let mut planted = defects::of_child(child.number, &defects::IN_COUNCIL_EPISODES);
        for (number, spell) in child.spells.iter().enumerate() {
            if let Some(seen) = spell.council {
                self.write_episode(&episode_id(id, number), id, spell, seen)?;
                if let (Some(defect), Some(end)) = (planted, seen.end) {
                    planted = None;
                    self.plant(world, defect, id, seen, end)?;
                    defects.added(defect, &self.missing.file, 1);
                }
            }
            self.write_interview(child, id, number, spell)?;
        }
        Ok(())
    }

    fn write_episode(&mut self, episode: &str, id: &str, spell: &Spell, seen: Report) -> Result<(), Error> {
        let (offered, accepted) = match spell.interview.map(|interview| interview.outcome) {
            Some("accepted") => ("Y", "Y"),
            Some("declined") => ("Y", "N"),
            Some("not_offered") => ("N", "NA"),
            Some("missing_again") => ("Y", "NA"),
            _ => ("", ""),
        };
        self.missing.text(episode).text(id).second_if(Some(seen.start)).text("M").second_if(seen.end);
        self.missing.text(offered).text(accepted).end()
    }

    fn plant(&mut self, world: &World, defect: Defect, id: &str, seen: Report, end: i64) -> Result<(), Error> {
        if defect == Defect::DuplicateRow {
            return self.missing.write_again();
        }
        let ahead = crate::simulate::calendar::midnight(world.as_at + FUTURE);
        let (start, end, kind) = match defect {
            Defect::Reversed => (Some(end), Some(seen.start), "M"),
            Defect::Future => (Some(ahead), Some(ahead + 600), "M"),
            Defect::RequiredEmpty => (None, Some(end), "M"),
            _ => (Some(seen.start), Some(end), "Z"),
        };
        self.missing.args(format_args!("CX{id}")).text(id).second_if(start).text(kind).second_if(end).end()
    }

    fn write_interview(&mut self, child: &Child, id: &str, number: usize, spell: &Spell) -> Result<(), Error> {
        let Some(interview) = spell.interview else {
            return Ok(());
        };
        let episode = if spell.council.is_some() {
            episode_id(id, number)
        } else {
            super::police::episode_id(child.number, number)
        };
        let held = interview.held_on.is_some();
        self.interviews.text(&episode).text(id).date_if(interview.offered_on).text(interview.outcome);
        self.interviews.date_if(interview.held_on);
        self.interviews.text(if !held {
            ""
        } else if interview.independent {
            "yes"
        } else {
            "no"
        });
        self.interviews.text(if held { interview.reasons } else { "" }).end()
    }

    fn write_signals(&mut self, world: &World, child: &Child, id: &str) -> Result<(), Error> {
        for (number, signal) in child.signals.iter().enumerate() {
            match signal.kind {
                "contact" => {
                    self.contacts.args(format_args!("CO{id}-{number}")).text(id).date(signal.raised_on);
                    self.contacts.text("6").text("Police").text(r#"{"MISSING_FLAG":"Y"}"#).end()?;
                }
                // What was recorded after the cut date is not in the extract.
                "school" | "screening_tool" | "nrm" if signal.recorded_on <= world.as_at => {
                    let closed = signal.closed.filter(|(on, _)| *on <= world.as_at && *on < child.leaves_on);
                    self.signals.args(format_args!("CS{id}-{number}")).text(id).text("council").text(signal.kind);
                    self.signals.text(signal.theme).date(signal.raised_on).date(signal.recorded_on);
                    self.signals
                        .date_if(closed.map(|(on, _)| on))
                        .text(closed.map_or("", |(_, reason)| reason))
                        .end()?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn write_assessments(&mut self, child: &Child, id: &str) -> Result<(), Error> {
        for (number, assessment) in child.assessments.iter().enumerate() {
            if assessment.exploitation {
                self.exploitation.args(format_args!("EX{id}-{number}")).text(id).text("council").text("exploitation");
                self.exploitation.date(assessment.started_on).date(assessment.completed_on);
                self.exploitation.text(if assessment.child_seen { "yes" } else { "no" });
                self.exploitation.text(child.theme).text(assessment.level).end()?;
            } else {
                let factor = match (child.theme, child.spells.is_empty()) {
                    ("cse", true) => r#"["11A"]"#,
                    ("cse", false) => r#"["10A","11A"]"#,
                    ("trafficking", _) => r#"["12A"]"#,
                    ("gangs", _) => r#"{"13A":"Yes","24A":"No"}"#,
                    (_, true) => r#"["24A"]"#,
                    (_, false) => r#"["10A","24A"]"#,
                };
                self.assessments.args(format_args!("AS{id}-{number}")).text(id).args(format_args!("RF{id}"));
                self.assessments.date(assessment.started_on).text(if assessment.child_seen { "Y" } else { "N" });
                self.assessments.date(assessment.completed_on).text("").text("N").end()?;
                self.factors
                    .args(format_args!("AF{id}-{number}"))
                    .args(format_args!("AS{id}-{number}"))
                    .text(factor)
                    .end()?;
            }
        }
        for (number, held_on) in child.strategy_discussions.iter().enumerate() {
            self.enquiries.args(format_args!("SE{id}-{number}")).args(format_args!("RF{id}")).text(id);
            self.enquiries.date(*held_on).text("").text("N").text("").end()?;
        }
        Ok(())
    }

    pub(super) fn finish(self) -> Result<Vec<(String, u64)>, Error> {
        let tables = [
            self.person,
            self.missing,
            self.assessments,
            self.factors,
            self.enquiries,
            self.contacts,
            self.care,
            self.placements,
            self.children,
            self.interviews,
            self.signals,
            self.exploitation,
            self.needs,
            self.services,
            self.crosswalk,
            self.population,
        ];
        tables.into_iter().map(Table::finish).collect()
    }
}

fn episode_id(id: &str, number: usize) -> String {
    format!("CM{id}-{number}")
}

/// One row of `services`, as far as it had come by the as-at date; none where the child was not referred by then.
pub(super) fn write_service(
    table: &mut Table,
    world: &World,
    child: &str,
    prefix: &str,
    number: usize,
    journey: &Journey,
) -> Result<bool, Error> {
    let by_now = |day: Option<Day>| day.filter(|on| *on <= world.as_at);
    let Some(referred_on) = by_now(journey.referred_on) else {
        return Ok(false);
    };
    let offered_on = by_now(journey.offered_on);
    let outcome = journey.outcome.filter(|outcome| *outcome == "not_offered" || offered_on.is_some());
    let first = by_now(journey.first_attended_on);
    let last = first.and(journey.last_attended_on).map(|last| last.min(world.as_at));
    let ended = journey.ended.filter(|(on, _)| *on <= world.as_at);
    table.args(format_args!("SV{prefix}-{number}")).text(child).text(journey.service.name).text(journey.service.agency);
    table.date(referred_on).date_if(offered_on).text(outcome.unwrap_or("")).date_if(first).date_if(last);
    table.date_if(by_now(journey.sustained_on)).date_if(ended.map(|(on, _)| on));
    table.text(ended.map_or("", |(_, reason)| reason)).end()?;
    Ok(true)
}
