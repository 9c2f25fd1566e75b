//! Thousands of runs that no person would think of; each follows from a number, and can be played again by it.

use std::panic::catch_unwind;
use std::{env, thread};

use anyhow::{Context, Result, anyhow, ensure};

use crate::audit::Audit;
use crate::block_on;
use crate::plan::Plan;

/// How many runs there are unless `SEEDS` says otherwise.
const SEEDS: u64 = 2_000;

/// `SEED=1234` plays one run alone, `SEEDS=20000` more of them.
#[test]
fn whatever_happens_the_services_agree() -> Result<()> {
    if let Some(seed) = number("SEED")? {
        println!("{:#?}", Plan::of(seed));
        return play(seed);
    }
    let seeds = number("SEEDS")?.unwrap_or(SEEDS);
    let threads = thread::available_parallelism()?.get() as u64;
    let failures = thread::scope(|scope| {
        let share = |first: u64| (first..seeds).step_by(threads as usize).filter_map(|seed| play(seed).err());
        let threads: Vec<_> = (0..threads).map(|first| scope.spawn(move || share(first).collect::<Vec<_>>())).collect();
        threads.into_iter().map(thread::ScopedJoinHandle::join).collect::<Vec<_>>()
    });
    let failures: Vec<_> = failures
        .into_iter()
        .collect::<Result<Vec<_>, _>>()
        .map_err(|_| anyhow!("a thread died"))?
        .into_iter()
        .flatten()
        .collect();
    let shown: Vec<String> = failures.iter().take(5).map(|failure| format!("{failure:#}")).collect();
    ensure!(failures.is_empty(), "{} of {seeds} runs failed, such as\n{}", failures.len(), shown.join("\n\n"));
    Ok(())
}

fn play(seed: u64) -> Result<()> {
    let plan = Plan::of(seed);
    let run = || {
        block_on(async {
            let world = plan.play().await?;
            Audit::of(&plan, &world)?.pass().await
        })
    };
    let result = catch_unwind(run).unwrap_or_else(|_| Err(anyhow!("it panics")));
    result.with_context(|| format!("SEED={seed} plays {:?}", plan.weather))
}

fn number(variable: &str) -> Result<Option<u64>> {
    match env::var(variable) {
        Ok(text) => Ok(Some(text.parse().with_context(|| format!("{variable} is no number"))?)),
        Err(_) => Ok(None),
    }
}
