//! Where things lie: the repository and the ignored folders xtask writes to.

use std::path::{Path, PathBuf};

use crate::process::Stop;

/// The repository's folders.
#[derive(Debug, Clone)]
pub(crate) struct Workspace {
    root: PathBuf,
    target: PathBuf,
}

impl Workspace {
    /// Finds the repository from the manifest that cargo built xtask from.
    ///
    /// # Errors
    /// When xtask was not started by `cargo xtask`.
    pub(crate) fn locate() -> Result<Self, Stop> {
        let manifest = std::env::var_os("CARGO_MANIFEST_DIR")
            .ok_or_else(|| Stop::new("start it as `cargo xtask`, inside the repository"))?;
        let root = Path::new(&manifest)
            .parent()
            .ok_or_else(|| Stop::new("xtask must lie in a folder of the repository"))?
            .to_owned();
        let target = std::env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| root.join("target"), |target| root.join(target));
        Ok(Self { root, target })
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Cargo's build folder.
    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    /// xtask's own corner of the build folder.
    pub(crate) fn scratch(&self) -> PathBuf {
        self.target.join("xtask")
    }

    /// Tools installed here because the reader's own copy has another version.
    pub(crate) fn tools(&self) -> PathBuf {
        self.scratch().join("tools")
    }

    /// The programs of the npm packages.
    pub(crate) fn npm_programs(&self) -> PathBuf {
        self.root.join("node_modules").join(".bin")
    }

    /// Reads a file of the repository.
    ///
    /// # Errors
    /// Names the file and what is wrong with it.
    pub(crate) fn read(&self, file: &str) -> Result<String, Stop> {
        std::fs::read_to_string(self.root.join(file))
            .map_err(|error| Stop::new(format!("{file} cannot be read: {error}")))
    }
}
