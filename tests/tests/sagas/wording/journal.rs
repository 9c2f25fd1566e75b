//! What was heard and called, as text that a person can review.

use std::fmt;

use anyhow::{Context, Result, bail};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use buffa::MessageName as _;
use connectrpc::{ConnectError, ErrorDetail};
use messaging::WireMessage;
use rpc::RpcError;
use serde_json::{Value, json};
use time::OffsetDateTime;
use wire::google::rpc::{BadRequest, ErrorInfo, RetryInfo};

/// How long a line of a snapshot may be.
const LINE: usize = 160;

/// A message as it came to a queue.
#[derive(Debug, Clone)]
pub(super) struct Heard {
    pub(super) at: OffsetDateTime,
    pub(super) to: String,
    /// The whole envelope.
    pub(super) body: Value,
}

impl Heard {
    /// The payload's type, such as `kitchen.v1.CreateTicket`.
    pub(super) fn type_name(&self) -> &str {
        self.body["subject"]["type"].as_str().unwrap_or_default()
    }
}

impl fmt::Display for Heard {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let milliseconds = (self.at - testkit::builders::at(0)).whole_milliseconds();
        writeln!(formatter, "after {milliseconds} ms, to {}:", self.to)?;
        writeln!(formatter, "{}", laid_out(&self.body, 0))
    }
}

/// A call and its answer.
#[derive(Debug, Clone)]
pub(super) struct Called {
    rpc: &'static str,
    subject: String,
    request_type: &'static str,
    pub(super) request: Value,
    response_type: &'static str,
    pub(super) answer: Value,
    /// The details of a refusal, each with its type.
    details: Vec<(&'static str, Value)>,
    pub(super) is_refused: bool,
}

impl Called {
    pub(super) fn of<Q: WireMessage, R: WireMessage>(
        rpc: &'static str,
        subject: &str,
        request: &Q,
        answer: &Result<R, RpcError>,
    ) -> Result<Self> {
        let is_refused = answer.is_err();
        let (answer, details) = match answer {
            Ok(response) => (serde_json::to_value(response)?, Vec::new()),
            Err(refused) => {
                let refused = refused.clone().into_connect(contracts::API.error_domain);
                (json!({"code": refused.code.as_str(), "message": refused.message}), details(&refused)?)
            }
        };
        let (subject, request) = (subject.to_owned(), serde_json::to_value(request)?);
        let (request_type, response_type) = (Q::FULL_NAME, R::FULL_NAME);
        Ok(Self { rpc, subject, request_type, request, response_type, answer, details, is_refused })
    }

    /// The reason of a refusal.
    pub(super) fn reason(&self) -> Option<&str> {
        self.error.as_ref()?["reason"].as_str()
    }

    /// The messages that the call shows, with their types.
    pub(super) fn messages(&self) -> impl Iterator<Item = (&'static str, &Value)> {
        let answer = (!self.is_refused).then_some((self.response_type, &self.answer));
        let details = self.details.iter().map(|(name, detail)| (*name, detail));
        [(self.request_type, &self.request)].into_iter().chain(answer).chain(details)
    }
}

fn details(refused: &ConnectError) -> Result<Vec<(&'static str, Value)>> {
    let detail = |detail: &ErrorDetail| {
        let bytes = STANDARD_NO_PAD.decode(detail.value.as_deref().context("a detail without a value")?)?;
        match detail.type_url.as_str() {
            ErrorInfo::FULL_NAME => decoded::<ErrorInfo>(&bytes),
            BadRequest::FULL_NAME => decoded::<BadRequest>(&bytes),
            RetryInfo::FULL_NAME => decoded::<RetryInfo>(&bytes),
            other => bail!("nobody knows the detail {other}"),
        }
    };
    refused.details.iter().map(detail).collect()
}

fn decoded<M: WireMessage>(bytes: &[u8]) -> Result<(&'static str, Value)> {
    Ok((M::FULL_NAME, serde_json::to_value(M::decode_from_slice(bytes)?)?))
}

impl fmt::Display for Called {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{} calls {}:", self.subject, self.rpc)?;
        writeln!(formatter, "{}\nis answered:\n{}", laid_out(&self.request, 0), laid_out(&self.answer, 0))?;
        self.details.iter().try_for_each(|(name, detail)| {
            let name = name.trim_start_matches("google.rpc.");
            writeln!(formatter, "with the {name}:\n{}", laid_out(detail, 0))
        })
    }
}

/// JSON with its keys sorted; what fits into a line is not broken.
pub(super) fn laid_out(value: &Value, indent: usize) -> String {
    let line = value.to_string();
    if indent + line.len() <= LINE {
        return line;
    }
    let inner = indent + 2;
    let (open, close, parts): (_, _, Vec<String>) = match value {
        Value::Object(fields) => {
            let field = |(name, value): (&String, &Value)| format!("{name:?}: {}", laid_out(value, inner));
            ('{', '}', fields.iter().map(field).collect())
        }
        Value::Array(values) => ('[', ']', values.iter().map(|value| laid_out(value, inner)).collect()),
        _ => return line,
    };
    let space = " ".repeat(inner);
    let parts: Vec<String> = parts.iter().map(|part| format!("{space}{part}")).collect();
    format!("{open}\n{}\n{}{close}", parts.join(",\n"), " ".repeat(indent))
}

/// Entries one after the other.
pub(super) fn text(entries: &[impl fmt::Display]) -> String {
    entries.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}
