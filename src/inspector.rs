//! One step laid open: what each coordinate went through, written out as mathematics with its
//! numbers, and which steps of a long table to lay out.

mod chain;

pub use chain::{WrittenStep, columns};

use std::ops::Range;

use crate::number::significant;

/// Significant digits of every number shown.
const DIGITS: usize = 6;

/// Digits that every decimal keeps in an f64: what differs beyond them is rounding.
const FAITHFUL_DIGITS: usize = 15;

/// One line of a step written out.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// What is computed, in plain words.
    pub label: &'static str,
    /// MathML Core: the parts of a chain of equations, each a `<math>` of its own, because
    /// browsers break lines between formulas and never inside one.
    pub mathml: String,
}

/// Which of `count` rows of equal height to lay out: those in sight, with some on either side to
/// scroll into. Heights are in CSS pixels.
///
/// Both ends are multiples of eight (or the last row), so that not every pixel scrolled is work.
#[must_use]
pub fn rows_to_lay_out(
    scrolled: f64,
    viewport_height: f64,
    row_height: f64,
    count: usize,
) -> Range<usize> {
    const GROUP: usize = 8;
    // Casts saturate: a row height of 0 (not laid out yet) asks for row 0 or the last one.
    let first_in_sight = ((scrolled.max(0.0) / row_height) as usize).min(count);
    let in_sight = ((viewport_height.max(0.0) / row_height).ceil() as usize).min(MOST_ROWS);
    let first = first_in_sight.saturating_sub(GROUP) / GROUP * GROUP;
    let end = (first_in_sight + in_sight + GROUP).next_multiple_of(GROUP);
    first..end.min(count)
}

/// More rows than any screen shows; a bound for when heights are not known yet.
const MOST_ROWS: usize = 200;

fn formulas(parts: &[String]) -> String {
    let formulas: Vec<String> = parts
        .iter()
        .map(|part| format!("<math displaystyle=\"true\">{part}</math>"))
        .collect();
    formulas.join(" ")
}

/// A number in six digits: `<mn>`, with its sign and power of ten where it has them.
fn number(value: f64) -> String {
    let text = significant(value, DIGITS);
    let (negative, magnitude) = match text.strip_prefix('−') {
        Some(magnitude) => (true, magnitude),
        None => (false, text.as_str()),
    };
    let magnitude = match magnitude.split_once("×10") {
        Some((mantissa, exponent)) => {
            let power = format!("<msup>{}{}</msup>", digits("10"), raised(exponent));
            row(&[digits(mantissa), operator("×"), power])
        }
        None => digits(magnitude),
    };
    if negative {
        row(&[operator("−"), magnitude])
    } else {
        magnitude
    }
}

/// An exponent in superscript characters, as MathML in ordinary ones.
fn raised(exponent: &str) -> String {
    const SUPERSCRIPTS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let ordinary: String = exponent
        .chars()
        .filter_map(|raised| SUPERSCRIPTS.iter().position(|&digit| digit == raised))
        .map(|digit| digit.to_string())
        .collect();
    if exponent.starts_with('⁻') {
        row(&[operator("−"), digits(&ordinary)])
    } else {
        digits(&ordinary)
    }
}

/// = or ≈ and the number.
fn result(value: f64) -> String {
    let shown_in_full = significant(value, DIGITS) == significant(value, FAITHFUL_DIGITS);
    let relation = if shown_in_full { "=" } else { "≈" };
    row(&[infix(relation), number(value)])
}

fn equals(expression: &str) -> String {
    row(&[infix("="), expression.to_owned()])
}

fn sum(left: &str, right: &str) -> String {
    row(&[left.to_owned(), operator("+"), right.to_owned()])
}

fn difference(left: &str, right: &str) -> String {
    row(&[left.to_owned(), operator("−"), right.to_owned()])
}

fn product(left: &str, right: &str) -> String {
    row(&[left.to_owned(), operator("⋅"), right.to_owned()])
}

fn fraction(numerator: &str, denominator: &str) -> String {
    format!("<mfrac>{numerator}{denominator}</mfrac>")
}

fn square_root(radicand: &str) -> String {
    format!("<msqrt>{radicand}</msqrt>")
}

fn fenced(expression: &str) -> String {
    row(&[operator("("), expression.to_owned(), operator(")")])
}

fn sub(base: &str, index: &str) -> String {
    format!("<msub>{base}{index}</msub>")
}

fn row(parts: &[String]) -> String {
    format!("<mrow>{}</mrow>", parts.concat())
}

fn identifier(name: &str) -> String {
    format!("<mi>{name}</mi>")
}

fn digits(digits: &str) -> String {
    format!("<mn>{digits}</mn>")
}

fn operator(operator: &str) -> String {
    format!("<mo>{operator}</mo>")
}

/// An operator that opens its formula but relates it to the one before.
fn infix(operator: &str) -> String {
    format!("<mo form=\"infix\">{operator}</mo>")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text between the tags; fails where a tag is not closed in its turn.
    pub(super) fn text(mathml: &str) -> String {
        let mut open = Vec::new();
        let mut text = String::new();
        for piece in mathml.split('<').skip(1) {
            let (tag, content) = piece.split_once('>').unwrap();
            match tag.strip_prefix('/') {
                Some(name) => assert_eq!(open.pop(), Some(name), "{mathml}"),
                None => open.push(tag.split(' ').next().unwrap()),
            }
            text += content.trim();
        }
        assert!(open.is_empty(), "{mathml}");
        text
    }

    #[test]
    fn signs_and_powers_of_ten_are_marked_up() {
        assert_eq!(number(2.5), "<mn>2.5</mn>");
        assert_eq!(
            number(-1.25e-17),
            "<mrow><mo>−</mo><mrow><mn>1.25</mn><mo>×</mo><msup><mn>10</mn>\
             <mrow><mo>−</mo><mn>17</mn></mrow></msup></mrow></mrow>"
        );
        assert!(number(3e20).ends_with("<msup><mn>10</mn><mn>20</mn></msup></mrow>"));
    }

    #[test]
    fn the_rows_laid_out_hold_those_in_sight() {
        // Rows of 30 px in 300 px: ten in sight, and eleven where the first is cut.
        assert_eq!(rows_to_lay_out(0.0, 300.0, 30.0, 100_000), 0..24);
        assert_eq!(rows_to_lay_out(3000.0, 300.0, 30.0, 100_000), 88..120);
        assert_eq!(
            rows_to_lay_out(3_000_000.0, 300.0, 30.0, 100_000).end,
            100_000
        );
        assert_eq!(rows_to_lay_out(0.0, 300.0, 30.0, 5), 0..5);
        for scrolled in 0..2000 {
            let rows = rows_to_lay_out(f64::from(scrolled), 300.0, 30.0, 60);
            assert!(rows.start <= scrolled as usize / 30, "{rows:?}");
            assert!(
                rows.end >= (scrolled as usize / 30 + 11).min(60),
                "{rows:?}"
            );
            assert!(rows.len() <= 40, "{rows:?}");
        }
        // Before the first layout nothing is known.
        assert!(rows_to_lay_out(0.0, 0.0, 0.0, 100_000).len() <= MOST_ROWS + 16);
    }
}
