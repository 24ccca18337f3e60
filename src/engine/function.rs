//! A typed function on its way: its text to the engine, what it compiles to, or why it does not, to
//! the page.

use std::cell::RefCell;
use std::sync::Arc;

use crate::expression::{self, ExpressionError};
use crate::objective::{InvalidProgram, Program, TypedFunction};
use crate::settings::{Experiment, ObjectiveName};

/// Why a text is no function, and which of its characters say so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The first character concerned, counted from 0; see [`ExpressionError::position`].
    pub position: usize,
    /// How many characters are concerned; 0 at the end of the text, and for the whole.
    pub length: usize,
    /// What is wrong, in words, without the place: `expected … but found …`.
    pub problem: String,
}

impl Refusal {
    /// The text that crosses to the page.
    #[must_use]
    pub fn encode(&self) -> String {
        let Self {
            position,
            length,
            problem,
        } = self;
        format!("{position}\n{length}\n{problem}")
    }

    /// The refusal that `text` is; none when [`Refusal::encode`] did not write it.
    #[must_use]
    pub fn decode(text: &str) -> Option<Self> {
        let mut lines = text.splitn(3, '\n');
        Some(Self {
            position: lines.next()?.parse().ok()?,
            length: lines.next()?.parse().ok()?,
            problem: lines.next()?.to_owned(),
        })
    }
}

impl From<&ExpressionError> for Refusal {
    fn from(error: &ExpressionError) -> Self {
        Self {
            position: error.position,
            length: error.length,
            problem: error.problem.to_string(),
        }
    }
}

/// The function of that text and of the bytes that the engine compiled it to.
///
/// # Errors
/// When the bytes are no program of this version.
pub fn function_of(source: &str, bytes: &[u8]) -> Result<Arc<TypedFunction>, InvalidProgram> {
    Ok(Arc::new(TypedFunction {
        source: source.to_owned(),
        program: Program::decode(bytes)?,
    }))
}

thread_local! {
    /// The last function compiled: a page asks for maps and files of one at a time.
    static LAST: RefCell<Option<Arc<TypedFunction>>> = const { RefCell::new(None) };
}

/// The function of that text, compiled unless it was the last.
///
/// Only for the engine: the page's own module must not link the compiler.
///
/// # Errors
/// Where the text is none, and why.
pub fn compile(source: &str) -> Result<Arc<TypedFunction>, ExpressionError> {
    let known = LAST.with_borrow(|last| {
        let last = last.as_ref().filter(|last| last.source == source);
        last.map(Arc::clone)
    });
    if let Some(function) = known {
        return Ok(function);
    }
    let function = Arc::new(TypedFunction {
        source: source.to_owned(),
        program: expression::compile(source)?,
    });
    LAST.set(Some(Arc::clone(&function)));
    Ok(function)
}

/// The experiment's typed function, where that is the objective.
///
/// Only for the engine, as [`compile`].
///
/// # Errors
/// Why the text is no function, in words.
pub fn typed(
    objective: ObjectiveName,
    experiment: &Experiment,
) -> Result<Option<Arc<TypedFunction>>, String> {
    if objective != ObjectiveName::TYPED {
        return Ok(None);
    }
    let function = compile(&experiment.function).map_err(|error| error.to_string())?;
    Ok(Some(function))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_compiled_crosses_whole() {
        let source = "(1 − x)² + 100 (y − x²)²";
        let compiled = compile(source).unwrap();
        let crossed = function_of(source, &compiled.program.encode()).unwrap();
        assert_eq!(crossed, compiled);
        assert_eq!(function_of(source, &[]), Err(InvalidProgram));
        assert!(Arc::ptr_eq(&compile(source).unwrap(), &compiled), "kept");
        assert!(!Arc::ptr_eq(&compile("x").unwrap(), &compiled));
    }

    #[test]
    fn why_a_text_is_no_function_crosses_whole() {
        let error = compile("x1 + sin").unwrap_err();
        let refusal = Refusal::from(&error);
        assert_eq!(
            refusal,
            Refusal {
                position: 8,
                length: 0,
                problem: "expected '(' after sin but found the end".to_owned(),
            }
        );
        assert_eq!(Refusal::decode(&refusal.encode()), Some(refusal));
        assert_eq!(Refusal::decode("7\nwords"), None);
    }
}
