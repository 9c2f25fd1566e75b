//! A refusal as a client reads it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use rpc::{EdgeReason, Entry, Reason as _};
use sagas_codegen::errors::http_statuses;
use serde_json::Value;
use wire::WireMessage;
use wire::google::rpc::{BadRequest, ErrorInfo, RetryInfo};

/// An answer that is no success, with its details.
#[derive(Debug, Default)]
pub(super) struct Refused {
    pub(super) status: u64,
    code: String,
    message: String,
    pub(super) reason: String,
    domain: String,
    metadata: BTreeMap<String, String>,
    /// The paths of the fields that are not right; `None` without a `BadRequest`.
    faults: Option<Vec<String>>,
    /// After how long a repeat may help; `None` without a `RetryInfo`.
    retry: Option<Duration>,
}

impl Refused {
    /// Reads an event that answers; a success is an error.
    pub(super) fn read(answer: &Value) -> Result<Self> {
        let status = answer["statusCode"].as_u64().context("no status")?;
        ensure!(status >= 400, "it is answered: {answer}");
        let body: Value = serde_json::from_str(answer["body"].as_str().context("no body")?)?;
        let text = |name: &str| body[name].as_str().map(str::to_owned).with_context(|| format!("no {name} in {body}"));
        let mut refused = Self { status, code: text("code")?, message: text("message")?, ..Self::default() };
        for detail in body["details"].as_array().with_context(|| format!("no details in {body}"))? {
            refused.read_detail(detail)?;
        }
        Ok(refused)
    }

    fn read_detail(&mut self, detail: &Value) -> Result<()> {
        let value = STANDARD_NO_PAD.decode(detail["value"].as_str().context("no value")?)?;
        match detail["type"].as_str() {
            Some("google.rpc.ErrorInfo") => {
                ensure!(self.reason.is_empty(), "two reasons");
                let info: ErrorInfo = read(&value)?;
                (self.reason, self.domain) = (info.reason, info.domain);
                self.metadata = info.metadata;
            }
            Some("google.rpc.BadRequest") => {
                let request: BadRequest = read(&value)?;
                self.faults = Some(request.field_violations.into_iter().map(|fault| fault.field).collect());
            }
            Some("google.rpc.RetryInfo") => {
                let delay = read::<RetryInfo>(&value)?.retry_delay.into_option().context("no delay")?;
                let nanos = u32::try_from(delay.nanos)?;
                self.retry = Some(Duration::new(u64::try_from(delay.seconds)?, nanos));
            }
            other => bail!("a detail {other:?}, of which docs/errors.md says nothing"),
        }
        Ok(())
    }

    /// Checks that the refusal is what the catalogue says of this reason.
    pub(super) fn must_say(&self, reason: &Entry) -> Result<()> {
        ensure!(self.reason == reason.name, "the reason is {}: {self:?}", self.reason);
        ensure!(self.domain == contracts::API.error_domain, "{self:?}");
        let code = reason.code.map(|code| code.as_str());
        ensure!(code == Some(self.code.as_str()) && !self.message.is_empty(), "{self:?}");
        ensure!(http_statuses(reason).into_iter().map(u64::from).any(|status| status == self.status), "{self:?}");
        let keys: BTreeSet<&str> = self.metadata.keys().map(String::as_str).collect();
        ensure!(keys == reason.metadata.iter().copied().collect(), "it is about {keys:?}: {self:?}");
        ensure!(self.metadata.values().all(|value| !value.is_empty()), "{self:?}");
        ensure!(self.retry == reason.retry.delay(), "{self:?}");
        let is_invalid = *reason == *EdgeReason::InvalidRequest.entry();
        ensure!(self.faults.as_ref().is_some_and(|faults| !faults.is_empty()) == is_invalid, "{self:?}");
        Ok(())
    }

    /// The paths of the fields that are not right.
    pub(super) fn faults(&self) -> &[String] {
        self.faults.as_deref().unwrap_or_default()
    }
}

fn read<M: WireMessage>(bytes: &[u8]) -> Result<M> {
    M::decode_from_slice(bytes).map_err(|error| anyhow::anyhow!("{error}"))
}
