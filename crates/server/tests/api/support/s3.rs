//! Somebody else's S3 server, with one bucket in it.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use platform::files::BucketOptions;

pub struct S3 {
    child: Child,
    pub options: BucketOptions,
}

impl Drop for S3 {
    fn drop(&mut self) {
        self.stop();
    }
}

impl S3 {
    /// None, with a word about it, where this machine has no Python that could have the package.
    pub fn start() -> Option<S3> {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent()?;
        let own = target.join("s3-python/bin/python");
        if !own.exists() {
            let could = Command::new("python3")
                .args(["-c", "import venv, ensurepip"])
                .stderr(Stdio::null())
                .status();
            assert!(
                !could.is_ok_and(|status| status.success()),
                "run scripts/s3-python once: it installs an S3 server in Python beside the build"
            );
            eprintln!("skipped: this machine has no Python with pip for an S3 server");
            return None;
        }
        let options = BucketOptions {
            endpoint: String::new(),
            bucket: "chengdan-files".into(),
            region: "cn-test-1".into(),
            path_style: true,
            access_key: "AKIDTEST".into(),
            secret_key: "this/is+the=secret".into(),
        };
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/s3_server.py");
        let mut child = Command::new(own)
            .args([
                script,
                &options.access_key,
                &options.secret_key,
                &options.region,
                &options.bucket,
            ])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Python starts");
        let mut port = String::new();
        BufReader::new(child.stdout.take().expect("its output"))
            .read_line(&mut port)
            .expect("a line");
        assert!(!port.is_empty(), "the S3 server did not start");
        Some(S3 {
            child,
            options: BucketOptions {
                endpoint: format!("http://127.0.0.1:{}", port.trim()),
                ..options
            },
        })
    }

    pub fn stop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
