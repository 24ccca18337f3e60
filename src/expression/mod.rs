//! A function as a reader types it → [`Program`]: its value, gradient and Hessian.
//!
//! The text is read by a grammar of its own ([`compile`] describes it), so that errors have exact
//! places and plain words. The derivatives are symbolic: the library exmex differentiates each
//! operation, the chain rule joins them, and what is computed twice is shared.
//!
//! What is typed is compiled in the engine: the page's own module does without.

mod assembly;
mod derivative;
mod error;
mod graph;
mod parser;
mod python;
mod reading;
mod rules;
mod spelling;
mod token;

use crate::objective::Program;
use graph::Graph;
use parser::Part;
use reading::Reading;

pub use error::{ExpressionError, Problem};

/// The most characters a function may have.
pub const MAX_CHARACTERS: usize = 500;

/// The most parentheses, functions, powers and signs that may stand within one another.
pub const MAX_DEPTH: usize = 64;

/// The function `source` of x₁ and x₂ with its derivatives.
///
/// - Variables: `x1`, `x2`, or `x`, `y`; also `x₁`, `x_1`.
/// - Numbers: `2`, `0.1`, `.5`, `1e-3`; decimals have a point.
/// - Constants: `pi` or `π`, `e`.
/// - Signs before an operand: `-x`, `+x`.
/// - Operators: `+`, `−`, `*`, `/`, `^` (also `-`, `·`, `×`, `÷`, `**`), and `²`, `³`, `⁻¹` …
///   `^` binds most and groups to the right; `-x^2` is −(x²).
/// - Nothing between two factors multiplies, when the second is a name or a parenthesis: `2x`,
///   `3(x+1)`, `x y`, `2 sin(x)`. It binds as `*` does: `1/2x` is x/2.
/// - Functions, always with parentheses: `sin cos tan asin acos atan` (or `arcsin` …)
///   `sinh cosh tanh exp ln log2 log10 sqrt abs sign`, and of two arguments `pow(a, b)`,
///   `min(a, b)`, `max(a, b)`. `log` is the natural logarithm, as in NumPy and PyTorch. Angles are
///   in radians.
/// - Names may be written with capitals.
/// - Characters that can only mean a plainer one, such as `∗`, `𝑥` and those of full width, are read
///   as that one; what is not seen, such as a zero-width space, is passed over.
///
/// Where a function has a kink, such as |x| at 0, its derivative is the mean of both sides; that
/// of `sign` is 0. Where f or a derivative is not finite, the program says so point by point.
///
/// # Errors
/// Where the text is no such function: the first place from the left, and what was expected.
/// Also when it is longer than [`MAX_CHARACTERS`], deeper than [`MAX_DEPTH`], or when its
/// derivatives are too long to evaluate.
pub fn compile(source: &str) -> Result<Program, ExpressionError> {
    let mut graph = Graph::default();
    let (value, _) = parsed(source, &mut graph)?;
    let mut derivative = |node, variable| derivative::derivative(&mut graph, node, variable);
    let [d1, d2] = [derivative(value, 0)?, derivative(value, 1)?];
    let hessian = [derivative(d1, 0)?, derivative(d1, 1)?, derivative(d2, 1)?];
    Ok(Program::new(
        assembly::assemble(&graph, [value; 3])?,
        assembly::assemble(&graph, [d1, d2, d2])?,
        assembly::assemble(&graph, hessian)?,
    ))
}

/// The same function as an expression of Python, of the tensors `x1` and `x2`, with `torch`
/// imported. It has the same value and, by PyTorch's differentiation, the same gradient.
///
/// # Errors
/// As [`compile`], but for what concerns derivatives.
pub fn python(source: &str) -> Result<String, ExpressionError> {
    let mut graph = Graph::default();
    let (value, _) = parsed(source, &mut graph)?;
    Ok(python::python(&graph, value))
}

/// How the text is read, as MathML: `1/2x` is a fraction times x₁, and `log` is ln.
///
/// # Errors
/// As [`python`].
pub fn mathml(source: &str) -> Result<String, ExpressionError> {
    let (_, reading) = parsed(source, &mut Graph::default())?;
    Ok(reading.mathml())
}

fn parsed(source: &str, graph: &mut Graph) -> Result<Part, ExpressionError> {
    let (x1, x2) = (graph.variable(0), graph.variable(1));
    let pi = graph.number(std::f64::consts::PI);
    let e = graph.number(std::f64::consts::E);
    let read = Reading::variable;
    let names = [
        ("x1", x1, read(1)),
        ("x2", x2, read(2)),
        ("x_1", x1, read(1)),
        ("x_2", x2, read(2)),
        ("x", x1, read(1)),
        ("y", x2, read(2)),
        ("pi", pi, Reading::constant("π")),
        ("π", pi, Reading::constant("π")),
        ("e", e, Reading::constant("e")),
    ];
    parser::parse(source, graph, &names)
}
