//! What a release says, as plain data: the manifest, the measures, the sources, the figures. No files, no frames.

use std::collections::BTreeMap;
use std::marker::PhantomData;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::support::SupportEffect;
use crate::domain::{Dimension, Figure, Month, Relation, SharedRule, Unit};

/// The layout of a release's files; a reader refuses one it does not know.
pub const SCHEMA: u32 = 1;

/// Marks figures that passed disclosure control: what a board may read. The public edition is read as one too.
#[derive(Clone, Copy, Debug)]
pub enum Board {}

/// Marks exact figures, for analyst and scrutineer alone.
#[derive(Clone, Copy, Debug)]
pub enum Restricted {}

/// An edition of a release; sealed, since there are only two.
pub trait Edition: sealed::Sealed + Send + Sync + 'static {
    /// The folder's name in the release, and the word on the command line.
    const NAME: &'static str;
}

impl Edition for Board {
    const NAME: &'static str = "board";
}

impl Edition for Restricted {
    const NAME: &'static str = "restricted";
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::Board {}
    impl Sealed for super::Restricted {}
}

/// An edition that passed disclosure control.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Protected {
    /// What the board reads.
    #[default]
    Board,
    /// What anyone may read: for published papers, where there is one.
    Public,
}

impl Protected {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Board, Self::Public];

    /// The folder's name in the release, and the word on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Board => Board::NAME,
            Self::Public => "public",
        }
    }

    /// In words that begin a sentence: `Board edition`.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Board => "Board edition",
            Self::Public => "Public edition",
        }
    }
}

/// One edition of one release, whole: all that a page, an export or a pack may show.
///
/// A function that takes `&Report<Board>` cannot be given restricted figures.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(bound = "")]
pub struct Report<E> {
    /// A hash of this edition alone.
    pub id: String,
    /// What was built, from what.
    pub about: About,
    /// Every measure in the registry, in the order of the registry.
    pub measures: Vec<Measure>,
    /// Every source, in the order of `partnership.toml`.
    pub sources: Vec<Source>,
    /// Whether support helps, by service and outcome.
    #[serde(default)]
    pub support: Vec<SupportEffect>,
    /// The action plan; none where no source gives actions.
    #[serde(default)]
    pub plan: Option<super::Plan>,
    /// Whether people are able; none where no source gives it.
    #[serde(default)]
    pub workforce: Option<super::Workforce>,
    /// What the inspectors found.
    #[serde(default)]
    pub findings: Vec<super::InspectionFinding>,
    /// Children living in the area by group, of every age: public numbers. Empty where no source gives them.
    #[serde(default)]
    pub residents: Vec<Residents>,
    /// Published context; none where no source gives it.
    #[serde(default)]
    pub published: Option<crate::published::Published>,
    /// Every figure, ordered by measure, dimension, level and period.
    #[serde(skip)]
    pub figures: Vec<Figure>,
    /// Marks the edition.
    #[serde(skip)]
    pub edition: PhantomData<E>,
}

impl<E> Report<E> {
    /// Every figure of a measure, in order; none where it has none.
    pub fn figures_of(&self, measure: &str) -> &[Figure] {
        let start = self.figures.partition_point(|figure| figure.measure.as_str() < measure);
        let rest = self.figures.get(start..).unwrap_or_default();
        let length = rest.partition_point(|figure| figure.measure == measure);
        rest.get(..length).unwrap_or_default()
    }
}

impl Report<Board> {
    /// Which of the editions that passed disclosure control this is.
    pub fn protected(&self) -> Protected {
        if self.about.public { Protected::Public } else { Protected::Board }
    }
}

/// Children of one group who live in the area.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Residents {
    /// The group's dimension; the whole stands under `total`.
    pub dimension: Dimension,
    /// The group.
    pub level: String,
    /// The year of the figure.
    pub year: i32,
    /// Children of every age.
    pub children: u64,
}

/// Whose report it is, to what date, under which rules.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct About {
    /// `Northmoor Safeguarding Children Partnership`.
    pub partnership: String,
    /// `Northmoor`.
    pub area: String,
    /// The last day counted.
    pub as_at: NaiveDate,
    /// The last month that had ended by the as-at date: the report's month.
    pub month: Month,
    /// True where the data was made by the simulator.
    pub sample: bool,
    /// The disclosure policy in words a reader can check: `counts of 1 to 5 are withheld`.
    pub policy: String,
    /// True of the public edition.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub public: bool,
    /// Every threshold by its name in `partnership.toml`, in words: (name, value, what it decides).
    pub definitions: Vec<Definition>,
    /// Link rate by agency.
    pub links: Vec<LinkRate>,
    /// Dated notes (a new front door, a recording change).
    pub events: Vec<Event>,
}

/// One threshold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Definition {
    /// As in `partnership.toml`.
    pub name: String,
    /// As set.
    pub value: String,
    /// What it decides.
    pub decides: String,
}

/// How many of an agency's identifiers the crosswalk knows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LinkRate {
    /// The agency.
    pub agency: String,
    /// Distinct identifiers in its extracts; none where disclosure withholds it.
    pub identifiers: Option<u64>,
    /// Of these, linked to a child of the partnership; none where disclosure withholds it.
    pub linked: Option<u64>,
    /// The crosswalk has no row for the agency: it is taken to use the partnership's own identifiers.
    pub own_identifiers: bool,
}

/// A dated note drawn on charts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// The day it took effect.
    pub on: NaiveDate,
    /// At most 50 characters.
    pub title: String,
    /// The measures it touches; all where empty.
    pub measures: Vec<String>,
    /// Why control limits start anew on this day; none where they do not. A change in recording, never an improvement.
    #[serde(default)]
    pub rebase: Option<String>,
}

/// One measure: what it asks, how it is worked out, whether the data can answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measure {
    /// `missing_again`, as in `queries/missing_again.sql`.
    pub id: String,
    /// Short name: `Missing again within 28 days`.
    pub title: String,
    /// The question it answers, as a board member would put it.
    pub question: String,
    /// `missing`, `unassessed`, `help`, `safer`, `workforce`, `context`.
    pub theme: String,
    /// Outcome, process or context.
    pub kind: Kind,
    /// For a process measure, the outcome it stands beneath.
    pub explains: Option<String>,
    /// Which way is better.
    pub better: Better,
    /// Rate, proportion or stock: decides the chart.
    pub shape: Shape,
    /// Unit of the headline value.
    pub unit: Unit,
    /// The part of the figure that leads: none for plain `total`, else e.g. `s10`.
    pub headline_part: Option<String>,
    /// What the value of the headline says, with `{value}` in it: `{value} of children who came back were missing again within 28 days`.
    pub sentence: String,
    /// The definition in words, its thresholds filled in.
    pub definition: String,
    /// What the numerator counts.
    pub numerator: String,
    /// What the denominator counts.
    pub denominator: String,
    /// Each part the figure has: (part, label, unit), in the order shown.
    pub parts: Vec<Part>,
    /// The dimensions it is broken down by.
    pub dimensions: Vec<Dimension>,
    /// How its parts hang together, for whoever checks that withheld figures cannot be worked out.
    #[serde(default)]
    pub relations: Vec<Relation>,
    /// The smallest count of children shown, where a source behind it asks for more than the policy does.
    #[serde(default)]
    pub smallest_shown: Option<u32>,
    /// The question a board member should ask.
    pub ask: String,
    /// What it cannot tell.
    pub cannot_tell: String,
    /// The source of the definition.
    pub source: String,
    /// Who answers for the definition.
    pub owner: String,
    /// When the definition was last reviewed.
    pub reviewed_on: NaiveDate,
    /// How intervals were made: `Wilson, 95 %`.
    pub method: String,
    /// The SELECT as written.
    pub sql: String,
    /// The marts it reads.
    pub needs: Vec<String>,
    /// The sources that supply them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<String>,
    /// The rules that it shares with other measures, in words, thresholds filled in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<SharedRule>,
    /// Days after a month's end before the month is complete.
    pub horizon_days: u32,
    /// The control chart it is judged on.
    #[serde(default)]
    pub chart: ControlChart,
    /// The periods that are signalled on.
    #[serde(default)]
    pub signal_on: SignalOn,
    /// Target, where the partnership set one.
    pub target: Option<Target>,
    /// Whether the data supplied can answer.
    pub sufficiency: Sufficiency,
}

/// One part of a figure (`s10`: share still unassessed after 10 days).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// After the colon in the level; empty for the figure itself.
    pub id: String,
    /// For a table's heading.
    pub label: String,
    /// Its unit.
    pub unit: Unit,
    /// Of waits that end in several ways: the share that has not ended.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub not_ended: bool,
}

/// What kind of measure it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// What happened to children.
    Outcome,
    /// What services did; shown only beneath the outcome it explains.
    Process,
    /// Extent and causes: no direction, no target.
    Context,
}

/// Which way is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Better {
    /// Lower is better.
    Lower,
    /// Higher is better.
    Higher,
    /// Neither.
    Neither,
}

/// The nature of the number, which decides how it is totalled, bounded and drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// A share of counted events.
    Proportion,
    /// Events or days per child-days.
    Rate,
    /// Children or needs at a month's end.
    Stock,
    /// Time until something, by when it began.
    Survival,
    /// How a wait ended by fixed days, every ending beside the others, by when it began.
    Incidence,
    /// Mean number of repeatable events by fixed days since a start, by the year of the start.
    Recurrent,
    /// Share of what happened that is made by the few with most of it.
    Concentration,
    /// Things that happened in the period.
    Count,
    /// Steps, each within the last.
    Chain,
    /// A change in those who got something against the change in those who had not yet.
    Effect,
}

/// Which control chart judges change in a measure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ControlChart {
    /// By the nature of the number: p′ for proportions, u′ for rates, `XmR` otherwise, none for stocks.
    #[default]
    Auto,
    /// Individual values with moving ranges.
    Xmr,
    /// Laney's p′.
    PPrime,
    /// Laney's u′.
    UPrime,
    /// The change from one period to the next, for a level whose months count many of the same people again.
    Steps,
    /// Never judged by a control chart.
    None,
}

/// Which of a measure's periods do not overlap, and so may be signalled on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SignalOn {
    /// Every month.
    #[default]
    Month,
    /// Quarters, or month ends that end a quarter: its windows overlap from month to month.
    Quarter,
}

impl Shape {
    /// Worked out from cohorts by when they began: its figures are parts, and have no numerator.
    pub fn is_of_cohorts(self) -> bool {
        matches!(self, Self::Survival | Self::Incidence | Self::Recurrent)
    }
}

/// A level to reach by a date.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Target {
    /// In the measure's unit (a proportion between 0 and 1).
    pub value: f64,
    /// By when.
    pub by: NaiveDate,
    /// Whose it is.
    pub owner_role: String,
}

/// Whether the data supplied can answer the measure's question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum Sufficiency {
    /// Every mart it needs has its sources.
    Sufficient,
    /// It can be worked out, with reservations.
    Partial {
        /// Each reservation, a sentence.
        because: Vec<String>,
    },
    /// It cannot be known.
    CannotBeKnown {
        /// Which extracts would answer it, in words.
        wanted: Vec<String>,
    },
}

impl Sufficiency {
    /// Which extracts would answer what cannot be known; none where it can be.
    pub fn wanted(&self) -> Option<&[String]> {
        match self {
            Self::CannotBeKnown { wanted } => Some(wanted),
            Self::Sufficient | Self::Partial { .. } => None,
        }
    }
}

/// One source as it arrived.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Source {
    /// Its name in `partnership.toml`.
    pub name: String,
    /// Who sent it.
    pub agency: String,
    /// `native`, `ssd`, `ssda903`.
    pub format: String,
    /// The tables found in it.
    pub tables: Vec<String>,
    /// The first day covered, where declared: months before it are a gap.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_from: Option<NaiveDate>,
    /// The declared cut date.
    pub data_to: NaiveDate,
    /// The month of the latest event recorded in it; none where it holds no dates.
    pub latest_event: Option<Month>,
    /// `monthly`, `weekly`, `annual`; none where not stated.
    pub cadence: Option<String>,
    /// The date by which data to this as-at date was due; none where not stated.
    pub due_on: Option<NaiveDate>,
    /// Whole days late at the as-at date; 0 where on time.
    pub late_by_days: Option<i64>,
    /// Who answers for it.
    pub owner_role: Option<String>,
    /// Rows in the files; none where withheld.
    pub rows_in: Option<u64>,
    /// Rows kept.
    pub kept: Option<u64>,
    /// Rows set aside for the sender to mend.
    pub quarantined: Option<u64>,
    /// Rows dropped by a rule (exact repeats, kinds not counted).
    pub dropped: Option<u64>,
    /// Findings by rule: rule id, what it says, rows; rows none where withheld.
    pub findings: Vec<RuleCount>,
    /// Share of rows that have a value, by optional column in use (`table.column`).
    pub completeness: BTreeMap<String, f64>,
    /// How late its records arrive, by table, as far as can be told.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reporting: Vec<super::Reporting>,
}

/// How often a rule was met.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RuleCount {
    /// `M567`.
    pub rule: String,
    /// `end before start`.
    pub says: String,
    /// `kept`, `quarantined` or `dropped`.
    pub outcome: String,
    /// Rows; none where withheld.
    pub rows: Option<u64>,
}
