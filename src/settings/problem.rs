//! What was wrong with a setting, in one sentence a reader can act on.

use std::fmt;

use crate::character::shown;

/// A setting that was not taken as given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The parameter's query name.
    pub name: String,
    /// What was given, at most [`LONGEST_QUOTE`] characters of it; what is not seen
    /// by its code point.
    pub given: String,
    /// What would have been allowed, as a noun phrase.
    pub allowed: String,
    /// What is in force instead.
    pub used: String,
}

/// How many characters of what was given a [`Problem`] repeats.
pub const LONGEST_QUOTE: usize = 40;

impl Problem {
    pub(crate) fn new(name: &str, given: &str, allowed: String, used: String) -> Self {
        Self {
            name: name.to_owned(),
            given: cut(given),
            allowed,
            used,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            name,
            given,
            allowed,
            used,
        } = self;
        write!(
            f,
            "{name} cannot be “{given}”: allowed is {allowed}; {used} is used."
        )
    }
}

impl std::error::Error for Problem {}

/// The first [`LONGEST_QUOTE`] characters, and an ellipsis where there were more; what is not seen
/// by its code point.
pub(crate) fn cut(text: &str) -> String {
    let text = &shown(text);
    match text.char_indices().nth(LONGEST_QUOTE) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
