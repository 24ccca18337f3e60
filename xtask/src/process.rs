//! Running other programs: what is run is shown, and a failure becomes one line.

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// Why a task cannot go on, in one line that says what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stop(String);

impl Stop {
    pub(crate) fn new(line: impl Into<String>) -> Self {
        Self(line.into())
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Tells the reader what is being done and why.
pub(crate) fn say(line: impl fmt::Display) {
    println!("xtask: {line}");
}

/// A program about to run.
pub(crate) struct Program {
    command: Command,
    shown: String,
}

impl Program {
    pub(crate) fn new(name: impl AsRef<OsStr>) -> Self {
        let name = name.as_ref();
        let mut command = Command::new(name);
        // What cargo tells xtask about itself must not reach the cargo that xtask starts: build
        // scripts that watch such variables would run again for nothing.
        for (key, _) in std::env::vars_os() {
            if key.to_str().is_some_and(is_about_xtask) {
                command.env_remove(key);
            }
        }
        Self {
            command,
            shown: name.to_string_lossy().into_owned(),
        }
    }

    pub(crate) fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.shown.push(' ');
        self.shown.push_str(&arg.as_ref().to_string_lossy());
        self.command.arg(arg);
        self
    }

    pub(crate) fn args<A: AsRef<OsStr>>(self, args: impl IntoIterator<Item = A>) -> Self {
        args.into_iter().fold(self, Self::arg)
    }

    /// Arguments too many to show, with what to show instead.
    pub(crate) fn args_shown_as<A: AsRef<OsStr>>(
        mut self,
        shown: &str,
        args: impl IntoIterator<Item = A>,
    ) -> Self {
        self.shown.push(' ');
        self.shown.push_str(shown);
        self.command.args(args);
        self
    }

    pub(crate) fn env(mut self, key: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.command.env(key, value);
        self
    }

    pub(crate) fn env_remove(mut self, key: impl AsRef<OsStr>) -> Self {
        self.command.env_remove(key);
        self
    }

    pub(crate) fn directory(mut self, directory: &Path) -> Self {
        self.command.current_dir(directory);
        self
    }

    /// Runs it in sight of the reader.
    ///
    /// # Errors
    /// When it cannot start, or ends with anything but success.
    pub(crate) fn run(mut self) -> Result<(), Stop> {
        say(format_args!("$ {}", self.shown));
        let status = self.command.status();
        match status {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(Stop::new(format!("`{}` ended with {status}", self.shown))),
            Err(error) => Err(self.not_started(&error)),
        }
    }

    /// Starts it in sight of the reader and does not wait.
    ///
    /// # Errors
    /// When it cannot start.
    pub(crate) fn start(mut self) -> Result<Child, Stop> {
        say(format_args!("$ {}", self.shown));
        match self.command.spawn() {
            Ok(child) => Ok(child),
            Err(error) => Err(self.not_started(&error)),
        }
    }

    /// What it prints to standard output, or nothing when it fails. The reader sees none of it.
    pub(crate) fn answer(mut self) -> Option<String> {
        let output = self
            .command
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .output()
            .ok()?;
        output
            .status
            .success()
            .then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    /// Whether it runs and succeeds. The reader sees none of it.
    pub(crate) fn succeeds(self) -> bool {
        self.answer().is_some()
    }

    fn not_started(&self, error: &std::io::Error) -> Stop {
        Stop::new(format!("`{}` could not be started: {error}", self.shown))
    }
}

fn is_about_xtask(key: &str) -> bool {
    key.starts_with("CARGO_PKG_")
        || matches!(
            key,
            "CARGO_MANIFEST_DIR" | "CARGO_MANIFEST_PATH" | "CARGO_BIN_NAME" | "CARGO_CRATE_NAME"
        )
}

/// A `PATH` with some folders before the reader's own and some after.
pub(crate) fn path_around(before: &[PathBuf], after: &[PathBuf]) -> OsString {
    let own = std::env::var_os("PATH").unwrap_or_default();
    let folders = before
        .iter()
        .cloned()
        .chain(std::env::split_paths(&own))
        .chain(after.iter().cloned());
    // A folder with the separator in its name cannot be on a PATH; then the reader's own must do.
    std::env::join_paths(folders).unwrap_or(own)
}

/// The first file of that name on the reader's `PATH`.
pub(crate) fn find_on_path(name: &str) -> Option<PathBuf> {
    let own = std::env::var_os("PATH")?;
    std::env::split_paths(&own)
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_program_is_one_line_with_its_name() {
        let stop = Program::new("no-such-program-here").arg("--loud").run();
        assert!(stop.is_err_and(|stop| {
            stop.to_string()
                .starts_with("`no-such-program-here --loud`")
        }));
    }

    #[test]
    fn a_failing_program_has_no_answer() {
        assert!(!Program::new("cargo").arg("no-such-subcommand").succeeds());
        assert!(Program::new("cargo").arg("--version").succeeds());
    }

    #[test]
    fn folders_stand_around_the_own_path_in_order() {
        let path = path_around(&["/first".into()], &["/last".into()]);
        let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
        assert_eq!(folders.first(), Some(&PathBuf::from("/first")));
        assert_eq!(folders.last(), Some(&PathBuf::from("/last")));
    }

    #[test]
    fn only_what_names_xtask_itself_is_hidden_from_children() {
        assert!(is_about_xtask("CARGO_PKG_NAME"));
        assert!(!is_about_xtask("CARGO_HOME"));
        assert!(!is_about_xtask("CARGO_TARGET_DIR"));
    }
}
