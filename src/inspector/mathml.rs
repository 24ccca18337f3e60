//! Formulas and numbers as MathML Core, put together from strings.

use crate::number::significant;

/// Significant digits of every number shown.
const DIGITS: usize = 6;

/// Digits that every decimal keeps in an f64: what differs beyond them is rounding.
const FAITHFUL_DIGITS: usize = 15;

pub(super) fn formulas(parts: &[String]) -> String {
    let formulas: Vec<String> = parts
        .iter()
        .map(|part| format!("<math displaystyle=\"true\">{part}</math>"))
        .collect();
    formulas.join(" ")
}

/// A number in six digits: `<mn>`, with its sign and power of ten where it has them.
pub(super) fn number(value: f64) -> String {
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
pub(super) fn raised(exponent: &str) -> String {
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
pub(super) fn result(value: f64) -> String {
    let shown_in_full = significant(value, DIGITS) == significant(value, FAITHFUL_DIGITS);
    let relation = if shown_in_full { "=" } else { "≈" };
    row(&[infix(relation), number(value)])
}

pub(super) fn equals(expression: &str) -> String {
    row(&[infix("="), expression.to_owned()])
}

pub(super) fn sum(left: &str, right: &str) -> String {
    row(&[left.to_owned(), operator("+"), right.to_owned()])
}

pub(super) fn difference(left: &str, right: &str) -> String {
    row(&[left.to_owned(), operator("−"), right.to_owned()])
}

pub(super) fn product(left: &str, right: &str) -> String {
    row(&[left.to_owned(), operator("⋅"), right.to_owned()])
}

pub(super) fn fraction(numerator: &str, denominator: &str) -> String {
    format!("<mfrac>{numerator}{denominator}</mfrac>")
}

pub(super) fn square_root(radicand: &str) -> String {
    format!("<msqrt>{radicand}</msqrt>")
}

pub(super) fn fenced(expression: &str) -> String {
    row(&[operator("("), expression.to_owned(), operator(")")])
}

pub(super) fn sub(base: &str, index: &str) -> String {
    format!("<msub>{base}{index}</msub>")
}

pub(super) fn row(parts: &[String]) -> String {
    format!("<mrow>{}</mrow>", parts.concat())
}

pub(super) fn identifier(name: &str) -> String {
    format!("<mi>{name}</mi>")
}

pub(super) fn digits(digits: &str) -> String {
    format!("<mn>{digits}</mn>")
}

pub(super) fn operator(operator: &str) -> String {
    format!("<mo>{operator}</mo>")
}

/// An operator that opens its formula but relates it to the one before.
pub(super) fn infix(operator: &str) -> String {
    format!("<mo form=\"infix\">{operator}</mo>")
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// The text between the tags; fails where a tag is not closed in its turn.
    pub(in crate::inspector) fn text(mathml: &str) -> String {
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
}
