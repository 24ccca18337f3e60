//! Every function and operator. Evidence: first and second derivatives from tables, in other forms
//! than the symbolic ones; and central differences of the compiled value.

use adagrad_lab::expression::compile;
use proptest::prelude::*;

/// A function of x as typed, its g, g′ and g″ by hand, and where these are far from poles.
type Case = (&'static str, fn(f64) -> [f64; 3], [f64; 2]);

const CASES: [Case; 28] = [
    ("x^2", |u| [u * u, 2.0 * u, 2.0], [-5.0, 5.0]),
    (
        "x^5",
        |u| [u.powi(5), 5.0 * u.powi(4), 20.0 * u.powi(3)],
        [-3.0, 3.0],
    ),
    (
        "x^2.5",
        |u| [u.powf(2.5), 2.5 * u.powf(1.5), 3.75 * u.sqrt()],
        [0.1, 5.0],
    ),
    (
        "x^-3",
        |u| [u.powi(-3), -3.0 * u.powi(-4), 12.0 * u.powi(-5)],
        [-3.0, -0.3],
    ),
    (
        "2^x",
        |u| [u.exp2(), LN_2 * u.exp2(), LN_2 * LN_2 * u.exp2()],
        [-5.0, 5.0],
    ),
    ("x^x", x_to_the_x, [0.1, 4.0]),
    (
        "1/x",
        |u| [u.recip(), -u.powi(-2), 2.0 * u.powi(-3)],
        [0.2, 5.0],
    ),
    ("x/(1+x^2)", fraction, [-5.0, 5.0]),
    (
        "sqrt(x)",
        |u| [u.powf(0.5), 0.5 * u.powf(-0.5), -0.25 * u.powf(-1.5)],
        [0.1, 9.0],
    ),
    ("exp(x)", |u| [u.exp(), u.exp(), u.exp()], [-5.0, 5.0]),
    ("exp(-x²/2)", bell, [-4.0, 4.0]),
    ("ln(x)", |u| [u.ln(), 1.0 / u, -1.0 / (u * u)], [0.1, 9.0]),
    (
        "log2(x)",
        |u| [u.ln() / LN_2, 1.0 / (u * LN_2), -1.0 / (u * u * LN_2)],
        [0.1, 9.0],
    ),
    (
        "log10(x)",
        |u| [u.ln() / LN_10, 1.0 / (u * LN_10), -1.0 / (u * u * LN_10)],
        [0.1, 9.0],
    ),
    ("sin(x)", |u| [u.sin(), u.cos(), -u.sin()], [-9.0, 9.0]),
    ("cos(x)", |u| [u.cos(), -u.sin(), -u.cos()], [-9.0, 9.0]),
    ("tan(x)", tangent, [-1.3, 1.3]),
    (
        "asin(x)",
        |u| [u.asin(), root(u).recip(), u / root(u).powi(3)],
        [-0.9, 0.9],
    ),
    (
        "acos(x)",
        |u| [u.acos(), -root(u).recip(), -u / root(u).powi(3)],
        [-0.9, 0.9],
    ),
    (
        "atan(x)",
        |u| [u.atan(), bowl(u).recip(), -2.0 * u / bowl(u).powi(2)],
        [-5.0, 5.0],
    ),
    ("sinh(x)", |u| [u.sinh(), u.cosh(), u.sinh()], [-4.0, 4.0]),
    ("cosh(x)", |u| [u.cosh(), u.sinh(), u.cosh()], [-4.0, 4.0]),
    ("tanh(x)", tangent_hyperbolic, [-3.0, 3.0]),
    ("abs(x)", |u| [-u, -1.0, 0.0], [-5.0, -0.1]),
    ("sign(x)", |_| [1.0, 0.0, 0.0], [0.1, 5.0]),
    ("max(x, x²)", |u| [u * u, 2.0 * u, 2.0], [1.1, 5.0]),
    ("min(x, x²)", |u| [u, 1.0, 0.0], [1.1, 5.0]),
    ("-x", |u| [-u, -1.0, 0.0], [-5.0, 5.0]),
];

use std::f64::consts::{LN_2, LN_10};

/// √(1 − u²) from its factors.
fn root(u: f64) -> f64 {
    ((1.0 - u) * (1.0 + u)).sqrt()
}

fn bowl(u: f64) -> f64 {
    1.0 + u * u
}

fn x_to_the_x(u: f64) -> [f64; 3] {
    let (value, slope) = ((u * u.ln()).exp(), 1.0 + u.ln());
    [value, value * slope, value * (slope * slope + 1.0 / u)]
}

fn fraction(u: f64) -> [f64; 3] {
    let b = bowl(u);
    [
        u / b,
        (1.0 - u * u) / (b * b),
        2.0 * u * (u * u - 3.0) / b.powi(3),
    ]
}

fn bell(u: f64) -> [f64; 3] {
    let value = (-0.5 * u * u).exp();
    [value, -u * value, (u * u - 1.0) * value]
}

fn tangent(u: f64) -> [f64; 3] {
    let t = u.sin() / u.cos();
    [t, 1.0 + t * t, 2.0 * t * (1.0 + t * t)]
}

fn tangent_hyperbolic(u: f64) -> [f64; 3] {
    [
        u.tanh(),
        u.cosh().powi(-2),
        -2.0 * u.sinh() / u.cosh().powi(3),
    ]
}

/// The same text with `y` for `x`: on the other coordinate everything is the same.
fn in_y(source: &str) -> String {
    source
        .replace("exp", "E")
        .replace("max", "M")
        .replace('x', "y")
        .replace('E', "exp")
        .replace('M', "max")
}

proptest! {
    #[test]
    fn derivatives_from_tables(share in 0.0..1.0) {
        for (source, table, [from, to]) in CASES {
            let u = from + share * (to - from);
            let expected = table(u);
            let along_x = compile(source).unwrap();
            let along_y = compile(&in_y(source)).unwrap();
            let x = [u, 0.0];
            let got_x = [along_x.value(x), along_x.gradient(x)[0], along_x.hessian(x)[0][0]];
            let y = [0.0, u];
            let got_y = [along_y.value(y), along_y.gradient(y)[1], along_y.hessian(y)[1][1]];
            prop_assert_eq!(got_x, got_y, "{}", source);
            // The other coordinate takes no part.
            prop_assert_eq!(along_x.gradient(x)[1], 0.0);
            prop_assert_eq!(along_x.hessian(x)[0][1], 0.0);
            prop_assert_eq!(along_y.hessian(y)[0][1], 0.0);
            for (got, expected) in got_x.into_iter().zip(expected) {
                // Up to cancellation, such as 1 − tanh², which at 3 costs two digits.
                let size = expected.abs().max(1e-2);
                prop_assert!((got - expected).abs() <= 1e-12 * size, "{source} at {u}: {got}, {expected}");
            }
        }
    }

    #[test]
    fn central_differences(x in [0.3..1.2, 0.3..1.2]) {
        // Smooth on the square, of magnitudes around 1, so that a step of 1e-4 leaves about 1e-8 of
        // curvature and 1e-12 of rounding. 1e-6 is a hundred times the former.
        let step = 1e-4;
        for source in [
            "x1^x2",
            "x1^(x1*x2)",
            "(x1+x2)^(x1-x2)",
            "pow(x1, 2.5) / sqrt(x2)",
            "atan(x1/x2)",
            "exp(-x1^2-x2^2) * (x1-x2)",
            "ln(1+exp(x1-2*x2))",
            "log2(x1+x2) - log10(x1*x2+1)",
            "sin(x1*x2)*cos(x1+x2)",
            "tan(x1/(1+x2))",
            "asin(x1*x2/2) + acos(x1/2)",
            "sinh(x1-x2)/cosh(x1*x2)",
            "tanh(x1-x2)^3",
            "abs(x1*x2)*max(x1+2, x2)*min(x1, x2+2)",
            "1/(1+x1^2+x2^2)",
            "-20*exp(-0.2*sqrt(0.5*(x1^2+x2^2))) - exp(0.5*(cos(x1)+cos(x2)))",
        ] {
            let program = compile(source).unwrap();
            let [[h11, h12], [h21, h22]] = program.hessian(x);
            let analytic = [program.gradient(x), [h11, h12], [h21, h22]];
            let quantities: [&dyn Fn([f64; 2]) -> f64; 3] = [
                &|x| program.value(x),
                &|x| program.gradient(x)[0],
                &|x| program.gradient(x)[1],
            ];
            for (quantity, analytic) in quantities.into_iter().zip(analytic) {
                let [x1, x2] = x;
                let differences = [
                    quantity([x1 + step, x2]) - quantity([x1 - step, x2]),
                    quantity([x1, x2 + step]) - quantity([x1, x2 - step]),
                ];
                for (difference, analytic) in differences.into_iter().zip(analytic) {
                    let slope = difference / (2.0 * step);
                    let tolerance = 1e-6 * analytic.abs().max(1.0);
                    prop_assert!((slope - analytic).abs() <= tolerance, "{source} at {x:?}: {slope}, {analytic}");
                }
            }
        }
    }
}
