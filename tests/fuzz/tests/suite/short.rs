//! The short run, with the same inputs each time.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use fuzz::connect_request::{rpcs, serves};
use heck::ToKebabCase;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config, TestError, TestRunner};
use serde_json::Value;

use crate::TARGETS;
use crate::changes::{Change, change};

/// All of it is part of the repository.
const MOST_CORPUS_BYTES: u64 = 200 * 1024;

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/corpus"))
}

/// The inputs of a target's corpus, in the order of their names.
fn corpus(target: &str) -> Vec<Vec<u8>> {
    let entries = fs::read_dir(folder().join(target)).expect("a corpus");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    assert!(paths.len() > 2, "{target} has a corpus of {} inputs", paths.len());
    paths.into_iter().map(|path| fs::read(path).expect("an input")).collect()
}

/// Those whose names say that nothing is wrong with them are accepted, and each target has one: else it would try refusals alone.
#[test]
fn what_is_ok_is_accepted() {
    for (target, check) in TARGETS {
        let entries = fs::read_dir(folder().join(target)).expect("a corpus");
        let paths = entries.map(|entry| entry.expect("an entry").path());
        let ok: Vec<_> = paths.filter(|path| path.to_string_lossy().ends_with("-ok")).collect();
        assert!(!ok.is_empty(), "no input of {target} is named -ok");
        for path in ok {
            assert!(check(&fs::read(&path).expect("an input")), "{} is refused", path.display());
        }
    }
}

/// With the test above, each RPC is served by its own function: another RPC's function would refuse the path.
#[test]
fn each_rpc_is_served_and_has_an_input_that_is_ok() {
    for path in rpcs() {
        assert!(serves(&path), "{path} has no line in tests/fuzz/src/connect_request.rs");
        let name = path.rsplit('/').next().unwrap_or_default().to_kebab_case();
        let input = folder().join("connect_request").join(format!("{name}-ok"));
        let text = fs::read_to_string(&input).unwrap_or_else(|error| panic!("{}: {error}", input.display()));
        let event: Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(event["rawPath"], path, "{}", input.display());
    }
}

/// Tries each input of the corpus as it is, of which some must be accepted and some refused, and `runs` inputs with one to four
/// changes.
pub(crate) fn run(target: &str, runs: u32, check: fn(&[u8]) -> bool) {
    let corpus = corpus(target);
    let accepted = corpus.iter().filter(|input| check(input)).count();
    assert!((1..corpus.len()).contains(&accepted), "{accepted} of {} inputs are accepted", corpus.len());
    let mut runner = TestRunner::new(Config { cases: runs, ..testkit::properties() });
    let inputs = (any::<Index>(), any::<Index>(), vec(change(), 1..5));
    let changed = |input: Index, other: Index, changes: &[Change]| {
        changes.iter().fold(input.get(&corpus).clone(), |input, change| change.of(input, other.get::<Vec<u8>>(&corpus)))
    };
    let outcome = runner.run(&inputs, |(input, other, changes)| {
        check(&changed(input, other, &changes));
        Ok(())
    });
    match outcome {
        Ok(()) => {}
        Err(TestError::Fail(reason, (input, other, changes))) => {
            let changed = changed(input, other, &changes);
            panic!("{target}: {reason}\non this input:\n{}", String::from_utf8_lossy(&changed));
        }
        Err(aborted @ TestError::Abort(_)) => panic!("{target}: {aborted}"),
    }
}

#[test]
fn each_target_has_a_corpus_and_all_of_it_is_small() {
    let folders = fs::read_dir(folder()).expect("the corpus");
    let names = folders.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned());
    let names: BTreeSet<String> = names.collect();
    assert_eq!(names, TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect());
    let size: usize = TARGETS.iter().flat_map(|(target, _)| corpus(target)).map(|input| input.len()).sum();
    assert!(u64::try_from(size).is_ok_and(|size| size < MOST_CORPUS_BYTES), "the corpus has {size} bytes");
}
