//! Which event starts which saga, and which definition a run finishes on.

use std::collections::{BTreeMap, BTreeSet};

use messaging::Failure;
use saga::{Command, Definition, Outcome, Position, Refusal, Saga, Wording};
use serde_json::{Map, Value};
use uuid::Uuid;
use wire::{Payload, PayloadError, WireMessage};

use super::fingerprint;

/// The sagas that an orchestrator runs, with every version that may still be in flight.
#[derive(Default)]
pub struct Registry {
    sagas: BTreeMap<(String, u32), Box<dyn AnySaga>>,
    /// The version that new instances start with, by the starting event's type.
    starts: BTreeMap<&'static str, (String, u32)>,
    secrets: Vec<Secret>,
    /// What tells the subject of a saga, by the starting event's type.
    subjects: BTreeMap<&'static str, Box<Subject>>,
}

/// What is taken out of a stored event once a command cannot be sent any more.
struct Secret {
    /// The type of the event that holds it.
    event: &'static str,
    /// The handler of the last command that is worded from it.
    last: &'static str,
    forget: Box<Forget>,
}

/// How much of a subject is kept, in characters.
const MAX_SUBJECT: usize = 100;

type Subject = dyn Fn(&Payload) -> Result<String, PayloadError> + Send + Sync;
type Forget = dyn Fn(&Payload) -> Result<Payload, PayloadError> + Send + Sync;

impl Registry {
    /// Adds a saga that the event `E` starts; new instances run the version that was added last.
    #[must_use]
    pub fn with<E, D>(mut self, saga: Saga<D, Payload>) -> Self
    where
        E: WireMessage,
        D: From<E> + Send + Sync + 'static,
    {
        let id = (saga.definition().name.to_owned(), saga.definition().version);
        self.starts.insert(E::FULL_NAME, id.clone());
        let unpack = |data: &Payload| Ok(D::from(data.unpack::<E>()?));
        let empty = || Payload::from(E::default());
        self.sagas.insert(id, Box::new(StartedBy { saga, event: E::FULL_NAME, unpack, empty }));
        self
    }

    /// Names a secret of the starting event `E` that the command `C` is worded from, and no command that comes after it: the
    /// Rust lane stores the event without it as soon as `C` cannot be sent any more. A version without `C` keeps it until
    /// the saga is over.
    #[must_use]
    pub fn forgetting_after<C, E>(mut self, forget: fn(&mut E)) -> Self
    where
        C: Command,
        E: WireMessage,
    {
        let forget = move |event: &Payload| {
            let mut event: E = event.unpack()?;
            forget(&mut event);
            Ok(event.into())
        };
        self.secrets.push(Secret { event: E::FULL_NAME, last: C::HANDLER, forget: Box::new(forget) });
        self
    }

    /// Says what a saga is about that the event `E` starts, such as an order's id: operators find it by that. It is told in
    /// lists, so it must be no secret.
    #[must_use]
    pub fn about<E: WireMessage>(mut self, subject: fn(&E) -> String) -> Self {
        let subject = move |event: &Payload| {
            let event: E = event.unpack()?;
            Ok(subject(&event).chars().take(MAX_SUBJECT).collect())
        };
        self.subjects.insert(E::FULL_NAME, Box::new(subject));
        self
    }

    /// The registry as it was when this definition was the newest of its saga: new instances run it again.
    #[must_use]
    pub fn as_of(mut self, definition: &Definition) -> Self {
        let id = (definition.name.to_owned(), definition.version);
        if let Some(saga) = self.sagas.get(&id) {
            self.starts.insert(saga.event(), id);
        }
        self
    }

    /// The functions that the sagas send commands to.
    pub fn handlers(&self) -> BTreeSet<&'static str> {
        self.definitions().flat_map(Definition::commands).map(|command| command.handler).collect()
    }

    /// The types of the events that start a saga, such as `shop.v1.SalePlaced`.
    pub fn starting_events(&self) -> impl Iterator<Item = &'static str> {
        self.starts.keys().copied()
    }

    /// Every version of every saga, by name and version.
    pub fn definitions(&self) -> impl Iterator<Item = &Definition> {
        self.sagas.values().map(|saga| saga.definition())
    }

    /// How a saga words its commands, by handler: what a state machine has to know of it.
    ///
    /// # Errors
    /// A saga that the registry does not know, or a wording that a state machine cannot express.
    pub fn wordings(&self, definition: &Definition) -> Result<BTreeMap<&'static str, Wording>, Failure> {
        let saga = self.find(definition.name, definition.version)?;
        definition.commands().map(|command| Ok((command.handler, saga.wording(command.handler)?))).collect()
    }

    /// The saga that new instances run when this event has happened.
    pub(crate) fn started_by(&self, event: &Payload) -> Option<&dyn AnySaga> {
        let id = self.starts.get(event.type_name())?;
        self.sagas.get(id).map(Box::as_ref)
    }

    /// What the saga is about that this event starts; empty if the registry does not say.
    pub(crate) fn subject_of(&self, event: &Payload) -> Result<String, Failure> {
        let subject = self.subjects.get(event.type_name());
        subject.map_or_else(|| Ok(String::new()), |subject| subject(event)).map_err(Failure::set_aside)
    }

    /// The versions of that saga that new instances do not run any more.
    pub(crate) fn other_versions(&self, event: &Payload) -> impl Iterator<Item = &Definition> {
        let newest = self.starts.get(event.type_name());
        let older =
            self.sagas.iter().filter(move |(id, _)| newest.is_some_and(|newest| newest.0 == id.0 && newest != *id));
        older.map(|(_, saga)| saga.definition())
    }

    /// The event that a saga started with, without what no command is worded from that the saga may send from `position` on.
    pub(crate) fn without_secrets(
        &self,
        definition: &Definition,
        position: Position,
        event: &Payload,
    ) -> Result<Payload, Failure> {
        let own = self.secrets.iter().filter(|secret| secret.event == event.type_name());
        let mut over = own.filter(|Secret { last, .. }| {
            definition.position_of(last).is_some() && !definition.may_send(position, last)
        });
        over.try_fold(event.clone(), |event, secret| (secret.forget)(&event)).map_err(Failure::set_aside)
    }

    /// Whether a business rule may forbid the command with this handler, in any saga.
    pub(crate) fn may_be_refused(&self, handler: &str) -> bool {
        self.definitions().any(|definition| {
            let position = definition.position_of(handler);
            position.is_some_and(|position| definition.after(position, Outcome::Refused).is_some())
        })
    }

    /// The saga that a run started with, and finishes on: never another definition of the same name and version.
    pub(crate) fn started_with(
        &self,
        name: &str,
        version: u32,
        fingerprint_then: Option<Uuid>,
    ) -> Result<&dyn AnySaga, Failure> {
        let saga = self.find(name, version)?;
        let known = fingerprint(saga.definition());
        match fingerprint_then {
            Some(then) if then != known => Err(Failure::set_aside(format!(
                "the saga {name} of version {version} started with the definition {then}, here it is {known}: \
                 deploy the definition that it started with"
            ))),
            _ => Ok(saga),
        }
    }

    pub(crate) fn find(&self, name: &str, version: u32) -> Result<&dyn AnySaga, Failure> {
        let saga = self.sagas.get(&(name.to_owned(), version));
        saga.map(Box::as_ref).ok_or_else(|| Failure::set_aside(format!("no saga {name} of version {version} is known")))
    }
}

/// A saga whose data is read from the event that started it.
pub(crate) trait AnySaga: Send + Sync {
    fn definition(&self) -> &Definition;
    /// The type of the event that starts it.
    fn event(&self) -> &'static str;
    fn command(&self, handler: &str, data: &Payload, because: Option<&Refusal>) -> Result<Payload, Failure>;
    fn wording(&self, handler: &str) -> Result<Wording, Failure>;
}

struct StartedBy<D> {
    saga: Saga<D, Payload>,
    event: &'static str,
    unpack: fn(&Payload) -> Result<D, wire::PayloadError>,
    empty: fn() -> Payload,
}

impl<D: Send + Sync> AnySaga for StartedBy<D> {
    fn definition(&self) -> &Definition {
        self.saga.definition()
    }

    fn event(&self) -> &'static str {
        self.event
    }

    fn command(&self, handler: &str, data: &Payload, because: Option<&Refusal>) -> Result<Payload, Failure> {
        let data = (self.unpack)(data).map_err(Failure::set_aside)?;
        let unknown = || Failure::set_aside(format!("the saga has no command {handler}"));
        self.saga.command(handler, &data, because).ok_or_else(unknown)
    }

    fn wording(&self, handler: &str) -> Result<Wording, Failure> {
        let empty = (self.empty)();
        let command = self.command(handler, &empty, None)?;
        let tells_why = self.saga.tells_why(handler);
        if tells_why {
            let told = self.command(handler, &empty, Some(&Refusal::new("reason", "message")))?;
            can_be_merged(handler, &command, &told)?;
        }
        Ok(Wording { message: command.type_name().to_owned(), tells_why })
    }
}

/// Whether a state machine can make `told` of `command`: it merges the refusal's own fields into it, unchanged.
fn can_be_merged(handler: &str, command: &Payload, told: &Payload) -> Result<(), Failure> {
    let (command, told) = (json(command)?, json(told)?);
    if command == told {
        return Err(Failure::set_aside(format!(
            "{handler} has a WHY that changes nothing: a state machine would tell why"
        )));
    }
    let differs = |(name, value): &(&String, &Value)| command.get(*name) != Some(value);
    let is_the_refusals =
        |(name, value): (&String, &Value)| ["reason", "message"].contains(&name.as_str()) && value == name;
    match told.iter().filter(differs).find(|field| !is_the_refusals(*field)) {
        None => Ok(()),
        Some((name, value)) => {
            Err(Failure::set_aside(format!("{handler} words {name} in a way that a state machine cannot: {value}")))
        }
    }
}

fn json(payload: &Payload) -> Result<Map<String, Value>, Failure> {
    match serde_json::to_value(payload).map_err(Failure::set_aside)? {
        Value::Object(fields) => Ok(fields),
        other => Err(Failure::set_aside(format!("a payload is no JSON object: {other}"))),
    }
}

#[cfg(test)]
mod tests;
