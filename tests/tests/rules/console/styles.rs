//! How the console looks is decided in one file, and every class that a component names is there.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use regex_lite::Regex;
use tests::relative;

use super::{SOURCES, own};

/// The only file that may have colours, and the only one that may have sizes of type.
const TOKENS: &str = "web/src/design/tokens.css";

/// A colour by value: in hexadecimal, by a function, or by a name that is a colour nearly everywhere.
const COLOUR: &str = concat!(
    r"#[0-9a-fA-F]{3,8}\b|\b(rgba?|hsla?|hwb|lab|lch|oklab|oklch|light-dark)\(|",
    r":[^;{]*\b(black|white|gr[ae]y|silver|red|maroon|orange|gold|yellow|olive|lime|green|teal|cyan|aqua|blue|navy|purple|",
    r"violet|magenta|fuchsia|pink|brown|crimson|tomato)\b",
);

/// A size of type that is no token; `em` follows the text around it.
const SIZE: &str = r"font(-size)?:[^;]*[0-9](px|rem|pt|%|vw)";

/// The first line of a style sheet that says a value where it should name a token.
fn unnamed(text: &str) -> Result<Option<String>> {
    let comments = Regex::new(r"(?s)/\*.*?\*/")?;
    let text = comments.replace_all(text, "");
    let forbidden = [Regex::new(COLOUR)?, Regex::new(SIZE)?];
    // What a token is called is no colour: var(--text-white) would be one otherwise.
    let names = Regex::new(r"--[a-z0-9-]+")?;
    let found = text.lines().find(|line| {
        let line = names.replace_all(line, "token");
        forbidden.iter().any(|words| words.is_match(&line))
    });
    Ok(found.map(str::to_owned))
}

#[test]
fn every_colour_and_size_of_type_comes_from_the_tokens() -> Result<()> {
    let sheets = own(SOURCES, &[".css"])?;
    ensure!(sheets.iter().any(|sheet| relative(sheet) == TOKENS), "{TOKENS} is not there");
    for sheet in sheets.iter().filter(|sheet| relative(sheet) != TOKENS) {
        let found = unnamed(&std::fs::read_to_string(sheet)?)?;
        ensure!(found.is_none(), "{}: {found:?} names no token", relative(sheet));
    }
    let quoted = Regex::new(r##"["'`](#[0-9a-fA-F]{3,8}|(rgb|hsl|oklch)a?\(.*)["'`]"##)?;
    for file in own(SOURCES, &[".tsx"])? {
        let text = std::fs::read_to_string(&file)?;
        let found = quoted.find(&text).map(|found| found.as_str());
        ensure!(found.is_none(), "{}: {found:?} names no token", relative(&file));
    }
    Ok(())
}

#[test]
fn a_value_in_place_of_a_token_is_found() -> Result<()> {
    for value in
        ["color: #fff;", "fill: rgb(0 0 0);", "border: 1px solid red;", "font-size: 13px;", "font: 1rem/1.5 x;"]
    {
        ensure!(unnamed(&format!(".a {{\n  {value}\n}}"))?.is_some(), "{value} was not found");
    }
    for value in ["color: var(--red);", "font-size: 0.9em;", "border: 1px solid transparent;", "/* red, #fff */"] {
        ensure!(unnamed(&format!(".a {{\n  {value}\n}}"))?.is_none(), "{value} was found");
    }
    Ok(())
}

/// The classes that components take from a module, and whether some are chosen by an expression.
#[derive(Default)]
struct Taken {
    names: BTreeSet<String>,
    by_expression: bool,
}

/// For the compiler any class may be in a module: a wrong name would show as the class "undefined".
#[test]
fn every_class_is_there_and_every_class_is_used() -> Result<()> {
    let mut taken = BTreeMap::new();
    for file in own(SOURCES, &[".ts", ".tsx"])? {
        note_classes(&file, &mut taken)?;
    }
    let class = Regex::new(r"\.([a-zA-Z][a-zA-Z0-9_-]*)")?;
    let value = Regex::new(r"(?s)/\*.*?\*/|:[^;{}]*;|@[^{;]*;")?;
    for sheet in own(SOURCES, &[".module.css"])? {
        let text = std::fs::read_to_string(&sheet)?;
        let selectors = value.replace_all(&text, "");
        let there: BTreeSet<_> =
            class.captures_iter(&selectors).filter_map(|found| Some(found.get(1)?.as_str().to_owned())).collect();
        let Taken { names, by_expression } =
            taken.remove(&sheet).with_context(|| format!("{} is imported nowhere", relative(&sheet)))?;
        let missing: Vec<_> = names.difference(&there).collect();
        ensure!(missing.is_empty(), "{} has no {missing:?}", relative(&sheet));
        let idle: Vec<_> = there.difference(&names).collect();
        ensure!(by_expression || idle.is_empty(), "{}: no component uses {idle:?}", relative(&sheet));
    }
    Ok(())
}

fn note_classes(file: &Path, taken: &mut BTreeMap<PathBuf, Taken>) -> Result<()> {
    let text = std::fs::read_to_string(file)?;
    let import = Regex::new(r#"import (\w+) from "(\.[^"]+\.module\.css)";"#)?;
    for found in import.captures_iter(&text) {
        let (Some(name), Some(path)) = (found.get(1), found.get(2)) else { continue };
        let sheet = file.parent().context("a folder")?.join(path.as_str()).canonicalize()?;
        let module = taken.entry(sheet).or_default();
        let name = name.as_str();
        let used = Regex::new(&format!(r#"\b{name}(?:\.(\w+)|\["([^"]+)"\])"#))?;
        let used =
            used.captures_iter(&text).filter_map(|found| Some(found.get(1).or(found.get(2))?.as_str().to_owned()));
        module.names.extend(used.filter(|used| used != "module"));
        module.by_expression |= Regex::new(&format!(r#"\b{name}\[[^"]"#))?.is_match(&text);
    }
    Ok(())
}
