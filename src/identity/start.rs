//! Whether a server may start at all, and how guarded. Real figures are never served to just anybody.

use std::net::SocketAddr;

use crate::config::IdentitySettings;

/// How a server starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// Anybody on this machine, under a banner.
    Open,
    /// Those who sign in.
    Guarded,
}

/// Decides, or says why not and what to do.
pub fn may_start(
    sample: bool,
    identity: Option<&IdentitySettings>,
    no_login: bool,
    addr: SocketAddr,
) -> Result<Start, String> {
    let here_alone = addr.ip().to_canonical().is_loopback();
    let guarded = identity.is_some() && !no_login;
    if guarded {
        return match identity {
            Some(settings) if !here_alone && settings.proxies.is_empty() => Err(format!(
                "{addr} can be reached from elsewhere, and nothing encrypts the way there\n\
                 hint: listen on 127.0.0.1 behind a proxy on this machine, or name the proxy in `identity.proxies`"
            )),
            Some(settings) if !here_alone && settings.base_url.scheme() != "https" => Err(format!(
                "{addr} can be reached from elsewhere, and `identity.base_url` is not https\n\
                 hint: write the address that the proxy serves, such as https://sightline.example.gov.uk"
            )),
            _ => Ok(Start::Guarded),
        };
    }
    if !sample && !no_login {
        return Err("no identity is configured, so nobody could be kept out\n\
             hint: write [identity] in partnership.toml; `--no-login` serves this machine alone"
            .to_owned());
    }
    if here_alone {
        Ok(Start::Open)
    } else {
        Err("without sign-in only this machine may be served\nhint: give a loopback address, such as 127.0.0.1:8080"
            .to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Network;

    fn settings(base_url: &str, proxies: &[&str]) -> IdentitySettings {
        IdentitySettings {
            base_url: base_url.parse().unwrap(),
            proxies: proxies.iter().map(|text| Network::parse(text).unwrap()).collect(),
            folder: "identity".into(),
            key_file: None,
            audit_heads_file: None,
            oidc: None,
        }
    }

    #[test]
    fn every_way_to_start() {
        let here: SocketAddr = "127.0.0.1:8080".parse().unwrap();
        let everywhere: SocketAddr = "0.0.0.0:8080".parse().unwrap();
        let plain = settings("https://s.example", &[]);
        let behind = settings("https://s.example", &["10.0.0.1"]);
        let unencrypted = settings("http://127.0.0.1:8080", &["10.0.0.1"]);
        for (sample, identity, no_login, addr, expected) in [
            (true, None, false, here, Ok(Start::Open)),
            (true, None, false, everywhere, Err("only this machine")),
            (true, None, true, everywhere, Err("only this machine")),
            (false, None, false, here, Err("no identity is configured")),
            (false, None, false, everywhere, Err("no identity is configured")),
            (false, None, true, here, Ok(Start::Open)),
            (false, None, true, everywhere, Err("only this machine")),
            (false, Some(&plain), false, here, Ok(Start::Guarded)),
            (true, Some(&plain), false, here, Ok(Start::Guarded)),
            (false, Some(&plain), false, everywhere, Err("nothing encrypts")),
            (false, Some(&behind), false, everywhere, Ok(Start::Guarded)),
            (false, Some(&unencrypted), false, everywhere, Err("not https")),
            (false, Some(&behind), true, everywhere, Err("only this machine")),
            (false, Some(&behind), true, here, Ok(Start::Open)),
        ] {
            let decided = may_start(sample, identity, no_login, addr);
            match expected {
                Ok(start) => assert_eq!(decided, Ok(start), "{sample} {no_login} {addr}"),
                Err(words) => {
                    assert!(decided.unwrap_err().contains(words), "{sample} {} {no_login} {addr}", identity.is_some());
                }
            }
        }
    }
}
