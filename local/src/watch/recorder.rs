//! Records every AWS call of the functions: their AWS_ENDPOINT_URL leads through here to the emulator. The emulator's own
//! CloudTrail forgets refused calls and outcomes, and a test asks how many writes a step took and which of them won.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::Result;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use bytes::Bytes;
use http::{StatusCode, request};
use serde_json::{Value, json};
use tokio::sync::oneshot;
use uuid::Uuid;

use crate::front::gateway::Upstream;
use crate::front::serving::{Reserved, Server};
use crate::stack::clients::ACCOUNT;
use crate::stack::deployment::Stack;
use crate::watch::call::{Call, LOST, REFUSED, error_type, read_call};
use crate::watch::disturbances::{Disturbance, Disturbances, Fate};
use crate::watch::faults::{Faults, Held, Moment, Outage};
use crate::watch::identity::access_key;
use crate::watch::uses::{Use, needs};

/// The largest body that is passed on; every AWS request of ours is smaller.
const BODY_LIMIT: usize = 32 * 1024 * 1024;
/// The number of calls that are remembered; the oldest calls are forgotten first.
const CALL_LIMIT: usize = 100_000;
/// Where the calls can be read.
pub(crate) const CALLS_PATH: &str = "/_recorded/calls";

/// Records the functions' calls; it stops on drop.
#[derive(Debug)]
pub struct Recorder {
    server: Server,
    record: Arc<Record>,
}

#[derive(Debug)]
struct Record {
    upstream: Upstream,
    kept: Mutex<Recorded>,
}

#[derive(Debug, Default)]
struct Recorded {
    calls: Vec<Call>,
    /// The permissions that calls have used since the start.
    uses: BTreeSet<Use>,
    functions: BTreeMap<String, String>,
    faults: Faults,
    disturbances: Disturbances,
}

/// Disturbs the functions' calls from elsewhere than the recorder's owner.
#[derive(Clone, Debug)]
pub(crate) struct Disturber(Arc<Record>);

impl Recorder {
    /// Starts to pass calls on from `port` to the emulator at `endpoint`.
    ///
    /// # Errors
    /// When the server cannot be started.
    pub fn start(port: Reserved, endpoint: &str) -> Result<Self> {
        let record = Record { upstream: Upstream::new(endpoint.to_owned()), kept: Mutex::default() };
        let record = Arc::new(record);
        let router = Router::new().route(CALLS_PATH, get(show)).fallback(pass).with_state(Arc::clone(&record));
        Ok(Self { server: port.serve(router)?, record })
    }

    /// The address to give to functions, without a trailing "/".
    #[must_use]
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// The port it listens on.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.server.port()
    }

    /// Learns which access key belongs to which of `functions`. The emulator derives a function's key from the ARN under which it
    /// runs, which is that of its version or, when it is invoked by name, the name's, and from the ARN of its role. Every resource of the stack is tried as the role, so the role need not be known.
    ///
    /// # Errors
    /// When one of `functions` is not in the stack.
    pub fn learn(&self, stack: &Stack, functions: &[String]) -> Result<()> {
        for function in functions {
            let arns = [stack.function_arn(function)?, stack.called_arn(function)?, stack.running_arn(function)?];
            for (arn, role) in arns.iter().flat_map(|arn| stack.resources.values().map(move |role| (arn, role))) {
                let key = access_key(arn, &format!("arn:aws:iam::{ACCOUNT}:role/{role}"));
                self.record.kept().functions.insert(key, function.clone());
            }
        }
        Ok(())
    }

    /// Every call so far, in the order of their answers.
    #[must_use]
    pub fn calls(&self) -> Vec<Call> {
        self.record.kept().calls.clone()
    }

    /// Forgets the calls so far.
    pub fn clear(&self) {
        self.record.kept().calls.clear();
    }

    /// Every permission that a call has used since the start, including calls that were forgotten since.
    #[must_use]
    pub fn uses(&self) -> BTreeSet<Use> {
        self.record.kept().uses.clone()
    }

    /// Holds back the next call of `action` by the function with the logical id `function`, before it reaches the emulator.
    /// The receiver gets the call when it comes.
    #[must_use]
    pub fn hold_next(&self, function: &str, action: &str) -> oneshot::Receiver<Held> {
        self.record.kept().faults.hold(function, action, Moment::Call)
    }

    /// Holds back the answer to the next call of `action` by `function`: the call has taken effect, and its caller does not
    /// know.
    #[must_use]
    pub fn hold_next_answer(&self, function: &str, action: &str) -> oneshot::Receiver<Held> {
        self.record.kept().faults.hold(function, action, Moment::Answer)
    }

    /// Answers the next `times` calls of `action` by the function with the logical id `function` with 503, while the outage is
    /// kept; they do not reach the emulator, and [`Call::met_an_outage`] tells them.
    #[must_use]
    pub fn fail_next(&self, function: &str, action: &str, times: usize) -> Arc<Outage> {
        self.record.kept().faults.fail(function, action, times)
    }

    /// What disturbs the calls that pass through here.
    pub(crate) fn disturber(&self) -> Disturber {
        Disturber(Arc::clone(&self.record))
    }
}

impl Disturber {
    /// Lets this befall the calls for as long as the handle is kept.
    pub(crate) fn disturb(&self, disturbance: Disturbance) -> Arc<Disturbance> {
        self.0.kept().disturbances.add(disturbance)
    }

    /// As [`Recorder::hold_next`].
    pub(crate) fn hold_next(&self, function: &str, action: &str) -> oneshot::Receiver<Held> {
        self.0.kept().faults.hold(function, action, Moment::Call)
    }
}

impl Record {
    fn kept(&self) -> MutexGuard<'_, Recorded> {
        // Every statement leaves the record whole, so a panic elsewhere has not broken it.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn remember(&self, call: Call) {
        let mut kept = self.kept();
        if kept.calls.len() >= CALL_LIMIT {
            kept.calls.drain(..CALL_LIMIT / 10);
        }
        kept.calls.push(call);
    }

    /// Notes the permissions that the call has used. A permission that the role refuses is not used.
    fn note_uses(&self, call: &Call, body: &Bytes) {
        if call.error.as_deref().is_some_and(|error| error.contains("AccessDenied")) {
            return;
        }
        let needs = needs(&call.service, &call.action, body).into_iter();
        let uses = needs.map(|(action, resource)| Use { function: call.function.clone(), action, resource });
        self.kept().uses.extend(uses);
    }

    /// Answers a call that is not passed on. The answer is that of SendMessage, which is the only call that gets lost.
    fn kept_from_the_emulator(&self, mut call: Call, status: StatusCode, error: &str) -> Response {
        (call.status, call.error, call.time) = (status.as_u16(), Some(error.to_owned()), now());
        self.remember(call);
        (status, Json(json!({"MessageId": Uuid::new_v4()}))).into_response()
    }

    /// Waits while the call or its answer is held, and says whether it may go on.
    async fn may_go_on(&self, moment: Moment, call: &Call, body: &Bytes) -> bool {
        let released = self.kept().faults.catch(moment, call, body);
        match released {
            Some(released) => released.await.is_ok(),
            None => true,
        }
    }
}

/// Sends the call again after this time, if the disturbance is still kept.
async fn come_again(
    record: Arc<Record>,
    (mut call, parts, body): (Call, request::Parts, Bytes),
    later: Duration,
    kept: Weak<Disturbance>,
) {
    tokio::time::sleep(later).await;
    if kept.strong_count() > 0 {
        call.status = record.upstream.send(&parts, body).await.status().as_u16();
        call.time = now();
        record.remember(call);
    }
}

async fn show(State(record): State<Arc<Record>>) -> Json<Vec<Call>> {
    Json(record.kept().calls.clone())
}

async fn pass(State(record): State<Arc<Record>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, BODY_LIMIT).await else { return StatusCode::PAYLOAD_TOO_LARGE.into_response() };
    let mut call = read_call(&parts.headers, &body);
    if let Some(function) = record.kept().functions.get(&call.function) {
        call.function.clone_from(function);
    }
    if record.kept().faults.refuses(&call) {
        return record.kept_from_the_emulator(call, StatusCode::SERVICE_UNAVAILABLE, REFUSED);
    }
    let fate = record.kept().disturbances.fate(&call, &body);
    match fate {
        Fate::IsRefused => return record.kept_from_the_emulator(call, StatusCode::SERVICE_UNAVAILABLE, REFUSED),
        Fate::IsLost => return record.kept_from_the_emulator(call, StatusCode::OK, LOST),
        Fate::Passes | Fate::ComesAgain(..) => {}
    }
    if !record.may_go_on(Moment::Call, &call, &body).await {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let asked = body.clone();
    if let Fate::ComesAgain(later, kept) = fate {
        let copy = (call.clone(), parts.clone(), body.clone());
        tokio::spawn(come_again(Arc::clone(&record), copy, later, kept));
    }
    let (answer, body) = record.upstream.send(&parts, body).await.into_parts();
    let body = to_bytes(body, BODY_LIMIT).await.unwrap_or_default();
    call.status = answer.status.as_u16();
    call.error = if call.succeeded() { None } else { error_type(&answer.headers, &body) };
    if let ("GetItem", [touched]) = (call.action.as_str(), call.touched.as_mut_slice()) {
        touched.found(&serde_json::from_slice::<Value>(&body).unwrap_or_default()["Item"]);
    }
    call.time = now();
    record.note_uses(&call, &asked);
    record.remember(call.clone());
    if !record.may_go_on(Moment::Answer, &call, &asked).await {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    Response::from_parts(answer, body.into())
}

/// Milliseconds since 1970.
fn now() -> u128 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_millis()
}

#[cfg(test)]
mod tests;
