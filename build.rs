//! Has the library exmex differentiate every operation of a typed function, once and here: in the
//! browser it would bring a regular-expression engine with it, three times the size of all else that
//! makes a typed function, to say the same on every page.

use std::path::Path;
use std::{env, fs};

use exmex::{DeepEx, Differentiate, ExResult, Express};

/// Each operation on `a` (and `b`), named as in `objective::Operation`, as a text for exmex.
///
/// `s` stands for what is constant almost everywhere, see `weight()` in `src/expression/rules.rs`:
/// exmex has no derivatives of |a|, sign, minimum and maximum, but these are linear in a and b
/// wherever they have any.
const OPERATIONS: [(&str, &str); 24] = [
    ("Add", "a+b"),
    ("Subtract", "a-b"),
    ("Multiply", "a*b"),
    ("Divide", "a/b"),
    ("Power", "a^b"),
    ("Minimum", "s*a+(1-s)*b"),
    ("Maximum", "s*a+(1-s)*b"),
    ("Negate", "-a"),
    ("Absolute", "s*a"),
    ("Sign", "s"),
    ("SquareRoot", "sqrt(a)"),
    ("Exponential", "exp(a)"),
    ("Logarithm", "ln(a)"),
    ("Logarithm2", "log2(a)"),
    ("Logarithm10", "log10(a)"),
    ("Sine", "sin(a)"),
    ("Cosine", "cos(a)"),
    ("Tangent", "tan(a)"),
    ("ArcSine", "asin(a)"),
    ("ArcCosine", "acos(a)"),
    ("ArcTangent", "atan(a)"),
    ("HyperbolicSine", "sinh(a)"),
    ("HyperbolicCosine", "cosh(a)"),
    ("HyperbolicTangent", "tanh(a)"),
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    let mut arms = String::new();
    for (operation, text) in OPERATIONS {
        let [of_a, of_b] = [partial(text, "a")?, partial(text, "b")?];
        arms += &format!("        Operation::{operation} => Some([{of_a:?}, {of_b:?}]),\n");
    }
    let code = format!(
        "pub(super) fn partials(operation: Operation) -> Option<Partials> {{\n    \
         match operation {{\n{arms}        _ => None,\n    }}\n}}\n"
    );
    let folder = env::var("OUT_DIR")?;
    fs::write(Path::new(&folder).join("partials.rs"), code)?;
    Ok(())
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
