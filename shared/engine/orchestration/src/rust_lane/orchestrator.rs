//! The handler of the events that start sagas, of replies and of watchdogs.

use std::convert::Infallible;
use std::time::Duration;

use async_trait::async_trait;
use messaging::{
    Address, Alarm, Context, Correlation, Decision, Envelope, Failure, Forgets, Handler, Key, LONGEST_DELAY, Outgoing,
    Verdict, ids,
};
use saga::{Input, NO_ANSWER, Reaction, react, start};
use time::OffsetDateTime;
use uuid::Uuid;
use wire::message::v1::CommandSucceeded;
use wire::saga::v1::DeadlinePassed;

use crate::sagas::{AnySaga, refusal};
use crate::{EntryState, Registry, SagaInstance};

/// The name of the [`Alarm`] about a saga that cannot go on.
pub const STUCK_SAGA: &str = "saga-stuck";

/// Turns events and replies into commands.
pub struct Orchestrator {
    name: &'static str,
    registry: Registry,
    return_address: String,
}

impl Orchestrator {
    /// An orchestrator in the function of this name, whose replies arrive on the queue with this URL.
    pub fn new(name: &'static str, registry: Registry, return_address: impl Into<String>) -> Self {
        Self { name, registry, return_address: return_address.into() }
    }

    fn saga_of(&self, instance: &SagaInstance) -> Result<&dyn AnySaga, Failure> {
        self.registry.started_with(&instance.saga, instance.definition_version, instance.fingerprint)
    }

    fn begin(&self, saga: &dyn AnySaga, context: &Context<'_>) -> Result<Decision<SagaInstance>, Failure> {
        let saga_id = ids::saga(context.message.message_id);
        let reaction = start(saga.definition());
        let subject = self.registry.subject_of(&context.message.payload)?;
        let mut instance = SagaInstance::start(saga.definition(), context.message, subject, &reaction, context.now);
        let command = self.command(saga, saga_id, &instance)?;
        let watchdog = self.arm(saga_id, &mut instance, 0, context.now);
        Ok(Decision::save(instance).sending(command).sending([watchdog]))
    }

    fn on_reply(
        &self,
        instance: &SagaInstance,
        input: Input<'_>,
        sender: &Correlation,
        now: OffsetDateTime,
    ) -> Result<Verdict<SagaInstance, Infallible>, Failure> {
        let saga = self.saga_of(instance)?;
        let (outcome, reason) = match &input {
            Input::Refused(_, refusal) => (EntryState::Refused, refusal.reason.clone()),
            Input::Succeeded(_) | Input::Silence => (EntryState::Succeeded, String::new()),
        };
        let reaction = react(saga.definition(), &instance.state, input).map_err(Failure::set_aside)?;
        let Some(reaction) = reaction else { return Ok(Verdict::Send(Vec::new())) };
        let armed_for = instance.deadline;
        let mut instance = instance.clone();
        instance.settle(outcome, &reason, now);
        let forgets = self.advance(saga, &mut instance, &reaction, now)?;
        let command = self.command(saga, sender.saga_id, &instance)?;
        // After many repeats the watchdog sleeps for minutes: longer than the next step may stay silent.
        let rearm = !instance.state.is_over() && instance.deadline < armed_for;
        let watchdog = rearm.then(|| self.arm(sender.saga_id, &mut instance, 0, now));
        let decision = Decision::save(instance).sending(command).sending(watchdog);
        Ok(Verdict::Save(Decision { forgets, ..decision }))
    }

    fn on_watchdog(
        &self,
        instance: &SagaInstance,
        number: u32,
        saga_id: Uuid,
        now: OffsetDateTime,
    ) -> Result<Verdict<SagaInstance, Infallible>, Failure> {
        let saga = self.saga_of(instance)?;
        // The inbox would answer a repeated watchdog with the next watchdog, and the saga would have two from then on.
        // A repeat arms a new watchdog instead, which is then the only watchdog that counts.
        let is_repeat = number != 0 && number == instance.armed_by;
        if number != instance.watchdog && !is_repeat {
            return Ok(Verdict::Send(Vec::new()));
        }
        let mut instance = instance.clone();
        let (mut command, mut alarm, mut forgets) = (None, None, Forgets::Nothing);
        if is_repeat {
            command = self.command(saga, saga_id, &instance)?;
        } else if now >= instance.deadline {
            let reaction = react(saga.definition(), &instance.state, Input::Silence).map_err(Failure::set_aside)?;
            let Some(reaction) = reaction else { return Ok(Verdict::Send(Vec::new())) };
            if reaction.state.position != instance.state.position {
                instance.settle(EntryState::Unknown, NO_ANSWER, now);
            }
            forgets = self.advance(saga, &mut instance, &reaction, now)?;
            command = self.command(saga, saga_id, &instance)?;
            alarm = reaction.alarm.then(|| Alarm {
                name: STUCK_SAGA,
                text: "a command that cannot be given up gets no reply",
                saga_id,
                saga: instance.saga.clone(),
                repeats: reaction.state.repeats,
            });
        }
        let watchdog = self.arm(saga_id, &mut instance, number, now);
        let decision = Decision::save(instance).sending(command).sending([watchdog]);
        Ok(Verdict::Save(Decision { alarms: alarm.into_iter().collect(), forgets, ..decision }))
    }

    /// Takes over the machine's reaction. Tells what the inbox need not send again: once the saga is over, anything; once
    /// it has forgotten a secret, its commands, as the earlier ones are settled and the awaited command leaves now. A
    /// watchdog that could not be sent yet is still needed then: it is the saga's only clock.
    fn advance(
        &self,
        saga: &dyn AnySaga,
        instance: &mut SagaInstance,
        reaction: &Reaction,
        now: OffsetDateTime,
    ) -> Result<Forgets, Failure> {
        instance.advance(reaction, now);
        if instance.state.is_over() {
            return Ok(Forgets::Everything);
        }
        let Some(data) = &instance.data else { return Ok(Forgets::Nothing) };
        let kept = self.registry.without_secrets(saga.definition(), instance.state.position, data)?;
        if kept == *data {
            return Ok(Forgets::Nothing);
        }
        instance.data = Some(kept);
        Ok(Forgets::ToOthers)
    }

    /// The command whose reply the instance awaits.
    fn command(&self, saga: &dyn AnySaga, saga_id: Uuid, instance: &SagaInstance) -> Result<Option<Outgoing>, Failure> {
        let Some(command) = instance.state.awaited(saga.definition()) else { return Ok(None) };
        let Some(data) = &instance.data else { return Ok(None) };
        let payload = saga.command(command.handler, data, instance.state.because.as_ref())?;
        Ok(Some(Outgoing::Message {
            to: Address::Handler(command.handler.to_owned()),
            id: ids::command(saga_id, command.handler),
            correlation: Some(self.correlation(saga_id, command.handler)),
            delay_seconds: 0,
            payload,
        }))
    }

    /// Arms a watchdog for the next deadline; earlier watchdogs no longer count.
    fn arm(&self, saga_id: Uuid, instance: &mut SagaInstance, armed_by: u32, now: OffsetDateTime) -> Outgoing {
        instance.armed_by = armed_by;
        instance.watchdog = instance.watchdog.saturating_add(1);
        // No time is left until a deadline that has passed.
        let left = Duration::try_from(instance.deadline - now).unwrap_or_default().min(LONGEST_DELAY);
        let seconds = left.as_secs() + u64::from(left.subsec_nanos() > 0);
        Outgoing::Message {
            to: Address::Myself,
            id: ids::watchdog(saga_id, instance.watchdog),
            correlation: Some(self.correlation(saga_id, "")),
            delay_seconds: u32::try_from(seconds).unwrap_or(u32::MAX),
            payload: DeadlinePassed { watchdog: instance.watchdog, ..Default::default() }.into(),
        }
    }

    fn correlation(&self, saga_id: Uuid, step: &str) -> Correlation {
        Correlation {
            saga_id,
            step: step.to_owned(),
            reply_to: self.return_address.clone(),
            reply_token: String::new(),
        }
    }
}

/// What a message of a saga says.
enum Heard<'a> {
    /// The watchdog of this number wakes.
    Watchdog(u32),
    /// A participant replies.
    Reply(Input<'a>),
}

impl<'a> Heard<'a> {
    fn of(message: &Envelope, step: &'a str) -> Result<Self, Failure> {
        if message.payload.is::<DeadlinePassed>() {
            Ok(Self::Watchdog(message.unpack::<DeadlinePassed>()?.watchdog))
        } else if message.payload.is::<CommandSucceeded>() {
            Ok(Self::Reply(Input::Succeeded(step)))
        } else {
            Ok(Self::Reply(Input::Refused(step, refusal(message)?)))
        }
    }
}

#[async_trait]
impl Handler for Orchestrator {
    type Aggregate = SagaInstance;
    type Effect = Infallible;
    type Outcome = Infallible;

    fn source(&self) -> &str {
        self.name
    }

    fn key(&self, message: &Envelope) -> Result<Key, Failure> {
        match &message.correlation {
            Some(correlation) if self.registry.started_by(&message.payload).is_none() => {
                Ok(correlation.saga_id.to_string())
            }
            _ => Ok(ids::saga(message.message_id).to_string()),
        }
    }

    fn remembers(&self, message: &Envelope) -> bool {
        !message.payload.is::<DeadlinePassed>()
    }

    fn decide(
        &self,
        state: Option<&SagaInstance>,
        context: &Context<'_>,
    ) -> Result<Verdict<SagaInstance, Infallible>, Failure> {
        let message = context.message;
        if let Some(saga) = self.registry.started_by(&message.payload) {
            return match state {
                None => self.begin(saga, context).map(Verdict::Save),
                // The event is older than the inbox remembers: its saga has long begun.
                Some(_) => Ok(Verdict::Send(Vec::new())),
            };
        }
        let sender = message.correlation.as_ref().ok_or_else(|| {
            Failure::set_aside(format!("{} neither starts a saga nor belongs to one", message.payload.type_name()))
        })?;
        let instance = state.ok_or_else(|| Failure::set_aside(format!("there is no saga {}", sender.saga_id)))?;
        // What cannot be read is set aside, whether its saga is over or not.
        let heard = Heard::of(message, &sender.step)?;
        if instance.state.is_over() {
            // The message is late or repeated, and its saga's version may be gone by now.
            return Ok(Verdict::Send(Vec::new()));
        }
        match heard {
            Heard::Watchdog(number) => self.on_watchdog(instance, number, sender.saga_id, context.now),
            Heard::Reply(input) => self.on_reply(instance, input, sender, context.now),
        }
    }

    async fn perform(&self, effect: &Infallible) -> Result<Infallible, Failure> {
        match *effect {}
    }

    fn conclude(
        &self,
        _state: Option<&SagaInstance>,
        outcome: Infallible,
        _context: &Context<'_>,
    ) -> Result<Decision<SagaInstance>, Failure> {
        match outcome {}
    }
}

#[cfg(test)]
mod tests;
