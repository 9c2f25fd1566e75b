//! The system as it is deployed, through its front door.

mod adapters;
mod api;
mod events;
mod faults;
mod messages;
mod stories;
mod writes;

use std::future::Future;
use std::sync::Arc;

use anyhow::Result;
use libtest_mimic::Trial;
use tests::{LazySystem, System};

pub(crate) fn trials(system: &Arc<LazySystem>) -> Vec<Trial> {
    let mut trials = Vec::new();
    trials.extend(adapters::trials(system));
    trials.extend(api::trials(system));
    trials.extend(stories::trials(system));
    trials.extend(messages::trials(system));
    trials.extend(faults::trials(system));
    trials.extend(events::trials(system));
    trials.extend(writes::trials(system));
    trials
}

/// A test that runs beside others.
fn shared<F>(name: &str, system: &Arc<LazySystem>, test: fn(Arc<System>) -> F) -> Trial
where
    F: Future<Output = Result<()>> + 'static,
{
    let lazy = Arc::clone(system);
    Trial::test(name, move || {
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
    Trial::test(name, move || {
        let run = || -> Result<()> {
            let system = lazy.get()?;
            system.alone(|| test(Arc::clone(&system)))
        };
        run().map_err(|error| format!("{error:?}").into())
    })
}
