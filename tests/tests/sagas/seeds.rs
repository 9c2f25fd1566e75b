//! Thousands of runs that no person would think of; each follows from a number, and can be played again by it.

use std::collections::BTreeSet;
use std::panic::catch_unwind;
use std::{env, thread};

use anyhow::{Context, Result, anyhow, ensure};

use crate::audit::Audit;
use crate::block_on;
use crate::plan::Plan;

/// How many runs there are unless `SEEDS` says otherwise.
const SEEDS: u64 = 2_000;

/// After so many failures a processor plays no more: some of them take long.
const MAX_FAILURES: usize = 3;

/// What must have happened to some order in so many runs; otherwise the runs have become too tame.
const EXPECTED: [&str; 11] = [
    "APPROVED",
    "APPROVED after COOKING_HAS_STARTED",
    "CANCELED",
    "REJECTED for CARD_DECLINED",
    "REJECTED for INSUFFICIENT_FUNDS",
    "REJECTED for NO_ANSWER",
    "REJECTED for OUT_OF_STOCK",
    "card undone after it was asked",
    "card undone before it was asked",
    "ticket undone after it was created",
    "ticket undone before it was created",
];

/// `SEED=1234` plays one run alone, `SEEDS=20000` more of them.
#[test]
fn whatever_happens_the_services_agree() -> Result<()> {
    if let Some(seed) = number("SEED")? {
        println!("{:#?}", Plan::of(seed));
        println!("{:#?}", play(seed)?);
        return Ok(());
    }
    let seeds = number("SEEDS")?.unwrap_or(SEEDS);
    let results = play_all(seeds)?;
    let failures: Vec<_> = results.iter().filter_map(|result| result.as_ref().err()).collect();
    let shown: Vec<String> = failures.iter().take(2 * MAX_FAILURES).map(|failure| format!("{failure:#}")).collect();
    ensure!(failures.is_empty(), "{} of {} runs failed:\n{}", failures.len(), results.len(), shown.join("\n\n"));
    let happened: BTreeSet<&String> = results.iter().flatten().flatten().collect();
    let missing: Vec<_> = EXPECTED.iter().filter(|expected| !happened.contains(&(**expected).to_owned())).collect();
    ensure!(seeds < SEEDS || missing.is_empty(), "in {seeds} runs these never happened: {missing:?}");
    Ok(())
}

/// Every run, shared out among the processors; what happened in each.
fn play_all(seeds: u64) -> Result<Vec<Result<Vec<String>>>> {
    let threads = thread::available_parallelism()?.get();
    let share = |first: u64| {
        let mut results = Vec::new();
        let mut failures = 0;
        for seed in (first..seeds).step_by(threads) {
            results.push(play(seed));
            failures += usize::from(results.last().is_some_and(Result::is_err));
            if failures == MAX_FAILURES {
                break;
            }
        }
        results
    };
    thread::scope(|scope| {
        let threads: Vec<_> = (0..threads as u64).map(|first| scope.spawn(move || share(first))).collect();
        let results = threads.into_iter().map(|thread| thread.join().map_err(|_| anyhow!("a thread died")));
        Ok(results.collect::<Result<Vec<_>>>()?.into_iter().flatten().collect())
    })
}

/// Plays one run and audits it; what happened to its orders.
fn play(seed: u64) -> Result<Vec<String>> {
    let plan = Plan::of(seed);
    let run = || {
        let mut happened = Vec::new();
        block_on(async {
            let world = plan.play().await?;
            let audit = Audit::of(&plan, &world)?;
            audit.pass().await?;
            happened = audit.happened()?;
            Ok(())
        })?;
        Ok(happened)
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
