//! Sightline's own extracts: what agencies can produce and no standard covers.

use super::contract::Kind::{Child, Code, Date, Id, Instant, Listed, Month, Number, Text, Word, YesNo};
use super::contract::{Codes, Contract, Field, fields, optional, present, readable, required};
use super::partnership;

/// Missing, or away from placement without authorisation. Older "absent" means away.
pub(crate) static EPISODE_KINDS: Codes =
    Codes { ours: &["M", "A"], also: &[("missing", "M"), ("m", "M"), ("away", "A"), ("absent", "A"), ("a", "A")] };

pub(crate) static SEXES: Codes = Codes {
    ours: &["female", "male"],
    also: &[
        ("f", "female"),
        ("m", "male"),
        ("2", "female"),
        ("1", "male"),
        ("u", ""),
        ("unknown", ""),
        ("not_known", ""),
        ("9", ""),
        ("0", ""),
    ],
};

/// The census's broad groups, by group or by the code of statutory returns.
pub(crate) static ETHNICITIES: Codes = Codes {
    ours: &["white", "mixed", "asian", "black", "other"],
    also: &[
        ("wbri", "white"),
        ("wiri", "white"),
        ("woth", "white"),
        ("wirt", "white"),
        ("wrom", "white"),
        ("mwbc", "mixed"),
        ("mwba", "mixed"),
        ("mwas", "mixed"),
        ("moth", "mixed"),
        ("aind", "asian"),
        ("apkn", "asian"),
        ("aban", "asian"),
        ("aoth", "asian"),
        ("chne", "asian"),
        ("bcrb", "black"),
        ("bafr", "black"),
        ("both", "black"),
        ("ooth", "other"),
        ("refu", ""),
        ("nobt", ""),
        ("unknown", ""),
        ("not_known", ""),
        ("not_stated", ""),
    ],
};

static INTERVIEW_OUTCOMES: Codes =
    Codes { ours: &["accepted", "declined", "not_offered", "missing_again"], also: &[("refused", "declined")] };

static SIGNAL_KINDS: Codes = Codes {
    ours: &["police_notification", "ed_screening", "screening_tool", "contact", "school", "nrm", "return_from_missing"],
    also: &[],
};

static THEMES: Codes = Codes { ours: &["cce", "cse", "missing", "gangs", "trafficking"], also: &[] };

static ASSESSMENT_KINDS: Codes =
    Codes { ours: &["exploitation", "strategy_discussion", "child_and_family"], also: &[] };

/// How high an assessment puts the risk. Another word is not known, and extends no risk period.
static LEVELS: Codes = Codes {
    ours: &["none", "low", "medium", "high"],
    also: &[
        ("no_risk", "none"),
        ("no_apparent_risk", "none"),
        ("very_low", "low"),
        ("moderate", "medium"),
        ("very_high", "high"),
        ("unknown", ""),
        ("not_known", ""),
        ("not_recorded", ""),
    ],
};

/// Why a child went missing, as an interview records it.
static REASONS: Codes = Codes {
    ours: &["family_conflict", "peer_influence", "exploitation", "placement_unhappy", "boundaries", "other"],
    also: &[
        ("friend\u{2019}s_home", "other"),
        ("unknown", ""),
        ("not_known", ""),
        ("not_recorded", ""),
        ("not_disclosed", ""),
    ],
};

static SERVICES: Codes = Codes {
    ours: &[
        "mental_health",
        "sexual_health",
        "substance_misuse",
        "youth_justice",
        "youth_work",
        "school_support",
        "neurodevelopmental",
        "intensive_family_support",
    ],
    also: &[],
};

static SERVICE_OUTCOMES: Codes =
    Codes { ours: &["accepted", "declined", "not_offered"], also: &[("refused", "declined")] };

static STATUSES: Codes = Codes { ours: &["full_time", "part_time", "none"], also: &[] };

static HARM_KINDS: Codes =
    Codes { ours: &["victim_of_crime", "ed_attendance", "arrest", "exploitation_offence"], also: &[] };

static AGE_BANDS: Codes = Codes {
    ours: &["0-9", "10-12", "13-15", "16-17"],
    also: &[("0_9", "0-9"), ("10_12", "10-12"), ("13_15", "13-15"), ("16_17", "16-17")],
};

const CHILDREN: &[Field] = &[
    required("child_id", Child),
    optional("birth_month", Month),
    optional("sex", Code(&SEXES)),
    optional("ethnicity", Code(&ETHNICITIES)),
    optional("locality", Text),
    optional("looked_after_from", Date),
    readable("looked_after_to", Date),
    readable("left_area_on", Date),
    readable("died_on", Date),
    optional("disability", Word),
    readable("valid_from", Date),
    readable("valid_to", Date),
];

const fn table(
    name: &'static str,
    fields: &'static [Field],
    key: &'static [&'static str],
    starts: &'static str,
    ends: Option<&'static str>,
) -> Contract {
    Contract { name, fields, key, starts: Some(starts), ends, timeless: false }
}

const fn timeless(name: &'static str, fields: &'static [Field], key: &'static [&'static str]) -> Contract {
    Contract { name, fields, key, starts: None, ends: None, timeless: true }
}

/// Every native extract.
pub(crate) const CONTRACTS: &[Contract] = &[
    Contract {
        name: "children",
        fields: CHILDREN,
        key: &["child_id", "valid_from", "looked_after_from"],
        starts: None,
        ends: None,
        timeless: false,
    },
    timeless(
        "crosswalk",
        fields![
            required("agency", Word),
            required("agency_child_id", Text),
            required("child_id", Text),
            optional("match_weight", Text),
        ],
        &["agency", "agency_child_id"],
    ),
    table(
        "missing_episodes",
        fields![
            required("episode_id", Id("episode")),
            required("child_id", Child),
            required("kind", Code(&EPISODE_KINDS)),
            required("started_at", Instant),
            readable("ended_at", Instant),
            optional("risk_level", Word),
            optional("reported_at", Instant),
            optional("recorded_on", Date),
        ],
        &["episode_id"],
        "started_at",
        Some("ended_at"),
    ),
    Contract {
        name: "return_interviews",
        fields: &[
            required("episode_id", Id("episode")),
            optional("child_id", Child),
            optional("offered_on", Date),
            optional("outcome", Code(&INTERVIEW_OUTCOMES)),
            readable("held_on", Date),
            optional("independent", YesNo),
            optional("reasons", Listed(&REASONS)),
        ],
        key: &[],
        starts: Some("offered_on"),
        ends: None,
        timeless: false,
    },
    table(
        "risk_signals",
        fields![
            required("signal_id", Id("signal")),
            required("child_id", Child),
            optional("agency", Word),
            required("kind", Code(&SIGNAL_KINDS)),
            optional("theme", Code(&THEMES)),
            required("raised_on", Date),
            optional("recorded_on", Date),
            readable("closed_on", Date),
            optional("closed_reason", Word),
        ],
        &["signal_id"],
        "raised_on",
        Some("closed_on"),
    ),
    table(
        "risk_assessments",
        fields![
            required("assessment_id", Id("assessment")),
            required("child_id", Child),
            optional("agency", Word),
            required("kind", Code(&ASSESSMENT_KINDS)),
            readable("started_on", Date),
            present("completed_on", Date),
            optional("child_seen", YesNo),
            optional("theme", Code(&THEMES)),
            optional("level", Code(&LEVELS)),
        ],
        &["assessment_id"],
        "started_on",
        Some("completed_on"),
    ),
    table(
        "needs",
        fields![
            required("need_id", Id("need")),
            required("child_id", Child),
            required("service", Code(&SERVICES)),
            required("identified_on", Date),
            optional("identified_by", Word),
        ],
        &["need_id"],
        "identified_on",
        None,
    ),
    service_totals(),
    table(
        "services",
        fields![
            required("referral_id", Id("referral")),
            required("child_id", Child),
            required("service", Code(&SERVICES)),
            optional("agency", Word),
            required("referred_on", Date),
            readable("offered_on", Date),
            optional("outcome", Code(&SERVICE_OUTCOMES)),
            readable("first_attended_on", Date),
            readable("last_attended_on", Date),
            readable("sustained_on", Date),
            readable("ended_on", Date),
            optional("end_reason", Word),
        ],
        &["referral_id"],
        "referred_on",
        Some("ended_on"),
    ),
    table(
        "education",
        fields![
            required("child_id", Child),
            required("month", Month),
            optional("calendar_sessions", Number),
            optional("sessions_possible", Number),
            optional("sessions_attended", Number),
            optional("status", Code(&STATUSES)),
            optional("suspensions", Number),
        ],
        &["child_id", "month"],
        "month",
        None,
    ),
    table(
        "harm_events",
        fields![
            required("event_id", Id("harm_event")),
            required("child_id", Child),
            optional("agency", Word),
            required("kind", Code(&HARM_KINDS)),
            required("occurred_on", Date),
        ],
        &["event_id"],
        "occurred_on",
        None,
    ),
    timeless(
        "population",
        fields![
            required("locality", Text),
            required("age_band", Code(&AGE_BANDS)),
            required("year", Number),
            required("children", Number),
            optional("sex", Code(&SEXES)),
            optional("ethnicity", Code(&ETHNICITIES)),
        ],
        &["locality", "age_band", "year", "sex", "ethnicity"],
    ),
    partnership::ED_SCREENING,
    partnership::OVERSIGHT_AUDIT,
    partnership::VOICE,
    partnership::WORKFORCE,
    partnership::TRAINING,
    partnership::ACTIONS,
    partnership::ACTION_HISTORY,
];

const fn service_totals() -> Contract {
    table(
        "service_totals",
        fields![
            optional("agency", Word),
            required("service", Code(&SERVICES)),
            required("month", Month),
            optional("needs", Number),
            required("referred", Number),
            required("offered", Number),
            required("accepted", Number),
            required("attended", Number),
            required("sustained", Number),
        ],
        &["agency", "service", "month"],
        "month",
        None,
    )
}
