//! One step laid open: what each coordinate went through, written out as mathematics with its
//! numbers, and which steps of a long table to lay out.

mod chain;
mod mathml;
mod rows;

pub use chain::{WrittenStep, columns};
pub use rows::rows_to_lay_out;

/// One line of a step written out.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// What is computed, in plain words.
    pub label: &'static str,
    /// MathML Core: the parts of a chain of equations, each a `<math>` of its own, because
    /// browsers break lines between formulas and never inside one.
    pub mathml: String,
}
