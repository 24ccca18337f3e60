//! Rosenbrock, Himmelblau and Beale as typed. Evidence: the same polynomials multiplied out, and
//! differentiated term by term.

use adagrad_lab::expression::compile;
use proptest::prelude::*;

/// Σ c x₁ⁱ x₂ʲ.
#[derive(Clone)]
struct Polynomial(Vec<(f64, i32, i32)>);

impl Polynomial {
    fn plus(&self, other: &Self) -> Self {
        Self([self.0.clone(), other.0.clone()].concat())
    }

    fn times(&self, other: &Self) -> Self {
        let products = self.0.iter().flat_map(|(c, i, j)| {
            let terms = other.0.iter();
            terms.map(move |(d, k, l)| (c * d, i + k, j + l))
        });
        Self(products.collect())
    }

    fn squared(&self) -> Self {
        self.times(self)
    }

    fn along_x1(&self) -> Self {
        let terms = self.0.iter();
        Self(
            terms
                .map(|&(c, i, j)| (c * f64::from(i), i - 1, j))
                .collect(),
        )
        .without_constants_derived()
    }

    fn along_x2(&self) -> Self {
        let terms = self.0.iter();
        Self(
            terms
                .map(|&(c, i, j)| (c * f64::from(j), i, j - 1))
                .collect(),
        )
        .without_constants_derived()
    }

    fn without_constants_derived(mut self) -> Self {
        self.0.retain(|&(_, i, j)| i >= 0 && j >= 0);
        self
    }

    /// The value, and the sum of the terms' magnitudes, of which rounding takes its share.
    fn at(&self, [x1, x2]: [f64; 2]) -> (f64, f64) {
        let terms = self.0.iter().map(|&(c, i, j)| c * x1.powi(i) * x2.powi(j));
        terms.fold((0.0, 0.0), |(sum, size), term| {
            (sum + term, size + term.abs())
        })
    }
}

fn cases() -> [(&'static str, Polynomial); 3] {
    let polynomial = |terms: &[(f64, i32, i32)]| Polynomial(terms.to_vec());
    let beale =
        |constant, power| polynomial(&[(constant, 0, 0), (-1.0, 1, 0), (1.0, 1, power)]).squared();
    [
        (
            "100 (x2 − x1²)² + (1 − x1)²",
            polynomial(&[(100.0, 0, 0)])
                .times(&polynomial(&[(1.0, 0, 1), (-1.0, 2, 0)]).squared())
                .plus(&polynomial(&[(1.0, 0, 0), (-1.0, 1, 0)]).squared()),
        ),
        (
            "(x^2 + y - 11)^2 + (x + y^2 - 7)^2",
            polynomial(&[(1.0, 2, 0), (1.0, 0, 1), (-11.0, 0, 0)])
                .squared()
                .plus(&polynomial(&[(1.0, 1, 0), (1.0, 0, 2), (-7.0, 0, 0)]).squared()),
        ),
        (
            "(1.5-x1+x1*x2)^2+(2.25-x1+x1*x2^2)^2+(2.625-x1+x1*x2^3)^2",
            beale(1.5, 1).plus(&beale(2.25, 2)).plus(&beale(2.625, 3)),
        ),
    ]
}

proptest! {
    #[test]
    fn agree_with_the_same_multiplied_out(x in [-5.0..5.0, -5.0..5.0]) {
        for (source, value) in cases() {
            let program = compile(source).unwrap();
            let [[h11, h12], [h21, h22]] = program.hessian(x);
            let [g1, g2] = program.gradient(x);
            let (d1, d2) = (value.along_x1(), value.along_x2());
            for (got, polynomial) in [
                (h11, d1.along_x1()),
                (h12, d1.along_x2()),
                (h21, d2.along_x1()),
                (h22, d2.along_x2()),
                (g1, d1),
                (g2, d2),
                (program.value(x), value),
            ] {
                let (expected, size) = polynomial.at(x);
                // 1e-12 is some 5000 roundings of f64; either side takes below 100.
                prop_assert!((got - expected).abs() <= 1e-12 * size, "{source} at {x:?}: {got}, {expected}");
            }
        }
    }
}

#[test]
fn minima_are_stationary() {
    // Each known minimum, exact in f64, of the functions above.
    for ((source, _), minimum) in cases()
        .into_iter()
        .zip([[1.0, 1.0], [3.0, 2.0], [3.0, 0.5]])
    {
        let program = compile(source).unwrap();
        assert_eq!(program.value(minimum), 0.0, "{source}");
        assert_eq!(program.gradient(minimum), [0.0, 0.0], "{source}");
    }
}
