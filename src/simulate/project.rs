//! The project folder around the extracts: `partnership.toml` as an analyst would write it, and `events.csv`.

use std::fmt::Write as _;

use super::Format;
use super::calendar::date_of;
use super::extracts::totals::{AREA_CODE, NEIGHBOURS};
use super::world::World;

/// How a source's files differ from the plain ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Manner {
    Plain,
    British,
    Windows1252,
    Renamed,
}

/// Name, agency, format, path without its extension, owner's role, manner.
type Source = (&'static str, &'static str, &'static str, &'static str, &'static str, Manner);

const SOURCES: [Source; 25] = [
    ("Council case records", "council", "ssd", "council/ssd_*", "Performance manager", Manner::Plain),
    ("Council children", "council", "native", "council/children", "Performance manager", Manner::Plain),
    ("Identifiers across agencies", "council", "native", "council/crosswalk", "Linkage analyst", Manner::Plain),
    (
        "Return home interviews",
        "council",
        "native",
        "council/return_interviews",
        "Missing coordinator",
        Manner::Windows1252,
    ),
    ("Council signals of risk", "council", "native", "council/risk_signals", "Exploitation lead", Manner::Plain),
    ("Exploitation assessments", "council", "native", "council/risk_assessments", "Exploitation lead", Manner::Plain),
    ("Needs identified", "council", "native", "council/needs", "Performance manager", Manner::Plain),
    ("Council services", "council", "native", "council/services", "Head of early help", Manner::Plain),
    ("Children living in the area", "council", "native", "council/population", "Performance manager", Manner::Plain),
    ("Police missing episodes", "police", "native", "police/missing_episodes", "Missing unit sergeant", Manner::Plain),
    ("Police notifications", "police", "native", "police/risk_signals", "Safeguarding inspector", Manner::Plain),
    ("Police harm events", "police", "native", "police/harm_events", "Safeguarding inspector", Manner::Plain),
    ("Emergency department screening", "health", "native", "health/risk_signals", "Named nurse", Manner::British),
    ("Emergency department attendances", "health", "native", "health/harm_events", "Named nurse", Manner::British),
    ("Health services", "health", "native", "health/services", "Head of children's services", Manner::British),
    (
        "Sexual health totals",
        "health",
        "native",
        "health/service_totals",
        "Head of children's services",
        Manner::British,
    ),
    ("School attendance", "education", "native", "education/education", "Virtual school head", Manner::Renamed),
    ("Emergency department totals", "health", "native", "partnership/ed_screening", "Named nurse", Manner::Plain),
    (
        "Audit of oversight",
        "partnership",
        "native",
        "partnership/oversight_audit",
        "Quality assurance lead",
        Manner::Plain,
    ),
    ("What children said", "partnership", "native", "partnership/voice", "Participation lead", Manner::Plain),
    ("Workforce", "partnership", "native", "partnership/workforce", "Training lead", Manner::Plain),
    ("Training", "partnership", "native", "partnership/training", "Training lead", Manner::Plain),
    (
        PUBLISHED,
        "department_for_education",
        "dfe_factors",
        "published/dfe_factors",
        "Performance manager",
        Manner::Plain,
    ),
    ("Action plan", "partnership", "native", "partnership/actions", "Business manager", Manner::Plain),
    ("Action plan history", "partnership", "native", "partnership/action_history", "Business manager", Manner::Plain),
];

/// A table that anybody can download, once a year.
const PUBLISHED: &str = "Published factors at assessment";

/// Sources that say who children are, not what happened to them from a day on.
const TIMELESS: [&str; 3] = ["Council children", "Identifiers across agencies", "Children living in the area"];
/// What the inspectors of the fictional partnership found: id, in their words, what answers it.
const FINDINGS: [(&str, &str, &str); 7] = [
    (
        "F1",
        "Leaders did not understand the extent and impact of the failure to protect children",
        "measures = [\"missing_again\", \"missing_nights\", \"repeat_missing_children\"]",
    ),
    (
        "F2",
        "Children were left in situations of unassessed risk and harm",
        "measures = [\"unassessed_now\", \"unassessed_days\", \"time_to_assessment\"]",
    ),
    (
        "F3",
        "Evaluation was not based on a systematic analysis of the impact of frontline work across services",
        "measures = [\"help_started\", \"uptake_chain\"]",
    ),
    ("F4", "Too much focus on process", "answered_by = \"outcomes\""),
    ("F5", "Action plans were ineffective", "answered_by = \"moved\""),
    ("F6", "The pace of change was too slow", "answered_by = \"plan\""),
    (
        "F7",
        "Without a multi-agency training strategy many staff lacked the skills",
        "measures = [\"trained_now\", \"training_applied\"]",
    ),
];

/// The text of `partnership.toml`.
pub(super) fn configuration(world: &World, format: Format) -> String {
    let as_at = date_of(world.as_at);
    let mut text = format!(
        "# A fictional partnership made by `sightline simulate`. No row describes a real child.\n\
         name = \"Northmoor Safeguarding Children Partnership\"\n\
         area = \"Northmoor\"\n\
         as_at = {as_at}\n\
         sample = true\n\
         financial_year_starts = 4\n\n\
         # Every threshold has a default; write one here to change it.\n\
         [definitions]\n\
         # missing_again_days = 28\n\
         # assessment_valid_days = 91\n\
         # risk_lapses_days = 365\n\n\
         [disclosure]\n\
         policy = \"dfe\"\n\n\
         # The area and its statistical neighbours in the published table of factors.\n\
         [published]\n\
         area_code = \"{AREA_CODE}\"\n\
         neighbours = {NEIGHBOURS:?}\n"
    );
    for source in &SOURCES {
        write_source(&mut text, source, world, format).expect("text in memory takes any text");
    }
    for (id, says, answered_by) in FINDINGS {
        writeln!(text, "\n[[finding]]\nid = \"{id}\"\nsays = \"{says}\"\n{answered_by}")
            .expect("text in memory takes any text");
    }
    text.push_str(
        "\n[[target]]\nmeasure = \"missing_again\"\nvalue = 0.25\nby = 2027-03-31\nowner_role = \"Missing coordinator\"\n\
         \n[[target]]\nmeasure = \"help_started\"\nvalue = 0.6\nby = 2027-03-31\nowner_role = \"Head of early help\"\n",
    );
    text
}

fn write_source(text: &mut String, source: &Source, world: &World, format: Format) -> std::fmt::Result {
    let (name, agency, kind, path, owner_role, manner) = source;
    let data_to = date_of(if *agency == "police" { world.police_to } else { world.as_at });
    writeln!(text, "\n[[source]]\nname = \"{name}\"\nagency = \"{agency}\"\nformat = \"{kind}\"")?;
    writeln!(text, "path = \"extracts/{path}.{}\"", format.extension())?;
    if *name == PUBLISHED {
        return writeln!(text, "owner_role = \"{owner_role}\"");
    }
    if !TIMELESS.contains(name) {
        writeln!(text, "data_from = {}", date_of(world.starts_on))?;
    }
    writeln!(text, "data_to = {data_to}\ncadence = \"monthly\"\ndue_day = 10\nowner_role = \"{owner_role}\"")?;
    match manner {
        Manner::British => writeln!(text, "date_format = \"%d/%m/%Y\"")?,
        Manner::Windows1252 if format == Format::Csv => {
            writeln!(text, "encoding = \"windows-1252\"")?;
        }
        Manner::Renamed => {
            writeln!(
                text,
                "columns = {{ child_id = \"pupil_ref\", month = \"attendance_month\", status = \"timetable\" }}"
            )?;
            writeln!(text, "codes = {{ status = {{ FT = \"full_time\", PT = \"part_time\", NR = \"none\" }} }}")?;
        }
        Manner::Plain | Manner::Windows1252 => {}
    }
    Ok(())
}

/// Why the front door is new, as its annotation says.
const FRONT_DOOR: &str = "One team now takes every signal of exploitation and missing";

/// The text of `events.csv`: dated annotations and the measures they touch.
pub(super) fn events(world: &World) -> String {
    let mut text = String::from("on,title,reason,measures\n");
    if let Some(on) = world.front_door_on {
        let on = date_of(on);
        writeln!(text, "{on},New front door,{FRONT_DOOR},unassessed_days;unassessed_now;time_to_assessment")
            .expect("writing to a string cannot fail");
    }
    text
}
