//! The program `chengdan`; what it can do stands in `server::commands`.

use std::process::ExitCode;

fn main() -> ExitCode {
    server::commands::run(std::env::args_os())
}
