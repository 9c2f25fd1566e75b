//! The program of operators.

use std::process::ExitCode;

fn main() -> ExitCode {
    operate::run()
}
