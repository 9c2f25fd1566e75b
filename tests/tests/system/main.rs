//! The one integration-test binary: the rules of the house, then the system as it is deployed.
//!
//! Every file beside this one lists its tests in `trials`; the guard in `tidy` fails when a file is forgotten here.

mod configuration;
mod contracts_are_fresh;
mod deployed;
mod lanes;
mod prices;
mod sagas_are_fresh;
mod sagas_in_memory;
mod state_machines_are_sound;
mod template_is_sound;
mod tidy;

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
    trials.extend(contracts_are_fresh::trials());
    trials.extend(sagas_are_fresh::trials());
    trials.extend(state_machines_are_sound::trials());
    trials.extend(template_is_sound::trials());
    trials.extend(tidy::trials());
    trials.extend(sagas_in_memory::trials());
    trials.extend(lanes::trials());
    trials.extend(prices::trials());
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
