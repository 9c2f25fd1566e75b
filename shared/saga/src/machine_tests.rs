use super::*;
use crate::{Class, Patience, StepSpec};

fn command(handler: &'static str) -> CommandSpec {
    CommandSpec { handler, participant: "somebody" }
}

/// reserve (undo release), charge as the pivot (undo refund), ship.
pub(crate) fn definition() -> Definition {
    let step = |handler, class, undo: Option<&'static str>| StepSpec {
        command: command(handler),
        class,
        undo: undo.map(command),
    };
    Definition {
        name: "sell",
        version: 1,
        undo: command("reject"),
        steps: vec![
            step("reserve", Class::Compensatable, Some("release")),
            step("charge", Class::Pivot, Some("refund")),
            step("ship", Class::Retriable, None),
        ],
        patience: Patience { repeats: 2, ..Patience::USUAL },
    }
}

/// Runs the inputs and returns the handlers of all commands sent, then the last state.
fn run(inputs: &[Input<'_>]) -> (Vec<&'static str>, State) {
    let definition = definition();
    let mut reaction = start(&definition);
    let mut sent = vec![];
    sent.extend(reaction.send.map(|(command, _)| command.handler));
    for input in inputs {
        if let Some(next) = react(&definition, &reaction.state, input.clone()).expect("no violation") {
            sent.extend(next.send.map(|(command, _)| command.handler));
            reaction = next;
        }
    }
    (sent, reaction.state)
}

fn refused(handler: &str) -> Input<'_> {
    Input::Refused(handler, Refusal::new("NO", "no"))
}

#[test]
fn every_step_succeeds() {
    let (sent, state) = run(&[Input::Succeeded("reserve"), Input::Succeeded("charge"), Input::Succeeded("ship")]);
    assert_eq!(sent, ["reserve", "charge", "ship"]);
    assert_eq!(state.position, Position::Completed);
    assert_eq!(state.because, None);
}

#[test]
fn a_refused_first_step_undoes_only_the_start() {
    let (sent, state) = run(&[refused("reserve"), Input::Succeeded("reject")]);
    assert_eq!(sent, ["reserve", "reject"]);
    assert_eq!(state.position, Position::Compensated);
    assert_eq!(state.because, Some(Refusal::new("NO", "no")));
}

#[test]
fn a_refused_pivot_undoes_the_steps_before_it_but_not_itself() {
    let inputs =
        [Input::Succeeded("reserve"), refused("charge"), Input::Succeeded("release"), Input::Succeeded("reject")];
    let (sent, state) = run(&inputs);
    assert_eq!(sent, ["reserve", "charge", "release", "reject"]);
    assert_eq!(state.position, Position::Compensated);
}

#[test]
fn a_silent_pivot_is_repeated_then_undone_with_the_steps_before_it() {
    let inputs = [
        Input::Succeeded("reserve"),
        Input::Silence,
        Input::Silence,
        Input::Silence,
        // The reply comes after all, but the saga has turned back.
        Input::Succeeded("charge"),
        Input::Succeeded("refund"),
        Input::Succeeded("release"),
        Input::Succeeded("reject"),
    ];
    let (sent, state) = run(&inputs);
    assert_eq!(sent, ["reserve", "charge", "charge", "charge", "refund", "release", "reject"]);
    assert_eq!(state.position, Position::Compensated);
    assert_eq!(state.because.map(|because| because.reason), Some("NO_ANSWER".to_owned()));
}

#[test]
fn a_silent_retriable_step_is_repeated_for_ever_and_raises_an_alarm() {
    let definition = definition();
    let mut state = State { position: Position::Doing(2), repeats: 0, because: None };
    let mut alarms = vec![];
    for _ in 0..40 {
        let reaction = react(&definition, &state, Input::Silence).expect("no violation").expect("a reaction");
        assert_eq!(reaction.send.map(|(command, _)| command.handler), Some("ship"));
        alarms.push(reaction.alarm);
        state = reaction.state;
    }
    assert_eq!(alarms[..4], [false, false, false, true]);
    assert!(alarms[3..].iter().all(|alarm| *alarm));
}

#[test]
fn a_silent_undo_is_repeated_for_ever() {
    let definition = definition();
    let mut state = State { position: Position::Undoing(0), repeats: 0, because: None };
    for _ in 0..40 {
        let reaction = react(&definition, &state, Input::Silence).expect("no violation").expect("a reaction");
        assert_eq!(reaction.send.map(|(command, _)| command.handler), Some("release"));
        state = reaction.state;
    }
}

#[test]
fn late_and_repeated_replies_do_not_matter() {
    let (sent, state) = run(&[Input::Succeeded("reserve"), Input::Succeeded("reserve"), refused("reserve")]);
    assert_eq!(sent, ["reserve", "charge"]);
    assert_eq!(state.position, Position::Doing(1));
}

#[test]
fn nothing_matters_once_it_is_over() {
    let definition = definition();
    for position in [Position::Completed, Position::Compensated] {
        let state = State { position, repeats: 0, because: None };
        for input in [Input::Succeeded("ship"), refused("reserve"), Input::Silence] {
            assert_eq!(react(&definition, &state, input), Ok(None));
        }
    }
}

#[test]
fn a_refusal_after_the_pivot_or_of_an_undo_is_a_violation() {
    let definition = definition();
    for (position, handler) in
        [(Position::Doing(2), "ship"), (Position::Undoing(1), "refund"), (Position::UndoingStart, "reject")]
    {
        let state = State { position, repeats: 0, because: None };
        let violation = react(&definition, &state, refused(handler)).expect_err("a violation");
        assert_eq!(violation.handler, handler);
    }
}
