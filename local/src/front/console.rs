//! The console's address: the files of web/ as CloudFront serves them on AWS, with the headers that the template declares.

mod declared;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Result, ensure};
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use percent_encoding::percent_decode_str;
use serde_json::Value;
use tower_http::services::ServeDir;

use crate::front::serving::{Reserved, Server};
use crate::stack::template::Template;

/// The document of the app.
const DOCUMENT: &str = "/index.html";
/// What the app asks for before anything else: where the API and the issuer are.
const CONFIGURATION: &str = "/config.json";

/// The running server of the console; it stops on drop.
#[derive(Debug)]
pub struct Console {
    server: Server,
}

/// What the template's texts about the console are completed with.
#[derive(Debug)]
pub(crate) struct Surroundings<'a> {
    /// The API's address, without a trailing "/".
    pub(crate) api: &'a str,
    /// The values of the template's parameters.
    pub(crate) parameters: &'a BTreeMap<String, String>,
    /// Where the console can make trouble: only on a local AWS, and no template knows of it.
    pub(crate) trouble: Option<&'a str>,
}

#[derive(Debug)]
struct Served {
    headers: HeaderMap,
    configuration: Value,
}

impl Console {
    /// Serves the files in `files` on `port`.
    ///
    /// # Errors
    /// When the app is not built, the template says nothing of a console, or the server cannot be started.
    pub(crate) fn start(
        port: Reserved,
        files: &Path,
        template: &Template,
        surroundings: &Surroundings<'_>,
    ) -> Result<Self> {
        let document = files.join(DOCUMENT.trim_start_matches('/'));
        ensure!(document.is_file(), "{} is missing: run `make build`, which builds the console", document.display());
        let served = Arc::new(Served {
            headers: declared::headers(template, surroundings)?,
            configuration: declared::configuration(template, surroundings)?,
        });
        let files = ServeDir::new(files).append_index_html_on_directories(false);
        let files = files.precompressed_br().precompressed_gzip();
        let router = Router::new()
            .route(CONFIGURATION, get(configuration))
            .with_state(Arc::clone(&served))
            .fallback_service(files)
            .layer(from_fn_with_state(served, serve));
        Ok(Self { server: port.serve(router)? })
    }

    /// The console's address, without a trailing "/", which is the origin of its pages.
    #[must_use]
    pub fn url(&self) -> String {
        self.server.url()
    }
}

/// The path of the file that answers `path`: the app's own pages are paths without a file's ending, and all of them are one
/// document. The template's CloudFront Function `ConsolePaths` does the same.
#[must_use]
pub fn console_file(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or_default();
    if name.contains('.') { path } else { DOCUMENT }
}

async fn configuration(State(served): State<Arc<Served>>) -> Json<Value> {
    Json(served.configuration.clone())
}

async fn serve(State(served): State<Arc<Served>>, mut request: Request, next: Next) -> Response {
    let file = console_file(request.uri().path()).to_owned();
    let Ok(uri) = file.parse::<Uri>() else { return StatusCode::BAD_REQUEST.into_response() };
    // The query is none of the file's business, and CloudFront passes none on.
    *request.uri_mut() = uri;
    let mut response = if operate::is_compressed(&percent_decode_str(&file).decode_utf8_lossy()) {
        // It is how another file is sent. On AWS nobody puts it into the bucket.
        StatusCode::NOT_FOUND.into_response()
    } else {
        next.run(request).await
    };
    let is_there = response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED;
    // A file that is missing today may be there with the next version.
    let kept = if is_there { operate::kept_for(&file) } else { operate::kept_for(DOCUMENT) };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(kept));
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    response.headers_mut().extend(served.headers.clone());
    response
}
