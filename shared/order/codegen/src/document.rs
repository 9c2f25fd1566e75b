//! The diagrams within a Markdown document.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use messaging::Registry;

const END: &str = "<!-- end -->";

/// The document with what stands between each `<!-- docs/sagas/… -->` and its `<!-- end -->` replaced by that file.
///
/// # Errors
/// A block that names no generated file or never ends, or a saga whose newest version has no block.
pub(crate) fn refresh(text: &str, registry: &Registry, files: &[(PathBuf, String)]) -> Result<String> {
    let mut refreshed = String::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        refreshed += line;
        refreshed.push('\n');
        let Some(name) = line.strip_prefix("<!-- ").and_then(|line| line.strip_suffix(" -->")) else { continue };
        if !name.starts_with("docs/sagas/") {
            continue;
        }
        let file = files.iter().find(|(path, _)| path == Path::new(name));
        let (_, content) = file.with_context(|| format!("the block {line} names no generated file"))?;
        lines.find(|line| *line == END).with_context(|| format!("the block {line} has no {END}"))?;
        refreshed += &format!("```mermaid\n{content}```\n{END}\n");
    }
    for (name, version) in newest(registry) {
        let start = format!("<!-- docs/sagas/{name}.v{version}.mmd -->");
        ensure!(
            text.lines().any(|line| line == start),
            "shows an older {name} or none: it needs the line {start} and after it the line {END}"
        );
    }
    Ok(refreshed)
}

fn newest(registry: &Registry) -> BTreeMap<&'static str, u32> {
    // Definitions come by name and version, so the newest one is the last.
    registry.definitions().map(|definition| (definition.name, definition.version)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHOWN: &str = "docs/sagas/create-order.v1.mmd";

    fn refreshed(text: &str) -> Result<String> {
        let file = |name: &str| (PathBuf::from(format!("docs/sagas/{name}.v1.mmd")), format!("{name}\n"));
        refresh(text, &order::sagas::registry(), &[file("create-order"), file("cancel-order")])
    }

    #[test]
    fn only_what_stands_in_blocks_is_replaced() {
        let other = "before\n<!-- docs/sagas/cancel-order.v1.mmd -->\n<!-- end -->\n<!-- a remark -->\n";
        let text = format!("{other}<!-- {SHOWN} -->\nold\nolder\n<!-- end -->\nafter\n");
        let expected = "before\n<!-- docs/sagas/cancel-order.v1.mmd -->\n```mermaid\ncancel-order\n```\n<!-- end -->\n\
            <!-- a remark -->\n<!-- docs/sagas/create-order.v1.mmd -->\n```mermaid\ncreate-order\n```\n<!-- end -->\n\
            after\n";
        let once = refreshed(&text).expect("refreshed");
        assert_eq!(once, expected);
        assert_eq!(refreshed(&once).expect("refreshed"), once, "a second time changes nothing");
    }

    #[test]
    fn a_block_that_cannot_be_refreshed_is_an_error() {
        let complaint = |text: &str| refreshed(text).expect_err("an error").to_string();
        let both = "<!-- docs/sagas/cancel-order.v1.mmd -->\n<!-- end -->\n<!-- docs/sagas/create-order.v1.mmd -->\n";
        assert!(complaint(both).ends_with("has no <!-- end -->"));
        assert!(complaint("<!-- docs/sagas/sell.v1.mmd -->\n<!-- end -->\n").ends_with("names no generated file"));
        let one = "<!-- docs/sagas/cancel-order.v1.mmd -->\n<!-- end -->\n";
        assert!(complaint(one).starts_with("shows an older create-order or none"));
    }
}
