//! The state machines of the Step Functions lane, written as a person would write them.

use anyhow::{Context, Result};
use orchestration::{Registry, fingerprint};
use saga::Definition;
use serde::Serialize;

/// A list or an object stands on one line up to this width, its indentation included.
const WIDTH: usize = 120;

/// The state machine of this definition in the Amazon States Language.
///
/// # Errors
/// A command that a state machine cannot word.
pub(crate) fn state_machine(registry: &Registry, definition: &Definition) -> Result<String> {
    let wordings = registry.wordings(definition)?;
    let machine = saga::asl::state_machine(definition, fingerprint(definition), &wordings)?;
    pretty(&machine)
}

/// JSON with two blanks of indentation in which short lists and objects stand on one line.
fn pretty(value: &impl Serialize) -> Result<String> {
    let text = serde_json::to_string_pretty(value).context("it is no JSON")?;
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines() {
        lines.push(line.to_owned());
        let closes = line.trim_start().starts_with([']', '}']);
        if let Some((start, joined)) = closes.then(|| joined(&lines)).flatten() {
            lines.truncate(start);
            lines.push(joined);
        }
    }
    Ok(lines.join("\n") + "\n")
}

/// The block that the last line closes as one line, and where it starts, if it is short enough.
fn joined(lines: &[String]) -> Option<(usize, String)> {
    let (last, before) = lines.split_last()?;
    // Blocks inside are on one line each or on several: the latter end in a bracket that stands alone.
    let start = before.iter().rposition(|line| line.ends_with(['[', '{']))?;
    let content = before.get(start + 1..)?;
    let whole = content.iter().all(|line| !line.trim_start().starts_with([']', '}']));
    let content: Vec<&str> = content.iter().map(|line| line.trim()).collect();
    let joined = format!("{}{}{}", before.get(start)?, content.join(" "), last.trim_start());
    (whole && joined.len() <= WIDTH).then_some((start, joined))
}

/// How the files of a definition are called, but for their endings.
pub(crate) fn file_name(definition: &Definition) -> String {
    format!("{}.v{}", definition.name, definition.version)
}

/// The file of a definition's state machine, below the root.
pub(crate) fn machine_file(definition: &Definition) -> String {
    format!("statemachines/{}.asl.json", file_name(definition))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn short_blocks_stand_on_one_line_and_the_json_stays_the_same() {
        let value = json!({"a": ["x", "y"], "b": {"c": [1], "d": "e".repeat(WIDTH)}, "f": {"g": "[", "h": "}"}});
        let text = pretty(&value).expect("JSON");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).expect("JSON"), value);
        assert!(text.contains("  \"a\": [\"x\", \"y\"],\n"), "{text}");
        assert!(text.contains("    \"c\": [1],\n"), "{text}");
    }
    #[test]
    fn a_block_stands_on_one_line_up_to_the_width() {
        // Around the text stand `  "a": ["` and `"],`, which are twelve characters.
        for (length, lines) in [(WIDTH - 12, 3), (WIDTH - 11, 5)] {
            let text = pretty(&json!({"a": ["x".repeat(length)], "b": "y".repeat(WIDTH)})).expect("JSON");
            assert_eq!(text.lines().count(), lines + 1, "{text}");
        }
    }
}
