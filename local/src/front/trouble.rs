//! Serves troubles to the console, on the loopback interface, and to nobody else: a page of another origin in a browser on this
//! machine may neither read them nor switch them on.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use axum::extract::{Path, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use serde_json::{Value, json};
use tower_http::cors::CorsLayer;

use crate::front::guard::{is_page_of, refused};
use crate::front::serving::{Reserved, Server};
use crate::trouble::board::{Board, Refusal, Shown};
use crate::trouble::world::World;

/// How long a browser may remember that the console may ask.
const REMEMBERED: Duration = Duration::from_secs(600);
/// The longest wait for what is switched on again at the end.
const PATIENCE: Duration = Duration::from_secs(5);

/// The address at which troubles are switched on and off. Dropping it ends all of them.
#[derive(Debug)]
pub(crate) struct TroubleServer {
    server: Option<Server>,
    url: String,
    board: Arc<Board>,
}

/// Who may ask.
#[derive(Debug)]
struct Guard {
    /// The console's origins, such as `http://127.0.0.1:5173`.
    origins: Vec<String>,
}

impl TroubleServer {
    /// Serves the troubles of `world` on `port` to pages of `origins`.
    ///
    /// # Errors
    /// When the server cannot be started, or an earlier trouble cannot be ended.
    pub(crate) async fn start(port: Reserved, origins: &[String], world: World) -> Result<Self> {
        let board = Arc::new(Board::start(world).await?);
        let url = port.url();
        let server = Some(port.serve(router(origins, Arc::clone(&board))?)?);
        Ok(Self { server, url, board })
    }

    /// Its address, without a trailing "/".
    #[must_use]
    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for TroubleServer {
    fn drop(&mut self) {
        // Nobody can start another trouble any more.
        drop(self.server.take());
        let board = Arc::clone(&self.board);
        // On a thread of its own: whoever drops it may be inside of a runtime.
        let ending = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.map(|runtime| {
                runtime.block_on(async { tokio::time::timeout(PATIENCE, board.end_all()).await.is_ok() })
            })
        });
        // What cannot be switched on now is switched on at the next start.
        let _ = ending.join();
    }
}

fn router(origins: &[String], board: Arc<Board>) -> Result<Router> {
    let allowed: Result<Vec<HeaderValue>, _> = origins.iter().map(|origin| HeaderValue::from_str(origin)).collect();
    let cors = CorsLayer::new()
        .allow_origin(allowed.context("an origin of the console is no header")?)
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([header::CONTENT_TYPE])
        .max_age(REMEMBERED);
    let guard = Arc::new(Guard { origins: origins.to_vec() });
    Ok(Router::new()
        .route("/troubles", get(list))
        .route("/troubles/end", post(end_all))
        .route("/troubles/{id}/start", post(start))
        .route("/troubles/{id}/end", post(end))
        .fallback(nothing_here)
        .method_not_allowed_fallback(nothing_here)
        .layer(from_fn_with_state(guard, let_in))
        .layer(cors)
        .with_state(board))
}

async fn let_in(State(guard): State<Arc<Guard>>, request: Request, next: Next) -> Response {
    match guard.refuses(request.method(), request.headers()) {
        Some((status, code, message)) => refused(status, code, message),
        None => next.run(request).await,
    }
}

impl Guard {
    /// Why the request is refused; `None` lets it in.
    fn refuses(&self, method: &Method, headers: &HeaderMap) -> Option<(StatusCode, &'static str, &'static str)> {
        let reads = method == Method::GET;
        // Reading without an origin is what a person does at the command line.
        if !is_page_of(&self.origins, headers).unwrap_or(reads) {
            return Some((
                StatusCode::FORBIDDEN,
                "FOREIGN_ORIGIN",
                "only the console may do this: open it and do it there",
            ));
        }
        let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let is_json = kind.is_some_and(|kind| kind.split(';').next() == Some("application/json"));
        // A page may send other types without being asked whether it may.
        (!reads && !is_json).then_some((
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "NOT_JSON",
            "send content-type: application/json, with {} as the body",
        ))
    }
}

async fn list(State(board): State<Arc<Board>>) -> Json<Value> {
    Json(json!({"troubles": board.list().await}))
}

async fn start(State(board): State<Arc<Board>>, Path(id): Path<String>) -> Result<Json<Shown>, Refusal> {
    board.begin(&id).await.map(Json)
}

async fn end(State(board): State<Arc<Board>>, Path(id): Path<String>) -> Result<Json<Shown>, Refusal> {
    board.end(&id).await.map(Json)
}

async fn end_all(State(board): State<Arc<Board>>) -> Result<Json<Value>, Refusal> {
    Ok(Json(json!({"troubles": board.end_all().await?})))
}

async fn nothing_here() -> Response {
    let message =
        "GET /troubles lists them; POST /troubles/<id>/start, /troubles/<id>/end and /troubles/end switch them";
    refused(StatusCode::NOT_FOUND, "NOTHING_HERE", message)
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, code) = match self {
            Self::Unknown => (StatusCode::NOT_FOUND, "UNKNOWN_TROUBLE"),
            Self::IsOn(_) => (StatusCode::CONFLICT, "ALREADY_ON"),
            Self::InTheWay(_) => (StatusCode::CONFLICT, "IN_THE_WAY"),
            Self::Failed(_) => (StatusCode::BAD_GATEWAY, "FAILED"),
        };
        refused(status, code, &self.to_string())
    }
}

#[cfg(test)]
mod tests;
