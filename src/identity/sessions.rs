//! Sessions: a random token in the browser, its hash here. Ended by leaving it idle, by age, by signing out, and at once
//! when the person is kept out or has another role.

use std::fmt;

use rusqlite::{Connection, OptionalExtension as _, params};
use sha2::{Digest as _, Sha256};

use super::people::{self, Person};
use super::{Seconds, StoreError, random};
use crate::config::{from_hex, to_hex};
use crate::domain::Role;

/// A session left alone this long has ended.
pub(super) const IDLE: Seconds = 30 * 60;

/// No session lasts longer, used or not.
pub(super) const LONGEST: Seconds = 10 * 60 * 60;

/// Use is noted at most this often, so that a page costs no more than its own record.
const NOTED_EVERY: Seconds = 30;

/// Sessions a person may have at once; the oldest gives way.
const MOST_PER_PERSON: i64 = 10;

/// What a browser holds: 256 random bits. Only its hash is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct Token([u8; 32]);

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(withheld)")
    }
}

impl Token {
    /// From what a cookie holds; none where it cannot be a token.
    pub fn parse(text: &str) -> Option<Self> {
        from_hex(text).map(Self)
    }

    /// For a cookie: 64 hexadecimal digits.
    pub fn to_cookie(&self) -> String {
        to_hex(&self.0)
    }

    fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0).into()
    }
}

/// A new session, with a token of its own.
pub(super) fn begin(connection: &Connection, person: &Person, now: Seconds) -> Result<Token, StoreError> {
    connection.execute("DELETE FROM sessions WHERE seen_at <= ?1 OR began_at <= ?2", [now - IDLE, now - LONGEST])?;
    connection.execute(
        "DELETE FROM sessions WHERE person = ?1 AND token_hash NOT IN
            (SELECT token_hash FROM sessions WHERE person = ?1 ORDER BY began_at DESC, seen_at DESC LIMIT ?2)",
        params![person.id, MOST_PER_PERSON - 1],
    )?;
    let token = Token(random::bytes()?);
    connection.execute(
        "INSERT INTO sessions (token_hash, person, role, began_at, seen_at) VALUES (?1, ?2, ?3, ?4, ?4)",
        params![token.hash(), person.id, person.role.as_str(), now],
    )?;
    Ok(token)
}

/// Whose session it is, where it has not ended.
pub(super) fn find(connection: &Connection, token: &Token, now: Seconds) -> Result<Option<Person>, StoreError> {
    let hash = token.hash();
    let found: Option<(i64, String, Seconds, Seconds)> = connection
        .prepare_cached("SELECT person, role, began_at, seen_at FROM sessions WHERE token_hash = ?1")?
        .query_row([hash], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
        .optional()?;
    let Some((id, role, began_at, seen_at)) = found else {
        return Ok(None);
    };
    let lasts = now < began_at + LONGEST && now < seen_at + IDLE;
    let person = people::by_id(connection, id)?
        .filter(|person| lasts && !person.disabled && Role::parse(&role) == Some(person.role));
    if person.is_none() {
        end(connection, token)?;
    } else if now >= seen_at + NOTED_EVERY {
        connection
            .prepare_cached("UPDATE sessions SET seen_at = ?2 WHERE token_hash = ?1")?
            .execute(params![hash, now])?;
    }
    Ok(person)
}

pub(super) fn end(connection: &Connection, token: &Token) -> Result<(), StoreError> {
    connection.execute("DELETE FROM sessions WHERE token_hash = ?1", [token.hash()])?;
    Ok(())
}

pub(super) fn end_all(connection: &Connection, person: i64) -> Result<(), StoreError> {
    connection.execute("DELETE FROM sessions WHERE person = ?1", [person])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::store;

    fn with_a_person() -> (tempfile::TempDir, Connection, Person) {
        let folder = tempfile::tempdir().unwrap();
        let connection = store::open_file(folder.path()).unwrap();
        let id = people::add(&connection, "amina", Role::Analyst, "hash", b"secret", 0).unwrap();
        let person = people::by_id(&connection, id).unwrap().unwrap();
        (folder, connection, person)
    }

    #[test]
    fn a_session_ends_after_half_an_hour_alone() {
        let (_folder, connection, person) = with_a_person();
        let token = begin(&connection, &person, 1000).unwrap();
        assert!(find(&connection, &token, 1000 + IDLE - 1).unwrap().is_some());
        assert!(find(&connection, &token, 1000 + IDLE - 1 + IDLE).unwrap().is_none());
        assert!(find(&connection, &token, 1000).unwrap().is_none(), "ended for good");
    }

    #[test]
    fn a_session_ends_after_ten_hours_however_busy() {
        let (_folder, connection, person) = with_a_person();
        let token = begin(&connection, &person, 0).unwrap();
        let mut now = 0;
        while now + 600 < LONGEST {
            now += 600;
            assert!(find(&connection, &token, now).unwrap().is_some(), "{now}");
        }
        assert!(find(&connection, &token, LONGEST).unwrap().is_none());
    }

    #[test]
    fn keeping_out_and_another_role_end_every_session_at_once() {
        let (_folder, connection, person) = with_a_person();
        let one = begin(&connection, &person, 0).unwrap();
        people::set_disabled(&connection, person.id, true).unwrap();
        assert!(find(&connection, &one, 1).unwrap().is_none());
        people::set_disabled(&connection, person.id, false).unwrap();
        let two = begin(&connection, &person, 2).unwrap();
        people::set_role(&connection, person.id, Role::Board).unwrap();
        assert!(find(&connection, &two, 3).unwrap().is_none());
    }

    #[test]
    fn a_role_changed_behind_its_back_ends_a_session_too() {
        let (_folder, connection, person) = with_a_person();
        let token = begin(&connection, &person, 0).unwrap();
        connection.execute("UPDATE people SET role = 'admin'", []).unwrap();
        assert!(find(&connection, &token, 1).unwrap().is_none());
    }

    #[test]
    fn the_token_itself_is_nowhere_in_the_database() {
        let (folder, connection, person) = with_a_person();
        let token = begin(&connection, &person, 0).unwrap();
        drop(connection);
        for file in std::fs::read_dir(folder.path()).unwrap().flatten() {
            let bytes = std::fs::read(file.path()).unwrap();
            assert!(!bytes.windows(32).any(|window| window == token.0));
            let text = token.to_cookie();
            assert!(!bytes.windows(64).any(|window| window == text.as_bytes()));
        }
    }

    #[test]
    fn the_eleventh_session_takes_the_place_of_the_first() {
        let (_folder, connection, person) = with_a_person();
        let tokens: Vec<Token> = (0..11).map(|at| begin(&connection, &person, at).unwrap()).collect();
        let lives: Vec<bool> = tokens.iter().map(|token| find(&connection, token, 20).unwrap().is_some()).collect();
        assert_eq!(lives.iter().filter(|lives| **lives).count(), 10);
        assert!(!lives[0]);
    }
}
