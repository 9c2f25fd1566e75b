//! `make generate` and `make publish-sagas`, and the picture of one run.

use std::io::Read;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use saga::diagram;
use sagas_codegen::{draw, generate, lock};

#[derive(Parser)]
#[command(version, about = "What follows from the sagas' definitions")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Refresh the generated files and the diagrams in ARCHITECTURE.md
    Generate,
    /// Add the versions that are new to the lock; those in it must be unchanged
    Publish,
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
        Command::Generate => generate(&root, &registry),
        Command::Publish => publish(&root.join(lock::PATH), &registry),
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

fn publish(path: &Path, registry: &messaging::Registry) -> Result<()> {
    // The first publication writes the file.
    let before = if path.exists() { std::fs::read_to_string(path)? } else { String::new() };
    let after = lock::publish(&before, registry)?;
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(path, after).with_context(|| format!("writing {}", path.display()))
}
