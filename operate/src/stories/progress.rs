use serde::Deserialize;
use time::OffsetDateTime;

/// The answer of FindOrder: an order and the sagas that brought it to its status.
#[derive(Debug, Deserialize)]
pub(crate) struct Found {
    pub(crate) order: Order,
    #[serde(default)]
    pub(crate) sagas: Vec<Saga>,
}

/// An order.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Order {
    pub(crate) order_id: String,
    status: String,
    #[serde(default)]
    pub(crate) reason: String,
}

/// A saga and its progress.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Saga {
    pub(crate) name: String,
    state: String,
    // ProtoJSON leaves an empty list out, and a saga may have begun without having sent anything.
    #[serde(default)]
    pub(crate) steps: Vec<Step>,
    /// Left out while the saga cannot be read.
    #[serde(default, with = "time::serde::rfc3339::option")]
    pub(crate) started_at: Option<OffsetDateTime>,
}

/// A command and its outcome.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Step {
    pub(crate) name: String,
    pub(crate) service: String,
    state: String,
    #[serde(default)]
    pub(crate) reason: String,
    #[serde(default)]
    pub(crate) repeats: u32,
    #[serde(with = "time::serde::rfc3339")]
    pub(crate) sent_at: OffsetDateTime,
    #[serde(default, with = "time::serde::rfc3339::option")]
    pub(crate) ended_at: Option<OffsetDateTime>,
}

impl Found {
    /// The outcome of the first command that was sent to `function`, such as "SUCCEEDED".
    pub(crate) fn outcome(&self, function: &str) -> Option<&str> {
        let steps = self.sagas.iter().flat_map(|saga| &saga.steps);
        steps.into_iter().find(|step| step.name == function).map(Step::state)
    }
}

impl Order {
    /// The status, such as "APPROVED".
    pub(crate) fn status(&self) -> &str {
        self.status.trim_start_matches("ORDER_STATUS_")
    }
}

impl Saga {
    /// The state, such as "COMPLETED".
    pub(crate) fn state(&self) -> &str {
        self.state.trim_start_matches("SAGA_STATE_")
    }

    /// Whether the saga has ended.
    pub(crate) fn is_over(&self) -> bool {
        ["COMPLETED", "COMPENSATED"].contains(&self.state())
    }
}

impl Step {
    /// The outcome, such as "REFUSED".
    pub(crate) fn state(&self) -> &str {
        self.state.trim_start_matches("SAGA_STEP_STATE_")
    }

    /// Whether the saga turned back at this command.
    pub(crate) fn turned_round(&self) -> bool {
        ["REFUSED", "UNKNOWN"].contains(&self.state())
    }
}
