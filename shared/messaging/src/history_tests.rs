use saga::{Class, CommandSpec, Patience, StepSpec};

use super::*;

fn command(handler: &'static str) -> CommandSpec {
    CommandSpec { handler, participant: "somebody" }
}

/// reserve (undo release), charge as the pivot (undo refund), ship.
fn definition() -> Definition {
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
        patience: Patience::USUAL,
    }
}

/// The progress after these events, one a second.
fn after(happened: &[Happened]) -> SagaProgress {
    let at = |second: usize| OffsetDateTime::UNIX_EPOCH + time::Duration::seconds(second as i64);
    let event = |(second, happened): (usize, &Happened)| HistoryEvent { at: at(second), happened: happened.clone() };
    let events: Vec<HistoryEvent> = [Happened::Started].iter().chain(happened).enumerate().map(event).collect();
    progress(&definition(), &events).expect("a saga that has begun")
}

fn words(progress: &SagaProgress) -> Vec<String> {
    let word = |entry: &Entry| format!("{} {:?} {}{}", entry.handler, entry.state, entry.repeats, entry.reason);
    progress.entries.iter().map(word).collect()
}

fn left(progress: &SagaProgress) -> Vec<&str> {
    progress.remaining.iter().map(|command| command.handler).collect()
}

fn entered(state: &str) -> Happened {
    Happened::Entered(state.to_owned())
}

fn failed(error: &str, cause: &str) -> Happened {
    Happened::Failed { error: error.to_owned(), cause: cause.to_owned() }
}

fn done(state: &str) -> [Happened; 3] {
    [entered(state), Happened::Scheduled, Happened::Succeeded]
}

#[test]
fn a_saga_that_goes_forward_says_what_is_left() {
    let none = after(&[]);
    assert_eq!((none.state, left(&none)), (ProgressState::Running, vec!["reserve", "charge", "ship"]));
    let sent = after(&[done("Reserve").as_slice(), &[entered("Charge"), Happened::Scheduled]].concat());
    assert_eq!((sent.state, left(&sent)), (ProgressState::Running, vec!["ship"]));
    assert_eq!(words(&sent), ["reserve Succeeded 0", "charge Sent 0"]);
    let over = after(&[&done("Reserve")[..], &done("Charge"), &done("Ship"), &[Happened::Ended]].concat());
    assert_eq!((over.state, left(&over)), (ProgressState::Completed, vec![]));
    let early = after(&[&done("Reserve")[..], &[Happened::Ended]].concat());
    assert_eq!((early.state, left(&early)), (ProgressState::Completed, vec![]), "what has ended has nothing left");
    assert_eq!(over.ended_at, Some(OffsetDateTime::UNIX_EPOCH + time::Duration::seconds(10)));
}

#[test]
fn a_refusal_keeps_its_reason_and_the_way_back_is_shown() {
    let refused = failed(REFUSED, r#"{"reason":"NO","message":"no"}"#);
    let before = [&done("Reserve")[..], &[entered("Charge"), Happened::Scheduled, refused]].concat();
    let turned = after(&before);
    assert_eq!(words(&turned), ["reserve Succeeded 0", "charge Refused 0NO"]);
    assert_eq!((turned.state, left(&turned)), (ProgressState::Compensating, vec!["release", "reject"]));
    let undoing = after(&[&before[..], &[entered("Release"), Happened::Scheduled]].concat());
    assert_eq!((undoing.state, left(&undoing)), (ProgressState::Compensating, vec!["reject"]));
    let over = after(&[&before[..], &done("Release"), &done("Reject"), &[Happened::Ended]].concat());
    assert_eq!((over.state, left(&over)), (ProgressState::Compensated, vec![]));
}

#[test]
fn silence_is_counted_and_in_the_end_unknown() {
    let silent = [entered("Reserve"), Happened::Scheduled, Happened::TimedOut, Happened::Scheduled];
    assert_eq!(words(&after(&silent[..1])), ["reserve Sent 0"], "before its message is scheduled");
    let waiting = after(&silent);
    assert_eq!(words(&waiting), ["reserve Sent 1"]);
    // Emulators call a timeout a failure with that name.
    let given_up = [failed("States.Timeout", ""), entered("ReserveUnknown")];
    let unknown = after(&[&silent[..], &given_up].concat());
    assert_eq!(words(&unknown), ["reserve Unknown 1NO_ANSWER"]);
    assert_eq!(left(&unknown), ["release", "reject"]);
}

#[test]
fn what_is_refused_against_its_contract_is_sent_again() {
    let refused = failed(REFUSED, r#"{"reason":"NO","message":"no"}"#);
    let again = after(&[entered("Ship"), Happened::Scheduled, refused, Happened::Scheduled]);
    assert_eq!((words(&again), again.state), (vec!["ship Sent 1".to_owned()], ProgressState::Running));
}

#[test]
fn an_execution_that_gave_up_is_stuck_where_it_was() {
    let stuck =
        after(&[entered("Ship"), Happened::Scheduled, Happened::TimedOut, entered("ShipStuck"), Happened::GaveUp]);
    assert_eq!((stuck.state, words(&stuck)), (ProgressState::Stuck, vec!["ship Sent 0".to_owned()]));
}

#[test]
fn a_command_that_is_never_given_up_is_stuck_after_some_repeats() {
    let silent = |sendings: usize| vec![vec![Happened::Scheduled, Happened::TimedOut]; sendings].concat();
    let state = |then: &[Happened]| after(&[&[entered("Ship")], then].concat()).state;
    assert_eq!((state(&silent(4)), state(&silent(5))), (ProgressState::Running, ProgressState::Stuck));
    let answered = [silent(5), vec![Happened::Scheduled, Happened::Succeeded]].concat();
    assert_eq!(state(&answered), ProgressState::Running);
}

#[test]
fn an_entry_has_its_service_and_its_times() {
    let refused = failed(REFUSED, r#"{"reason":"NO","message":"no"}"#);
    let progress = after(&[&done("Reserve")[..], &[entered("Charge"), Happened::Scheduled, refused]].concat());
    let at = |second| OffsetDateTime::UNIX_EPOCH + time::Duration::seconds(second);
    let entry = |handler: &str, state, reason: &str, from, to| Entry {
        handler: handler.to_owned(),
        participant: "somebody".to_owned(),
        state,
        reason: reason.to_owned(),
        repeats: 0,
        sent_at: at(from),
        ended_at: Some(at(to)),
    };
    let expected =
        [entry("reserve", EntryState::Succeeded, "", 1, 3), entry("charge", EntryState::Refused, "NO", 4, 6)];
    assert_eq!(progress.entries, expected);
    assert_eq!((progress.saga.as_str(), progress.version), ("sell", 1));
    assert_eq!((progress.started_at, progress.ended_at), (at(0), None));
    let unknown = after(&[entered("Reserve"), Happened::Scheduled, Happened::TimedOut, entered("ReserveUnknown")]);
    assert_eq!(unknown.entries[0].ended_at, Some(at(4)));
    let again = after(&[&done("Reserve")[..], &[Happened::Scheduled]].concat());
    assert_eq!((again.entries[0].state, again.entries[0].ended_at), (EntryState::Sent, None));
}

#[test]
fn a_saga_that_has_not_begun_has_no_progress() {
    assert_eq!(progress(&definition(), &[]), None);
}

#[test]
fn an_execution_that_is_redriven_goes_on() {
    let stuck = [entered("Ship"), Happened::Scheduled, Happened::TimedOut, entered("ShipStuck"), Happened::GaveUp];
    let redriven = after(&[&stuck[..], &[Happened::Started, entered("Ship"), Happened::Scheduled]].concat());
    assert_eq!((redriven.state, redriven.ended_at), (ProgressState::Running, None));
    assert_eq!(after(&stuck).ended_at, Some(OffsetDateTime::UNIX_EPOCH + time::Duration::seconds(5)));
}

#[test]
fn a_saga_whose_execution_gave_up_still_shows_what_is_left() {
    let undoing = [entered("Release"), Happened::Scheduled, Happened::TimedOut, Happened::GaveUp];
    let stuck = after(&[&done("Reserve")[..], &undoing].concat());
    assert_eq!((stuck.state, left(&stuck)), (ProgressState::Stuck, vec!["reject"]));
}

/// An error of the machinery is no refusal: the command is sent again.
#[test]
fn only_a_refusal_is_a_refusal() {
    let other = after(&[entered("Reserve"), Happened::Scheduled, failed("SQS.Error", r#"{"reason":"NO"}"#)]);
    assert_eq!((words(&other), other.state), (vec!["reserve Sent 0".to_owned()], ProgressState::Running));
    let strange = after(&[entered("Reserve"), Happened::Scheduled, failed(REFUSED, "not JSON")]);
    assert_eq!(words(&strange), ["reserve Refused 0"], "a refusal whose reason cannot be read is still one");
}

#[test]
fn a_silent_undo_is_stuck_after_some_repeats_as_well() {
    let silent = |sendings: usize| vec![vec![Happened::Scheduled, Happened::TimedOut]; sendings].concat();
    for state in ["Release", "Refund", "Reject"] {
        let after = |sendings| after(&[&[entered(state)], &silent(sendings)[..]].concat()).state;
        assert_eq!((after(4), after(5)), (ProgressState::Compensating, ProgressState::Stuck), "{state}");
    }
    let given_up = after(&[&[entered("Reserve")], &silent(9)[..]].concat());
    assert_eq!(given_up.state, ProgressState::Running, "a step with an undo is never stuck");
}
