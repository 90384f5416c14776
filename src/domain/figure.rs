//! One figure: what is shown, exported and compared. Whole numbers in, one value out.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Period;

/// The level of the dimension `total`; parts of it follow a colon (`total:s10`).
pub const TOTAL: &str = "total";

/// What nobody recorded stands under this level.
pub const NOT_KNOWN: &str = "not_known";

/// One figure of a measure: one row of the export.
///
/// Null is not known or withheld (the symbol says which); zero is none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// The measure's id, as in `queries/<id>.sql`.
    pub measure: String,
    /// The month, quarter or twelve months it is about.
    pub period: Period,
    /// One dimension at a time.
    pub dimension: Dimension,
    /// The level within the dimension, with the part of the figure after a colon.
    pub level: String,
    /// Whole count on top, where the figure has one.
    pub numerator: Option<i64>,
    /// Whole count beneath, or the cohort's size for a survival figure.
    pub denominator: Option<i64>,
    /// The value in `unit`.
    pub value: Option<f64>,
    /// Lower end of the 95 % interval.
    pub lower: Option<f64>,
    /// Upper end of the 95 % interval.
    pub upper: Option<f64>,
    /// What the value is counted in.
    pub unit: Unit,
    /// Why a value is absent.
    pub symbol: Option<Symbol>,
    /// The period's horizon is not yet within the data: never compared or signalled on.
    pub provisional: bool,
}

impl Figure {
    /// The level without the part after the colon: `total:s10` is `total`.
    pub fn group(&self) -> &str {
        self.level.split_once(':').map_or(self.level.as_str(), |(group, _)| group)
    }

    /// The part after the colon, where there is one.
    pub fn part(&self) -> Option<&str> {
        self.level.split_once(':').map(|(_, part)| part)
    }
}

/// The one thing a table is broken down by. There is no cross-tabulation (disclosure).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Dimension {
    /// The whole.
    Total,
    /// Locality in the partnership's area.
    Locality,
    /// 0-9, 10-12, 13-15, 16-17.
    AgeBand,
    /// As recorded.
    Sex,
    /// The census's broad groups.
    EthnicityGroup,
    /// Looked after by the council, or at home.
    LookedAfter,
    /// Missing, criminal or sexual exploitation, gangs, trafficking.
    Theme,
    /// The agency that recorded or acted.
    Agency,
    /// The service asked for.
    Service,
}

impl Dimension {
    /// All of them, the whole first, in the order they are shown.
    pub const ALL: [Self; 9] = [
        Self::Total,
        Self::Locality,
        Self::AgeBand,
        Self::Sex,
        Self::EthnicityGroup,
        Self::LookedAfter,
        Self::Theme,
        Self::Agency,
        Self::Service,
    ];

    /// As written in exports, queries and addresses.
    pub fn id(self) -> &'static str {
        match self {
            Self::Total => TOTAL,
            Self::Locality => "locality",
            Self::AgeBand => "age_band",
            Self::Sex => "sex",
            Self::EthnicityGroup => "ethnicity_group",
            Self::LookedAfter => "looked_after",
            Self::Theme => "theme",
            Self::Agency => "agency",
            Self::Service => "service",
        }
    }

    /// The dimension written `id`, where there is one.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|dimension| dimension.id() == id)
    }

    /// As a heading: `Age band`.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Total => "Whole partnership",
            Self::Locality => "Locality",
            Self::AgeBand => "Age band",
            Self::Sex => "Sex",
            Self::EthnicityGroup => "Ethnicity group",
            Self::LookedAfter => "Looked after or at home",
            Self::Theme => "Theme",
            Self::Agency => "Agency",
            Self::Service => "Service",
        }
    }

    /// The column that gives it and the table the column is of, as a native extract names them; none where each table has
    /// one of its own.
    pub fn column(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Locality => Some(("locality", "children")),
            Self::AgeBand => Some(("birth_month", "children")),
            Self::Sex => Some(("sex", "children")),
            Self::EthnicityGroup => Some(("ethnicity", "children")),
            Self::LookedAfter => Some(("looked_after_from", "children")),
            Self::Theme => Some(("theme", "risk_signals")),
            Self::Total | Self::Agency | Self::Service => None,
        }
    }
}

impl fmt::Display for Dimension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

/// What a value is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Between 0 and 1.
    Proportion,
    /// Distinct children.
    Children,
    /// Things that happened: returns, interviews, journeys.
    Count,
    /// Needs of a child for a service.
    Needs,
    /// Days of a clock or between two steps.
    Days,
    /// Hours.
    Hours,
    /// Missing spells a child, on average.
    SpellsPerChild,
    /// Per 1,000 days that children spent at risk.
    #[serde(rename = "per_1000_child_days")]
    Per1000ChildDays,
    /// Per 1,000 days that children at risk spent looked after.
    #[serde(rename = "per_1000_looked_after_days")]
    Per1000LookedAfterDays,
    /// Per 10,000 children aged 10 to 17.
    #[serde(rename = "per_10000_children")]
    Per10000Children,
    /// Between two shares. Never a figure's own unit: only what is worked out of displayed figures has it.
    #[serde(skip)]
    PercentagePoints,
}

impl Unit {
    /// Whole things, of which there is no half.
    pub fn is_counted(self) -> bool {
        matches!(self, Self::Children | Self::Count | Self::Needs)
    }

    /// As written in exports.
    pub fn id(self) -> &'static str {
        match self {
            Self::Proportion => "proportion",
            Self::Children => "children",
            Self::Count => "count",
            Self::Needs => "needs",
            Self::Days => "days",
            Self::Hours => "hours",
            Self::SpellsPerChild => "spells_per_child",
            Self::Per1000ChildDays => "per_1000_child_days",
            Self::Per1000LookedAfterDays => "per_1000_looked_after_days",
            Self::Per10000Children => "per_10000_children",
            Self::PercentagePoints => "percentage_points",
        }
    }

    /// The unit written `id`, where there is one.
    pub fn from_id(id: &str) -> Option<Self> {
        [
            Self::Proportion,
            Self::Children,
            Self::Count,
            Self::Needs,
            Self::Days,
            Self::Hours,
            Self::SpellsPerChild,
            Self::Per1000ChildDays,
            Self::Per1000LookedAfterDays,
            Self::Per10000Children,
        ]
        .into_iter()
        .find(|unit| unit.id() == id)
    }

    /// After a number, or as an axis title: `per 1,000 child-days at risk`.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Proportion => "%",
            Self::Children => "children",
            Self::Count => "count",
            Self::Needs => "needs",
            Self::Days => "days",
            Self::Hours => "hours",
            Self::SpellsPerChild => "missing spells a child",
            Self::Per1000ChildDays => "per 1,000 child-days at risk",
            Self::Per1000LookedAfterDays => "per 1,000 looked-after days",
            Self::Per10000Children => "per 10,000 children aged 10 to 17",
            Self::PercentagePoints => "percentage points",
        }
    }

    /// Whether it is per days of children: a magnitude to which few children can bring most.
    pub fn is_per_days(self) -> bool {
        matches!(self, Self::Per1000ChildDays | Self::Per1000LookedAfterDays)
    }

    /// What one is multiplied by to give the value: 1,000 child-days, 10,000 children.
    pub fn multiplier(self) -> f64 {
        match self {
            Self::Per1000ChildDays | Self::Per1000LookedAfterDays => 1_000.0,
            Self::Per10000Children => 10_000.0,
            _ => 1.0,
        }
    }
}

/// Why a value is absent: the Government Statistical Service's symbols.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Symbol {
    /// Withheld, so that no child can be worked out.
    #[serde(rename = "c")]
    Confidential,
    /// Cannot be known from the data supplied.
    #[serde(rename = "x")]
    Unavailable,
    /// Not defined: nothing to divide by, or the curve never gets there.
    #[serde(rename = "z")]
    NotApplicable,
    /// Not zero, but rounds to it.
    #[serde(rename = "k")]
    RoundsToZero,
    /// Too few for the value to be relied on.
    #[serde(rename = "u")]
    LowReliability,
}

impl Symbol {
    /// One letter, as in exports.
    pub fn letter(self) -> &'static str {
        match self {
            Self::Confidential => "c",
            Self::Unavailable => "x",
            Self::NotApplicable => "z",
            Self::RoundsToZero => "k",
            Self::LowReliability => "u",
        }
    }

    /// The symbol written with `letter`, where there is one.
    pub fn from_letter(letter: &str) -> Option<Self> {
        [Self::Confidential, Self::Unavailable, Self::NotApplicable, Self::RoundsToZero, Self::LowReliability]
            .into_iter()
            .find(|symbol| symbol.letter() == letter)
    }

    /// For a reader: `withheld to protect children`.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Confidential => "withheld to protect children",
            Self::Unavailable => "cannot be known from the data supplied",
            Self::NotApplicable => "not defined",
            Self::RoundsToZero => "rounds to zero",
            Self::LowReliability => "low reliability",
        }
    }
}
