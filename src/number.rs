//! Numbers as a reader meets them: rounded to significant digits, with a real minus sign; and back.
//!
//! Written for display only; what a program reads back (addresses, CSV, JSON, Python) uses Rust's own
//! shortest form, which round-trips.

/// Decimal exponents written out in full; 10⁻⁵ and 10⁶ are the first in scientific notation.
const PLAIN_EXPONENTS: std::ops::RangeInclusive<i32> = -4..=5;

/// The f64 nearest to a decimal number with or without sign, point and exponent; infinite where that
/// is too large. None of anything else, `inf` and `NaN` and spaces included.
#[must_use]
pub fn parse(text: &str) -> Option<f64> {
    let numeric = |c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.' | 'e' | 'E');
    let written_as_number = !text.is_empty() && text.chars().all(numeric);
    written_as_number.then(|| nearest(text)).flatten()
}

#[cfg(not(target_arch = "wasm32"))]
fn nearest(text: &str) -> Option<f64> {
    text.parse().ok()
}

/// The browser rounds as Rust does, and is there already: Rust's table of powers of five would be
/// 10 kB of every page that no compression makes smaller.
#[cfg(target_arch = "wasm32")]
fn nearest(text: &str) -> Option<f64> {
    let number = wasm_bindgen::JsValue::from_str(text).unchecked_into_f64();
    (!number.is_nan()).then_some(number)
}

/// `value` rounded to `digits` significant digits (at least one), halves to even.
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
        return format!("{sign}∞");
    }
    // Rust rounds the exact binary value; the exponent is read after rounding, so that 0.9996
    // becomes 1 and not 1.00 with an exponent too small.
    let decimals = digits.max(1) - 1;
    let rounded = format!("{:.decimals$e}", value.abs());
    let (mantissa, exponent) = rounded.split_once('e').unwrap_or((&rounded, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if PLAIN_EXPONENTS.contains(&exponent) {
        format!("{sign}{}", plain(mantissa, exponent))
    } else {
        format!(
            "{sign}{}×10{}",
            without_trailing_zeros(mantissa),
            superscript(exponent)
        )
    }
}

/// A share as a whole percentage, `52 %`; what is neither 0 nor 1 never shows as `0 %` or
/// `100 %`, but with the digits that tell it apart: `0.2 %`, `99.96 %`.
#[must_use]
pub fn percent(share: f64) -> String {
    let value = 100.0 * share;
    if value.abs() < 1.0 {
        return format!("{} %", significant(value, 1));
    }
    if !value.is_finite() || value.abs() >= 1e6 {
        return format!("{} %", significant(value, 3));
    }
    let short_of_all = (100.0 - value).abs();
    let decimals = if short_of_all == 0.0 || short_of_all >= 1.0 {
        0
    } else {
        // As many as show the first digit of the difference, up to where f64 has no more to tell.
        (-short_of_all.log10().floor()).clamp(1.0, 12.0) as usize
    };
    let sign = if value < 0.0 { "−" } else { "" };
    let decimal = format!("{:.decimals$}", value.abs());
    format!("{sign}{} %", without_trailing_zeros(&decimal))
}

/// mantissa × 10^exponent without an exponent.
fn plain(mantissa: &str, exponent: i32) -> String {
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    if exponent < 0 {
        let zeros = "0".repeat((-exponent - 1).unsigned_abs() as usize);
        return without_trailing_zeros(&format!("0.{zeros}{digits}")).to_owned();
    }
    let whole = exponent.unsigned_abs() as usize + 1;
    match digits.split_at_checked(whole) {
        Some((whole, fraction)) => {
            without_trailing_zeros(&format!("{whole}.{fraction}")).to_owned()
        }
        None => format!("{digits:0<whole$}"),
    }
}

fn without_trailing_zeros(decimal: &str) -> &str {
    if decimal.contains('.') {
        decimal.trim_end_matches('0').trim_end_matches('.')
    } else {
        decimal
    }
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
    fn reads_decimal_numbers_and_nothing_else() {
        for (text, number) in [
            ("5", 5.0),
            ("-.5e-3", -0.0005),
            ("+1E2", 100.0),
            ("7.", 7.0),
            ("1e999", f64::INFINITY),
        ] {
            assert_eq!(parse(text), Some(number), "{text}");
        }
        for text in [
            "", " 5", "0x10", "inf", "NaN", "-", ".", "e5", "1e", "1.2.3", "1-2",
        ] {
            assert_eq!(parse(text), None, "{text}");
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
