//! A saga as a Mermaid flowchart, as GitHub draws it.

use super::Run;
use super::chart::{AWAITED, Chart, Colours, Kind, Mark, Node, QUIET, TAKEN};
use crate::{Class, Definition};

/// The saga as a Mermaid flowchart; with a run, the way that it took stands out.
pub fn mermaid(definition: &Definition, run: Option<&Run>) -> String {
    let chart = Chart::of(definition, run);
    let mut text = "flowchart TB\n".to_owned();
    for node in &chart.nodes {
        let (open, close) = brackets(node.kind);
        let class = class(node);
        text += &format!("    {}{open}\"{}\"{close}:::{class}\n", node.id, node.lines.join("<br/>"));
    }
    for edge in &chart.edges {
        let arrow = edge.outcome.label().map_or_else(|| "-->".to_owned(), |label| format!("-. \"{label}\" .->"));
        text += &format!("    {} {arrow} {}\n", edge.from, edge.to);
    }
    for kind in Kind::ALL {
        let dashes = if kind == Kind::Undo { ",stroke-dasharray:5 5" } else { "" };
        text += &class_def(kind.name(), &kind.colours(), dashes);
    }
    if run.is_some() {
        text += &class_def("awaited", &AWAITED, ",stroke-width:4px");
        text += &class_def("pale", &Colours { fill: "transparent", line: QUIET, text: QUIET }, "");
        for node in chart.nodes.iter().filter(|node| node.mark == Mark::Taken) {
            text += &format!("    style {} stroke-width:4px\n", node.id);
        }
        text += &link_style(&chart, Mark::Taken, &format!("stroke:{TAKEN},stroke-width:4px"));
        text += &link_style(&chart, Mark::NotTaken, &format!("stroke:{QUIET},stroke-width:1px,color:{QUIET}"));
    }
    text
}

fn brackets(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Start | Kind::Over => ("([", "])"),
        Kind::Step(Class::Compensatable) | Kind::Undo => ("[", "]"),
        Kind::Step(Class::Pivot) => ("{{", "}}"),
        Kind::Step(Class::Retriable) => ("(", ")"),
    }
}

fn class(node: &Node) -> &'static str {
    match node.mark {
        Mark::Plain | Mark::Taken => node.kind.name(),
        Mark::Awaited => "awaited",
        Mark::NotTaken => "pale",
    }
}

fn class_def(name: &str, Colours { fill, line, text }: &Colours, more: &str) -> String {
    format!("    classDef {name} fill:{fill},stroke:{line},color:{text}{more}\n")
}

/// Mermaid knows an arrow by its number.
fn link_style(chart: &Chart, mark: Mark, style: &str) -> String {
    let numbered = chart.edges.iter().enumerate().filter(|(_, edge)| edge.mark == mark);
    let numbers: Vec<String> = numbered.map(|(number, _)| number.to_string()).collect();
    if numbers.is_empty() { String::new() } else { format!("    linkStyle {} {style}\n", numbers.join(",")) }
}
