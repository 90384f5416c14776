//! The one thing the pages ask: may whoever holds this token see this? And the ways in and out.
//!
//! A page is shown only once its line in the audit log is on disk.

use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;

use rusqlite::Connection;
use tokio::sync::Semaphore;
use url::Url;

use super::audit::{self, Action, AuditKey, Entry, Head, Kept};
use super::oidc::{OidcRefusal, Provider};
use super::passwords::Hasher;
use super::people::{self, Person};
pub use super::sessions::Token;
use super::throttle::{self, Try};
use super::totp::TotpSecret;
use super::{Attempt, IdentityKey, Needs, Seconds, Store, StoreError, sessions, shared_key_of};
use crate::config::{IdentitySettings, Network, to_hex};

/// Passwords hashed at once: each takes 46 MiB and a core.
const HASHED_AT_ONCE: usize = 2;

/// Sign-ins waiting for their turn to be hashed; beyond this they are turned away, so that a flood costs no memory.
const WAITING_AT_MOST: usize = 32;

/// Why nobody was let in just now.
#[derive(Debug, thiserror::Error)]
pub enum DoorError {
    /// Name, password or code: which, is not said.
    #[error("the name, password or code is not right")]
    NotRight,
    /// Too many tries.
    #[error("too many tries")]
    TooMany {
        /// Seconds until another counts.
        wait: Seconds,
    },
    /// Too much at once.
    #[error("too many sign-ins at once")]
    Busy,
    /// The provider's way in.
    #[error("{0}")]
    Provider(#[from] OidcRefusal),
    /// What must be on disk is not.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// What is being opened, for the audit log.
#[derive(Clone, Debug)]
pub struct Opened {
    /// A page, an export or a pack.
    pub action: Action,
    /// Its path.
    pub what: String,
    /// `board` or `restricted`; empty for neither.
    pub edition: &'static str,
    /// The release; empty for none.
    pub release: String,
}

/// May they?
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Admission {
    /// Yes, and it is on record.
    Admitted(Person),
    /// Nobody is signed in.
    NotSignedIn,
    /// Somebody is, and their role does not allow it; that is on record too.
    NotPermitted(Person),
}

/// What a local account proves itself with.
pub struct SignIn {
    /// The account's name.
    pub name: String,
    /// Its password.
    pub password: String,
    /// The six digits of the second factor.
    pub code: String,
}

/// Somebody who came in.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Who.
    pub person: Person,
    /// For their browser.
    pub token: Token,
}

/// The door of one server.
#[derive(Debug)]
pub struct Door {
    store: Store,
    key: IdentityKey,
    audit_key: AuditKey,
    hasher: Hasher,
    hashing: Arc<Semaphore>,
    waiting: Semaphore,
    provider: Option<Provider>,
    proxies: Vec<Network>,
    base_url: Url,
}

impl std::fmt::Debug for AuditKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AuditKey(withheld)")
    }
}

impl Door {
    /// Opens the identity folder. `provider` is none where there are only local accounts.
    pub fn open(
        settings: &IdentitySettings,
        folder: &Path,
        key: IdentityKey,
        hasher: Hasher,
        provider: Option<Provider>,
    ) -> Result<Self, StoreError> {
        Ok(Self {
            store: Store::open(folder)?,
            audit_key: AuditKey::of(&key),
            key,
            hasher,
            hashing: Arc::new(Semaphore::new(HASHED_AT_ONCE)),
            waiting: Semaphore::new(HASHED_AT_ONCE + WAITING_AT_MOST),
            provider,
            proxies: settings.proxies.clone(),
            base_url: settings.base_url.clone(),
        })
    }

    /// Where people reach the server.
    pub fn base_url(&self) -> &Url {
        &self.base_url
    }

    /// Proxies whose headers are believed.
    pub fn proxies(&self) -> &[Network] {
        &self.proxies
    }

    /// True where people can come in through a provider.
    pub fn has_provider(&self) -> bool {
        self.provider.is_some()
    }

    /// May the holder of `token` have what `needs` says? What is opened, or refused, is on record when this answers.
    pub async fn admit(
        &self,
        token: Option<Token>,
        needs: Needs,
        opened: Option<Opened>,
        now: Seconds,
    ) -> Result<Admission, StoreError> {
        let Some(token) = token else {
            return Ok(Admission::NotSignedIn);
        };
        let key = self.audit_key.clone();
        self.store
            .run(move |connection| {
                let Some(person) = sessions::find(connection, &token, now)? else {
                    return Ok(Admission::NotSignedIn);
                };
                let allowed = needs.allows(person.role);
                if let Some(opened) = opened {
                    let action = if allowed { opened.action } else { Action::Refused };
                    let entry = Entry {
                        actor: person.actor(),
                        role: person.role.to_string(),
                        what: opened.what,
                        edition: opened.edition.to_owned(),
                        release: opened.release,
                        address: String::new(),
                    };
                    audit::append(connection, &key, action, &entry, now)?;
                }
                Ok(if allowed { Admission::Admitted(person) } else { Admission::NotPermitted(person) })
            })
            .await
    }

    /// A local account comes in. `old` is the session the browser had, which ends.
    pub async fn sign_in(
        &self,
        given: SignIn,
        address: IpAddr,
        old: Option<Token>,
        now: Seconds,
    ) -> Result<SignedIn, DoorError> {
        let _waiting = self.waiting.try_acquire().map_err(|_| DoorError::Busy)?;
        let address = shared_key_of(address);
        let (name, from, key, secret) =
            (given.name.clone(), address.clone(), self.audit_key.clone(), self.key.derived("tries"));
        let begun = self.store.run(move |connection| begun(connection, &key, &secret, &name, &from, now)).await?;
        let (account, counted) = match begun {
            Begun::Counted { account, counted } => (account, counted),
            Begun::Refused { wait } => return Err(DoorError::TooMany { wait }),
        };
        let hash = account.as_ref().map(|(_, credentials)| credentials.password_hash.clone());
        let password_right = self.password_right(given.password, hash).await?;
        let (identity_key, audit_key) = (self.key.clone(), self.audit_key.clone());
        let done = self
            .store
            .run(move |connection| {
                let proven = match account {
                    Some((person, credentials)) if password_right => {
                        // As it is now: the account may have been kept out since.
                        let secret = TotpSecret::unsealed(&credentials.totp_secret, &identity_key)?;
                        match (people::by_id(connection, person.id)?, secret.step_of(&given.code, now)) {
                            (Some(person), Some(step))
                                if !person.disabled && people::take_totp_step(connection, person.id, step)? =>
                            {
                                Ok(person)
                            }
                            _ => Err(Some(person)),
                        }
                    }
                    Some((person, _)) => Err(Some(person)),
                    None => Err(None),
                };
                match proven {
                    Ok(person) => {
                        throttle::forget(connection, &counted)?;
                        come_in(connection, &audit_key, person, &address, old.as_ref(), now).map(Some)
                    }
                    Err(whose) => {
                        let entry = Entry {
                            // A name nobody has may be a password typed into the wrong box: it is not written down.
                            actor: whose.map_or_else(|| "no such account".to_owned(), |person| person.actor()),
                            address,
                            ..Entry::default()
                        };
                        audit::append(connection, &audit_key, Action::SignInFailed, &entry, now)?;
                        Ok(None)
                    }
                }
            })
            .await?;
        done.ok_or(DoorError::NotRight)
    }

    async fn password_right(&self, password: String, hash: Option<String>) -> Result<bool, DoorError> {
        let permit = Arc::clone(&self.hashing).acquire_owned().await.map_err(|_| DoorError::Busy)?;
        let hasher = self.hasher.clone();
        tokio::task::spawn_blocking(move || {
            let _permit = permit;
            hasher.matches(&password, hash.as_deref())
        })
        .await
        .map_err(|_| DoorError::Busy)
    }

    /// Begins a sign-in through the provider: where the browser goes, and the cookie it takes along.
    pub async fn begin(&self, to: &str, now: Seconds) -> Result<(Url, String), DoorError> {
        let provider = self.provider.as_ref().ok_or(OidcRefusal::Unreachable)?;
        let attempt = Attempt::new(to, now)?;
        let address = provider.address(&attempt, &self.key, now).await?;
        Ok((address, attempt.to_cookie(&self.key)))
    }

    /// Ends it: whoever the provider vouches for comes in, and goes on to the page the attempt was for.
    pub async fn finish(
        &self,
        cookie: &str,
        state: &str,
        code: Option<&str>,
        address: IpAddr,
        old: Option<Token>,
        now: Seconds,
    ) -> Result<(SignedIn, String), DoorError> {
        let provider = self.provider.as_ref().ok_or(OidcRefusal::Unreachable)?;
        let attempt = Attempt::from_cookie(cookie, &self.key, now).ok_or(OidcRefusal::NotBegunHere)?;
        if !super::attempt::same(attempt.state(&self.key).as_bytes(), state.as_bytes()) {
            return Err(OidcRefusal::NotBegunHere.into());
        }
        let address = shared_key_of(address);
        let (key, from, state) = (self.audit_key.clone(), address.clone(), state.to_owned());
        let counted = match self.store.run(move |connection| first_use(connection, &key, &state, &from, now)).await? {
            FirstUse::Counted(counted) => counted,
            FirstUse::UsedBefore => return Err(OidcRefusal::NotBegunHere.into()),
            FirstUse::Refused { wait } => return Err(DoorError::TooMany { wait }),
        };
        let code = code.ok_or(OidcRefusal::Denied)?;
        let vouched = provider.vouched(code, &attempt, &self.key, now).await;
        let key = self.audit_key.clone();
        let done = self
            .store
            .run(move |connection| {
                let refusal = match vouched {
                    Ok(who) => {
                        let person =
                            people::vouched_for(connection, &who.issuer, &who.subject, &who.name, who.role, now)?;
                        if !person.disabled {
                            throttle::forget(connection, &counted)?;
                            return come_in(connection, &key, person, &address, old.as_ref(), now).map(Ok);
                        }
                        DoorError::NotRight
                    }
                    Err(refusal) => refusal.into(),
                };
                let entry = Entry { actor: "through the provider".into(), address, ..Entry::default() };
                audit::append(connection, &key, Action::SignInFailed, &entry, now)?;
                Ok(Err(refusal))
            })
            .await?;
        Ok((done?, attempt.to().to_owned()))
    }

    /// Ends a session.
    pub async fn sign_out(&self, token: Token, now: Seconds) -> Result<(), StoreError> {
        let key = self.audit_key.clone();
        self.store
            .run(move |connection| {
                if let Some(person) = sessions::find(connection, &token, now)? {
                    sessions::end(connection, &token)?;
                    record(connection, &key, Action::SignedOut, &person, "", now)?;
                }
                Ok(())
            })
            .await
    }

    /// Everyone who has an account or has come in.
    pub async fn people(&self) -> Result<Vec<Person>, StoreError> {
        self.store.run(people::list).await
    }

    /// The last lines of the audit log, newest first.
    pub async fn latest(&self, most: usize) -> Result<Vec<Kept>, StoreError> {
        self.store.run(move |connection| audit::latest(connection, most)).await
    }

    /// Keeps somebody out from now on, or lets them in again; on record under `by`. False where there is nobody.
    pub async fn set_disabled(&self, id: i64, disabled: bool, by: Person, now: Seconds) -> Result<bool, StoreError> {
        let key = self.audit_key.clone();
        self.store
            .run(move |connection| {
                let Some(whose) = people::by_id(connection, id)? else {
                    return Ok(false);
                };
                people::set_disabled(connection, id, disabled)?;
                let action = if disabled { Action::AccountDisabled } else { Action::AccountEnabled };
                record(connection, &key, action, &by, &whose.actor(), now)?;
                Ok(true)
            })
            .await
    }

    /// Writes down that the server began, and returns the log's head.
    pub async fn started(&self, now: Seconds) -> Result<Head, StoreError> {
        let key = self.audit_key.clone();
        self.store
            .run(move |connection| {
                let entry = Entry { actor: "server".into(), ..Entry::default() };
                audit::append(connection, &key, Action::Started, &entry, now)?;
                audit::head(connection, &key)
            })
            .await
    }

    /// The audit log's head, to be written out elsewhere.
    pub async fn head(&self) -> Result<Head, StoreError> {
        let key = self.audit_key.clone();
        self.store.run(move |connection| audit::head(connection, &key)).await
    }
}

enum Begun {
    Counted { account: Option<(Person, people::Credentials)>, counted: Vec<i64> },
    Refused { wait: Seconds },
}

/// Counts a try for the account and for the address, and finds the account. Where the account is known to come from that
/// address, tries from elsewhere do not count against it, so that no outsider can keep its owner out.
fn begun(
    connection: &Connection,
    key: &AuditKey,
    secret: &[u8; 32],
    name: &str,
    address: &str,
    now: Seconds,
) -> Result<Begun, StoreError> {
    let account = match people::by_name(connection, name)? {
        Some(person) => people::credentials(connection, person.id)?.map(|credentials| (person, credentials)),
        None => None,
    };
    let at_home = match &account {
        Some((person, _)) => people::comes_from(connection, person.id, address, now)?,
        None => false,
    };
    let whose = to_hex(&super::key::mac(secret, &[name.as_bytes()]));
    let account_bucket = if at_home { format!("account {whose} {address}") } else { format!("account {whose}") };
    let address_bucket = format!("address {address}");
    let buckets = [(account_bucket.as_str(), throttle::MOST_TRIES), (address_bucket.as_str(), throttle::MOST_TRIES)];
    match throttle::count(connection, &buckets, now)? {
        Try::Allowed(counted) => Ok(Begun::Counted { account, counted }),
        Try::Refused { wait, first } => {
            if first {
                throttled(connection, key, account.as_ref().map(|(person, _)| person), address, now)?;
            }
            Ok(Begun::Refused { wait })
        }
    }
}

enum FirstUse {
    Counted(Vec<i64>),
    UsedBefore,
    Refused { wait: Seconds },
}

/// Marks an attempt as used and counts it.
fn first_use(
    connection: &Connection,
    key: &AuditKey,
    state: &str,
    address: &str,
    now: Seconds,
) -> Result<FirstUse, StoreError> {
    let bucket = format!("provider {address}");
    let counted = match throttle::count(connection, &[(&bucket, throttle::MOST_THROUGH_PROVIDER)], now)? {
        Try::Allowed(counted) => counted,
        Try::Refused { wait, first } => {
            if first {
                throttled(connection, key, None, address, now)?;
            }
            return Ok(FirstUse::Refused { wait });
        }
    };
    connection.execute("DELETE FROM used_attempts WHERE at < ?1", [now - 60 * 60])?;
    let hash = super::key::mac(&[0; 32], &[state.as_bytes()]);
    let new = connection.execute(
        "INSERT OR IGNORE INTO used_attempts (state_hash, at) VALUES (?1, ?2)",
        rusqlite::params![hash, now],
    )?;
    Ok(if new == 1 { FirstUse::Counted(counted) } else { FirstUse::UsedBefore })
}

fn throttled(
    connection: &Connection,
    key: &AuditKey,
    whose: Option<&Person>,
    address: &str,
    now: Seconds,
) -> Result<(), StoreError> {
    let entry = Entry {
        actor: whose.map_or_else(|| "no such account".to_owned(), Person::actor),
        address: address.to_owned(),
        ..Entry::default()
    };
    audit::append(connection, key, Action::SignInThrottled, &entry, now)
}

fn come_in(
    connection: &Connection,
    key: &AuditKey,
    person: Person,
    address: &str,
    old: Option<&Token>,
    now: Seconds,
) -> Result<SignedIn, StoreError> {
    if let Some(old) = old {
        sessions::end(connection, old)?;
    }
    let token = sessions::begin(connection, &person, now)?;
    people::came_in(connection, person.id, address, now)?;
    let entry =
        Entry { actor: person.actor(), role: person.role.to_string(), address: address.to_owned(), ..Entry::default() };
    audit::append(connection, key, Action::SignedIn, &entry, now)?;
    Ok(SignedIn { person, token })
}

fn record(
    connection: &Connection,
    key: &AuditKey,
    action: Action,
    by: &Person,
    what: &str,
    now: Seconds,
) -> Result<(), StoreError> {
    let entry = Entry { actor: by.actor(), role: by.role.to_string(), what: what.to_owned(), ..Entry::default() };
    audit::append(connection, key, action, &entry, now)
}
