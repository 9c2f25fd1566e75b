//! The only code here that talks to a network; everything else is tested without.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::header::ACCEPT;
use http::{Request, StatusCode, Uri};
use http_body_util::{BodyExt, Empty, LengthLimitError, Limited};
use hyper_rustls::HttpsConnectorBuilder;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::{Connect, HttpConnector};
use hyper_util::rt::TokioExecutor;
use rustls::crypto::aws_lc_rs;

use crate::{Issuer, KeySet, KeySource, KeySourceError};

/// The limit for the whole fetch: name, connection, TLS and answer.
const TIMEOUT: Duration = Duration::from_secs(2);
/// The limit for connecting. All addresses of the host share it, so one dead address leaves time for the next.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
/// An Auth0 key set has 2 to 6 KB.
const MAX_BYTES: usize = 64 * 1024;

/// The issuer's `.well-known/jwks.json`, over https with the public roots, or over plain http from this machine.
///
/// It keeps nothing between fetches: they are too rare for a pooled connection to survive (Lambda freezes it), and a
/// cold start that needs no keys builds no TLS.
pub struct HttpKeySource {
    uri: Uri,
}

impl HttpKeySource {
    /// Reads the keys of this issuer.
    pub fn new(issuer: &Issuer) -> Self {
        Self { uri: issuer.jwks_uri().clone() }
    }

    async fn download(&self) -> Result<Bytes, KeySourceError> {
        let mut tcp = HttpConnector::new();
        tcp.set_connect_timeout(Some(CONNECT_TIMEOUT));
        // `Issuer` lets plain http through for the loopback host only.
        if self.uri.scheme_str() == Some("http") {
            return get(tcp, &self.uri).await;
        }
        tcp.enforce_http(false);
        // The crypto provider is named, as the process has no default; the AWS SDK's clients name the same provider.
        let tls = HttpsConnectorBuilder::new()
            .with_provider_and_webpki_roots(aws_lc_rs::default_provider())
            .map_err(KeySourceError::Tls)?
            .https_only()
            .enable_http1()
            .wrap_connector(tcp);
        get(tls, &self.uri).await
    }
}

#[async_trait]
impl KeySource for HttpKeySource {
    async fn fetch(&self) -> Result<KeySet, KeySourceError> {
        let body =
            tokio::time::timeout(TIMEOUT, self.download()).await.map_err(|_| KeySourceError::Timeout(TIMEOUT))??;
        KeySet::parse(&body)
    }
}

async fn get<C>(connector: C, uri: &Uri) -> Result<Bytes, KeySourceError>
where
    C: Connect + Clone + Send + Sync + 'static,
{
    let client = Client::builder(TokioExecutor::new()).pool_max_idle_per_host(0).build::<_, Empty<Bytes>>(connector);
    let request = Request::get(uri)
        .header(ACCEPT, "application/json")
        .body(Empty::new())
        .map_err(|error| KeySourceError::Unreachable(error.into()))?;
    let response = client.request(request).await.map_err(|error| KeySourceError::Unreachable(error.into()))?;
    if response.status() != StatusCode::OK {
        return Err(KeySourceError::Status(response.status().as_u16()));
    }
    match Limited::new(response.into_body(), MAX_BYTES).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(KeySourceError::TooLong(MAX_BYTES)),
        Err(error) => Err(KeySourceError::Unreachable(error)),
    }
}
