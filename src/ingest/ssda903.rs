//! The return of looked-after children (SSDA903), as authorities send it to the Department for Education each year.

use super::contract::Kind::{Child, Code, Date, Seen, Word};
use super::contract::{Contract, optional, present, required};
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
            optional("upn", Seen),
            optional("mother", Seen),
            optional("mc_dob", Seen),
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
            present("dec", Date),
            optional("reason_place_change", Word),
            optional("ls", Seen),
            optional("cin", Seen),
            optional("place", Word),
            optional("place_provider", Seen),
            optional("rec", Seen),
            optional("home_post", Seen),
            optional("pl_post", Seen),
            optional("urn", Seen),
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
            present("mis_end", Date),
        ],
        key: &[],
        starts: Some("mis_start"),
        ends: Some("mis_end"),
        timeless: false,
    },
    Contract::recognised("oc2"),
];
