//! The command line, one file per command.

mod adopt;
mod check;
mod console;
mod queues;
mod redrive;
mod republish;
mod seed;
mod smoke;
mod wake;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};

use crate::speech::complain;
use crate::stack::Stack;

#[derive(Parser)]
#[command(version, about = "What operators do with a deployed Order Saga")]
struct Arguments {
    /// The name of the CloudFormation stack
    #[arg(long, global = true, env = "STACK")]
    stack: Option<String>,
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
    /// Put the built console into the stack's bucket, with the stack's configuration
    Console {
        /// The environment
        #[arg(default_value = "default")]
        environment: String,
        /// The directory of samconfig.toml and template.yaml
        #[arg(long, default_value = ".")]
        directory: PathBuf,
        /// The directory of the built files
        #[arg(long, default_value = "web/dist")]
        files: PathBuf,
    },
    /// Count the messages of each queue that sets messages aside
    Queues,
    /// Show what lies in a function's dead-letter queue, or move it back
    Redrive(redrive::Redrive),
    /// List the sagas of the Rust lane that are silent, or wake them
    Wake(wake::Wake),
    /// List the orders whose saga has not begun, or publish an order's events again
    Republish(republish::Republish),
    /// Put a menu and its first stock into the stack; again changes nothing that is right
    Seed(seed::Seed),
    /// Play five stories against the stack, say what is wrong, and take away what was made
    Smoke(smoke::Smoke),
}

/// Carries out what the command line says: the whole of the program `operate`.
#[must_use]
pub fn run() -> ExitCode {
    match carry_out(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn carry_out(arguments: Arguments) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let named = match arguments.stack {
            Some(name) => Some(Stack::named(name).await),
            None => None,
        };
        let stack = || named.as_ref().context("name the stack: --stack <name>, or STACK=<name> before the command");
        match arguments.command {
            Command::Adopt { environment, directory } => adopt::run(&directory, &environment).await,
            Command::Check { environment, directory, switch_lane } => {
                check::run(&directory, &environment, switch_lane).await
            }
            Command::Console { environment, directory, files } => console::run(&directory, &environment, &files).await,
            Command::Queues => queues::run(stack()?).await,
            Command::Redrive(redrive) => redrive::run(stack()?, &redrive).await,
            Command::Wake(wake) => wake::run(stack()?, &wake).await,
            Command::Republish(republish) => republish::run(stack()?, &republish).await,
            Command::Seed(asked) => seed::run(stack()?, asked).await,
            Command::Smoke(asked) => smoke::run(stack()?, asked).await,
        }
    })
}
