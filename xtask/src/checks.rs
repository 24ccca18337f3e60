//! `cargo xtask test`: every check, one after the other, and a table at the end.

use std::time::{Duration, Instant};

use crate::engines::{Engine, Missing};
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
    Browsers,
}

impl CheckName {
    /// In the order they run: the quick ones first.
    pub(crate) const ALL: [Self; 8] = [
        Self::Format,
        Self::Clippy,
        Self::ClippyWasm,
        Self::Native,
        Self::Build,
        Self::Budget,
        Self::Browser,
        Self::Browsers,
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
            Self::Browsers => "browsers",
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
            Self::Browsers => "the journeys work in Chromium, Firefox and WebKit",
        }
    }

    /// Whether it looks at `dist/`.
    fn needs_dist(self) -> bool {
        matches!(self, Self::Budget | Self::Browser | Self::Browsers)
    }

    /// Its parts, each with a line in the table: `None` where it is one whole.
    fn parts(self) -> Vec<Option<Engine>> {
        match self {
            Self::Browsers => Engine::ALL.map(Some).to_vec(),
            _ => vec![None],
        }
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
            // In one engine after the other, see `journeys`.
            Self::Browsers => Ok(()),
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

/// How a check, or its part in one engine, ended.
enum Verdict {
    Passed,
    /// Not run, since this machine may do without.
    Skipped(Stop),
    Failed(Stop),
}

impl From<Result<(), Stop>> for Verdict {
    fn from(result: Result<(), Stop>) -> Self {
        match result {
            Ok(()) => Self::Passed,
            Err(stop) => Self::Failed(stop),
        }
    }
}

/// The journeys in one engine.
fn journeys(setup: &Setup, engine: Engine, args: &[String]) -> Verdict {
    match setup.journeys(engine) {
        Ok(runner) => runner.args(args).run().into(),
        Err(Missing::Fails(stop)) => Verdict::Failed(stop),
        Err(Missing::Skipped(stop)) => Verdict::Skipped(stop),
    }
}

/// One line of the table.
struct Outcome {
    name: CheckName,
    engine: Option<Engine>,
    verdict: Verdict,
    took: Duration,
}

impl Outcome {
    fn label(&self) -> String {
        let word = self.name.word();
        self.engine.map_or_else(
            || word.to_owned(),
            |engine| format!("{word}: {}", engine.name()),
        )
    }

    fn has_failed(&self) -> bool {
        matches!(self.verdict, Verdict::Failed(_))
    }
}

/// Runs the checks named, or all when none is; answers whether none failed.
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
                .any(|outcome| outcome.name == CheckName::Build && outcome.has_failed());
        for engine in name.parts() {
            let started = Instant::now();
            let verdict = match engine {
                _ if stale => {
                    Verdict::Failed(Stop::new("not run: there is no new dist/ to look at"))
                }
                // What names a browser test names no journey, unless the journeys were asked for.
                Some(engine) if only.contains(&name) => journeys(setup, engine, browser_args),
                Some(engine) => journeys(setup, engine, &[]),
                None => name.run(setup, browser_args).into(),
            };
            match &verdict {
                Verdict::Passed => {}
                Verdict::Skipped(stop) => say(format_args!("SKIPPED: {stop}")),
                Verdict::Failed(stop) => say(stop),
            }
            outcomes.push(Outcome {
                name,
                engine,
                verdict,
                took: started.elapsed(),
            });
        }
    }
    println!("\n{}", table(&outcomes));
    !outcomes.iter().any(Outcome::has_failed)
}

fn table(outcomes: &[Outcome]) -> String {
    let (mut passed, mut skipped, mut failed) = (0, 0, 0);
    let mut lines: Vec<String> = outcomes
        .iter()
        .map(|outcome| {
            let (count, word, reason) = match &outcome.verdict {
                Verdict::Passed => (&mut passed, "passed ", String::new()),
                Verdict::Skipped(stop) => (&mut skipped, "skipped", format!("  {stop}")),
                Verdict::Failed(stop) => (&mut failed, "FAILED ", format!("  {stop}")),
            };
            *count += 1;
            let label = outcome.label();
            let seconds = outcome.took.as_secs_f64();
            format!("  {word}  {label:<18}{seconds:>7.1} s{reason}")
        })
        .collect();
    let skipped = match skipped {
        0 => String::new(),
        some => format!(", {some} skipped"),
    };
    lines.push(format!("\n{passed} passed, {failed} failed{skipped}"));
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

    fn outcome(name: CheckName, engine: Option<Engine>, verdict: Verdict) -> Outcome {
        Outcome {
            name,
            engine,
            verdict,
            took: Duration::from_millis(1234),
        }
    }

    #[test]
    fn the_last_line_counts_and_failures_give_their_reason() {
        let table = table(&[
            outcome(CheckName::Format, None, Verdict::Passed),
            outcome(
                CheckName::Browser,
                None,
                Verdict::Failed(Stop::new("no browser")),
            ),
        ]);
        assert_eq!(
            table,
            "  passed   format                1.2 s\n  FAILED   browser               1.2 s  no \
             browser\n\n1 passed, 1 failed"
        );
    }

    #[test]
    fn an_engine_has_its_own_line_and_one_that_was_skipped_its_reason() {
        let table = table(&[
            outcome(CheckName::Browsers, Some(Engine::Firefox), Verdict::Passed),
            outcome(
                CheckName::Browsers,
                Some(Engine::WebKit),
                Verdict::Skipped(Stop::new("no webkit: no network")),
            ),
        ]);
        assert_eq!(
            table,
            "  passed   browsers: firefox     1.2 s\n  skipped  browsers: webkit      1.2 s  no \
             webkit: no network\n\n1 passed, 0 failed, 1 skipped"
        );
    }
}
