use super::*;
use crate::machine::tests::definition as sell;
use crate::{Input, Patience, Refusal, State, StepSpec, react, start};

/// A way through a saga: the positions with their outcomes, and the end.
type Way = (Vec<(Position, Outcome)>, Position);

/// No saga of these tests has more steps on either side of its pivot: enough for each kind of neighbour at each place.
const MOST: usize = 5;
const DOING: [&str; 2 * MOST + 1] = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"];
const UNDOING: [&str; MOST + 1] = ["undo-a", "undo-b", "undo-c", "undo-d", "undo-e", "undo-f"];

fn command(handler: &'static str) -> CommandSpec {
    CommandSpec { handler, participant: "somebody" }
}

/// So many steps that can be undone, a pivot with an undo or without, and so many steps that are repeated.
fn definition(compensatable: usize, pivot_undone: bool, retriable: usize, repeats: u32) -> Definition {
    let class = |index: usize| match index.cmp(&compensatable) {
        std::cmp::Ordering::Less => Class::Compensatable,
        std::cmp::Ordering::Equal => Class::Pivot,
        std::cmp::Ordering::Greater => Class::Retriable,
    };
    let undoable = compensatable + usize::from(pivot_undone);
    let undos = UNDOING.into_iter().take(undoable).map(|undo| Some(command(undo))).chain(std::iter::repeat(None));
    let commands = DOING.into_iter().take(compensatable + 1 + retriable).map(command);
    let steps = commands.zip(undos).enumerate();
    let steps = steps.map(|(index, (command, undo))| StepSpec { command, class: class(index), undo }).collect();
    let patience = Patience { repeats, ..Patience::USUAL };
    Definition { name: "x", version: 1, undo: command("undo-start"), steps, patience }
}

/// Every definition that the builder lets somebody write, up to a size.
fn every_definition() -> impl Iterator<Item = Definition> {
    let sizes = (0..=MOST).flat_map(|before| (0..=MOST).map(move |after| (before, after)));
    let pivots = sizes.flat_map(|(before, after)| [false, true].map(|undone| (before, undone, after)));
    pivots.flat_map(|(before, undone, after)| [0, 1, 3].map(|repeats| definition(before, undone, after, repeats)))
}

fn ways(definition: &Definition) -> Vec<Way> {
    let mut ways = Vec::new();
    let mut under_way = vec![(Vec::new(), Position::FIRST)];
    while let Some((taken, position)) = under_way.pop() {
        assert!(taken.len() <= definition.commands().count(), "{definition:?} goes round in circles: {taken:?}");
        let next = Outcome::ALL.map(|outcome| Some((outcome, definition.after(position, outcome)?)));
        if next == [None; 3] {
            ways.push((taken, position));
            continue;
        }
        for (outcome, next) in next.into_iter().flatten() {
            under_way.push(([&taken[..], &[(position, outcome)]].concat(), next));
        }
    }
    ways
}

#[test]
fn a_small_saga_leads_where_it_says() {
    use Position::{Compensated, Completed, Doing, Undoing, UndoingStart};
    let lines = [
        (Doing(0), Some("reserve"), [Some(Doing(1)), Some(UndoingStart), Some(Undoing(0))]),
        (Doing(1), Some("charge"), [Some(Doing(2)), Some(Undoing(0)), Some(Undoing(1))]),
        (Doing(2), Some("ship"), [Some(Completed), None, None]),
        (Completed, None, [None; 3]),
        (Undoing(1), Some("refund"), [Some(Undoing(0)), None, None]),
        (Undoing(0), Some("release"), [Some(UndoingStart), None, None]),
        (UndoingStart, Some("reject"), [Some(Compensated), None, None]),
        (Compensated, None, [None; 3]),
    ];
    let sell = sell();
    assert!(sell.positions().eq(lines.map(|(position, ..)| position)));
    assert!(sell.commands().eq(lines.into_iter().filter_map(|(_, handler, _)| handler.map(command))));
    for (position, handler, next) in lines {
        assert_eq!(sell.command_at(position), handler.map(command), "{position:?}");
        assert_eq!(Outcome::ALL.map(|outcome| sell.after(position, outcome)), next, "{position:?}");
        if let Some(handler) = handler {
            assert_eq!(sell.position_of(handler), Some(position));
        }
    }
    assert_eq!(sell.position_of("nobody"), None);
}

#[test]
fn a_command_may_be_sent_for_as_long_as_a_way_leads_to_it() {
    for definition in every_definition() {
        let mut later = std::collections::BTreeSet::new();
        for (taken, end) in ways(&definition) {
            let positions: Vec<_> = taken.into_iter().map(|(position, _)| position).chain([end]).collect();
            for (index, from) in positions.iter().enumerate() {
                let commands = positions[index..].iter().filter_map(|position| definition.command_at(*position));
                later.extend(commands.map(|command| (format!("{from:?}"), command.handler)));
            }
        }
        for (position, command) in
            definition.positions().flat_map(|from| definition.commands().map(move |it| (from, it)))
        {
            let is_possible = later.contains(&(format!("{position:?}"), command.handler));
            assert_eq!(definition.may_send(position, command.handler), is_possible, "{command:?} from {position:?}");
        }
        assert!(!definition.may_send(Position::FIRST, "nobody"));
    }
}

#[test]
fn where_nothing_is_nothing_follows() {
    let sell = sell();
    for nowhere in [Position::Doing(3), Position::Undoing(2), Position::Undoing(3)] {
        assert_eq!(Outcome::ALL.map(|outcome| sell.after(nowhere, outcome)), [None; 3], "{nowhere:?}");
        assert_eq!(sell.command_at(nowhere), None, "{nowhere:?}");
    }
}

#[test]
fn the_way_leads_on_to_the_end_on_which_it_is() {
    use Position::{Compensated, Completed, Doing, Undoing, UndoingStart};
    let way = |from| sell().way_from(from).collect::<Vec<_>>();
    assert_eq!(way(Doing(1)), [Doing(1), Doing(2), Completed]);
    assert_eq!(way(Undoing(1)), [Undoing(1), Undoing(0), UndoingStart, Compensated]);
    assert_eq!((way(Completed), way(Compensated)), (vec![Completed], vec![Compensated]));
}

#[test]
fn every_position_is_there_once_and_some_way_leads_to_it() {
    for definition in every_definition() {
        let positions: Vec<Position> = definition.positions().collect();
        let mut reached = vec![Position::FIRST];
        for position in &positions {
            reached.extend(Outcome::ALL.into_iter().filter_map(|outcome| definition.after(*position, outcome)));
        }
        for position in &positions {
            assert_eq!(positions.iter().filter(|other| *other == position).count(), 1, "{position:?}: {definition:?}");
            assert!(reached.contains(position), "nothing leads to {position:?}: {definition:?}");
        }
        assert!(reached.iter().all(|position| positions.contains(position)), "{reached:?}: {definition:?}");
    }
}

#[test]
fn every_outcome_leads_to_a_later_position_that_has_a_command_or_is_the_end() {
    for definition in every_definition() {
        let positions: Vec<Position> = definition.positions().collect();
        for (place, position) in positions.iter().enumerate() {
            let awaits = definition.command_at(*position).is_some();
            assert_eq!(awaits, !position.is_over(), "{position:?}: {definition:?}");
            assert_eq!(
                awaits,
                definition.after(*position, Outcome::Succeeded).is_some(),
                "{position:?}: {definition:?}"
            );
            for outcome in Outcome::ALL {
                let Some(next) = definition.after(*position, outcome) else { continue };
                let later = positions.iter().skip(place + 1).any(|later| *later == next);
                assert!(later, "{position:?} {outcome:?} leads to {next:?}: {definition:?}");
                assert!(next.is_over() || definition.command_at(next).is_some(), "{next:?}: {definition:?}");
            }
        }
    }
}

/// Told without the graph: what took effect, or may have, is undone in reverse order, then the start.
#[test]
fn every_way_ends_with_everything_done_or_everything_undone() {
    for definition in every_definition() {
        for (taken, end) in ways(&definition) {
            let handlers = |wanted: fn(&Outcome) -> bool| -> Vec<&str> {
                let taken = taken.iter().filter(|(_, outcome)| wanted(outcome));
                taken.filter_map(|(position, _)| Some(definition.command_at(*position)?.handler)).collect()
            };
            let sent = handlers(|_| true);
            let all: Vec<&str> = definition.steps.iter().map(|step| step.command.handler).collect();
            if end == Position::Completed {
                assert_eq!(sent, all, "{definition:?}");
                continue;
            }
            assert_eq!(end, Position::Compensated, "{taken:?}: {definition:?}");
            let forth = sent.iter().take_while(|handler| all.contains(handler)).count();
            let may_have_had_effect = handlers(|outcome| *outcome != Outcome::Refused);
            let undos =
                definition.steps.iter().rev().filter(|step| may_have_had_effect.contains(&step.command.handler));
            let undos: Vec<&str> = undos.map(|step| step.undo.map_or("it has no undo", |undo| undo.handler)).collect();
            assert_eq!(sent[forth..], [&undos[..], &["undo-start"]].concat(), "{taken:?}: {definition:?}");
        }
    }
}

/// The machine repeats a command that must be answered, so one more silence than its patience tells whether it gives up.
#[test]
fn the_machine_goes_where_the_graph_leads() {
    for definition in every_definition() {
        assert_eq!(start(&definition).state.position, Position::FIRST);
        for position in definition.positions() {
            for outcome in Outcome::ALL {
                let led = led_by_the_machine(&definition, position, outcome);
                assert_eq!(led, definition.after(position, outcome), "{position:?} {outcome:?}: {definition:?}");
            }
        }
    }
}

fn led_by_the_machine(definition: &Definition, position: Position, outcome: Outcome) -> Option<Position> {
    let mut state = State { position, repeats: 0, because: None };
    let handler = definition.command_at(position)?.handler;
    for _ in 0..=definition.patience.repeats {
        let input = match outcome {
            Outcome::Succeeded => Input::Succeeded(handler),
            Outcome::Refused => Input::Refused(handler, Refusal::new("NO", "no")),
            Outcome::Unknown => Input::Silence,
        };
        let reaction = react(definition, &state, input).ok()?.expect("a reaction");
        assert_eq!(reaction.send.map(|(command, _)| command), definition.command_at(reaction.state.position));
        state = reaction.state;
        if state.position != position {
            return Some(state.position);
        }
    }
    None
}

/// The builder allows no such step; a definition that is written by hand may have it.
#[test]
fn the_way_back_passes_by_what_has_no_undo() {
    let mut definition = definition(3, true, 0, 0);
    definition.steps[1].undo = None;
    assert_eq!(definition.after(Position::Doing(2), Outcome::Refused), Some(Position::Undoing(0)));
    assert_eq!(definition.after(Position::Undoing(2), Outcome::Succeeded), Some(Position::Undoing(0)));
    assert_eq!(definition.after(Position::Doing(1), Outcome::Unknown), None);
}
