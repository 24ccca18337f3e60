//! A typed function's text cut into numbers, names and signs, each with its place.

use std::ops::Range;

use super::error::{ExpressionError, Problem};
use super::spelling::Spelled;
use crate::character::named;

/// A piece of the text.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Number(f64),
    /// In lower case, with plain digits for subscripts.
    Name(String),
    Plus,
    Minus,
    Times,
    Over,
    Power,
    /// A power written as superscript digits.
    Superscript(f64),
    Open,
    Close,
    Comma,
    End,
}

/// A token and the characters it was read from, counted from 0.
#[derive(Clone, Debug)]
pub(super) struct Placed {
    pub(super) token: Token,
    pub(super) characters: Range<usize>,
}

/// The tokens of `text`, the last of which is `End`; and why they end early, if they do: so that
/// what is wrong further left can be told first.
pub(super) fn tokens(typed: &[char]) -> (Vec<Placed>, Option<ExpressionError>) {
    let spelled = Spelled::of(typed);
    let (mut tokens, mut unread) = tokens_of(&spelled.characters);
    for placed in &mut tokens {
        placed.characters = spelled.typed(&placed.characters);
    }
    if let Some(error) = &mut unread {
        let read = error.position..error.position + error.length;
        let typed = spelled.typed(&read);
        (error.position, error.length) = (typed.start, typed.len());
    }
    (tokens, unread)
}

fn tokens_of(text: &[char]) -> (Vec<Placed>, Option<ExpressionError>) {
    let mut tokens = Vec::new();
    let mut start = 0;
    let mut unread = None;
    while let Some(&first) = text.get(start) {
        if first.is_whitespace() {
            start += 1;
            continue;
        }
        match token(start, first, text) {
            Ok((token, length)) => {
                let characters = start..start + length;
                start = characters.end;
                tokens.push(Placed { token, characters });
            }
            Err(error) => {
                unread = Some(error);
                break;
            }
        }
    }
    tokens.push(Placed {
        token: Token::End,
        characters: start..start,
    });
    (tokens, unread)
}

/// The token that begins at `start` with the character `first`, and its length.
fn token(start: usize, first: char, text: &[char]) -> Result<(Token, usize), ExpressionError> {
    Ok(match first {
        '+' => (Token::Plus, 1),
        '-' | '−' | '–' => (Token::Minus, 1),
        '*' if text.get(start + 1) == Some(&'*') => (Token::Power, 2),
        '*' | '×' | '·' | '⋅' => (Token::Times, 1),
        '/' | '÷' => (Token::Over, 1),
        '^' => (Token::Power, 1),
        '(' => (Token::Open, 1),
        ')' => (Token::Close, 1),
        ',' => (Token::Comma, 1),
        '.' | '0'..='9' => number(start, text)?,
        '½' => (Token::Number(0.5), 1),
        '¼' => (Token::Number(0.25), 1),
        '¾' => (Token::Number(0.75), 1),
        '⁻' => power(start, text)?,
        digit if superscript(digit).is_some() => power(start, text)?,
        letter if letter.is_alphabetic() => name(start, text),
        other => {
            let expected = "a number, a name, an operator or a parenthesis";
            return Err(unexpected(start, expected, other));
        }
    })
}

fn unexpected(position: usize, expected: &str, found: char) -> ExpressionError {
    let problem = Problem::Unexpected {
        expected: expected.to_owned(),
        found: named(found),
    };
    ExpressionError::new(position..position + 1, problem)
}

/// How many characters from `start` on satisfy `belongs`.
fn run_length(text: &[char], start: usize, belongs: impl Fn(char) -> bool) -> usize {
    let rest = text.get(start..).unwrap_or_default();
    rest.iter().take_while(|&&c| belongs(c)).count()
}

/// Digits with at most one point, then perhaps an exponent. In `2e` and `2exp(x)` the e is no
/// exponent, since no digit follows.
fn number(start: usize, text: &[char]) -> Result<(Token, usize), ExpressionError> {
    let digits = |from| run_length(text, from, |c| c.is_ascii_digit());
    let whole = digits(start);
    let mut end = start + whole;
    if text.get(end) == Some(&'.') {
        let fraction = digits(end + 1);
        if whole + fraction == 0 {
            return Err(unexpected(start, "a digit beside the decimal point", '.'));
        }
        end += 1 + fraction;
    }
    if matches!(text.get(end), Some('e' | 'E')) {
        let sign = usize::from(matches!(text.get(end + 1), Some('+' | '-' | '−')));
        let exponent = digits(end + 1 + sign);
        if exponent > 0 {
            end += 1 + sign + exponent;
        }
    }
    let written: String = text
        .get(start..end)
        .unwrap_or_default()
        .iter()
        .map(|&c| if c == '−' { '-' } else { c })
        .collect();
    match written.parse::<f64>() {
        Ok(number) if number.is_finite() => Ok((Token::Number(number), end - start)),
        _ => Err(ExpressionError::new(start..end, Problem::NumberTooLarge)),
    }
}

/// Letters, digits, underscores and subscript digits after a letter.
fn name(start: usize, text: &[char]) -> (Token, usize) {
    let subscript = |c: char| ('₀'..='₉').contains(&c);
    let length = run_length(text, start, |c| {
        c.is_alphabetic() || c.is_ascii_digit() || c == '_' || subscript(c)
    });
    let name = text
        .get(start..start + length)
        .unwrap_or_default()
        .iter()
        .flat_map(|&c| {
            let plain = (c as u32).checked_sub('₀' as u32).filter(|_| subscript(c));
            let plain = plain.and_then(|digit| char::from_digit(digit, 10));
            plain.unwrap_or(c).to_lowercase()
        })
        .collect();
    (Token::Name(name), length)
}

/// Superscript digits, perhaps after a superscript minus.
fn power(start: usize, text: &[char]) -> Result<(Token, usize), ExpressionError> {
    let minus = usize::from(text.get(start) == Some(&'⁻'));
    let length = minus + run_length(text, start + minus, |c| superscript(c).is_some());
    if length == minus {
        return Err(unexpected(
            start,
            "a raised digit after the raised minus",
            '⁻',
        ));
    }
    let digits = text.get(start + minus..start + length).unwrap_or_default();
    let magnitude = digits.iter().fold(0.0, |value, &digit| {
        10.0 * value + f64::from(superscript(digit).unwrap_or(0))
    });
    if magnitude.is_infinite() {
        let characters = start..start + length;
        return Err(ExpressionError::new(characters, Problem::NumberTooLarge));
    }
    let exponent = if minus == 1 { -magnitude } else { magnitude };
    Ok((Token::Superscript(exponent), length))
}

fn superscript(character: char) -> Option<u8> {
    let digit = "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().position(|c| c == character)?;
    u8::try_from(digit).ok()
}
