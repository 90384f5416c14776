//! The sections for leaders: the action plan with what earlier builds remember of it, and the workforce.

use std::path::Path;

use chrono::NaiveDate;

use super::BuildError;
use crate::config::{Config, Key};
use crate::domain::Month;
use crate::ingest::{Staged, Table};
use crate::marts;
use crate::plan::{self, Listed, Settings};
use crate::release::{KeptForecast, Plan, Workforce};
use crate::state::plan::{PlanMemory, key_of, remember, remembered};
use crate::workforce;

/// The plan as of one build, and what the next one must know.
pub(super) struct PlanMade {
    pub(super) plan: Plan,
    listed: Vec<Listed>,
    memory: PlanMemory,
    forecast: Option<KeptForecast>,
}

/// The plan; none where no source gives actions. `state` is the folder of what earlier builds remember.
pub(super) fn plan_of(
    staged: &Staged,
    config: &Config,
    key: &Key,
    state: &Path,
    as_at: NaiveDate,
) -> Result<Option<PlanMade>, BuildError> {
    if !staged.supplied.contains(&Table::Actions) {
        return Ok(None);
    }
    let table = |table| staged.tables.get(&table).cloned().unwrap_or_default();
    let listed = marts::actions(&table(Table::Actions), &table(Table::ActionHistory), |id| key_of(key, id))?;
    let memory = remembered(state)?;
    let settings = settings(config);
    let (with_past, unlisted) = plan::with_earlier_states(listed.clone(), &memory.states, as_at);
    let plan = plan::plan(with_past, unlisted, &memory.forecasts, as_at, settings);
    let actions: Vec<_> = plan.actions.iter().map(|one| &one.action).collect();
    let forecast = plan::keep(&actions, &plan.forecast, as_at, settings);
    Ok(Some(PlanMade { plan, listed, memory, forecast }))
}

impl PlanMade {
    /// Once the release is written: the list and its forecast, for later builds.
    pub(super) fn remember(self, state: &Path, as_at: NaiveDate) -> Result<(), BuildError> {
        Ok(remember(state, self.memory, &self.listed, self.forecast, as_at)?)
    }
}

fn settings(config: &Config) -> Settings {
    Settings {
        history_weeks: config.definitions.plan_history_weeks,
        adoption_days: config.definitions.plan_adoption_days,
        counts_evidence: config.definitions.plan_counts_evidence,
    }
}

/// The workforce at the end of the report's month, exact; none where no source gives its headcounts.
pub(super) fn workforce_of(staged: &Staged, config: &Config, month: Month) -> Result<Option<Workforce>, BuildError> {
    let given = |table| staged.supplied.contains(&table);
    if !given(Table::Workforce) || !given(Table::Training) {
        return Ok(None);
    }
    let table = |table| staged.tables.get(&table).cloned().unwrap_or_default();
    let headcounts = marts::headcounts(&table(Table::Workforce))?;
    let trainings = marts::trainings(&table(Table::Training))?;
    let valid_days = config.definitions.training_valid_days;
    Ok(Some(workforce::workforce(&headcounts, &trainings, month.last_on(), valid_days)))
}
