//! f64 ↔ decimal text, by the browser where there is one and by Rust elsewhere.
//!
//! Both round correctly, so that their digits agree, except where two shortest texts are equally near
//! an f64 and each takes another: both read back as it. Rust’s algorithms and tables would be 20 kB of
//! every page, of which compression saves little. `{}`, `{:e}` and `{:?}` of an f64 bring them
//! back, and so does `f64::clamp`, whose panic writes its bounds.

/// The f64 nearest to a decimal number with or without sign, point and exponent; infinite where that
/// is too large. None of anything else, `inf` and `NaN` and spaces included.
#[must_use]
pub fn parse(text: &str) -> Option<f64> {
    let numeric = |c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.' | 'e' | 'E');
    let written_as_number = !text.is_empty() && text.chars().all(numeric);
    written_as_number.then(|| platform::nearest(text)).flatten()
}

/// Mantissa and exponent of a finite `value` in scientific notation: rounded to `decimals` digits
/// after the point (at most 100), halves away from 0; or, for none, the fewest digits that read
/// back as the same f64. `("-1.2", -5)` is −1.2×10⁻⁵.
pub(super) fn scientific(value: f64, decimals: Option<usize>) -> (String, i32) {
    let mut text = platform::exponential(value, decimals);
    let mark = text.find('e').unwrap_or(text.len());
    let exponent = text
        .get(mark + 1..)
        .and_then(|exponent| exponent.parse().ok());
    let exponent = exponent.unwrap_or(0);
    text.truncate(mark);
    (text, exponent)
}

/// `value` with `decimals` digits after the point (at most 100), halves away from 0. Finite, and
/// below 10²¹ in magnitude.
#[must_use]
pub fn fixed(value: f64, decimals: usize) -> String {
    platform::fixed(value, decimals)
}

/// mantissa × 10^exponent without an exponent; the mantissa with one digit before its point.
pub(super) fn plain(mantissa: &str, exponent: i32) -> String {
    let (sign, mantissa) = match mantissa.strip_prefix('-') {
        Some(mantissa) => ("-", mantissa),
        None => ("", mantissa),
    };
    let digits = mantissa.replacen('.', "", 1);
    let places = exponent.unsigned_abs() as usize;
    if exponent < 0 {
        let zeros = "0".repeat(places - 1);
        return [sign, "0.", &zeros, &digits].concat();
    }
    match digits.split_at_checked(places + 1) {
        Some((whole, "")) => [sign, whole].concat(),
        Some((whole, fraction)) => [sign, whole, ".", fraction].concat(),
        None => {
            let zeros = "0".repeat(places + 1 - digits.len());
            [sign, &digits, &zeros].concat()
        }
    }
}

/// Without the zeros that end a fraction, and the point where nothing else follows it.
pub(super) fn without_trailing_zeros(decimal: &str) -> &str {
    if decimal.contains('.') {
        decimal.trim_end_matches('0').trim_end_matches('.')
    } else {
        decimal
    }
}

#[cfg(target_arch = "wasm32")]
mod platform {
    use wasm_bindgen::JsValue;
    use wasm_bindgen::prelude::wasm_bindgen;

    #[wasm_bindgen]
    extern "C" {
        type Number;

        #[wasm_bindgen(method, js_name = toExponential)]
        fn to_exponential(this: &Number, decimals: Option<u32>) -> String;

        #[wasm_bindgen(method, js_name = toFixed)]
        fn to_fixed(this: &Number, decimals: u32) -> String;
    }

    /// What JavaScript allows.
    const MOST_DECIMALS: usize = 100;

    fn number(value: f64) -> Number {
        JsValue::from_f64(value).into()
    }

    pub(super) fn nearest(text: &str) -> Option<f64> {
        let number = JsValue::from_str(text).unchecked_into_f64();
        (!number.is_nan()).then_some(number)
    }

    pub(super) fn exponential(value: f64, decimals: Option<usize>) -> String {
        let decimals = decimals.map(|decimals| decimals.min(MOST_DECIMALS) as u32);
        number(value).to_exponential(decimals)
    }

    pub(super) fn fixed(value: f64, decimals: usize) -> String {
        number(value).to_fixed(decimals.min(MOST_DECIMALS) as u32)
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod platform {
    /// With so many digits more, an f64 that is no half shows it.
    const FAR: usize = 60;

    pub(super) fn nearest(text: &str) -> Option<f64> {
        text.parse().ok()
    }

    pub(super) fn exponential(value: f64, decimals: Option<usize>) -> String {
        let value = value + 0.0; // JavaScript writes -0 as 0
        let Some(decimals) = decimals else {
            return format!("{value:e}");
        };
        let longer = format!("{value:.*e}", decimals + FAR);
        let (longer, exponent) = longer.split_once('e').unwrap_or((&longer, "0"));
        half_away_from_zero(longer)
            .map(|mantissa| [&mantissa, "e", exponent].concat())
            .unwrap_or_else(|| format!("{value:.decimals$e}"))
    }

    pub(super) fn fixed(value: f64, decimals: usize) -> String {
        let value = value + 0.0;
        half_away_from_zero(&format!("{value:.*}", decimals + FAR))
            .unwrap_or_else(|| format!("{value:.decimals$}"))
    }

    /// The number without its last [`FAR`] digits, where these are a half that Rust, which rounds
    /// halves to even digits, would round down, and JavaScript rounds up.
    fn half_away_from_zero(longer: &str) -> Option<String> {
        let (kept, rest) = longer.split_at_checked(longer.len().checked_sub(FAR)?)?;
        let is_half = rest.starts_with('5') && rest.bytes().skip(1).all(|digit| digit == b'0');
        let mut kept = kept.trim_end_matches('.').to_owned();
        let last = kept.pop()?.to_digit(10)?;
        // 0 to 8: nothing to carry.
        let up = char::from_digit(last + 1, 10)?;
        kept.push(up);
        (is_half && last % 2 == 0).then_some(kept)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Evidence: rounded by hand; halves as the ECMAScript specification has them.

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
    fn exact_halves_are_rounded_away_from_zero_and_no_others() {
        // 0.35 is 0.34999…, 0.45 is 0.45000…01.
        for (value, decimals, expected) in [
            (2.5, 0, "3"),
            (-2.5, 0, "-3"),
            (0.125, 2, "0.13"),
            (0.375, 2, "0.38"),
            (0.35, 1, "0.3"),
            (0.45, 1, "0.5"),
            (8.5, 0, "9"),
            (9.5, 0, "10"),
            (-0.0, 1, "0.0"),
        ] {
            assert_eq!(fixed(value, decimals), expected);
        }
        for (value, decimals, mantissa, exponent) in [
            (12.5, 1, "1.3", 1),
            (-250.0, 0, "-3", 2),
            (9.5, 0, "1", 1),
            (9.4, 0, "9", 0),
            (0.0, 0, "0", 0),
        ] {
            let expected = (mantissa.to_owned(), exponent);
            assert_eq!(scientific(value, Some(decimals)), expected);
        }
    }

    #[test]
    fn the_fewest_digits_with_any_exponent() {
        for (value, mantissa, exponent) in [
            (0.1 + 0.2, "3.0000000000000004", -1),
            (-1.5e300, "-1.5", 300),
            (5e-324, "5", -324),
            (-0.0, "0", 0),
        ] {
            assert_eq!(scientific(value, None), (mantissa.to_owned(), exponent));
        }
    }

    #[test]
    fn plain_notation_moves_the_point() {
        assert_eq!(plain("-1.25", -2), "-0.0125");
        assert_eq!(plain("1.25", 0), "1.25");
        assert_eq!(plain("1.25", 1), "12.5");
        assert_eq!(plain("1.25", 2), "125");
        assert_eq!(plain("-1.25", 4), "-12500");
    }
}
