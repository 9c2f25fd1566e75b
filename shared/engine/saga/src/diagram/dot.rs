//! A saga in Graphviz' language.

use super::Run;
use super::chart::{AWAITED, Chart, Colours, Edge, Kind, Mark, Node, QUIET, TAKEN};
use crate::{Class, Definition};

/// The saga as a Graphviz digraph; with a run, the way that it took stands out.
pub fn dot(definition: &Definition, run: Option<&Run>) -> String {
    let chart = Chart::of(definition, run);
    let mut text = format!("digraph \"{}.v{}\" {{\n", definition.name, definition.version);
    text += "    graph [bgcolor=\"transparent\"];\n";
    text += "    node [fontname=\"Helvetica\", fontsize=11, margin=\"0.25,0.1\"];\n";
    text += "    edge [fontname=\"Helvetica\", fontsize=10];\n";
    for node in &chart.nodes {
        text += &format!("    {} [label=\"{}\", {}];\n", node.id, node.lines.join("\\n"), look(node));
    }
    for edge in &chart.edges {
        text += &format!("    {} -> {} [{}];\n", edge.from, edge.to, arrow(edge));
    }
    text + "}\n"
}

fn look(node: &Node) -> String {
    let (shape, style) = match node.kind {
        Kind::Start | Kind::Over => ("ellipse", "filled"),
        Kind::Step(Class::Compensatable) => ("box", "filled"),
        Kind::Step(Class::Pivot) => ("hexagon", "filled"),
        Kind::Step(Class::Retriable) => ("box", "filled,rounded"),
        Kind::Undo => ("box", "filled,dashed"),
    };
    let (Colours { fill, line, text }, width) = match node.mark {
        Mark::Plain => (node.kind.colours(), 1),
        Mark::Taken => (node.kind.colours(), 4),
        Mark::Awaited => (AWAITED, 4),
        Mark::NotTaken => (Colours { fill: "transparent", line: QUIET, text: QUIET }, 1),
    };
    format!(
        "shape={shape}, style=\"{style}\", fillcolor=\"{fill}\", color=\"{line}\", fontcolor=\"{text}\", penwidth={width}"
    )
}

fn arrow(edge: &Edge) -> String {
    let (colour, width) = if edge.mark == Mark::Taken { (TAKEN, 4) } else { (QUIET, 1) };
    let look = format!("color=\"{colour}\", fontcolor=\"{colour}\", penwidth={width}");
    edge.outcome.label().map_or_else(|| look.clone(), |label| format!("label=\"{label}\", style=\"dashed\", {look}"))
}
