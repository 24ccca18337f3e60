//! What is understood. Evidence: the same function written out.

use adagrad_lab::expression::compile;

fn value(source: &str, x: [f64; 2]) -> f64 {
    compile(source).unwrap().value(x)
}

#[test]
fn spellings_of_the_same_function() {
    for (written, plain) in [
        ("x + y", "x1 + x2"),
        ("x₁ − x₂", "x1 - x2"),
        ("x_1·x_2", "x1*x2"),
        ("x1 × x2 ÷ 3", "x1 * x2 / 3"),
        ("x1**2", "x1^2"),
        ("x₁² + x₂³", "x1^2 + x2^3"),
        ("x⁻¹ + y¹⁰", "1/x + y^10"),
        ("X1 + SIN(Y)", "x1 + sin(x2)"),
        ("π y", "pi*x2"),
        ("log(x)", "ln(x)"),
        ("pow(x, y)", "x^y"),
        (
            "arcsin(x/9) + arccos(x/9) + arctan(x)",
            "asin(x/9) + acos(x/9) + atan(x)",
        ),
        ("sgn(x)", "sign(x)"),
        (".5x + 2.", "0.5*x + 2"),
        ("1e-1x + 2E+1 + 1e−2", "0.1*x + 20 + 0.01"),
        // Nothing between two factors.
        ("2x", "2*x"),
        ("3(x+1)", "3*(x+1)"),
        ("(x+1)(y-1)", "(x+1)*(y-1)"),
        ("2 sin(x) cos(y)", "2*sin(x)*cos(y)"),
        ("x(1+y)", "x*(1+y)"),
        ("2e", "2*e"),
        ("2exp(x)", "2*exp(x)"),
        ("2e-x", "2*e - x"),
        ("1/2x", "(1/2)*x"),
        ("2x^2y", "2*(x^2)*y"),
        // Order and grouping.
        ("-x^2", "-(x^2)"),
        ("-x²", "-(x^2)"),
        ("2^3^2", "2^9"),
        ("2^-x", "1/2^x"),
        ("x^-2", "1/(x^2)"),
        ("2*-x", "-2*x"),
        ("--x", "x"),
        ("x - y - 1", "(x - y) - 1"),
        ("x / y / 2", "(x / y) / 2"),
        ("x - y + 1", "(x - y) + 1"),
        ("x / y * 2", "(x / y) * 2"),
        ("x²^y", "(x^2)^y"),
        ("  x\t+\u{a0}y ", "x+y"),
        ("+x + +y", "x + y"),
        ("2*+x - +y", "2*x - y"),
        ("+x^2", "x^2"),
        ("-+-x", "x"),
        // Characters that can only mean these.
        ("x1 ∗ x2", "x1*x2"),
        ("x1∙x2 + x1•x2", "2*x1*x2"),
        ("𝑥1 + 𝒙𝟏 + 𝗒", "2*x1 + x2"),
        (
            "\u{feff}x\u{200b}1\u{2060} + s\u{ad}in(x\u{200d}2)",
            "x1 + sin(x2)",
        ),
        ("x1\u{a0}\u{2009}+\u{202f}x2\u{3000}", "x1+x2"),
        ("ｘ１＋２＊（ｘ２－１）", "x1+2*(x2-1)"),
        ("х1 + ехр(у)", "x1 + exp(x2)"),
        ("x1—x2 – 1 ‐ 2", "x1-x2-1-2"),
        ("x1∕2 + x2⁄4", "x1/2 + x2/4"),
        ("x1\u{2062}x2", "x1*x2"),
        ("𝜋 x1 + ℯ", "pi*x1 + e"),
        ("½x1 + ¼x2 + ¾", "0.5*x1 + 0.25*x2 + 0.75"),
        ("x1ˆ2", "x1^2"),
    ] {
        let x = [1.75, 0.625];
        let (written_value, plain_value) = (value(written, x), value(plain, x));
        assert!(plain_value.is_finite(), "{plain}");
        assert!(
            (written_value - plain_value).abs() <= 1e-15 * plain_value.abs(),
            "{written}: {written_value}, {plain}: {plain_value}"
        );
    }
}

#[test]
fn values_by_hand() {
    for (source, expected) in [
        ("2^3^2", 512.0),
        ("-2^2", -4.0),
        ("log10(1000) + log2(8)", 6.0),
        ("log(e)", 1.0),
        ("sin(pi/2)", 1.0),
        ("min(3, 2) + max(3, 2)", 5.0),
        ("abs(-3) + sign(-3) + sign(0)", 2.0),
        ("x^2 + 10y", 34.0),
        ("1/2x", 1.0),
    ] {
        // At (2, 3). Two units in the last digit, which log10 may take on some machines.
        let got = value(source, [2.0, 3.0]);
        assert!(
            (got - expected).abs() <= 4e-16 * expected.abs(),
            "{source}: {got}"
        );
    }
}

#[test]
fn what_has_no_finite_value_says_so_and_only_there() {
    let everything = |source: &str, x| {
        let program = compile(source).unwrap();
        let [g1, g2] = program.gradient(x);
        let [[h11, h12], [_, h22]] = program.hessian(x);
        [program.value(x), g1, g2, h11, h12, h22]
    };
    for (source, outside, inside) in [
        ("ln(x)", [-1.0, 0.0], [1.0, 0.0]),
        ("sqrt(1 - x^2 - y^2)", [1.0, 1.0], [0.5, 0.5]),
        ("1/(x-y)", [1.0, 1.0], [1.0, 2.0]),
        ("asin(x)", [2.0, 0.0], [0.5, 0.0]),
        ("x^0.5", [-1.0, 0.0], [1.0, 0.0]),
        ("x^y", [-1.0, 0.5], [1.0, 0.5]),
        ("exp(x)", [1000.0, 0.0], [1.0, 0.0]),
        ("0*ln(x)", [-1.0, 0.0], [1.0, 0.0]),
        ("max(ln(x), 0)", [-1.0, 0.0], [1.0, 0.0]),
    ] {
        let [value, ..] = everything(source, outside);
        assert!(!value.is_finite(), "{source}: {value}");
        let all = everything(source, inside);
        assert!(all.into_iter().all(f64::is_finite), "{source}: {all:?}");
    }
    assert!(value("sqrt(-1)", [0.0, 0.0]).is_nan());
}

#[test]
fn powers_of_negative_numbers_differentiate() {
    // By hand, at x = −2: a rule through ln x would give no number.
    for (source, [value, first, second]) in [
        ("x^2", [4.0, -4.0, 2.0]),
        ("x^3", [-8.0, 12.0, -12.0]),
        ("x^-1", [-0.5, -0.25, -0.25]),
        ("x^1", [-2.0, 1.0, 0.0]),
        ("x^0", [1.0, 0.0, 0.0]),
        ("x^(5-2)", [-8.0, 12.0, -12.0]),
        ("x^101 / 2^101", [-1.0, 50.5, -2525.0]),
    ] {
        let program = compile(source).unwrap();
        let x = [-2.0, 0.0];
        assert_eq!(program.value(x), value, "{source}");
        assert_eq!(program.gradient(x), [first, 0.0], "{source}");
        assert_eq!(program.hessian(x), [[second, 0.0], [0.0, 0.0]], "{source}");
    }
    // Both in one: along x the exponent is a whole number.
    let [along_x, along_y] = compile("x^y").unwrap().gradient([-2.0, 3.0]);
    assert_eq!(along_x, 12.0);
    assert!(along_y.is_nan());
    // Where products have a zero factor, or a power the base 0.
    let product = compile("x(x-1)(x-2)(x-3)(x-4)(x-5)(x-6)(x-7)(x-8)(x-9)(x-10)(x-11)").unwrap();
    assert_eq!(product.gradient([0.0, 0.0]), [-39_916_800.0, 0.0]); // −11!
    assert_eq!(compile("x^2 y").unwrap().gradient([0.0, 3.0]), [0.0, 0.0]);
    assert_eq!(compile("x^2").unwrap().hessian([0.0, 0.0])[0][0], 2.0);
}

#[test]
fn a_kink_has_the_mean_of_both_sides() {
    let gradient = |source, x| compile(source).unwrap().gradient([x, 0.0])[0];
    for (source, below, at, above) in [
        ("abs(x)", -1.0, 0.0, 1.0),
        ("max(x, 0)", 0.0, 0.5, 1.0),
        ("min(x, 3x)", 3.0, 2.0, 1.0),
        ("sign(x)", 0.0, 0.0, 0.0),
    ] {
        let gradients = [-2.0, 0.0, 2.0].map(|x| gradient(source, x));
        assert_eq!(gradients, [below, at, above], "{source}");
    }
    assert_eq!(
        compile("abs(x)^3").unwrap().hessian([-2.0, 0.0])[0][0],
        12.0
    );
}
