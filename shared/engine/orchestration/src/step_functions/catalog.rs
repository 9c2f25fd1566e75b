//! Lists the Step Functions lane's sagas by the executions of their state machines.
//!
//! A state machine lists its executions, but neither by the saga's states nor by when they began once they are over. So a list
//! is given in windows: one page of each source, sorted, and then the next page of each.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use futures_util::future::{join_all, try_join_all};
use messaging::{LoadError, PageToken, sortable_time};
use saga::Definition;
use uuid::Uuid;

use super::start_saga::Beginning;
use crate::sagas::{Cursor, Place, log_unknown};
use crate::{
    Catalog, ExecutedSagas, ExecutionPage, ExecutionStatus, Listed, ListedExecution, Number, ProgressState,
    SagaProgress, Wanted,
};

mod count;

/// By which its page tokens are told from those of the other lane.
const LANE: &str = "executed";
/// How many executions of each source a window has.
const WINDOW: usize = 200;
/// How many windows one call for a page opens.
const WINDOWS: usize = 5;
/// Of how many executions one call for a page reads the history.
const LOOKED_AT: usize = 100;
/// How many histories are read at once.
const AT_ONCE: usize = 20;
/// The token of a source that has no other page.
const ENDED: &str = "";

#[async_trait]
impl Catalog for ExecutedSagas {
    async fn list(&self, wanted: &Wanted, limit: u32, token: Option<&str>) -> Result<Listed, LoadError> {
        let cursor = token.map(|token| Cursor::read(LANE, wanted, token)).transpose()?;
        let (mut below, mut pages) = cursor.map_or_else(Default::default, |cursor| (cursor.below, cursor.pages));
        let limit = usize::try_from(limit.max(1)).unwrap_or(usize::MAX);
        let sources = self.sources(wanted);
        let (mut sagas, mut looked_at) = (Vec::new(), 0);
        for _ in 0..WINDOWS {
            let Window { places, next } = self.window(&sources, wanted, below.as_ref(), &pages).await?;
            let mut left = places.as_slice();
            while !left.is_empty() && sagas.len() < limit && looked_at < LOOKED_AT {
                let few = AT_ONCE.min(limit - sagas.len()).min(LOOKED_AT - looked_at).min(left.len());
                let (now, later) = left.split_at(few);
                let read =
                    join_all(now.iter().map(|(place, source)| self.wanted_at(wanted, place, source.definition))).await;
                sagas.extend(read.into_iter().flatten());
                looked_at += few;
                left = later;
                below = now.last().map(|(place, _)| place.clone());
            }
            let is_over = left.is_empty();
            if is_over {
                (below, pages) = (None, next);
                if pages.values().all(|token| token == ENDED) {
                    return Ok(Listed { sagas, next: None });
                }
            }
            if sagas.len() >= limit || looked_at >= LOOKED_AT {
                break;
            }
        }
        let next = Some(Cursor::new(LANE, wanted, below, pages).write()?);
        Ok(Listed { sagas, next })
    }

    async fn count(&self, wanted: &Wanted) -> Result<BTreeMap<ProgressState, Number>, LoadError> {
        self.numbers(wanted).await
    }

    async fn find(&self, saga: Uuid) -> Result<Option<SagaProgress>, LoadError> {
        let Some((definition, progress)) = self.execution_of(saga).await? else { return Ok(None) };
        Ok(Some(self.with_beginning(definition, progress).await))
    }
}

/// What a state machine lists.
struct Source<'a> {
    /// By which tokens name it.
    name: String,
    definition: &'a Definition,
    /// Of which status; `None` is any.
    status: Option<ExecutionStatus>,
}

/// One page of each source.
struct Window<'a> {
    /// What has still to be listed of it, the latest to start first, and where it comes from.
    places: Vec<(Place, &'a Source<'a>)>,
    /// The tokens of the next window's pages, by source.
    next: BTreeMap<String, PageToken>,
}

impl ExecutedSagas {
    fn sources(&self, wanted: &Wanted) -> Vec<Source<'_>> {
        let named = |definition: &&Definition| wanted.saga.as_ref().is_none_or(|name| definition.name == name);
        let statuses = statuses(&wanted.states);
        let machines = self.registry.definitions().filter(named);
        let sources = machines.flat_map(|definition| {
            statuses.iter().map(move |status| {
                let machine = definition.machine_name();
                let name = status.map_or_else(|| machine.clone(), |status| format!("{machine} {status:?}"));
                Source { name, definition, status: *status }
            })
        });
        sources.collect()
    }

    /// What is to be listed of these pages.
    async fn window<'a>(
        &self,
        sources: &'a [Source<'a>],
        wanted: &Wanted,
        below: Option<&Place>,
        pages: &BTreeMap<String, PageToken>,
    ) -> Result<Window<'a>, LoadError> {
        let pages = sources.iter().map(|source| async {
            let token = pages.get(&source.name).map(String::as_str);
            if token == Some(ENDED) {
                return Ok(ExecutionPage { executions: Vec::new(), next: None });
            }
            self.executions.list(&source.definition.machine_name(), source.status, WINDOW, token).await
        });
        let (mut places, mut next) = (Vec::new(), BTreeMap::new());
        let mut known = BTreeSet::new();
        for (source, page) in sources.iter().zip(try_join_all(pages).await?) {
            let goes_on = page.next.filter(|_| !is_before(wanted, page.executions.last()));
            next.insert(source.name.clone(), goes_on.unwrap_or_else(|| ENDED.to_owned()));
            for execution in page.executions.into_iter().filter(|execution| is_in_time(wanted, execution)) {
                // An execution that has just ended can be listed by both statuses.
                if known.insert(execution.name.clone()) {
                    places.push((Place { at: sortable_time(execution.started_at), key: execution.name }, source));
                }
            }
        }
        places.retain(|(place, _)| below.is_none_or(|below| place < below));
        places.sort_by(|(one, _), (other, _)| other.cmp(one));
        Ok(Window { places, next })
    }

    /// The saga at this place, with its beginning; `None` if it is not wanted, is forgotten, or was started by nobody who
    /// starts sagas. The input costs a call of its own, so it is not read of a saga that the history rules out.
    async fn wanted_at(&self, wanted: &Wanted, place: &Place, definition: &Definition) -> Option<SagaProgress> {
        let saga = Uuid::parse_str(&place.key).ok()?;
        let progress = match self.execution(definition, saga).await {
            Ok(progress) => progress?,
            Err(error) => {
                log_unknown(&saga, &error);
                let (name, version, started_at) = (definition.name.to_owned(), definition.version, place.time());
                SagaProgress { saga: name, version, started_at, ..SagaProgress::unknown(Some(saga)) }
            }
        };
        if !is_in_state(wanted, &progress) || !wanted.is_met_by_run_of(&progress) {
            return None;
        }
        let saga = self.with_beginning(definition, progress).await;
        wanted.is_met_by_texts_of(&saga).then_some(saga)
    }

    /// The saga with what its execution's input says of it; without it, if that cannot be read now.
    async fn with_beginning(&self, definition: &Definition, progress: SagaProgress) -> SagaProgress {
        let name = progress.id.map(|id| id.to_string()).unwrap_or_default();
        let input = self.executions.input(&definition.machine_name(), &name).await.unwrap_or_else(|reason| {
            tracing::warn!(saga = name, %reason, "a saga is shown without its subject");
            None
        });
        let Beginning { subject, started_by } = input.as_deref().map(Beginning::of).unwrap_or_default();
        SagaProgress { subject, started_by, ..progress }
    }
}

/// The statuses of the executions that can be in one of these states; one source of any status where all are wanted.
fn statuses(states: &[ProgressState]) -> Vec<Option<ExecutionStatus>> {
    use ExecutionStatus::{Aborted, Failed, Running, Succeeded, TimedOut};
    let of = |state: &ProgressState| match state {
        ProgressState::Running | ProgressState::Compensating => &[Running][..],
        ProgressState::Completed | ProgressState::Compensated => &[Succeeded],
        ProgressState::Stuck => &[Running, Failed, Aborted, TimedOut],
        ProgressState::Unknown => &[],
    };
    let statuses: BTreeSet<ExecutionStatus> = states.iter().flat_map(of).copied().collect();
    let is_all = states.is_empty() || statuses.len() == [Running, Succeeded, Failed, Aborted, TimedOut].len();
    if is_all { vec![None] } else { statuses.into_iter().map(Some).collect() }
}

/// A saga that cannot be read may be in any state.
fn is_in_state(wanted: &Wanted, saga: &SagaProgress) -> bool {
    wanted.states.is_empty() || wanted.states.contains(&saga.state) || saga.state == ProgressState::Unknown
}

/// Whether the execution began in the wanted time.
fn is_in_time(wanted: &Wanted, execution: &ListedExecution) -> bool {
    let started = sortable_time(execution.started_at);
    wanted.started_after.is_none_or(|after| started >= sortable_time(after))
        && wanted.started_before.is_none_or(|before| started < sortable_time(before))
}

/// Whether the last execution of a page, and so every later page, lies before the wanted time.
fn is_before(wanted: &Wanted, last: Option<&ListedExecution>) -> bool {
    let listed_by = last.map(|last| last.ended_at.unwrap_or(last.started_at));
    wanted
        .started_after
        .zip(listed_by)
        .is_some_and(|(after, listed_by)| sortable_time(listed_by) < sortable_time(after))
}
