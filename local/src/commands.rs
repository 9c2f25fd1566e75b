//! The command line, one file per command.

mod demo;
mod down;
mod environment;
mod invoke;
mod saga;
mod token;
mod up;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::data::lane::Lane;
use crate::front::person::Person;

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
        /// The lane that runs the sagas
        #[arg(long, default_value_t)]
        lane: Lane,
    },
    /// Stop what `up` has started and forget its data
    Down,
    /// Print the environment by which AWS's tools and `operate` act on the running system: eval "$(local environment)"
    Environment,
    /// Play five stories against the running system, and fail when one ends wrong
    Demo,
    /// Print the record of an order's latest saga, for `sagas-codegen draw`
    Saga {
        /// The order's id
        order_id: String,
    },
    /// Print a development token
    Token {
        /// The subject of the token
        #[arg(long, default_value = Person::Customer.subject())]
        sub: String,
        /// The permissions that it carries, separated by commas
        #[arg(long, value_delimiter = ',', default_values = Person::Customer.permissions())]
        permissions: Vec<String>,
        /// The number of seconds until it expires
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

/// Carries out what the command line says: the whole of the program `local`.
#[must_use]
pub fn run() -> ExitCode {
    match carry_out(Arguments::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn carry_out(command: Command) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let result = runtime.block_on(async {
        match command {
            Command::Up { lane } => up::run(lane).await,
            Command::Down => down::run(),
            Command::Environment => environment::run(),
            Command::Demo => demo::run().await,
            Command::Saga { order_id } => saga::run(&order_id).await,
            Command::Token { sub, permissions, expires_in } => token::run(&sub, &permissions, expires_in),
            Command::Invoke { function, case } => invoke::run(&function, &case).await,
        }
    });
    // An interrupted start may have left a thread that packs functions; the program does not wait for it.
    runtime.shutdown_background();
    result
}
