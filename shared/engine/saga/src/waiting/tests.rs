use super::*;
use crate::asl;
use crate::{Class, CommandSpec, Patience, StepSpec};

const fn command(handler: &'static str) -> CommandSpec {
    CommandSpec { handler, participant: "b" }
}

/// A step that may be given up, a pivot that may not, and a step after it.
fn definition(patience: Patience) -> Definition {
    let step = |handler, class, undo| StepSpec { command: command(handler), class, undo };
    let steps = vec![
        step("a", Class::Compensatable, Some(command("b"))),
        step("c", Class::Pivot, None),
        step("d", Class::Retriable, None),
    ];
    Definition { name: "x", version: 1, undo: command("e"), steps, patience }
}

fn seconds(waiting: &Waiting) -> Vec<u64> {
    waiting.waits.iter().map(Duration::as_secs).collect()
}

const FOR_EVER: [Position; 4] = [Position::Doing(1), Position::Doing(2), Position::Undoing(0), Position::UndoingStart];

#[test]
fn the_rust_lane_waits_twice_as_long_each_time() {
    let definition = definition(Patience::USUAL);
    let first = definition.waiting(Position::Doing(0)).expect("a command");
    assert_eq!((seconds(&first), first.given_up_after), (vec![10, 20, 40, 80], Some(4)));
    for position in FOR_EVER {
        let waiting = definition.waiting(position).expect("a command");
        assert_eq!(seconds(&waiting), [10, 20, 40, 80, 160, 320, 640, 900], "{position:?}");
        assert_eq!(waiting.given_up_after, None, "{position:?}");
    }
    assert_eq!(definition.waiting(Position::Completed), None);
    assert_eq!(definition.waiting(Position::Compensated), None);
}

/// Timeout and pause of the state machine: 36 s and a second, 150 s and the pauses between 10 s and 750 s.
#[test]
fn a_state_machine_waits_for_its_timeout_and_its_pause() {
    let definition = definition(Patience::USUAL);
    let first = asl::waiting(&definition, Position::Doing(0)).expect("a command");
    assert_eq!((seconds(&first), first.given_up_after), (vec![37, 37, 37, 36], Some(4)));
    for position in FOR_EVER {
        let waiting = asl::waiting(&definition, position).expect("a command");
        assert_eq!(seconds(&waiting), [160, 170, 190, 230, 310, 470, 790, 900], "{position:?}");
        assert_eq!(waiting.given_up_after, None, "{position:?}");
    }
    assert_eq!(asl::waiting(&definition, Position::Completed), None);
}

/// The machine's own answers, sending by sending.
#[test]
fn the_waits_are_those_of_the_machine() {
    let definition = definition(Patience { first: Duration::from_secs(3), ..Patience::USUAL });
    let waiting = definition.waiting(Position::Doing(0)).expect("a command");
    let mut reaction = crate::start(&definition);
    for sending in 0..4 {
        let (sent, wait) = reaction.send.expect("a command");
        assert_eq!((sent.handler, wait), ("a", waiting.after(sending)), "sending {sending}");
        reaction = crate::react(&definition, &reaction.state, crate::Input::Silence).expect("a reaction").expect("one");
    }
    assert_eq!(reaction.send.map(|(sent, _)| sent.handler), Some("b"), "it is given up after the fourth sending");
}

#[test]
fn the_last_wait_holds_for_every_further_sending() {
    let waiting = definition(Patience::USUAL).waiting(Position::UndoingStart).expect("a command");
    let after: Vec<u64> = [0, 7, 8, u32::MAX].map(|sending| waiting.after(sending).as_secs()).into();
    assert_eq!(after, [10, 900, 900, 900]);
}

#[test]
fn few_waits_are_told_however_many_there_are() {
    let wait = Duration::from_secs(5);
    let definition = definition(Patience { first: wait, longest: wait, repeats: u32::MAX });
    let same = definition.waiting(Position::Doing(0)).expect("a command");
    assert_eq!((seconds(&same), same.given_up_after), (vec![5], Some(u32::MAX)));
    let others = Waiting::of(&definition, Position::Doing(0), |sending| Duration::from_secs(sending.into()));
    assert_eq!(others.expect("a command").waits.len(), 64);
}
