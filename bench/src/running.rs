//! The real binary as a child process.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::Result;

/// Where the data of a run lies.
#[derive(Clone, Debug)]
pub struct Place {
    pub chengdan: PathBuf,
    pub data: PathBuf,
    /// `postgres://…`; SQLite in `data` otherwise.
    pub database: Option<String>,
    /// Further `CHENGDAN_*` variables.
    pub environment: Vec<(&'static str, String)>,
}

impl Place {
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.chengdan);
        command.args(arguments).arg("--data").arg(&self.data);
        // What the caller's environment says of another installation must not reach this one.
        for (name, _) in std::env::vars_os().filter(|(name, _)| is_ours(name)) {
            command.env_remove(name);
        }
        if let Some(url) = &self.database {
            command.env("CHENGDAN_DATABASE", url);
        }
        command.env("CHENGDAN_LOG", "error");
        command.envs(self.environment.iter().cloned());
        command
    }

    /// Runs a command to its end, with `input` on stdin; answers its stdout.
    pub fn run(&self, arguments: &[&str], input: &str) -> Result<String> {
        let mut child = self
            .command(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(input.as_bytes())?;
        }
        let output = child.wait_with_output()?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        if output.status.success() {
            return Ok(text);
        }
        Err(format!(
            "chengdan {}: {text}{}",
            arguments.join(" "),
            String::from_utf8_lossy(&output.stderr)
        )
        .into())
    }

    /// Starts the server on a free port; it listens when this returns.
    pub fn serve(&self) -> Result<Running> {
        let mut child = self
            .command(&["serve", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .spawn()?;
        let stdout = child.stdout.take().ok_or("no stdout")?;
        let mut running = Running {
            child,
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
        };
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line)?;
        running.address = line
            .trim()
            .rsplit("http://")
            .next()
            .ok_or("no address")?
            .parse()
            .map_err(|_| format!("the server said: {line}"))?;
        Ok(running)
    }
}

fn is_ours(name: &OsStr) -> bool {
    name.to_string_lossy().starts_with("CHENGDAN_")
}

/// A server that ends with this value.
pub struct Running {
    child: Child,
    pub address: SocketAddr,
}

impl Running {
    /// SIGKILL: no handler runs, nothing is flushed.
    pub fn kill(&mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// SIGTERM, and its end.
    pub fn stop(mut self) -> Result<()> {
        Command::new("kill")
            .arg("-TERM")
            .arg(self.child.id().to_string())
            .status()?;
        self.child.wait()?;
        Ok(())
    }

    /// Lets the peak of memory (`VmHWM`) begin anew, where the system allows it.
    pub fn forget_peak(&self) {
        let _ = std::fs::write(
            Path::new("/proc")
                .join(self.child.id().to_string())
                .join("clear_refs"),
            "5",
        );
    }

    /// A line of `/proc/PID/status` in kB, such as `VmRSS` or `VmHWM`.
    pub fn memory_kb(&self, name: &str) -> Option<u64> {
        let status = std::fs::read_to_string(
            Path::new("/proc")
                .join(self.child.id().to_string())
                .join("status"),
        )
        .ok()?;
        let line = status.lines().find(|line| line.starts_with(name))?;
        line.split_whitespace().nth(1)?.parse().ok()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
