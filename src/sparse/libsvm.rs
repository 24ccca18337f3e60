//! Files in the format of LIBSVM and SVMlight: `label index:value index:value … # comment`.
//!
//! - **Labels** are any two numbers, the higher one positive: see [`super::labels`]. Where both −1 and 1
//!   occur, 0 says that a line has no label (SVMlight), and the line is left out.
//! - **Indices** count from 0 where there is an index 0, else from 1, unless the reader says which.
//!   They may stand in any order. An index that occurs twice in a line makes it a bad one: what
//!   would be meant, the sum or the last, is anybody's guess.
//! - **Values** are finite; one of 0 is as if it were not there.
//! - `qid:` and comments are passed over, empty lines too.

use std::borrow::Cow;

use super::decoding::TextEncoding;
use super::examples::{Examples, FeatureNames, Ranking, Rows};
use super::held_out::HeldOut;
use super::labels::beginning;
use super::lines::{BadLines, NotLoaded, OnBadLine};
use super::reading::{self, Classes, Format};
use crate::number::shortest;

/// The highest index that can be read: 2²⁵ − 1, as every rule has numbers for each index up to the
/// highest.
pub const HIGHEST_INDEX: u32 = (1 << 25) - 1;

/// How to read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Where indices begin, 0 or 1; none to find out.
    pub first_index: Option<u32>,
    /// How characters are written.
    pub encoding: TextEncoding,
    /// What becomes of the rest where a line cannot be read.
    pub on_bad_line: OnBadLine,
}

/// A file being read, chunk by chunk.
pub type Reader = reading::Reader<Libsvm>;

/// The format, and what is known of the lines read so far.
#[derive(Debug, Default)]
pub struct Libsvm {
    first_index: Option<u32>,
    has_index_0: bool,
    highest_index: Option<u32>,
    /// The entries of a line.
    entries: Vec<(u32, f32)>,
}

/// A file read.
#[derive(Clone, Debug, PartialEq)]
pub struct Loaded {
    /// Its examples, and those of the second file after them.
    pub rows: Rows,
    /// Where its indices begin: 0 or 1.
    pub first_index: u32,
    /// Up to the highest index.
    pub feature_count: u32,
    /// Its labels.
    pub classes: Classes,
    /// The lines that were left out.
    pub bad: BadLines,
    /// The first row of the second file.
    pub second_file: Option<usize>,
}

impl Loaded {
    /// As examples, the second file's held out where there is one, else what is asked for.
    #[must_use]
    pub fn examples(self, held_out: HeldOut) -> Examples {
        self.ranking(held_out).finish()
    }

    /// The same, in slices.
    #[must_use]
    pub fn ranking(self, held_out: HeldOut) -> Ranking {
        let held_out = self.second_file.map_or(held_out, HeldOut::From);
        let split = held_out.split(self.rows.count());
        let first = self.first_index;
        let names = FeatureNames::Numbered { first };
        Ranking::new(self.rows, names, self.feature_count, split)
    }
}

impl Reader {
    /// Before the first byte.
    #[must_use]
    pub fn new(options: Options) -> Self {
        let format = Libsvm {
            first_index: options.first_index,
            ..Libsvm::default()
        };
        Self::of(format, options.on_bad_line, options.encoding)
    }

    /// After the last byte.
    ///
    /// # Errors
    /// As [`reading::Reader::all`].
    pub fn finish(self) -> Result<Loaded, NotLoaded> {
        let (format, classes, read) = self.all()?;
        let found = u32::from(!format.has_index_0);
        let first_index = format.first_index.unwrap_or(found);
        let mut rows = read.rows;
        rows.subtract_from_features(first_index);
        Ok(Loaded {
            rows,
            first_index,
            feature_count: format.highest_index.map_or(0, |i| i + 1 - first_index),
            classes,
            bad: read.bad,
            second_file: read.second_file,
        })
    }
}

impl Format for Libsvm {
    fn read(&mut self, line: &[u8], rows: &mut Rows) -> Result<Option<String>, String> {
        let line = plain(line);
        let text = line.split(|&byte| byte == b'#').next().unwrap_or_default();
        let mut words = text
            .split(|byte| byte.is_ascii_whitespace())
            .filter(|word| !word.is_empty());
        let Some(label) = words.next() else {
            return Ok(None);
        };
        let label = label_of(label)?;
        self.entries.clear();
        for word in words {
            if word.starts_with(b"qid:") {
                continue;
            }
            let (index, value) = entry(word)?;
            if Some(index + 1) == self.first_index {
                return Err("index 0, where the first is 1".to_owned());
            }
            if value != 0.0 {
                self.entries.push((index, value));
            }
        }
        if !self.entries.is_sorted_by_key(|&(index, _)| index) {
            self.entries.sort_unstable_by_key(|&(index, _)| index);
        }
        let mut pairs = self.entries.iter().zip(self.entries.iter().skip(1));
        if let Some(((index, _), _)) = pairs.find(|((a, _), (b, _))| a == b) {
            return Err(format!("index {index} occurs twice"));
        }
        for &(index, value) in &self.entries {
            rows.push(index, value);
        }
        rows.finish_row(false);
        let first = self.entries.first().map(|&(index, _)| index);
        self.has_index_0 |= first == Some(0);
        let last = self.entries.last().map(|&(index, _)| index);
        self.highest_index = self.highest_index.max(last);
        Ok(Some(label))
    }

    /// 0 beside −1 and 1, as SVMlight has it. One of them that is on less than a twentieth of the lines of
    /// both may be a slip, in a file of 0 and 1 say.
    fn unlabelled(counts: &[(&str, u64)]) -> Option<&'static str> {
        let count = |label: &str| {
            let found = counts.iter().find(|(known, _)| *known == label);
            found.map_or(0, |&(_, count)| count)
        };
        let [negative, positive] = [count("-1"), count("1")];
        (20 * negative.min(positive) >= negative.max(positive).max(1)).then_some("0")
    }

    /// The higher one.
    fn positive<'l>(&self, [(first, _), (second, _)]: [(&'l str, u64); 2]) -> &'l str {
        let number = |label: &str| label.parse::<f64>().unwrap_or_default();
        if number(first) > number(second) {
            first
        } else {
            second
        }
    }
}

/// The line with what only looks different written plainly: blanks of other widths, the minus sign,
/// digits and colons of full width; characters that are not seen are left out.
fn plain(line: &[u8]) -> Cow<'_, [u8]> {
    let Some(text) = (!line.is_ascii())
        .then(|| std::str::from_utf8(line).ok())
        .flatten()
    else {
        return Cow::Borrowed(line);
    };
    let plain = text.chars().filter_map(|c| match c {
        '\u{a0}' | '\u{2002}'..='\u{200a}' | '\u{202f}' | '\u{3000}' => Some(' '),
        '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}' => None,
        '\u{2212}' => Some('-'),
        // The forms of full width stand in ASCII's order.
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0),
        c => Some(c),
    });
    Cow::Owned(plain.collect::<String>().into_bytes())
}

/// A label as a number is written shortest, so that `+1`, `1.0` and `1e0` are one.
fn label_of(word: &[u8]) -> Result<String, String> {
    match parse::<f64>(word).filter(|number| number.is_finite()) {
        // 0 has no sign here.
        Some(number) => Ok(shortest(number + 0.0)),
        None => Err(format!(
            "the label must be a number, got {}{}",
            shown(word),
            looks_like(word)
        )),
    }
}

/// What a word that is no label looks like.
fn looks_like(word: &[u8]) -> &'static str {
    if word.starts_with(b"__label__") {
        " (it looks like fastText)"
    } else if word.starts_with(b"{") {
        " (it looks like JSON)"
    } else if word.contains(&b',') || word.contains(&b';') {
        " (it looks like CSV, or like several labels at once)"
    } else {
        ""
    }
}

/// `index:value`.
fn entry(word: &[u8]) -> Result<(u32, f32), String> {
    let bad = || format!("expected index:value, got {}", shown(word));
    let colon = word.iter().position(|&byte| byte == b':').ok_or_else(bad)?;
    let (index, value) = word.split_at_checked(colon).ok_or_else(bad)?;
    if index.is_empty() || !index.iter().all(u8::is_ascii_digit) {
        return Err(bad());
    }
    // Digits alone: what is no number now is too large for one.
    let index = parse(index).unwrap_or(u32::MAX);
    if index > HIGHEST_INDEX {
        return Err(format!("an index above {HIGHEST_INDEX}: {}", shown(word)));
    }
    let value = match value {
        b":1" => 1.0,
        [b':', value @ ..] => parse::<f32>(value).ok_or_else(bad)?,
        _ => return Err(bad()),
    };
    if !value.is_finite() {
        return Err(format!("the value of index {index} is not a finite f32"));
    }
    Ok((index, value))
}

fn parse<T: std::str::FromStr>(word: &[u8]) -> Option<T> {
    std::str::from_utf8(word).ok()?.parse().ok()
}

/// The beginning of a word, for a reader.
fn shown(word: &[u8]) -> String {
    format!("“{}”", beginning(&String::from_utf8_lossy(word)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sparse::shared_data;
    use proptest::prelude::*;

    fn read(text: &str, options: Options) -> Result<Loaded, NotLoaded> {
        let mut reader = Reader::new(options);
        reader.push(text.as_bytes());
        reader.finish()
    }

    fn reasons(text: &str) -> Vec<(u64, String)> {
        let bad = match read(text, Options::default()) {
            Ok(loaded) => loaded.bad,
            Err(NotLoaded::NoExample(bad) | NotLoaded::OneClass { bad, .. }) => bad,
            Err(error) => panic!("{error}"),
        };
        bad.first
            .into_iter()
            .map(|b| (b.number, b.reason))
            .collect()
    }

    fn rows(loaded: Loaded) -> Vec<(bool, Vec<(String, f32)>)> {
        let examples = loaded.examples(HeldOut::End(0.0));
        let row = |row| {
            let row = examples.row(row);
            let value = |i: usize| row.values.map_or(1.0, |values| values[i]);
            let named = row.indices.iter().enumerate();
            let entries = named.map(|(i, &rank)| (examples.name(rank as usize), value(i)));
            (row.label, entries.collect())
        };
        (0..examples.count() as u32).map(row).collect()
    }

    #[test]
    fn labels_are_any_two_numbers_the_higher_positive() {
        for (text, negative, positive) in [
            ("1 1:1\n-1 1:1\n+1 2:1", "-1", "1"),
            ("1.0 1:1\n0 1:1\n1 2:1\n", "0", "1"),
            ("2 1:1\n1 1:1\r\n2 2:1\r\n", "1", "2"),
            ("4 1:1\r2 1:1\r4 2:1", "2", "4"),
            ("8 1:1\n3 1:1\n8e0 2:1", "3", "8"),
            ("-1 1:1\n-2 1:1\n\u{2212}1 2:1", "-2", "-1"),
            ("0.5 1:1\n-1e3 1:1\n.5 2:1", "-1000", "0.5"),
        ] {
            let loaded = read(text, Options::default()).unwrap();
            let Classes {
                negative: low,
                positive: high,
            } = &loaded.classes;
            assert_eq!((low.as_str(), high.as_str()), (negative, positive));
            let found: Vec<bool> = rows(loaded).into_iter().map(|(label, _)| label).collect();
            assert_eq!(found, [true, false, true]);
        }
        let only = read("1 1:1\n1 2:1", Options::default()).unwrap_err();
        assert_eq!(
            only.to_string(),
            "all its 2 examples to train on have the label “1”: a race needs two classes"
        );
        let many = "-1 1:1\n1 1:1\n".repeat(20);
        assert_eq!(
            reasons(&[&many, "2 1:1\n1,3 1:1\n"].concat()),
            [
                (41, "“2” is none of the two labels".to_owned()),
                (
                    42,
                    "the label must be a number, got “1,3” (it looks like CSV, or like several \
                     labels at once)"
                        .to_owned()
                ),
            ]
        );
        let three = read("1 1:1\n2 1:1\n3 1:1", Options::default()).unwrap_err();
        assert!(
            three.to_string().contains("“1” (1), “2” (1), “3” (1)"),
            "{three}"
        );
    }

    #[test]
    fn zero_among_minus_one_and_one_is_no_label() {
        let text = "0 1:1\n-1 1:1\n1 2:1\n0 3:1\n1 1:1\n";
        for on_bad_line in [OnBadLine::Skip, OnBadLine::Refuse] {
            let options = Options {
                on_bad_line,
                ..Options::default()
            };
            let loaded = read(text, options).unwrap();
            assert_eq!((loaded.rows.count(), loaded.bad.count), (3, 2));
            assert_eq!(
                loaded.bad.first[0].reason,
                "“0” says that it has no label, in a file of −1 and 1"
            );
        }
    }

    /// A slip, or another file's labels, does not make 0 a sign for no label.
    #[test]
    fn zero_is_a_label_in_a_file_of_zero_and_one() {
        let many = "0 1:1\n1 2:1\n".repeat(30);
        let loaded = read(&[&many, "-1 1:1\n"].concat(), Options::default()).unwrap();
        assert_eq!((loaded.rows.count(), loaded.bad.count), (60, 1));
        let mut reader = Reader::new(Options::default());
        reader.push(many.as_bytes());
        reader.begin_second_file();
        reader.push(b"-1 1:1\n1 2:1\n0 1:1\n");
        let loaded = reader.finish().unwrap();
        assert_eq!((loaded.second_file, loaded.rows.count()), (Some(60), 62));
    }

    #[test]
    fn look_alikes_are_read_as_meant() {
        let text = "\u{feff}+1\u{a0}1:0.5 2:\u{2212}3\n\u{ff0d}\u{ff11} 3\u{ff1a}2\u{200b}\n";
        let found = rows(read(text, Options::default()).unwrap());
        let entry = |name: &str, value| (name.to_owned(), value);
        assert_eq!(found[0], (true, vec![entry("1", 0.5), entry("2", -3.0)]));
        assert_eq!(found[1], (false, vec![entry("3", 2.0)]));
        let named = reasons("1 1:1\u{1}\n1 1:1\n-1 1:1\n");
        assert_eq!(named[0].1, "expected index:value, got “1:1‹U+0001›”");
    }

    #[test]
    fn indices_from_0_or_1() {
        let first = |text, first_index| {
            let options = Options {
                first_index,
                ..Options::default()
            };
            let loaded = read(&[text, "\n-1"].concat(), options).unwrap();
            (loaded.first_index, loaded.feature_count, loaded.bad.count)
        };
        assert_eq!(first("1 1:1 3:1", None), (1, 3, 0));
        assert_eq!(first("1 0:1 3:1", None), (0, 4, 0));
        assert_eq!(first("1 1:1 3:1", Some(0)), (0, 4, 0));
        assert_eq!(first("1 0:1\n1 2:1", Some(1)), (1, 2, 1));
        assert_eq!(first("1", None), (1, 0, 0));
    }

    #[test]
    fn comments_query_numbers_order_and_zeros() {
        let text = "# a9a \u{e9}\n\n+1 qid:3 7:0.5 2:1e0 4:0 # 9:9\n-1 2:-2";
        let found = rows(read(text, Options::default()).unwrap());
        let entry = |name: &str, value| (name.to_owned(), value);
        assert_eq!(found[0], (true, vec![entry("2", 1.0), entry("7", 0.5)]));
        assert_eq!(found[1], (false, vec![entry("2", -2.0)]));
    }

    #[test]
    fn bad_lines_have_their_numbers_and_reasons() {
        let text = "x 1:1\n1 1:1 1:2\n1 a:1\n1 3\n1 3:\n1 3:nan\n1 3:1e99\n1 -3:1\n\
                    1 99999999999:1\n1 3:1:2\nnan\n1 ∞∞∞∞∞∞∞∞∞∞∞∞∞∞∞∞∞∞∞∞∞∞∞∞∞∞∞∞∞∞∞∞\n1 1:1\n";
        let found = reasons(text);
        let numbers: Vec<u64> = found.iter().map(|(number, _)| *number).collect();
        assert!(numbers.into_iter().eq(1..=12), "{found:?}");
        assert_eq!(found[0].1, "the label must be a number, got “x”");
        assert_eq!(found[1].1, "index 1 occurs twice");
        assert_eq!(found[3].1, "expected index:value, got “3”");
        assert_eq!(found[6].1, "the value of index 3 is not a finite f32");
        assert_eq!(found[8].1, "an index above 33554431: “99999999999:1”");
        assert!(found[11].1.ends_with("∞…”"));
        let refuse = Options {
            on_bad_line: OnBadLine::Refuse,
            ..Options::default()
        };
        let refused = read(text, refuse).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "12 of its lines cannot be read, so that nothing was loaded; line 1: the label must be a \
             number, got “x”"
        );
        assert!(matches!(read("#", refuse), Err(NotLoaded::NoExample(_))));
    }

    #[test]
    fn a_second_file_is_held_out() {
        let mut reader = Reader::new(Options::default());
        reader.push(b"1 1:1\n-1 2:1");
        reader.begin_second_file();
        reader.push(b"oh\n-1 5:1");
        assert_eq!(reader.count(), 2);
        let loaded = reader.finish().unwrap();
        assert_eq!((loaded.second_file, loaded.feature_count), (Some(2), 5));
        assert!(loaded.bad.first[0].in_second_file && loaded.bad.first[0].number == 1);
        let examples = loaded.examples(HeldOut::End(0.5));
        assert_eq!(examples.split.training, [0, 1]);
        assert_eq!(examples.split.held_out, [2]);
    }

    #[test]
    fn a_second_file_without_an_example_is_refused() {
        for (content, reason) in [
            ("", ""),
            ("# none\n", ""),
            ("\noh\n", "; line 2: the label must be a number, got “oh”"),
        ] {
            let mut reader = Reader::new(Options::default());
            reader.push(b"bad\n1 1:1\n-1 1:1\n");
            reader.begin_second_file();
            reader.push(content.as_bytes());
            let refused = reader.finish().unwrap_err();
            assert!(matches!(refused, NotLoaded::NoHeldOut(_)));
            let expected = ["there is no example in it", reason].concat();
            assert_eq!(refused.to_string(), expected);
        }
    }

    /// Evidence: the counts that the collection states for a9a, and `grep -c '^+1'`.
    #[test]
    fn a9a_reads_whole() {
        let Some(text) = shared_data::read("a9a_reads_whole", "libsvm/a9a") else {
            return;
        };
        let mut reader = Reader::new(Options::default());
        for chunk in text.chunks(10_007) {
            reader.push(chunk);
        }
        let loaded = reader.finish().unwrap();
        assert_eq!((loaded.rows.count(), loaded.bad.count), (32_560, 0));
        assert_eq!((loaded.first_index, loaded.feature_count), (1, 122));
        let examples = loaded.examples(HeldOut::End(0.0));
        assert_eq!(examples.values(), None);
        let positive = examples.labels().iter().filter(|label| **label).count();
        let marked = text
            .split(|&byte| byte == b'\n')
            .filter(|line| line.starts_with(b"+1"));
        assert_eq!(positive, marked.count());
    }

    proptest! {
        #[test]
        fn what_was_written_is_read(
            written in prop::collection::vec(
                (any::<bool>(), prop::collection::btree_map(1..60_u32, -9.0..9.0_f32, 1..8)),
                1..20,
            )
        ) {
            let mut written = written;
            // A file has two classes.
            written.extend([true, false].map(|label| (label, [(1, 1.0)].into())));
            let mut text = String::new();
            for (label, entries) in &written {
                text += if *label { "+1" } else { "-1" };
                for (index, value) in entries {
                    text += &format!(" {index}:{value}");
                }
                text += "\n";
            }
            let found = rows(read(&text, Options::default()).unwrap());
            for ((label, entries), (found_label, found)) in written.iter().zip(found) {
                prop_assert_eq!(*label, found_label);
                let by_name = |a: &(String, f32), b: &(String, f32)| a.0.cmp(&b.0);
                let mut found = found;
                found.sort_by(by_name);
                let mut expected: Vec<(String, f32)> = entries
                    .iter()
                    .filter(|(_, value)| **value != 0.0)
                    .map(|(index, value)| (index.to_string(), *value))
                    .collect();
                expected.sort_by(by_name);
                prop_assert_eq!(expected, found);
            }
        }

        #[test]
        fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let mut reader = Reader::new(Options::default());
            reader.push(&bytes);
            let _ = reader.finish();
        }

        #[test]
        fn no_near_miss_panics(text in "([-+]?[0-3x] |[0-9]{1,11}:[-0-9.e]{0,5} |qid:|#|\n|:){0,40}") {
            if let Ok(loaded) = read(&text, Options::default()) {
                let _ = loaded.examples(HeldOut::End(0.5));
            }
        }
    }
}
