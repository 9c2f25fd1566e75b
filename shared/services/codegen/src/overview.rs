//! The page that shows the diagram of every saga.

use std::fmt::Write as _;

use orchestration::Registry;
use saga::Definition;
use saga::diagram::mermaid;

/// Where the page stands, below the root.
pub(crate) const PATH: &str = "docs/sagas/README.md";

const HEADER: &str = "\
<!-- Generated from the sagas' definitions by make generate. -->
# The sagas

The diagram of every saga, its newest version first: new runs start with it. Older versions stand below it for as long as a run
of them may be in flight. A dashed arrow is where a saga turns back.
";

/// The page in Markdown: each saga by its name, under it each version from the newest on, with its diagram.
pub(crate) fn overview(registry: &Registry) -> String {
    let mut definitions: Vec<&Definition> = registry.definitions().collect();
    definitions.sort_by_key(|definition| (definition.name, std::cmp::Reverse(definition.version)));
    let mut page = HEADER.to_owned();
    for versions in definitions.chunk_by(|one, other| one.name == other.name) {
        for (age, definition) in versions.iter().enumerate() {
            if age == 0 {
                let _ = write!(page, "\n## {}\n", definition.name);
            }
            let older = if age == 0 { "" } else { ", for runs that started with it" };
            let (version, diagram) = (definition.version, mermaid(definition, None));
            let _ = write!(page, "\n### Version {version}{older}\n\n```mermaid\n{diagram}```\n");
        }
    }
    page
}

#[cfg(test)]
mod tests {
    use testkit::sagas;

    use super::*;

    fn headings(page: &str) -> Vec<&str> {
        page.lines().filter(|line| line.starts_with("##")).collect()
    }

    #[test]
    fn the_newest_version_of_a_saga_stands_above_the_older_one() {
        let page = overview(&sagas::both_versions());
        let expected = ["## place-sale", "### Version 2", "### Version 1, for runs that started with it"];
        assert_eq!(headings(&page), expected);
        let (newest, older) = page.split_once("### Version 1").expect("version 1");
        for (part, saga) in [(newest, sagas::version_2().definition()), (older, sagas::version_1().definition())] {
            let block = format!("```mermaid\n{}```\n", mermaid(saga, None));
            assert!(part.ends_with(&block) || part.ends_with(&format!("{block}\n")), "{part}");
            assert_eq!(part.matches("```mermaid").count(), 1);
        }
    }

    #[test]
    fn every_saga_has_a_heading_of_its_own_below_a_line_that_says_where_the_page_comes_from() {
        let page = overview(&order::sagas::registry());
        let sagas: Vec<_> = headings(&page).into_iter().filter(|line| !line.starts_with("###")).collect();
        let registry = order::sagas::registry();
        let names: std::collections::BTreeSet<_> =
            registry.definitions().map(|saga| format!("## {}", saga.name)).collect();
        assert_eq!(sagas, Vec::from_iter(names));
        assert_eq!(page.lines().next(), Some("<!-- Generated from the sagas' definitions by make generate. -->"));
    }
}
