//! Lines out of chunks of bytes, and what is wrong with some of them.

/// Bytes in, whole lines out: chunks may end anywhere.
#[derive(Debug, Default)]
pub(super) struct Lines {
    /// The beginning of a line whose end is yet to come.
    begun: Vec<u8>,
    /// Of the last whole line, from 1.
    number: u64,
}

impl Lines {
    /// Calls `take` with the number, from 1, and the bytes of every line that ends in this chunk,
    /// without its end.
    pub(super) fn push(&mut self, chunk: &[u8], mut take: impl FnMut(u64, &[u8])) {
        let mut pieces = chunk.split(|&byte| byte == b'\n');
        let mut piece = pieces.next().unwrap_or_default();
        for next in pieces {
            self.begun.extend_from_slice(piece);
            self.end(&mut take);
            piece = next;
        }
        self.begun.extend_from_slice(piece);
    }

    /// The last line, where it has no end of its own. The next line is number 1 again.
    pub(super) fn finish(&mut self, mut take: impl FnMut(u64, &[u8])) {
        if !self.begun.is_empty() {
            self.end(&mut take);
        }
        self.number = 0;
    }

    fn end(&mut self, take: &mut impl FnMut(u64, &[u8])) {
        self.number += 1;
        let line: &[u8] = self.begun.strip_suffix(b"\r").unwrap_or(&self.begun);
        // A byte-order mark is no part of the text.
        let mark = if self.number == 1 { "\u{feff}" } else { "" };
        take(
            self.number,
            line.strip_prefix(mark.as_bytes()).unwrap_or(line),
        );
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
