//! The database of accounts, sessions, tries and the audit log. One thread owns it; what arrives while it works is
//! committed together, so that each answer waits for its own record to be on disk and a hundred at once cost one write.

use std::path::{Path, PathBuf};
use std::sync::mpsc;

use rusqlite::{Connection, TransactionBehavior};

/// The file's name in the identity folder.
const FILE: &str = "identity.sqlite";

/// Jobs waiting at most; beyond this a request is turned away.
const MOST_WAITING: usize = 4096;

/// Jobs committed together at most.
const MOST_AT_ONCE: usize = 256;

/// Each brings a database from its place in this list to the next. Never changed once released; only added to.
const MIGRATIONS: [&str; 1] = ["
    CREATE TABLE people (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        issuer TEXT,
        subject TEXT,
        role TEXT NOT NULL,
        password_hash TEXT,
        totp_secret BLOB,
        totp_step INTEGER NOT NULL DEFAULT 0,
        disabled INTEGER NOT NULL DEFAULT 0,
        added_at INTEGER NOT NULL,
        signed_in_at INTEGER,
        UNIQUE (issuer, subject)
    ) STRICT;
    CREATE UNIQUE INDEX local_names ON people (name) WHERE issuer IS NULL;
    CREATE TABLE sessions (
        token_hash BLOB PRIMARY KEY,
        person INTEGER NOT NULL REFERENCES people (id),
        role TEXT NOT NULL,
        began_at INTEGER NOT NULL,
        seen_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX sessions_of_person ON sessions (person);
    CREATE TABLE tries (
        id INTEGER PRIMARY KEY,
        bucket TEXT NOT NULL,
        at INTEGER NOT NULL,
        refused INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE INDEX tries_of_bucket ON tries (bucket, at);
    CREATE INDEX tries_by_age ON tries (at);
    CREATE TABLE known_addresses (
        person INTEGER NOT NULL REFERENCES people (id),
        address TEXT NOT NULL,
        at INTEGER NOT NULL,
        PRIMARY KEY (person, address)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE used_attempts (
        state_hash BLOB PRIMARY KEY,
        at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE audit (
        seq INTEGER PRIMARY KEY,
        at INTEGER NOT NULL,
        actor TEXT NOT NULL,
        role TEXT NOT NULL,
        action TEXT NOT NULL,
        what TEXT NOT NULL,
        edition TEXT NOT NULL,
        release TEXT NOT NULL,
        address TEXT NOT NULL,
        mac BLOB NOT NULL
    ) STRICT;
    CREATE TABLE audit_head (
        only INTEGER PRIMARY KEY CHECK (only = 1),
        seq INTEGER NOT NULL,
        mac BLOB NOT NULL,
        seal BLOB NOT NULL
    ) STRICT;
    CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
    CREATE TRIGGER audit_is_never_cut BEFORE DELETE ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
"];

/// Why the store could not do as asked. Says nothing of what is in it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database.
    #[error("the identity database: {0}")]
    Database(#[from] rusqlite::Error),
    /// A file or folder.
    #[error("the identity folder: {0}")]
    File(#[from] std::io::Error),
    /// Written by a later version.
    #[error("the identity database has layout {found}; this version of Sightline knows {known}")]
    Later {
        /// As found.
        found: i64,
        /// The latest this program knows.
        known: usize,
    },
    /// The thread has ended, or too much waits for it.
    #[error("the identity database takes no more work just now")]
    Busy,
    /// The record could not be put on disk, so what depends on it did not happen.
    #[error("the identity database could not keep what was written")]
    NotKept,
    /// The system gave no random bytes.
    #[error("the system gave no random bytes")]
    NoRandomness,
    /// Sealed with another key, or damaged.
    #[error("a stored secret cannot be opened with this identity key")]
    Unreadable,
    /// The audit log's head is not what this key sealed: nothing may be added to it.
    #[error("the audit log was tampered with or has another key: run `sightline audit verify`")]
    Tampered,
}

/// Where the database of an identity folder is.
pub fn file_of(folder: &Path) -> PathBuf {
    folder.join(FILE)
}

/// Opens the database of an identity folder, made and migrated where needed, readable by its owner alone.
pub fn open_file(folder: &Path) -> Result<Connection, StoreError> {
    make_private(folder)?;
    let mut connection = Connection::open(file_of(folder))?;
    only_owner(&file_of(folder), 0o600)?;
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    migrate(&mut connection)?;
    Ok(connection)
}

fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    let work = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found: i64 = work.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let done = usize::try_from(found).unwrap_or(usize::MAX);
    let Some(ahead) = MIGRATIONS.get(done..) else {
        return Err(StoreError::Later { found, known: MIGRATIONS.len() });
    };
    for step in ahead {
        work.execute_batch(step)?;
    }
    work.pragma_update(None, "user_version", i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX))?;
    work.commit()?;
    Ok(())
}

fn make_private(folder: &Path) -> Result<(), StoreError> {
    if !folder.is_dir() {
        std::fs::create_dir_all(folder)?;
        only_owner(folder, 0o700)?;
    }
    Ok(())
}

fn only_owner(path: &Path, mode: u32) -> Result<(), StoreError> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode))?;
    }
    #[cfg(not(unix))]
    let _ = (path, mode);
    Ok(())
}

type Tell = Box<dyn FnOnce(bool) + Send>;
type Job = Box<dyn FnOnce(&Connection) -> Tell + Send>;

/// A handle on the thread that owns the database.
#[derive(Clone, Debug)]
pub struct Store {
    jobs: mpsc::SyncSender<Job>,
}

impl Store {
    /// Opens the database of an identity folder and starts its thread, which ends when the last handle is dropped.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        let connection = open_file(folder)?;
        let (jobs, waiting) = mpsc::sync_channel(MOST_WAITING);
        std::thread::Builder::new().name("identity".into()).spawn(move || work(connection, &waiting))?;
        Ok(Self { jobs })
    }

    /// Does all of `work` or none of it, and answers once it is on disk.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (told, answer) = tokio::sync::oneshot::channel();
        let job: Job = Box::new(move |connection| {
            let done = whole_or_none(connection, work);
            Box::new(move |kept| {
                // Whoever asked may have gone away; the record stays.
                let _ = told.send(if kept { done } else { Err(StoreError::NotKept) });
            })
        });
        self.jobs.try_send(job).map_err(|_| StoreError::Busy)?;
        answer.await.map_err(|_| StoreError::NotKept)?
    }
}

fn whole_or_none<T>(
    connection: &Connection,
    work: impl FnOnce(&Connection) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    connection.execute_batch("SAVEPOINT job")?;
    let done = work(connection);
    let end = if done.is_ok() { "RELEASE job" } else { "ROLLBACK TO job; RELEASE job" };
    connection.execute_batch(end)?;
    done
}

fn work(mut connection: Connection, waiting: &mpsc::Receiver<Job>) {
    while let Ok(first) = waiting.recv() {
        let batch = std::iter::once(first).chain(waiting.try_iter().take(MOST_AT_ONCE - 1));
        match connection.transaction_with_behavior(TransactionBehavior::Immediate) {
            Ok(transaction) => {
                let tells: Vec<Tell> = batch.map(|job| job(&transaction)).collect();
                let kept = transaction.commit();
                if let Err(error) = &kept {
                    tracing::error!(%error, "the identity database could not keep a record");
                }
                for tell in tells {
                    tell(kept.is_ok());
                }
            }
            // Dropping the jobs tells whoever waits that nothing was kept.
            Err(error) => {
                tracing::error!(%error, "the identity database cannot be written");
                drop(batch.collect::<Vec<_>>());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_job_that_fails_takes_only_its_own_work_with_it() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();
        let add = |name: &'static str, fail: bool| {
            store.run(move |connection| {
                connection.execute("INSERT INTO tries (bucket, at) VALUES (?1, 0)", [name])?;
                if fail { Err(StoreError::Unreadable) } else { Ok(()) }
            })
        };
        let (a, b, c) = tokio::join!(add("a", false), add("b", true), add("c", false));
        assert!(a.is_ok() && b.is_err() && c.is_ok());
        let kept = store
            .run(|connection| {
                let names: String =
                    connection.query_row("SELECT group_concat(bucket) FROM tries", [], |row| row.get(0))?;
                Ok(names)
            })
            .await
            .unwrap();
        assert_eq!(kept, "a,c");
    }

    #[test]
    fn a_database_is_migrated_once_and_a_later_one_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        drop(open_file(folder.path()).unwrap());
        let connection = open_file(folder.path()).unwrap();
        connection.pragma_update(None, "user_version", 99).unwrap();
        drop(connection);
        assert!(matches!(open_file(folder.path()), Err(StoreError::Later { .. })));
    }

    #[cfg(unix)]
    #[test]
    fn the_database_is_its_owners_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let inside = folder.path().join("identity");
        drop(open_file(&inside).unwrap());
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&inside), mode(&file_of(&inside))), (0o700, 0o600));
    }
}
