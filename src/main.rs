//! The binary: arguments in, bytes out, an exit status.

use std::process::ExitCode;

/// A scan makes and drops millions of small things on all cores, for which it is a good deal faster than the system's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    overshare::cli::main()
}
