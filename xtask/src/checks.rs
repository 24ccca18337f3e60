//! `cargo xtask test`: every check, one after the other, and a table at the end.

use std::time::{Duration, Instant};

use crate::process::{Program, Stop, say};
use crate::setup::Setup;
use crate::site;
use crate::toolchain::WASM32;

/// The trainer on the GPU is tested on whatever adapter Vulkan finds; without one, its tests say
/// that they were skipped.
const WITH_GPU: [&str; 2] = ["--features", "adagrad-lab/gpu"];

/// The checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CheckName {
    Format,
    Clippy,
    ClippyWasm,
    Native,
    Build,
    Budget,
    Browser,
}

impl CheckName {
    /// In the order they run: the quick ones first.
    pub(crate) const ALL: [Self; 7] = [
        Self::Format,
        Self::Clippy,
        Self::ClippyWasm,
        Self::Native,
        Self::Build,
        Self::Budget,
        Self::Browser,
    ];

    /// What a user types.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Format => "format",
            Self::Clippy => "clippy",
            Self::ClippyWasm => "clippy-wasm",
            Self::Native => "native",
            Self::Build => "build",
            Self::Budget => "budget",
            Self::Browser => "browser",
        }
    }

    pub(crate) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|name| name.word() == word)
    }

    fn what(self) -> &'static str {
        match self {
            Self::Format => "the code is laid out as rustfmt does",
            Self::Clippy => "clippy has no warning about the native code",
            Self::ClippyWasm => {
                "clippy has no warning about the page's and its other modules' code"
            }
            Self::Native => "unit, property and reference tests",
            Self::Build => "the optimised page builds",
            Self::Budget => "the first load keeps its budget",
            Self::Browser => "the page works in a real Chromium",
        }
    }

    /// Whether it looks at `dist/`.
    fn needs_dist(self) -> bool {
        matches!(self, Self::Budget | Self::Browser)
    }

    fn run(self, setup: &Setup, browser_args: &[String]) -> Result<(), Stop> {
        match self {
            Self::Format => setup.formatter()?.args(["fmt", "--all", "--check"]).run(),
            Self::Clippy => setup
                .linter()?
                .args(["clippy", "--locked", "--workspace", "--all-targets"])
                .args(WITH_GPU)
                .args(["--", "--deny", "warnings"])
                .run(),
            // In the profiles of the build, macros and build scripts are those of the build.
            Self::ClippyWasm => {
                clippy_wasm(setup, &["--release", "--bin", "adagrad-lab"])?;
                let engine = ["--profile", "engine", "--no-default-features"];
                clippy_wasm(setup, &[&engine[..], &["--bin", "engine"]].concat())?;
                let lab = [&engine[..], &["--bin", "lab"], &WITH_GPU].concat();
                clippy_wasm(setup, &lab)
            }
            Self::Native => Program::new("cargo")
                .args(["test", "--locked", "--workspace", "--quiet"])
                .args(WITH_GPU)
                .run(),
            Self::Build => site::build(setup),
            Self::Budget => setup.playwright()?.arg("--project=budget").run(),
            Self::Browser => setup
                .playwright()?
                .arg("--project=speed")
                .args(browser_args)
                .run(),
        }
    }
}

fn clippy_wasm(setup: &Setup, what: &[&str]) -> Result<(), Stop> {
    setup
        .web_cargo()?
        .args(["clippy", "--locked", "--package", "adagrad-lab", "--lib"])
        .args(["--target", WASM32])
        .args(what)
        .args(["--", "--deny", "warnings"])
        .run()
}

/// How one check went.
struct Outcome {
    name: CheckName,
    result: Result<(), Stop>,
    took: Duration,
}

/// Runs the checks named, or all when none is; answers whether all passed.
pub(crate) fn run(setup: &Setup, only: &[CheckName], browser_args: &[String]) -> bool {
    let mut outcomes: Vec<Outcome> = Vec::new();
    for name in CheckName::ALL {
        if !only.is_empty() && !only.contains(&name) {
            continue;
        }
        println!();
        say(format_args!("== {}: {}", name.word(), name.what()));
        let stale = name.needs_dist()
            && outcomes
                .iter()
                .any(|outcome| outcome.name == CheckName::Build && outcome.result.is_err());
        let started = Instant::now();
        let result = if stale {
            Err(Stop::new("not run: there is no new dist/ to look at"))
        } else {
            name.run(setup, browser_args)
        };
        if let Err(stop) = &result {
            say(stop);
        }
        outcomes.push(Outcome {
            name,
            result,
            took: started.elapsed(),
        });
    }
    println!("\n{}", table(&outcomes));
    outcomes.iter().all(|outcome| outcome.result.is_ok())
}

fn table(outcomes: &[Outcome]) -> String {
    let mut lines: Vec<String> = outcomes
        .iter()
        .map(|outcome| {
            let (verdict, reason) = match &outcome.result {
                Ok(()) => ("passed", String::new()),
                Err(stop) => ("FAILED", format!("  {stop}")),
            };
            let seconds = outcome.took.as_secs_f64();
            format!(
                "  {verdict}  {:<12}{seconds:>7.1} s{reason}",
                outcome.name.word()
            )
        })
        .collect();
    let failed = outcomes
        .iter()
        .filter(|outcome| outcome.result.is_err())
        .count();
    let passed = outcomes.len() - failed;
    lines.push(format!("\n{passed} passed, {failed} failed"));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_check_has_a_word_that_names_it_alone() {
        for name in CheckName::ALL {
            assert_eq!(CheckName::from_word(name.word()), Some(name));
        }
    }

    #[test]
    fn the_last_line_counts_and_failures_give_their_reason() {
        let outcome = |name, result| Outcome {
            name,
            result,
            took: Duration::from_millis(1234),
        };
        let table = table(&[
            outcome(CheckName::Format, Ok(())),
            outcome(CheckName::Browser, Err(Stop::new("no browser"))),
        ]);
        assert_eq!(
            table,
            "  passed  format          1.2 s\n  FAILED  browser         1.2 s  no browser\n\n\
             1 passed, 1 failed"
        );
    }
}
