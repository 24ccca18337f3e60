//! Numbers as a reader meets them: rounded to significant digits, with a real minus sign; and back.
//!
//! Written for display only; what a program reads back (addresses, CSV, JSON, Python) uses the
//! [`shortest`] form, which round-trips.

mod decimal;

pub use decimal::{fixed, parse};
use decimal::{plain, scientific, without_trailing_zeros};

use crate::math::log10;

/// Decimal exponents written out in full; 10⁻⁵ and 10⁶ are the first in scientific notation.
const PLAIN_EXPONENTS: std::ops::RangeInclusive<i32> = -4..=5;

/// `value` rounded to `digits` significant digits (at least one), halves away from 0.
///
/// Trailing zeros are left out (0.4, not 0.400), negative zero is 0, the sign is U+2212, and
/// magnitudes below 10⁻⁴ or from 10⁶ are scientific: `1.2×10⁻⁵`. An infinity is `∞` or `−∞`, NaN
/// is `not a number`.
#[must_use]
pub fn significant(value: f64, digits: usize) -> String {
    if value.is_nan() {
        return "not a number".to_owned();
    }
    if value == 0.0 {
        return "0".to_owned();
    }
    let sign = if value < 0.0 { "−" } else { "" };
    if value.is_infinite() {
        return [sign, "∞"].concat();
    }
    // The exponent is read after rounding, so that 0.9996 becomes 1 and not 1.00 with an exponent
    // too small.
    let (mantissa, exponent) = scientific(value.abs(), Some(digits.max(1) - 1));
    if PLAIN_EXPONENTS.contains(&exponent) {
        let plain = plain(&mantissa, exponent);
        [sign, without_trailing_zeros(&plain)].concat()
    } else {
        let mantissa = without_trailing_zeros(&mantissa);
        [sign, mantissa, "×10", &superscript(exponent)].concat()
    }
}

/// The fewest digits that read back as the same f64, for programs; with an exponent where zeros
/// would otherwise pile up: `0.4`, `100000`, `1e-6`. Negative zero is `0`;
/// what is not finite is `inf`, `-inf` or `NaN`.
#[must_use]
pub fn shortest(value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value < 0.0 { "-inf" } else { "inf" }.to_owned();
    }
    let (mantissa, exponent) = scientific(value, None);
    if (-3..7).contains(&exponent) {
        plain(&mantissa, exponent)
    } else {
        [&mantissa, "e", &exponent.to_string()].concat()
    }
}

/// `value` rounded to `digits` significant decimal digits (at least one), halves away from 0.
#[must_use]
pub fn round_significant(value: f64, digits: usize) -> f64 {
    if !value.is_finite() {
        return value;
    }
    // Through decimal text: scaling by powers of ten would leave 0.30000000000000004.
    let (mantissa, exponent) = scientific(value, Some(digits.max(1) - 1));
    parse(&[&mantissa, "e", &exponent.to_string()].concat()).unwrap_or(value)
}

/// `value` rounded to `decimals` digits after the point, halves away from 0; as it is from 10²¹.
#[must_use]
pub fn round_decimals(value: f64, decimals: usize) -> f64 {
    parse(&fixed(value, decimals)).unwrap_or(value)
}

/// The nearest whole number, its digits in groups of three; a dash for what is no number.
#[must_use]
pub fn grouped(number: f64) -> String {
    if !number.is_finite() {
        return "–".to_owned();
    }
    let digits = fixed(number.abs(), 0);
    let mut grouped = String::new();
    if number <= -0.5 {
        grouped.push('−');
    }
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A share as a whole percentage, `52 %`; what is neither 0 nor 1 never shows as `0 %` or
/// `100 %`, but with the digits that tell it apart: `0.2 %`, `99.96 %`.
#[must_use]
pub fn percent(share: f64) -> String {
    let value = 100.0 * share;
    if value.abs() < 1.0 {
        return significant(value, 1) + " %";
    }
    if !value.is_finite() || value.abs() >= 1e6 {
        return significant(value, 3) + " %";
    }
    let short_of_all = (100.0 - value).abs();
    let decimals = if short_of_all == 0.0 || short_of_all >= 1.0 {
        0
    } else {
        // As many as show the first digit of the difference, up to where f64 has no more to tell.
        (-log10(short_of_all).floor()).clamp(1.0, 12.0) as usize
    };
    let sign = if value < 0.0 { "−" } else { "" };
    let decimal = fixed(value.abs(), decimals);
    [sign, without_trailing_zeros(&decimal), " %"].concat()
}

pub(crate) fn superscript(exponent: i32) -> String {
    exponent
        .to_string()
        .chars()
        .map(|character| match character {
            '0' => '⁰',
            '1' => '¹',
            '2' => '²',
            '3' => '³',
            '4' => '⁴',
            '5' => '⁵',
            '6' => '⁶',
            '7' => '⁷',
            '8' => '⁸',
            '9' => '⁹',
            _ => '⁻',
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    // Evidence: rounded by hand.

    #[test]
    fn groups_of_three() {
        for (value, expected) in [
            (0.0, "0"),
            (-0.4, "0"),
            (999.5, "1,000"),
            (-100.0, "−100"),
            (-1_234_567.0, "−1,234,567"),
            (1e12, "1,000,000,000,000"),
            (f64::NAN, "–"),
        ] {
            assert_eq!(grouped(value), expected, "{value}");
        }
    }

    #[test]
    fn rounds_to_significant_digits() {
        for (value, digits, expected) in [
            (0.4, 3, "0.4"),
            (-2.382_562_77, 7, "−2.382563"),
            (0.090_12, 3, "0.0901"),
            (12.806_9, 3, "12.8"),
            (144.0, 3, "144"),
            (339.622, 2, "340"),
            (123_456.0, 3, "123000"),
            (0.000_123_4, 3, "0.000123"),
            (7.0, 0, "7"),
        ] {
            assert_eq!(significant(value, digits), expected);
        }
    }

    #[test]
    fn very_small_and_very_large_are_scientific() {
        assert_eq!(significant(1.2e-5, 3), "1.2×10⁻⁵");
        assert_eq!(significant(-1e300, 3), "−1×10³⁰⁰");
        assert_eq!(significant(f64::MIN_POSITIVE, 3), "2.23×10⁻³⁰⁸");
        assert_eq!(significant(1_234_567.0, 4), "1.235×10⁶");
    }

    #[test]
    fn rounding_up_moves_the_exponent() {
        assert_eq!(significant(0.999_6, 3), "1");
        assert_eq!(significant(999_999.0, 3), "1×10⁶");
        assert_eq!(significant(0.000_099_99, 3), "0.0001");
    }

    #[test]
    fn zero_and_non_finite_have_a_form_too() {
        assert_eq!(significant(-0.0, 3), "0");
        assert_eq!(significant(f64::NEG_INFINITY, 3), "−∞");
        assert_eq!(significant(f64::NAN, 3), "not a number");
    }

    #[test]
    fn a_percentage_never_claims_nothing_or_everything_falsely() {
        assert_eq!(percent(0.0), "0 %");
        assert_eq!(percent(1.0), "100 %");
        assert_eq!(percent(0.523_487), "52 %");
        assert_eq!(percent(0.002_1), "0.2 %");
        assert_eq!(percent(0.999_6), "99.96 %");
        assert_eq!(percent(1.000_4), "100.04 %");
        assert_eq!(percent(-0.31), "−31 %");
        assert_eq!(percent(3.2e-9), "3×10⁻⁷ %");
        assert_eq!(percent(f64::INFINITY), "∞ %");
    }
}
