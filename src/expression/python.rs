//! A typed function as an expression of Python, over PyTorch's tensors.

use super::graph::{Graph, Node, NodeId};
use crate::objective::Operation;

/// How strongly an expression's last operator binds; in Python as in the grammar of this module.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Binding {
    Sum,
    Product,
    Sign,
    Power,
    Atom,
}

/// `node` in `x1` and `x2`, one-element tensors. Always a tensor itself, and always one that
/// depends on both: or PyTorch would have no gradient to give.
pub(super) fn python(graph: &Graph, node: NodeId) -> String {
    let (text, _) = expression(graph, node);
    match graph.number_at(node) {
        Some(_) => format!("{text} + 0 * x1"),
        None => text,
    }
}

fn expression(graph: &Graph, id: NodeId) -> (String, Binding) {
    let (operation, a, b) = match graph.node(id) {
        Node::Number(number) => return number_text(number),
        Node::Variable(index) => return (format!("x{}", index + 1), Binding::Atom),
        Node::Apply(operation, a, b) => (operation, a, b),
    };
    let (symbol, binding) = match operation {
        Operation::Add => (" + ", Binding::Sum),
        Operation::Subtract => (" - ", Binding::Sum),
        Operation::Multiply => (" * ", Binding::Product),
        Operation::Divide => (" / ", Binding::Product),
        Operation::Power => ("**", Binding::Power),
        Operation::Negate => {
            let (operand, inner) = expression(graph, a);
            return (
                ["-", &bracketed(operand, inner < Binding::Sign)].concat(),
                Binding::Sign,
            );
        }
        Operation::Minimum | Operation::Maximum => {
            let name = function(operation);
            let (a, b) = (tensor(graph, a), tensor(graph, b));
            return (format!("torch.{name}({a}, {b})"), Binding::Atom);
        }
        _ => {
            let (name, a) = (function(operation), tensor(graph, a));
            return (format!("torch.{name}({a})"), Binding::Atom);
        }
    };
    // Two numbers are still two where together they are not finite: not for Python, which would
    // raise an error, but for PyTorch.
    let both_numbers = graph.number_at(a).and(graph.number_at(b)).is_some();
    let (left, left_binding) = if both_numbers {
        (tensor(graph, a), Binding::Atom)
    } else {
        expression(graph, a)
    };
    let (right, right_binding) = expression(graph, b);
    let (left_bracketed, right_bracketed) = match binding {
        // Python's power groups to the right, and takes a sign on its right without brackets.
        Binding::Power => (left_binding <= binding, right_binding < Binding::Sign),
        _ => (left_binding < binding, right_binding <= binding),
    };
    let left = bracketed(left, left_bracketed);
    let right = bracketed(right, right_bracketed);
    ([&left, symbol, &right].concat(), binding)
}

fn bracketed(text: String, needed: bool) -> String {
    if needed {
        ["(", &text, ")"].concat()
    } else {
        text
    }
}

/// The operand of a function of PyTorch's, which takes no plain numbers.
fn tensor(graph: &Graph, id: NodeId) -> String {
    match graph.number_at(id) {
        Some(number) => format!("torch.tensor({number:?})"),
        None => expression(graph, id).0,
    }
}

/// Whole numbers without a point, others by their shortest digits.
fn number_text(number: f64) -> (String, Binding) {
    let text = if number.fract() == 0.0 && number.abs() < 1e15 {
        format!("{number}")
    } else {
        format!("{number:?}")
    };
    let binding = if text.starts_with('-') {
        Binding::Sign
    } else {
        Binding::Atom
    };
    (text, binding)
}

/// The name in PyTorch; empty for operators, which have none.
fn function(operation: Operation) -> &'static str {
    match operation {
        Operation::Minimum => "minimum",
        Operation::Maximum => "maximum",
        Operation::Absolute => "abs",
        Operation::Sign => "sign",
        Operation::SquareRoot => "sqrt",
        Operation::Exponential => "exp",
        Operation::Logarithm => "log",
        Operation::Logarithm2 => "log2",
        Operation::Logarithm10 => "log10",
        Operation::Sine => "sin",
        Operation::Cosine => "cos",
        Operation::Tangent => "tan",
        Operation::ArcSine => "asin",
        Operation::ArcCosine => "acos",
        Operation::ArcTangent => "atan",
        Operation::HyperbolicSine => "sinh",
        Operation::HyperbolicCosine => "cosh",
        Operation::HyperbolicTangent => "tanh",
        Operation::Constant
        | Operation::Add
        | Operation::Subtract
        | Operation::Multiply
        | Operation::Divide
        | Operation::Power
        | Operation::IntegerPower
        | Operation::Negate => "",
    }
}

#[cfg(test)]
mod tests {
    use crate::expression::python;

    /// By hand, with Python's rules of precedence.
    #[test]
    fn operators_keep_their_meaning() {
        for (source, expected) in [
            (
                "(1 - x)^2 + 100 (y - x²)²",
                "(1 - x1)**2 + 100 * (x2 - x1**2)**2",
            ),
            ("-x^2", "-x1**2"),
            ("(-x)^2", "(-x1)**2"),
            ("x - (y - 1)", "x1 - (x2 - 1)"),
            ("x / (2 y)", "x1 / (2 * x2)"),
            ("1/2x", "0.5 * x1"),
            ("2^x^y", "2**x1**x2"),
            ("(2^x)^y", "(2**x1)**x2"),
            ("x^-y", "x1**-x2"),
            ("x^(y+1)", "x1**(1 + x2)"),
            ("max(x, 0)", "torch.maximum(torch.tensor(0.0), x1)"),
            ("log(2x) sgn(y)", "torch.log(2 * x1) * torch.sign(x2)"),
            ("ln(0) x", "x1 * torch.log(torch.tensor(0.0))"),
            ("x/(1/0)", "x1 / (torch.tensor(1.0) / 0)"),
            ("pi x", "3.141592653589793 * x1"),
            ("3", "3 + 0 * x1"),
        ] {
            assert_eq!(python(source).unwrap(), expected, "{source}");
        }
        assert!(python("x +").is_err());
    }
}
