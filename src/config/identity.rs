//! `[identity]` of `partnership.toml`: who may sign in, where accounts are kept, what stands in front of the server.
//! Names files that hold secrets; never holds one.

use std::net::{IpAddr, Ipv6Addr};
use std::path::PathBuf;

use serde::Deserialize;
use url::Url;

use super::{FILE, Problem};
use crate::domain::Role;

/// How people sign in to a partnership's server.
#[derive(Clone, Debug, PartialEq)]
pub struct IdentitySettings {
    /// The address people type: its origin is the only one that may change anything, its path is the base path.
    pub base_url: Url,
    /// Reverse proxies whose `X-Forwarded-For` is believed.
    pub proxies: Vec<Network>,
    /// Where accounts, sessions and the audit log are kept, relative to the project folder.
    pub folder: PathBuf,
    /// The key of the audit log and of second factors; none for the usual place.
    pub key_file: Option<PathBuf>,
    /// Where the head of the audit log is written out; none for beside the log.
    pub audit_heads_file: Option<PathBuf>,
    /// The partnership's identity provider; none where only local accounts exist.
    pub oidc: Option<Oidc>,
}

/// An `OpenID` Connect provider.
#[derive(Clone, Debug, PartialEq)]
pub struct Oidc {
    /// As in its discovery document, to the letter.
    pub issuer: Url,
    /// The name under which Sightline is registered there.
    pub client_id: String,
    /// The file that holds the client's secret.
    pub client_secret_file: PathBuf,
    /// Certificates (PEM) of an authority of the partnership's own, for a provider on its own network; none where the
    /// public ones will do.
    pub ca_file: Option<PathBuf>,
    /// What the claim `tid` must be (Entra ID); none where the issuer is one organisation's own.
    pub tenant: Option<String>,
    /// The claim that lists a person's groups.
    pub groups_claim: String,
    /// Group to role; where a person is in several, the first in this order counts.
    pub groups: Vec<(String, Role)>,
}

/// One address, or the addresses that share its first bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u8,
}

impl Network {
    /// `10.0.0.4` or `10.0.0.0/24`.
    pub fn parse(text: &str) -> Option<Self> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address.parse::<IpAddr>().ok()?, Some(bits.parse::<u8>().ok()?)),
            None => (text.parse::<IpAddr>().ok()?, None),
        };
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.unwrap_or(most);
        (bits <= most).then_some(Self { address, bits })
    }

    /// True for an address that shares the first bits.
    pub fn holds(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        if self.address.is_ipv4() != address.is_ipv4() {
            return false;
        }
        let unused = if address.is_ipv4() { 32 } else { 128 } - u32::from(self.bits);
        let first = |address: IpAddr| match address {
            IpAddr::V4(four) => u128::from(four.to_bits()),
            IpAddr::V6(six) => Ipv6Addr::to_bits(six),
        };
        first(self.address).checked_shr(unused) == first(address).checked_shr(unused)
    }
}

#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawIdentity {
    base_url: Option<String>,
    #[serde(default)]
    proxies: Vec<String>,
    folder: Option<String>,
    key_file: Option<String>,
    audit_heads_file: Option<String>,
    oidc: Option<RawOidc>,
}

#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
struct RawOidc {
    issuer: Option<String>,
    client_id: Option<String>,
    client_secret_file: Option<String>,
    ca_file: Option<String>,
    tenant: Option<String>,
    groups_claim: Option<String>,
    #[serde(default)]
    group: Vec<RawGroup>,
}

#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
struct RawGroup {
    group: Option<String>,
    role: Option<String>,
}

/// Settings, or none and the problems added to `problems`.
pub(super) fn checked(raw: RawIdentity, problems: &mut Vec<Problem>) -> Option<IdentitySettings> {
    let before = problems.len();
    let mut wrong = |key: &str, says: &str, hint: &str| {
        problems.push(Problem::new(FILE, "F03", format!("`{key}` {says}")).column(key).hint(hint));
    };
    let base_url = raw.base_url.as_deref().and_then(|text| Url::parse(text).ok()).filter(safe_address);
    if base_url.is_none() {
        wrong(
            "identity.base_url",
            "is missing or not an address that can be kept private",
            "write base_url = \"https://sightline.example.gov.uk\"; http only for this machine itself",
        );
    }
    let mut proxies = Vec::new();
    for text in &raw.proxies {
        match Network::parse(text) {
            Some(network) => proxies.push(network),
            None => {
                wrong("identity.proxies", "holds something that is not an address", "write proxies = [\"10.0.0.4\"]");
            }
        }
    }
    let oidc = raw.oidc.and_then(|raw| provider(raw, &mut wrong));
    let settings = IdentitySettings {
        base_url: base_url?,
        proxies,
        folder: raw.folder.map_or_else(|| PathBuf::from("identity"), PathBuf::from),
        key_file: raw.key_file.map(PathBuf::from),
        audit_heads_file: raw.audit_heads_file.map(PathBuf::from),
        oidc,
    };
    (problems.len() == before).then_some(settings)
}

fn provider(raw: RawOidc, wrong: &mut impl FnMut(&str, &str, &str)) -> Option<Oidc> {
    let issuer = raw.issuer.as_deref().and_then(|text| Url::parse(text).ok()).filter(safe_address);
    if issuer.is_none() {
        wrong(
            "identity.oidc.issuer",
            "is missing or not an https address",
            "write it as the provider's discovery document has it",
        );
    }
    let client_id = raw.client_id.filter(|id| !id.trim().is_empty());
    if client_id.is_none() {
        wrong("identity.oidc.client_id", "is missing", "the provider gives it when Sightline is registered there");
    }
    let client_secret_file = raw.client_secret_file.map(PathBuf::from);
    if client_secret_file.is_none() {
        wrong(
            "identity.oidc.client_secret_file",
            "is missing",
            "name a file that holds the secret and that its owner alone can read",
        );
    }
    let mut groups = Vec::new();
    for one in raw.group {
        match (one.group.filter(|group| !group.is_empty()), one.role.as_deref().and_then(Role::parse)) {
            (Some(group), Some(role)) => groups.push((group, role)),
            _ => wrong(
                "identity.oidc.group",
                "lacks its group, or its role is not one we know",
                "write group = \"…\" and role = \"board\", \"leader\", \"analyst\", \"scrutineer\" or \"admin\"",
            ),
        }
    }
    if groups.is_empty() {
        wrong(
            "identity.oidc.group",
            "maps no group to a role, so nobody could come in",
            "add [[identity.oidc.group]] with group and role",
        );
    }
    Some(Oidc {
        issuer: issuer?,
        client_id: client_id?,
        client_secret_file: client_secret_file?,
        ca_file: raw.ca_file.map(PathBuf::from),
        tenant: raw.tenant,
        groups_claim: raw.groups_claim.unwrap_or_else(|| "groups".to_owned()),
        groups,
    })
}

/// https, or http to this machine itself, where nobody is between.
fn safe_address(url: &Url) -> bool {
    let loopback = match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(four)) => four.is_loopback(),
        Some(url::Host::Ipv6(six)) => six.is_loopback(),
        None => false,
    };
    url.query().is_none()
        && url.fragment().is_none()
        && (url.scheme() == "https" && url.host().is_some() || url.scheme() == "http" && loopback)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    fn with(identity: &str) -> Result<Option<IdentitySettings>, String> {
        let text = format!(
            "name = \"N\"\narea = \"N\"\n[[source]]\nname = \"a\"\nagency = \"police\"\nformat = \"native\"\npath = \"a.csv\"\n{identity}"
        );
        Config::parse(&text, None).map(|config| config.identity).map_err(|problems| problems.to_string())
    }

    #[test]
    fn a_whole_section_is_read() {
        let read = with(
            "[identity]\nbase_url = \"https://s.example.gov.uk/board\"\nproxies = [\"10.0.0.0/8\"]\n[identity.oidc]\nissuer = \"https://login.example/t/v2.0\"\nclient_id = \"c\"\nclient_secret_file = \"/s\"\n[[identity.oidc.group]]\ngroup = \"g1\"\nrole = \"analyst\"\n",
        )
        .unwrap()
        .unwrap();
        assert_eq!(read.base_url.path(), "/board");
        assert_eq!(read.oidc.unwrap().groups, [("g1".to_owned(), Role::Analyst)]);
    }

    #[test]
    fn every_problem_is_said_at_once() {
        let said = with(
            "[identity]\nbase_url = \"http://s.example.gov.uk\"\nproxies = [\"here\"]\n[identity.oidc]\n[[identity.oidc.group]]\ngroup = \"g\"\nrole = \"king\"\n",
        )
        .unwrap_err();
        for key in ["base_url", "proxies", "oidc.issuer", "client_id", "client_secret_file", "its role is not one"] {
            assert!(said.contains(key), "{key}: {said}");
        }
    }

    #[test]
    fn a_network_holds_its_own_addresses() {
        let holds = |network: &str, address: &str| Network::parse(network).unwrap().holds(address.parse().unwrap());
        assert!(holds("10.0.0.4", "10.0.0.4") && holds("10.0.0.4", "::ffff:10.0.0.4"));
        assert!(!holds("10.0.0.4", "10.0.0.5") && !holds("10.0.0.4", "::1"));
        assert!(holds("10.1.0.0/16", "10.1.255.9") && !holds("10.1.0.0/16", "10.2.0.1"));
        assert!(holds("0.0.0.0/0", "203.0.113.9") && holds("2001:db8::/32", "2001:db8:1::1"));
        assert_eq!((Network::parse("10.0.0.4/33"), Network::parse("")), (None, None));
    }
}
