//! `cargo xtask`: the project's two commands (`serve`, `test`) and their two relatives
//! (`build`, `bench`), each of which first installs what is missing.
//!
//! In reading order: [`arguments`] is what a user types; [`process`] runs other programs;
//! [`workspace`] names the folders; [`setup`] gets everything ready, each thing once:
//! [`toolchain`] a compiler for wasm32 and the checkers, with [`debian`] for machines that cannot
//! reach rustup's server, [`tools`], [`browser`] and [`engines`] the rest; [`site`] builds and serves the page;
//! [`checks`] and [`bench`] judge it.
//!
//! It depends on the standard library only, so that a fresh machine reaches the first line of
//! output in seconds.

mod arguments;
mod bench;
mod browser;
mod checks;
mod debian;
mod engines;
mod lockfile;
mod port;
mod process;
mod setup;
mod site;
mod toolchain;
mod tools;
mod version;
mod workspace;

use std::process::ExitCode;

use arguments::Task;
use process::Stop;
use setup::Setup;
use workspace::Workspace;

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(stop) => {
            eprintln!("\nxtask cannot go on: {stop}");
            ExitCode::FAILURE
        }
    }
}

/// Answers whether all went well; a check that failed is `Ok(false)`, for it has been reported.
fn run() -> Result<bool, Stop> {
    let task = arguments::parse(std::env::args().skip(1))?;
    let workspace = Workspace::locate()?;
    std::env::set_current_dir(workspace.root())
        .map_err(|error| Stop::new(format!("the repository cannot be entered: {error}")))?;
    let setup = Setup::new(workspace);
    match task {
        Task::Help => {
            println!("{}", arguments::HELP);
            Ok(true)
        }
        Task::Serve { port } => site::serve(&setup, port).map(|()| true),
        Task::Build => site::build(&setup).map(|()| true),
        Task::Test { only, browser_args } => Ok(checks::run(&setup, &only, &browser_args)),
        Task::Bench => bench::run(&setup).map(|()| true),
    }
}
