//! Public data sets for tests, which are no part of the repository.

use std::io::Write as _;
use std::path::{Path, PathBuf};

/// A file of the folder that `ADAGRAD_LAB_DATA` names, or `../shared/data` beside the checkout.
/// Where it is not there, none; and says on the terminal, past the test harness, that `test` was
/// skipped.
pub(super) fn read(test: &str, file: &str) -> Option<Vec<u8>> {
    let folder = std::env::var_os("ADAGRAD_LAB_DATA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data"),
        PathBuf::from,
    );
    let found = std::fs::read(folder.join(file));
    if found.is_err() {
        let message = format!("SKIPPED {test}: no {file} in ADAGRAD_LAB_DATA or ../shared/data\n");
        std::io::stderr().write_all(message.as_bytes()).unwrap();
    }
    found.ok()
}
