//! Every path through a saga, and what may happen to each command on it without changing where the path leads.

use std::collections::BTreeMap;

use messaging::Refusal;
use saga::{Definition, Outcome, Position};

/// What a participant does when it is handed a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// It replies that it succeeded.
    Succeed,
    /// It refuses.
    Refuse,
    /// It says nothing.
    Nothing,
    /// It succeeds and its reply comes twice.
    SucceedTwice,
    /// It refuses and its reply comes twice.
    RefuseTwice,
    /// It answers the delivery before this one, too late, and then this one.
    SucceedLate,
    /// The same with a refusal.
    RefuseLate,
    /// It succeeds, and another command that was given up is answered after all.
    SucceedAndWake(&'static str),
}

/// One run: what happens at each delivery of each command. The last answer is given again and again.
#[derive(Debug, Clone)]
pub(super) struct Path {
    pub(super) name: String,
    pub(super) answers: BTreeMap<&'static str, Vec<Answer>>,
    /// The event that starts the saga comes twice.
    pub(super) starts_twice: bool,
}

impl Path {
    /// What happens at the delivery of `handler` with this number, counted from 0.
    pub(super) fn answer(&self, handler: &str, delivery: usize) -> Answer {
        let answers = self.answers.get(handler).map(Vec::as_slice).unwrap_or_default();
        answers.get(delivery).or(answers.last()).copied().unwrap_or(Answer::Succeed)
    }

    /// Whether a participant says nothing at some point, so that a timeout has to pass.
    pub(super) fn has_silence(&self) -> bool {
        // A refusal against the contract counts as none.
        self.answers.values().any(|answers| {
            answers.contains(&Answer::Nothing) || answers.starts_with(&[Answer::Refuse, Answer::Succeed])
        })
    }

    /// Whether a command stays silent until it is given up.
    pub(super) fn is_given_up(&self) -> bool {
        self.answers.values().any(|answers| answers.as_slice() == [Answer::Nothing])
    }

    /// Whether a command is answered only when it is sent again.
    pub(super) fn is_answered_after_a_repeat(&self) -> bool {
        self.answers.values().any(|answers| answers.len() > 1)
    }
}

/// What participants do that a path would not have them do otherwise.
type Changes = Vec<(&'static str, Vec<Answer>)>;

/// A command on a path.
#[derive(Debug, Clone, Copy)]
struct Node {
    position: Position,
    handler: &'static str,
    outcome: Outcome,
}

/// Every path of the saga: each way through it, and each way with one disturbance at each of its commands.
pub(super) fn paths(definition: &Definition) -> Vec<Path> {
    let mut ways = Vec::new();
    walk(definition, Position::FIRST, &mut Vec::new(), &mut ways);
    let mut paths = Vec::new();
    for way in &ways {
        paths.push(path(definition, way, None));
        paths.push(Path {
            name: format!("{}, started twice", words(definition, way)),
            starts_twice: true,
            ..path(definition, way, None)
        });
        for (index, node) in way.iter().enumerate() {
            for (what, answers) in disturbances(definition, way, index, *node) {
                paths.push(path(definition, way, Some((what, answers))));
            }
        }
    }
    paths
}

/// Follows every outcome that a command may have.
fn walk(definition: &Definition, position: Position, way: &mut Vec<Node>, ways: &mut Vec<Vec<Node>>) {
    let Some(command) = definition.command_at(position) else {
        ways.push(way.clone());
        return;
    };
    for outcome in Outcome::ALL {
        if let Some(next) = definition.after(position, outcome) {
            way.push(Node { position, handler: command.handler, outcome });
            walk(definition, next, way, ways);
            way.pop();
        }
    }
}

/// What the participants of these tests refuse with.
pub(super) fn refusal() -> Refusal {
    Refusal::new("NO_MORE_BASIL", "there is \"none\" left: {}")
}

/// What may happen to this command without changing where the path leads.
fn disturbances(definition: &Definition, way: &[Node], index: usize, node: Node) -> Vec<(&'static str, Changes)> {
    use Answer::{Nothing, Refuse, RefuseLate, RefuseTwice, Succeed, SucceedAndWake, SucceedLate, SucceedTwice};
    let here = |answers: Vec<Answer>| vec![(node.handler, answers)];
    let (plain, twice, late) = match node.outcome {
        Outcome::Succeeded => (Succeed, SucceedTwice, SucceedLate),
        Outcome::Refused => (Refuse, RefuseTwice, RefuseLate),
        Outcome::Unknown => {
            // It wakes up when its undo has been sent.
            let undo = way.get(index + 1).map(|next| (next.handler, vec![SucceedAndWake(node.handler)]));
            return undo
                .map(|undo| ("answers when it is undone", vec![(node.handler, vec![Nothing]), undo]))
                .into_iter()
                .collect();
        }
    };
    let mut found = vec![
        ("is silent once", here(vec![Nothing, plain])),
        ("answers twice", here(vec![twice])),
        ("answers late", here(vec![Nothing, late])),
    ];
    if definition.after(node.position, Outcome::Unknown).is_none() {
        let longer_than_patience = vec![Nothing; definition.patience.repeats as usize + 1];
        found.push(("is silent for long", here([longer_than_patience, vec![plain]].concat())));
    }
    if definition.after(node.position, Outcome::Refused).is_none() {
        found.push(("is refused against its contract", here(vec![Refuse, plain])));
    }
    found
}

fn path(definition: &Definition, way: &[Node], disturbed: Option<(&str, Changes)>) -> Path {
    let answer = |node: &Node| match node.outcome {
        Outcome::Succeeded => Answer::Succeed,
        Outcome::Refused => Answer::Refuse,
        Outcome::Unknown => Answer::Nothing,
    };
    let mut answers: BTreeMap<_, _> = way.iter().map(|node| (node.handler, vec![answer(node)])).collect();
    let mut name = words(definition, way);
    if let Some((what, changes)) = disturbed {
        let handler = changes.first().map(|(handler, _)| *handler).unwrap_or_default();
        name = format!("{name}, where {handler} {what}");
        answers.extend(changes);
    }
    Path { name, answers, starts_twice: false }
}

fn words(definition: &Definition, way: &[Node]) -> String {
    let word = |node: &Node| match node.outcome {
        Outcome::Succeeded => node.handler.to_owned(),
        Outcome::Refused => format!("{} (refused)", node.handler),
        Outcome::Unknown => format!("{} (no answer)", node.handler),
    };
    let way = way.iter().map(word).collect::<Vec<_>>().join(" > ");
    format!("{} {}: {way}", definition.name, definition.version)
}
