use std::time::Duration;

use super::*;

/// Whose commands name it.
struct Sale(&'static str);

/// What a command was made of: its handler, the data and the reason.
type Worded = (&'static str, &'static str, Option<String>);

macro_rules! commands {
    ($($command:ident => $participant:literal, $handler:literal, $refusal:ty, $why:expr;)*) => {
        $(
            struct $command(Worded);

            impl Command for $command {
                const HANDLER: &'static str = $handler;
                const PARTICIPANT: &'static str = $participant;
                type Refusal = $refusal;
            }

            impl CommandOf<Sale> for $command {
                const WHY: Option<fn(Self, &Refusal) -> Self> = $why;

                fn of(sale: &Sale) -> Self {
                    Self(($handler, sale.0, None))
                }
            }

            impl From<$command> for Worded {
                fn from(command: $command) -> Self {
                    command.0
                }
            }
        )*
    };
}

commands! {
    Reserve => "stock", "reserve", Refusal, None;
    Release => "stock", "release", Infallible, Some(|Self(words), why| Self((words.0, words.1, Some(why.message.clone()))));
    Charge => "bank", "charge", Refusal, None;
    Refund => "bank", "refund", Infallible, None;
    Ship => "post", "ship", Infallible, None;
    Reject => "shop", "reject", Infallible, Some(|Self(words), why| Self((words.0, words.1, Some(why.reason.clone()))));
}

fn sell() -> Saga<Sale, Worded> {
    saga("sell", 4)
        .undone_by::<Reject>()
        .compensatable::<Reserve, Release>()
        .pivot_undone_by::<Charge, Refund>()
        .retriable::<Ship>()
        .build()
}

fn spec(handler: &'static str, participant: &'static str) -> CommandSpec {
    CommandSpec { handler, participant }
}

#[test]
fn a_saga_is_what_was_written_down() {
    let step = |command, class, undo| StepSpec { command, class, undo };
    let expected = Definition {
        name: "sell",
        version: 4,
        undo: spec("reject", "shop"),
        steps: vec![
            step(spec("reserve", "stock"), Class::Compensatable, Some(spec("release", "stock"))),
            step(spec("charge", "bank"), Class::Pivot, Some(spec("refund", "bank"))),
            step(spec("ship", "post"), Class::Retriable, None),
        ],
        patience: Patience { first: Duration::from_secs(10), longest: Duration::from_secs(900), repeats: 3 },
    };
    assert_eq!(sell().definition(), &expected);
    let order: Vec<&str> = expected.commands().map(|command| command.handler).collect();
    assert_eq!(order, ["reserve", "charge", "ship", "refund", "release", "reject"]);
}

#[test]
fn a_pivot_need_not_have_an_undo() {
    let saga = saga::<Sale, Worded>("sell", 1).undone_by::<Reject>().pivot::<Charge>().build();
    let steps = vec![StepSpec { command: spec("charge", "bank"), class: Class::Pivot, undo: None }];
    let (undo, patience) = (spec("reject", "shop"), Patience::USUAL);
    assert_eq!(saga.definition(), &Definition { name: "sell", version: 1, undo, steps, patience });
}

#[test]
fn patience_can_be_set_in_each_phase_and_changes_nothing_else() {
    let patience = Patience { first: Duration::from_secs(1), longest: Duration::from_secs(2), repeats: 0 };
    let opening = || saga::<Sale, Worded>("sell", 1);
    let plain = opening().undone_by::<Reject>().pivot::<Charge>().retriable::<Ship>().build();
    let expected = Definition { patience, ..plain.definition().clone() };
    let first = opening().patience(patience).undone_by::<Reject>().pivot::<Charge>().retriable::<Ship>().build();
    let then = opening().undone_by::<Reject>().patience(patience).pivot::<Charge>().retriable::<Ship>().build();
    let last = opening().undone_by::<Reject>().pivot::<Charge>().retriable::<Ship>().patience(patience).build();
    for saga in [first, then, last] {
        assert_eq!(saga.definition(), &expected);
    }
}

#[test]
fn every_command_is_worded_from_the_data_and_tells_the_reason_if_it_tells_any() {
    let because = Refusal::new("NO", "not today");
    for command in sell().definition().commands() {
        let worded = |because| sell().command(command.handler, &Sale("tea"), because);
        let told = match command.handler {
            "release" => Some("not today".to_owned()),
            "reject" => Some("NO".to_owned()),
            _ => None,
        };
        assert_eq!(worded(None), Some((command.handler, "tea", None)));
        assert_eq!(sell().tells_why(command.handler), told.is_some(), "{}", command.handler);
        assert_eq!(worded(Some(&because)), Some((command.handler, "tea", told)));
    }
    assert_eq!(sell().command("nobody", &Sale("tea"), None), None);
    assert!(!sell().tells_why("nobody"));
}
