//! What every text about a race keeps to, whatever the numbers are: for tests.

use proptest::prelude::*;

/// Numbers as no race should have them, and some that it has.
pub(super) fn hostile() -> impl Strategy<Value = f64> {
    let odd = [
        f64::NAN,
        f64::INFINITY,
        f64::NEG_INFINITY,
        0.0,
        -0.0,
        1.0,
        std::f64::consts::LN_2,
        f64::MIN_POSITIVE,
        f64::MAX,
        1e-300,
    ];
    prop_oneof![prop::sample::select(odd.to_vec()), any::<f64>(), 0.0..2.0]
}

/// No number that is none, no doubled sign or blank, no empty name, no missing end.
pub(super) fn assert_is_plain(text: &str) {
    let lower = text.to_lowercase();
    for wrong in [
        "nan",
        "not a number",
        "∞",
        "--",
        "−−",
        "++",
        "  ",
        "..",
        " .",
        " ,",
        ",,",
        "()",
        "( ",
    ] {
        assert!(!lower.contains(wrong), "{wrong:?} in {text:?}");
    }
    let mut words = lower.split(|letter: char| !letter.is_alphanumeric());
    assert!(
        words.all(|word| word != "inf" && word != "none"),
        "{text:?}"
    );
    assert!(text.ends_with('.') && text == text.trim(), "{text:?}");
}
