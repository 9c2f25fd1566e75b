//! Where modules and tests stand: `name.rs` beside the folder `name/`; tests inline, or in `x/tests.rs` beside `x.rs`.

use anyhow::{Context, Result, ensure};
use tests::{files_below, relative};

/// A longer module of tests stands in a file of its own.
const MAX_INLINE_LINES: usize = 60;

#[test]
fn modules_and_tests_are_where_they_are_looked_for() -> Result<()> {
    let sources = files_below("", ".rs")?;
    let own: Vec<_> = sources.iter().filter(|path| !relative(path).contains("/generated/")).collect();
    ensure!(own.len() > 200, "only {} files were found", own.len());
    for path in own {
        let name = path.file_name().context("a name")?.to_string_lossy().into_owned();
        let path_of = relative(path);
        ensure!(name != "mod.rs", "{path_of}: name it after its folder, and put it beside the folder");
        ensure!(
            !name.ends_with("_tests.rs"),
            "{path_of}: tests of x.rs stand in x/tests.rs, or in files below x/tests"
        );
        let text = std::fs::read_to_string(path)?;
        for (line, length) in inline_tests(&text) {
            ensure!(
                length <= MAX_INLINE_LINES,
                "{path_of}:{line}: {length} lines of tests belong in a file of their own, tests.rs in the folder \
                 that is named after this file"
            );
        }
        let misplaced = text.lines().any(|line| line.trim_start().starts_with("#[path"));
        ensure!(!misplaced, "{path_of}: a module is found without a #[path] when its file has the module's name");
    }
    Ok(())
}

/// The first line and the length of each module of tests that has its content here.
fn inline_tests(text: &str) -> Vec<(usize, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let opens = |line: &str| line.starts_with("mod ") && line.ends_with('{');
    let opening = (1..lines.len()).filter(|index| opens(lines[*index]) && lines[index - 1] == "#[cfg(test)]");
    let length = |start: usize| lines[start..].iter().position(|line| *line == "}").map_or(0, |end| end + 1);
    opening.map(|start| (start + 1, length(start))).collect()
}

#[test]
fn an_inline_module_of_tests_is_measured_from_its_name_to_its_end() {
    let text = "fn code() {\n}\n\n#[cfg(test)]\nmod tests {\n    use super::*;\n\n    fn test() {\n    }\n}\n";
    assert_eq!(inline_tests(text), [(5, 6)]);
    assert_eq!(inline_tests("#[cfg(test)]\nmod tests;\n"), []);
}
