//! Logs on stderr: for people on a terminal, one JSON object per line otherwise.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

/// `CHENGDAN_LOG` filters (`info`, `debug`, `platform=debug,warn`…); `CHENGDAN_LOG_FORMAT` is `text` or `json`.
pub fn start(speaks: bool) {
    let filter = std::env::var("CHENGDAN_LOG")
        .ok()
        .and_then(|text| EnvFilter::try_new(text).ok())
        .unwrap_or_else(|| EnvFilter::new(if speaks { "info" } else { "warn" }));
    let text = match std::env::var("CHENGDAN_LOG_FORMAT").as_deref() {
        Ok("json") => false,
        Ok("text") => true,
        _ => std::io::stderr().is_terminal() || !speaks,
    };
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    // A second subscriber in one process (tests) is no reason to stop.
    let _ = if text {
        builder
            .with_ansi(std::io::stderr().is_terminal())
            .try_init()
    } else {
        builder
            .json()
            .flatten_event(true)
            .with_current_span(true)
            .with_span_list(false)
            .try_init()
    };
}
