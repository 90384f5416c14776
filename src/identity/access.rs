//! The one table of what each role may reach. Deny by default: what is not named here is refused.

use crate::domain::Role;

/// What a route needs of whoever asks for it. `web::router` gives one to every route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Needs {
    /// Nothing: the way in, what pages look like, whether the server lives.
    Nothing,
    /// Any account.
    Account,
    /// Figures that passed disclosure control.
    BoardEdition,
    /// Each action of the plan with its dates and owner.
    PlanDetail,
    /// Exact figures.
    RestrictedEdition,
    /// Who has an account.
    Accounts,
    /// Who opened what.
    AuditLog,
}

impl Needs {
    /// Every need.
    pub const ALL: [Self; 7] = [
        Self::Nothing,
        Self::Account,
        Self::BoardEdition,
        Self::PlanDetail,
        Self::RestrictedEdition,
        Self::Accounts,
        Self::AuditLog,
    ];

    /// True where a person of this role may.
    pub const fn allows(self, role: Role) -> bool {
        matches!(
            (self, role),
            (Self::Nothing | Self::Account, _)
                | (Self::BoardEdition, Role::Board | Role::Leader | Role::Analyst | Role::Scrutineer)
                | (Self::PlanDetail, Role::Leader)
                | (Self::RestrictedEdition, Role::Analyst | Role::Scrutineer)
                | (Self::Accounts | Self::AuditLog, Role::Admin)
        )
    }

    /// For the page that tells who can see what.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Nothing => "The sign-in page",
            Self::Account => "This page, and signing out",
            Self::BoardEdition => "The board edition: every page and download, small numbers withheld",
            Self::PlanDetail => "Each action of the action plan, with its dates and whose it is",
            Self::RestrictedEdition => "The restricted edition: exact figures and exact row counts",
            Self::Accounts => "Accounts: who has one, and ending their access",
            Self::AuditLog => "The audit log: who opened which page, never a figure",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table() {
        let mut table = String::new();
        for needs in Needs::ALL {
            let allowed: Vec<&str> =
                Role::ALL.into_iter().filter(|role| needs.allows(*role)).map(Role::as_str).collect();
            table.push_str(&format!("{needs:?}: {}\n", allowed.join(" ")));
        }
        assert_eq!(
            table,
            "Nothing: board leader analyst scrutineer admin\n\
             Account: board leader analyst scrutineer admin\n\
             BoardEdition: board leader analyst scrutineer\n\
             PlanDetail: leader\n\
             RestrictedEdition: analyst scrutineer\n\
             Accounts: admin\n\
             AuditLog: admin\n"
        );
    }
}
