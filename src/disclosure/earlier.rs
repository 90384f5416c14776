//! What a board edition showed and withheld before. What was withheld stays withheld; what was shown cannot be taken back.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::{Dimension, Figure, Period, Symbol};

/// Figures of earlier releases' board editions, by place.
#[derive(Clone, Debug, Default)]
pub struct Earlier {
    withheld: BTreeMap<(String, Period, Dimension, String), bool>,
    levels_withheld: BTreeSet<(String, Dimension, String)>,
}

impl Earlier {
    /// From the board editions of earlier releases, in any order. A figure withheld in one of them counts as withheld.
    pub fn of<'a>(editions: impl IntoIterator<Item = &'a [Figure]>) -> Self {
        let mut withheld = BTreeMap::new();
        let mut levels_withheld = BTreeSet::new();
        for figure in editions.into_iter().flatten() {
            let place = (figure.measure.clone(), figure.period, figure.dimension, figure.level.clone());
            *withheld.entry(place).or_insert(false) |= figure.symbol == Some(Symbol::Confidential);
        }
        for ((measure, _, dimension, level), is_withheld) in &withheld {
            if *is_withheld && *dimension != Dimension::Total {
                levels_withheld.insert((measure.clone(), *dimension, level.clone()));
            }
        }
        Self { withheld, levels_withheld }
    }

    pub(super) fn withheld(&self, figure: &Figure) -> bool {
        self.get(figure) == Some(true)
    }

    pub(super) fn shown(&self, figure: &Figure) -> bool {
        self.get(figure) == Some(false)
    }

    /// Whether its level was withheld in any period.
    pub(super) fn withheld_at_another_time(&self, figure: &Figure) -> bool {
        !self.levels_withheld.is_empty()
            && self.levels_withheld.contains(&(figure.measure.clone(), figure.dimension, figure.level.clone()))
    }

    fn get(&self, figure: &Figure) -> Option<bool> {
        if self.withheld.is_empty() {
            return None;
        }
        self.withheld.get(&(figure.measure.clone(), figure.period, figure.dimension, figure.level.clone())).copied()
    }
}
