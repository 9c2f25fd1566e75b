//! What needs the built functions or a local AWS: the functions alone, both lanes side by side, and the system as it is deployed.
//!
//! Every file beside this one lists its tests in `trials`.
#![allow(
    clippy::indexing_slicing,
    reason = "JSON documents are read by name, which gives null where there is nothing; nothing here is deployed"
)]

mod configuration;
mod deployed;
mod lanes;

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
    for system in &systems {
        trials.extend(deployed::trials(system));
    }
    let conclusion = libtest_mimic::run(&arguments, trials);
    // Before the process ends, so that everything the local AWS started ends as well.
    drop(systems);
    conclusion.exit_code()
}

/// A test that needs nothing but the checkout.
fn plain(name: &str, test: fn() -> anyhow::Result<()>) -> Trial {
    Trial::test(name, move || test().map_err(|error| format!("{error:?}").into()))
}
