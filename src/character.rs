//! Characters as messages show them: none that a reader cannot see or tell from another.

/// Characters without a look of their own, with what they are called.
const INVISIBLE: [(char, &str); 18] = [
    ('\u{a0}', "no-break space"),
    ('\u{ad}', "soft hyphen"),
    ('\u{61c}', "Arabic letter mark"),
    ('\u{200b}', "zero-width space"),
    ('\u{200c}', "zero-width non-joiner"),
    ('\u{200d}', "zero-width joiner"),
    ('\u{200e}', "left-to-right mark"),
    ('\u{200f}', "right-to-left mark"),
    ('\u{2009}', "thin space"),
    ('\u{202a}', "left-to-right embedding"),
    ('\u{202c}', "end of embedding"),
    ('\u{202e}', "right-to-left override"),
    ('\u{202f}', "narrow no-break space"),
    ('\u{2060}', "word joiner"),
    ('\u{2061}', "function application"),
    ('\u{2062}', "invisible times"),
    ('\u{2063}', "invisible separator"),
    ('\u{feff}', "byte order mark"),
];

/// Whether nothing is seen of it: control and format characters, blanks other than the space, and
/// marks that change the look of a neighbour.
#[must_use]
pub fn is_invisible(c: char) -> bool {
    (c != ' ' && c.is_whitespace())
        || c.is_control()
        || INVISIBLE.iter().any(|&(known, _)| known == c)
        || matches!(c,
            '\u{300}'..='\u{36f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}'
            | '\u{2028}'..='\u{202e}' | '\u{20d0}'..='\u{20ff}' | '\u{2800}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
            | '\u{fe20}'..='\u{fe2f}' | '\u{ffa0}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}')
}

/// `U+200B`.
fn code_point(c: char) -> String {
    format!("U+{:04X}", u32::from(c))
}

/// A character for a message: `'$'`, `'“' (U+201C)`, `U+200B (zero-width space)`.
#[must_use]
pub fn named(c: char) -> String {
    if is_invisible(c) {
        let name = INVISIBLE.iter().find(|&&(known, _)| known == c);
        let name = name.map_or("a character that is not seen", |&(_, name)| name);
        format!("{} ({name})", code_point(c))
    } else if c.is_ascii() {
        format!("'{c}'")
    } else {
        format!("'{c}' ({})", code_point(c))
    }
}

/// A text for a message: what is not seen of it stands there by its code point, `‹U+200B›`.
#[must_use]
pub fn shown(text: &str) -> String {
    let mut shown = String::new();
    for c in text.chars() {
        if is_invisible(c) {
            shown += "‹";
            shown += &code_point(c);
            shown += "›";
        } else {
            shown.push(c);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_seen_is_named() {
        assert_eq!(named('$'), "'$'");
        assert_eq!(named('“'), "'“' (U+201C)");
        assert_eq!(named('\u{200b}'), "U+200B (zero-width space)");
        assert_eq!(named('\u{7}'), "U+0007 (a character that is not seen)");
        assert_eq!(shown("1\u{a0}000 é"), "1‹U+00A0›000 é");
    }

    /// Evidence: Unicode's list of default-ignorable code points, and blanks by their look.
    #[test]
    fn what_unicode_ignores_is_not_seen() {
        for c in "\u{34f}\u{61c}\u{17b4}\u{180b}\u{180f}\u{2065}\u{2800}\u{3164}\u{ffa0}\u{1bca0}\u{1d173}\u{e0100}".chars() {
            assert!(is_invisible(c), "U+{:04X}", u32::from(c));
        }
    }

    #[test]
    fn letters_and_signs_are_seen() {
        assert!("aé漢π−×²₁ ,.'½".chars().all(|c| !is_invisible(c)));
    }
}
