//! A path through the Rust lane: the orchestrator as it is deployed, on a clock of its own.

use anyhow::{Context, Result, bail};
use messaging::{Address, Envelope, Failure, deliver, ids};
use orchestration::{Orchestrator, SagaInstance, SagaProgress, recorded};
use order::sagas::registry;
use saga::Definition;
use testkit::{MemoryDatabase, MemoryOutbound, MemoryStore, builders};
use time::OffsetDateTime;
use wire::message::v1::{CommandRefused, CommandSucceeded};

use super::paths::{Answer, Path, refusal};
use super::{Command, Trace, registry_of};

/// More messages than any path takes.
const MAX_MESSAGES: usize = 200;

/// Runs the saga of this definition, which `event` starts, along this path.
pub(super) async fn run(definition: &Definition, event: &Envelope, path: &Path) -> Result<Trace> {
    let store = MemoryDatabase::default().table("sagas");
    let mut lane = Lane {
        orchestrator: Orchestrator::new("orchestrate-saga", registry_of(definition), "replies"),
        outbound: MemoryOutbound::default(),
        seen: 0,
        now: builders::at(0),
        waiting: Vec::new(),
        commands: Vec::new(),
    };
    for _ in 0..if path.starts_twice { 2 } else { 1 } {
        lane.waiting.push((lane.now, event.clone()));
    }
    for _ in 0..MAX_MESSAGES {
        let progress = progress(&store, event)?;
        if let Some(progress) = progress.filter(|progress| progress.ended_at.is_some() && lane.is_quiet()) {
            return Ok(Trace::of(lane.commands, &progress));
        }
        lane.handle_next(&store, path).await?;
    }
    bail!("there is no end to it")
}

struct Lane {
    orchestrator: Orchestrator,
    outbound: MemoryOutbound,
    /// How much of what was sent has been looked at.
    seen: usize,
    now: OffsetDateTime,
    /// What the orchestrator will receive, and when.
    waiting: Vec<(OffsetDateTime, Envelope)>,
    commands: Vec<Command>,
}

impl Lane {
    /// Whether nothing but watchdogs is on its way.
    fn is_quiet(&self) -> bool {
        self.waiting.iter().all(|(at, _)| *at > self.now)
    }

    async fn handle_next(&mut self, store: &MemoryStore, path: &Path) -> Result<()> {
        let due = self.waiting.iter().map(|(at, _)| *at).min().context("the saga waits for nothing")?;
        let index = self.waiting.iter().position(|(at, _)| *at == due).context("a message")?;
        let (_, message) = self.waiting.remove(index);
        self.now = self.now.max(due);
        match deliver(&self.orchestrator, store, &self.outbound, &message, self.now).await {
            // What breaks the contract is set aside, and the command is repeated.
            Ok(()) | Err(Failure::SetAside(_)) => {}
            Err(failure) => bail!("{failure}"),
        }
        let sent = self.outbound.sent();
        for sent in sent.iter().skip(self.seen) {
            match &sent.to {
                Address::Handler(handler) => self.hand_over(handler, &sent.message, path)?,
                _ => self.waiting.push((self.now + sent.delay, sent.message.clone())),
            }
        }
        self.seen = sent.len();
        Ok(())
    }

    /// A participant gets a command, and does what the path says.
    fn hand_over(&mut self, handler: &str, command: &Envelope, path: &Path) -> Result<()> {
        let delivery = self.commands.iter().filter(|sent| sent.handler == handler).count();
        self.commands.push(Command::of(handler, command)?);
        let reply = |refuses: bool| {
            if refuses {
                builders::reply(command, refused())
            } else {
                builders::reply(command, CommandSucceeded::default())
            }
        };
        let replies = match path.answer(handler, delivery) {
            Answer::Nothing => vec![],
            Answer::Succeed => vec![reply(false)],
            Answer::Refuse => vec![reply(true)],
            Answer::SucceedTwice | Answer::SucceedLate => vec![reply(false), reply(false)],
            Answer::RefuseTwice | Answer::RefuseLate => vec![reply(true), reply(true)],
            Answer::SucceedAndWake(late) => {
                let mut woken = reply(false);
                woken.message_id = ids::reply(woken.message_id);
                if let Some(correlation) = &mut woken.correlation {
                    late.clone_into(&mut correlation.step);
                }
                vec![woken, reply(false)]
            }
        };
        self.waiting.extend(replies.into_iter().map(|reply| (self.now, reply)));
        Ok(())
    }
}

/// The refusal as a reply.
pub(super) fn refused() -> CommandRefused {
    let refusal = refusal();
    CommandRefused { reason: refusal.reason, message: refusal.message, ..Default::default() }
}

fn progress(store: &MemoryStore, event: &Envelope) -> Result<Option<SagaProgress>> {
    let Some(record) = store.peek(&ids::saga(event.message_id).to_string()) else { return Ok(None) };
    let instance: SagaInstance = record.aggregate()?;
    Ok(Some(recorded(&registry(), &instance)))
}
