//! How an RPC is refused, by HTTP status: what API Gateway, the edge and the RPC itself answer.

use std::collections::{BTreeMap, BTreeSet};

use contracts::Reason;
use rpc::{EdgeReason, Entry, Reason as _};

use crate::errors::http_statuses;

use super::tree::{Node, list, object, reference, text};

/// Where API Gateway answers without calling a function, and when.
const GATEWAY: [(u16, &str); 5] = [
    (401, "its authorizer does not take the token"),
    (403, "its authorizer does not let the caller through"),
    (429, "there are too many calls at the moment: repeat the call later"),
    (500, "it could not call the function: repeat the call later"),
    (503, "the function did not answer in time, or cannot be called now: repeat the call later"),
];

/// The reasons that no call of a documented operation meets.
const ELSEWHERE: [EdgeReason; 2] = [EdgeReason::UnknownRpc, EdgeReason::MethodNotAllowed];
/// The reasons that only a body meets.
const OF_A_BODY: [EdgeReason; 2] = [EdgeReason::UnsupportedMediaType, EdgeReason::UnsupportedEncoding];

/// The refusals of the functions that say in a header what would be taken; where the headers are described.
const HEADERS: [(EdgeReason, &str, &str); 4] = [
    (EdgeReason::TokenMissing, "WWW-Authenticate", "#/components/headers/WwwAuthenticate"),
    (EdgeReason::PermissionMissing, "WWW-Authenticate", "#/components/headers/WwwAuthenticate"),
    (EdgeReason::UnsupportedMediaType, "Accept-Post", "#/components/headers/AcceptPost"),
    (EdgeReason::UnsupportedEncoding, "Accept-Encoding", "#/components/headers/AcceptEncoding"),
];

/// How an RPC is refused.
pub(super) struct Refusals(BTreeMap<u16, Refusal>);

/// The answers with one HTTP status.
#[derive(Default)]
struct Refusal {
    /// The reasons of the functions, with Connect's codes.
    reasons: Vec<(&'static str, &'static Entry)>,
    /// When API Gateway answers so.
    gateway: Option<&'static str>,
}

/// Every code that a refusal can have.
pub(super) fn codes() -> BTreeSet<&'static str> {
    entries().filter_map(|(_, entry)| entry.code).map(|code| code.as_str()).collect()
}

/// The reasons of both catalogues; those of the edge with themselves.
fn entries() -> impl Iterator<Item = (Option<EdgeReason>, &'static Entry)> {
    let edge = EdgeReason::ALL.iter().map(|reason| (Some(*reason), reason.entry()));
    edge.chain(Reason::ALL.iter().map(|reason| (None, reason.entry())))
}

impl Refusals {
    /// Those of the RPC of this name, called with POST or with GET.
    pub(super) fn of(rpc: &str, changes: bool, posts: bool) -> Self {
        let mut refusals: BTreeMap<u16, Refusal> = BTreeMap::new();
        for (reason, entry) in entries() {
            let Some(code) = entry.code else { continue };
            let elsewhere = reason.is_some_and(|reason| ELSEWHERE.contains(&reason));
            let needs_body = reason.is_some_and(|reason| OF_A_BODY.contains(&reason));
            if entry.rpcs.have(rpc, changes) && !elsewhere && (posts || !needs_body) {
                for status in http_statuses(entry) {
                    refusals.entry(status).or_default().reasons.push((code.as_str(), entry));
                }
            }
        }
        for (status, when) in GATEWAY {
            refusals.entry(status).or_default().gateway = Some(when);
        }
        Self(refusals)
    }

    /// The responses, by their statuses.
    pub(super) fn responses(&self) -> Node {
        let named: Vec<_> = self.0.iter().map(|(status, refusal)| (status.to_string(), refusal.response())).collect();
        object(named.iter().map(|(status, response)| (status.as_str(), response.clone())))
    }
}

impl Refusal {
    fn response(&self) -> Node {
        let reason = |(code, entry): &(&str, &Entry)| format!("- `{code}`, `{}`: {}.", entry.name, entry.when);
        let gateway = self.gateway.iter().map(|when| format!("- API Gateway itself: {when}."));
        let description = self.reasons.iter().map(reason).chain(gateway).collect::<Vec<_>>().join("\n");
        let mut schemas = Vec::new();
        schemas.extend((!self.reasons.is_empty()).then(|| reference("#/components/schemas/ConnectError")));
        schemas.extend(self.gateway.map(|_| reference("#/components/schemas/GatewayError")));
        let schema = match <[Node; 1]>::try_from(schemas) {
            Ok([schema]) => schema,
            Err(schemas) => object([("anyOf", list(schemas))]),
        };
        let json = object([("application/json", object([("schema", schema)]))]);
        let told = HEADERS.iter().filter(|(reason, ..)| self.reasons.iter().any(|(_, entry)| *entry == reason.entry()));
        let headers: Vec<_> = told.map(|(_, name, place)| (*name, reference(place))).collect();
        let headers = (!headers.is_empty()).then(|| ("headers", object(headers)));
        let fields = [("description", text(description))].into_iter().chain(headers).chain([("content", json)]);
        object(fields)
    }
}
