//! What either lane lists of its sagas.

use std::collections::BTreeMap;

use async_trait::async_trait;
use messaging::{LoadError, PageToken};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{ProgressState, SagaProgress};

/// Which sagas are wanted; what is empty or `None` excludes no saga. Times count to the millisecond.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The states; never [`ProgressState::Unknown`], which no saga is stored in.
    pub states: Vec<ProgressState>,
    /// The saga's name.
    pub saga: Option<String>,
    /// The handler of the latest command.
    pub step: Option<String>,
    /// They started at this time or later.
    pub started_after: Option<OffsetDateTime>,
    /// They started before this time.
    pub started_before: Option<OffsetDateTime>,
    /// A part of the saga's id, of its subject or of a command's reason, in lower case or capitals.
    pub text: Option<String>,
}

impl Wanted {
    /// Whether a list has to look at a saga to know whether it is wanted; its state and its start are known before.
    pub(crate) fn looks(&self) -> bool {
        self.saga.is_some() || self.step.is_some() || self.text.is_some()
    }

    /// Whether the saga is wanted by its name, its latest command and its texts.
    pub(crate) fn is_met_by(&self, saga: &SagaProgress) -> bool {
        self.is_met_by_run_of(saga) && self.is_met_by_texts_of(saga)
    }

    /// Whether the saga is wanted by its name and its latest command.
    pub(crate) fn is_met_by_run_of(&self, saga: &SagaProgress) -> bool {
        let latest = saga.entries.last().map(|entry| entry.handler.as_str());
        self.saga.as_ref().is_none_or(|name| saga.saga == *name)
            && self.step.as_ref().is_none_or(|step| latest == Some(step))
    }

    /// Whether the saga is wanted by its texts.
    pub(crate) fn is_met_by_texts_of(&self, saga: &SagaProgress) -> bool {
        self.text.as_ref().is_none_or(|text| tells(saga, text))
    }
}

/// Whether the text is part of what an operator would look for.
fn tells(saga: &SagaProgress, text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    let has = |told: &str| told.to_ascii_lowercase().contains(&text);
    let id = saga.id.map(|id| id.to_string()).unwrap_or_default();
    has(&id) || has(&saga.subject) || saga.entries.iter().any(|entry| has(&entry.reason))
}

/// One page of sagas, the latest to start first.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    /// The sagas, at most as many as were asked for; there may be fewer on a page that is not the last.
    pub sagas: Vec<SagaProgress>,
    /// Where the next page begins; `None` on the last page.
    pub next: Option<PageToken>,
}

/// How many sagas are in a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Number {
    /// As many were counted.
    pub sagas: u32,
    /// There may be more.
    pub at_least: bool,
}

/// Lists the sagas of all subjects, and finds one of them by its identity.
#[async_trait]
pub trait Catalog: Send + Sync {
    /// One page of the wanted sagas.
    async fn list(&self, wanted: &Wanted, limit: u32, token: Option<&str>) -> Result<Listed, LoadError>;

    /// How many sagas are in each state, of those with the wanted name and times; the other wishes do not count.
    async fn count(&self, wanted: &Wanted) -> Result<BTreeMap<ProgressState, Number>, LoadError>;

    /// The saga with this identity, or `None` if there is none. What is known of a history that breaks off is told as
    /// [`ProgressState::Unknown`].
    ///
    /// # Errors
    /// [`LoadError::Unreadable`] if the saga is there and this version can read nothing of it: a repeat does not help.
    async fn find(&self, saga: Uuid) -> Result<Option<SagaProgress>, LoadError>;
}
