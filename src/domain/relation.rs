//! How the parts of a measure, and measures among each other, hang together: what a reader could subtract.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A part named so stands for what the figure itself is counted out of.
pub const DENOMINATOR: &str = "denominator";

/// Which of the counts that a figure tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CountKind {
    /// What is counted.
    Numerator,
    /// Of a share: those that are not in the numerator.
    Rest,
    /// Out of how many.
    Denominator,
}

/// A count of a part of a measure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Count {
    /// The measure's id; this measure where none is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measure: Option<String>,
    /// The part; the figure itself where none is named.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub part: String,
    /// Which of its counts.
    pub kind: CountKind,
}

/// One `[[relation]]` of a measure's header. A part is named by its id; `""` is the figure itself.
///
/// Levels of a dimension, months and windows need no relation: a counted row falls into one level and one month. What is
/// said here is public, and disclosure control and its audit take it as known to every reader.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Relation {
    /// The parts add up to `whole`: numerator to numerator, denominator to denominator; with `whole = "denominator"` the
    /// numerators add up to their common denominator.
    AddsUp {
        /// The sum.
        whole: String,
        /// What is added.
        parts: Vec<String>,
    },
    /// Each step counts some of those the step before counts: what lies between two of them is a count of its own.
    Nests {
        /// From the widest to the narrowest.
        steps: Vec<String>,
    },
    /// What is counted is some of what other figures count, of this measure or another: what lies between is a count too.
    /// Where both are withheld nothing is made of it, so that what hangs together by it alone is audited apart.
    Within {
        /// The narrower, of this measure.
        count: Count,
        /// The wider.
        of: Vec<Count>,
    },
    /// These parts have one numerator.
    SameNumerator {
        /// At least two.
        parts: Vec<String>,
    },
    /// A part tells much the same as another, though neither follows from the other: it is withheld wherever that is.
    WithheldWith {
        /// What is withheld too.
        part: String,
        /// Wherever this is.
        other: String,
    },
    /// These parts have one denominator.
    SameDenominator {
        /// At least two.
        parts: Vec<String>,
    },
    /// A stock: at the end of a month there is what there was at the end of the month before, and what started in it, less
    /// what stopped in it.
    Carries {
        /// How many there are at the end of a month.
        stock: String,
        /// How many started in the month.
        started: String,
        /// How many stopped in the month.
        stopped: String,
    },
    /// One count of a figure is also a count of other figures, of this measure or another, wherever they are given.
    SameCount {
        /// A count of this measure.
        count: Count,
        /// The counts that are always the same number.
        of: Vec<Count>,
    },
    /// Counts of any figures, of this measure or another, add up to a count of this one.
    CountsAddUp {
        /// The sum.
        whole: Count,
        /// What is added.
        terms: Vec<Count>,
    },
    /// Counts of any figures that are always the same number: where one is shown a reader knows it of all. Where all of them
    /// are withheld nothing is said, so that their measures are audited apart.
    KnownElsewhere {
        /// At least two.
        counts: Vec<Count>,
    },
    /// The part is the same figure as a part of another measure, wherever both are given.
    SameAs {
        /// A part of this measure.
        part: String,
        /// The other measure's id.
        measure: String,
        /// The other measure's part.
        other_part: String,
    },
}

impl Relation {
    /// The other measures that it ties to this one.
    pub fn measures(&self) -> impl Iterator<Item = &str> {
        let (same, counts): (Option<&str>, Vec<&Count>) = match self {
            Self::SameAs { measure, .. } => (Some(measure), Vec::new()),
            Self::CountsAddUp { whole, terms } => (None, terms.iter().chain([whole]).collect()),
            Self::SameCount { count, of } | Self::Within { count, of } => (None, of.iter().chain([count]).collect()),
            _ => (None, Vec::new()),
        };
        same.into_iter().chain(counts.into_iter().filter_map(|count| count.measure.as_deref()))
    }

    /// Counts of which one is within the other, as the measure `own` says: the narrower, the wider.
    pub fn nested<'a>(&'a self, own: &'a str) -> Vec<(NamedCount<'a>, NamedCount<'a>)> {
        match self {
            Self::Nests { steps } => {
                let of = |part: &'a String| (own, part.as_str(), CountKind::Numerator);
                let beneath = |at: usize| steps.iter().skip(at + 1);
                steps
                    .iter()
                    .enumerate()
                    .flat_map(|(at, wide)| beneath(at).map(move |narrow| (of(narrow), of(wide))))
                    .collect()
            }
            Self::Within { count, of } => of.iter().map(|wider| (count.named(own), wider.named(own))).collect(),
            _ => Vec::new(),
        }
    }
}

/// A count wherever it is given, by the words of a header: measure, part, which.
pub type NamedCount<'a> = (&'a str, &'a str, CountKind);

/// A count wherever it is given: measure, part, which.
pub type CountOf = (String, String, CountKind);

impl Count {
    /// The count, named in the header of `own`.
    pub fn of(&self, own: &str) -> CountOf {
        let (measure, part, kind) = self.named(own);
        (measure.to_owned(), part.to_owned(), kind)
    }

    /// The same, borrowed.
    pub fn named<'a>(&'a self, own: &'a str) -> NamedCount<'a> {
        (self.measure.as_deref().unwrap_or(own), &self.part, self.kind)
    }
}

/// Which counts are always the same number, as relations say.
#[derive(Clone, Debug, Default)]
pub struct SameCounts {
    leads: BTreeMap<CountOf, CountOf>,
}

impl SameCounts {
    /// Adds what a measure's relation says.
    pub fn add(&mut self, own: &str, relation: &Relation) {
        let of = |part: &str, kind| (own.to_owned(), part.to_owned(), kind);
        match relation {
            Relation::SameNumerator { parts } => self.join_all(parts.iter().map(|part| of(part, CountKind::Numerator))),
            Relation::SameDenominator { parts } => {
                self.join_all(parts.iter().map(|part| of(part, CountKind::Denominator)));
            }
            Relation::SameAs { part, measure, other_part } => {
                for kind in [CountKind::Numerator, CountKind::Rest, CountKind::Denominator] {
                    self.join(&of(part, kind), &(measure.clone(), other_part.clone(), kind));
                }
            }
            Relation::SameCount { count, of } => {
                self.join_all(of.iter().chain([count]).map(|count| count.of(own)));
            }
            Relation::KnownElsewhere { counts } => self.join_all(counts.iter().map(|count| count.of(own))),
            Relation::AddsUp { .. }
            | Relation::Nests { .. }
            | Relation::Within { .. }
            | Relation::WithheldWith { .. }
            | Relation::Carries { .. }
            | Relation::CountsAddUp { .. } => {}
        }
    }

    /// Whether one count is the other, or follows from two that are (a rest from its denominator and numerator).
    pub fn knows(&self, one: &CountOf, other: &CountOf) -> bool {
        use CountKind::{Denominator, Numerator, Rest};
        let with = |of: &CountOf, kind| (of.0.clone(), of.1.clone(), kind);
        let same = |a, b| self.root(&with(one, a)) == self.root(&with(other, b));
        // What is left of one denominator is the same where what is taken is.
        let follows =
            |taken: CountKind, other_taken: CountKind| same(taken, other_taken) && same(Denominator, Denominator);
        same(one.2, other.2)
            || match (one.2, other.2) {
                (Rest, Rest) => follows(Numerator, Numerator),
                (Rest, Numerator) => follows(Numerator, Rest),
                (Numerator, Rest) => follows(Rest, Numerator),
                (Numerator, Numerator) => follows(Rest, Rest),
                _ => false,
            }
    }

    /// The count that stands for all that are the same as this one.
    pub fn root(&self, of: &CountOf) -> CountOf {
        self.leads.get(of).map_or_else(|| of.clone(), |next| self.root(next))
    }

    fn join(&mut self, one: &CountOf, other: &CountOf) {
        let (one, other) = (self.root(one), self.root(other));
        if one != other {
            self.leads.insert(one, other);
        }
    }

    fn join_all(&mut self, mut counts: impl Iterator<Item = CountOf>) {
        if let Some(first) = counts.next() {
            counts.for_each(|other| self.join(&first, &other));
        }
    }
}
