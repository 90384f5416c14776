//! `user`: local accounts for when the provider cannot be used, and anybody's access. Everything done here is on record.

use std::io::{IsTerminal as _, Read as _};
use std::path::{Path, PathBuf};

use anyhow::{anyhow, bail};
use clap::{Args, Subcommand};
use rusqlite::{Connection, TransactionBehavior};
use serde_json::json;

use super::tell::Tell;
use crate::config::{Config, IdentitySettings};
use crate::domain::Role;
use crate::identity::audit::{self, Action, AuditKey, Entry};
use crate::identity::passwords::{self, Hasher};
use crate::identity::people::{self, Person};
use crate::identity::totp::TotpSecret;
use crate::identity::{IdentityKey, file_in_environment, open_file};

#[derive(Args)]
pub(super) struct Options {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// A new local account: asks for a password (or reads one line from standard input) and shows its second factor once.
    Add {
        /// What they type to sign in: small letters and digits.
        name: String,
        /// board, leader, analyst, scrutineer or admin.
        #[arg(long)]
        role: String,
    },
    /// Everyone who has an account or has signed in.
    List,
    /// Keeps somebody out from their next request on.
    Disable {
        /// The account's name, or anybody's number as `list` has it.
        who: String,
    },
    /// Lets somebody in again.
    Enable {
        /// The account's name, or anybody's number as `list` has it.
        who: String,
    },
    /// Another role for a local account; it signs in anew.
    Role {
        /// The account's name or number.
        who: String,
        /// board, leader, analyst, scrutineer or admin.
        role: String,
    },
    /// A new password and second factor for a local account.
    Reset {
        /// The account's name or number.
        who: String,
    },
}

/// The identity folder of a project, opened from the command line.
pub(super) struct Opened {
    pub(super) connection: Connection,
    pub(super) key: IdentityKey,
    pub(super) settings: IdentitySettings,
    pub(super) folder: PathBuf,
}

/// Opens it; an error with what to write where none is configured.
pub(super) fn open(project: &Path) -> anyhow::Result<Opened> {
    let settings = Config::read(project)?.identity.ok_or_else(|| {
        anyhow!("no identity is configured\nhint: write [identity] with base_url = \"https://…\" in partnership.toml")
    })?;
    let key_file = file_in_environment("SIGHTLINE_IDENTITY_KEY_FILE").or_else(|| settings.key_file.clone());
    let key = IdentityKey::of_project(key_file.as_deref(), project)?;
    let folder = project.join(&settings.folder);
    Ok(Opened { connection: open_file(&folder)?, key, settings, folder })
}

pub(super) fn run(folder: &Path, options: &Options, tell: &Tell) -> anyhow::Result<()> {
    let mut opened = open(folder)?;
    match &options.verb {
        Verb::Add { name, role } => add(&mut opened, name, role, tell),
        Verb::List => list(&opened, tell),
        Verb::Disable { who } => set_disabled(&mut opened, who, true, tell),
        Verb::Enable { who } => set_disabled(&mut opened, who, false, tell),
        Verb::Role { who, role } => set_role(&mut opened, who, role, tell),
        Verb::Reset { who } => reset(&mut opened, who, tell),
    }
}

fn add(opened: &mut Opened, name: &str, role: &str, tell: &Tell) -> anyhow::Result<()> {
    let role = role_of(role)?;
    if let Some(fault) = people::name_fault(name) {
        bail!("{fault}\nhint: such as `a.khan`");
    }
    if people::by_name(&opened.connection, name)?.is_some() {
        bail!("there is an account `{name}` already\nhint: `sightline user reset {name}` gives it a new password");
    }
    let (hash, secret) = proof(name)?;
    let sealed = secret.sealed(&opened.key)?;
    let id = recorded(opened, Action::AccountAdded, role.as_str(), |connection| {
        let id = people::add(connection, name, role, &hash, &sealed, super::now())?;
        Ok((id, format!("#{id} {name}")))
    })?;
    told_once(&format!("account {name} (number {id}, {role}) is made"), name, &secret, tell);
    Ok(())
}

fn reset(opened: &mut Opened, who: &str, tell: &Tell) -> anyhow::Result<()> {
    let person = local(opened, who)?;
    let (hash, secret) = proof(&person.name)?;
    let sealed = secret.sealed(&opened.key)?;
    recorded(opened, Action::AccountReset, "", |connection| {
        people::reset(connection, person.id, &hash, &sealed)?;
        Ok(((), person.actor()))
    })?;
    told_once(&format!("account {} has a new password and second factor", person.name), &person.name, &secret, tell);
    Ok(())
}

fn set_disabled(opened: &mut Opened, who: &str, disabled: bool, tell: &Tell) -> anyhow::Result<()> {
    let person = anybody(opened, who)?;
    let action = if disabled { Action::AccountDisabled } else { Action::AccountEnabled };
    recorded(opened, action, "", |connection| {
        people::set_disabled(connection, person.id, disabled)?;
        Ok(((), person.actor()))
    })?;
    let state = if disabled { "is kept out from now on" } else { "may come in" };
    tell.say(&format!("{} {state}", person.name), &json!({ "number": person.id, "disabled": disabled }));
    Ok(())
}

fn set_role(opened: &mut Opened, who: &str, role: &str, tell: &Tell) -> anyhow::Result<()> {
    let (role, person) = (role_of(role)?, local(opened, who)?);
    recorded(opened, Action::RoleChanged, role.as_str(), |connection| {
        people::set_role(connection, person.id, role)?;
        Ok(((), person.actor()))
    })?;
    tell.say(&format!("{} is {role} now", person.name), &json!({ "number": person.id, "role": role.as_str() }));
    Ok(())
}

fn list(opened: &Opened, tell: &Tell) -> anyhow::Result<()> {
    let everyone = people::list(&opened.connection)?;
    let mut words = format!("{:>6}  {:<32} {:<11} {:<8} {}\n", "number", "name", "role", "with", "access");
    for one in &everyone {
        let (with, access) = (with(one), if one.disabled { "kept out" } else { "may come in" });
        words.push_str(&format!("{:>6}  {:<32} {:<11} {with:<8} {access}\n", one.id, one.name, one.role.as_str()));
    }
    let all: Vec<_> = everyone
        .iter()
        .map(|one| {
            json!({ "number": one.id, "name": one.name, "role": one.role.as_str(), "with": with(one),
                    "disabled": one.disabled, "signed_in_at": one.signed_in_at })
        })
        .collect();
    tell.say(&words, &json!(all));
    Ok(())
}

fn with(person: &Person) -> &'static str {
    if person.issuer.is_some() { "provider" } else { "password" }
}

/// Does it and writes it down, or neither.
fn recorded<T>(
    opened: &mut Opened,
    action: Action,
    detail: &str,
    work: impl FnOnce(&Connection) -> anyhow::Result<(T, String)>,
) -> anyhow::Result<T> {
    let key = AuditKey::of(&opened.key);
    let transaction = opened.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let (done, what) = work(&transaction)?;
    let what = if detail.is_empty() { what } else { format!("{what}: {detail}") };
    let entry = Entry { actor: "command line".into(), what, ..Entry::default() };
    audit::append(&transaction, &key, action, &entry, super::now())?;
    transaction.commit()?;
    Ok(done)
}

/// A password, hashed, and a new second factor.
fn proof(name: &str) -> anyhow::Result<(String, TotpSecret)> {
    let password = password()?;
    if let Some(fault) = passwords::fault(&password, name) {
        bail!("{fault}\nhint: a password manager makes and keeps good ones");
    }
    Ok((Hasher::new()?.hash(&password)?, TotpSecret::new()?))
}

/// Asked for twice on a terminal, unseen; else the first line of standard input.
fn password() -> anyhow::Result<String> {
    if std::io::stdin().is_terminal() {
        let once = rpassword::prompt_password("password (at least 12 characters): ")?;
        if rpassword::prompt_password("the same again: ")? != once {
            bail!("the two are not the same");
        }
        return Ok(once);
    }
    let mut text = String::new();
    std::io::stdin().take(4096).read_to_string(&mut text)?;
    Ok(text.lines().next().unwrap_or("").to_owned())
}

fn told_once(says: &str, name: &str, secret: &TotpSecret, tell: &Tell) {
    let (key, link) = (secret.in_fours(), secret.link(name));
    tell.say(
        &format!("{says}\nsecond factor, shown this once, for an authenticator app:\n  key   {key}\n  link  {link}"),
        &json!({ "name": name, "key": key, "link": link }),
    );
}

fn role_of(text: &str) -> anyhow::Result<Role> {
    Role::parse(text).ok_or_else(|| anyhow!("there is no such role\nhint: board, leader, analyst, scrutineer or admin"))
}

fn anybody(opened: &Opened, who: &str) -> anyhow::Result<Person> {
    people::find(&opened.connection, who)?
        .ok_or_else(|| anyhow!("there is no such account\nhint: `sightline user list` has everyone's number"))
}

fn local(opened: &Opened, who: &str) -> anyhow::Result<Person> {
    let person = anybody(opened, who)?;
    if person.issuer.is_some() {
        bail!(
            "{} signs in through the provider\nhint: its password and its groups, which give its role, are kept there",
            person.name
        );
    }
    Ok(person)
}
