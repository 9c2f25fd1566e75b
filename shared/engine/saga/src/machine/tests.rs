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

/// Every position of [`definition`], with the handler that is awaited there.
const POSITIONS: [(Position, Option<&str>); 8] = [
    (Position::Doing(0), Some("reserve")),
    (Position::Doing(1), Some("charge")),
    (Position::Doing(2), Some("ship")),
    (Position::Undoing(1), Some("refund")),
    (Position::Undoing(0), Some("release")),
    (Position::UndoingStart, Some("reject")),
    (Position::Completed, None),
    (Position::Compensated, None),
];

fn standing_at(position: Position, repeats: u32) -> State {
    State { position, repeats, because: Some(Refusal::new("WHY", "why")) }
}

fn next(state: &State, input: Input<'_>) -> Option<Reaction> {
    react(&definition(), state, input).expect("no violation")
}

/// The patience of [`definition`].
fn wait(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[test]
fn a_saga_begins_with_its_first_step() {
    let state = State { position: Position::Doing(0), repeats: 0, because: None };
    assert_eq!(start(&definition()), Reaction { state, send: Some((command("reserve"), wait(10))), alarm: false });
}

#[test]
fn a_success_leads_from_each_position_to_the_next_with_a_fresh_count_and_the_old_reason() {
    let leads = [
        ("reserve", Position::Doing(1), Some("charge")),
        ("charge", Position::Doing(2), Some("ship")),
        ("ship", Position::Completed, None),
        ("refund", Position::Undoing(0), Some("release")),
        ("release", Position::UndoingStart, Some("reject")),
        ("reject", Position::Compensated, None),
    ];
    for ((position, awaited), (handler, to, sent)) in POSITIONS.into_iter().zip(leads) {
        assert_eq!(awaited, Some(handler));
        let state = standing_at(to, 0);
        let send = POSITIONS.iter().find(|(position, _)| *position == to).and_then(|(_, handler)| *handler);
        assert_eq!(send, sent);
        let send = send.map(|handler| (command(handler), wait(10)));
        let expected = Reaction { state, send, alarm: false };
        assert_eq!(next(&standing_at(position, 7), Input::Succeeded(handler)), Some(expected), "{position:?}");
    }
}

#[test]
fn a_refusal_leads_back_from_before_the_step_with_its_own_reason() {
    for (step, to, sent) in [(0, Position::UndoingStart, "reject"), (1, Position::Undoing(0), "release")] {
        let position = Position::Doing(step);
        let handler = POSITIONS[step].1.expect("a handler");
        let state = State { position: to, repeats: 0, because: Some(Refusal::new("NO", "no")) };
        let expected = Reaction { state, send: Some((command(sent), wait(10))), alarm: false };
        assert_eq!(next(&standing_at(position, 2), refused(handler)), Some(expected), "{position:?}");
    }
}

#[test]
fn each_silence_is_waited_for_longer_and_the_reason_stays() {
    for (position, handler) in POSITIONS.into_iter().filter_map(|(position, handler)| Some((position, handler?))) {
        for (repeats, seconds) in [(0, 20), (1, 40)] {
            let state = standing_at(position, repeats + 1);
            let expected = Reaction { state, send: Some((command(handler), wait(seconds))), alarm: false };
            assert_eq!(next(&standing_at(position, repeats), Input::Silence), Some(expected), "{position:?}");
        }
    }
}

/// The definition allows two repeats.
#[test]
fn only_a_step_with_an_undo_is_given_up_after_the_last_repeat_and_says_whose_answer_is_missing() {
    for (position, handler) in POSITIONS.into_iter().filter_map(|(position, handler)| Some((position, handler?))) {
        let reaction = next(&standing_at(position, 2), Input::Silence).expect("a reaction");
        let (to, sent) = match position {
            Position::Doing(0) => (Position::Undoing(0), "release"),
            Position::Doing(1) => (Position::Undoing(1), "refund"),
            other => (other, handler),
        };
        assert_eq!((reaction.state.position, reaction.send.map(|(sent, _)| sent)), (to, Some(command(sent))));
        if to == position {
            assert_eq!(reaction.state, standing_at(position, 3), "{position:?} goes on");
        } else {
            let unknown = Refusal::new("NO_ANSWER", "somebody did not answer in time");
            assert_eq!((reaction.state.repeats, reaction.state.because), (0, Some(unknown)), "{position:?}");
            assert_eq!(reaction.send.map(|(_, wait)| wait), Some(wait(10)), "{position:?}");
        }
    }
}

#[test]
fn a_person_should_look_from_the_fourth_repeat_of_what_cannot_be_given_up() {
    let definition = definition();
    for (position, handler) in POSITIONS {
        let gives_up = matches!(position, Position::Doing(0 | 1));
        for (repeats, often) in [(0, false), (3, false), (4, true), (5, true), (u32::MAX, true)] {
            let stuck = often && handler.is_some() && !gives_up;
            assert_eq!(definition.is_stuck(position, repeats), stuck, "{position:?} after {repeats} repeats");
        }
        if handler.is_some() && !gives_up {
            let alarm = |repeats| next(&standing_at(position, repeats), Input::Silence).map(|reaction| reaction.alarm);
            assert_eq!((alarm(2), alarm(3), alarm(4)), (Some(false), Some(true), Some(true)), "{position:?}");
            let last = next(&standing_at(position, u32::MAX), Input::Silence).expect("a reaction");
            assert_eq!((last.state.repeats, last.send), (u32::MAX, handler.map(|name| (command(name), wait(900)))));
        }
    }
    assert!(definition.is_stuck(Position::Doing(9), 4), "a step that is not there is not given up either");
}

#[test]
fn a_pivot_without_an_undo_may_be_refused_but_is_never_given_up() {
    let mut definition = definition();
    definition.steps[1].undo = None;
    let state = standing_at(Position::Doing(1), 30);
    let silent = react(&definition, &state, Input::Silence).expect("no violation").expect("a reaction");
    assert_eq!((silent.state.position, silent.alarm), (Position::Doing(1), true));
    let refused = react(&definition, &state, refused("charge")).expect("no violation").expect("a reaction");
    assert_eq!(refused.state.position, Position::Undoing(0));
}

#[test]
fn each_position_awaits_its_command_and_has_its_commands_left() {
    let definition = definition();
    let left = [&["charge", "ship"][..], &["ship"], &[], &["release", "reject"], &["reject"], &[], &[], &[]];
    for ((position, handler), left) in POSITIONS.into_iter().zip(left) {
        let state = standing_at(position, 0);
        assert_eq!(state.awaited(&definition), handler.map(command), "{position:?}");
        assert_eq!(state.is_over(), handler.is_none(), "{position:?}");
        let remaining: Vec<_> = definition.remaining(position).iter().map(|command| command.handler).collect();
        assert_eq!(remaining, left, "{position:?}");
    }
    assert_eq!(standing_at(Position::Doing(9), 0).awaited(&definition), None);
    assert_eq!(standing_at(Position::Undoing(2), 0).awaited(&definition), None, "shipping has no undo");
}

#[test]
fn a_violation_says_what_was_refused_and_why_and_a_stray_refusal_is_none() {
    let state = standing_at(Position::Doing(2), 0);
    let violation = react(&definition(), &state, refused("ship")).expect_err("a violation");
    assert_eq!(violation.to_string(), "ship must not be refused at this point of the saga, but was: NO");
    assert_eq!(next(&state, refused("charge")), None, "a late refusal does not matter");
    assert_eq!(next(&state, Input::Succeeded("reject")), None);
}

/// Instances in flight are stored like this.
#[test]
fn a_state_is_written_like_this() {
    let json = |state: &State| serde_json::to_value(state).expect("JSON");
    let written = [
        serde_json::json!({"doing": 0}),
        serde_json::json!({"doing": 1}),
        serde_json::json!({"doing": 2}),
        serde_json::json!({"undoing": 1}),
        serde_json::json!({"undoing": 0}),
        serde_json::json!("undoing_start"),
        serde_json::json!("completed"),
        serde_json::json!("compensated"),
    ];
    for ((position, _), position_json) in POSITIONS.into_iter().zip(written) {
        let because = serde_json::json!({"reason": "WHY", "message": "why"});
        let expected = serde_json::json!({"position": position_json, "repeats": 3, "because": because});
        assert_eq!(json(&standing_at(position, 3)), expected);
        assert_eq!(serde_json::from_value::<State>(expected).expect("a state"), standing_at(position, 3));
    }
}
