//! What a user types after `cargo xtask`, and the help that explains it.

use crate::checks::CheckName;
use crate::process::Stop;

/// One run of `cargo xtask`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Task {
    /// Explain the commands.
    Help,
    /// Build and serve with live rebuild. Without a port: the first free one from 8080.
    Serve { port: Option<u16> },
    /// Write an optimised `dist/`.
    Build,
    /// Run the checks named, or all; the rest of the line goes to Playwright.
    Test {
        only: Vec<CheckName>,
        browser_args: Vec<String>,
    },
    /// Print timings.
    Bench,
}

/// Printed by `--help`.
pub(crate) const HELP: &str = "\
cargo xtask serve [--port N]   build the page and serve it on this computer; prints the address,
                               rebuilds when a file changes. Without --port: 8080, or the next
                               free port.
cargo xtask build              write an optimised dist/, to be copied to any static host, under
                               any path, without rewrite rules.
cargo xtask test [CHECK ...]   run every check, or those named: format, clippy, clippy-wasm,
      [-- PLAYWRIGHT ARGS]     native, build, budget, browser, browsers (the journeys in
                               Chromium, Firefox and WebKit). What follows -- goes to the
                               browser tests, e.g. `cargo xtask test browser -- smoke.spec`.
                               Ends with a table; fails when a check fails.
cargo xtask bench              print timings, native (criterion) and in the browser (specs tagged
                               @bench); nothing is asserted.
cargo xtask --help             this text.

Each command first installs what it needs and lacks, saying what and why; what is there is used
as it is. A machine needs only git, cargo, Node (20 or later) and npm.

  what                   where from, first that works
  wasm32 std library     present already; `rustup target add`; Debian's rustc-web, whose own
                         source is then built for wasm32 (about a minute, needs root or sudo)
  rustfmt, clippy        present already; `rustup component add`; Debian's packages
  trunk, wasm-bindgen    present in the right version; `cargo install` (some minutes, once)
  wasm-opt, Playwright   npm, as pinned in package-lock.json
  Chromium               $CHROMIUM; one on PATH; Playwright's own; Debian's chromium
  Firefox, WebKit        on Debian firefox-esr, webkit2gtk-driver and xvfb; elsewhere Playwright's
                         own. On Debian, and where CI=true, a missing one fails; elsewhere one
                         that cannot be had is skipped, which the table says

Written to: the caches of cargo, rustup, npm and the browser; target/, dist/, node_modules/; on
the Debian route the packages named and that compiler's own library folder. Nothing else.";

/// Reads the words after `cargo xtask`.
///
/// # Errors
/// Names the word that is not understood and what would be.
pub(crate) fn parse(words: impl IntoIterator<Item = String>) -> Result<Task, Stop> {
    let mut words = words.into_iter();
    let Some(task) = words.next() else {
        return Ok(Task::Help);
    };
    let rest: Vec<String> = words.collect();
    if rest
        .iter()
        .take_while(|word| *word != "--")
        .any(|word| is_help(word))
    {
        return Ok(Task::Help);
    }
    match task.as_str() {
        word if is_help(word) => Ok(Task::Help),
        "serve" => Ok(Task::Serve {
            port: parse_port(&rest)?,
        }),
        "build" => none_left(&rest).map(|()| Task::Build),
        "test" => parse_test(rest),
        "bench" => none_left(&rest).map(|()| Task::Bench),
        other => Err(Stop::new(format!(
            "there is no command `{other}`; the commands are serve, build, test, bench (see \
             `cargo xtask --help`)"
        ))),
    }
}

fn is_help(word: &str) -> bool {
    matches!(word, "--help" | "-h" | "help")
}

fn none_left(rest: &[String]) -> Result<(), Stop> {
    match rest.first() {
        None => Ok(()),
        Some(word) => Err(Stop::new(format!(
            "`{word}` is one word too many (see `cargo xtask --help`)"
        ))),
    }
}

fn parse_port(rest: &[String]) -> Result<Option<u16>, Stop> {
    let words: Vec<&str> = rest.iter().map(String::as_str).collect();
    let given = match words.as_slice() {
        [] => return Ok(None),
        ["--port", port] => *port,
        [word] if word.starts_with("--port=") => word.trim_start_matches("--port="),
        ["--port"] => "nothing",
        [word, ..] => {
            return Err(Stop::new(format!(
                "serve knows `--port N` only, got `{word}`"
            )));
        }
    };
    match given.parse::<u16>() {
        Ok(port) if port > 0 => Ok(Some(port)),
        _ => Err(Stop::new(format!(
            "--port takes a number from 1 to 65535, got {given}"
        ))),
    }
}

fn parse_test(rest: Vec<String>) -> Result<Task, Stop> {
    let mut words = rest.into_iter();
    let only = words
        .by_ref()
        .take_while(|word| word != "--")
        .map(|word| {
            CheckName::from_word(&word).ok_or_else(|| {
                let known: Vec<&str> = CheckName::ALL.iter().map(|name| name.word()).collect();
                Stop::new(format!(
                    "there is no check `{word}`; the checks are {}",
                    known.join(", ")
                ))
            })
        })
        .collect::<Result<Vec<CheckName>, Stop>>()?;
    Ok(Task::Test {
        only,
        browser_args: words.collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Task, String> {
        parse(line.split_whitespace().map(str::to_owned)).map_err(|stop| stop.to_string())
    }

    #[test]
    fn every_command_of_the_readme_is_understood() {
        assert_eq!(parsed("serve"), Ok(Task::Serve { port: None }));
        assert_eq!(parsed("build"), Ok(Task::Build));
        assert_eq!(parsed("bench"), Ok(Task::Bench));
        assert_eq!(
            parsed("test"),
            Ok(Task::Test {
                only: vec![],
                browser_args: vec![]
            })
        );
    }

    #[test]
    fn help_is_found_wherever_it_stands() {
        for line in ["", "--help", "-h", "help", "serve --help", "test -h"] {
            assert_eq!(parsed(line), Ok(Task::Help), "{line:?}");
        }
    }

    #[test]
    fn a_port_is_read_in_both_spellings_and_kept_in_range() {
        for line in ["serve --port 9000", "serve --port=9000"] {
            assert_eq!(parsed(line), Ok(Task::Serve { port: Some(9000) }));
        }
        for line in [
            "serve --port 0",
            "serve --port 65536",
            "serve --port",
            "serve --port=x",
        ] {
            assert!(
                parsed(line).is_err_and(|stop| stop.contains("1 to 65535")),
                "{line}"
            );
        }
    }

    #[test]
    fn checks_are_picked_by_name_and_the_rest_goes_to_playwright() {
        assert_eq!(
            parsed("test format browser -- smoke.spec --help"),
            Ok(Task::Test {
                only: vec![CheckName::Format, CheckName::Browser],
                browser_args: vec!["smoke.spec".into(), "--help".into()],
            })
        );
    }

    #[test]
    fn what_is_not_understood_is_named() {
        for (line, word) in [
            ("frobnicate", "frobnicate"),
            ("test speed", "speed"),
            ("build now", "now"),
        ] {
            assert!(
                parsed(line).is_err_and(|stop| stop.contains(word)),
                "{line}"
            );
        }
    }
}
