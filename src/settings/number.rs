//! Numbers as people and links write them.

use crate::number::parse;
pub use crate::number::{round_significant, shortest};

/// The number in `text` as typed into a field: scientific notation, a decimal point or comma,
/// a plus, a minus (ASCII or U+2212) and spaces around it are understood.
///
/// What is too large for f64 is the largest finite f64 of its sign: still a number, and out of
/// every range. Words such as `inf` and `NaN` are none.
#[must_use]
pub fn parse_number(text: &str) -> Option<f64> {
    parse_plain_number(&text.replacen(',', ".", 1))
}

/// As [`parse_number`], without the decimal comma: in links, commas separate the entries of lists.
pub(super) fn parse_plain_number(text: &str) -> Option<f64> {
    let text = text.trim().replace('−', "-");
    let number = parse(&text)?;
    // Adding 0 turns −0 into 0, which reads the same and is written shorter.
    Some(number.clamp(f64::MIN, f64::MAX) + 0.0)
}

/// Several numbers, as [`shortest`] writes them, with commas between.
pub(super) fn comma_list(numbers: &[f64]) -> String {
    let texts: Vec<String> = numbers.iter().copied().map(shortest).collect();
    texts.join(",")
}
