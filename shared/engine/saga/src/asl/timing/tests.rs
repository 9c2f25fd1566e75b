use std::time::Duration;

use super::*;
use crate::{Class, CommandSpec, StepSpec};

const COMMAND: CommandSpec = CommandSpec { handler: "a", participant: "b" };

/// A saga of so many compensatable steps, a pivot and so many retriable steps.
fn definition(before: usize, pivot_undone: bool, after: usize, patience: Patience) -> Definition {
    let step = |class, undone: bool| StepSpec { command: COMMAND, class, undo: undone.then_some(COMMAND) };
    let mut steps = vec![step(Class::Compensatable, true); before];
    steps.push(step(Class::Pivot, pivot_undone));
    steps.extend(vec![step(Class::Retriable, false); after]);
    Definition { name: "x", version: 1, undo: COMMAND, steps, patience }
}

fn patience(first: u64, longest: u64, repeats: u32) -> Patience {
    Patience { first: Duration::from_secs(first), longest: Duration::from_secs(longest), repeats }
}

#[test]
fn a_command_counts_as_unknown_when_it_would_in_the_rust_lane() {
    for (first, repeats) in [(10, 3), (4, 1), (6, 2), (1, 0)] {
        let patience = Patience { first: Duration::from_secs(first), repeats, ..Patience::USUAL };
        let timing = Timing::of(&definition(0, true, 0, patience));
        let there: u64 = (0..=repeats).map(|attempt| patience.wait(attempt).as_secs()).sum();
        let (sendings, rounding) = (u64::from(repeats) + 1, u64::from(repeats));
        let here = timing.timeout(true) * sendings + u64::from(repeats) * SHORT_PAUSE;
        assert!((there - rounding..=there).contains(&here), "{here} s here, {there} s in the Rust lane");
    }
}

#[test]
fn a_sending_waits_for_its_share_or_for_the_whole_patience() {
    let timeouts = |patience| {
        let timing = Timing::of(&definition(1, true, 1, patience));
        (timing.timeout(true), timing.timeout(false))
    };
    assert_eq!(timeouts(Patience::USUAL), (36, 150), "(150 - 3) / 4, and 10 + 20 + 40 + 80");
    assert_eq!(timeouts(patience(4, 900, 1)), (5, 12), "(12 - 1) / 2");
    assert_eq!(timeouts(patience(5, 900, 1)), (7, 15), "(15 - 1) / 2");
    assert_eq!(timeouts(patience(1, 900, 0)), (1, 1));
    assert_eq!(timeouts(patience(0, 900, 3)), (1, 1), "Step Functions knows no timeout of 0");
}

#[test]
fn a_command_that_may_be_given_up_is_repeated_at_once_when_silent_and_later_when_unsent() {
    let timing = Timing::of(&definition(1, true, 1, patience(7, 900, 2)));
    let retrier = |error, interval, rate| Retrier {
        error_equals: vec![error],
        interval_seconds: Some(interval),
        max_attempts: 2,
        backoff_rate: Some(rate),
        max_delay_seconds: None,
    };
    assert_eq!(timing.until_given_up(), [retrier("States.Timeout", 1, 1), retrier("States.ALL", 7, 2)]);
}

/// Step Functions takes no longest pause that is not longer than the first, and none above a year.
#[test]
fn what_is_never_given_up_is_repeated_at_last_every_fifteen_minutes() {
    let pauses = |patience| {
        let retrier = Timing::of(&definition(1, true, 1, patience)).for_ever();
        assert_eq!((retrier.error_equals, retrier.backoff_rate), (vec!["States.ALL"], Some(2)));
        (retrier.interval_seconds, retrier.max_delay_seconds)
    };
    assert_eq!(pauses(Patience::USUAL), (Some(10), Some(750)), "together with the timeout of 150 s they are 900 s");
    assert_eq!(pauses(patience(10, 161, 3)), (Some(10), Some(11)), "161 - 150");
    assert_eq!(pauses(patience(10, 160, 3)), (Some(10), Some(11)), "longer than the first");
    assert_eq!(pauses(patience(0, 900, 0)), (Some(1), Some(899)), "no pause is shorter than a second");
}

/// An execution's history is limited, and a sending takes four of its events.
#[test]
fn the_repeats_are_as_many_as_the_longest_way_leaves_room_for() {
    let forever = |before, undone, after| Timing::of(&definition(before, undone, after, Patience::USUAL)).forever;
    assert_eq!(forever(0, true, 0), 3_000, "back: the pivot's undo and the start's");
    assert_eq!(forever(1, true, 2), 2_000, "back: two undos and the start's");
    assert_eq!(forever(1, true, 3), 2_000, "there: three, back: three");
    assert_eq!(forever(1, true, 4), 1_500, "there: four");
    assert_eq!(forever(0, false, 0), 3_000, "the pivot, then the start's undo");
    assert_eq!(forever(0, false, 1), 3_000, "there: the pivot and the step after it");
    assert_eq!(forever(0, false, 2), 2_000);
    assert_eq!(forever(2, false, 0), 1_500, "the pivot, two undos and the start's");
}
