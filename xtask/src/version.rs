//! Versions as tools print them.

use std::fmt;

/// Three numbers, compared in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Version {
    pub(crate) major: u32,
    pub(crate) minor: u32,
    pub(crate) patch: u32,
}

impl Version {
    /// The first version in a line such as `rustc 1.95.0 (59807616e 2026-04-14)` or `v20.20.2`.
    /// A missing last number counts as 0, as in `rust-version = "1.95"`.
    pub(crate) fn find_in(line: &str) -> Option<Self> {
        line.split(|c: char| c.is_whitespace() || c == '"')
            .find_map(Self::from_word)
    }

    fn from_word(word: &str) -> Option<Self> {
        let word = word.strip_prefix('v').unwrap_or(word);
        // `-nightly`, `+dfsg1` and the like follow the numbers.
        let numbers = word.split(['-', '+', '~']).next()?;
        let mut numbers = numbers.split('.').map(str::parse::<u32>);
        let major = numbers.next()?.ok()?;
        let minor = numbers.next()?.ok()?;
        let patch = match numbers.next() {
            None => 0,
            Some(patch) => patch.ok()?,
        };
        numbers.next().is_none().then_some(Self {
            major,
            minor,
            patch,
        })
    }
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(major: u32, minor: u32, patch: u32) -> Option<Version> {
        Some(Version {
            major,
            minor,
            patch,
        })
    }

    #[test]
    fn versions_are_found_in_what_the_tools_print() {
        for (line, expected) in [
            ("rustc 1.95.0 (59807616e 2026-04-14)", version(1, 95, 0)),
            ("rustc 1.97.0-nightly (abc 2026-05-01)", version(1, 97, 0)),
            ("trunk 0.21.14", version(0, 21, 14)),
            ("v20.20.2", version(20, 20, 2)),
            ("rust-version = \"1.95\"", version(1, 95, 0)),
            ("wasm-bindgen 0.2.130", version(0, 2, 130)),
            ("Chromium 156.0.8078.79 built on Debian", None),
            ("no version here", None),
        ] {
            assert_eq!(Version::find_in(line), expected, "{line}");
        }
    }

    #[test]
    fn later_is_greater() {
        assert!(version(1, 96, 0) > version(1, 95, 9));
        assert!(version(0, 21, 14) > version(0, 21, 9));
    }
}
