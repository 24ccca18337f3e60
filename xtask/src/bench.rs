//! Timings, printed and not judged: criterion's natively, then the browser's, the sparse lab's beside
//! its peers'.

use crate::process::{Program, Stop, say};
use crate::setup::Setup;
use crate::site;

/// Runs all of them.
///
/// # Errors
/// When a tool is missing or a measurement fails to run.
pub(crate) fn run(setup: &Setup) -> Result<(), Stop> {
    say("native timings");
    bench(&["--bench", "run", "--bench", "sparse"]).run()?;
    bench(&["--bench", "sparse_gpu", "--features", "gpu"]).run()?;
    site::build(setup)?;
    say("timings in the browser");
    setup
        .playwright()?
        .args(["--no-deps", "--project=speed", "--grep", "@bench"])
        .run()?;
    say("the sparse lab beside its peers");
    // What the browser's test runs in between.
    bench(&["--bench", "sparse_workload", "--no-run"]).run()?;
    setup.playwright()?.arg("--project=peers").run()
}

fn bench(what: &[&str]) -> Program {
    Program::new("cargo")
        .args(["bench", "--locked", "--package", "adagrad-lab"])
        .args(what)
}
