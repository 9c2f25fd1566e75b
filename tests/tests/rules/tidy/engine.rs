//! The engine knows no service: another team could use it as it stands.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, ensure};
use cargo_metadata::MetadataCommand;
use tests::{files_below, function_names, relative, root, rpc_paths};

/// The services whose name is an English word that the engine needs: they are found only where code would name them.
const ENGLISH: &[&str] = &["operations", "order"];

/// The crates of `shared/services`, and of the functions, the local AWS and the tests.
#[test]
fn no_crate_of_the_engine_depends_on_what_is_built_with_it() -> Result<()> {
    let metadata = MetadataCommand::new().manifest_path(root().join("Cargo.toml")).no_deps().exec()?;
    let folder = |package: &cargo_metadata::Package| relative(package.manifest_path.as_std_path());
    let (engine, others): (Vec<_>, Vec<_>) =
        metadata.packages.iter().partition(|package| folder(package).starts_with("shared/engine/"));
    ensure!(engine.len() >= 10, "only {} crates of the engine were found", engine.len());
    let others: BTreeSet<_> = others.iter().map(|package| package.name.to_string()).collect();
    for package in engine {
        // Whatever the kind: the engine's tests do without the services as well.
        let found = package.dependencies.iter().find(|dependency| others.contains(&dependency.name));
        let found = found.map(|dependency| &dependency.name);
        ensure!(found.is_none(), "{} is a crate of the engine and must not depend on {found:?}", package.name);
    }
    Ok(())
}

#[test]
fn no_file_of_the_engine_names_a_service_its_package_or_a_message_of_it() -> Result<()> {
    let files = files_below("shared/engine", "")?;
    let words = words(&declared_in(&files)?)?;
    ensure!(words.len() > 100, "only {} words were found", words.len());
    ensure!(files.len() > 200, "only {} files were found", files.len());
    let mut found = Vec::new();
    for path in files {
        // A picture or an archive names nobody.
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        for (number, line) in text.lines().enumerate() {
            let named = words.iter().filter(|(word, _)| names(line, word));
            let said = named.map(|(word, whose)| format!("{}:{}: {word:?} is {whose}", relative(&path), number + 1));
            found.extend(said);
        }
    }
    ensure!(found.is_empty(), "the engine names what is built with it:\n{}", found.join("\n"));
    Ok(())
}

/// The types that the engine's product code declares; a message of the same name tells of nobody.
fn declared_in(files: &[std::path::PathBuf]) -> Result<BTreeSet<String>> {
    let mut declared = BTreeSet::new();
    for path in files.iter().filter(|path| path.extension().is_some_and(|extension| extension == "rs")) {
        if relative(path).contains("/tests") || relative(path).contains("/testkit/") {
            continue;
        }
        let text = std::fs::read_to_string(path)?;
        for line in text.lines() {
            let name = ["pub struct ", "pub enum ", "pub trait "].iter().find_map(|start| line.strip_prefix(start));
            let end = |name: &str| name.find(|letter: char| !letter.is_alphanumeric()).unwrap_or(name.len());
            declared.extend(name.map(|name| name[..end(name)].to_owned()));
        }
    }
    Ok(declared)
}

/// Every word that the engine must not say, and what it is.
fn words(declared: &BTreeSet<String>) -> Result<BTreeMap<String, String>> {
    let mut words = BTreeMap::new();
    let wire = root().join("shared/engine/wire/proto");
    let mut operations = BTreeSet::new();
    for message in codegen::messages(&root().join("proto"), &[wire])? {
        let (package, _) = message.name.split_once(".v1.").context("a version")?;
        words.insert(format!("{package}.v1"), "a package of the services".to_owned());
        words.insert(format!("{package}::v1"), "a package of the services".to_owned());
        operations.extend(message.name.rsplit('.').next().map(str::to_owned));
        for service in [package, package.trim_end_matches("_api")] {
            words.insert(format!("{service}::"), "a service".to_owned());
            words.insert(format!("\"{service}\""), "a service".to_owned());
            words.insert(format!("`{service}`"), "a service".to_owned());
            if !ENGLISH.contains(&service) {
                words.insert(service.to_owned(), "a service".to_owned());
                words.insert(camel(service), "a service".to_owned());
            }
        }
    }
    operations.extend(
        rpc_paths()?
            .iter()
            .flat_map(|path| path.split('/'))
            .filter_map(|part| part.rsplit('.').next())
            .map(str::to_owned),
    );
    // A name of one word, such as Money, says nothing about where it comes from.
    let long = |name: &String| name.chars().filter(char::is_ascii_uppercase).count() > 1;
    for name in operations.into_iter().filter(|name| long(name) && !declared.contains(name)) {
        words.insert(name.clone(), "a message or an RPC of the services".to_owned());
    }
    // Functions that carry out no command and serve no RPC are the engine's own: they run the sagas of any application.
    let is_theirs = |function: &String| words.contains_key(&camel(function));
    let functions: Vec<String> = function_names()?.into_iter().filter(is_theirs).collect();
    ensure!(functions.len() >= 18, "only {functions:?} belong to the services");
    for function in functions {
        let snake = function.replace('-', "_");
        for word in [snake.to_uppercase(), snake, function] {
            words.insert(word, "a function of the services".to_owned());
        }
    }
    Ok(words)
}

fn camel(kebab: &str) -> String {
    kebab.split(['-', '_']).map(|word| word[..1].to_uppercase() + &word[1..]).collect()
}

/// Whether the line has the word, and not as a part of a longer one; what is put together, such as
/// `CreateTicketQueueUrl`, names its parts.
fn names(line: &str, word: &str) -> bool {
    let is_camel = word.starts_with(|letter: char| letter.is_ascii_uppercase()) && word.contains(char::is_lowercase);
    let starts = word.starts_with(char::is_alphanumeric);
    let ends = word.ends_with(char::is_alphanumeric);
    line.match_indices(word).any(|(start, _)| {
        let before = line[..start].chars().next_back();
        let after = line[start + word.len()..].chars().next();
        let goes_on = |letter: char| if is_camel { letter.is_lowercase() } else { letter.is_alphanumeric() };
        let is_end_of_another = starts && before.is_some_and(char::is_alphanumeric);
        let is_start_of_another = ends && after.is_some_and(goes_on);
        !is_end_of_another && !is_start_of_another
    })
}

#[test]
fn a_word_is_found_whole_and_as_a_part_of_what_is_put_together() {
    for line in ["CreateTicket", "a CreateTicketQueueUrl", "v1.CreateTicket.x", "Vec<CreateTicket>"] {
        assert!(names(line, "CreateTicket"), "{line}");
    }
    for line in ["CreateTickets", "ReCreateTicket", "Create Ticket"] {
        assert!(!names(line, "CreateTicket"), "{line}");
    }
    assert!(names("CREATE_TICKET_QUEUE_URL", "CREATE_TICKET") && !names("kitchens", "kitchen"));
    assert!(
        names("use order::sagas;", "order::") && !names("reorder::it", "order::") && !names("in order", "\"order\"")
    );
}
