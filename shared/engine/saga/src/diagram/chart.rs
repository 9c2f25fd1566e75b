//! What every picture of a saga shows, whatever language it is written in.

use super::Run;
use crate::{Class, Definition, Outcome, Position};

/// The boxes and arrows of a picture.
pub(super) struct Chart {
    pub(super) nodes: Vec<Node>,
    pub(super) edges: Vec<Edge>,
}

/// One box.
pub(super) struct Node {
    /// Letters and digits only, as both languages want it.
    pub(super) id: String,
    pub(super) kind: Kind,
    pub(super) lines: Vec<String>,
    pub(super) mark: Mark,
}

/// One arrow between boxes.
pub(super) struct Edge {
    pub(super) from: String,
    pub(super) to: String,
    /// `Succeeded` also stands for the arrow that leaves the start.
    pub(super) outcome: Outcome,
    pub(super) mark: Mark,
}

/// What a box stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Start,
    Step(Class),
    Undo,
    Over,
}

/// What a run had to do with a box or an arrow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// No run is drawn.
    Plain,
    Taken,
    Awaited,
    NotTaken,
}

/// Fill, outline and text of a box. Each box has a background of its own, so it is readable on a light page and on a dark page.
pub(super) struct Colours {
    pub(super) fill: &'static str,
    pub(super) line: &'static str,
    pub(super) text: &'static str,
}

/// The arrows of a run.
pub(super) const TAKEN: &str = "#1f6feb";
/// The colour of everything without a background of its own; it is readable on white and on black.
pub(super) const QUIET: &str = "#7d8590";
/// The box whose reply is awaited.
pub(super) const AWAITED: Colours = Colours { fill: "#8250df", line: "#8250df", text: "#ffffff" };

impl Kind {
    pub(super) const ALL: [Self; 6] = [
        Self::Start,
        Self::Step(Class::Compensatable),
        Self::Step(Class::Pivot),
        Self::Step(Class::Retriable),
        Self::Undo,
        Self::Over,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Step(class) => class.name(),
            Self::Undo => "undo",
            Self::Over => "over",
        }
    }

    pub(super) fn colours(self) -> Colours {
        match self {
            Self::Start | Self::Over => Colours { fill: "#eaeef2", line: "#57606a", text: "#24292f" },
            Self::Step(Class::Compensatable) => Colours { fill: "#cfe8ff", line: "#0969da", text: "#0a3069" },
            Self::Step(Class::Pivot) => Colours { fill: "#ffe3a3", line: "#9a6700", text: "#3b2300" },
            Self::Step(Class::Retriable) => Colours { fill: "#c8f0d0", line: "#1a7f37", text: "#044f1e" },
            Self::Undo => Colours { fill: "#ffdedb", line: "#cf222e", text: "#82071e" },
        }
    }
}

impl Outcome {
    /// The text at an arrow; the arrow of a success has no text.
    pub(super) fn label(self) -> Option<&'static str> {
        match self {
            Self::Succeeded => None,
            Self::Refused => Some("refused"),
            Self::Unknown => Some("no answer"),
        }
    }
}

impl Chart {
    pub(super) fn of(definition: &Definition, run: Option<&Run>) -> Self {
        let marked = |taken: &dyn Fn(&Run) -> bool| match run {
            None => Mark::Plain,
            Some(run) if taken(run) => Mark::Taken,
            Some(_) => Mark::NotTaken,
        };
        // A run exists only because the transaction has started it.
        let begun = marked(&|_| true);
        let lines = vec![
            "the transaction that starts".to_owned(),
            format!("{}, version {}", definition.name, definition.version),
        ];
        let mut chart =
            Self { nodes: vec![Node { id: START.to_owned(), kind: Kind::Start, lines, mark: begun }], edges: vec![] };
        chart.connect(START.to_owned(), id(definition, Position::FIRST), Outcome::Succeeded, begun);
        for position in definition.positions() {
            let mark = match run {
                Some(run) if run.awaits(position) => Mark::Awaited,
                _ => marked(&|run| run.has_passed(position)),
            };
            chart.nodes.push(node(definition, position, mark));
            for outcome in Outcome::ALL {
                if let Some(next) = definition.after(position, outcome) {
                    let mark = marked(&|run| run.has_taken(position, outcome));
                    chart.connect(id(definition, position), id(definition, next), outcome, mark);
                }
            }
        }
        chart
    }

    fn connect(&mut self, from: String, to: String, outcome: Outcome, mark: Mark) {
        self.edges.push(Edge { from, to, outcome, mark });
    }
}

/// The id of the start's box. No command has this name: the names of commands are in PascalCase.
const START: &str = "START";

fn id(definition: &Definition, position: Position) -> String {
    match definition.command_at(position) {
        Some(command) => command.state_name(),
        None if position == Position::Completed => "COMPLETED".to_owned(),
        None => "COMPENSATED".to_owned(),
    }
}

fn node(definition: &Definition, position: Position, mark: Mark) -> Node {
    let id = id(definition, position);
    let (kind, role) = match position {
        Position::Doing(step) => {
            let class = definition.steps.get(step).map_or(Class::Retriable, |step| step.class);
            (Kind::Step(class), class.name().to_owned())
        }
        Position::Undoing(step) => {
            let undone = definition.command_at(Position::Doing(step)).map(|step| step.state_name()).unwrap_or_default();
            (Kind::Undo, format!("undo of {undone}"))
        }
        Position::UndoingStart => (Kind::Undo, "undo of the start".to_owned()),
        Position::Completed | Position::Compensated => (Kind::Over, String::new()),
    };
    let mut lines = vec![id.clone()];
    if let Some(command) = definition.command_at(position) {
        lines.push(format!("{role}, {}", command.participant));
        let refusable = definition.after(position, Outcome::Refused).is_some();
        if definition.after(position, Outcome::Unknown).is_none() {
            lines.push(format!("repeated until it {}", if refusable { "answers" } else { "succeeds" }));
        }
    }
    Node { id, kind, lines, mark }
}
