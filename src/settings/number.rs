//! Numbers as people and links write them.

use crate::number::parse;

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

/// The fewest digits that read back as the same f64; with an exponent where zeros would
/// otherwise pile up: `0.4`, `100000`, `1e-6`.
#[must_use]
pub fn shortest(number: f64) -> String {
    let magnitude = number.abs();
    if magnitude == 0.0 || (1e-3..1e7).contains(&magnitude) {
        format!("{}", number + 0.0) // not `-0`
    } else {
        format!("{number:e}")
    }
}

/// Several numbers, as [`shortest`] writes them, with commas between.
pub(super) fn comma_list(numbers: &[f64]) -> String {
    let texts: Vec<String> = numbers.iter().copied().map(shortest).collect();
    texts.join(",")
}

/// `number` rounded to `digits` significant decimal digits (at least 1).
#[must_use]
pub fn round_significant(number: f64, digits: usize) -> f64 {
    // Through decimal text: scaling by powers of ten would leave 0.30000000000000004.
    let precision = digits.saturating_sub(1);
    parse(&format!("{number:.precision$e}")).unwrap_or(number)
}
