//! `local`: the local AWS at the command line. `make up` and its siblings call it.
#![allow(
    clippy::indexing_slicing,
    reason = "JSON documents are read by name, which gives null where there is nothing; nothing here is deployed"
)]
// As in lib.rs: this program runs beside the functions.
#![allow(clippy::disallowed_methods)]

mod commands;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};
use local::Lane;

#[derive(Parser)]
#[command(version, about = "The local AWS of Order Saga: for development on this machine only")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Start everything, deploy the built functions, and stay until Ctrl-C
    Up {
        /// What runs the sagas
        #[arg(long, default_value_t)]
        lane: Lane,
    },
    /// Stop what `up` has started and forget its data
    Down,
    /// Play five stories against the running system, and fail when one ends wrong
    Demo,
    /// Print the record of an order's latest saga, for `sagas-codegen draw`
    Saga {
        /// The order's id
        order_id: String,
    },
    /// Print a development token
    Token {
        /// Whose it is
        #[arg(long, default_value = commands::CUSTOMER)]
        sub: String,
        /// What it permits, separated by commas
        #[arg(long, value_delimiter = ',', default_values = commands::CUSTOMER_PERMISSIONS)]
        permissions: Vec<String>,
        /// How many seconds it is good for
        #[arg(long, default_value_t = 3600, allow_negative_numbers = true)]
        expires_in: i64,
    },
    /// Give events/<FUNCTION>/<CASE>.json to a function's binary through cargo-lambda
    Invoke {
        /// The function, such as create-order
        function: String,
        /// The event, such as ok
        case: String,
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
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let result = runtime.block_on(async {
        match command {
            Command::Up { lane } => commands::up::run(lane).await,
            Command::Down => commands::down::run(),
            Command::Demo => commands::demo::run().await,
            Command::Saga { order_id } => commands::saga::run(&order_id).await,
            Command::Token { sub, permissions, expires_in } => commands::token::run(&sub, &permissions, expires_in),
            Command::Invoke { function, case } => commands::invoke::run(&function, &case).await,
        }
    });
    // An interrupted start may have left a thread that packs functions; nobody waits for it.
    runtime.shutdown_background();
    result
}
