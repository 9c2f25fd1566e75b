//! What the pages for people name is there: files, folders, links and tests.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use heck::{ToKebabCase, ToSnakeCase};
use tests::{files_below, relative, root};

/// The pages. The engine's page leaves with the engine, so it may be absent.
const PAGES: [&str; 11] = [
    "ARCHITECTURE.md",
    "README.md",
    "CONTRIBUTING.md",
    "AGENTS.md",
    "docs/deploy.md",
    "docs/aws.md",
    "docs/errors.md",
    "auth0/README.md",
    "shared/engine/README.md",
    "web/README.md",
    "web/client/README.md",
];

/// The endings by which a name without a slash is known to be a file's.
const ENDINGS: [&str; 9] = [".rs", ".md", ".json", ".yaml", ".toml", ".lock", ".csv", ".proto", ".binpb"];

/// A test's name is a sentence: it has at least this many underscores.
const SENTENCE: usize = 3;

#[test]
fn whatever_a_page_names_is_there() -> Result<()> {
    let tree = Tree::read()?;
    let mut missing = Vec::new();
    for page in PAGES {
        let path = root().join(page);
        if !path.exists() {
            continue;
        }
        let text = std::fs::read_to_string(&path).with_context(|| page.to_owned())?;
        let folder = path.parent().context("a page in a folder")?;
        let invented = invented(&text);
        let absent = |name: &&str| !tree.has(name) && !invented.iter().any(|example| name.contains(example));
        missing.extend(code(&text).filter(absent).map(|name| format!("{page} names {name}")));
        let broken = |link: &&str| !folder.join(link.split('#').next().unwrap_or_default()).exists();
        missing.extend(links(&text).filter(broken).map(|link| format!("{page} links to {link}")));
    }
    ensure!(missing.is_empty(), "correct the page, as there is nothing of this name:\n{}", missing.join("\n"));
    Ok(())
}

/// What a walk through an example invents: a page that says "The example is `SendReceipt`" may name files called so.
fn invented(text: &str) -> Vec<String> {
    let examples = text.split("The example is ").skip(1).map(|rest| rest.trim_start_matches('`'));
    let names = examples.filter_map(|rest| rest.split(|c: char| !c.is_alphanumeric()).next());
    names.flat_map(|name| [name.to_snake_case(), name.to_kebab_case()]).collect()
}

/// The page without its blocks of code.
fn prose(text: &str) -> impl Iterator<Item = &str> {
    text.split("```").step_by(2)
}

/// What stands in backticks.
fn code(text: &str) -> impl Iterator<Item = &str> {
    prose(text).flat_map(|prose| prose.split('`').skip(1).step_by(2))
}

/// The targets of links within the checkout.
fn links(text: &str) -> impl Iterator<Item = &str> {
    let targets = prose(text).flat_map(|prose| prose.split("](").skip(1)).filter_map(|rest| rest.split(')').next());
    targets.filter(|target| !target.contains("://") && !target.starts_with('#'))
}

/// What the checkout holds.
struct Tree {
    /// Every file and folder, below the root.
    paths: BTreeSet<String>,
    /// The names of functions, and the names that a list gives to tests.
    names: BTreeSet<String>,
    /// The beginnings of paths that are made by building and running.
    made: Vec<String>,
}

impl Tree {
    fn read() -> Result<Self> {
        let (mut paths, mut names) = (BTreeSet::new(), BTreeSet::new());
        for file in files_below("", "")? {
            let path = relative(&file);
            paths.extend(Path::new(&path).ancestors().map(|path| path.display().to_string()));
            if path.ends_with(".rs") {
                let text = std::fs::read_to_string(&file)?;
                let functions = text.split("fn ").skip(1).filter_map(|rest| rest.split(['(', '<']).next());
                let given =
                    text.split('"').filter(|name| is_sentence(name)).filter_map(|name| name.rsplit("::").next());
                names.extend(functions.chain(given).map(str::to_owned));
            }
        }
        let ignored = std::fs::read_to_string(root().join(".gitignore"))?;
        let made = ignored.lines().filter_map(|line| line.strip_prefix('/')).map(str::to_owned).collect();
        Ok(Self { paths, names, made })
    }

    /// Whether a name is that of something here, or no name of a file, a folder or a test at all.
    fn has(&self, name: &str) -> bool {
        if is_sentence(name) {
            return name.rsplit("::").next().is_some_and(|name| self.names.contains(name));
        }
        let is_made = self.made.iter().any(|made| name.starts_with(made.as_str()));
        if !is_path(name) || is_made || root().join(name).exists() {
            return true;
        }
        let wanted: Vec<&str> = name.trim_end_matches('/').split('/').collect();
        self.paths.iter().any(|path| ends_with(path, &wanted))
    }
}

/// A test: `a_name_like_this`, perhaps with its modules before it.
fn is_sentence(name: &str) -> bool {
    let is_named = name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | ':'));
    is_named && name.rsplit("::").next().unwrap_or_default().matches('_').count() >= SENTENCE
}

/// A path: lower case, with a slash or the ending of a file. An RPC's path has capitals.
fn is_path(name: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "/._-<>*".contains(c);
    let is_page = name.ends_with(".md");
    let is_file = ENDINGS.iter().any(|end| name.ends_with(end) && name != *end);
    (is_page || name.chars().all(is_plain)) && (name.contains('/') || is_file)
}

/// Whether the last components of a path are these: pages shorten paths from the left. `<step>` and `*` stand for any text.
fn ends_with(path: &str, wanted: &[&str]) -> bool {
    let parts: Vec<&str> = path.split('/').collect();
    let Some(tail) = parts.len().checked_sub(wanted.len()).and_then(|start| parts.get(start..)) else { return false };
    tail.iter().zip(wanted).all(|(part, wanted)| fits(part, wanted))
}

fn fits(part: &str, wanted: &str) -> bool {
    let open = wanted.find(['<', '*']);
    let Some(open) = open else { return part == wanted };
    let close = wanted.rfind(['>', '*']).unwrap_or(open);
    let (before, after) = (wanted.get(..open).unwrap_or_default(), wanted.get(close + 1..).unwrap_or_default());
    part.len() > before.len() + after.len() && part.starts_with(before) && part.ends_with(after)
}

#[test]
fn a_name_is_known_for_what_it_is() {
    for path in ["a/b.rs", "policy.csv", "events/<step>/", "tests/tests/rules", "ARCHITECTURE.md"] {
        assert!(is_path(path), "{path}");
    }
    for other in ["order_api.v1.OrderService/CreateOrder", "create-order", "tests", ".proto", "cargo test -p a"] {
        assert!(!is_path(other), "{other}");
    }
    assert!(is_sentence("races::an_undo_that_comes_first"));
    assert!(!is_sentence("create_order"));
    let path = "shared/services/order/src/steps/approve_order.rs";
    for end in ["approve_order.rs", "order/src/steps/<step>.rs", "services/<service>/src/steps/*.rs"] {
        assert!(ends_with(path, &end.split('/').collect::<Vec<_>>()), "{end}");
    }
    for end in ["order.rs", "kitchen/src/steps/<step>.rs", "steps/<step>.md", "steps"] {
        assert!(!ends_with(path, &end.split('/').collect::<Vec<_>>()), "{end}");
    }
    let text = "`a.rs` and [b](b.md#c)\n```\n`no.rs`\n```\n`c.rs` [d](https://d) [e](#e)";
    assert_eq!(code(text).collect::<Vec<_>>(), ["a.rs", "c.rs"]);
    assert_eq!(links(text).collect::<Vec<_>>(), ["b.md#c"]);
}
