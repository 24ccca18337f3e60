//! Characters that mean what a plainer one means: of other alphabets, other widths, or not seen.
//!
//! Texts are copied from papers, messengers and PDF files, which put the look of a character above
//! its identity.

/// The characters that are read, each with its place in the text as typed.
#[derive(Debug, Default)]
pub(super) struct Spelled {
    pub(super) characters: Vec<char>,
    places: Vec<usize>,
}

impl Spelled {
    /// The text with plain characters for those that can only mean them.
    pub(super) fn of(text: &[char]) -> Self {
        let mut spelled = Self::default();
        for (place, &character) in text.iter().enumerate() {
            if let Some(plain) = plain(character) {
                spelled.characters.push(plain);
                spelled.places.push(place);
            }
        }
        spelled.places.push(text.len());
        spelled
    }

    /// Where in the text as typed characters of the one that is read stand.
    pub(super) fn typed(&self, read: &std::ops::Range<usize>) -> std::ops::Range<usize> {
        let end = self.places.last().copied().unwrap_or_default();
        let place = |index: usize| self.places.get(index).copied().unwrap_or(end);
        let start = place(read.start);
        // What is not seen after the last character is not part of it.
        let last = read.end.checked_sub(1).filter(|&last| last >= read.start);
        start..last.map_or(start, |last| (place(last) + 1).min(end))
    }
}

/// The plain character that one stands for; none for what only joins or directs others.
fn plain(character: char) -> Option<char> {
    Some(match character {
        '\u{ad}'
        | '\u{61c}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'
        | '\u{2061}'
        | '\u{2066}'..='\u{2069}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' => return None,
        '∗' | '⁎' | '∙' | '•' | '‧' | '・' | '✕' | '✖' | '⨯' | '\u{2062}' | '﹡' => {
            '*'
        }
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '﹣' | '➖' | '˗' => '−',
        '∕' | '⁄' | '⧸' => '/',
        '➕' | '﹢' | '\u{2064}' => '+',
        'ˆ' | '‸' | '↑' => '^',
        // Letters of other alphabets that look like these.
        'а' | 'А' => 'a',
        'с' | 'С' => 'c',
        'е' | 'Е' | 'ℯ' => 'e',
        'і' | 'І' => 'i',
        'о' | 'О' | 'ο' | 'Ο' | 'ℴ' => 'o',
        'р' | 'Р' => 'p',
        'ѕ' | 'Ѕ' => 's',
        'х' | 'Х' => 'x',
        'у' | 'У' => 'y',
        'ℎ' => 'h',
        'ℓ' => 'l',
        // ASCII in the width of Chinese characters.
        '\u{ff01}'..='\u{ff5e}' => offset(character, 0xff01, '!'),
        // Mathematical letters, bold, italic and so on, in turns of 52; then Greek and digits.
        '\u{1d400}'..='\u{1d6a3}' => match (u32::from(character) - 0x1d400) % 52 {
            capital @ 0..26 => letter(b'A', capital),
            small => letter(b'a', small - 26),
        },
        '\u{1d6d1}' | '\u{1d70b}' | '\u{1d745}' | '\u{1d77f}' | '\u{1d7b9}' => 'π',
        '\u{1d7ce}'..='\u{1d7ff}' => letter(b'0', (u32::from(character) - 0x1d7ce) % 10),
        other => other,
    })
}

fn offset(character: char, from: u32, to: char) -> char {
    let code = u32::from(character) - from + u32::from(to);
    char::from_u32(code).unwrap_or(character)
}

fn letter(first: u8, index: u32) -> char {
    char::from_u32(u32::from(first) + index).unwrap_or('\u{fffd}')
}
