//! Answers of a site: those of its pages, made when the release is opened, and its downloads, made when the first of
//! them is asked for. Few downloads are ever opened, and together they weigh five times what the pages do.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, OnceLock};

use super::site::Entry;

/// One answer, or the download among others that will be made with it.
#[derive(Clone, Debug)]
pub(super) enum Slot {
    /// Made already.
    Made(Entry),
    /// One of a group, by its path.
    Later(Arc<Group>, String),
}

/// Answers by path.
pub(super) type Answers = Vec<(String, Entry)>;

/// Downloads that are made together.
pub(super) struct Group {
    make: Box<dyn Fn() -> Answers + Send + Sync>,
    made: OnceLock<BTreeMap<String, Entry>>,
}

impl fmt::Debug for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Group").field("made", &self.made.get().is_some()).finish_non_exhaustive()
    }
}

impl Slot {
    /// The answer, made now if it was not; none where its group did not make it.
    pub(super) fn entry(&self) -> Option<&Entry> {
        match self {
            Self::Made(entry) => Some(entry),
            Self::Later(group, path) => group.made.get_or_init(|| (group.make)().into_iter().collect()).get(path),
        }
    }

    /// The answer, where it takes no making.
    pub(super) fn at_hand(&self) -> Option<&Entry> {
        match self {
            Self::Made(entry) => Some(entry),
            Self::Later(group, path) => group.made.get()?.get(path),
        }
    }
}

/// Slots for `paths`, which `make` will make together.
pub(super) fn later(
    paths: Vec<String>,
    make: impl Fn() -> Answers + Send + Sync + 'static,
) -> impl Iterator<Item = (String, Slot)> {
    let group = Arc::new(Group { make: Box::new(make), made: OnceLock::new() });
    paths.into_iter().map(move |path| (path.clone(), Slot::Later(Arc::clone(&group), path)))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::super::site::entry;
    use super::*;

    #[test]
    fn a_group_is_made_once_and_not_before_it_is_asked_for() {
        let times = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&times);
        let slots: BTreeMap<String, Slot> = later(vec!["a".into(), "b".into(), "c".into()], move || {
            counted.fetch_add(1, Ordering::SeqCst);
            vec![("a".into(), entry("text/plain", "1", false)), ("b".into(), entry("text/plain", "2", false))]
        })
        .collect();
        assert!(slots["a"].at_hand().is_none());
        assert_eq!(times.load(Ordering::SeqCst), 0);
        assert_eq!(slots["a"].entry().unwrap().body, "1");
        assert_eq!(slots["b"].at_hand().unwrap().body, "2");
        assert!(slots["c"].entry().is_none(), "a group that does not make what it is named for answers nothing");
        assert_eq!(times.load(Ordering::SeqCst), 1);
    }
}
