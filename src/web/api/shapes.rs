//! What `/api/v1` writes: the shape of each answer, and how a report fills it.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::Figure;
use crate::release::{Board, Edition as _, Measure, Report, Source, Sufficiency};

/// No answer is filtered but by its month: breakdowns stand beside the whole.
const FILTERS: &str = "none";

/// What every answer carries.
#[derive(Serialize, ToSchema)]
pub(super) struct About {
    /// The release's id: a hash of this edition alone.
    pub(super) release: String,
    /// `board`.
    pub(super) edition: &'static str,
    /// Whose report it is.
    pub(super) partnership: String,
    /// The area.
    pub(super) area: String,
    /// The report's month, as 2026-10.
    pub(super) month: String,
    /// The last day counted, as 2026-10-31.
    pub(super) as_at: String,
    /// `none`: the whole partnership, with breakdowns beside it.
    pub(super) filters: &'static str,
    /// How small numbers are protected.
    pub(super) policy: String,
    /// True where the data was made by the simulator.
    pub(super) sample: bool,
}

/// What went wrong, and what to do.
#[derive(Serialize, ToSchema)]
pub(super) struct Fault {
    /// What went wrong.
    pub(super) error: String,
    /// What to do.
    pub(super) hint: String,
}

/// Every measure.
#[derive(Serialize, ToSchema)]
pub(super) struct Measures {
    /// Where it comes from.
    pub(super) about: About,
    /// In the order of the registry.
    pub(super) measures: Vec<Described>,
}

/// One measure.
#[derive(Serialize, ToSchema)]
pub(super) struct OneMeasure {
    /// Where it comes from.
    pub(super) about: About,
    /// The measure.
    pub(super) measure: Described,
}

/// What a measure asks, how it is worked out, whether the data can answer.
#[derive(Serialize, ToSchema)]
pub(super) struct Described {
    /// As in `missing_again`.
    pub(super) id: String,
    /// Changes with its query, definition or thresholds.
    pub(super) version: String,
    /// Short name.
    pub(super) title: String,
    /// The question it answers.
    pub(super) question: String,
    /// The theme it belongs to.
    pub(super) theme: String,
    /// `outcome`, `process` or `context`.
    pub(super) kind: String,
    /// For a process measure, the outcome it stands beneath.
    pub(super) explains: Option<String>,
    /// Which way is better: `lower`, `higher` or `neither`.
    pub(super) better: String,
    /// The nature of the number: `proportion`, `rate`, `stock`, `survival`, `chain` and others.
    pub(super) shape: String,
    /// Unit of the headline value.
    pub(super) unit: &'static str,
    /// The definition in words.
    pub(super) definition: String,
    /// The rules that it shares with other measures, each with its title.
    pub(super) rules: Vec<String>,
    /// What the numerator counts.
    pub(super) numerator: String,
    /// What the denominator counts.
    pub(super) denominator: String,
    /// How intervals were made.
    pub(super) method: String,
    /// What it cannot tell.
    pub(super) cannot_tell: String,
    /// Days after a month's end before the month is complete.
    pub(super) horizon_days: u32,
    /// The dimensions it is broken down by.
    pub(super) dimensions: Vec<&'static str>,
    /// The level to reach, where one is set.
    pub(super) target: Option<Aim>,
    /// `sufficient`, `partial` or `cannot_be_known`.
    pub(super) data: &'static str,
    /// Reservations, or the extracts that would answer it.
    pub(super) data_notes: Vec<String>,
}

/// A level to reach by a date.
#[derive(Serialize, ToSchema)]
pub(super) struct Aim {
    /// In the measure's unit.
    pub(super) value: f64,
    /// By when, as 2027-03-31.
    pub(super) by: String,
    /// Whose it is.
    pub(super) owner_role: String,
}

/// The figures of one measure.
#[derive(Serialize, ToSchema)]
#[schema(as = Figures)]
pub(super) struct OfMeasure {
    /// Where they come from.
    pub(super) about: About,
    /// The measure's id.
    pub(super) measure: String,
    /// The measure's version.
    pub(super) version: String,
    /// Ordered by dimension, level and period.
    pub(super) figures: Vec<Shown>,
}

/// One figure.
#[derive(Serialize, ToSchema)]
pub(super) struct Shown {
    /// `2026-10`, `2026-Q3`, or `2026-10/P12M` for the twelve months to October.
    pub(super) period: String,
    /// `total` for the whole.
    pub(super) dimension: &'static str,
    /// The level of the dimension, the part of the figure after a colon.
    pub(super) level: String,
    /// Whole count on top.
    pub(super) numerator: Option<i64>,
    /// Whole count beneath.
    pub(super) denominator: Option<i64>,
    /// In the unit; null where the symbol says why.
    pub(super) value: Option<f64>,
    /// Lower end of the 95 % interval.
    pub(super) lower: Option<f64>,
    /// Upper end of the 95 % interval.
    pub(super) upper: Option<f64>,
    /// A proportion lies between 0 and 1.
    pub(super) unit: &'static str,
    /// `c` withheld, `x` cannot be known, `z` not defined, `k` rounds to zero, `u` low reliability.
    pub(super) symbol: Option<&'static str>,
    /// The period is not yet complete.
    pub(super) provisional: bool,
}

/// Every release there is.
#[derive(Serialize, ToSchema)]
pub(super) struct Releases {
    /// The release that answers.
    pub(super) about: About,
    /// Newest first.
    pub(super) releases: Vec<Listed>,
}

/// One release.
#[derive(Serialize, ToSchema)]
pub(super) struct Listed {
    /// Its name.
    pub(super) name: String,
    /// The report's month.
    pub(super) month: String,
    /// The last day counted.
    pub(super) as_at: String,
    /// `verified`, `withdrawn: …`, `damaged: …`.
    pub(super) status: String,
}

/// Every source as it arrived.
#[derive(Serialize, ToSchema)]
pub(super) struct Sources {
    /// Where it comes from.
    pub(super) about: About,
    /// In the order of the settings.
    pub(super) sources: Vec<Sent>,
}

/// One source; a count is null where it is withheld or not stated.
#[derive(Serialize, ToSchema)]
pub(super) struct Sent {
    /// Its name.
    pub(super) name: String,
    /// Who sent it.
    pub(super) agency: String,
    /// How it is written.
    pub(super) format: String,
    /// The declared cut date.
    pub(super) data_to: String,
    /// The month of its latest event.
    pub(super) latest_event: Option<String>,
    /// Whole days late at the as-at date.
    pub(super) late_by_days: Option<i64>,
    /// Rows in the files.
    pub(super) rows_in: Option<u64>,
    /// Rows kept.
    pub(super) kept: Option<u64>,
    /// Rows set aside for the sender to mend.
    pub(super) quarantined: Option<u64>,
    /// Rows dropped by a rule.
    pub(super) dropped: Option<u64>,
}

pub(super) fn about(report: &Report<Board>) -> About {
    About {
        release: report.id.clone(),
        edition: Board::NAME,
        partnership: report.about.partnership.clone(),
        area: report.about.area.clone(),
        month: report.about.month.to_string(),
        as_at: report.about.as_at.to_string(),
        filters: FILTERS,
        policy: report.about.policy.clone(),
        sample: report.about.sample,
    }
}

pub(super) fn described(measure: &Measure) -> Described {
    let (data, data_notes) = match &measure.sufficiency {
        Sufficiency::Sufficient => ("sufficient", Vec::new()),
        Sufficiency::Partial { because } => ("partial", because.clone()),
        Sufficiency::CannotBeKnown { wanted } => ("cannot_be_known", wanted.clone()),
    };
    Described {
        id: measure.id.clone(),
        version: measure.version(),
        title: measure.title.clone(),
        question: measure.question.clone(),
        theme: measure.theme.clone(),
        kind: word(measure.kind),
        explains: measure.explains.clone(),
        better: word(measure.better),
        shape: word(measure.shape),
        unit: measure.unit.id(),
        definition: measure.definition.clone(),
        rules: measure.rules.iter().map(|rule| format!("{}: {}", rule.title, rule.says.join(" "))).collect(),
        numerator: measure.numerator.clone(),
        denominator: measure.denominator.clone(),
        method: measure.method.clone(),
        cannot_tell: measure.cannot_tell.clone(),
        horizon_days: measure.horizon_days,
        dimensions: measure.dimensions.iter().map(|dimension| dimension.id()).collect(),
        target: measure.target.as_ref().map(|target| Aim {
            value: target.value,
            by: target.by.to_string(),
            owner_role: target.owner_role.clone(),
        }),
        data,
        data_notes,
    }
}

/// A word of the registry as its files write it.
fn word(value: impl Serialize) -> String {
    let written = serde_json::to_value(value).ok();
    written.and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

pub(super) fn shown(figure: &Figure) -> Shown {
    Shown {
        period: figure.period.to_string(),
        dimension: figure.dimension.id(),
        level: figure.level.clone(),
        numerator: figure.numerator,
        denominator: figure.denominator,
        value: figure.value,
        lower: figure.lower,
        upper: figure.upper,
        unit: figure.unit.id(),
        symbol: figure.symbol.map(crate::domain::Symbol::letter),
        provisional: figure.provisional,
    }
}

pub(super) fn sent(source: &Source) -> Sent {
    Sent {
        name: source.name.clone(),
        agency: source.agency.clone(),
        format: source.format.clone(),
        data_to: source.data_to.to_string(),
        latest_event: source.latest_event.map(|month| month.to_string()),
        late_by_days: source.late_by_days,
        rows_in: source.rows_in,
        kept: source.kept,
        quarantined: source.quarantined,
        dropped: source.dropped,
    }
}
