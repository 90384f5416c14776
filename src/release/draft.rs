//! What build hands over: exact, not yet protected. Both editions are made from it here and nowhere else.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::disclosure::{ExactFigure, Policy};
use crate::domain::Figure;
use crate::published::Published;

use super::{About, InspectionFinding, Measure, Plan, Residents, Source, SupportEffect, Workforce};

/// A release to be, with exact figures.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Its `policy` is written by the release from `policy` below; its link rates are exact.
    pub about: About,
    /// Every measure in the registry, in the order of the registry.
    pub measures: Vec<Measure>,
    /// Every source, with exact counts of rows.
    pub sources: Vec<Source>,
    /// Every figure, exact, in any order.
    pub figures: Vec<ExactFigure>,
    /// Whether support helps, exact.
    pub support: Vec<SupportEffect>,
    /// The action plan; none where no source gives actions.
    pub plan: Option<Plan>,
    /// The workforce, exact; none where no source gives it.
    pub workforce: Option<Workforce>,
    /// What the inspectors found.
    pub findings: Vec<InspectionFinding>,
    /// Children living in the area by group: public numbers, which both editions show.
    pub residents: Vec<Residents>,
    /// Published context, which both editions show.
    pub published: Option<Published>,
    /// What the board edition withholds.
    pub policy: Policy,
    /// What the public edition withholds; none where none is made.
    pub public: Option<Policy>,
    /// Who allowed the policy `internal`, and on what grounds; none under any other.
    pub approval: Option<Approval>,
    /// Works out a 95 % interval from displayed counts, where the policy rounds them; `|_| None` leaves it out.
    pub interval: fn(&Figure) -> Option<(f64, f64)>,
    /// For every source by name: a hash of its sorted rows, so that row order does not show.
    pub inputs: BTreeMap<String, String>,
    /// For every source by name: how the settings read it.
    pub readings: BTreeMap<String, String>,
}

/// Who allowed a board to see exact totals: said on every page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approval {
    /// The role or name that approved it.
    pub approver: String,
    /// The reference of the data protection impact assessment.
    pub assessment: String,
    /// When it was approved.
    pub on: NaiveDate,
}

impl Approval {
    /// After the policy's words.
    pub(super) fn in_words(&self) -> String {
        let Self { approver, assessment, on } = self;
        format!("; approved by {approver} on {on} under impact assessment {assessment}")
    }
}
