//! Every target, on its corpus and on what becomes of the corpus by small changes. With `--cfg fuzzing`, which `make fuzz` sets,
//! the same tests are libFuzzer's instead.
#![allow(clippy::expect_used, clippy::panic, reason = "a broken expectation ends the test")]

#[cfg(not(fuzzing))]
mod changes;
#[cfg(not(fuzzing))]
mod short;

/// A test of the same name for each target.
macro_rules! targets {
    ($($target:ident: $runs:literal,)*) => {
        $(
            #[test]
            fn $target() {
                #[cfg(fuzzing)]
                bolero::check!().for_each(|input: &[u8]| {
                    fuzz::$target::check(input);
                });
                #[cfg(not(fuzzing))]
                short::run(stringify!($target), $runs, fuzz::$target::check);
            }
        )*
        /// The targets by their names.
        #[cfg(not(fuzzing))]
        const TARGETS: &[(&str, fn(&[u8]) -> bool)] = &[$((stringify!($target), fuzz::$target::check)),*];
    };
}

// How many changed inputs each target tries in a short run: together some 20 seconds on a machine that does nothing else.
targets! {
    authorization_header: 4_000,
    connect_request: 2_000,
    envelope: 4_000,
    page_token: 4_000,
    stored_record: 4_000,
}
