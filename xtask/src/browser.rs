//! The Chromium that the browser tests run in.

use std::path::PathBuf;

use crate::debian;
use crate::process::{Program, Stop, find_on_path, say};
use crate::tools;
use crate::workspace::Workspace;

/// Names the reader's browser, before all others.
pub(crate) const VARIABLE: &str = "CHROMIUM";
const ON_PATH: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];
const ON_MACOS: [&str; 2] = [
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/// A browser that starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Browser {
    /// This file.
    Installed(PathBuf),
    /// The one that Playwright downloaded, which Playwright finds by itself.
    Playwrights,
}

/// One that is installed, else Playwright's, else Debian's.
///
/// # Errors
/// One line that says what to install by hand.
pub(crate) fn find_or_install(workspace: &Workspace) -> Result<Browser, Stop> {
    if let Some(named) = std::env::var_os(VARIABLE).filter(|name| !name.is_empty()) {
        let file = PathBuf::from(named);
        return match version(&file) {
            Some(version) => Ok(found(file, &version)),
            None => Err(Stop::new(format!(
                "${VARIABLE} names {}, which does not start",
                file.display()
            ))),
        };
    }
    if let Some(browser) = installed() {
        return Ok(browser);
    }
    if playwrights_starts(workspace) {
        say("browser: Playwright's Chromium");
        return Ok(Browser::Playwrights);
    }
    say("the browser tests need a Chromium and there is none: asking Playwright for its own");
    let downloaded = tools::npm_program(workspace, "playwright")
        .args(["install", "chromium"])
        .run();
    if downloaded.is_ok() && playwrights_starts(workspace) {
        return Ok(Browser::Playwrights);
    }
    say("Playwright could not get one that starts here; trying Debian's package");
    let by_hand = format!(
        "By hand: install Chromium or Chrome, name it in ${VARIABLE} if it is not on PATH; or \
         `npx playwright install --with-deps chromium`"
    );
    debian::install_packages(&["chromium"])
        .map_err(|stop| Stop::new(format!("no browser: {stop}. {by_hand}")))?;
    installed().ok_or_else(|| Stop::new(format!("the browser installed does not start. {by_hand}")))
}

fn installed() -> Option<Browser> {
    ON_PATH
        .iter()
        .filter_map(|name| find_on_path(name))
        .chain(
            ON_MACOS
                .iter()
                .map(PathBuf::from)
                .filter(|file| file.is_file()),
        )
        .find_map(|file| version(&file).map(|version| found(file, &version)))
}

fn found(file: PathBuf, version: &str) -> Browser {
    say(format_args!("browser: {version} ({})", file.display()));
    Browser::Installed(file)
}

/// What it says of itself; nothing when it does not start, a library missing or the like.
fn version(file: &PathBuf) -> Option<String> {
    Program::new(file).arg("--version").answer()
}

fn playwrights_starts(workspace: &Workspace) -> bool {
    let asks = "console.log(require('@playwright/test').chromium.executablePath())";
    Program::new("node")
        .args(["--eval", asks])
        .directory(workspace.root())
        .answer()
        .map(PathBuf::from)
        .is_some_and(|file| {
            // Chrome for Windows opens a window instead of telling its version.
            if cfg!(windows) {
                file.is_file()
            } else {
                version(&file).is_some()
            }
        })
}
