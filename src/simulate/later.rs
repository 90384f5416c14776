//! The partnership's own records: its action plan and how it was re-dated, training, screening totals, audits, and what
//! children said.

use std::path::Path;

use super::birth;
use super::calendar::{Day, day_of};
use super::dice::Dice;
use super::extracts::{columns, council_id, totals};
use super::table::{Manner, Table};
use super::world::World;
use super::{Error, Format};

/// Stream of chance for these tables, apart from every child's.
const STREAM: u64 = u64::MAX;
const ACTIONS: u32 = 40;
/// The action that was finished on time and moved nothing.
const FINISHED_BUT_UNMOVED: u32 = 2;

/// Subject of an action, the finding it answers, the agency that does it, whose it is, the measures it is meant to move.
const SUBJECTS: [(&str, &str, &str, &str, &str); 8] = [
    (
        "One front door for exploitation and missing",
        "F2",
        "council",
        "Exploitation lead",
        "unassessed_days;time_to_assessment",
    ),
    ("Return home interviews within 72 hours", "F1", "council", "Missing coordinator", "missing_again"),
    ("Screening in the emergency department", "F2", "health", "Named nurse", "unassessed_days"),
    ("Missing episodes shared every day", "F1", "police", "Missing unit sergeant", "missing_again;missing_nights"),
    ("Intensive support for families", "F3", "council", "Head of early help", "missing_nights;help_started"),
    (
        "Mental health referrals triaged together",
        "F4",
        "health",
        "Head of children's health services",
        "help_started;uptake_chain",
    ),
    ("Training across agencies", "F7", "partnership", "Workforce lead", "trained_now"),
    ("School places within ten days", "F4", "education", "Virtual school head", "in_full_time_education"),
];
const STAFF: [(&str, &str, u32); 5] = [
    ("council", "social_worker", 180),
    ("police", "response_officer", 240),
    ("health", "ed_nurse", 95),
    ("education", "designated_lead", 70),
    ("council", "youth_worker", 45),
];

/// Writes all of them; gives rows by file.
pub(super) fn write(out: &Path, format: Format, world: &World) -> Result<Vec<(String, u64)>, Error> {
    let mut dice = Dice::new(world.seed, STREAM);
    let create = |name, columns| Table::create(out, format, "partnership", name, columns, Manner::Plain);
    let mut tables = vec![
        screening(
            create("ed_screening", &["month", "attendances_eligible", "screened", "positive", "acted_within_10_days"])?,
            world,
            &mut dice,
        )?,
        audit(
            create("oversight_audit", &["quarter", "agency", "sampled", "oversight_recorded_safer_or_not"])?,
            world,
            &mut dice,
        )?,
        voice(create("voice", &["child_id", "asked_on", "question", "score", "asked_by"])?, world, &mut dice)?,
        workforce(create("workforce", &["agency", "role", "month", "headcount"])?, world)?,
        training(
            create(
                "training",
                &["agency", "role", "staff_ref", "course", "completed_on", "expires_on", "applied", "audited_on"],
            )?,
            world,
            &mut dice,
        )?,
    ];
    let mut factors =
        Table::create(out, format, "published", "dfe_factors", columns::PUBLISHED_FACTORS, Manner::Plain)?;
    totals::factors(&mut factors, world)?;
    tables.push(factors);
    let actions = create(
        "actions",
        &[
            "action_id",
            "title",
            "finding",
            "agency",
            "owner_role",
            "agreed_on",
            "original_due_on",
            "due_on",
            "started_on",
            "completed_on",
            "evidenced_on",
            "evidence",
            "status",
            "measures",
            "expected",
        ],
    )?;
    let history = create("action_history", &["action_id", "recorded_on", "field", "old", "new"])?;
    tables.extend(action_plan(actions, history, world, &mut dice)?);
    tables.into_iter().map(Table::finish).collect()
}

fn screening(mut table: Table, world: &World, dice: &mut Dice) -> Result<Table, Error> {
    for month in world.each_month() {
        let eligible = (world.residents as f64 * 0.004 * (0.85 + 0.3 * dice.unit())).round();
        let later = world.is_improved(day_of(month.first_on()));
        let screened = (eligible * if later { 0.78 } else { 0.46 }).round();
        let positive = (screened * 0.06).round();
        let acted = (positive * if later { 0.80 } else { 0.50 }).round();
        table.args(format_args!("{month}")).args(format_args!("{eligible}")).args(format_args!("{screened}"));
        table.args(format_args!("{positive}")).args(format_args!("{acted}")).end()?;
    }
    Ok(table)
}

fn audit(mut table: Table, world: &World, dice: &mut Dice) -> Result<Table, Error> {
    for month in world.each_month().filter(|month| month.ends_quarter()) {
        for agency in ["council", "police", "health"] {
            let recorded = dice.whole(8, 24);
            table
                .args(format_args!("{}", month.quarter()))
                .text(agency)
                .text("30")
                .args(format_args!("{recorded}"))
                .end()?;
        }
    }
    Ok(table)
}

/// What some children said while they were known.
fn voice(mut table: Table, world: &World, dice: &mut Dice) -> Result<Table, Error> {
    for number in (1..=world.known).step_by(5) {
        let child = birth::born(world, number, &mut Dice::new(world.seed, number));
        let asked_on = child.entered_on + dice.days(20, 160);
        if asked_on >= child.leaves_on || asked_on > world.as_at {
            continue;
        }
        for question in ["feels_safe", "listened_to"] {
            let score = dice.whole(1, 5);
            let asked_by = dice.pick(&[("social_worker", 0.6), ("advocate", 0.4)]);
            table
                .text(&council_id(number))
                .date(asked_on)
                .text(question)
                .args(format_args!("{score}"))
                .text(asked_by)
                .end()?;
        }
    }
    Ok(table)
}

fn workforce(mut table: Table, world: &World) -> Result<Table, Error> {
    for month in world.each_month() {
        for (agency, role, headcount) in STAFF {
            table.text(agency).text(role).args(format_args!("{month}")).args(format_args!("{headcount}")).end()?;
        }
    }
    Ok(table)
}

fn training(mut table: Table, world: &World, dice: &mut Dice) -> Result<Table, Error> {
    for (agency, role, headcount) in STAFF {
        for person in (1..=headcount).filter(|person| person % 2 == 0) {
            let completed = dice.days(world.starts_on, world.as_at);
            let audited = Some(completed + dice.days(30, 200)).filter(|on| *on <= world.as_at && dice.chance(0.9));
            table
                .text(agency)
                .text(role)
                .args(format_args!("{agency}-{role}-{person:03}"))
                .text("exploitation_together");
            table.date(completed).date(completed + 730);
            match audited {
                Some(_) => table.args(format_args!("{}", dice.whole(1, 4))),
                None => table.empty(1),
            };
            table.date_if(audited).end()?;
        }
    }
    Ok(table)
}

/// About 40 actions agreed when the inspection reported; a third re-dated, some more than once.
fn action_plan(mut actions: Table, mut history: Table, world: &World, dice: &mut Dice) -> Result<[Table; 2], Error> {
    let span = world.as_at - world.starts_on;
    for (number, (subject, finding, agency, owner, measures)) in (1..=ACTIONS).zip(SUBJECTS.iter().cycle()) {
        let id = format!("A{number:02}");
        let unmoved = number == FINISHED_BUT_UNMOVED;
        let late = dice.days(0, span / 8);
        // Finished long enough ago that its measure can be told: among the first agreed.
        let agreed = world.starts_on + span / 2 + if unmoved { 0 } else { late };
        let original_due = agreed + dice.days(60, (span / 2).max(61));
        let mut due = original_due;
        if !unmoved && dice.chance(0.35) {
            for _ in 0..dice.whole(1, 3) {
                let recorded = due - dice.days(1, 20);
                let later = due + dice.days(45, 120);
                if recorded <= world.as_at {
                    history.text(&id).date(recorded).text("due_on").date(due).date(later).end()?;
                    due = later;
                }
            }
        }
        let finished = if unmoved {
            Some(agreed + (span / 8).max(1))
        } else {
            dice.chance(0.62).then(|| due + dice.days(-30, 45))
        };
        let completed = finished.map(|on| on.max(agreed + 1)).filter(|on| *on <= world.as_at);
        let started = Some(agreed + dice.days(5, 60)).map(|on| completed.map_or(on, |end| on.min(end)));
        let started = started.filter(|on| *on <= world.as_at && (completed.is_some() || dice.chance(0.8)));
        let evidenced = completed.map(|on| on + dice.days(10, 60)).filter(|on| *on <= world.as_at && dice.chance(0.6));
        let status = match (completed, started) {
            (Some(_), _) => "completed",
            (None, Some(_)) => "in_progress",
            (None, None) => "not_started",
        };
        let step = (number - 1) / SUBJECTS.len() as u32 + 1;
        let expected = if measures.starts_with("help") || measures.contains("trained") || measures.contains("education")
        {
            "up"
        } else {
            "down"
        };
        actions.text(&id).args(format_args!("{subject}: step {step}")).text(finding).text(agency);
        actions.text(owner).date(agreed).date(original_due).date(due).date_if(started).date_if(completed);
        actions.date_if(evidenced).text(if evidenced.is_some() { "case_audit" } else { "" }).text(status);
        actions.text(measures).text(expected).end()?;
        record(&mut history, &id, started, "not_started", "in_progress")?;
        record(&mut history, &id, completed, "in_progress", "completed")?;
    }
    Ok([actions, history])
}

fn record(history: &mut Table, id: &str, on: Option<Day>, old: &str, new: &str) -> Result<(), Error> {
    match on {
        Some(on) => history.text(id).date(on).text("status").text(old).text(new).end(),
        None => Ok(()),
    }
}
