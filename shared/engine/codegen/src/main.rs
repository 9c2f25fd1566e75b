//! `make generate`: refreshes the committed Rust of `.proto` files, and the manifest with which the engine stands alone.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(version, about = "Writes what follows from .proto files and from the workspace's manifest")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Write the Rust of .proto files
    Messages {
        /// A folder of .proto files that may be imported
        #[arg(long)]
        include: Vec<PathBuf>,
        /// The folder of .proto files
        protos: PathBuf,
        /// Where the Rust goes
        out: PathBuf,
    },
    /// Write the manifest with which a folder of the workspace stands alone
    Workspace {
        /// The folder, as the workspace's manifest names it
        folder: String,
    },
}

fn main() -> Result<()> {
    match Arguments::parse().command {
        Command::Messages { include, protos, out } => codegen::generate(&protos, &include, &out),
        Command::Workspace { folder } => {
            let root = std::env::current_dir().context("the working directory")?;
            let path = root.join(&folder).join(codegen::STANDALONE);
            let manifest = codegen::standalone(&root, &folder)?;
            std::fs::write(&path, manifest).with_context(|| format!("writing {}", path.display()))
        }
    }
}
