//! Returns from missing, with the return home interview held for each. A police prevention interview is not one.

use std::collections::HashMap;

use itertools::izip;
use polars::prelude::*;

use super::frame::{ByChild, Code, Day, Names, codes, date_column, days, keys, truths};
use super::missing_spells::Spell;

/// What is recorded of an interview.
#[derive(Clone, Copy, Debug)]
struct Interview {
    agency: Option<Code>,
    outcome: Option<Code>,
    offered_on: Option<Day>,
    held_on: Option<Day>,
}

/// One row per return: `returned_on`, and of its interviews `offered_on` and `held_on` (the earliest from the spell's
/// start), and `held_undated` where one was held on a day nobody recorded.
pub(crate) fn returns(
    spells: &ByChild<Spell>,
    return_interviews: &DataFrame,
    as_at: Day,
    names: &mut Names,
) -> PolarsResult<DataFrame> {
    let interviews = interviews_by_episode(return_interviews, names)?;
    let accepted = names.code("accepted");
    let (mut child_id, mut returned_on) = (Vec::new(), Vec::new());
    let (mut offered_on, mut held_on, mut undated) = (Vec::new(), Vec::new(), Vec::new());
    for child in spells.children() {
        for (_, spell) in spells.of(child) {
            let Some(returned) = spell.returned() else { continue };
            let own = interviews_of(spell, &interviews);
            let earliest = |day: fn(&Interview) -> Option<Day>| {
                own.iter().filter_map(|one| day(one)).filter(|day| (spell.start.on..=as_at).contains(day)).min()
            };
            let held = earliest(|one| one.held_on);
            child_id.push(child);
            returned_on.push(Some(returned.on));
            offered_on.push(earliest(|one| one.offered_on));
            held_on.push(held);
            undated
                .push(held.is_none() && own.iter().any(|one| one.outcome == Some(accepted) && one.held_on.is_none()));
        }
    }
    DataFrame::new_infer_height(vec![
        Column::new("child_id".into(), child_id),
        date_column("returned_on", returned_on)?,
        date_column("offered_on", offered_on)?,
        date_column("held_on", held_on)?,
        Column::new("held_undated".into(), undated),
    ])
}

/// One row per return: `returned_on` and `offered`, whether an interview was: true where any record of the spell says so,
/// false where one says it was not, null where nobody recorded it. Empty is not "no".
pub(crate) fn interview_offers(
    spells: &ByChild<Spell>,
    return_interviews: &DataFrame,
    missing_episodes: &DataFrame,
    names: &mut Names,
) -> PolarsResult<DataFrame> {
    let interviews = interviews_by_episode(return_interviews, names)?;
    let on_episode = offers_by_episode(missing_episodes, names)?;
    let offers = ["accepted", "declined"].map(|word| names.code(word));
    let (mut child_id, mut returned_on, mut offered) = (Vec::new(), Vec::new(), Vec::new());
    for child in spells.children() {
        for (_, spell) in spells.of(child) {
            let Some(returned) = spell.returned() else { continue };
            let told = interviews_of(spell, &interviews).into_iter().filter_map(|one| {
                let by_outcome = one.outcome.map(|outcome| offers.contains(&outcome));
                if one.offered_on.is_some() || one.held_on.is_some() { Some(true) } else { by_outcome }
            });
            let recorded = spell.episodes.iter().filter_map(|one| on_episode.get(&(one.agency, one.id)).copied());
            child_id.push(child);
            returned_on.push(Some(returned.on));
            offered.push(told.chain(recorded).max());
        }
    }
    DataFrame::new_infer_height(vec![
        Column::new("child_id".into(), child_id),
        date_column("returned_on", returned_on)?,
        Column::new("offered".into(), offered).cast(&DataType::Boolean)?,
    ])
}

/// What the missing episodes themselves say of an offer, by agency and episode.
fn offers_by_episode(missing_episodes: &DataFrame, names: &mut Names) -> PolarsResult<HashMap<(Code, i64), bool>> {
    let episode = keys(missing_episodes, "episode_id")?;
    let agency = codes(missing_episodes, "agency", names)?;
    let offered = truths(missing_episodes, "rhi_offered")?;
    let accepted = truths(missing_episodes, "rhi_accepted")?;
    Ok(izip!(agency, episode, offered, accepted)
        .filter_map(|(agency, episode, offered, accepted)| {
            Some(((agency?, episode), offered.or(accepted.filter(|accepted| *accepted))?))
        })
        .collect())
}

fn interviews_by_episode(frame: &DataFrame, names: &mut Names) -> PolarsResult<HashMap<i64, Vec<Interview>>> {
    let episode = keys(frame, "episode_id")?;
    let agency = codes(frame, "agency", names)?;
    let outcome = codes(frame, "outcome", names)?;
    let mut by_episode: HashMap<i64, Vec<Interview>> = HashMap::new();
    for (episode, agency, outcome, offered_on, held_on) in
        izip!(episode, agency, outcome, days(frame, "offered_on")?, days(frame, "held_on")?)
    {
        by_episode.entry(episode).or_default().push(Interview { agency, outcome, offered_on, held_on });
    }
    Ok(by_episode)
}

/// The interviews of a spell's episodes. An identifier is looked up among the interviews of the episode's own agency
/// first, since two agencies may number their episodes alike.
fn interviews_of<'a>(spell: &Spell, by_episode: &'a HashMap<i64, Vec<Interview>>) -> Vec<&'a Interview> {
    spell
        .episodes
        .iter()
        .flat_map(|episode| {
            let all = by_episode.get(&episode.id).map(Vec::as_slice).unwrap_or_default();
            let own: Vec<_> = all.iter().filter(|one| one.agency == Some(episode.agency)).collect();
            if own.is_empty() { all.iter().collect() } else { own }
        })
        .collect()
}
