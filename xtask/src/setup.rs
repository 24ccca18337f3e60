//! What the commands need, made ready when first asked for and at most once: a missing tool that
//! cannot be had is looked for once, and every check that needs it gets the same one line.

use std::cell::OnceCell;

use crate::browser::{self, Browser};
use crate::engines::{Engine, Missing};
use crate::process::{Program, Stop};
use crate::toolchain::{self, Toolchain};
use crate::tools;
use crate::workspace::Workspace;

/// The tools of this run.
pub(crate) struct Setup {
    workspace: Workspace,
    npm_packages: OnceCell<Result<(), Stop>>,
    web_toolchain: OnceCell<Result<Toolchain, Stop>>,
    formatter: OnceCell<Result<Toolchain, Stop>>,
    linter: OnceCell<Result<Toolchain, Stop>>,
    bundler: OnceCell<Result<(), Stop>>,
    browser: OnceCell<Result<Browser, Stop>>,
}

impl Setup {
    pub(crate) fn new(workspace: Workspace) -> Self {
        Self {
            workspace,
            npm_packages: OnceCell::new(),
            web_toolchain: OnceCell::new(),
            formatter: OnceCell::new(),
            linter: OnceCell::new(),
            bundler: OnceCell::new(),
            browser: OnceCell::new(),
        }
    }

    pub(crate) fn workspace(&self) -> &Workspace {
        &self.workspace
    }

    /// A cargo with rustfmt.
    pub(crate) fn formatter(&self) -> Result<Program, Stop> {
        self.formatter
            .get_or_init(|| toolchain::with_component(&self.workspace, &toolchain::RUSTFMT))
            .as_ref()
            .map(|toolchain| toolchain.program(&self.workspace, "cargo"))
            .map_err(Stop::clone)
    }

    /// A cargo with clippy, for this computer.
    pub(crate) fn linter(&self) -> Result<Program, Stop> {
        self.linter
            .get_or_init(|| toolchain::with_component(&self.workspace, &toolchain::CLIPPY))
            .as_ref()
            .map(|toolchain| toolchain.program(&self.workspace, "cargo"))
            .map_err(Stop::clone)
    }

    /// A cargo whose compiler has a standard library for wasm32.
    pub(crate) fn web_cargo(&self) -> Result<Program, Stop> {
        self.web_program("cargo")
    }

    /// Trunk, with all that it calls: that cargo, wasm-bindgen and wasm-opt.
    pub(crate) fn trunk(&self) -> Result<Program, Stop> {
        // What fails soonest comes first: compiling the bundler takes minutes.
        let trunk = self.web_program("trunk")?;
        self.npm_packages()?;
        self.bundler
            .get_or_init(|| tools::install_bundler(&self.workspace))
            .clone()?;
        let trunk = trunk
            // Versions are pinned; asking a server for a newer one would only cost time.
            .env("TRUNK_SKIP_VERSION_CHECK", "true");
        // Trunk 0.21 understands NO_COLOR as true or false only and stops at the usual 1.
        Ok(match std::env::var_os("NO_COLOR") {
            Some(_) => trunk.env("NO_COLOR", "true"),
            None => trunk,
        })
    }

    /// Playwright's test runner, told which browser to use.
    pub(crate) fn playwright(&self) -> Result<Program, Stop> {
        self.npm_packages()?;
        let browser = self
            .browser
            .get_or_init(|| browser::find_or_install(&self.workspace))
            .as_ref()
            .map_err(Stop::clone)?;
        let runner = self.test_runner();
        Ok(match browser {
            Browser::Installed(file) => runner.env("CHROMIUM", file),
            Browser::Playwrights => runner.env_remove("CHROMIUM"),
        })
    }

    /// Playwright's test runner with the journeys in that engine.
    pub(crate) fn journeys(&self, engine: Engine) -> Result<Program, Missing> {
        self.npm_packages().map_err(Missing::Fails)?;
        let whereabouts = engine.find_or_install(&self.workspace)?;
        let runner = self
            .test_runner()
            .arg(format!("--project={}", engine.name()));
        Ok(whereabouts
            .into_iter()
            .fold(runner, |runner, (name, file)| runner.env(name, file)))
    }

    fn test_runner(&self) -> Program {
        tools::npm_program(&self.workspace, "playwright")
            .arg("test")
            // Else Playwright keeps the compiled tests in the system's folder for temporary files.
            .env(
                "PWTEST_CACHE_DIR",
                self.workspace.scratch().join("playwright"),
            )
    }

    fn npm_packages(&self) -> Result<(), Stop> {
        self.npm_packages
            .get_or_init(|| tools::install_npm_packages(&self.workspace))
            .clone()
    }

    fn web_program(&self, name: &str) -> Result<Program, Stop> {
        self.web_toolchain
            .get_or_init(|| toolchain::for_the_web(&self.workspace))
            .as_ref()
            .map(|toolchain| toolchain.program(&self.workspace, name))
            .map_err(Stop::clone)
    }
}
