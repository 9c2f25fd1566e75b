//! Reads a saga's progress out of its execution's history.

use saga::Refusal;
use saga::asl::{REFUSED, waiting};
use saga::{Definition, NO_ANSWER, Position};
use time::OffsetDateTime;

use crate::{Entry, EntryState, Happened, HistoryEvent, ProgressState, SagaProgress};

/// How far the saga had come when its execution had this history; `None` before it has begun.
pub fn progress(definition: &Definition, events: &[HistoryEvent]) -> Option<SagaProgress> {
    let mut reading = Reading { definition, entries: Vec::new(), sendings: 0, due: None, end: None };
    for event in events {
        reading.take(event);
    }
    let started_at = Some(events.first()?.at);
    let Reading { entries, due, end, .. } = reading;
    let ahead = ahead(definition, entries.last());
    let leads_to = ahead.last().copied().unwrap_or(Position::FIRST);
    let (state, ended_at) = match end {
        Some((true, at)) => (leads_to.into(), Some(at)),
        Some((false, at)) => (ProgressState::Stuck, Some(at)),
        None if entries.last().is_some_and(|entry| is_stuck(definition, entry)) => (ProgressState::Stuck, None),
        None if leads_to == Position::Completed => (ProgressState::Running, None),
        None => (ProgressState::Compensating, None),
    };
    let still_to_send = ahead.into_iter().filter(|_| !matches!(end, Some((true, _))));
    let remaining = still_to_send.filter_map(|position| definition.command_at(position)).collect();
    let (saga, version) = (definition.name.to_owned(), definition.version);
    Some(SagaProgress {
        id: None,
        subject: String::new(),
        started_by: None,
        starting_event: String::new(),
        deadline: due,
        saga,
        version,
        state,
        entries,
        remaining,
        started_at,
        ended_at,
    })
}

/// What an event of this type means for a saga, if anything, in the words of AWS; `entered` is the state that it names,
/// `failure` the error and its cause.
pub fn happened(kind: &str, entered: Option<&str>, failure: Option<(&str, &str)>) -> Option<Happened> {
    if let Some(state) = entered {
        return Some(Happened::Entered(state.to_owned()));
    }
    Some(match kind {
        "ExecutionStarted" | "ExecutionRedriven" => Happened::Started,
        "TaskScheduled" => Happened::Scheduled,
        "TaskSucceeded" => Happened::Succeeded,
        "TaskTimedOut" => Happened::TimedOut,
        "TaskFailed" => {
            let (error, cause) = failure?;
            Happened::Failed { error: error.to_owned(), cause: cause.to_owned() }
        }
        "ExecutionSucceeded" => Happened::Ended,
        "ExecutionFailed" | "ExecutionAborted" | "ExecutionTimedOut" => Happened::GaveUp,
        _ => return None,
    })
}

struct Reading<'a> {
    definition: &'a Definition,
    entries: Vec<Entry>,
    /// How often the last entry's command was sent.
    sendings: u32,
    /// When that command is repeated or given up unless it is answered before, if that is known.
    due: Option<OffsetDateTime>,
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
            Happened::Scheduled => self.send(event.at),
            Happened::Succeeded => self.settle(EntryState::Succeeded, "", event.at),
            Happened::Failed { error, cause } if error == REFUSED => {
                let refusal = serde_json::from_str::<Refusal>(cause).map(|refusal| refusal.reason);
                self.settle(EntryState::Refused, &refusal.unwrap_or_default(), event.at);
            }
            // It could not be sent: when that is tried again is not told.
            Happened::Failed { .. } => self.due = None,
            Happened::Ended => self.finish(true, event.at),
            Happened::GaveUp => self.finish(false, event.at),
        }
    }

    /// A command's state begins an entry. The state that turns its silence into a refusal settles it.
    fn enter(&mut self, state: &str, at: OffsetDateTime) {
        match self.definition.commands().find(|command| command.state_name() == state) {
            Some(command) => {
                self.sendings = 0;
                self.entries.push(Entry::sent(command, at));
                self.due = self.due_after(0, at);
            }
            None if state.ends_with("Unknown") => self.settle(EntryState::Unknown, NO_ANSWER, at),
            None => {}
        }
    }

    /// A command that is sent again has no outcome yet, whatever a participant said against its contract.
    fn send(&mut self, at: OffsetDateTime) {
        let repeats = self.sendings;
        self.sendings = self.sendings.saturating_add(1);
        self.due = self.due_after(repeats, at);
        if let Some(entry) = self.entries.last_mut() {
            if repeats > 0 {
                entry.repeat(repeats, at);
            }
            entry.state = EntryState::Sent;
            entry.ended_at = None;
            entry.reason.clear();
        }
    }

    /// When a command is repeated or given up that was sent now, for the time of this number.
    fn due_after(&self, repeats: u32, at: OffsetDateTime) -> Option<OffsetDateTime> {
        let position = self.definition.position_of(&self.entries.last()?.handler)?;
        at.checked_add(time::Duration::try_from(waiting(self.definition, position)?.after(repeats)).ok()?)
    }

    fn finish(&mut self, well: bool, at: OffsetDateTime) {
        self.end = Some((well, at));
        self.due = None;
    }

    fn settle(&mut self, state: EntryState, reason: &str, at: OffsetDateTime) {
        self.due = None;
        if let Some(entry) = self.entries.last_mut() {
            entry.settle(state, reason, at);
        }
    }
}

/// The positions that are still to come after the latest command, up to the end, if nothing more goes wrong.
fn ahead(definition: &Definition, last: Option<&Entry>) -> Vec<Position> {
    let Some((at, entry)) = last.and_then(|entry| Some((definition.position_of(&entry.handler)?, entry))) else {
        return definition.way_from(Position::FIRST).collect();
    };
    // A refusal against the contract leads nowhere: the command is sent again.
    match entry.state.outcome().and_then(|outcome| definition.after(at, outcome)) {
        Some(next) => definition.way_from(next).collect(),
        None => definition.way_from(at).skip(1).collect(),
    }
}

fn is_stuck(definition: &Definition, entry: &Entry) -> bool {
    let at = definition.position_of(&entry.handler);
    entry.state == EntryState::Sent && at.is_some_and(|at| definition.is_stuck(at, entry.repeats))
}

#[cfg(test)]
mod tests;
