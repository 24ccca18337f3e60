//! How a text is read, as a reader sees it. Evidence: the grammar's precedence, by hand.

use adagrad_lab::expression::mathml;

/// The reading in one line: fractions and powers in braces.
fn read(source: &str) -> String {
    let markup = mathml(source).unwrap();
    let marked = markup
        .replace("<mfrac>", "{")
        .replace("</mfrac>", "}")
        .replace("<msup>", "[")
        .replace("</msup>", "]");
    let marked = marked
        .replace("<msub><mi>x</mi><mn>1</mn></msub>", "x₁")
        .replace("<msub><mi>x</mi><mn>2</mn></msub>", "x₂")
        .replace("</mrow><mrow>", " ");
    let mut inside = false;
    let text = |c: &char| match c {
        '<' => {
            inside = true;
            false
        }
        '>' => {
            inside = false;
            false
        }
        _ => !inside,
    };
    marked.chars().filter(text).collect()
}

#[test]
fn precedence_and_what_stands_side_by_side_are_seen() {
    for (source, reading) in [
        ("1/2x1", "{1 2}·x₁"),
        ("1/(2x1)", "{1 2·x₁}"),
        ("2(x1+1)", "2·(x₁+1)"),
        ("x y", "x₁·x₂"),
        ("-x1^2", "−[x₁ 2]"),
        ("(-x1)^2", "[(−x₁) 2]"),
        ("x1^2^3", "[x₁ [2 3]]"),
        ("(x1^2)^3", "[([x₁ 2]) 3]"),
        ("e^-x1^2", "[e −[x₁ 2]]"),
        ("2^-1x", "[2 −1]·x₁"),
        ("x1 - (x2 - 1)", "x₁−(x₂−1)"),
        ("x1 - -x2", "x₁−(−x₂)"),
        ("+x1", "x₁"),
        ("x1⁻²", "[x₁ −2]"),
        ("1e-6x1", "1×10⁻⁶·x₁"),
        ("1e-6^2", "[(1×10⁻⁶) 2]"),
        ("min(x1, 2)", "min(x₁,2)"),
        ("abs(x1) + sqrt(x2)", "|x₁|+x₂"),
    ] {
        assert_eq!(read(source), reading, "{source}");
    }
}

/// `log` is ln to some readers and log₁₀ to others: what it is here is shown.
#[test]
fn the_base_of_a_logarithm_is_seen() {
    assert_eq!(read("log(x1)"), "ln(x₁)");
    assert_eq!(read("ln(x1)"), "ln(x₁)");
    assert_eq!(read("log10(x1)"), "log10(x₁)");
    assert_eq!(read("log2(x1)"), "log2(x₁)");
}

#[test]
fn what_is_no_function_has_no_reading() {
    assert!(mathml("sin x").is_err());
    assert!(mathml("x1x2").is_err());
}
