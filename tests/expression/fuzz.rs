//! Whatever is typed: an answer in bounded time, never a panic. Evidence: random texts.

use std::time::{Duration, Instant};

use adagrad_lab::expression::{MAX_CHARACTERS, compile};
use adagrad_lab::objective::Program;
use proptest::prelude::*;

/// Far above the slowest text found, 10 ms, and far below what a reader takes for a crash.
const PATIENCE: Duration = Duration::from_secs(2);

/// Whatever the numbers are, they are there.
fn evaluate(program: &Program, x: [f64; 2]) {
    let _ = (program.value(x), program.gradient(x), program.hessian(x));
}

/// Compiles, and where that succeeds evaluates, encodes and decodes.
fn survive(source: &str, x: [f64; 2]) {
    let start = Instant::now();
    let result = compile(source);
    assert!(start.elapsed() < PATIENCE, "{source:?}");
    match result {
        Ok(program) => {
            assert_eq!(
                Program::decode(&program.encode()),
                Ok(program.clone()),
                "{source:?}"
            );
            evaluate(&program, x);
        }
        Err(error) => {
            assert!(!error.to_string().is_empty());
            assert!(
                error.position + error.length <= source.chars().count(),
                "{source:?}"
            );
        }
    }
}

/// Pieces of the grammar in any order: far more often nearly right than random characters are.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "x1", "x2", "x", "y", "2", ".5", "1e9", "1e-300", "pi", "e", "+", "-", "−", "*", "/", "^",
        "**", "²", "⁻¹", "(", ")", "(", ")", ",", " ", "sin(", "ln(", "sqrt(", "tanh(", "abs(",
        "sign(", "max(", "min(", "pow(", "log10(", "0", "acos(", "x^y", "(x-1)",
    ]);
    prop::collection::vec(piece, 0..80).prop_map(|pieces| pieces.concat())
}

/// Valid by construction, with everything in it.
fn valid() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec!["x1", "x2", "3", "0.5", "0", "-1", "e", "1e200", "pi"]);
    leaf.prop_map(str::to_owned)
        .prop_recursive(12, 60, 2, |inner| {
            let functions = prop::sample::select(vec![
                "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "exp", "ln",
                "log", "log2", "log10", "sqrt", "abs", "sign", "-",
            ]);
            let infix = prop::sample::select(vec!["+", "-", "*", "/", "^", " "]);
            let prefix = prop::sample::select(vec!["min", "max", "pow"]);
            prop_oneof![
                (functions, inner.clone()).prop_map(|(name, a)| format!("{name}({a})")),
                (inner.clone(), infix, inner.clone())
                    .prop_map(|(a, sign, b)| format!("({a}){sign}({b})")),
                (prefix, inner.clone(), inner).prop_map(|(name, a, b)| format!("{name}({a},{b})")),
            ]
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn any_text(source in any::<String>(), x in any::<[f64; 2]>()) {
        survive(&source, x);
    }

    #[test]
    fn any_pieces(source in pieces(), x in any::<[f64; 2]>()) {
        survive(&source, x);
    }

    #[test]
    fn valid_expressions_compile(source in valid(), x in any::<[f64; 2]>()) {
        survive(&source, x);
        if source.len() <= MAX_CHARACTERS {
            prop_assert!(compile(&source).is_ok(), "{}: {:?}", source, compile(&source));
        }
    }

    #[test]
    fn damaged_programs_are_refused_or_run(
        source in valid(),
        damage in prop::collection::vec(any::<(prop::sample::Index, u8)>(), 1..4),
        x in any::<[f64; 2]>(),
    ) {
        let Ok(program) = compile(&source) else { return Ok(()) };
        let mut bytes = program.encode();
        for (place, byte) in damage {
            *place.get_mut(&mut bytes) = byte;
        }
        if let Ok(program) = Program::decode(&bytes) {
            evaluate(&program, x);
        }
    }
}

#[test]
fn the_nastiest_texts_fit_half_a_browser_stack() {
    let filled = |unit: &str| unit.repeat(MAX_CHARACTERS / unit.len());
    let nested = |open: &str, depth, close: &str| open.repeat(depth) + "x*y" + &close.repeat(depth);
    let texts = [
        filled("("),
        filled("-"),
        filled("x^"),
        filled("sin("),
        filled("x*"),
        filled("x^y*") + "x",
        filled("x/y+") + "x",
        nested("(x+", 64, ")^y"),
        nested("acos(", 64, ")"),
        nested("x*tan(", 55, ")"),
        nested("max(x,y*", 50, ")"),
        nested("x^y/(", 64, ")"),
        nested("pow(x,", 62, ")"),
    ];
    // WebAssembly has 1 MB of stack; as tests are built, a function takes more than there.
    let small = std::thread::Builder::new().stack_size(512 * 1024);
    let survived = small.spawn(move || texts.iter().for_each(|text| survive(text, [0.5, 1.5])));
    survived.unwrap().join().unwrap();
}
