//! Typical mistakes. Evidence: positions counted by hand.

use adagrad_lab::character::is_invisible;
use adagrad_lab::expression::{MAX_CHARACTERS, MAX_DEPTH, Problem, compile};

#[test]
fn say_where_and_what_was_expected() {
    let operand = "a number, x1, x2, a function or '('";
    for (source, position, length, expected, found) in [
        ("", 0, 0, operand, "the end"),
        ("   ", 3, 0, operand, "the end"),
        ("2*", 2, 0, operand, "the end"),
        ("x1^", 3, 0, operand, "the end"),
        ("x1 + * x2", 5, 1, operand, "'*'"),
        ("x1^^2", 3, 1, operand, "'^'"),
        ("*x1", 0, 1, operand, "'*'"),
        ("x1 (", 4, 0, operand, "the end"),
        ("()", 1, 1, operand, "')'"),
        ("x3", 0, 2, operand, "'x3'"),
        ("2 + foo(x)", 4, 3, operand, "'foo'"),
        ("x1x2", 0, 4, operand, "'x1x2'"),
        ("x+²", 2, 1, operand, "a raised number"),
        ("sin x", 4, 1, "'(' after sin", "'x'"),
        ("sin²(x)", 3, 1, "'(' after sin", "a raised number"),
        ("(x1", 3, 0, "an operator or ')'", "the end"),
        (
            "sin(x,y)",
            5,
            1,
            "an operator or ')'",
            "',' (decimals have a point)",
        ),
        ("pow(x)", 5, 1, "an operator or ',' in pow", "')'"),
        ("max(x,y", 7, 0, "an operator or ')'", "the end"),
        ("x1)", 2, 1, "an operator or the end", "')'"),
        (
            "1,5*x",
            1,
            1,
            "an operator or the end",
            "',' (decimals have a point)",
        ),
        ("x 2", 2, 1, "an operator or the end", "a number"),
        ("1.2.3", 3, 2, "an operator or the end", "a number"),
        (
            "−x²·$",
            4,
            1,
            "a number, a name, an operator or a parenthesis",
            "'$'",
        ),
        (
            "x = 2",
            2,
            1,
            "a number, a name, an operator or a parenthesis",
            "'='",
        ),
        ("3 + .", 4, 1, "a digit beside the decimal point", "'.'"),
        (
            "x⁻",
            1,
            1,
            "a raised digit after the raised minus",
            "'⁻' (U+207B)",
        ),
        // Places are those of the text as typed.
        ("x\u{200b}1 + foo", 6, 3, operand, "'foo'"),
        (
            "𝑥1 + \u{2060}$",
            6,
            1,
            "a number, a name, an operator or a parenthesis",
            "'$'",
        ),
        (
            "x1 + “a”",
            5,
            1,
            "a number, a name, an operator or a parenthesis",
            "'“' (U+201C)",
        ),
        (
            "x1\u{7}",
            2,
            1,
            "a number, a name, an operator or a parenthesis",
            "U+0007 (a character that is not seen)",
        ),
        (
            "x1\u{301}",
            2,
            1,
            "a number, a name, an operator or a parenthesis",
            "U+0301 (a character that is not seen)",
        ),
        ("λ + 1", 0, 1, operand, "'λ' (U+03BB)"),
        ("2 + жx", 4, 2, operand, "'жx' with 'ж' (U+0436)"),
        (
            "x’",
            1,
            1,
            "a number, a name, an operator or a parenthesis",
            "'’' (U+2019)",
        ),
    ] {
        let error = compile(source).unwrap_err();
        assert_eq!(
            (error.position, error.length),
            (position, length),
            "{source:?}"
        );
        let (expected, found) = (expected.to_owned(), found.to_owned());
        let unexpected = Problem::Unexpected { expected, found };
        assert_eq!(error.problem, unexpected, "{source:?}");
    }
}

#[test]
fn read_as_one_sentence_with_positions_from_one() {
    for (source, sentence) in [
        (
            "2*(x1+)",
            "at 7: expected a number, x1, x2, a function or '(' but found ')'",
        ),
        ("x*1e999", "at 3: expected a number below 1.8e308"),
        (
            "x^⁹",
            "at 3: expected a number, x1, x2, a function or '(' but found a raised number",
        ),
    ] {
        assert_eq!(compile(source).unwrap_err().to_string(), sentence);
    }
}

#[test]
fn the_leftmost_mistake_is_told() {
    // The unknown sign is met first by the tokenizer, which reads ahead.
    assert_eq!(compile("sin x + $").unwrap_err().position, 4);
    assert_eq!(compile("$ + sin x").unwrap_err().position, 0);
}

#[test]
fn length_and_depth_are_bounded() {
    let longest = "1".repeat(250) + "+x".repeat(125).as_str();
    assert_eq!(longest.len(), MAX_CHARACTERS);
    assert!(compile(&longest).is_ok());
    let error = compile(&(longest + " ")).unwrap_err();
    assert_eq!((error.position, error.problem), (500, Problem::TooLong));

    let nested = |open: &str, depth, close: &str| {
        compile(&(open.repeat(depth) + "x" + close.repeat(depth).as_str()))
    };
    for (open, close) in [("(", ")"), ("-", ""), ("sin(", ")"), ("2^", "")] {
        assert!(nested(open, MAX_DEPTH, close).is_ok(), "{open}");
        let error = nested(open, MAX_DEPTH + 1, close).unwrap_err();
        assert_eq!(error.problem, Problem::TooDeep, "{open}");
        assert_eq!(error.position, open.len() * (MAX_DEPTH + 1), "{open}");
    }
    // Side by side is not within one another.
    assert!(compile(&"(x)".repeat(MAX_DEPTH + 1)).is_ok());
}

#[test]
fn what_needs_more_registers_than_there_are_is_refused_not_cut() {
    let factors: String = (2..40).map(|k| format!("/tan({k}x y)")).collect();
    let error = compile(&("x".to_owned() + &factors)).unwrap_err();
    assert_eq!(error.problem, Problem::DerivativesTooLong);
}

/// Evidence: a reader cannot see what a message then points at.
#[test]
fn no_message_has_a_character_that_is_not_seen() {
    let odd = (0..=0x2ffff_u32).filter_map(char::from_u32);
    for c in odd.filter(|&c| is_invisible(c)) {
        for source in [
            format!("x1 + {c}"),
            format!("x1{c}x2"),
            format!("{c}$"),
            format!("x{c}y$"),
        ] {
            if let Err(error) = compile(&source) {
                let said = error.to_string();
                assert!(!said.chars().any(is_invisible), "{said:?}");
            }
        }
    }
}
