//! The command line, one file per command.

mod adopt;
mod check;
mod queues;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::stack::Stack;

#[derive(Parser)]
#[command(version, about = "What operators do with a deployed Order Saga")]
struct Arguments {
    /// The name of the CloudFormation stack
    #[arg(long, global = true, env = "STACK", default_value = "order-saga")]
    stack: String,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Take the tables that an earlier stack has left into a new stack of the same name
    Adopt {
        /// The environment
        #[arg(default_value = "default")]
        environment: String,
        /// The directory of samconfig.toml and template.yaml
        #[arg(long, default_value = ".")]
        directory: PathBuf,
    },
    /// Look whether an environment of samconfig.toml can be deployed, before anything is created
    Check {
        /// The environment
        #[arg(default_value = "default")]
        environment: String,
        /// The directory of samconfig.toml and template.yaml
        #[arg(long, default_value = ".")]
        directory: PathBuf,
        /// Let the deployment switch the lane
        #[arg(long)]
        switch_lane: bool,
    },
    /// Count the messages of each queue that sets messages aside
    Queues,
}

/// Carries out what the command line says: the whole of the program `operate`.
#[must_use]
pub fn run() -> ExitCode {
    match carry_out(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn carry_out(arguments: Arguments) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        match arguments.command {
            Command::Adopt { environment, directory } => adopt::run(&directory, &environment).await,
            Command::Check { environment, directory, switch_lane } => {
                check::run(&directory, &environment, switch_lane).await
            }
            Command::Queues => queues::run(&Stack::named(arguments.stack).await).await,
        }
    })
}
