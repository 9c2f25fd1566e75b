//! Counts sagas by their executions. A status is soon counted; whether an execution goes forward or back, only its history
//! tells, and few histories are read.

use std::collections::BTreeMap;

use futures_util::future::{join_all, try_join_all};
use messaging::LoadError;
use saga::Definition;
use uuid::Uuid;

use super::{is_before, is_in_time};
use crate::{ExecutedSagas, ExecutionStatus, LISTED, ListedExecution, Number, ProgressState, Wanted};

/// Of how many executions that go on, and of how many that ended well, the history is read.
const READ: usize = 25;

/// Executions of a status, and whether there may be others.
#[derive(Default)]
struct Counted<'a> {
    executions: Vec<(&'a Definition, ListedExecution)>,
    at_least: bool,
}

impl ExecutedSagas {
    /// How many sagas are in each state.
    pub(super) async fn numbers(&self, wanted: &Wanted) -> Result<BTreeMap<ProgressState, Number>, LoadError> {
        let named = |definition: &&Definition| wanted.saga.as_ref().is_none_or(|name| definition.name == name);
        let machines = self.registry.definitions().filter(named);
        let mut counted: BTreeMap<ExecutionStatus, Counted<'_>> = BTreeMap::new();
        for machine in try_join_all(machines.map(|definition| self.of_machine(definition, wanted))).await? {
            for (status, Counted { executions, at_least }) in machine {
                let all = counted.entry(status).or_default();
                all.executions.extend(executions);
                all.at_least |= at_least;
            }
        }
        let nothing = Number { sagas: 0, at_least: false };
        let mut numbers: BTreeMap<_, _> = ProgressState::STORED.map(|state| (state, nothing)).into();
        for (status, mut counted) in counted {
            match status {
                ExecutionStatus::Running => {
                    // Those that have gone on for longest are the likeliest to be stuck.
                    counted.executions.sort_by_key(|(_, execution)| execution.started_at);
                    let states = [ProgressState::Running, ProgressState::Compensating, ProgressState::Stuck];
                    self.classify(counted, &states, &mut numbers).await;
                }
                ExecutionStatus::Succeeded => {
                    let states = [ProgressState::Completed, ProgressState::Compensated];
                    self.classify(counted, &states, &mut numbers).await;
                }
                ExecutionStatus::Failed | ExecutionStatus::Aborted | ExecutionStatus::TimedOut => {
                    let number = numbers.entry(ProgressState::Stuck).or_insert(nothing);
                    number.sagas += u32::try_from(counted.executions.len()).unwrap_or(u32::MAX);
                    number.at_least |= counted.at_least;
                }
            }
        }
        Ok(numbers)
    }

    /// The executions of a state machine, by their status. One page of all of them is enough for most; where it is not, those
    /// are listed by their status that need a person's eye.
    async fn of_machine<'a>(
        &self,
        definition: &'a Definition,
        wanted: &Wanted,
    ) -> Result<BTreeMap<ExecutionStatus, Counted<'a>>, LoadError> {
        use ExecutionStatus::{Aborted, Failed, Running, TimedOut};
        let (all, is_whole) = self.page(definition, None, wanted).await?;
        let mut counted: BTreeMap<ExecutionStatus, Counted<'a>> = BTreeMap::new();
        for execution in all {
            counted.entry(execution.status).or_default().executions.push((definition, execution));
        }
        if is_whole {
            return Ok(counted);
        }
        counted.entry(ExecutionStatus::Succeeded).or_default().at_least = true;
        let rare = [Running, Failed, Aborted, TimedOut];
        let pages = try_join_all(rare.map(|status| self.page(definition, Some(status), wanted))).await?;
        for (status, (executions, is_whole)) in rare.into_iter().zip(pages) {
            let executions = executions.into_iter().map(|execution| (definition, execution)).collect();
            counted.insert(status, Counted { executions, at_least: !is_whole });
        }
        Ok(counted)
    }

    /// The executions of one page that began in the wanted time, and whether no other page has such executions.
    async fn page(
        &self,
        definition: &Definition,
        status: Option<ExecutionStatus>,
        wanted: &Wanted,
    ) -> Result<(Vec<ListedExecution>, bool), LoadError> {
        let page = self.executions.list(&definition.machine_name(), status, LISTED, None).await?;
        let is_whole = page.next.is_none() || is_before(wanted, page.executions.last());
        Ok((page.executions.into_iter().filter(|execution| is_in_time(wanted, execution)).collect(), is_whole))
    }

    /// Counts the first of these executions by what their histories say; the rest may be in any of `states`.
    async fn classify(
        &self,
        counted: Counted<'_>,
        states: &[ProgressState],
        numbers: &mut BTreeMap<ProgressState, Number>,
    ) {
        let Counted { executions, mut at_least } = counted;
        at_least |= executions.len() > READ;
        let sagas = executions.iter().take(READ).filter_map(|(definition, execution)| {
            let saga = Uuid::parse_str(&execution.name).ok()?;
            Some(self.execution(definition, saga))
        });
        for saga in join_all(sagas).await {
            match saga {
                Ok(None) => {}
                Ok(Some(saga)) if saga.state != ProgressState::Unknown => {
                    if let Some(number) = numbers.get_mut(&saga.state) {
                        number.sagas += 1;
                    }
                }
                Ok(Some(_)) | Err(_) => at_least = true,
            }
        }
        for state in states {
            if let Some(number) = numbers.get_mut(state) {
                number.at_least |= at_least;
            }
        }
    }
}
