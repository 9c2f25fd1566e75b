//! Reads a saga's progress out of its execution's history.

use saga::Refusal;
use saga::asl::REFUSED;
use saga::{CommandSpec, Definition, Position};
use time::OffsetDateTime;

use crate::{Entry, EntryState, Happened, HistoryEvent, ProgressState, SagaProgress};

/// How far the saga had come when its execution had this history; `None` before it has begun.
pub fn progress(definition: &Definition, events: &[HistoryEvent]) -> Option<SagaProgress> {
    let mut reading = Reading { definition, entries: Vec::new(), sendings: 0, end: None };
    for event in events {
        reading.take(event);
    }
    let started_at = events.first()?.at;
    let Reading { entries, end, .. } = reading;
    let position = entries.last().map_or(Position::Doing(0), |entry| position(definition, entry));
    let (state, ended_at) = match end {
        Some((true, at)) => (end_of(position), Some(at)),
        Some((false, at)) => (ProgressState::Stuck, Some(at)),
        None => (under_way(definition, position, entries.last()), None),
    };
    let is_over = matches!(state, ProgressState::Completed | ProgressState::Compensated);
    let remaining = if is_over { Vec::new() } else { remaining(definition, position, entries.last()) };
    let (saga, version) = (definition.name.to_owned(), definition.version);
    Some(SagaProgress { saga, version, state, entries, remaining, started_at, ended_at })
}

struct Reading<'a> {
    definition: &'a Definition,
    entries: Vec<Entry>,
    /// Of the last entry's command.
    sendings: u32,
    /// Whether the execution ended well, and when.
    end: Option<(bool, OffsetDateTime)>,
}

impl Reading<'_> {
    fn take(&mut self, event: &HistoryEvent) {
        match &event.happened {
            // An execution that is redriven goes on.
            Happened::Started => self.end = None,
            Happened::TimedOut => {}
            Happened::Entered(state) => self.enter(state, event.at),
            Happened::Scheduled => self.send(),
            Happened::Succeeded => self.settle(EntryState::Succeeded, "", event.at),
            Happened::Failed { error, cause } if error == REFUSED => {
                let refusal = serde_json::from_str::<Refusal>(cause).map(|refusal| refusal.reason);
                self.settle(EntryState::Refused, &refusal.unwrap_or_default(), event.at);
            }
            Happened::Failed { .. } => {}
            Happened::Ended => self.end = Some((true, event.at)),
            Happened::GaveUp => self.end = Some((false, event.at)),
        }
    }

    /// A command's state begins an entry; what puts silence in words ends one.
    fn enter(&mut self, state: &str, at: OffsetDateTime) {
        match self.definition.commands().find(|command| command.state_name() == state) {
            Some(command) => {
                self.sendings = 0;
                self.entries.push(Entry::sent(command, at));
            }
            None if state.ends_with("Unknown") => self.settle(EntryState::Unknown, "NO_ANSWER", at),
            None => {}
        }
    }

    /// A command that is sent again has no outcome yet, whatever a participant said against its contract.
    fn send(&mut self) {
        self.sendings += 1;
        if let Some(entry) = self.entries.last_mut() {
            entry.repeats = self.sendings - 1;
            entry.state = EntryState::Sent;
            entry.ended_at = None;
            entry.reason.clear();
        }
    }

    fn settle(&mut self, state: EntryState, reason: &str, at: OffsetDateTime) {
        if let Some(entry) = self.entries.last_mut() {
            entry.settle(state, reason, at);
        }
    }
}

/// Which command the entry is of.
fn position(definition: &Definition, entry: &Entry) -> Position {
    let is = |command: Option<CommandSpec>| command.is_some_and(|command| command.handler == entry.handler);
    let doing = definition.steps.iter().position(|step| is(Some(step.command)));
    let undoing = || definition.steps.iter().position(|step| is(step.undo));
    doing.map(Position::Doing).or_else(|| undoing().map(Position::Undoing)).unwrap_or(Position::UndoingStart)
}

fn end_of(position: Position) -> ProgressState {
    match position {
        Position::Doing(_) => ProgressState::Completed,
        _ => ProgressState::Compensated,
    }
}

fn under_way(definition: &Definition, position: Position, last: Option<&Entry>) -> ProgressState {
    match last {
        Some(entry) if entry.state == EntryState::Sent && definition.is_stuck(position, entry.repeats) => {
            ProgressState::Stuck
        }
        // The first undo has not been sent yet.
        Some(entry) if entry.state.turns_round() => ProgressState::Compensating,
        _ => position.into(),
    }
}

/// What is left; between a refusal and the first undo, the whole way back.
fn remaining(definition: &Definition, position: Position, last: Option<&Entry>) -> Vec<CommandSpec> {
    let Position::Doing(step) = position else { return definition.remaining(position) };
    match last {
        Some(entry) if entry.state.turns_round() => {
            let own = definition.steps.get(step).and_then(|step| step.undo);
            let own = own.filter(|_| entry.state == EntryState::Unknown);
            own.into_iter().chain(definition.remaining(Position::Undoing(step))).collect()
        }
        Some(_) => definition.remaining(position),
        None => definition.steps.iter().map(|step| step.command).collect(),
    }
}

#[cfg(test)]
mod tests;
