//! `serve`: the API and the web UI.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder};
use platform::app::App;
use serde::Serialize;
use tokio::net::TcpListener;

use super::{Failure, Outcome, PlaceArgs, note, place, say};
use crate::sign_in::setup;

const EXAMPLES: &str = "\
Examples:
  chengdan serve                                    SQLite in ./data, at http://127.0.0.1:8080
  chengdan serve --data /var/lib/chengdan --base-url https://crm.example.com
  CHENGDAN_DATABASE=postgres://chengdan:…@db/chengdan chengdan serve --listen 0.0.0.0:8080
  chengdan serve --config /etc/chengdan.toml        data = \"…\", listen = \"…\", base_url = \"…\", smtp_url = \"…\"

Attachments and uploads lie in the data folder, or with the --s3-… options in a bucket; docs/operate.md says how they move.

At the first start it prints a link; whoever opens it becomes the administrator. Until then each start prints a new one.
It speaks plain HTTP; put a proxy with HTTPS in front of it (docs/operate.md).
Logs go to stderr: CHENGDAN_LOG (info, debug, …) says how much, CHENGDAN_LOG_FORMAT (text, json) how.
SIGTERM or Ctrl-C finishes open requests and stops.";

/// Serve the API and the web UI
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct ServeArgs {
    #[command(flatten)]
    place: PlaceArgs,
    #[command(flatten)]
    front: Front,
}

/// How people reach the server.
#[derive(Args, Serialize, Debug, Default)]
struct Front {
    /// Address and port to listen at [default: 127.0.0.1:8080]
    #[arg(long, env = "CHENGDAN_LISTEN", value_name = "ADDRESS")]
    #[serde(skip_serializing_if = "Option::is_none")]
    listen: Option<String>,
    /// The address that people use, for links in mails; with https:// cookies are kept to TLS
    #[arg(long, env = "CHENGDAN_BASE_URL", value_name = "URL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    base_url: Option<String>,
    /// Mail server: smtps://user:password@host, or smtp://user:password@host:587?tls=required; without it no mail is sent
    #[arg(
        long,
        env = "CHENGDAN_SMTP_URL",
        value_name = "URL",
        hide_env_values = true
    )]
    #[serde(skip_serializing_if = "Option::is_none")]
    smtp_url: Option<String>,
    /// Sender of mails, such as "Chengdan <crm@example.com>"
    #[arg(long, env = "CHENGDAN_MAIL_FROM", value_name = "ADDRESS")]
    #[serde(skip_serializing_if = "Option::is_none")]
    mail_from: Option<String>,
}

pub async fn run(args: ServeArgs) -> Outcome {
    let configuration = args.place.configuration(&args.front)?;
    if !configuration.base_url.is_empty() && !configuration.base_url.starts_with("http") {
        return Err(Failure::new("--base-url starts with https:// (or http://)"));
    }
    // Asked for before the database is opened: of two servers started by mistake the second one stops here.
    let listener = bind(&configuration.listen).await?;
    let app = place::app(&configuration.place()?).await?;
    on(app, listener).await
}

pub async fn bind(listen: &str) -> Outcome<TcpListener> {
    TcpListener::bind(listen).await.map_err(|error| {
        Failure::new(format!(
            "cannot listen at {listen}: {error}; choose another with --listen"
        ))
    })
}

/// Seconds; from a page out of memory to an export.
const BUCKETS: [f64; 10] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.5, 10.0];
/// How often old measurements are folded together.
const UPKEEP: Duration = Duration::from_secs(5);

/// Serves an app until a signal comes.
pub async fn on(app: Arc<App>, listener: TcpListener) -> Outcome {
    let app = match PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("duration_seconds".into()), &BUCKETS)
        .and_then(PrometheusBuilder::install_recorder)
    {
        Ok(handle) => {
            let upkeep = handle.clone();
            tokio::spawn(async move {
                loop {
                    tokio::time::sleep(UPKEEP).await;
                    upkeep.run_upkeep();
                }
            });
            app.with_metrics(handle)
        }
        Err(error) => {
            tracing::warn!(%error, "no figures at /metrics");
            app
        }
    };
    crate::notifications::prepare(&app).await?;
    // It serves all the same: everything but files works, and /readyz says what is wrong until it is mended.
    if let Err(why) = app.files.rehearse().await {
        tracing::error!(%why, "files can't be kept");
        note(format!("Files can't be kept: {why}"))?;
    }
    let url = match app.options.base_url.as_str() {
        "" => format!("http://{}", reachable(listener.local_addr()?)),
        url => url.to_owned(),
    };
    say(format!("Chengdan listens at {url}"))?;
    if let Some(secret) = setup::first_start(&app).await? {
        say(format!(
            "Setup, once, by whoever shall be the administrator: {url}/setup?token={secret}"
        ))?;
    }
    tracing::info!(address = %listener.local_addr()?, version = env!("CARGO_PKG_VERSION"), "listening");
    Ok(crate::serve::serve(app, listener).await?)
}

/// An address that a browser on this machine can open.
fn reachable(address: SocketAddr) -> String {
    if address.ip().is_unspecified() {
        format!("localhost:{}", address.port())
    } else {
        address.to_string()
    }
}
