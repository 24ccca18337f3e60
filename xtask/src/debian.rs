//! The route for a Debian machine that reaches the package registries but not rustup's server:
//! Debian's `rustc-web` beside the reader's own Rust, with the wasm32 standard library built from
//! the source that Debian ships for exactly that compiler.
//!
//! It changes, outside the build folder, only the packages named and the wasm32 part of that
//! compiler's library folder. It never removes or replaces a package.

use std::path::{Path, PathBuf};

use crate::lockfile;
use crate::process::{Program, Stop, find_on_path, say};
use crate::toolchain::{Toolchain, WASM32};
use crate::version::Version;
use crate::workspace::Workspace;

/// Debian's compiler, called by its full name because rustup's comes first on `PATH`.
pub(crate) const RUSTC: &str = "/usr/bin/rustc";

const FOLDER: &str = "/usr/bin";
const PROGRAMS: [&str; 7] = [
    "cargo",
    "cargo-clippy",
    "cargo-fmt",
    "clippy-driver",
    "rustc",
    "rustdoc",
    "rustfmt",
];
/// One matched release: compiler, cargo, the library's source, and clippy, which must be of the
/// compiler's version to check the wasm32 code.
const PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "rust-web-clippy"];

/// Written beside the library built here: the compiler it was built for.
const STAMP: &str = "built-by-adagrad-lab-for";

const INSTALL_BY_HAND: &str = "by hand: run this command again as root";

/// Makes a program use Debian's Rust, provided [`programs`] comes first on its `PATH`.
pub(crate) fn environment(program: Program) -> Program {
    program
        .env("RUSTC", RUSTC)
        .env("CARGO", format!("{FOLDER}/cargo"))
        .env("RUSTDOC", format!("{FOLDER}/rustdoc"))
        // Set by the cargo that started xtask: its own libraries, not Debian's.
        .env_remove("LD_LIBRARY_PATH")
        .env_remove("RUSTUP_TOOLCHAIN")
}

/// A folder with Debian's Rust and nothing else. All of /usr/bin in front of the reader's `PATH`
/// would hide the reader's Node and more.
pub(crate) fn programs(workspace: &Workspace) -> PathBuf {
    workspace.scratch().join("debian-rust")
}

/// Whether Debian's compiler is there, new enough, and can be called; and if a wasm32 library of
/// ours is there, that it was built for this very compiler.
pub(crate) fn is_ready(workspace: &Workspace) -> bool {
    if !is_installed("rustc-web") || !is_installed("cargo-web") {
        return false;
    }
    is_new_enough(workspace) && link_programs(workspace).is_ok() && stamp_fits()
}

/// Installs Debian's Rust and builds the wasm32 library.
///
/// # Errors
/// One line: what is missing and how to get it by hand.
pub(crate) fn install_wasm32(workspace: &Workspace) -> Result<(), Stop> {
    install_compiler(workspace, &[])?;
    let linker = install_linker()?;
    if stamp_fits() && Toolchain::Debian.compiles_wasm32(workspace) {
        return Ok(());
    }
    build_standard_library(workspace)?;
    if Toolchain::Debian.compiles_wasm32(workspace) {
        return Ok(());
    }
    Err(Stop::new(format!(
        "the wasm32 standard library was built, yet {RUSTC} with {linker} cannot use it"
    )))
}

/// Installs Debian's Rust with further packages of it.
///
/// # Errors
/// One line: what is missing and how to get it by hand.
pub(crate) fn install_compiler(workspace: &Workspace, further: &[&str]) -> Result<(), Stop> {
    let packages: Vec<&str> = PACKAGES.iter().chain(further).copied().collect();
    install_packages(&packages)?;
    if !is_new_enough(workspace) {
        let found = Toolchain::Debian
            .version()
            .map_or_else(|| "no version".to_owned(), |version| version.to_string());
        return Err(Stop::new(format!(
            "Debian's rustc-web is {found}, and Cargo.toml asks for a later one"
        )));
    }
    link_programs(workspace)
        .map_err(|error| Stop::new(format!("target/ cannot be written: {error}")))
}

/// Installs those of the packages that are missing.
///
/// # Errors
/// One line: no apt, no root, or apt's failure, with the command to give by hand.
pub(crate) fn install_packages(packages: &[&str]) -> Result<(), Stop> {
    let missing: Vec<&str> = packages
        .iter()
        .copied()
        .filter(|package| !is_installed(package))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let list = missing.join(" ");
    if find_on_path("apt-get").is_none() {
        return Err(Stop::new(format!(
            "this machine has no apt-get to install {list} with"
        )));
    }
    let by_hand = format!("as root: `apt-get update && apt-get install {list}`");
    say(format_args!("installing Debian's {list}"));
    as_root("apt-get", &by_hand)?
        .args(["update", "--quiet", "--quiet"])
        .run()
        // Stale lists may do; if not, the installation says so.
        .unwrap_or_else(say);
    as_root("apt-get", &by_hand)?
        .args([
            "install",
            "--yes",
            "--quiet",
            "--no-install-recommends",
            // The reader's other packages are not ours to trade in.
            "--no-remove",
        ])
        .args(&missing)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .run()
        .map_err(|_| {
            Stop::new(format!(
                "apt-get could not install {list} (no network, or not in this release); {by_hand}"
            ))
        })
}

fn is_installed(package: &str) -> bool {
    Program::new("dpkg-query")
        .args(["--show", "--showformat=${db:Status-Status}", package])
        .answer()
        .is_some_and(|status| status == "installed")
}

/// A program with the rights to change the system: directly, or by a sudo that asks nothing.
fn as_root(name: &str, by_hand: &str) -> Result<Program, Stop> {
    if Program::new("id").arg("-u").answer().as_deref() == Some("0") {
        return Ok(Program::new(name));
    }
    if Program::new("sudo").args(["-n", "true"]).succeeds() {
        return Ok(Program::new("sudo").arg("-n").arg(name));
    }
    Err(Stop::new(format!(
        "that needs root, or a sudo that asks for no password (`sudo -v` first may do); {by_hand}"
    )))
}

fn is_new_enough(workspace: &Workspace) -> bool {
    let asked = workspace
        .read("Cargo.toml")
        .ok()
        .as_deref()
        .and_then(lockfile::rust_version)
        .and_then(Version::find_in);
    // None is less than any version: an unreadable compiler is not new enough.
    Toolchain::Debian.version() >= asked && asked.is_some()
}

#[cfg(unix)]
fn link_programs(workspace: &Workspace) -> std::io::Result<()> {
    let folder = programs(workspace);
    std::fs::create_dir_all(&folder)?;
    for name in PROGRAMS {
        let link = folder.join(name);
        let program = Path::new(FOLDER).join(name);
        if program.exists() && !link.exists() {
            std::os::unix::fs::symlink(program, link)?;
        }
    }
    Ok(())
}

#[cfg(not(unix))]
fn link_programs(_: &Workspace) -> std::io::Result<()> {
    Err(std::io::ErrorKind::Unsupported.into())
}

/// Installs the linker of the compiler's LLVM and puts it where the compiler looks for it:
/// Debian's compiler does not bring its own.
fn install_linker() -> Result<String, Stop> {
    let identity = Toolchain::Debian
        .identity()
        .ok_or_else(|| Stop::new(format!("{RUSTC} does not run")))?;
    let value = |key: &str| {
        identity
            .lines()
            .find_map(|line| line.strip_prefix(key))
            .map(str::trim)
    };
    let (Some(host), Some(llvm)) = (value("host:"), value("LLVM version:")) else {
        return Err(Stop::new(format!(
            "{RUSTC} does not tell its host and LLVM version"
        )));
    };
    let major = llvm.split('.').next().unwrap_or(llvm);
    let linker = format!("lld-{major}");
    install_packages(&[&linker])?;

    let sysroot = sysroot()?;
    let folder = sysroot.join("lib/rustlib").join(host).join("bin");
    let link = folder.join("rust-lld");
    if !link.exists() {
        let folder = folder.display().to_string();
        let link = link.display().to_string();
        let target = format!("{FOLDER}/{linker}");
        say(format_args!(
            "telling Debian's compiler where its linker is: {link} -> {target}"
        ));
        let by_hand = format!("as root: `mkdir -p {folder} && ln -sfn {target} {link}`");
        as_root("mkdir", &by_hand)?.args(["-p", &folder]).run()?;
        as_root("ln", &by_hand)?
            .args(["-sfn", &target, &link])
            .run()?;
    }
    Ok(linker)
}

fn sysroot() -> Result<PathBuf, Stop> {
    Toolchain::Debian
        .rustc()
        .args(["--print", "sysroot"])
        .answer()
        .map(PathBuf::from)
        .ok_or_else(|| Stop::new(format!("{RUSTC} does not tell its sysroot")))
}

fn wasm32_library() -> Result<PathBuf, Stop> {
    Toolchain::Debian
        .wasm32_library()
        .ok_or_else(|| Stop::new(format!("{RUSTC} does not know {WASM32}")))
}

/// False when a library built here was built for another compiler. A library without a stamp is
/// somebody else's and judged by whether it compiles.
fn stamp_fits() -> bool {
    let Ok(library) = wasm32_library() else {
        return false;
    };
    match std::fs::read_to_string(library.join(STAMP)) {
        Ok(stamp) => Toolchain::Debian.identity().as_deref() == Some(stamp.trim()),
        Err(_) => true,
    }
}

/// Builds the standard library from Debian's source and puts it where the compiler looks for it.
fn build_standard_library(workspace: &Workspace) -> Result<(), Stop> {
    // Asked now rather than after the build.
    as_root("install", INSTALL_BY_HAND)?;
    say("building the wasm32 standard library from Debian's source (about a minute, once)");
    let folder = workspace.scratch().join("wasm32-std");
    let failed = |error: std::io::Error| {
        Stop::new(format!("{} cannot be written: {error}", folder.display()))
    };
    if folder.exists() {
        // Libraries of an earlier compiler must not be copied along.
        std::fs::remove_dir_all(&folder).map_err(failed)?;
    }
    std::fs::create_dir_all(folder.join("src")).map_err(failed)?;
    std::fs::write(
        folder.join("Cargo.toml"),
        "[package]\nname = \"nothing-but-std\"\nedition = \"2024\"\n\n[workspace]\n",
    )
    .map_err(failed)?;
    std::fs::write(folder.join("src/lib.rs"), "").map_err(failed)?;

    Toolchain::Debian
        .program(workspace, "cargo")
        .args(["build", "--release", "--target", WASM32])
        .arg("-Zbuild-std=std,panic_abort,panic_unwind,test")
        .directory(&folder)
        // -Z is for nightly compilers; this names the stable one's own source.
        .env("RUSTC_BOOTSTRAP", "1")
        // Without bitcode, the app's link-time optimisation over the library fails.
        .env("RUSTFLAGS", "-Cembed-bitcode=yes")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .run()
        .map_err(|stop| {
            Stop::new(format!(
                "the standard library did not build, see above ({stop})"
            ))
        })?;

    let built = libraries(&folder.join("target").join(WASM32).join("release/deps"));
    install_libraries(&folder, &built)?;
    // Objects built against another copy of the library do not link with this one.
    let stale = workspace.target().join(WASM32);
    if stale.exists() {
        std::fs::remove_dir_all(&stale).map_err(|error| {
            Stop::new(format!("{} cannot be removed: {error}", stale.display()))
        })?;
    }
    Ok(())
}

fn libraries(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|file| {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            name.ends_with(".rlib") && !name.starts_with("libnothing_but_std")
        })
        .collect()
}

fn install_libraries(folder: &Path, built: &[PathBuf]) -> Result<(), Stop> {
    if built.is_empty() {
        return Err(Stop::new("the standard library's build left no libraries"));
    }
    let identity = Toolchain::Debian
        .identity()
        .ok_or_else(|| Stop::new(format!("{RUSTC} does not run")))?;
    let stamp = folder.join(STAMP);
    std::fs::write(&stamp, identity)
        .map_err(|error| Stop::new(format!("{} cannot be written: {error}", stamp.display())))?;

    let library = wasm32_library()?.display().to_string();
    say(format_args!("installing it in {library}"));
    // Two copies of one library in that folder would be ambiguous.
    let old = libraries(Path::new(&library));
    if !old.is_empty() {
        as_root("rm", INSTALL_BY_HAND)?
            .arg("--")
            .args_shown_as("(the old libraries there)", old)
            .run()?;
    }
    as_root("install", INSTALL_BY_HAND)?
        .args(["-D", "--mode=644", "--target-directory", &library])
        .args_shown_as(&format!("({} libraries)", built.len()), built)
        // Last, so that an interrupted copy has no stamp.
        .arg(stamp)
        .run()
}
