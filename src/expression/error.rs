//! What is wrong with a typed function, where, and what would be right.

use std::fmt;

use super::{MAX_CHARACTERS, MAX_DEPTH};

/// Why a text is no function, and which of its characters say so.
#[derive(Clone, Debug, PartialEq)]
pub struct ExpressionError {
    /// The first character concerned, counted from 0: the text's length when something is missing
    /// at its end, 0 when the function as a whole is concerned. Everything before it was read, and
    /// lies in Unicode's basic plane: in JavaScript's strings it has the same index.
    pub position: usize,
    /// How many characters are concerned; 0 at the end of the text, and for the whole.
    pub length: usize,
    /// What is wrong.
    pub problem: Problem,
}

/// What is wrong with a typed function.
#[derive(Clone, Debug, PartialEq)]
pub enum Problem {
    /// Something else should stand here.
    Unexpected {
        /// What could, in words.
        expected: String,
        /// What does.
        found: String,
    },
    /// A number beyond the largest f64, 1.8e308.
    NumberTooLarge,
    /// More than [`MAX_CHARACTERS`].
    TooLong,
    /// More than [`MAX_DEPTH`] parentheses, functions, powers and signs within one another.
    TooDeep,
    /// A derivative has more parts to remember at a time than a program can.
    DerivativesTooLong,
    /// No derivative of that is known.
    NoDerivative(String),
}

impl ExpressionError {
    pub(super) fn new(characters: std::ops::Range<usize>, problem: Problem) -> Self {
        Self {
            position: characters.start,
            length: characters.len(),
            problem,
        }
    }
}

/// In one line, with the position counted from 1: `at 3: expected a number, x1, x2, a function or
/// "(" but found the end`.
impl fmt::Display for ExpressionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.problem.is_of_a_place() {
            write!(f, "at {}: ", self.position + 1)?;
        }
        self.problem.fmt(f)
    }
}

impl Problem {
    /// Whether some character can be pointed at.
    fn is_of_a_place(&self) -> bool {
        match self {
            Self::Unexpected { .. } | Self::NumberTooLarge | Self::TooDeep => true,
            Self::TooLong | Self::DerivativesTooLong | Self::NoDerivative(_) => false,
        }
    }
}

/// In one line, without the place.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unexpected { expected, found } => {
                write!(f, "expected {expected} but found {found}")
            }
            Self::NumberTooLarge => f.write_str("expected a number below 1.8e308"),
            Self::TooLong => write!(f, "expected at most {MAX_CHARACTERS} characters"),
            Self::TooDeep => write!(
                f,
                "expected at most {MAX_DEPTH} parentheses, functions, powers and signs within one \
                 another"
            ),
            Self::DerivativesTooLong => {
                f.write_str("expected a simpler function: its derivatives are too long")
            }
            Self::NoDerivative(operation) => {
                write!(f, "no derivative is known of {operation}")
            }
        }
    }
}

impl std::error::Error for ExpressionError {}
