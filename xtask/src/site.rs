//! The page itself: an optimised `dist/`, and a server for it on this computer.

use std::time::Duration;

use crate::port;
use crate::process::{Stop, say};
use crate::setup::Setup;

/// Writes `dist/`.
///
/// # Errors
/// When a tool is missing or the build fails.
pub(crate) fn build(setup: &Setup) -> Result<(), Stop> {
    setup
        .trunk()?
        .args(["build", "--release", "--locked"])
        .run()?;
    say("dist/ is ready: copy it to any static host, under any path");
    Ok(())
}

/// Builds, serves and rebuilds on changes, until interrupted.
///
/// # Errors
/// When a tool is missing, the port is taken, or Trunk ends with an error.
pub(crate) fn serve(setup: &Setup, asked: Option<u16>) -> Result<(), Stop> {
    let port = port::choose(asked)?;
    let trunk = setup.trunk()?;
    // Not in dist/: what is served has Trunk's reload script in it, and is not to be published.
    let served = setup.workspace().scratch().join("serve");
    // Trunk does not start where a folder that it is told to ignore (Trunk.toml) is not there yet.
    let ignored = ["dist", "target"].map(|folder| setup.workspace().root().join(folder));
    for folder in ignored.iter().chain([&served]) {
        std::fs::create_dir_all(folder).map_err(|error| {
            Stop::new(format!("{} cannot be written: {error}", folder.display()))
        })?;
    }
    let mut server = trunk
        .args(["serve", "--release", "--quiet", "--address", "127.0.0.1"])
        .args(["--port", &port.to_string()])
        .arg("--dist")
        .arg(&served)
        .start()?;
    // Trunk builds before it listens, so the address is told when there is something to see.
    let mut told = false;
    loop {
        match server.try_wait() {
            Ok(None) => {}
            Ok(Some(status)) if status.success() => return Ok(()),
            Ok(Some(status)) => {
                return Err(Stop::new(format!("`trunk serve` ended with {status}")));
            }
            Err(error) => return Err(Stop::new(format!("`trunk serve` is lost: {error}"))),
        }
        if !told && port::answers(port) {
            told = true;
            say(format_args!(
                "Adagrad Lab is at http://127.0.0.1:{port}/ (Ctrl+C ends it)"
            ));
        }
        std::thread::sleep(Duration::from_millis(200));
    }
}
