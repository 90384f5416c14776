//! Where a request comes from. A forwarded header is believed from declared proxies alone.

use std::net::{IpAddr, Ipv6Addr};

use crate::config::Network;

/// The last address of `X-Forwarded-For` that is not a declared proxy, where the peer is one; else the peer.
///
/// Headers are given in the order they came; a part that is no address ends the search, since whoever wrote it is not to
/// be believed.
pub fn client_address<'a>(
    peer: IpAddr,
    forwarded: impl DoubleEndedIterator<Item = &'a str>,
    proxies: &[Network],
) -> IpAddr {
    let declared = |address: IpAddr| proxies.iter().any(|network| network.holds(address));
    let mut nearest = peer.to_canonical();
    if !declared(nearest) {
        return nearest;
    }
    for part in forwarded.rev().flat_map(|header| header.split(',').rev()) {
        let Ok(address) = part.trim().parse::<IpAddr>() else {
            return nearest;
        };
        nearest = address.to_canonical();
        if !declared(nearest) {
            return nearest;
        }
    }
    nearest
}

/// What tries are counted under: an address of version 4, or the 64 bits of a version 6 network, since one household
/// has all the rest.
pub fn shared_key_of(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(four) => four.to_string(),
        IpAddr::V6(six) => Ipv6Addr::from_bits(six.to_bits() >> 64 << 64).to_string() + "/64",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(peer: &str, forwarded: &[&str], proxies: &[&str]) -> String {
        let proxies: Vec<Network> = proxies.iter().map(|text| Network::parse(text).unwrap()).collect();
        client_address(peer.parse().unwrap(), forwarded.iter().copied(), &proxies).to_string()
    }

    #[test]
    fn only_declared_proxies_are_believed() {
        assert_eq!(seen("203.0.113.7", &["1.2.3.4"], &[]), "203.0.113.7");
        assert_eq!(seen("203.0.113.7", &["1.2.3.4"], &["10.0.0.1"]), "203.0.113.7");
        assert_eq!(seen("10.0.0.1", &["1.2.3.4"], &["10.0.0.1"]), "1.2.3.4");
        assert_eq!(seen("::ffff:10.0.0.1", &["1.2.3.4"], &["10.0.0.1"]), "1.2.3.4");
    }

    #[test]
    fn what_the_client_wrote_itself_is_not_believed() {
        assert_eq!(seen("10.0.0.1", &["6.6.6.6, 1.2.3.4"], &["10.0.0.1"]), "1.2.3.4");
        assert_eq!(seen("10.0.0.1", &["6.6.6.6", "1.2.3.4, 10.0.0.2"], &["10.0.0.0/24"]), "1.2.3.4");
        assert_eq!(seen("10.0.0.1", &["6.6.6.6, nonsense"], &["10.0.0.1"]), "10.0.0.1");
        assert_eq!(seen("10.0.0.1", &[], &["10.0.0.1"]), "10.0.0.1");
    }

    #[test]
    fn a_household_of_version_6_is_one() {
        let key = |text: &str| shared_key_of(text.parse().unwrap());
        assert_eq!(key("2001:db8:1:2:3::4"), key("2001:db8:1:2:ffff::1"));
        assert_ne!(key("2001:db8:1:2::4"), key("2001:db8:1:3::4"));
        assert_eq!(key("::ffff:10.0.0.1"), "10.0.0.1");
    }
}
