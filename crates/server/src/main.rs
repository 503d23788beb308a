//! The program `chengdan`; what it can do stands in `server::commands`.

use std::process::ExitCode;

/// Rows are made in one thread and freed in another, which the system's allocator is slow at: a quarter of a load's time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    server::commands::run(std::env::args_os())
}
