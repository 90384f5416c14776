//! What a person is to the partnership, which decides what they may see. What each may reach is `identity::Needs`.

use std::fmt;

/// One role a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Reads the board edition.
    Board,
    /// Reads the board edition and the detail of the action plan.
    Leader,
    /// Feeds it: reads exact figures and how sufficient the data is.
    Analyst,
    /// Checks it: reads exact figures, methods and releases; changes nothing.
    Scrutineer,
    /// Keeps accounts and reads the audit log; sees no figure.
    Admin,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 5] = [Self::Board, Self::Leader, Self::Analyst, Self::Scrutineer, Self::Admin];

    /// As in settings and on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Board => "board",
            Self::Leader => "leader",
            Self::Analyst => "analyst",
            Self::Scrutineer => "scrutineer",
            Self::Admin => "admin",
        }
    }

    /// In words: `Board member`.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Board => "Board member",
            Self::Leader => "Leader",
            Self::Analyst => "Analyst",
            Self::Scrutineer => "Independent scrutineer",
            Self::Admin => "Administrator",
        }
    }

    /// The role of that name; none where there is none.
    ///
    /// ```
    /// use sightline::domain::Role;
    ///
    /// assert_eq!(Role::parse("analyst"), Some(Role::Analyst));
    /// assert_eq!(Role::parse("Analyst"), None);
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == text)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
