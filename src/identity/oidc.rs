//! Sign-in through the partnership's own provider (Entra ID, Keycloak): code, PKCE, state, nonce. A person is an issuer
//! and a subject, never an e-mail address; a person in no mapped group does not come in.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use chrono::{DateTime, Utc};
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreGenderClaim, CoreIdTokenVerifier, CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm, CoreProviderMetadata,
};
use openidconnect::{
    AdditionalClaims, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret, CsrfToken, IdToken,
    IdTokenClaims, IssuerUrl, Nonce, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope,
    SignatureVerificationError, TokenResponse as _,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::sync::Semaphore;
use url::Url;

use super::{Attempt, IdentityKey, Seconds};
use crate::config::Oidc;
use crate::domain::Role;

/// What the provider says of itself is asked for again after an hour.
const KEPT_FOR: Seconds = 60 * 60;

/// A key not seen before is asked for at most once a minute.
const ASK_AGAIN_AFTER: Seconds = 60;

/// How long the provider may take to answer.
const PROVIDER_TIMEOUT: Duration = Duration::from_secs(5);

/// How far the provider's clock may be ahead.
const CLOCKS_DIFFER: Seconds = 60;

/// A token issued longer ago was not issued for this sign-in.
const ISSUED_WITHIN: Seconds = 10 * 60;

/// Codes exchanged at once.
const MOST_AT_ONCE: usize = 8;

/// Why nobody came in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OidcRefusal {
    /// No answer from the provider.
    #[error("the provider does not answer")]
    Unreachable,
    /// The provider, or the person there, said no.
    #[error("the provider refused")]
    Denied,
    /// The browser did not begin this sign-in, or it was finished before.
    #[error("the sign-in was not begun in this browser, took too long, or was used before")]
    NotBegunHere,
    /// The token is not what was asked for.
    #[error("the token cannot be believed: {0}")]
    Token(&'static str),
    /// The token is of another organisation.
    #[error("the account belongs to another organisation")]
    Tenant,
    /// No group of theirs has a role.
    #[error("no group of the account has a role here")]
    NoRole,
}

/// A person the provider vouches for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Vouched {
    pub(super) issuer: String,
    pub(super) subject: String,
    pub(super) name: String,
    pub(super) role: Role,
}

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
struct Others(BTreeMap<String, Value>);

impl AdditionalClaims for Others {}

type Token = IdToken<Others, CoreGenderClaim, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm>;
type Claims = IdTokenClaims<Others, CoreGenderClaim>;

/// The partnership's provider.
pub struct Provider {
    settings: Oidc,
    secret: String,
    back: RedirectUrl,
    http: reqwest::Client,
    known: RwLock<Option<(Seconds, Arc<CoreProviderMetadata>)>>,
    exchanging: Semaphore,
}

impl std::fmt::Debug for Provider {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Provider").field("settings", &self.settings).finish_non_exhaustive()
    }
}

impl Provider {
    /// A provider not yet asked. `base_url` is where people reach Sightline; nothing is sent before somebody signs in.
    /// `authorities` are certificates (PEM) to trust beside the public ones; empty for none.
    pub fn new(settings: Oidc, secret: String, authorities: &[u8], base_url: &Url) -> Result<Self, reqwest::Error> {
        // Answers are taken from the provider alone: no redirects, no other host.
        let mut http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(PROVIDER_TIMEOUT)
            .timeout(PROVIDER_TIMEOUT);
        for authority in reqwest::Certificate::from_pem_bundle(authorities)? {
            http = http.add_root_certificate(authority);
        }
        let http = http.build()?;
        let back = RedirectUrl::from_url(beneath(base_url, "sign-in/callback"));
        Ok(Self { settings, secret, back, http, known: RwLock::new(None), exchanging: Semaphore::new(MOST_AT_ONCE) })
    }

    async fn known(&self, older_than: Seconds, now: Seconds) -> Result<Arc<CoreProviderMetadata>, OidcRefusal> {
        let kept = self.known.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((at, known)) = kept
            && now - at < older_than
        {
            return Ok(known);
        }
        let issuer = IssuerUrl::new(issuer_text(&self.settings.issuer)).map_err(|_| OidcRefusal::Unreachable)?;
        let found = CoreProviderMetadata::discover_async(issuer, &self.http).await.map_err(|error| {
            tracing::warn!(%error, "the identity provider cannot be asked about itself");
            OidcRefusal::Unreachable
        })?;
        let found = Arc::new(found);
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = Some((now, Arc::clone(&found)));
        Ok(found)
    }

    /// Where the browser goes to sign in.
    pub(super) async fn address(&self, attempt: &Attempt, key: &IdentityKey, now: Seconds) -> Result<Url, OidcRefusal> {
        let known = self.known(KEPT_FOR, now).await?;
        let client = CoreClient::from_provider_metadata(
            CoreProviderMetadata::clone(&known),
            ClientId::new(self.settings.client_id.clone()),
            None,
        )
        .set_redirect_uri(self.back.clone());
        let (state, nonce) = (attempt.state(key), attempt.nonce(key));
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(attempt.verifier(key)));
        let (address, _, _) = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                move || CsrfToken::new(state),
                move || Nonce::new(nonce),
            )
            .add_scope(Scope::new("profile".to_owned()))
            .set_pkce_challenge(challenge)
            .url();
        Ok(address)
    }

    /// Exchanges the code for a token, believes it or not, and finds the role.
    pub(super) async fn vouched(
        &self,
        code: &str,
        attempt: &Attempt,
        key: &IdentityKey,
        now: Seconds,
    ) -> Result<Vouched, OidcRefusal> {
        let _permit = self.exchanging.acquire().await.map_err(|_| OidcRefusal::Unreachable)?;
        let known = self.known(KEPT_FOR, now).await?;
        let client = CoreClient::from_provider_metadata(
            CoreProviderMetadata::clone(&known),
            ClientId::new(self.settings.client_id.clone()),
            Some(ClientSecret::new(self.secret.clone())),
        )
        .set_redirect_uri(self.back.clone());
        let answer = client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(|_| OidcRefusal::Token("the provider names no token endpoint"))?
            .set_pkce_verifier(PkceCodeVerifier::new(attempt.verifier(key)))
            .request_async(&self.http)
            .await
            .map_err(|error| refused_or_silent(&error))?;
        let token = answer.id_token().ok_or(OidcRefusal::Token("there is none"))?.to_string();
        let token: Token = token.parse().map_err(|_| OidcRefusal::Token("unreadable"))?;
        let nonce = Nonce::new(attempt.nonce(key));
        let claims = match self.believed(&token, &known, &nonce, now) {
            Err(Unbelievable::UnknownKey) => {
                let again = self.known(ASK_AGAIN_AFTER, now).await?;
                self.believed(&token, &again, &nonce, now)
            }
            other => other,
        };
        self.person(&claims.map_err(|why| OidcRefusal::Token(why.in_words()))?)
    }

    /// The claims of a token that this provider signed, for us, for this sign-in, lately.
    fn believed(
        &self,
        token: &Token,
        known: &CoreProviderMetadata,
        nonce: &Nonce,
        now: Seconds,
    ) -> Result<Claims, Unbelievable> {
        let moment = move || DateTime::<Utc>::from_timestamp(now, 0).unwrap_or(DateTime::<Utc>::MAX_UTC);
        let client = ClientId::new(self.settings.client_id.clone());
        // Signatures with a public key alone: none (`none`) and shared secrets (`HS256`) are not among these.
        let verifier =
            CoreIdTokenVerifier::new_public_client(client.clone(), known.issuer().clone(), known.jwks().clone())
                .set_allowed_algs([
                    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
                    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
                    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
                ])
                .set_time_fn(moment)
                .set_issue_time_verifier_fn(move |issued| {
                    let age = now - issued.timestamp();
                    if (-CLOCKS_DIFFER..=ISSUED_WITHIN).contains(&age) { Ok(()) } else { Err(String::new()) }
                });
        let claims = token.clone().into_claims(&verifier, nonce)?;
        match claims.authorized_party() {
            Some(party) if *party != client => Err(Unbelievable::Audience),
            _ => Ok(claims),
        }
    }

    fn person(&self, claims: &Claims) -> Result<Vouched, OidcRefusal> {
        let others = &claims.additional_claims().0;
        if let Some(tenant) = &self.settings.tenant
            && others.get("tid").and_then(Value::as_str) != Some(tenant)
        {
            return Err(OidcRefusal::Tenant);
        }
        let theirs: Vec<&str> = match others.get(&self.settings.groups_claim) {
            Some(Value::Array(groups)) => groups.iter().filter_map(Value::as_str).collect(),
            Some(Value::String(group)) => vec![group],
            _ => Vec::new(),
        };
        let mapped = self.settings.groups.iter().find(|(group, _)| theirs.contains(&group.as_str()));
        let (_, role) = mapped.ok_or(OidcRefusal::NoRole)?;
        let subject = claims.subject().as_str();
        let name = claims
            .preferred_username()
            .map(|name| name.as_str().to_owned())
            .or_else(|| claims.name().and_then(|name| name.get(None)).map(|name| name.as_str().to_owned()))
            .unwrap_or_else(|| subject.to_owned());
        Ok(Vouched {
            issuer: claims.issuer().as_str().to_owned(),
            subject: subject.to_owned(),
            name: name.chars().filter(|c| !c.is_control()).take(128).collect(),
            role: *role,
        })
    }
}

#[derive(Clone, Copy, Debug)]
enum Unbelievable {
    UnknownKey,
    Signature,
    Expired,
    Audience,
    Issuer,
    Nonce,
    Other,
}

impl Unbelievable {
    const fn in_words(self) -> &'static str {
        match self {
            Self::UnknownKey => "signed with a key the provider does not publish",
            Self::Signature => "not signed as it must be",
            Self::Expired => "too old, or from the future",
            Self::Audience => "meant for another application",
            Self::Issuer => "from another issuer",
            Self::Nonce => "of another sign-in",
            Self::Other => "not as it must be",
        }
    }
}

impl From<ClaimsVerificationError> for Unbelievable {
    fn from(error: ClaimsVerificationError) -> Self {
        match error {
            ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey) => {
                Self::UnknownKey
            }
            ClaimsVerificationError::SignatureVerification(_) => Self::Signature,
            ClaimsVerificationError::Expired(_) => Self::Expired,
            ClaimsVerificationError::InvalidAudience(_) => Self::Audience,
            ClaimsVerificationError::InvalidIssuer(_) => Self::Issuer,
            ClaimsVerificationError::InvalidNonce(_) => Self::Nonce,
            _ => Self::Other,
        }
    }
}

fn refused_or_silent<E: std::error::Error + 'static, T: openidconnect::ErrorResponse + 'static>(
    error: &openidconnect::RequestTokenError<E, T>,
) -> OidcRefusal {
    match error {
        openidconnect::RequestTokenError::ServerResponse(_) => OidcRefusal::Denied,
        openidconnect::RequestTokenError::Parse(..) => OidcRefusal::Token("unreadable"),
        _ => OidcRefusal::Unreachable,
    }
}

/// An issuer without path is written without its slash, as discovery documents have it.
fn issuer_text(issuer: &Url) -> String {
    if issuer.path() == "/" { issuer.as_str().trim_end_matches('/').to_owned() } else { issuer.as_str().to_owned() }
}

/// An address beneath another.
pub(super) fn beneath(base: &Url, path: &str) -> Url {
    let mut url = base.clone();
    url.set_path(&format!("{}/{path}", base.path().trim_end_matches('/')));
    url
}
