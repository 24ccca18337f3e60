//! Numbers as people and links write them.

use crate::character::is_invisible;
use crate::number::parse;
pub use crate::number::{round_significant, shortest};

/// The number in `text` as typed into a field of one number; none where there is no one meaning.
///
/// Understood are a decimal point or comma, scientific notation (`1e3`, `1.2×10⁻⁵`), a plus or a
/// minus of any width, thousands in groups of three, `%`, `½`, digits of full width, and what is not
/// seen. A comma or point before exactly three digits, as in `1,000`, may be a decimal one or group
/// thousands: that is [`doubt`], unless zeros before it, an exponent or another mark tells.
///
/// What is too large for f64 is the largest finite f64 of its sign: still a number, and out of
/// every range. Words such as `inf` and `NaN` are none.
#[must_use]
pub fn parse_number(text: &str) -> Option<f64> {
    if doubt(text).is_some() {
        return None;
    }
    let plain = plain(text);
    if let Some(fraction) = ["½", "¼", "¾"].iter().position(|&f| f == plain) {
        return [0.5, 0.25, 0.75].get(fraction).copied();
    }
    if let Some(percent) = plain.strip_suffix('%') {
        return Some(finite(parse(&with_point(percent.trim_end())?)?) / 100.0);
    }
    parse(&with_point(&plain)?).map(finite)
}

/// What `text` may mean, where that is two numbers: `1,000` is 1 or 1000, `1,000%` 0.01 or 10.
#[must_use]
pub fn doubt(text: &str) -> Option<[f64; 2]> {
    let plain = plain(text);
    let (plain, unit) = match plain.strip_suffix('%') {
        Some(percent) => (percent.trim_end(), 100.0),
        None => (plain.as_str(), 1.0),
    };
    let unsigned = plain.strip_prefix(['-', '+']).unwrap_or(plain);
    let (whole, rest) = unsigned.split_once([',', '.'])?;
    let has_digits = |text: &str| text.bytes().all(|digit| digit.is_ascii_digit());
    let may_group = (1..=3).contains(&whole.len()) && !whole.starts_with('0');
    if !(may_group && rest.len() == 3 && has_digits(whole) && has_digits(rest)) {
        return None;
    }
    let sign = if plain.starts_with('-') { "-" } else { "" };
    let decimal = parse(&[sign, whole, ".", rest].concat())?;
    let thousands = parse(&[sign, whole, rest].concat())?;
    Some([decimal / unit, thousands / unit])
}

/// What is allowed, and where `given` may mean two numbers, how to write each.
pub(crate) fn allowed_beside(allowed: String, given: &str) -> String {
    let Some([decimal, thousands]) = doubt(given) else {
        return allowed;
    };
    // A fourth digit tells that the mark is a decimal one.
    let decimal = match shortest(decimal) {
        text if text.contains('.') && doubt(&text).is_some() => text + "0",
        text => text,
    };
    let thousands = shortest(thousands);
    [
        &allowed,
        ", and this may mean two: write ",
        &decimal,
        " or ",
        &thousands,
    ]
    .concat()
}

/// The text in ASCII, without what is not seen and without blanks around it.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    for c in text.trim().chars() {
        match c {
            '−' | '‐' | '‑' | '‒' | '–' | '﹣' => plain.push('-'),
            '\u{ff01}'..='\u{ff5e}' => {
                plain.extend(char::from_u32(u32::from(c) - 0xff01 + u32::from('!')));
            }
            '’' => plain.push('\''),
            '٫' => plain.push('.'),
            c if c.is_whitespace() => plain.push(' '),
            c if is_invisible(c) => {}
            c => plain.push(c),
        }
    }
    let Some((mantissa, exponent)) = plain.split_once("×10") else {
        return plain;
    };
    let exponent = exponent.strip_prefix('^').unwrap_or(exponent);
    let ordinary = exponent.chars().map(|raised| {
        let digit = "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().position(|digit| digit == raised);
        let digit = digit.and_then(|digit| char::from_digit(digit as u32, 10));
        digit.unwrap_or(if raised == '⁻' { '-' } else { raised })
    });
    [mantissa.trim_end(), "e", &ordinary.collect::<String>()].concat()
}

/// A number with a point at most: without marks between groups of three, and with a point for a
/// decimal comma. None where the marks contradict each other.
fn with_point(plain: &str) -> Option<String> {
    let (mantissa, exponent) = match plain.find(['e', 'E']) {
        Some(place) => plain.split_at_checked(place)?,
        None => (plain, ""),
    };
    let marks: Vec<char> = mantissa
        .chars()
        .filter(|c| matches!(c, ',' | '.' | ' ' | '\'' | '_'))
        .collect();
    let count = |mark| marks.iter().filter(|&&known| known == mark).count();
    let decimal = match marks.last() {
        // The last of two kinds, or one that stands alone; several of a kind group.
        Some(&last @ (',' | '.')) if count(last) == 1 => Some(last),
        _ => None,
    };
    let (whole, fraction) = match decimal.and_then(|mark| mantissa.split_once(mark)) {
        Some((whole, fraction)) => (whole, [".", fraction].concat()),
        None => (mantissa, String::new()),
    };
    let mut grouping = marks.iter().filter(|&&mark| Some(mark) != decimal);
    let Some(&mark) = grouping.next() else {
        return Some([whole, &fraction, exponent].concat());
    };
    let mut groups = whole.split(mark);
    let first = groups.next()?;
    let digits = first.trim_start_matches(['-', '+']);
    let is_grouped = grouping.all(|&other| other == mark)
        && (1..=3).contains(&digits.len())
        && groups.all(|group| group.len() == 3);
    is_grouped.then(|| [&whole.replace(mark, ""), &fraction, exponent].concat())
}

/// Adding 0 turns −0 into 0, which reads the same and is written shorter.
fn finite(number: f64) -> f64 {
    #[expect(
        clippy::manual_clamp,
        reason = "clamp links the formatting of numbers for its panic"
    )]
    let finite = number.max(f64::MIN).min(f64::MAX);
    finite + 0.0
}

/// A number as programs and links write it, where a point is always a decimal one and commas
/// separate the entries of lists.
pub(crate) fn parse_plain_number(text: &str) -> Option<f64> {
    let text = text.trim().replace('−', "-");
    parse(&text).map(finite)
}

/// The single number of a link: as programs write it, or else as people do.
pub(crate) fn parse_single_number(text: &str) -> Option<f64> {
    parse_plain_number(text).or_else(|| parse_number(text))
}

/// Several numbers, as [`shortest`] writes them, with commas between.
pub(super) fn comma_list(numbers: &[f64]) -> String {
    let texts: Vec<String> = numbers.iter().copied().map(shortest).collect();
    texts.join(",")
}
