//! What needs the built functions or a local AWS: the functions alone, both lanes side by side, a switch between them, and the
//! system as it is deployed.
//!
//! Every file beside this one lists its tests in `trials`. After all of them, if none was left out, `permissions` looks at what
//! they have used.
#![allow(
    clippy::indexing_slicing,
    reason = "JSON documents are read by name, which gives null where there is nothing; nothing here is deployed"
)]

mod configuration;
mod deployed;
mod lanes;
mod switched;

use std::process::ExitCode;
use std::sync::Arc;

use libtest_mimic::{Arguments, Trial};
use local::Lane;
use tests::LazySystem;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let systems = Lane::ALL.map(|lane| Arc::new(LazySystem::of(lane)));
    let mut trials = Vec::new();
    trials.extend(configuration::trials());
    trials.extend(lanes::trials());
    trials.extend(switched::trials());
    for system in &systems {
        trials.extend(deployed::trials(system));
    }
    let conclusion = libtest_mimic::run(&arguments, trials);
    // A part of the tests uses a part of the permissions.
    let is_whole = conclusion.num_filtered_out == 0 && conclusion.num_passed > 0 && !conclusion.has_failed();
    let unused = if is_whole { deployed::permissions::check(&systems) } else { Ok(()) };
    // Before the process ends, so that everything the local AWS started ends as well.
    drop(systems);
    match unused {
        Ok(()) => conclusion.exit_code(),
        Err(error) => {
            eprintln!("{error:?}");
            ExitCode::FAILURE
        }
    }
}

/// A test that needs nothing but the checkout.
fn plain(name: &str, test: fn() -> anyhow::Result<()>) -> Trial {
    Trial::test(name, move || test().map_err(|error| format!("{error:?}").into()))
}
