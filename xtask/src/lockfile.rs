//! The versions the repository pins: read from its files, so that they stand in one place only.

/// The version of a package in `Cargo.lock`.
pub(crate) fn cargo_lock_version<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines();
    lines.find(|line| *line == name)?;
    quoted_value(lines.next()?, "version")
}

/// The least Rust version the workspace asks for, from its `Cargo.toml`.
pub(crate) fn rust_version(manifest: &str) -> Option<&str> {
    manifest
        .lines()
        .find_map(|line| quoted_value(line, "rust-version"))
}

fn quoted_value<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    line.strip_prefix(key)?
        .trim_start()
        .strip_prefix('=')?
        .trim()
        .strip_prefix('"')?
        .strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = "\
[[package]]
name = \"wasm-bindgen-shared\"
version = \"0.2.129\"

[[package]]
name = \"wasm-bindgen\"
version = \"0.2.130\"
source = \"registry+https://github.com/rust-lang/crates.io-index\"
";

    #[test]
    fn the_package_of_exactly_that_name_is_read() {
        assert_eq!(cargo_lock_version(LOCK, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(cargo_lock_version(LOCK, "wasm"), None);
    }

    #[test]
    fn the_workspace_says_which_rust_it_needs() {
        let manifest = "edition = \"2024\"\nrust-version = \"1.95\"\n";
        assert_eq!(rust_version(manifest), Some("1.95"));
        assert_eq!(rust_version("rust-version.workspace = true\n"), None);
    }

    #[test]
    fn the_committed_lock_file_pins_wasm_bindgen_and_names_only_crates_io() {
        let lock = include_str!("../../Cargo.lock");
        assert!(cargo_lock_version(lock, "wasm-bindgen").is_some());
        for line in lock.lines().filter(|line| line.starts_with("source")) {
            assert_eq!(
                line,
                "source = \"registry+https://github.com/rust-lang/crates.io-index\""
            );
        }
    }

    #[test]
    fn the_npm_lock_file_names_no_registry() {
        assert!(!include_str!("../../package-lock.json").contains("\"resolved\""));
    }

    /// Trunk would download another wasm-opt if the two disagreed.
    #[test]
    fn trunk_expects_the_wasm_opt_that_npm_installs() {
        let trunk = include_str!("../../Trunk.toml");
        let expected = trunk
            .lines()
            .find_map(|line| quoted_value(line, "wasm_opt"))
            .unwrap();
        let number = expected.strip_prefix("version_").unwrap();
        assert!(
            include_str!("../../package.json").contains(&format!("\"binaryen\": \"{number}.0.0\""))
        );
    }
}
