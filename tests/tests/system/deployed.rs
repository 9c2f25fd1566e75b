//! The system as it is deployed, through its front door.

mod adapters;
mod api;
mod card;
mod check;
mod client;
mod console;
mod costs;
mod edge;
mod events;
mod faults;
mod messages;
mod operate;
mod operations;
mod outages;
pub(crate) mod permissions;
mod relay;
mod replies;
mod restarted;
mod shards;
mod smoke;
mod stories;
mod tokens;
mod troubles;
mod versions;
mod writes;

use std::future::Future;
use std::sync::Arc;

use anyhow::Result;
use heck::ToUpperCamelCase as _;
use libtest_mimic::Trial;
use local::Lane;
use tests::{LazySystem, System, newest};

/// What must hold in the lane of this system. What concerns neither lane is tried in the Rust lane only.
pub(crate) fn trials(system: &Arc<LazySystem>) -> Vec<Trial> {
    let mut trials = Vec::new();
    trials.extend(stories::trials(system));
    trials.extend(faults::trials(system));
    trials.extend(events::trials(system));
    trials.extend(card::trials(system));
    trials.extend(console::trials(system));
    trials.extend(costs::trials(system));
    trials.extend(operate::trials(system));
    trials.extend(operations::trials(system));
    trials.extend(smoke::trials(system));
    trials.extend(troubles::trials(system));
    if system.lane() == Lane::Rust {
        trials.extend(adapters::trials(system));
        trials.extend(api::trials(system));
        trials.extend(edge::trials(system));
        trials.extend(check::trials(system));
        trials.extend(client::trials(system));
        trials.extend(messages::trials(system));
        trials.extend(outages::trials(system));
        trials.extend(relay::trials(system));
        trials.extend(shards::trials(system));
        trials.extend(tokens::trials(system));
        trials.extend(writes::trials(system));
    } else {
        trials.extend(replies::trials(system));
        trials.extend(restarted::trials(system));
        trials.extend(versions::trials(system));
    }
    trials
}

/// The ARN of the newest state machine of a saga.
fn state_machine<'a>(system: &'a System, saga: &str) -> Result<&'a str> {
    let name = newest(saga)?.machine_name().to_upper_camel_case();
    system.aws().stack().resource(&format!("{name}StateMachine"))
}

/// The name of a test in the lane of this system, such as `rust::stories::an_order_is_approved`.
fn in_lane(name: &str, system: &LazySystem) -> String {
    format!("{}::{name}", system.lane())
}

/// A test that runs beside others. It leaves no order under way, because the next test may have the system to itself.
fn shared<F>(name: &str, system: &Arc<LazySystem>, test: fn(Arc<System>) -> F) -> Trial
where
    F: Future<Output = Result<()>> + 'static,
{
    let lazy = Arc::clone(system);
    Trial::test(in_lane(name, system), move || {
        let run = || -> Result<()> {
            let system = lazy.get()?;
            system.share(|| test(Arc::clone(&system)))
        };
        run().map_err(|error| format!("{error:?}").into())
    })
}

/// A test that has the system to itself.
fn alone<F>(name: &str, system: &Arc<LazySystem>, test: fn(Arc<System>) -> F) -> Trial
where
    F: Future<Output = Result<()>> + 'static,
{
    let lazy = Arc::clone(system);
    Trial::test(in_lane(name, system), move || {
        let run = || -> Result<()> {
            let system = lazy.get()?;
            system.alone(|| test(Arc::clone(&system)))
        };
        run().map_err(|error| format!("{error:?}").into())
    })
}
