//! How a text was read, as MathML: what it divides, raises and multiplies is to be seen.

use crate::number::significant;
use crate::objective::Operation;

/// Digits that every decimal keeps in an f64.
const DIGITS: usize = 15;

/// How strongly the last operator of a part binds.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
enum Binding {
    Sum,
    Sign,
    Product,
    Power,
    Atom,
}

/// A part of a function in MathML.
#[derive(Clone, Debug)]
pub(super) struct Reading {
    markup: String,
    binding: Binding,
}

impl Reading {
    fn new(binding: Binding, parts: &[&str]) -> Self {
        let markup = ["<mrow>", &parts.concat(), "</mrow>"].concat();
        Self { markup, binding }
    }

    /// x₁ or x₂.
    pub(super) fn variable(index: u8) -> Self {
        let markup = format!("<msub><mi>x</mi><mn>{index}</mn></msub>");
        Self::new(Binding::Atom, &[&markup])
    }

    pub(super) fn constant(symbol: &str) -> Self {
        Self::new(Binding::Atom, &["<mi>", symbol, "</mi>"])
    }

    /// A number that is not negative, or a negative exponent.
    pub(super) fn number(value: f64) -> Self {
        let text = significant(value, DIGITS);
        let (text, negative) = match text.strip_prefix('−') {
            Some(text) => (text, "<mo>−</mo>"),
            None => (text.as_str(), ""),
        };
        let binding = match (negative.is_empty(), text.contains('×')) {
            (false, _) => Binding::Sign,
            (true, true) => Binding::Product,
            (true, false) => Binding::Atom,
        };
        Self::new(binding, &[negative, "<mn>", text, "</mn>"])
    }

    /// The whole, as an element of its own.
    pub(super) fn mathml(&self) -> String {
        ["<math>", &self.markup, "</math>"].concat()
    }

    /// In parentheses, where it binds less than what it stands in.
    fn within(&self, binding: Binding) -> String {
        if self.binding < binding {
            self.in_parentheses()
        } else {
            self.markup.clone()
        }
    }

    fn in_parentheses(&self) -> String {
        ["<mrow><mo>(</mo>", &self.markup, "<mo>)</mo></mrow>"].concat()
    }

    pub(super) fn negated(&self) -> Self {
        let operand = self.within(Binding::Product);
        Self::new(Binding::Sign, &["<mo>−</mo>", &operand])
    }

    pub(super) fn binary(operation: Operation, a: Self, b: Self) -> Self {
        match operation {
            Operation::Add | Operation::Subtract => {
                let sign = if operation == Operation::Add {
                    "<mo>+</mo>"
                } else {
                    "<mo>−</mo>"
                };
                // A sign right after another is hard to read.
                let b = b.within(Binding::Product);
                Self::new(Binding::Sum, &[&a.within(Binding::Sign), sign, &b])
            }
            Operation::Multiply => {
                let b = b.within(Binding::Product);
                let a = a.within(Binding::Product);
                Self::new(Binding::Product, &[&a, "<mo>·</mo>", &b])
            }
            Operation::Divide => {
                let fraction = ["<mfrac>", &a.markup, &b.markup, "</mfrac>"];
                Self::new(Binding::Product, &fraction)
            }
            Operation::Power => {
                let base = a.within(Binding::Atom);
                Self::new(Binding::Power, &["<msup>", &base, &b.markup, "</msup>"])
            }
            _ => {
                let name = if operation == Operation::Minimum {
                    "<mi>min</mi><mo>(</mo>"
                } else {
                    "<mi>max</mi><mo>(</mo>"
                };
                let parts = [name, &a.markup, "<mo>,</mo>", &b.markup, "<mo>)</mo>"];
                Self::new(Binding::Atom, &parts)
            }
        }
    }

    pub(super) fn function(operation: Operation, of: Self) -> Self {
        let name = match operation {
            Operation::Absolute => {
                let parts = ["<mo>|</mo>", of.markup.as_str(), "<mo>|</mo>"];
                return Self::new(Binding::Atom, &parts);
            }
            Operation::SquareRoot => {
                return Self::new(Binding::Atom, &["<msqrt>", &of.markup, "</msqrt>"]);
            }
            Operation::Logarithm2 => "<msub><mi>log</mi><mn>2</mn></msub>",
            Operation::Logarithm10 => "<msub><mi>log</mi><mn>10</mn></msub>",
            Operation::Sign => "<mi>sign</mi>",
            Operation::Exponential => "<mi>exp</mi>",
            Operation::Logarithm => "<mi>ln</mi>",
            Operation::Sine => "<mi>sin</mi>",
            Operation::Cosine => "<mi>cos</mi>",
            Operation::Tangent => "<mi>tan</mi>",
            Operation::ArcSine => "<mi>arcsin</mi>",
            Operation::ArcCosine => "<mi>arccos</mi>",
            Operation::ArcTangent => "<mi>arctan</mi>",
            Operation::HyperbolicSine => "<mi>sinh</mi>",
            Operation::HyperbolicCosine => "<mi>cosh</mi>",
            Operation::HyperbolicTangent => "<mi>tanh</mi>",
            Operation::Constant
            | Operation::Add
            | Operation::Subtract
            | Operation::Multiply
            | Operation::Divide
            | Operation::Power
            | Operation::IntegerPower
            | Operation::Minimum
            | Operation::Maximum
            | Operation::Negate => "<mi>f</mi>",
        };
        Self::new(Binding::Atom, &[name, &of.in_parentheses()])
    }
}
