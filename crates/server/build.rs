//! The web UI and the texts go into the binary; a change of either builds it again.

fn main() {
    println!("cargo::rerun-if-changed=../../web/dist");
    println!("cargo::rerun-if-changed=../../locales");
}
