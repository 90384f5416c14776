//! The TOML header of a query: what a measure asks, how its figure is formed, what it cannot tell.

use chrono::NaiveDate;
use serde::{Deserialize, Deserializer};

use crate::domain::{Dimension, Relation, Unit};
use crate::release::{Better, ControlChart, Event, Kind, Shape, SignalOn};

/// The header as written in the first block comment of `queries/<id>.sql`; unknown keys are refused.
#[derive(Clone, Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// The file's name without `.sql`.
    pub id: String,
    /// Short name.
    pub title: String,
    /// As a board member would ask it.
    pub question: String,
    /// The page it belongs to.
    pub theme: String,
    /// Outcome, process or context.
    pub kind: Kind,
    /// The outcome a process measure stands beneath.
    pub explains: Option<String>,
    /// Which way is better.
    pub better: Better,
    /// How rows become figures.
    pub shape: Shape,
    /// Unit of the headline.
    pub unit: Unit,
    /// The part that leads, where it is not the figure itself.
    pub headline_part: Option<String>,
    /// With `{value}` and thresholds by name.
    pub sentence: String,
    /// With thresholds by name.
    pub definition: String,
    /// What the numerator counts.
    pub numerator: String,
    /// What the denominator counts.
    pub denominator: String,
    /// The question to ask.
    pub ask: String,
    /// What it cannot tell.
    pub cannot_tell: String,
    /// Where the rule comes from.
    pub source: String,
    /// Who answers for it.
    pub owner: String,
    /// Last reviewed.
    #[schemars(with = "String")]
    #[serde(deserialize_with = "toml_date")]
    pub reviewed_on: NaiveDate,
    /// The marts the query reads.
    pub needs: Vec<String>,
    /// Days after a month's end before its figures are complete.
    pub horizon_days: u32,
    /// The definition that says how many days up to month end it looks back over; a month whose days reach before a
    /// declared start of history is a gap.
    #[serde(default)]
    pub look_back: Option<String>,
    /// The control chart it is judged on: `auto` (unless said), `xmr`, `p-prime`, `u-prime`, `steps`, `none`.
    #[serde(default)]
    pub chart: ControlChart,
    /// Days on which control limits start anew because the recording behind this measure changed; never for an improvement.
    #[serde(default)]
    pub rebase: Vec<RebaseHeader>,
    /// The periods signalled on: `month` (unless said), or `quarter` where windows overlap from month to month.
    #[serde(default)]
    pub signal_on: SignalOn,
    /// What it is broken down by.
    #[serde(default)]
    pub dimensions: Vec<Dimension>,
    /// Twelve-month figures as well as monthly ones; stocks never have them.
    #[serde(default = "yes")]
    pub rolling: bool,
    /// Whether rows are of children; else they are totals that an agency shares, and have no `child_id`.
    #[serde(default = "yes")]
    pub of_children: bool,
    /// What a rate's numerator is: days of children (unless said), or events that come back in the same child.
    #[serde(default)]
    pub rate_of: RateOf,
    /// Monthly figures; some measures are only worth reading over twelve months.
    #[serde(default = "yes")]
    pub monthly: bool,
    /// Parts shown after a colon.
    #[serde(default)]
    pub part: Vec<PartHeader>,
    /// How parts, and figures of other measures, hang together: what disclosure control must know.
    #[serde(default)]
    pub relation: Vec<Relation>,
}

/// Where and why control limits start anew: drawn on the measure's charts as an event of `events.csv` would be.
#[derive(Clone, Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RebaseHeader {
    /// The day from which what is counted is of another kind.
    #[schemars(with = "String")]
    #[serde(deserialize_with = "toml_date")]
    pub on: NaiveDate,
    /// At most 50 characters, for the chart.
    pub title: String,
    /// Why earlier and later months are not comparable.
    pub reason: String,
}

impl Header {
    /// The events its rebases make.
    pub fn events(&self) -> impl Iterator<Item = Event> {
        self.rebase.iter().map(|rebase| Event {
            on: rebase.on,
            title: rebase.title.clone(),
            measures: vec![self.id.clone()],
            rebase: Some(rebase.reason.clone()),
        })
    }
}

/// One part of a figure.
#[derive(Clone, Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PartHeader {
    /// After the colon in the level, and in the query's `part` column. Of a survival measure it says what is asked of the curve:
    /// `s10` (share still waiting after 10 days), `n10` (share still followed on day 10), `median`, `p90`, `rmst45`; of a recurrent
    /// one `m90` (mean number by day 90) or `n90` (share still followed on it).
    pub id: String,
    /// For a table's heading.
    pub label: String,
    /// Its unit: `proportion` for `s10` and `n10` of a survival measure and `n90` of a recurrent one.
    pub unit: Unit,
    /// How its rows become one number.
    #[serde(default)]
    pub total: PartTotal,
    /// Months and quarters as well as years. A part that makes up the figure with others is a breakdown of it: by month most
    /// of its numbers would be small, and the figure's own month withheld to protect them.
    #[serde(default = "yes")]
    pub monthly: bool,
    /// For an incidence: the day by which.
    #[serde(default)]
    pub day: Option<u32>,
    /// For an incidence: the causes summed up; none for what has not ended.
    #[serde(default)]
    pub causes: Vec<u8>,
}

/// What a rate counts: it decides how its interval is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RateOf {
    /// Days that children spent in something: totals of unequal children.
    #[default]
    Days,
    /// Events, which come back in the same child.
    Events,
}

/// How the rows of a part become one number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PartTotal {
    /// Numerators and denominators are summed.
    #[default]
    Sum,
    /// The largest numerator.
    Max,
    /// The middle numerator, a null one standing for longer than was followed.
    Median,
}

/// A date as TOML writes it, unquoted.
fn toml_date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<NaiveDate, D::Error> {
    let written = toml::value::Datetime::deserialize(deserializer)?;
    written.to_string().parse().map_err(|_| serde::de::Error::custom("write a date alone, as 2026-10-31"))
}

fn yes() -> bool {
    true
}

/// The text between the first `/*` and `*/`, and the SQL after it.
pub(crate) fn split(text: &str) -> Option<(&str, &str)> {
    let opened = text.trim_start().strip_prefix("/*")?;
    opened.split_once("*/")
}
