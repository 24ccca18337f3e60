//! The three browser engines that the journeys run in, and where each comes from: Debian's packages
//! on Debian, else Playwright's own downloads.

use std::path::{Path, PathBuf};

use crate::browser::{self, Browser};
use crate::debian;
use crate::process::{Program, Stop, find_on_path, say};
use crate::tools;
use crate::workspace::Workspace;

/// A browser engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Engine {
    Chromium,
    Firefox,
    WebKit,
}

/// Why the journeys do not run in an engine.
#[derive(Debug)]
pub(crate) enum Missing {
    /// It must be there, and is not.
    Fails(Stop),
    /// This machine may do without.
    Skipped(Stop),
}

/// Says where an installed browser is: environment variables and their values.
pub(crate) type Whereabouts = Vec<(&'static str, PathBuf)>;

impl Engine {
    pub(crate) const ALL: [Self; 3] = [Self::Chromium, Self::Firefox, Self::WebKit];

    /// As Playwright names it, and the project in `playwright.config.ts`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
            Self::WebKit => "webkit",
        }
    }

    /// Where it is, nothing for Playwright's own; installed when it is missing.
    ///
    /// # Errors
    /// When it cannot be had.
    pub(crate) fn find_or_install(self, workspace: &Workspace) -> Result<Whereabouts, Missing> {
        let found = match self {
            Self::Chromium => browser::find_or_install(workspace).map(|browser| match browser {
                Browser::Installed(file) => vec![(browser::VARIABLE, file)],
                Browser::Playwrights => Vec::new(),
            }),
            Self::Firefox if is_debian() => debians_firefox(),
            Self::WebKit if is_debian() => debians_webkit(),
            Self::Firefox | Self::WebKit => self.playwrights(workspace).map(|()| Vec::new()),
        };
        let must_be_there = is_debian() || std::env::var_os("CI").is_some_and(|ci| ci == "true");
        found.map_err(|stop| match must_be_there {
            true => Missing::Fails(stop),
            false => Missing::Skipped(stop),
        })
    }

    /// Has Playwright's own, downloaded where it is missing.
    fn playwrights(self, workspace: &Workspace) -> Result<(), Stop> {
        if self.playwrights_is_there(workspace) {
            return Ok(());
        }
        let name = self.name();
        say(format_args!(
            "the journeys need a {name}: asking Playwright for its own"
        ));
        let by_hand = format!("By hand: `npx playwright install --with-deps {name}`");
        tools::npm_program(workspace, "playwright")
            .args(["install", name])
            .run()
            .map_err(|stop| Stop::new(format!("no {name}: {stop}. {by_hand}")))?;
        match self.playwrights_is_there(workspace) {
            true => Ok(()),
            false => Err(Stop::new(format!(
                "Playwright's {name} was downloaded and does not start. {by_hand}"
            ))),
        }
    }

    /// Whether Playwright's own starts: a library of the system may be missing.
    fn playwrights_is_there(self, workspace: &Workspace) -> bool {
        let starts = format!(
            "require('@playwright/test').{}.launch().then((it) => it.close(), () => process.exit(1))",
            self.name()
        );
        Program::new("node")
            .args(["--eval", &starts])
            .directory(workspace.root())
            .succeeds()
    }
}

fn is_debian() -> bool {
    std::fs::read_to_string("/etc/os-release").is_ok_and(|release| names_debian(&release))
}

/// Not what is derived from it, such as Ubuntu: those have no Firefox of their own to install.
fn names_debian(release: &str) -> bool {
    release.lines().any(|line| line == "ID=debian")
}

fn debians_firefox() -> Result<Whereabouts, Stop> {
    const VARIABLE: &str = "FIREFOX";
    if let Some(named) = std::env::var_os(VARIABLE).filter(|name| !name.is_empty()) {
        return Ok(vec![(VARIABLE, PathBuf::from(named))]);
    }
    debian::install_packages(&["firefox-esr"])?;
    Ok(vec![(VARIABLE, on_path("firefox-esr")?)])
}

/// Its driver and its small browser, which must be of one version; and a display for it.
fn debians_webkit() -> Result<Whereabouts, Stop> {
    debian::install_packages(&["webkit2gtk-driver", "xvfb"])?;
    on_path("Xvfb")?;
    let browser = minibrowser(Path::new("/usr/lib")).ok_or_else(|| {
        Stop::new("webkit2gtk-driver is installed, and there is no MiniBrowser below /usr/lib")
    })?;
    Ok(vec![
        ("WEBKIT_DRIVER", on_path("WebKitWebDriver")?),
        ("MINIBROWSER", browser),
    ])
}

fn on_path(name: &str) -> Result<PathBuf, Stop> {
    find_on_path(name)
        .ok_or_else(|| Stop::new(format!("{name} is installed and yet not found on PATH")))
}

/// `<architecture>/webkit2gtk-<version>/MiniBrowser`, of several the one of the latest interface.
fn minibrowser(libraries: &Path) -> Option<PathBuf> {
    let entries = |folder: &Path| {
        let entries = std::fs::read_dir(folder).ok().into_iter().flatten();
        entries.flatten().map(|entry| entry.path())
    };
    entries(libraries)
        .flat_map(|architecture| entries(&architecture))
        .filter(|folder| {
            let name = folder.file_name().unwrap_or_default().to_string_lossy();
            name.starts_with("webkit2gtk-")
        })
        .map(|folder| folder.join("MiniBrowser"))
        .filter(|file| file.is_file())
        .max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debian_is_told_from_what_is_derived_from_it() {
        assert!(names_debian("NAME=\"Debian GNU/Linux\"\nID=debian\n"));
        assert!(!names_debian("ID=ubuntu\nID_LIKE=debian\n"));
        assert!(!names_debian(""));
    }

    #[test]
    fn there_is_no_minibrowser_where_there_is_no_folder() {
        assert_eq!(minibrowser(Path::new("no/such/folder")), None);
    }
}
