//! The tools beside the compiler: Trunk and wasm-bindgen from crates.io, wasm-opt, esbuild and
//! Playwright from npm, each in the version the repository pins.

use std::path::PathBuf;

use crate::lockfile;
use crate::process::{Program, Stop, find_on_path, say};
use crate::toolchain::{Toolchain, cargo_home};
use crate::version::Version;
use crate::workspace::Workspace;

/// 0.22 asks for a later Rust than Debian and many readers have.
const TRUNK_VERSION: &str = "0.21.14";
const LEAST_NODE: Version = Version {
    major: 20,
    minor: 0,
    patch: 0,
};

/// A program for `cargo install`.
struct CargoTool<'a> {
    program: &'static str,
    package: &'static str,
    version: &'a str,
    why: &'static str,
}

impl CargoTool<'_> {
    /// Whether the first of that name on the project's `PATH` has the version.
    fn is_there(&self, workspace: &Workspace) -> bool {
        Toolchain::Own
            .program(workspace, self.program)
            .arg("--version")
            .answer()
            .is_some_and(|line| line.split_whitespace().any(|word| word == self.version))
    }

    fn install(&self, workspace: &Workspace) -> Result<(), Stop> {
        let Self {
            program,
            package,
            version,
            why,
        } = *self;
        if self.is_there(workspace) {
            say(format_args!("{program}: {version}"));
            return Ok(());
        }
        say(format_args!(
            "{why}, and version {version} is missing: compiling it (some minutes, once)"
        ));
        // Another version is somebody's choice, for another project perhaps: it stays.
        let replaces = find_on_path(program).or_else(|| {
            cargo_home()
                .map(|home| home.join("bin").join(program))
                .filter(|file| file.exists())
        });
        let apart: Option<PathBuf> = replaces.map(|_| workspace.tools());
        let install = |locked: bool| {
            let mut cargo = Toolchain::Own
                .program(workspace, "cargo")
                .args(["install", package, "--version", version])
                // Trunk's own release profile would take twice as long and run no faster here.
                .args(["--config", "profile.release.lto=\"off\""])
                .args(["--config", "profile.release.codegen-units=16"]);
            if locked {
                cargo = cargo.arg("--locked");
            }
            if let Some(folder) = &apart {
                cargo = cargo.arg("--root").arg(folder);
            }
            cargo.run()
        };
        let by_hand = format!("By hand: `cargo install {package} --version {version}`");
        install(true)
            .or_else(|_| {
                say("once more without its lock file, which may name crates this registry lacks");
                install(false)
            })
            .map_err(|stop| {
                Stop::new(format!(
                    "{program} could not be installed: {stop}. {by_hand}"
                ))
            })?;
        if self.is_there(workspace) {
            return Ok(());
        }
        Err(Stop::new(format!(
            "{program} {version} was installed and yet does not run. {by_hand}"
        )))
    }
}

/// Trunk, and the wasm-bindgen that fits `Cargo.lock`.
///
/// # Errors
/// One line that says what to install by hand.
pub(crate) fn install_bundler(workspace: &Workspace) -> Result<(), Stop> {
    let lock = workspace.read("Cargo.lock")?;
    let bindgen = lockfile::cargo_lock_version(&lock, "wasm-bindgen")
        .ok_or_else(|| Stop::new("Cargo.lock does not name wasm-bindgen"))?;
    CargoTool {
        program: "trunk",
        package: "trunk",
        version: TRUNK_VERSION,
        why: "trunk turns the app into a page",
    }
    .install(workspace)?;
    CargoTool {
        program: "wasm-bindgen",
        package: "wasm-bindgen-cli",
        version: bindgen,
        why: "wasm-bindgen joins WebAssembly and JavaScript and must match Cargo.lock",
    }
    .install(workspace)
}

/// What `package-lock.json` names, into `node_modules/`.
///
/// # Errors
/// One line that says what to install by hand.
pub(crate) fn install_npm_packages(workspace: &Workspace) -> Result<(), Stop> {
    let node = Program::new("node")
        .arg("--version")
        .answer()
        .and_then(|line| Version::find_in(&line));
    match node {
        Some(version) if version >= LEAST_NODE => {}
        Some(version) => {
            return Err(Stop::new(format!(
                "Node {LEAST_NODE} or later is needed, this is {version}: see https://nodejs.org"
            )));
        }
        None => {
            return Err(Stop::new(
                "Node is missing (with npm, for shrinking the page and the browser tests): see https://nodejs.org",
            ));
        }
    }
    let lock = workspace.read("package-lock.json")?;
    // npm has no quick way to say that all is as locked; a copy of the lock file says so.
    let stamp = workspace.root().join("node_modules/.installed-lock.json");
    if std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == lock) {
        say("npm packages: as package-lock.json says");
        return Ok(());
    }
    say("wasm-opt and esbuild shrink the page, Playwright tests it: installing them from npm");
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    Program::new(npm)
        .args(["ci", "--no-audit", "--no-fund"])
        .run()
        .map_err(|stop| {
            Stop::new(format!(
                "the npm packages could not be installed: {stop}. By hand: `npm ci`"
            ))
        })?;
    std::fs::write(&stamp, lock)
        .map_err(|error| Stop::new(format!("{} cannot be written: {error}", stamp.display())))
}

/// A program of the npm packages.
pub(crate) fn npm_program(workspace: &Workspace, name: &str) -> Program {
    let file = if cfg!(windows) {
        format!("{name}.cmd")
    } else {
        name.to_owned()
    };
    Program::new(workspace.npm_programs().join(file))
}
