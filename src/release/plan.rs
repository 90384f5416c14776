//! The action plan as a release shows it: every action with its dates, and the pace of the whole. Plain data about the work
//! of agencies; nothing here is about a child.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// The plan at the as-at date.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The whole plan in a few numbers.
    pub summary: PlanSummary,
    /// Every action, in order of its id.
    pub actions: Vec<PlanAction>,
    /// Actions that an earlier list held and the present one does not. They stay in the baseline.
    pub unlisted: Vec<Unlisted>,
    /// Planned and delivered, month by month.
    pub curve: Vec<CurvePoint>,
    /// The same numbers by agency, by finding and by owner, never ranked.
    pub groups: Vec<PlanGroup>,
    /// Open actions past their dates, by how long.
    pub overdue: Vec<OverdueBand>,
    /// How long actions stay open.
    pub ageing: Ageing,
    /// When it may be finished.
    pub forecast: PlanForecast,
    /// Earlier forecasts, and what became of them.
    pub past_forecasts: Vec<ScoredForecast>,
}

/// One action as the plan's owner keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Action {
    /// As in the extract.
    pub id: String,
    /// What is to be done.
    pub title: String,
    /// The inspection finding it answers; none where not stated.
    pub finding: Option<String>,
    /// Who does it.
    pub agency: String,
    /// Whose it is; none where nobody is named.
    pub owner_role: Option<String>,
    /// The day the plan took it in.
    pub agreed_on: NaiveDate,
    /// The date first agreed. Never changed by a later list.
    pub original_due_on: NaiveDate,
    /// The date as it now stands.
    pub due_on: NaiveDate,
    /// None where not started, or not known.
    pub started_on: Option<NaiveDate>,
    /// None while open.
    pub completed_on: Option<NaiveDate>,
    /// When its evidence was accepted; none where there is none.
    pub evidenced_on: Option<NaiveDate>,
    /// What the evidence is.
    pub evidence: Option<String>,
    /// When it was withdrawn; none where it was not, or the day is not recorded.
    pub withdrawn_on: Option<NaiveDate>,
    /// As its owner states it.
    pub status: ActionStatus,
    /// Ids of the measures it is meant to move.
    pub measures: Vec<String>,
    /// Which way it is meant to move them.
    pub expected: Option<Expected>,
    /// Every change of its date, in order.
    pub redatings: Vec<Redating>,
    /// A later list gave another original date; the first one seen is kept.
    pub original_overwritten: bool,
}

/// What an action's owner says of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActionStatus {
    /// Work has not begun.
    NotStarted,
    /// Work has begun.
    InProgress,
    /// Said to be done.
    Completed,
    /// Taken out of the plan. It stays in the baseline.
    Withdrawn,
}

/// Which way an action is meant to move its measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expected {
    /// Lower.
    Down,
    /// Higher.
    Up,
}

/// One change of an action's date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redating {
    /// The day it was recorded, or the day by which it was noticed.
    pub on: NaiveDate,
    /// The date before.
    pub from: NaiveDate,
    /// The date after.
    pub to: NaiveDate,
    /// How it is known.
    pub known: Known,
}

/// How a change is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Known {
    /// The plan's history records it.
    Recorded,
    /// Nobody recorded it: two lists, or a list and its history, differ.
    Noticed,
}

/// An action with what its dates come to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanAction {
    /// The action.
    pub action: Action,
    /// Its address on the pages: letters, figures, `-` and `_` alone.
    pub slug: String,
    /// Where it stands.
    pub standing: ActionStanding,
    /// Days from the original date to completion, else to the later of the date as it stands and the as-at date. Below
    /// zero where it was done early.
    pub days_slipped: i64,
    /// Days past the date as it stands; none where done, withdrawn or not due.
    pub days_overdue: Option<i64>,
    /// Days past the original date; none where done, withdrawn or not due.
    pub days_past_original: Option<i64>,
    /// Days since it was agreed; none where no longer open.
    pub days_open: Option<i64>,
    /// It was done before the plan took it in: the plan did not bring it about.
    pub done_before_agreed: bool,
    /// Its owner says it is done and gives no date: it counts as not delivered.
    pub done_without_date: bool,
}

/// Where an action stands against the date first agreed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActionStanding {
    /// Open, and past the date as it stands.
    Overdue,
    /// Open and past its original date; not past the date as it stands, because that was moved.
    OnTimeOnlyByRedating,
    /// Open, and its original date has not come.
    NotDue,
    /// Done after its original date.
    DoneLate,
    /// Done by its original date.
    DoneInTime,
    /// Taken out of the plan.
    Withdrawn,
}

/// An action that the present list no longer holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unlisted {
    /// The last list that held it.
    pub last_seen_on: NaiveDate,
    /// The day the plan took it in.
    pub agreed_on: NaiveDate,
    /// The date first agreed.
    pub original_due_on: NaiveDate,
    /// When it was completed, if it was by then.
    pub completed_on: Option<NaiveDate>,
}

/// The plan in a few numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlanSummary {
    /// Actions ever agreed: the frozen baseline, withdrawn and unlisted ones with it.
    pub actions: u32,
    /// Of these, due by the as-at date as first agreed.
    pub planned_by_now: u32,
    /// Delivered by the as-at date.
    pub delivered: u32,
    /// Of those due as first agreed, delivered by their original date.
    pub delivered_in_time: u32,
    /// Delivered and evidenced.
    pub evidenced: u32,
    /// Withdrawn.
    pub withdrawn: u32,
    /// Open.
    pub open: u32,
    /// Open and past the date as it stands.
    pub overdue: u32,
    /// Open and past the original date, saved from being overdue by a later date alone.
    pub on_time_only_by_redating: u32,
    /// Actions whose date was ever moved.
    pub redated: u32,
    /// How often dates were moved.
    pub redatings: u32,
    /// Of these, noticed and not recorded.
    pub redatings_noticed: u32,
    /// The middle of the days slipped, among actions whose original date has come; none where none has.
    pub median_days_slipped: Option<f64>,
    /// The most days any action has slipped; none where none has.
    pub most_days_slipped: Option<i64>,
    /// Of actions whose original date has come, those that slipped at all.
    pub slipped: u32,
    /// The last original date of the plan.
    pub last_original_due_on: Option<NaiveDate>,
    /// The last date of the plan as it stands.
    pub last_due_on: Option<NaiveDate>,
}

/// The plan at one month's end (or at the as-at date, in its month), as running totals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CurvePoint {
    /// The day.
    pub on: NaiveDate,
    /// Due by then as first agreed.
    pub planned: u32,
    /// Due by then as dates now stand; a delivered action stands at its own date.
    pub as_redated: u32,
    /// Delivered by then; none after the as-at date.
    pub delivered: Option<u32>,
    /// Delivered and evidenced by then; none after the as-at date.
    pub evidenced: Option<u32>,
}

/// What a group is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupBy {
    /// Who does it.
    Agency,
    /// The inspection finding it answers.
    Finding,
    /// Whose it is.
    OwnerRole,
}

/// The actions of one agency, finding or owner.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlanGroup {
    /// What the group is of.
    pub by: GroupBy,
    /// Which one; empty where not stated.
    pub name: String,
    /// Its numbers.
    pub summary: PlanSummary,
    /// When its own pace may finish it.
    pub finish: FinishDates,
    /// What that is drawn from; none in releases that did not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drawn_from: Option<DrawnFrom>,
}

/// The past that a forecast draws from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrawnFrom {
    /// Whole weeks.
    pub weeks: u32,
    /// Deliveries in them.
    pub delivered: u32,
}

/// Open actions past their dates by a span of days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OverdueBand {
    /// `1-30`, `over-180`.
    pub id: String,
    /// `1 to 30 days`.
    pub label: String,
    /// Past the date as it stands by so many days.
    pub past_due: u32,
    /// Past the original date by so many days.
    pub past_original: u32,
}

/// How long actions stay open, those still open included.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ageing {
    /// The share still open at fixed days after agreement.
    pub steps: Vec<AgeStep>,
    /// Days by which half had ended; none where more than half are open at the end of what was followed.
    pub median_days: Option<f64>,
    /// The middle age of the actions open now; none where none is.
    pub median_open_days: Option<f64>,
    /// The age of the oldest open action.
    pub oldest_open_days: Option<i64>,
}

/// The share of actions still open so many days after they were agreed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct AgeStep {
    /// Days since agreed.
    pub days: u32,
    /// Actions followed so long and still open the day before.
    pub at_risk: u64,
    /// The share still open.
    pub still_open: f64,
    /// Lower 95 % limit.
    pub lower: Option<f64>,
    /// Upper 95 % limit.
    pub upper: Option<f64>,
}

/// When the plan may be finished at its recent pace.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlanForecast {
    /// Actions that remain.
    pub remaining: u32,
    /// Whole weeks of history drawn from.
    pub weeks: u32,
    /// Deliveries in them.
    pub delivered_in_weeks: u32,
    /// Actions added in them.
    pub added_in_weeks: u32,
    /// An action counts when its evidence was accepted.
    pub counts_evidence: bool,
    /// The dates, or why there are none.
    pub finish: FinishDates,
    /// Deliveries a week needed to meet the last original date; none where that date has passed or nothing remains.
    pub needed_a_week_original: Option<f64>,
    /// Deliveries a week needed to meet the last date as it stands; none where that date has passed or nothing remains.
    pub needed_a_week: Option<f64>,
    /// Deliveries a week over the history drawn from.
    pub recent_a_week: Option<f64>,
    /// Actions delivered in all, month by month ahead; empty where there is no forecast.
    pub fan: Vec<FanPoint>,
}

/// Dates by which shares of the runs had finished, or why there are none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum FinishDates {
    /// Nothing remains.
    Finished,
    /// Fewer than 8 whole weeks of history.
    TooLittleHistory {
        /// Whole weeks there are.
        weeks: u32,
    },
    /// Dates; a missing one lies more than ten years away.
    By {
        /// Half of the runs.
        percent_50: Option<NaiveDate>,
        /// 85 in 100.
        percent_85: Option<NaiveDate>,
        /// 95 in 100.
        percent_95: Option<NaiveDate>,
    },
}

/// Actions delivered in all by a day ahead, over the runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FanPoint {
    /// The day.
    pub on: NaiveDate,
    /// 5 in 100 runs had delivered at most so many.
    pub percent_5: u32,
    /// 15 in 100.
    pub percent_15: u32,
    /// Half.
    pub percent_50: u32,
    /// 85 in 100.
    pub percent_85: u32,
    /// 95 in 100.
    pub percent_95: u32,
}

/// A forecast as it was made, kept from one build to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptForecast {
    /// The as-at date of the build that made it.
    pub made_on: NaiveDate,
    /// What remained.
    pub remaining: u32,
    /// Half of its runs finished by.
    pub percent_50: Option<NaiveDate>,
    /// 85 in 100.
    pub percent_85: Option<NaiveDate>,
    /// 95 in 100.
    pub percent_95: Option<NaiveDate>,
    /// Deliveries in the 13 weeks after it: 5 in 100 runs had at most so many.
    pub next_13_weeks_low: u32,
    /// Half of the runs.
    pub next_13_weeks_middle: u32,
    /// 95 in 100.
    pub next_13_weeks_high: u32,
}

/// A kept forecast and what became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScoredForecast {
    /// As it was made.
    pub forecast: KeptForecast,
    /// Deliveries in the 13 weeks after it; none while they run.
    pub next_13_weeks_actual: Option<u32>,
    /// Whether that lay in its range; none while they run.
    pub within_range: Option<bool>,
    /// Whether everything that remained was done by its 85 % date; none while that date is ahead, or it gave none.
    pub finished_by_85: Option<bool>,
}
