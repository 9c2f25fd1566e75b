//! `make generate`, `make publish-sagas`, `make function`, `make new-version`, and the picture of one run.

use std::io::Read;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use saga::diagram;
use sagas_codegen::{draw, function, generate, lock, new_version, steps, write_documents};

#[derive(Parser)]
#[command(version, about = "What follows from the sagas' definitions")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Refresh the generated files, the generated parts of template.yaml and the documents of the API
    Generate,
    /// Add the versions that are new to the lock; those in it must be unchanged
    Publish,
    /// Write the crate of a step's function and its two events; the step has its row and a saga that sends its command
    NewFunction {
        /// The function, such as send-receipt
        name: String,
    },
    /// Keep the published version of a saga beside a copy of it, which is the next version
    NewVersion {
        /// The saga, such as create-order
        saga: String,
    },
    /// Read a run's record from standard input and print its saga's diagram with the way it took
    Draw {
        /// Graphviz' language instead of Mermaid's
        #[arg(long)]
        dot: bool,
    },
}

fn main() -> ExitCode {
    let command = Arguments::parse().command;
    match run(command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
    let registry = order::sagas::registry();
    match command {
        Command::Generate => {
            generate(&root, &registry, &steps())?;
            write_documents(&root, &registry, &steps())
        }
        Command::Publish => publish(&root.join(lock::PATH), &registry),
        Command::NewFunction { name } => {
            let steps = steps();
            let files = function::files(&root, &registry, &steps, &name)?;
            function::write(&root, &name, &files)?;
            files.iter().for_each(|(path, _)| println!("{}", path.display()));
            if steps.iter().any(|row| row.handler == name && !row.variables.is_empty()) {
                println!("its row has variables: let its main read them, as functions/authorize-card does");
            }
            Ok(())
        }
        Command::NewVersion { saga } => {
            new_version(&root, &registry, &saga)?.iter().for_each(|path| println!("{}", path.display()));
            Ok(())
        }
        Command::Draw { dot } => {
            let mut record = String::new();
            std::io::stdin().read_to_string(&mut record).context("reading standard input")?;
            let (definition, run) = draw::read(&registry, &record)?;
            let language = if dot { diagram::dot } else { diagram::mermaid };
            print!("{}", language(definition, Some(&run)));
            Ok(())
        }
    }
}

fn publish(path: &Path, registry: &orchestration::Registry) -> Result<()> {
    // The first publication writes the file.
    let before = if path.exists() { std::fs::read_to_string(path)? } else { String::new() };
    let after = lock::publish(&before, registry)?;
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(path, after).with_context(|| format!("writing {}", path.display()))
}

#[cfg(test)]
mod tests {
    use testkit::sagas;

    use super::*;

    #[test]
    fn a_lock_is_begun_and_then_only_grows() {
        let root = tempfile::tempdir().expect("a folder");
        let path = root.path().join(lock::PATH);
        publish(&path, &sagas::only_version_1()).expect("published");
        let first = std::fs::read_to_string(&path).expect("read");
        assert_eq!(first, lock::publish("", &sagas::only_version_1()).expect("published"));
        publish(&path, &sagas::both_versions()).expect("published");
        let second = std::fs::read_to_string(&path).expect("read");
        assert!(second.starts_with(&first), "{second}");
        lock::check(&second, &sagas::both_versions()).expect("no complaint");
        publish(&path, &sagas::only_version_2()).expect_err("an error");
        assert_eq!(std::fs::read_to_string(&path).expect("read"), second, "what cannot be published is not written");
    }
}
