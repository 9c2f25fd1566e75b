//! What the pages tell a reader to type exists: targets of the Makefile and their variables, parameters and outputs of the
//! template. And it is shell.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Output};

use anyhow::{Context, Result, ensure};
use local::template::Template;
use tests::{files_below, root};

/// The pages beside those in docs/. What is drawn in docs/sagas/ names no command.
const PAGES: [&str; 7] = [
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "AGENTS.md",
    "auth0/README.md",
    "web/README.md",
    "web/client/README.md",
];

/// The page whose table names every parameter.
const DEPLOY: &str = "docs/deploy.md";

/// What the template's stack is not asked for: the stack of SAM's own bucket.
const OF_SAM: &str = "aws-sam-cli-managed-default";

/// The texts of the pages by their names.
fn pages() -> Result<Vec<(String, String)>> {
    let in_docs = std::fs::read_dir(root().join("docs"))?.map(|entry| Ok(entry?.file_name()));
    let in_docs = in_docs.collect::<Result<Vec<_>>>()?;
    let in_docs = in_docs.iter().filter_map(|name| name.to_str()).filter(|name| name.ends_with(".md"));
    let names = PAGES.into_iter().map(str::to_owned).chain(in_docs.map(|name| format!("docs/{name}")));
    names.map(|name| Ok((name.clone(), std::fs::read_to_string(root().join(&name)).context(name)?))).collect()
}

/// What a page shows as code: each line of its blocks, without what follows a `#`, and each text in backticks.
fn code(page: &str) -> Vec<&str> {
    let mut code = Vec::new();
    for (number, part) in page.split("```").enumerate() {
        if number % 2 == 1 {
            code.extend(part.lines().skip(1).map(|line| line.split(" #").next().unwrap_or(line)));
        } else {
            code.extend(part.split('`').skip(1).step_by(2));
        }
    }
    code
}

/// The targets and the variables of each `make` in a line of shell: `A=1 make b C=2` has the target b, the variables A and C.
fn made(line: &str) -> (Vec<&str>, Vec<&str>) {
    let (mut targets, mut variables) = (Vec::new(), Vec::new());
    for command in line.split(['|', ';', '&']) {
        let mut words = command.split_whitespace().skip_while(|word| word.contains('=')).peekable();
        if words.next_if_eq(&"make").is_none() || words.peek().is_none() {
            continue;
        }
        let before = command.split_whitespace().take_while(|word| word.contains('='));
        for word in before.chain(words).filter(|word| !word.starts_with('-')) {
            match word.split_once('=') {
                Some((variable, _)) => variables.push(variable),
                None => targets.push(word),
            }
        }
    }
    (targets, variables)
}

#[test]
fn whatever_a_page_lets_make_do_stands_in_the_makefile() -> Result<()> {
    let makefile = std::fs::read_to_string(root().join("Makefile"))?;
    let targets = makefile.lines().filter_map(|line| line.split_once(':')).map(|(name, _)| name);
    let targets: BTreeSet<&str> = targets.collect();
    let programs = files_below("", ".rs")?.iter().map(std::fs::read_to_string).collect::<Result<Vec<_>, _>>()?;
    let is_read = |name: &str| {
        let forms = [format!("$({name})"), format!("$${name}"), format!("$${{{name}"), format!("\n{name} ?=")];
        let literal = format!("\"{name}\"");
        forms.iter().any(|form| makefile.contains(form.as_str())) || programs.iter().any(|text| text.contains(&literal))
    };
    let mut wrong = Vec::new();
    for (page, text) in pages()? {
        for line in code(&text) {
            let (made, given) = made(line);
            wrong
                .extend(made.iter().filter(|name| !targets.contains(*name)).map(|name| format!("{page}: make {name}")));
            wrong.extend(given.iter().filter(|name| !is_read(name)).map(|name| format!("{page}: {name}= in `{line}`")));
        }
    }
    ensure!(wrong.is_empty(), "the Makefile has no such target, or nothing reads the variable:\n{}", wrong.join("\n"));
    Ok(())
}

/// The names in a part of the template.
fn in_template(part: &str) -> Result<BTreeSet<String>> {
    let template = Template::read(&root().join("template.yaml"))?;
    let names = template.as_json()[part].as_object().with_context(|| part.to_owned())?;
    Ok(names.keys().cloned().collect())
}

/// `Name=value` and `ParameterKey=Name` name a parameter.
fn parameters(line: &str) -> Vec<&str> {
    let is_name = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_uppercase())
            && name.chars().all(|c| c.is_ascii_alphanumeric())
            && name.contains(|c: char| c.is_ascii_lowercase())
    };
    let names = line.split_whitespace().filter_map(|word| match word.strip_prefix("ParameterKey=") {
        Some(rest) => rest.split(',').next(),
        None => word
            .split_once('=')
            .filter(|(_, value)| !value.starts_with('=') && !value.contains(','))
            .map(|(name, _)| name),
    });
    names.filter(|name| is_name(name)).collect()
}

#[test]
fn every_parameter_that_a_page_names_is_in_the_template() -> Result<()> {
    let known = in_template("Parameters")?;
    let mut wrong = Vec::new();
    for (page, text) in pages()? {
        let named = code(&text).into_iter().flat_map(parameters);
        wrong.extend(named.filter(|&name| !known.contains(name)).map(|name| format!("{page} names {name}")));
    }
    ensure!(wrong.is_empty(), "the template has no such parameter:\n{}", wrong.join("\n"));
    Ok(())
}

#[test]
fn the_table_of_parameters_names_each_once() -> Result<()> {
    let text = std::fs::read_to_string(root().join(DEPLOY))?;
    let (_, table) =
        text.split_once("| parameter |").with_context(|| format!("{DEPLOY} has no table of parameters"))?;
    let rows = table.lines().skip(2).take_while(|line| line.starts_with('|'));
    let cells: Vec<&str> = rows.filter_map(|row| row.split('|').nth(1)).collect();
    let named: Vec<&str> = cells.iter().flat_map(|cell| cell.split('`').skip(1).step_by(2)).collect();
    let named_once: BTreeSet<String> = named.iter().map(|&name| name.to_owned()).collect();
    ensure!(named_once.len() == named.len(), "{DEPLOY} names a parameter twice: {named:?}");
    let known = in_template("Parameters")?;
    let missing: Vec<_> = known.difference(&named_once).collect();
    let unknown: Vec<_> = named_once.difference(&known).collect();
    ensure!(missing.is_empty() && unknown.is_empty(), "{DEPLOY}'s table lacks {missing:?}, and has {unknown:?}");
    Ok(())
}

/// `$(output Name)`, `OutputKey=='Name'` and "the output `Name`"; a walk through an example names outputs to come.
fn outputs(page: &str) -> Vec<&str> {
    let sections = page.split("\n## ").filter(|section| !section.contains("The example is "));
    let lines = sections.flat_map(str::lines).filter(|line| !line.contains(OF_SAM));
    let names = lines.flat_map(|line| {
        let after = ["$(output ", "OutputKey=='", "output `"].map(|mark| line.split(mark).skip(1));
        after.into_iter().flatten().filter_map(|rest| rest.split(|c: char| !c.is_ascii_alphanumeric()).next())
    });
    names.filter(|name| !name.is_empty()).collect()
}

#[test]
fn every_output_that_a_page_names_is_in_the_template() -> Result<()> {
    let known = in_template("Outputs")?;
    let mut wrong = Vec::new();
    for (page, text) in pages()? {
        let named = outputs(&text).into_iter().filter(|&name| !known.contains(name));
        wrong.extend(named.map(|name| format!("{page} names {name}")));
    }
    ensure!(wrong.is_empty(), "the template has no such output:\n{}", wrong.join("\n"));
    Ok(())
}

/// A reader types the blocks as they stand.
#[test]
fn every_block_of_commands_is_shell() -> Result<()> {
    for (page, text) in pages()? {
        for block in text.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next()) {
            let output = Command::new("bash").args(["-n", "-c", block]).output().context("bash")?;
            ensure!(output.status.success(), "{page}: {}\n{block}", String::from_utf8_lossy(&output.stderr));
        }
    }
    Ok(())
}

/// `make browser`, with what a folder holds as the only programs, and the way to `make`, which the folder hides.
fn make_browser(programs: &Path) -> Result<Output> {
    let script = r#"make=$(command -v make); PATH="$1" "$make" --silent browser"#;
    let mut bash = Command::new("bash");
    bash.args(["-c", script, "bash"]).arg(programs).current_dir(root()).env_remove("MAKEFLAGS").env_remove("MAKELEVEL");
    bash.output().context("make")
}

/// The test that plays in a browser comes after many minutes.
#[test]
fn make_test_says_first_that_a_browser_is_missing() -> Result<()> {
    let makefile = std::fs::read_to_string(root().join("Makefile"))?;
    ensure!(makefile.contains("\ntest: browser "), "`make test` does not look for a browser before it does anything");
    let play = std::fs::read_to_string(root().join("web/client/tests/deployed/browser.ts"))?;
    let (_, names) = play.split_once("const names = ").context("the names")?;
    let names: Vec<String> = serde_json::from_str(names.split(';').next().context("a list")?)?;
    let words = "there is no ${names.join(\" or \")}: sudo apt-get install chromium";
    ensure!(play.contains(&format!("`{words}`")), "the play in a browser has other words");
    let words = words.replace("${names.join(\" or \")}", &names.join(" or "));
    let programs = tempfile::tempdir()?;
    let output = make_browser(programs.path())?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(!output.status.success() && said.lines().next() == Some(&words), "make says {said:?}, not {words:?}");
    for name in names {
        let program = programs.path().join(&name);
        std::os::unix::fs::symlink("/bin/sh", &program)?;
        let output = make_browser(programs.path())?;
        ensure!(output.status.success(), "{name} is there: {}", String::from_utf8_lossy(&output.stderr));
        std::fs::remove_file(program)?;
    }
    Ok(())
}

#[test]
fn what_a_page_names_is_found_in_its_text() {
    let page = "`make up LANE=rust` and `Orchestrator=Rust`\n```sh\nmake no # make comment\nA=1 make b C=2 && make d\n```\nthe output `Url`";
    assert_eq!(code(page), ["make up LANE=rust", "Orchestrator=Rust", "make no", "A=1 make b C=2 && make d", "Url"]);
    assert_eq!(made("A=1 make b C=2 && make d -n"), (vec!["b", "d"], vec!["A", "C"]));
    assert_eq!(made("make"), (vec![], vec![]));
    assert_eq!(made("cargo make x"), (vec![], vec![]));
    assert_eq!(
        parameters("x Orchestrator=Rust A=1 ParameterKey=Url,ParameterValue=1 OutputKey=='No' Start=No,End=1"),
        ["Orchestrator", "Url"]
    );
    assert_eq!(
        outputs("$(output Url) [?OutputKey=='Arn'] output `Name` and output `Other`"),
        ["Url", "Arn", "Name", "Other"]
    );
    assert_eq!(outputs("aws-sam-cli-managed-default OutputKey=='No'"), Vec::<&str>::new());
}
