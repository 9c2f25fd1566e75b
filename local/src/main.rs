//! `local`: the local AWS at the command line. `make up` and its siblings call it.

use std::process::ExitCode;

fn main() -> ExitCode {
    local::run()
}
