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

/// Until it is sent again: the saga stays where it is, as in the Rust lane.
#[test]
fn a_refusal_against_the_contract_turns_no_saga_round() {
    let refused = |state: &str| after(&[entered(state), Happened::Scheduled, refused()]);
    let ship = refused("Ship");
    assert_eq!((ship.state, left(&ship)), (ProgressState::Running, vec![]));
    let release = refused("Release");
    assert_eq!((release.state, left(&release)), (ProgressState::Compensating, vec!["reject"]));
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

fn at(second: i64) -> OffsetDateTime {
    OffsetDateTime::UNIX_EPOCH + time::Duration::seconds(second)
}

fn refused() -> Happened {
    failed(REFUSED, r#"{"reason":"NO","message":"no"}"#)
}

#[test]
fn an_entry_says_who_and_when() {
    let happened = [&done("Reserve")[..], &[entered("Charge"), Happened::Scheduled, refused()]].concat();
    let progress = after(&[&happened[..], &[entered("Release"), Happened::Scheduled]].concat());
    let entry = |handler: &str, state, reason: &str, sent, ended: Option<i64>| Entry {
        handler: handler.to_owned(),
        participant: "somebody".to_owned(),
        state,
        reason: reason.to_owned(),
        repeats: 0,
        sent_at: at(sent),
        repeated_at: vec![],
        ended_at: ended.map(at),
    };
    let expected = [
        entry("reserve", EntryState::Succeeded, "", 1, Some(3)),
        entry("charge", EntryState::Refused, "NO", 4, Some(6)),
        entry("release", EntryState::Sent, "", 7, None),
    ];
    assert_eq!(progress.entries, expected);
    assert_eq!((progress.saga.as_str(), progress.version), ("sell", 1));
    assert_eq!((progress.started_at, progress.ended_at), (Some(at(0)), None));
}

#[test]
fn an_execution_without_events_has_not_begun() {
    assert_eq!(progress(&definition(), &[]), None);
}

#[test]
fn a_saga_whose_execution_gave_up_still_shows_what_is_left() {
    let undoing = [entered("Release"), Happened::Scheduled, Happened::TimedOut, Happened::GaveUp];
    let stuck = after(&[&done("Reserve")[..], &undoing].concat());
    assert_eq!((stuck.state, left(&stuck)), (ProgressState::Stuck, vec!["reject"]));
}

#[test]
fn repeats_are_counted_for_each_command_anew() {
    let twice = [entered("Reserve"), Happened::Scheduled, Happened::TimedOut, Happened::Scheduled, Happened::Succeeded];
    let next = after(&[&twice[..], &[entered("Charge"), Happened::Scheduled]].concat());
    assert_eq!(words(&next), ["reserve Succeeded 1", "charge Sent 0"]);
}

/// It is no longer known when and why it ended.
#[test]
fn a_command_that_is_sent_again_has_no_outcome() {
    let again = after(&[entered("Ship"), Happened::Scheduled, refused(), Happened::Scheduled]);
    let entry = &again.entries[0];
    assert_eq!((entry.state, entry.reason.as_str(), entry.ended_at), (EntryState::Sent, "", None));
}

#[test]
fn only_a_refusal_settles_a_command_that_failed() {
    let failure = |error: &str, cause: &str| after(&[entered("Reserve"), Happened::Scheduled, failed(error, cause)]);
    let unsent = failure("SQS.SdkClientException", r#"{"reason":"NO","message":"no"}"#);
    assert_eq!((words(&unsent), unsent.entries[0].ended_at), (vec!["reserve Sent 0".to_owned()], None));
    assert_eq!((unsent.state, left(&unsent)), (ProgressState::Running, vec!["charge", "ship"]));
    let unreadable = failure(REFUSED, "no JSON");
    assert_eq!(words(&unreadable), ["reserve Refused 0"]);
    assert_eq!((unreadable.state, left(&unreadable)), (ProgressState::Compensating, vec!["reject"]));
}

#[test]
fn the_way_back_is_shown_step_by_step() {
    let unknown = [&done("Reserve")[..], &[entered("Charge"), Happened::Scheduled, entered("ChargeUnknown")]].concat();
    let back = |then: &[Happened]| {
        let progress = after(&[&unknown[..], then].concat());
        (progress.state, left(&progress).join(" "), progress.ended_at)
    };
    let compensating = |left: &str| (ProgressState::Compensating, left.to_owned(), None);
    assert_eq!(back(&[]), compensating("refund release reject"));
    assert_eq!(back(&[entered("Refund"), Happened::Scheduled]), compensating("release reject"));
    assert_eq!(back(&done("Refund")), compensating("release reject"));
    assert_eq!(back(&[done("Refund"), done("Release")].concat()), compensating("reject"));
    assert_eq!(back(&[done("Refund"), done("Release"), done("Reject")].concat()), compensating(""));
    let all = [&done("Refund")[..], &done("Release"), &done("Reject"), &[Happened::Ended]].concat();
    assert_eq!(back(&all), (ProgressState::Compensated, String::new(), Some(at(16))));
}

#[test]
fn a_saga_between_two_steps_goes_on() {
    let between = after(&done("Reserve"));
    assert_eq!((between.state, left(&between)), (ProgressState::Running, vec!["charge", "ship"]));
}

#[test]
fn an_execution_that_gave_up_says_since_when_and_what_is_left() {
    let stuck = [entered("Charge"), Happened::Scheduled, entered("ChargeStuck"), Happened::GaveUp];
    let stuck = after(&[&done("Reserve")[..], &stuck].concat());
    assert_eq!((stuck.state, left(&stuck), stuck.ended_at), (ProgressState::Stuck, vec!["ship"], Some(at(7))));
}

#[test]
fn an_execution_that_is_redriven_goes_on() {
    let stuck = [entered("Ship"), Happened::Scheduled, entered("ShipStuck"), Happened::GaveUp];
    let redriven = after(&[&stuck[..], &[Happened::Started, Happened::Scheduled]].concat());
    assert_eq!((redriven.state, redriven.ended_at), (ProgressState::Running, None));
    assert_eq!(words(&redriven), ["ship Sent 1"]);
    assert_eq!(redriven.started_at, Some(at(0)), "it began when it first began");
    let over = [&stuck[..], &[Happened::Started, Happened::Scheduled, Happened::Succeeded, Happened::Ended]].concat();
    assert_eq!(after(&over).state, ProgressState::Completed);
}

/// The border is the same as in the Rust lane, on the way back as well.
#[test]
fn an_undo_is_stuck_after_its_fourth_repeat_and_what_can_be_given_up_never_is() {
    let silent = |state: &str, sendings: usize| {
        let sendings = vec![vec![Happened::Scheduled, Happened::TimedOut]; sendings].concat();
        after(&[&[entered(state)], &sendings[..]].concat()).state
    };
    assert_eq!((silent("Release", 4), silent("Release", 5)), (ProgressState::Compensating, ProgressState::Stuck));
    assert_eq!((silent("Reject", 4), silent("Reject", 5)), (ProgressState::Compensating, ProgressState::Stuck));
    assert_eq!(silent("Reserve", 9), ProgressState::Running);
}

/// Whatever its history leaves out: nobody waits for a step of an execution that has ended well.
#[test]
fn what_is_over_has_nothing_left() {
    let completed = after(&[&done("Reserve")[..], &[Happened::Ended]].concat());
    assert_eq!((completed.state, left(&completed)), (ProgressState::Completed, vec![]));
    let refused = [&done("Reserve")[..], &[entered("Charge"), Happened::Scheduled, refused()]].concat();
    let compensated = after(&[&refused[..], &done("Release"), &[Happened::Ended]].concat());
    assert_eq!((compensated.state, left(&compensated)), (ProgressState::Compensated, vec![]));
}

#[test]
fn each_kind_of_event_is_read_for_what_it_means() {
    let failed = Happened::Failed { error: "Refused".to_owned(), cause: "{}".to_owned() };
    for (kind, meaning) in [
        ("ExecutionStarted", Some(Happened::Started)),
        ("ExecutionRedriven", Some(Happened::Started)),
        ("TaskScheduled", Some(Happened::Scheduled)),
        ("TaskSucceeded", Some(Happened::Succeeded)),
        ("TaskTimedOut", Some(Happened::TimedOut)),
        ("TaskFailed", Some(failed)),
        ("ExecutionSucceeded", Some(Happened::Ended)),
        ("ExecutionFailed", Some(Happened::GaveUp)),
        ("ExecutionAborted", Some(Happened::GaveUp)),
        ("ExecutionTimedOut", Some(Happened::GaveUp)),
        ("TaskStarted", None),
        ("TaskSubmitted", None),
        ("TaskStateExited", None),
    ] {
        assert_eq!(happened(kind, None, Some(("Refused", "{}"))), meaning, "{kind}");
    }
    assert_eq!(happened("TaskFailed", None, None), None, "a failure without its details says nothing");
    for kind in ["TaskStateEntered", "PassStateEntered", "FailStateEntered"] {
        let entered = Happened::Entered("ShipStuck".to_owned());
        assert_eq!(happened(kind, Some("ShipStuck"), None), Some(entered));
    }
}

/// By the waits of the state machine: 36 s and a pause, and for what is never given up 150 s and a longer pause.
#[test]
fn a_command_says_when_it_is_repeated_or_given_up() {
    let due = |happened: &[Happened]| after(happened).deadline;
    let silent = [entered("Reserve"), Happened::Scheduled, Happened::TimedOut, Happened::Scheduled];
    assert_eq!(due(&[]), None, "nothing is awaited yet");
    assert_eq!(due(&silent[..1]), Some(at(1 + 37)), "it is about to be sent");
    assert_eq!(due(&silent[..2]), Some(at(2 + 37)));
    assert_eq!(due(&silent[..3]), Some(at(2 + 37)), "it has been silent, and is repeated after the pause");
    assert_eq!(due(&silent), Some(at(4 + 37)));
    let last = [&silent[..], &[Happened::Scheduled, Happened::Scheduled]].concat();
    assert_eq!(due(&last), Some(at(6 + 36)), "it is given up without a pause");
    assert_eq!(due(&[&silent[..], &[Happened::Succeeded]].concat()), None);
    assert_eq!(due(&[&silent[..], &[refused()]].concat()), None);
    assert_eq!(due(&[&silent[..], &[failed("SQS.SdkClientException", "")]].concat()), None, "it could not be sent");
    assert_eq!(due(&[&silent[..], &[entered("ReserveUnknown")]].concat()), None);
    let ship = [entered("Ship"), Happened::Scheduled, Happened::TimedOut, Happened::Scheduled];
    assert_eq!((due(&ship[..2]), due(&ship)), (Some(at(2 + 160)), Some(at(4 + 170))));
    assert_eq!(due(&[&ship[..], &[Happened::GaveUp]].concat()), None);
    assert_eq!(due(&[&ship[..], &[Happened::Ended]].concat()), None);
}

#[test]
fn a_repeated_command_says_when_it_was_repeated_of_late() {
    let repeated = |sendings: usize| {
        let happened = [vec![entered("Ship")], vec![Happened::Scheduled; sendings]].concat();
        after(&happened).entries[0].repeated_at.clone()
    };
    assert_eq!((repeated(0), repeated(1)), (vec![], vec![]));
    assert_eq!(repeated(3), [at(3), at(4)]);
    assert_eq!(repeated(17), (4..=18).map(at).collect::<Vec<_>>(), "the latest fifteen");
}
