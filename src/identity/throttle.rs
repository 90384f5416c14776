//! At most so many tries in five minutes, counted before a try is looked at, on disk and in one step, so that five hundred
//! at once are no more than ten. Nobody is locked out for longer than the window.

use rusqlite::{Connection, params};

use super::{Seconds, StoreError};

/// The window in which tries count: five minutes.
pub(super) const WINDOW: Seconds = 5 * 60;

/// Tries allowed in the window, for one account and for one address.
pub(super) const MOST_TRIES: i64 = 10;

/// Sign-ins through the provider that may be under way or have failed in the window, from one address: many people of
/// one council share one.
pub(super) const MOST_THROUGH_PROVIDER: i64 = 60;

/// What became of a try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Try {
    /// Counted, and may go on; these records are forgotten where it succeeds.
    Allowed(Vec<i64>),
    /// Too many.
    Refused {
        /// Until the oldest try leaves the window.
        wait: Seconds,
        /// The first refusal in the window: worth a line in the audit log, which a flood is not.
        first: bool,
    },
}

/// Counts a try in every bucket (its name and the most it holds), or in none where one is full.
pub(super) fn count(connection: &Connection, buckets: &[(&str, i64)], now: Seconds) -> Result<Try, StoreError> {
    connection.prepare_cached("DELETE FROM tries WHERE at <= ?1")?.execute([now - WINDOW])?;
    for (bucket, most) in buckets {
        let (tried, refused, oldest): (i64, i64, Option<Seconds>) = connection
            .prepare_cached(
                "SELECT count(*) FILTER (WHERE refused = 0), count(*) FILTER (WHERE refused = 1),
                        min(at) FILTER (WHERE refused = 0)
                 FROM tries WHERE bucket = ?1",
            )?
            .query_row([bucket], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        if tried >= *most {
            let first = refused == 0;
            if first {
                connection
                    .execute("INSERT INTO tries (bucket, at, refused) VALUES (?1, ?2, 1)", params![bucket, now])?;
            }
            return Ok(Try::Refused { wait: (oldest.unwrap_or(now) + WINDOW - now).max(1), first });
        }
    }
    let mut counted = Vec::new();
    for (bucket, _) in buckets {
        connection.prepare_cached("INSERT INTO tries (bucket, at) VALUES (?1, ?2)")?.execute(params![bucket, now])?;
        counted.push(connection.last_insert_rowid());
    }
    Ok(Try::Allowed(counted))
}

/// A try that succeeded does not count.
pub(super) fn forget(connection: &Connection, counted: &[i64]) -> Result<(), StoreError> {
    for id in counted {
        connection.prepare_cached("DELETE FROM tries WHERE id = ?1")?.execute([id])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::store;

    #[test]
    fn the_eleventh_try_waits_and_nobody_waits_longer_than_the_window() {
        let folder = tempfile::tempdir().unwrap();
        let connection = store::open_file(folder.path()).unwrap();
        let one = |now| count(&connection, &[("a", MOST_TRIES)], now).unwrap();
        for now in 0..10 {
            assert!(matches!(one(now), Try::Allowed(_)));
        }
        assert_eq!(one(10), Try::Refused { wait: 290, first: true });
        assert_eq!(one(11), Try::Refused { wait: 289, first: false });
        assert!(matches!(one(WINDOW), Try::Allowed(_)), "the first has left the window");
        assert!(matches!(one(WINDOW), Try::Refused { wait: 1, .. }));
    }

    #[test]
    fn a_refused_try_counts_nowhere_and_a_good_one_is_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let connection = store::open_file(folder.path()).unwrap();
        assert!(matches!(count(&connection, &[("full", 0), ("other", 1)], 0).unwrap(), Try::Refused { .. }));
        let Try::Allowed(counted) = count(&connection, &[("other", 1)], 0).unwrap() else { panic!("counted before") };
        assert!(matches!(count(&connection, &[("other", 1)], 0).unwrap(), Try::Refused { .. }));
        forget(&connection, &counted).unwrap();
        assert!(matches!(count(&connection, &[("other", 1)], 0).unwrap(), Try::Allowed(_)));
    }

    #[test]
    fn tries_outlive_the_process() {
        let folder = tempfile::tempdir().unwrap();
        count(&store::open_file(folder.path()).unwrap(), &[("a", 1)], 0).unwrap();
        let again = store::open_file(folder.path()).unwrap();
        assert!(matches!(count(&again, &[("a", 1)], 1).unwrap(), Try::Refused { .. }));
    }
}
