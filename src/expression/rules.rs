//! The partial derivatives of each operation, as the library exmex differentiates it.

use std::collections::HashMap;
use std::sync::LazyLock;

use exmex::{DeepEx, Differentiate, ExResult, Express};

use crate::objective::Operation;

/// The derivatives of an operation on `a` (and `b`) with respect to `a` and to `b`, as texts of
/// this module's own grammar.
pub(super) type Partials = [String; 2];

/// Each operation as a text for exmex.
///
/// `s` stands for what is constant almost everywhere, see [`weight`]: exmex has no derivatives of
/// |a|, sign, minimum and maximum, but these are linear in a and b wherever they have any.
const OPERATIONS: [(Operation, &str); 24] = [
    (Operation::Add, "a+b"),
    (Operation::Subtract, "a-b"),
    (Operation::Multiply, "a*b"),
    (Operation::Divide, "a/b"),
    (Operation::Power, "a^b"),
    (Operation::Minimum, "s*a+(1-s)*b"),
    (Operation::Maximum, "s*a+(1-s)*b"),
    (Operation::Negate, "-a"),
    (Operation::Absolute, "s*a"),
    (Operation::Sign, "s"),
    (Operation::SquareRoot, "sqrt(a)"),
    (Operation::Exponential, "exp(a)"),
    (Operation::Logarithm, "ln(a)"),
    (Operation::Logarithm2, "log2(a)"),
    (Operation::Logarithm10, "log10(a)"),
    (Operation::Sine, "sin(a)"),
    (Operation::Cosine, "cos(a)"),
    (Operation::Tangent, "tan(a)"),
    (Operation::ArcSine, "asin(a)"),
    (Operation::ArcCosine, "acos(a)"),
    (Operation::ArcTangent, "atan(a)"),
    (Operation::HyperbolicSine, "sinh(a)"),
    (Operation::HyperbolicCosine, "cosh(a)"),
    (Operation::HyperbolicTangent, "tanh(a)"),
];

/// `s` in [`OPERATIONS`]: the sign of a for |a| = s a, and for the smaller and the larger of two
/// the weight of a, which is 0 or 1 and, where both are equal, ½.
///
/// So the derivative of |a| at 0 is 0, and that of max(a, b) at a = b the mean of both sides: each
/// a subgradient, as automatic differentiation takes it.
pub(super) fn weight(operation: Operation) -> Option<&'static str> {
    match operation {
        Operation::Absolute => Some("sign(a)"),
        Operation::Minimum => Some("0.5-0.5*sign(a-b)"),
        Operation::Maximum => Some("0.5+0.5*sign(a-b)"),
        _ => None,
    }
}

/// Found once: exmex takes about a millisecond for each.
static PARTIALS: LazyLock<HashMap<Operation, Result<Partials, String>>> = LazyLock::new(|| {
    let partials = |text| -> ExResult<Partials> { Ok([partial(text, "a")?, partial(text, "b")?]) };
    OPERATIONS
        .into_iter()
        .map(|(operation, text)| {
            let partials = partials(text).map_err(|error| error.to_string());
            (operation, partials)
        })
        .collect()
});

/// The partial derivatives of `operation`.
///
/// # Errors
/// The library's own words, where it knows none.
pub(super) fn partials(operation: Operation) -> Result<&'static Partials, String> {
    match PARTIALS.get(&operation) {
        Some(Ok(partials)) => Ok(partials),
        Some(Err(reason)) => Err(reason.clone()),
        None => Err(format!("{operation:?}")),
    }
}

/// ∂`text`/∂`variable`, in parentheses where exmex writes braces around a variable's name.
fn partial(text: &'static str, variable: &str) -> ExResult<String> {
    let expression = DeepEx::<f64>::parse(text)?;
    let names = expression.var_names();
    match names.iter().position(|name| name == variable) {
        Some(index) => {
            let derivative = expression.partial(index)?;
            Ok(derivative.unparse().replace('{', "(").replace('}', ")"))
        }
        None => Ok("0".to_owned()),
    }
}
