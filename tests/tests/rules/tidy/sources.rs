//! What stands in the source files.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use tests::{files_below, relative};

const MAX_FILE_LINES: usize = 400;
const MAX_FUNCTION_LINES: usize = 70;

/// Words that a pure file has no use for.
const IMPURE: &[&str] = &[
    "async ",
    ".await;",
    ".await?",
    ".await.",
    "tokio",
    "SystemTime",
    "Instant::now",
    "now_utc",
    "rand::",
    "getrandom",
    "new_v4",
    "aws_",
    "aws::",
    "std::env",
    "std::fs",
    "std::net",
];

fn sources() -> Result<Vec<std::path::PathBuf>> {
    let sources = files_below("", ".rs")?;
    Ok(sources.into_iter().filter(|path| !relative(path).contains("/generated/")).collect())
}

#[test]
fn domains_are_pure() -> Result<()> {
    let pure: Vec<_> = sources()?
        .into_iter()
        .filter(|path| relative(path).contains("/domain/") || relative(path).starts_with("shared/engine/saga/src/"))
        .collect();
    ensure!(pure.len() >= 10, "only {} pure files were found", pure.len());
    for path in pure {
        let text = std::fs::read_to_string(&path)?;
        let code = text.lines().map(|line| line.split("//").next().unwrap_or_default());
        for (number, line) in code.enumerate() {
            let found = IMPURE.iter().find(|word| line.contains(**word));
            ensure!(found.is_none(), "{}:{}: {found:?} is not pure", relative(&path), number + 1);
        }
    }
    Ok(())
}

#[test]
fn files_and_functions_are_short() -> Result<()> {
    for path in sources()? {
        let text = std::fs::read_to_string(&path)?;
        let lines = text.lines().count();
        ensure!(lines <= MAX_FILE_LINES, "{} has {lines} lines", relative(&path));
        let named = path.file_stem().is_some_and(|stem| stem == "utils" || stem == "common");
        ensure!(!named, "{}: name it for what it does", relative(&path));
        for (start, length) in functions(&text) {
            ensure!(length <= MAX_FUNCTION_LINES, "{}:{start}: a function of {length} lines", relative(&path));
        }
    }
    Ok(())
}

/// The first line and the length of each function; rustfmt closes a function at the column where it opens.
fn functions(text: &str) -> Vec<(usize, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let body = line.trim_start();
        let indent = &line[..line.len() - body.len()];
        if !declares_function(body) {
            continue;
        }
        let end = lines[index..].iter().position(|line| *line == format!("{indent}}}"));
        // A declaration without a body, or one on a line of its own, ends where it begins.
        let one_liner = body.ends_with(';') || body.ends_with('}');
        if let (Some(end), false) = (end, one_liner) {
            found.push((index + 1, end + 1));
        }
    }
    found
}

/// Whether the line declares a function, whatever its visibility and its qualifiers.
fn declares_function(line: &str) -> bool {
    let line = match line.strip_prefix("pub(") {
        Some(restricted) => restricted.split_once(')').map_or("", |(_, rest)| rest.trim_start()),
        None => line.strip_prefix("pub ").unwrap_or(line),
    };
    let qualifies = |word: &&str| ["const", "async", "unsafe", "extern", "\"C\""].contains(word);
    line.split(' ').find(|word| !qualifies(word)) == Some("fn")
}

#[test]
fn a_function_is_known_by_any_declaration() -> Result<()> {
    let visible = ["", "pub ", "pub(crate) ", "pub(super) ", "pub(self) ", "pub(in crate::template) "];
    let qualified = ["", "async ", "const ", "unsafe ", "const unsafe ", "unsafe extern \"C\" "];
    for start in visible.iter().flat_map(|visible| qualified.map(|qualified| format!("{visible}{qualified}fn"))) {
        let text = format!("impl Any {{\n    {start} any() {{\n        body();\n    }}\n}}\n");
        ensure!(functions(&text) == [(2, 3)], "{start} is not known");
    }
    Ok(())
}

/// A file that no `mod` names is never compiled, and its tests never run.
#[test]
fn no_test_file_is_forgotten() -> Result<()> {
    let mut checked = 0;
    for path in sources()? {
        let name = path.file_stem().context("a name")?.to_string_lossy().into_owned();
        let target = relative(&path);
        let is_target = ["lib", "main", "mod"].contains(&name.as_str())
            || target.contains("/compile_fail/")
            || target.contains("/compile_pass/")
            || is_found_by_cargo(&path);
        if is_target {
            continue;
        }
        checked += 1;
        ensure!(is_named(&path, &name)?, "{target} is named by no mod: it is never compiled");
    }
    ensure!(checked > 30, "only {checked} files were checked");
    Ok(())
}

/// Cargo finds the files directly below a package's `tests` and `examples` by itself.
fn is_found_by_cargo(path: &Path) -> bool {
    let is_searched = |folder: &Path| folder.ends_with("tests") || folder.ends_with("examples");
    path.parent().is_some_and(|folder| is_searched(folder) && folder.with_file_name("Cargo.toml").exists())
}

fn is_named(path: &Path, name: &str) -> Result<bool> {
    let folder = path.parent().context("a folder")?;
    let siblings =
        std::fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>()?;
    let parent_module = folder.with_extension("rs");
    let by_name = [format!("mod {name};"), format!("\"{name}.rs\"")];
    for candidate in siblings.into_iter().chain([parent_module]) {
        if candidate != path && candidate.extension().is_some_and(|extension| extension == "rs") && candidate.exists() {
            let text = std::fs::read_to_string(&candidate)?;
            if by_name.iter().any(|text_of| text.contains(text_of)) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}
