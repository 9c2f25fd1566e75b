//! The diagrams within a Markdown document.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use orchestration::Registry;

use crate::blocks::Markers;

const MARKERS: Markers = Markers { before: "<!-- docs/sagas/", after: " -->", end: "<!-- end -->" };

/// The document with what stands between each `<!-- docs/sagas/… -->` and its `<!-- end -->` replaced by that file.
///
/// # Errors
/// A block that names no generated file or never ends, or a saga whose newest version has no block.
pub(crate) fn refresh(text: &str, registry: &Registry, files: &[(PathBuf, String)]) -> Result<String> {
    let refreshed = MARKERS.refresh(text, |name| {
        let file = files.iter().find(|(path, _)| path == &Path::new("docs/sagas").join(name));
        let (_, content) =
            file.with_context(|| format!("the block {} names no generated file", MARKERS.start(name)))?;
        Ok(format!("```mermaid\n{content}```\n"))
    })?;
    for (name, version) in newest(registry) {
        let start = MARKERS.start(&format!("{name}.v{version}.mmd"));
        ensure!(
            text.lines().any(|line| line == start),
            "shows an older {name} or none: it needs the line {start} and after it the line {}",
            MARKERS.end
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
    use testkit::sagas;

    use super::*;

    /// The document of a system in which version 2 of place-sale is the newest.
    fn refreshed(text: &str) -> Result<String> {
        let file = |version: u32| (PathBuf::from(shown(version)), format!("version {version}\n"));
        refresh(text, &sagas::both_versions(), &[file(1), file(2)])
    }

    fn shown(version: u32) -> String {
        format!("docs/sagas/place-sale.v{version}.mmd")
    }

    fn block(version: u32, content: &str) -> String {
        format!("<!-- {} -->\n{content}<!-- end -->\n", shown(version))
    }

    #[test]
    fn only_what_stands_in_blocks_is_replaced() {
        let text = format!("before\n{}<!-- a remark -->\n{}after\n", block(1, ""), block(2, "old\nolder\n"));
        let (first, second) = ("```mermaid\nversion 1\n```\n", "```mermaid\nversion 2\n```\n");
        let expected = format!("before\n{}<!-- a remark -->\n{}after\n", block(1, first), block(2, second));
        let once = refreshed(&text).expect("refreshed");
        assert_eq!(once, expected);
        assert_eq!(refreshed(&once).expect("refreshed"), once, "a second time changes nothing");
    }

    #[test]
    fn the_newest_version_has_to_be_shown_and_older_ones_may_be() {
        refreshed(&block(2, "")).expect("refreshed");
        let complaint = refreshed(&block(1, "")).expect_err("an error").to_string();
        let start = "<!-- docs/sagas/place-sale.v2.mmd -->";
        let expected =
            format!("shows an older place-sale or none: it needs the line {start} and after it the line <!-- end -->");
        assert_eq!(complaint, expected);
        // Version 1 is the newest as long as it is the only one.
        let file = (PathBuf::from(shown(1)), "version 1\n".to_owned());
        refresh(&block(1, ""), &sagas::only_version_1(), &[file]).expect("refreshed");
    }

    #[test]
    fn a_block_that_cannot_be_refreshed_is_an_error() {
        let complaint = |text: &str| refreshed(text).expect_err("an error").to_string();
        let endless = format!("{}<!-- {} -->\n", block(2, ""), shown(1));
        assert_eq!(complaint(&endless), format!("the block <!-- {} --> has no <!-- end -->", shown(1)));
        let unknown = "<!-- docs/sagas/sell.v1.mmd -->\n<!-- end -->\n";
        assert_eq!(complaint(unknown), "the block <!-- docs/sagas/sell.v1.mmd --> names no generated file");
    }
}
