//! The audit log: who opened which page, export or pack of which edition, and what was done to accounts. Never a figure.
//!
//! Each entry's code is made with a key over the entry and the code before it, so that an entry changed, removed,
//! inserted or moved breaks the chain there; the sealed head finds one cut from the end, and heads written out elsewhere
//! find a whole database put back.

use rusqlite::{Connection, OptionalExtension as _, params};

use super::key::mac;
use super::{IdentityKey, Seconds, StoreError};
use crate::config::to_hex;

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Opened a page.
    OpenedPage,
    /// Took an export.
    Exported,
    /// Took a pack.
    OpenedPack,
    /// Asked for what the role may not see.
    Refused,
    /// Came in.
    SignedIn,
    /// Did not come in.
    SignInFailed,
    /// Tries were refused for a while.
    SignInThrottled,
    /// Left.
    SignedOut,
    /// A local account was made.
    AccountAdded,
    /// An account was given another role.
    RoleChanged,
    /// An account was kept out.
    AccountDisabled,
    /// An account was let in again.
    AccountEnabled,
    /// A password and second factor were replaced.
    AccountReset,
    /// Sessions were ended.
    SessionsEnded,
    /// The server began to serve.
    Started,
}

impl Action {
    /// As in the log.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OpenedPage => "opened page",
            Self::Exported => "exported",
            Self::OpenedPack => "opened pack",
            Self::Refused => "refused",
            Self::SignedIn => "signed in",
            Self::SignInFailed => "sign-in failed",
            Self::SignInThrottled => "sign-in throttled",
            Self::SignedOut => "signed out",
            Self::AccountAdded => "account added",
            Self::RoleChanged => "role changed",
            Self::AccountDisabled => "account disabled",
            Self::AccountEnabled => "account enabled",
            Self::AccountReset => "account reset",
            Self::SessionsEnded => "sessions ended",
            Self::Started => "started",
        }
    }
}

/// What is to be written down.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// `#7 amina`, or `command line`.
    pub actor: String,
    /// Their role then; empty where none.
    pub role: String,
    /// What they did it to: a page's path, an account.
    pub what: String,
    /// `board`, `restricted`, or empty.
    pub edition: String,
    /// The release, or empty.
    pub release: String,
    /// Where a sign-in came from, or empty.
    pub address: String,
}

/// An entry as it stands in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its place, from 1.
    pub seq: i64,
    /// When, in seconds since 1970.
    pub at: Seconds,
    /// As [`Action::as_str`] had it.
    pub action: String,
    /// The rest.
    pub entry: Entry,
    mac: Vec<u8>,
}

/// The last entry's place and code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Entries there are.
    pub seq: i64,
    /// The last one's code.
    pub mac: [u8; 32],
}

impl Head {
    const EMPTY: Self = Self { seq: 0, mac: [0; 32] };

    /// `412 9f3c…`: to be written down elsewhere.
    pub fn in_words(&self) -> String {
        format!("{} {}", self.seq, to_hex(&self.mac))
    }
}

/// The log's key, made from the identity key.
#[derive(Clone)]
pub struct AuditKey([u8; 32]);

impl AuditKey {
    /// The key for the audit log.
    pub fn of(key: &IdentityKey) -> Self {
        Self(key.derived("audit log"))
    }

    fn of_entry(&self, previous: &[u8], seq: i64, at: Seconds, action: &str, entry: &Entry) -> [u8; 32] {
        mac(
            &self.0,
            &[
                b"entry",
                previous,
                &seq.to_be_bytes(),
                &at.to_be_bytes(),
                action.as_bytes(),
                entry.actor.as_bytes(),
                entry.role.as_bytes(),
                entry.what.as_bytes(),
                entry.edition.as_bytes(),
                entry.release.as_bytes(),
                entry.address.as_bytes(),
            ],
        )
    }

    fn seal(&self, head: &Head) -> [u8; 32] {
        mac(&self.0, &[b"head", &head.seq.to_be_bytes(), &head.mac])
    }
}

/// Adds an entry. Refused where the head is not what this key sealed.
pub fn append(
    connection: &Connection,
    key: &AuditKey,
    action: Action,
    entry: &Entry,
    now: Seconds,
) -> Result<(), StoreError> {
    let before = head(connection, key)?;
    let seq = before.seq + 1;
    let mac = key.of_entry(&before.mac, seq, now, action.as_str(), entry);
    connection
        .prepare_cached(
            "INSERT INTO audit (seq, at, actor, role, action, what, edition, release, address, mac)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        )?
        .execute(params![
            seq,
            now,
            entry.actor,
            entry.role,
            action.as_str(),
            entry.what,
            entry.edition,
            entry.release,
            entry.address,
            mac
        ])?;
    let head = Head { seq, mac };
    connection
        .prepare_cached(
            "INSERT INTO audit_head (only, seq, mac, seal) VALUES (1, ?1, ?2, ?3)
             ON CONFLICT (only) DO UPDATE SET seq = ?1, mac = ?2, seal = ?3",
        )?
        .execute(params![seq, mac, key.seal(&head)])?;
    Ok(())
}

/// The sealed head; that of an empty log where there is no entry yet.
pub fn head(connection: &Connection, key: &AuditKey) -> Result<Head, StoreError> {
    let found: Option<(i64, [u8; 32], [u8; 32])> = connection
        .prepare_cached("SELECT seq, mac, seal FROM audit_head")?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    match found {
        Some((seq, mac, seal)) => {
            let head = Head { seq, mac };
            if key.seal(&head) == seal { Ok(head) } else { Err(StoreError::Tampered) }
        }
        None if connection.prepare_cached("SELECT 1 FROM audit")?.exists([])? => Err(StoreError::Tampered),
        None => Ok(Head::EMPTY),
    }
}

/// The last entries, newest first.
pub fn latest(connection: &Connection, most: usize) -> Result<Vec<Kept>, StoreError> {
    let mut query = connection.prepare_cached(&format!("{SELECT} ORDER BY seq DESC LIMIT ?1"))?;
    let entries = query.query_map([i64::try_from(most).unwrap_or(i64::MAX)], kept)?.collect::<Result<_, _>>()?;
    Ok(entries)
}

const SELECT: &str = "SELECT seq, at, action, actor, role, what, edition, release, address, mac FROM audit";

fn kept(row: &rusqlite::Row<'_>) -> rusqlite::Result<Kept> {
    Ok(Kept {
        seq: row.get(0)?,
        at: row.get(1)?,
        action: row.get(2)?,
        entry: Entry {
            actor: row.get(3)?,
            role: row.get(4)?,
            what: row.get(5)?,
            edition: row.get(6)?,
            release: row.get(7)?,
            address: row.get(8)?,
        },
        mac: row.get(9)?,
    })
}

/// Walks the whole log: how many entries there are, or everything that is wrong with it. `heads` are those that were
/// written out elsewhere.
pub fn verify(
    connection: &Connection,
    key: &AuditKey,
    heads: &[Head],
) -> Result<Result<Head, Vec<String>>, StoreError> {
    let mut problems = Vec::new();
    let mut heads = heads.to_vec();
    heads.sort_by_key(|head| head.seq);
    let mut written_out = heads.iter().peekable();
    let mut last = Head::EMPTY;
    let mut query = connection.prepare(&format!("{SELECT} ORDER BY seq"))?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let one = kept(row)?;
        let due = last.seq + 1;
        if one.seq > due {
            problems.push(format!("{} removed", places(due, one.seq - 1)));
        }
        let expected = key.of_entry(&last.mac, one.seq, one.at, &one.action, &one.entry);
        if one.seq == due && one.mac != expected {
            problems.push(format!("entry {} was changed, inserted or moved", one.seq));
        }
        let mac = <[u8; 32]>::try_from(one.mac.as_slice()).unwrap_or([0; 32]);
        last = Head { seq: one.seq, mac };
        while let Some(head) = written_out.next_if(|head| head.seq <= one.seq) {
            if head.seq == one.seq && head.mac != mac {
                problems.push(format!("entry {} is not the one whose head was written out", one.seq));
            }
        }
    }
    if let Some(missing) = written_out.last() {
        problems.push(format!("{} cut from the end: a head written out names it", places(last.seq + 1, missing.seq)));
    }
    match head(connection, key) {
        Ok(sealed) if sealed == last => {}
        Ok(sealed) if sealed.seq > last.seq => {
            problems.push(format!("{} cut from the end", places(last.seq + 1, sealed.seq)));
        }
        Ok(_) => problems.push("the last entries are not those that were sealed".to_owned()),
        Err(StoreError::Tampered) => problems.push("the seal of the log's head is not of this key".to_owned()),
        Err(other) => return Err(other),
    }
    problems.dedup();
    Ok(if problems.is_empty() { Ok(last) } else { Err(problems) })
}

fn places(from: i64, to: i64) -> String {
    if from == to { format!("entry {from} was") } else { format!("entries {from} to {to} were") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::store;

    fn key() -> AuditKey {
        AuditKey::of(&IdentityKey::from_bytes([5; 32]))
    }

    fn five() -> (tempfile::TempDir, Connection) {
        let folder = tempfile::tempdir().unwrap();
        let connection = store::open_file(folder.path()).unwrap();
        for page in ["first", "second", "third", "fourth", "fifth"] {
            let entry = Entry { actor: "#1 amina".into(), what: page.into(), ..Entry::default() };
            append(&connection, &key(), Action::OpenedPage, &entry, 60).unwrap();
        }
        connection.execute_batch("DROP TRIGGER audit_is_never_changed; DROP TRIGGER audit_is_never_cut;").unwrap();
        (folder, connection)
    }

    fn found(change: &str) -> Vec<String> {
        let (_folder, connection) = five();
        connection.execute_batch(change).unwrap();
        verify(&connection, &key(), &[]).unwrap().unwrap_err()
    }

    #[test]
    fn an_untouched_log_is_whole() {
        let (_folder, connection) = five();
        assert_eq!(verify(&connection, &key(), &[]).unwrap().unwrap().seq, 5);
    }

    #[test]
    fn a_change_is_found() {
        assert_eq!(found("UPDATE audit SET what = 'other' WHERE seq = 3"), ["entry 3 was changed, inserted or moved"]);
        assert_eq!(found("UPDATE audit SET at = 61 WHERE seq = 1"), ["entry 1 was changed, inserted or moved"]);
    }

    #[test]
    fn a_removal_is_found_even_where_the_places_are_closed_up() {
        assert_eq!(found("DELETE FROM audit WHERE seq IN (2, 3)"), ["entries 2 to 3 were removed"]);
        assert_eq!(
            found(
                "DELETE FROM audit WHERE seq = 3; UPDATE audit SET seq = 3 WHERE seq = 4; UPDATE audit SET seq = 4 WHERE seq = 5"
            ),
            [
                "entry 3 was changed, inserted or moved",
                "entry 4 was changed, inserted or moved",
                "entry 5 was cut from the end"
            ]
        );
    }

    #[test]
    fn an_insertion_is_found() {
        let said = found(
            "UPDATE audit SET seq = seq + 10 WHERE seq > 2; UPDATE audit SET seq = seq - 9 WHERE seq > 10;
             INSERT INTO audit SELECT 3, at, actor, role, action, 'made up', edition, release, address, mac FROM audit WHERE seq = 2",
        );
        assert_eq!(said.first().unwrap(), "entry 3 was changed, inserted or moved");
        assert_eq!(said.last().unwrap(), "the last entries are not those that were sealed");
    }

    #[test]
    fn a_change_of_order_is_found() {
        assert_eq!(
            found(
                "UPDATE audit SET seq = 9 WHERE seq = 2; UPDATE audit SET seq = 2 WHERE seq = 3; UPDATE audit SET seq = 3 WHERE seq = 9"
            ),
            [
                "entry 2 was changed, inserted or moved",
                "entry 3 was changed, inserted or moved",
                "entry 4 was changed, inserted or moved"
            ]
        );
    }

    #[test]
    fn a_cut_is_found_by_the_seal_and_a_database_put_back_by_heads_written_out() {
        assert_eq!(found("DELETE FROM audit WHERE seq > 3"), ["entries 4 to 5 were cut from the end"]);
        assert_eq!(found("DELETE FROM audit"), ["entries 1 to 5 were cut from the end"]);
        let said = found("DELETE FROM audit WHERE seq = 5; DELETE FROM audit_head");
        assert_eq!(said, ["the seal of the log's head is not of this key"]);
        let (_folder, connection) = five();
        let later = Head { seq: 7, mac: [1; 32] };
        assert_eq!(
            verify(&connection, &key(), &[later]).unwrap().unwrap_err(),
            ["entries 6 to 7 were cut from the end: a head written out names it"]
        );
        let other = Head { seq: 4, mac: [1; 32] };
        assert_eq!(
            verify(&connection, &key(), &[other]).unwrap().unwrap_err(),
            ["entry 4 is not the one whose head was written out"]
        );
    }

    #[test]
    fn another_key_vouches_for_nothing_and_adds_nothing() {
        let (_folder, connection) = five();
        let other = AuditKey::of(&IdentityKey::from_bytes([6; 32]));
        assert!(verify(&connection, &other, &[]).unwrap().is_err());
        let added = append(&connection, &other, Action::SignedOut, &Entry::default(), 0);
        assert!(matches!(added, Err(StoreError::Tampered)));
    }

    #[test]
    fn nothing_in_the_log_can_be_changed_by_accident() {
        let folder = tempfile::tempdir().unwrap();
        let connection = store::open_file(folder.path()).unwrap();
        append(&connection, &key(), Action::Started, &Entry::default(), 0).unwrap();
        assert!(connection.execute("UPDATE audit SET what = ''", []).is_err());
        assert!(connection.execute("DELETE FROM audit", []).is_err());
    }
}
