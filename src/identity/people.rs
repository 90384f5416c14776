//! Those who may come in: local accounts, and people the provider vouched for, known by issuer and subject alone.

use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::{Seconds, StoreError};
use crate::domain::Role;

/// One person, without anything secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Its number, never given twice.
    pub id: i64,
    /// What they are called here; not what identifies them.
    pub name: String,
    /// The provider that vouched; none for a local account.
    pub issuer: Option<String>,
    /// What they may see.
    pub role: Role,
    /// May not come in.
    pub disabled: bool,
    /// When they last came in.
    pub signed_in_at: Option<Seconds>,
}

impl Person {
    /// For the audit log: the number, which stays, and the name as it is now.
    pub fn actor(&self) -> String {
        format!("#{} {}", self.id, self.name)
    }
}

/// What a local account needs to prove.
#[derive(Clone)]
pub(super) struct Credentials {
    pub(super) password_hash: String,
    pub(super) totp_secret: Vec<u8>,
}

const COLUMNS: &str = "id, name, issuer, role, disabled, signed_in_at";

fn person(row: &Row<'_>) -> rusqlite::Result<Person> {
    let role: String = row.get(3)?;
    Ok(Person {
        id: row.get(0)?,
        name: row.get(1)?,
        issuer: row.get(2)?,
        role: Role::parse(&role).ok_or_else(|| rusqlite::Error::InvalidColumnName("role".into()))?,
        disabled: row.get(4)?,
        signed_in_at: row.get(5)?,
    })
}

/// Everyone, by number.
pub fn list(connection: &Connection) -> Result<Vec<Person>, StoreError> {
    let mut query = connection.prepare_cached(&format!("SELECT {COLUMNS} FROM people ORDER BY id"))?;
    let people = query.query_map([], person)?.collect::<Result<_, _>>()?;
    Ok(people)
}

/// The person of that number (`7` or `#7`), or the local account of that name.
pub fn find(connection: &Connection, name_or_number: &str) -> Result<Option<Person>, StoreError> {
    match name_or_number.trim_start_matches('#').parse::<i64>() {
        Ok(id) => by_id(connection, id),
        Err(_) => by_name(connection, name_or_number),
    }
}

/// The person of that number.
pub fn by_id(connection: &Connection, id: i64) -> Result<Option<Person>, StoreError> {
    let mut query = connection.prepare_cached(&format!("SELECT {COLUMNS} FROM people WHERE id = ?1"))?;
    Ok(query.query_row([id], person).optional()?)
}

/// The local account of that name.
pub fn by_name(connection: &Connection, name: &str) -> Result<Option<Person>, StoreError> {
    let mut query =
        connection.prepare_cached(&format!("SELECT {COLUMNS} FROM people WHERE name = ?1 AND issuer IS NULL"))?;
    Ok(query.query_row([name], person).optional()?)
}

/// A new local account.
pub fn add(
    connection: &Connection,
    name: &str,
    role: Role,
    password_hash: &str,
    sealed_totp_secret: &[u8],
    now: Seconds,
) -> Result<i64, StoreError> {
    connection.execute(
        "INSERT INTO people (name, role, password_hash, totp_secret, added_at) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![name, role.as_str(), password_hash, sealed_totp_secret, now],
    )?;
    Ok(connection.last_insert_rowid())
}

/// A local account's new password and second factor; every session it has ends.
pub fn reset(
    connection: &Connection,
    id: i64,
    password_hash: &str,
    sealed_totp_secret: &[u8],
) -> Result<(), StoreError> {
    connection.execute(
        "UPDATE people SET password_hash = ?2, totp_secret = ?3, totp_step = 0 WHERE id = ?1",
        params![id, password_hash, sealed_totp_secret],
    )?;
    super::sessions::end_all(connection, id)
}

/// Lets a person in again, or keeps them out from the next request on.
pub fn set_disabled(connection: &Connection, id: i64, disabled: bool) -> Result<(), StoreError> {
    connection.execute("UPDATE people SET disabled = ?2 WHERE id = ?1", params![id, disabled])?;
    super::sessions::end_all(connection, id)
}

/// Another role; every session of the old one ends.
pub fn set_role(connection: &Connection, id: i64, role: Role) -> Result<(), StoreError> {
    connection.execute("UPDATE people SET role = ?2 WHERE id = ?1", params![id, role.as_str()])?;
    super::sessions::end_all(connection, id)
}

pub(super) fn credentials(connection: &Connection, id: i64) -> Result<Option<Credentials>, StoreError> {
    let found = connection
        .prepare_cached("SELECT password_hash, totp_secret FROM people WHERE id = ?1 AND password_hash IS NOT NULL")?
        .query_row([id], |row| Ok(Credentials { password_hash: row.get(0)?, totp_secret: row.get(1)? }))
        .optional()?;
    Ok(found)
}

/// Takes a step of the second factor; false where it, or a later one, was taken before.
pub(super) fn take_totp_step(connection: &Connection, id: i64, step: u64) -> Result<bool, StoreError> {
    let step = i64::try_from(step).unwrap_or(i64::MAX);
    let changed =
        connection.execute("UPDATE people SET totp_step = ?2 WHERE id = ?1 AND totp_step < ?2", params![id, step])?;
    Ok(changed == 1)
}

pub(super) fn came_in(connection: &Connection, id: i64, address: &str, now: Seconds) -> Result<(), StoreError> {
    connection.execute("UPDATE people SET signed_in_at = ?2 WHERE id = ?1", params![id, now])?;
    connection.execute(
        "INSERT INTO known_addresses (person, address, at) VALUES (?1, ?2, ?3)
         ON CONFLICT (person, address) DO UPDATE SET at = ?3",
        params![id, address, now],
    )?;
    connection.execute("DELETE FROM known_addresses WHERE at < ?1", [now - KNOWN_FOR])?;
    Ok(())
}

/// How long an address counts as one a person comes from: 30 days.
const KNOWN_FOR: Seconds = 30 * 24 * 60 * 60;

/// True where the person has come in from this address lately.
pub(super) fn comes_from(connection: &Connection, id: i64, address: &str, now: Seconds) -> Result<bool, StoreError> {
    let known = connection
        .prepare_cached("SELECT 1 FROM known_addresses WHERE person = ?1 AND address = ?2 AND at >= ?3")?
        .exists(params![id, address, now - KNOWN_FOR])?;
    Ok(known)
}

/// The person an issuer vouches for, added where new, with the role its groups give now.
pub(super) fn vouched_for(
    connection: &Connection,
    issuer: &str,
    subject: &str,
    name: &str,
    role: Role,
    now: Seconds,
) -> Result<Person, StoreError> {
    connection.execute(
        "INSERT INTO people (name, issuer, subject, role, added_at) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (issuer, subject) DO UPDATE SET name = ?1, role = ?4",
        params![name, issuer, subject, role.as_str(), now],
    )?;
    let found = connection.query_row(
        &format!("SELECT {COLUMNS} FROM people WHERE issuer = ?1 AND subject = ?2"),
        [issuer, subject],
        person,
    )?;
    Ok(found)
}

/// What is wrong with a name for a local account; none where nothing is.
pub fn name_fault(name: &str) -> Option<&'static str> {
    let fine = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-' | '_' | '@');
    if !(2..=64).contains(&name.len()) || !name.chars().all(fine) {
        Some("a name has 2 to 64 small letters, digits, dots, hyphens, underscores or @")
    } else if name.chars().all(|c| c.is_ascii_digit()) {
        Some("a name of digits alone would be taken for a number")
    } else {
        None
    }
}
