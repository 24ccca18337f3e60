//! Timings, printed and not judged: criterion's natively, then the browser's.

use crate::process::{Program, Stop, say};
use crate::setup::Setup;
use crate::site;

/// Runs both.
///
/// # Errors
/// When a tool is missing or a measurement fails to run.
pub(crate) fn run(setup: &Setup) -> Result<(), Stop> {
    say("native timings");
    Program::new("cargo")
        .args([
            "bench",
            "--locked",
            "--package",
            "adagrad-lab",
            "--bench",
            "run",
        ])
        .run()?;
    site::build(setup)?;
    say("timings in the browser");
    setup
        .playwright()?
        .args(["--no-deps", "--grep", "@bench"])
        .run()
}
