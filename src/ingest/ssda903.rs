//! The return of looked-after children (SSDA903), as authorities send it to the Department for Education each year.

use super::contract::Kind::{Child, Code, Date, Word};
use super::contract::{Contract, optional, readable, required};
use super::native::{EPISODE_KINDS, ETHNICITIES, SEXES};

/// The return's dates.
pub(crate) const DATE_FORMAT: &str = "DD/MM/YYYY";

/// The files of the return that are recognised.
pub(crate) const CONTRACTS: &[Contract] = &[
    Contract {
        name: "header",
        fields: &[
            required("child", Child),
            optional("sex", Code(&SEXES)),
            required("dob", Date),
            optional("ethnic", Code(&ETHNICITIES)),
        ],
        key: &["child"],
        starts: None,
        ends: None,
        timeless: false,
    },
    Contract {
        name: "episodes",
        fields: &[
            required("child", Child),
            required("decom", Date),
            required("rne", Word),
            readable("dec", Date),
            optional("reason_place_change", Word),
        ],
        key: &[],
        starts: Some("decom"),
        ends: Some("dec"),
        timeless: false,
    },
    Contract {
        name: "missing",
        fields: &[
            required("child", Child),
            optional("dob", Date),
            required("missing", Code(&EPISODE_KINDS)),
            required("mis_start", Date),
            readable("mis_end", Date),
        ],
        key: &[],
        starts: Some("mis_start"),
        ends: Some("mis_end"),
        timeless: false,
    },
    Contract::recognised("oc2"),
];
