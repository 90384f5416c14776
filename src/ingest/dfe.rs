//! The Department for Education's published table of factors identified at the end of assessment: counts of areas, of no
//! child, with the publisher's own symbols.

use super::contract::Kind::{Number, Text};
use super::contract::{Contract, optional, required};

/// The table, in the publisher's column names. Numbers stay text, since a symbol is not a number.
pub(crate) const CONTRACTS: &[Contract] = &[Contract {
    name: "factors",
    fields: &[
        required("time_period", Number),
        required("geographic_level", Text),
        optional("region_code", Text),
        optional("region_name", Text),
        optional("new_la_code", Text),
        optional("la_name", Text),
        required("episodes_with_assessment_factor", Text),
        optional("going_missing", Text),
        optional("child_sexual_exploitation", Text),
        optional("child_criminal_exploitation", Text),
        optional("gangs", Text),
        optional("trafficking", Text),
    ],
    key: &["time_period", "geographic_level", "region_code", "new_la_code"],
    starts: None,
    ends: None,
    timeless: true,
}];
