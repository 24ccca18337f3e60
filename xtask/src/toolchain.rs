//! Which Rust to use for what: the reader's own wherever it can do the job, Debian's where rustup
//! cannot download what is missing.
//!
//! The wasm32 target is asked of the compiler, and stands in no toolchain file: where rustup
//! cannot download, such a file would stop every call of cargo.

use std::path::{Path, PathBuf};

use crate::debian;
use crate::process::{Program, Stop, path_around, say};
use crate::version::Version;
use crate::workspace::Workspace;

/// The target of the page.
pub(crate) const WASM32: &str = "wasm32-unknown-unknown";

/// A Rust to call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Toolchain {
    /// The cargo that started xtask, and its compiler.
    Own,
    /// Debian's, which lies behind rustup's on `PATH` and so is called explicitly.
    Debian,
}

impl Toolchain {
    /// A program that will find this toolchain first, and the project's tools before all others.
    pub(crate) fn program(self, workspace: &Workspace, name: &str) -> Program {
        let mut before = vec![workspace.npm_programs(), workspace.tools().join("bin")];
        if self == Self::Debian {
            before.push(debian::programs(workspace));
        }
        let after: Vec<PathBuf> = cargo_home()
            .map(|home| home.join("bin"))
            .into_iter()
            .collect();
        let program = Program::new(name).env("PATH", path_around(&before, &after));
        match self {
            Self::Own => program,
            Self::Debian => debian::environment(program),
        }
    }

    /// Its compiler.
    pub(crate) fn rustc(self) -> Program {
        match self {
            Self::Own => Program::new("rustc"),
            Self::Debian => debian::environment(Program::new(debian::RUSTC)),
        }
    }

    /// One line with version and commit, the same for the same compiler only.
    pub(crate) fn identity(self) -> Option<String> {
        self.rustc().arg("-vV").answer()
    }

    pub(crate) fn version(self) -> Option<Version> {
        Version::find_in(&self.rustc().arg("--version").answer()?)
    }

    /// The folder its wasm32 library belongs in, whether or not it is there.
    pub(crate) fn wasm32_library(self) -> Option<PathBuf> {
        self.rustc()
            .args(["--print", "target-libdir", "--target", WASM32])
            .answer()
            .map(PathBuf::from)
    }

    /// Whether it has a standard library for wasm32 that it can read: a library left behind by
    /// another version of the compiler is there and yet of no use.
    pub(crate) fn compiles_wasm32(self, workspace: &Workspace) -> bool {
        let there = self
            .wasm32_library()
            .is_some_and(|folder| holds_standard_library(&folder));
        there && self.compiles_probe(workspace).is_some()
    }

    fn compiles_probe(self, workspace: &Workspace) -> Option<()> {
        let folder = workspace.scratch().join("probe");
        std::fs::create_dir_all(&folder).ok()?;
        let source = folder.join("probe.rs");
        std::fs::write(
            &source,
            "#[unsafe(no_mangle)]\npub extern \"C\" fn probe() {}\n",
        )
        .ok()?;
        // A linked library, not only metadata: so a missing linker is noticed too.
        self.rustc()
            .args([
                "--target",
                WASM32,
                "--edition",
                "2024",
                "--crate-type",
                "cdylib",
                "-o",
            ])
            .arg(folder.join("probe.wasm"))
            .arg(source)
            .succeeds()
            .then_some(())
    }
}

/// Cargo's own folder, where `cargo install` puts programs.
pub(crate) fn cargo_home() -> Option<PathBuf> {
    std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::home_dir().map(|home| home.join(".cargo")))
}

fn holds_standard_library(folder: &Path) -> bool {
    std::fs::read_dir(folder).is_ok_and(|entries| {
        entries
            .flatten()
            .any(|entry| is_standard_library(&entry.file_name().to_string_lossy()))
    })
}

fn is_standard_library(file_name: &str) -> bool {
    file_name.starts_with("libstd-") && file_name.ends_with(".rlib")
}

/// A toolchain that compiles for wasm32.
///
/// # Errors
/// One line that says what to install by hand.
pub(crate) fn for_the_web(workspace: &Workspace) -> Result<Toolchain, Stop> {
    for toolchain in [Toolchain::Own, Toolchain::Debian] {
        let ready = match toolchain {
            Toolchain::Own => true,
            Toolchain::Debian => debian::is_ready(workspace),
        };
        if ready && toolchain.compiles_wasm32(workspace) {
            describe("wasm32 compiler", toolchain);
            return Ok(toolchain);
        }
    }
    say("the page is WebAssembly, and this Rust lacks the wasm32 standard library");
    if rustup().arg("--version").succeeds() {
        say("asking rustup for it");
        let added = rustup().args(["target", "add", WASM32]).run();
        if added.is_ok() && Toolchain::Own.compiles_wasm32(workspace) {
            return Ok(Toolchain::Own);
        }
        say("rustup could not get it; trying Debian's compiler, whose source can be had");
    }
    debian::install_wasm32(workspace).map_err(|stop| {
        Stop::new(format!(
            "no wasm32 standard library: {stop}. By hand: `rustup target add {WASM32}`"
        ))
    })?;
    Ok(Toolchain::Debian)
}

/// Without the stack traces that it prints when it cannot download, which say nothing to a reader.
fn rustup() -> Program {
    Program::new("rustup").env("RUST_BACKTRACE", "0")
}

/// A part of Rust that may be missing.
pub(crate) struct Component {
    /// Its name in rustup.
    rustup: &'static str,
    /// The cargo command that shows whether it works.
    cargo_command: &'static str,
    /// Debian's package.
    debian: &'static str,
    /// What it is needed for.
    why: &'static str,
}

/// `cargo fmt`.
pub(crate) const RUSTFMT: Component = Component {
    rustup: "rustfmt",
    cargo_command: "fmt",
    debian: "rustfmt-web",
    why: "rustfmt checks the layout of the code",
};

/// `cargo clippy`.
pub(crate) const CLIPPY: Component = Component {
    rustup: "clippy",
    cargo_command: "clippy",
    debian: "rust-web-clippy",
    why: "clippy finds mistakes that compile",
};

impl Component {
    fn works(&self, workspace: &Workspace, toolchain: Toolchain) -> bool {
        toolchain
            .program(workspace, "cargo")
            .args([self.cargo_command, "--version"])
            .succeeds()
    }
}

/// A toolchain with that component.
///
/// # Errors
/// One line that says what to install by hand.
pub(crate) fn with_component(
    workspace: &Workspace,
    component: &Component,
) -> Result<Toolchain, Stop> {
    if component.works(workspace, Toolchain::Own) {
        describe(component.rustup, Toolchain::Own);
        return Ok(Toolchain::Own);
    }
    let on_debian = || debian::is_ready(workspace) && component.works(workspace, Toolchain::Debian);
    if on_debian() {
        describe(component.rustup, Toolchain::Debian);
        return Ok(Toolchain::Debian);
    }
    say(format_args!("{}, and it is missing", component.why));
    if rustup().arg("--version").succeeds() {
        let added = rustup().args(["component", "add", component.rustup]).run();
        if added.is_ok() && component.works(workspace, Toolchain::Own) {
            return Ok(Toolchain::Own);
        }
        say("rustup could not get it; trying Debian's package");
    }
    let by_hand = format!("By hand: `rustup component add {}`", component.rustup);
    debian::install_compiler(workspace, &[component.debian])
        .map_err(|stop| Stop::new(format!("no {}: {stop}. {by_hand}", component.rustup)))?;
    if on_debian() {
        return Ok(Toolchain::Debian);
    }
    Err(Stop::new(format!(
        "Debian's {} is installed and does not run. {by_hand}",
        component.debian
    )))
}

fn describe(what: &str, toolchain: Toolchain) {
    let whose = match toolchain {
        Toolchain::Own => "your Rust's",
        Toolchain::Debian => "Debian's",
    };
    let version = toolchain
        .version()
        .map_or_else(String::new, |version| format!(" {version}"));
    say(format_args!("{what}: {whose}{version}"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_standard_library_is_told_from_its_neighbours() {
        assert!(is_standard_library("libstd-8d60da9b1c23.rlib"));
        assert!(!is_standard_library("libstd_detect-8d60da9b1c23.rlib"));
        assert!(!is_standard_library("libstd-8d60da9b1c23.so"));
    }

    #[test]
    fn an_empty_or_missing_folder_holds_none() {
        assert!(!holds_standard_library(Path::new("no/such/folder")));
    }
}
