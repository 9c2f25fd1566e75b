//! A saga as plain data: its steps with their commands, and how long it waits for a reply.

use std::time::Duration;

/// What a step means for going back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// An undo can reverse it.
    Compensatable,
    /// The go/no-go step: once it succeeds the saga will complete.
    Pivot,
    /// It cannot be refused, only repeated until it succeeds.
    Retriable,
}

/// Where a command goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CommandSpec {
    /// The function that handles it; unique within a saga.
    pub handler: &'static str,
    /// The service that owns the function.
    pub participant: &'static str,
}

impl CommandSpec {
    /// The command's name as state machines and diagrams write it: `reserve-goods` is `ReserveGoods`.
    pub fn state_name(&self) -> String {
        let capital = |word: &str| {
            let mut letters = word.chars();
            letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
        };
        self.handler.split('-').map(capital).collect()
    }
}

/// One step of a saga.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepSpec {
    /// The command that carries the step out.
    pub command: CommandSpec,
    /// What the step means for going back.
    pub class: Class,
    /// The compensation: every step before the pivot has it, no step after the pivot does.
    pub undo: Option<CommandSpec>,
}

/// How long a saga waits for a reply before it repeats the command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// The wait after the first sending; each repeat doubles it.
    pub first: Duration,
    /// The longest wait; SQS delays a message by at most 15 minutes.
    pub longest: Duration,
    /// A command that may be given up counts as unknown after this many repeats.
    pub repeats: u32,
}

impl Patience {
    /// What a saga uses unless it says otherwise: 10, 20, 40 and 80 seconds, then unknown.
    pub const USUAL: Self = Self { first: Duration::from_secs(10), longest: Duration::from_secs(900), repeats: 3 };

    /// The wait after the sending number `attempt`, counted from 0.
    pub fn wait(&self, attempt: u32) -> Duration {
        let doubled = 2u32.checked_pow(attempt).and_then(|factor| self.first.checked_mul(factor));
        doubled.map_or(self.longest, |wait| wait.min(self.longest))
    }
}

/// A saga's steps, in order, without the code that words its commands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    /// The saga's name, such as `place-sale`.
    pub name: &'static str,
    /// The version, counted up whenever a published definition changes.
    pub version: u32,
    /// The command that undoes the local transaction which started the saga.
    pub undo: CommandSpec,
    /// The steps in order; a saga that was built has at least the pivot.
    pub steps: Vec<StepSpec>,
    /// How long silence lasts.
    pub patience: Patience,
}

impl Definition {
    /// The name of the state machine that runs this version, such as `place-sale-v1`.
    pub fn machine_name(&self) -> String {
        format!("{}-v{}", self.name, self.version)
    }

    /// The whole definition as text, from which its fingerprint is derived. Equal definitions have the same text, different
    /// definitions have different texts.
    pub fn canonical(&self) -> String {
        let command = |command: CommandSpec| format!("{}@{}", command.handler, command.participant);
        let Patience { first, longest, repeats } = self.patience;
        let (first, longest) = (first.as_millis(), longest.as_millis());
        let mut text = format!("saga {} {}\n", self.name, self.version);
        text += &format!("patience {first} ms up to {longest} ms, {repeats} repeats\n");
        text += &format!("start undone by {}\n", command(self.undo));
        for step in &self.steps {
            let undo = step.undo.map_or_else(|| "nothing".to_owned(), command);
            text += &format!("{} {} undone by {undo}\n", step.class.name(), command(step.command));
        }
        text
    }
}

impl Class {
    /// The class in lower case, as the documentation writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Compensatable => "compensatable",
            Self::Pivot => "pivot",
            Self::Retriable => "retriable",
        }
    }
}

/// How a command is worded, as far as a state machine has to know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wording {
    /// The full name of its message, such as `warehouse.v1.ReserveGoods`.
    pub message: String,
    /// Whether it tells why the saga goes back, in fields that are named as those of a [`crate::Refusal`].
    pub tells_why: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(handler: &'static str) -> CommandSpec {
        CommandSpec { handler, participant: "shop" }
    }

    fn step(handler: &'static str, class: Class, undo: Option<&'static str>) -> StepSpec {
        StepSpec { command: command(handler), class, undo: undo.map(command) }
    }

    #[test]
    fn the_canonical_text_holds_everything() {
        let steps = vec![
            step("a", Class::Compensatable, Some("b")),
            step("d", Class::Pivot, Some("e")),
            step("f", Class::Retriable, None),
        ];
        let definition = Definition { name: "x", version: 7, undo: command("c"), steps, patience: Patience::USUAL };
        let expected = "saga x 7\npatience 10000 ms up to 900000 ms, 3 repeats\nstart undone by c@shop\n\
            compensatable a@shop undone by b@shop\npivot d@shop undone by e@shop\n\
            retriable f@shop undone by nothing\n";
        assert_eq!(definition.canonical(), expected);
    }

    #[test]
    fn each_version_has_a_machine_of_its_own() {
        let (undo, patience) = (command("undo"), Patience::USUAL);
        let of = |version| Definition { name: "place-sale", version, undo, steps: vec![], patience }.machine_name();
        assert_eq!((of(1), of(12)), ("place-sale-v1".to_owned(), "place-sale-v12".to_owned()));
    }

    #[test]
    fn waits_double_up_to_the_longest() {
        let waits: Vec<u64> = (0..9).map(|attempt| Patience::USUAL.wait(attempt).as_secs()).collect();
        assert_eq!(waits, [10, 20, 40, 80, 160, 320, 640, 900, 900]);
        for attempt in [31, 32, 33, u32::MAX] {
            assert_eq!(Patience::USUAL.wait(attempt), Duration::from_secs(900), "attempt {attempt}");
        }
        assert_eq!(Patience::USUAL.repeats, 3);
    }

    #[test]
    fn a_command_is_called_in_pascal_case_where_hyphens_are_not_allowed() {
        for (handler, name) in
            [("reserve-goods", "ReserveGoods"), ("ship", "Ship"), ("a-b-c", "ABC"), ("", ""), ("a--b", "AB")]
        {
            assert_eq!(command(handler).state_name(), name);
        }
    }
}
