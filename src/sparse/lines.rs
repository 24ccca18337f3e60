//! Lines out of chunks of bytes, and what is wrong with some of them.

use super::decoding::NotText;

/// A byte-order mark is no part of the text, wherever files were joined.
const MARK: &[u8] = "\u{feff}".as_bytes();

/// Bytes in, whole lines out: chunks may end anywhere.
///
/// A line ends with LF, with CR and LF, or with CR alone, as old spreadsheets write it.
#[derive(Debug, Default)]
pub(super) struct Lines {
    /// The beginning of a line whose end is yet to come.
    begun: Vec<u8>,
    /// Whether the last byte was a CR: an LF after it belongs to the same end.
    after_cr: bool,
    /// Of the last whole line, from 1.
    number: u64,
}

impl Lines {
    /// Calls `take` with the number, from 1, and the bytes of every line that ends in this chunk,
    /// without its end.
    pub(super) fn push(&mut self, mut chunk: &[u8], mut take: impl FnMut(u64, &[u8])) {
        if self.after_cr && !chunk.is_empty() {
            self.after_cr = false;
            chunk = chunk.strip_prefix(b"\n").unwrap_or(chunk);
        }
        while let Some(end) = chunk
            .iter()
            .position(|&byte| byte == b'\n' || byte == b'\r')
        {
            let (line, rest) = chunk.split_at(end);
            self.begun.extend_from_slice(line);
            self.end(&mut take);
            chunk = match rest {
                [b'\r', b'\n', rest @ ..] => rest,
                [b'\r'] => {
                    self.after_cr = true;
                    &[]
                }
                [_, rest @ ..] => rest,
                [] => &[],
            };
        }
        self.begun.extend_from_slice(chunk);
    }

    /// The last line, where it has no end of its own. The next line is number 1 again.
    pub(super) fn finish(&mut self, mut take: impl FnMut(u64, &[u8])) {
        if !self.begun.is_empty() {
            self.end(&mut take);
        }
        *self = Self::default();
    }

    fn end(&mut self, take: &mut impl FnMut(u64, &[u8])) {
        self.number += 1;
        let line = self.begun.strip_prefix(MARK).unwrap_or(&self.begun);
        take(self.number, line);
        self.begun.clear();
    }
}

/// What becomes of the rest where a line cannot be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnBadLine {
    /// It loads.
    #[default]
    Skip,
    /// Nothing does.
    Refuse,
}

/// A line that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadLine {
    /// Its number, from 1.
    pub number: u64,
    /// Whether it is in the second file, of held-out examples.
    pub in_second_file: bool,
    /// What is wrong with it.
    pub reason: String,
}

/// The lines that cannot be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BadLines {
    /// How many.
    pub count: u64,
    /// The first of them, at most [`Self::MOST_KEPT`].
    pub first: Vec<BadLine>,
    /// Lines that are read, but are not UTF-8: some of their characters are lost.
    pub not_utf8: u64,
}

impl BadLines {
    /// Nobody reads more, and a file may have nothing else.
    pub const MOST_KEPT: usize = 100;

    /// The first of them, as the end of a sentence; nothing where there is none.
    fn begins_with(&self) -> String {
        let Some(line) = self.first.first() else {
            return String::new();
        };
        let file = if line.in_second_file {
            " of the held-out file"
        } else {
            ""
        };
        format!("; line {}{file}: {}", line.number, line.reason)
    }

    /// The first of those of the second file, likewise.
    fn second_file_begins_with(&self) -> String {
        let line = self.first.iter().find(|line| line.in_second_file);
        line.map_or_else(String::new, |line| {
            format!("; line {}: {}", line.number, line.reason)
        })
    }

    pub(super) fn push(&mut self, number: u64, in_second_file: bool, reason: String) {
        self.count += 1;
        if self.first.len() < Self::MOST_KEPT {
            self.first.push(BadLine {
                number,
                in_second_file,
                reason,
            });
        }
    }

    /// Adds the lines of `others`, each in its place.
    pub(super) fn merge(&mut self, others: Self) {
        self.count += others.count;
        self.first.extend(others.first);
        self.first
            .sort_by_key(|line| (line.in_second_file, line.number));
        self.first.truncate(Self::MOST_KEPT);
    }
}

/// Why nothing was loaded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotLoaded {
    /// There is a line that cannot be read, and the reader chose [`OnBadLine::Refuse`].
    #[error("{} of its lines cannot be read, so that nothing was loaded{}", .0.count, .0.begins_with())]
    BadLines(BadLines),
    /// No line is an example.
    #[error("there is no example in it{}", .0.begins_with())]
    NoExample(BadLines),
    /// There is a second file, and no line of it is an example.
    #[error("there is no example in it{}", .0.second_file_begins_with())]
    NoHeldOut(BadLines),
    /// What was given is no text.
    #[error("{what}")]
    NotText {
        /// What it is.
        what: NotText,
        /// Whether it is the second file.
        in_second_file: bool,
    },
    /// More than two labels are common.
    #[error("{0}")]
    Labels(String),
    /// All examples to train on have the same label.
    #[error(
        "all its {count} examples to train on have the label “{label}”: a race needs two classes{}",
        bad.begins_with()
    )]
    OneClass {
        /// The label.
        label: String,
        /// How many examples there are.
        count: u64,
        /// The lines that were left out.
        bad: BadLines,
    },
    /// The label chosen as positive is none of the file's.
    #[error("the positive label must be “{}”, got “{given}”", labels.join("” or “"))]
    NoSuchLabel {
        /// Those there are.
        labels: Vec<String>,
        /// The one chosen.
        given: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn lines(chunks: &[&[u8]]) -> Vec<(u64, String)> {
        let mut lines = Lines::default();
        let mut found = Vec::new();
        let mut take = |number, line: &[u8]| {
            found.push((number, String::from_utf8_lossy(line).into_owned()));
        };
        for chunk in chunks {
            lines.push(chunk, &mut take);
        }
        lines.finish(&mut take);
        found
    }

    #[test]
    fn ends_are_unix_windows_or_missing() {
        let found = lines(&[b"\xef\xbb\xbfa\r\nb\n\nc"]);
        let expected = [(1, "a"), (2, "b"), (3, ""), (4, "c")];
        assert_eq!(found, expected.map(|(n, line)| (n, line.to_owned())));
        assert!(lines(&[b""]).is_empty());
    }

    #[test]
    fn a_lone_cr_ends_a_line_too() {
        assert_eq!(lines(&[b"\r", b"\n", b"\n"]).len(), 2);
        let expected = [(1, "a"), (2, "b"), (3, ""), (4, "c"), (5, "d")];
        let expected = expected.map(|(n, line)| (n, line.to_owned()));
        assert_eq!(lines(&[b"a\rb\r\rc\nd"]), expected);
        assert_eq!(
            lines(&[b"a\r", b"b\r", b"\r\n", b"c\r", b"\nd\r"]),
            expected
        );
    }

    #[test]
    fn a_mark_at_the_beginning_of_any_line_is_no_text() {
        let found = lines(&["\u{feff}a\n\u{feff}b\u{feff}".as_bytes()]);
        assert_eq!(found, [(1, "a".to_owned()), (2, "b\u{feff}".to_owned())]);
    }

    proptest! {
        #[test]
        fn where_chunks_end_makes_no_difference(
            text in "[ab\r\n]{0,30}", cuts in prop::collection::vec(0..30_usize, 0..4)
        ) {
            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(text.len())).collect();
            cuts.push(text.len());
            cuts.sort_unstable();
            let mut start = 0;
            let mut chunks = Vec::new();
            for cut in cuts {
                chunks.push(&text.as_bytes()[start..cut]);
                start = cut;
            }
            prop_assert_eq!(lines(&chunks), lines(&[text.as_bytes()]));
        }
    }
}
