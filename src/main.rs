//! The binary: arguments in, bytes out, an exit status.

use std::process::ExitCode;

fn main() -> ExitCode {
    overshare::cli::main()
}
