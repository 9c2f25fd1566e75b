use serde::Deserialize;
use time::OffsetDateTime;

/// The answer of FindOrder: an order and the sagas that brought it to its status.
#[derive(Debug, Deserialize)]
pub(super) struct Found {
    pub(super) order: Order,
    #[serde(default)]
    pub(super) sagas: Vec<Saga>,
}

/// An order.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Order {
    pub(super) order_id: String,
    status: String,
    #[serde(default)]
    pub(super) reason: String,
}

/// A saga and its progress.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Saga {
    pub(super) name: String,
    state: String,
    // ProtoJSON leaves an empty list out, and a saga may have begun without having sent anything.
    #[serde(default)]
    pub(super) steps: Vec<Step>,
    #[serde(with = "time::serde::rfc3339")]
    pub(super) started_at: OffsetDateTime,
}

/// A command and its outcome.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Step {
    pub(super) name: String,
    pub(super) service: String,
    state: String,
    #[serde(default)]
    pub(super) reason: String,
    #[serde(default)]
    pub(super) repeats: u32,
    #[serde(with = "time::serde::rfc3339")]
    pub(super) sent_at: OffsetDateTime,
    #[serde(default, with = "time::serde::rfc3339::option")]
    pub(super) ended_at: Option<OffsetDateTime>,
}

impl Found {
    /// The outcome of the first command that was sent to `function`, such as "SUCCEEDED".
    pub(super) fn outcome(&self, function: &str) -> Option<&str> {
        let steps = self.sagas.iter().flat_map(|saga| &saga.steps);
        steps.into_iter().find(|step| step.name == function).map(Step::state)
    }
}

impl Order {
    /// The status, such as "APPROVED".
    pub(super) fn status(&self) -> &str {
        self.status.trim_start_matches("ORDER_STATUS_")
    }
}

impl Saga {
    /// The state, such as "COMPLETED".
    pub(super) fn state(&self) -> &str {
        self.state.trim_start_matches("SAGA_STATE_")
    }

    /// Whether the saga has ended.
    pub(super) fn is_over(&self) -> bool {
        ["COMPLETED", "COMPENSATED"].contains(&self.state())
    }
}

impl Step {
    /// The outcome, such as "REFUSED".
    pub(super) fn state(&self) -> &str {
        self.state.trim_start_matches("SAGA_STEP_STATE_")
    }

    /// Whether the saga turned back at this command.
    pub(super) fn turned_round(&self) -> bool {
        ["REFUSED", "UNKNOWN"].contains(&self.state())
    }
}
