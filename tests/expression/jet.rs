//! Derivatives of random expressions. Evidence: the same expressions evaluated in the arithmetic
//! of second-order Taylor polynomials ("jets"), which shares nothing with the symbolic way.

use adagrad_lab::expression::compile;
use proptest::prelude::*;

/// Value, (∂₁, ∂₂) and (∂₁∂₁, ∂₁∂₂, ∂₂∂₂) at one point.
#[derive(Clone, Copy, Debug)]
struct Jet {
    value: f64,
    first: [f64; 2],
    second: [f64; 3],
}

impl Jet {
    fn constant(value: f64) -> Self {
        let (first, second) = ([0.0; 2], [0.0; 3]);
        Self {
            value,
            first,
            second,
        }
    }

    fn variable(value: f64, index: usize) -> Self {
        let mut jet = Self::constant(value);
        jet.first[index] = 1.0;
        jet
    }

    /// g(self) for a function whose value and first two derivatives here are given (Faà di Bruno);
    /// they count for the peak.
    fn through(self, [g, dg, ddg]: [f64; 3], peak: &mut f64) -> Self {
        for magnitude in [g.abs(), dg.abs(), ddg.abs()] {
            *peak = peak.max(magnitude);
        }
        let [a, b] = self.first;
        let [aa, ab, bb] = self.second;
        Self {
            value: g,
            first: [dg * a, dg * b],
            second: [
                dg * aa + ddg * a * a,
                dg * ab + ddg * a * b,
                dg * bb + ddg * b * b,
            ],
        }
    }

    fn plus(self, other: Self) -> Self {
        Self {
            value: self.value + other.value,
            first: std::array::from_fn(|i| self.first[i] + other.first[i]),
            second: std::array::from_fn(|i| self.second[i] + other.second[i]),
        }
    }

    fn scaled(self, factor: f64) -> Self {
        self.times(Self::constant(factor))
    }

    fn times(self, other: Self) -> Self {
        let ([a, b], [c, d]) = (self.first, other.first);
        let mixed = [2.0 * a * c, a * d + b * c, 2.0 * b * d];
        let (u, v) = (self.value, other.value);
        Self {
            value: u * v,
            first: std::array::from_fn(|i| self.first[i] * v + u * other.first[i]),
            second: std::array::from_fn(|i| self.second[i] * v + mixed[i] + u * other.second[i]),
        }
    }

    fn all(self) -> [f64; 6] {
        let ([a, b], [aa, ab, bb]) = (self.first, self.second);
        [self.value, a, b, aa, ab, bb]
    }

    fn largest(self) -> f64 {
        self.all().into_iter().map(f64::abs).fold(0.0, f64::max)
    }
}

#[derive(Clone, Debug)]
enum Expression {
    Number(f64),
    Variable(usize),
    Negate(Box<Self>),
    Function(&'static str, Box<Self>),
    Power(Box<Self>, i32),
    Binary(char, Box<Self>, Box<Self>),
}

/// g, g′, g″ of the functions, from tables.
fn function(name: &str, u: f64) -> [f64; 3] {
    let square = u * u;
    match name {
        "sin" => [u.sin(), u.cos(), -u.sin()],
        "cos" => [u.cos(), -u.sin(), -u.cos()],
        "exp" => [u.exp(), u.exp(), u.exp()],
        "atan" => {
            let slope = 1.0 / (1.0 + square);
            [u.atan(), slope, -2.0 * u * slope * slope]
        }
        "tanh" => {
            let slope = u.cosh().powi(-2);
            [u.tanh(), slope, -2.0 * u.tanh() * slope]
        }
        "sqrt" => [u.sqrt(), 0.5 / u.sqrt(), -0.25 * u.powf(-1.5)],
        "ln" => [u.ln(), 1.0 / u, -1.0 / square],
        "abs" => [u.abs(), u.signum(), 0.0],
        _ => unreachable!("{name}"),
    }
}

impl Expression {
    /// The jet at `x`, and the largest magnitude met on the way.
    fn jet(&self, x: [f64; 2], peak: &mut f64) -> Jet {
        let jet = match self {
            Self::Number(number) => Jet::constant(*number),
            Self::Variable(index) => Jet::variable(x[*index], *index),
            Self::Negate(inner) => inner.jet(x, peak).scaled(-1.0),
            Self::Function(name, inner) => {
                let inner = inner.jet(x, peak);
                inner.through(function(name, inner.value), peak)
            }
            Self::Power(inner, n) => {
                let inner = inner.jet(x, peak);
                let (u, n, real) = (inner.value, *n, f64::from(*n));
                let second = real * (real - 1.0) * u.powi(n - 2);
                inner.through([u.powi(n), real * u.powi(n - 1), second], peak)
            }
            Self::Binary(sign, a, b) => {
                let (a, b) = (a.jet(x, peak), b.jet(x, peak));
                match sign {
                    '+' => a.plus(b),
                    '-' => a.plus(b.scaled(-1.0)),
                    '*' => a.times(b),
                    _ => {
                        let v = b.value;
                        let inverse = [1.0 / v, -1.0 / (v * v), 2.0 / (v * v * v)];
                        a.times(b.through(inverse, peak))
                    }
                }
            }
        };
        // A vanishing denominator or a root's branch point shows in the result, too.
        *peak = peak.max(jet.largest());
        if jet.all().into_iter().any(f64::is_nan) {
            *peak = f64::INFINITY;
        }
        jet
    }

    /// With as few parentheses as the order of operations allows; binding: 0 sum, 1 product,
    /// 2 sign, 3 power, 4 operand.
    fn write(&self, binding: u8, text: &mut String) {
        let own = match self {
            Self::Binary('+' | '-', ..) => 0,
            Self::Binary(..) => 1,
            Self::Negate(_) => 2,
            Self::Power(..) => 3,
            _ => 4,
        };
        if own < binding {
            text.push('(');
            self.write(0, text);
            text.push(')');
            return;
        }
        match self {
            Self::Number(number) => text.push_str(&number.to_string()),
            Self::Variable(index) => text.push_str(["x1", "x2"][*index]),
            Self::Negate(inner) => {
                text.push('-');
                inner.write(2, text);
            }
            Self::Function(name, inner) => {
                text.push_str(name);
                text.push('(');
                inner.write(0, text);
                text.push(')');
            }
            Self::Power(inner, exponent) => {
                inner.write(4, text);
                text.push_str(&format!("^{exponent}"));
            }
            Self::Binary(sign, a, b) => {
                a.write(own, text);
                text.push(*sign);
                b.write(own + 1, text);
            }
        }
    }
}

fn expression() -> impl Strategy<Value = Expression> {
    let leaf = prop_oneof![
        1 => (1..40_u8).prop_map(|tenths| Expression::Number(f64::from(tenths) / 10.0)),
        3 => (0..2_usize).prop_map(Expression::Variable),
    ];
    let names = ["sin", "cos", "exp", "atan", "tanh", "sqrt", "ln", "abs"];
    leaf.prop_recursive(5, 24, 2, move |inner| {
        let inner = inner.prop_map(Box::new);
        prop_oneof![
            1 => inner.clone().prop_map(Expression::Negate),
            3 => (prop::sample::select(names.to_vec()), inner.clone())
                .prop_map(|(name, inner)| Expression::Function(name, inner)),
            2 => (inner.clone(), -2..6_i32)
                .prop_map(|(inner, exponent)| Expression::Power(inner, exponent)),
            6 => (prop::sample::select(vec!['+', '-', '*', '/']), inner.clone(), inner)
                .prop_map(|(sign, a, b)| Expression::Binary(sign, a, b)),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn random_expressions_differentiate_as_jets_do(
        expression in expression(),
        x in [-3.0..3.0, -3.0..3.0],
    ) {
        let mut peak = 1.0;
        let expected = expression.jet(x, &mut peak);
        // Near poles and branch points both ways lose their digits; there is nothing to compare.
        prop_assume!(peak < 1e4);
        let mut source = String::new();
        expression.write(0, &mut source);
        prop_assume!(source.len() <= adagrad_lab::expression::MAX_CHARACTERS);
        let program = compile(&source).unwrap();
        let [g1, g2] = program.gradient(x);
        let [[h11, h12], [_, h22]] = program.hessian(x);
        let got = [program.value(x), g1, g2, h11, h12, h22];
        for (got, expected) in got.into_iter().zip(expected.all()) {
            // A rounding (1e-16) of something as large as the peak is passed on through factors
            // that are at most as large again.
            prop_assert!(
                (got - expected).abs() <= 1e-13 * peak * peak,
                "{source} at {x:?}: {got}, jet {expected}, peak {peak}"
            );
        }
    }
}
