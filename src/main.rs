//! The command: arguments in, exit status out.

use std::process::ExitCode;

fn main() -> ExitCode {
    sitedx::cli::run()
}
