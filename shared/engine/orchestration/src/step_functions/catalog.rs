//! Lists the Step Functions lane's sagas by the executions of their state machines.
//!
//! A state machine lists its executions, but neither by the saga's states nor by when they began once they are over, and its
//! page tokens are longer than those of an API may be. So each call lists from the latest execution on, skips what has been
//! shown, and shows no saga before all that started later are known.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use futures_util::future::{join_all, try_join_all};
use messaging::{LoadError, PageToken, sortable_time};
use saga::Definition;
use uuid::Uuid;

use super::start_saga::Beginning;
use crate::sagas::{Cursor, Place, log_unknown};
use crate::{
    Catalog, ExecutedSagas, ExecutionStatus, LISTED, Listed, ListedExecution, Number, ProgressState, SagaProgress,
    Wanted,
};

mod count;

/// By which its page tokens are told from those of the other lane.
const LANE: &str = "executed";
/// How many executions of each source a window has where the list begins: a screen asks for that again and again.
const FIRST: usize = 200;
/// How many windows one call opens. With [`LISTED`] executions in each, the list goes as far back as ten thousand of each
/// source.
const WINDOWS: usize = 10;
/// Of how many executions one call for a page reads the history.
const LOOKED_AT: usize = 100;
/// How many histories are read at once.
const AT_ONCE: usize = 20;

#[async_trait]
impl Catalog for ExecutedSagas {
    async fn list(&self, wanted: &Wanted, limit: u32, token: Option<&str>) -> Result<Listed, LoadError> {
        let below = token.map(|token| Cursor::read(LANE, wanted, token)).transpose()?.map(|cursor| cursor.below);
        let limit = usize::try_from(limit.max(1)).unwrap_or(usize::MAX);
        let sources = self.sources(wanted);
        let looks = wanted.looks() || !wanted.states.is_empty();
        let enough = if looks { LOOKED_AT } else { LOOKED_AT.min(limit) };
        let Ahead { places, floor } = self.ahead(&sources, wanted, below.as_ref(), enough).await?;
        let (mut sagas, mut last) = (Vec::new(), None);
        let mut left = places.get(..LOOKED_AT).unwrap_or(&places);
        while !left.is_empty() && sagas.len() < limit {
            let (now, later) = left.split_at(AT_ONCE.min(limit - sagas.len()).min(left.len()));
            let read =
                join_all(now.iter().map(|(place, source)| self.wanted_at(wanted, place, source.definition))).await;
            sagas.extend(read.into_iter().flatten());
            last = now.last();
            left = later;
        }
        let next = match (last, floor) {
            (Some(last), floor) => (floor.is_some() || places.last() != Some(last)).then(|| last.0.clone()),
            (None, Some(floor)) if below.as_ref().is_none_or(|below| floor < *below) => Some(floor),
            (None, Some(_)) => return Err(LoadError::TooFar),
            (None, None) => None,
        };
        let next = next.map(|below| Cursor::new(LANE, wanted, below).write()).transpose()?;
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
#[derive(PartialEq, Eq)]
struct Source<'a> {
    machine: String,
    definition: &'a Definition,
    /// Of which status; `None` is any.
    status: Option<ExecutionStatus>,
}

/// A source that has been listed up to here.
struct Open<'a> {
    source: &'a Source<'a>,
    /// Its next page.
    token: Option<PageToken>,
    /// Above every execution that it has still to list.
    floor: Place,
}

/// What follows in a list.
struct Ahead<'a> {
    /// The next places, the latest to start first, and where they come from.
    places: Vec<(Place, &'a Source<'a>)>,
    /// Above everything else that may follow; `None` if nothing does.
    floor: Option<Place>,
}

impl ExecutedSagas {
    fn sources(&self, wanted: &Wanted) -> Vec<Source<'_>> {
        let named = |definition: &&Definition| wanted.saga.as_ref().is_none_or(|name| definition.name == name);
        let statuses = statuses(&wanted.states);
        let machines = self.registry.definitions().filter(named);
        let sources = machines.flat_map(|definition| {
            statuses.iter().map(|status| Source { machine: definition.machine_name(), definition, status: *status })
        });
        sources.collect()
    }

    /// At least as many of the next places as are enough, if one call reaches so far.
    async fn ahead<'a>(
        &self,
        sources: &'a [Source<'a>],
        wanted: &Wanted,
        below: Option<&Place>,
        enough: usize,
    ) -> Result<Ahead<'a>, LoadError> {
        let is_first = below.is_none() && wanted.started_before.is_none();
        let size = if is_first { FIRST } else { LISTED };
        let open = |source| Open { source, token: None, floor: Place::above(char::MAX.to_string()) };
        let mut open: Vec<Open<'a>> = sources.iter().map(open).collect();
        let mut known = BTreeMap::new();
        let mut floor = None;
        for _ in 0..WINDOWS {
            let pages = open.iter().map(|Open { source, token, .. }| {
                self.executions.list(&source.machine, source.status, size, token.as_deref())
            });
            let pages = try_join_all(pages).await?;
            let mut still_open = Vec::new();
            for (Open { source, floor, .. }, page) in open.into_iter().zip(pages) {
                let last = page.executions.last();
                if let Some(next) = page.next.filter(|_| !is_before(wanted, last)) {
                    // Whatever follows is listed, and so began, no later than the last of this page.
                    let floor = last.map_or(floor, |last| Place::above(listed_by(last)));
                    still_open.push(Open { source, token: Some(next), floor });
                }
                let in_time = page.executions.into_iter().filter(|execution| is_in_time(wanted, execution));
                let places = in_time.map(|it| Place { at: sortable_time(it.started_at), key: it.name });
                // An execution that has just ended can be listed by both statuses.
                known.extend(
                    places.filter(|place| below.is_none_or(|below| place < below)).map(|place| (place, source)),
                );
            }
            open = still_open;
            floor = open.iter().map(|open| open.floor.clone()).max();
            let is_known = |place: &&Place| floor.as_ref().is_none_or(|floor| *place > floor);
            if open.is_empty() || known.keys().filter(is_known).count() >= enough {
                break;
            }
        }
        let known = known.into_iter().rev();
        let places = known.take_while(|(place, _)| floor.as_ref().is_none_or(|floor| place > floor)).collect();
        Ok(Ahead { places, floor })
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
    wanted.started_after.zip(last).is_some_and(|(after, last)| listed_by(last) < sortable_time(after))
}

/// By which an execution has its place in its state machine's list. It is never before the execution's start.
fn listed_by(execution: &ListedExecution) -> String {
    sortable_time(execution.ended_at.unwrap_or(execution.started_at))
}
