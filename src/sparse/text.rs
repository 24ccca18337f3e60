//! Labelled text: a line is `label TAB text`.
//!
//! Text becomes its words, by Unicode's word boundaries (UAX #29) and in lower case; a word is there
//! or not, however often: its value is 1. There are two labels, the first two found; a line with a
//! third is a bad one. The rarer is the positive class unless the reader chooses. Bytes that are no
//! UTF-8 become U+FFFD, which is no word; empty lines are passed over.

use std::collections::HashMap;

use unicode_segmentation::UnicodeSegmentation as _;

use super::examples::{Examples, FeatureNames, Ranking, Rows};
use super::held_out::HeldOut;
use super::lines::{BadLines, NotLoaded, OnBadLine};
use super::reading::{self, Format};

/// How to read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The label of the positive class; none for the rarer one.
    pub positive: Option<String>,
    /// What becomes of the rest where a line cannot be read.
    pub on_bad_line: OnBadLine,
}

/// A text being read, chunk by chunk.
pub type Reader = reading::Reader<LabelledText>;

/// The format, and what is known of the lines read so far.
#[derive(Debug, Default)]
pub struct LabelledText {
    positive: Option<String>,
    /// For each row, the place of its label in `labels`.
    row_labels: Vec<usize>,
    labels: Vec<String>,
    vocabulary: HashMap<String, u32>,
    /// The words of a line.
    words: Vec<u32>,
}

/// A text read.
#[derive(Clone, Debug, PartialEq)]
pub struct Loaded {
    /// Its examples, and those of the second file after them.
    pub rows: Rows,
    /// The words, by their feature's number: in the order in which they first occur.
    pub words: Vec<String>,
    /// The labels, in the order in which they first occur, and how many examples each has.
    pub labels: Vec<(String, usize)>,
    /// The positive one.
    pub positive: String,
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
        let count = self.words.len() as u32;
        Ranking::new(self.rows, FeatureNames::Words(self.words), count, split)
    }
}

impl Reader {
    /// Before the first byte.
    #[must_use]
    pub fn new(options: Options) -> Self {
        let format = LabelledText {
            positive: options.positive,
            ..LabelledText::default()
        };
        Self::of(format, options.on_bad_line)
    }

    /// After the last byte.
    ///
    /// # Errors
    /// Where there is no example, in the second file if there is one either, a bad line and the
    /// reader wants none, or not the label chosen.
    pub fn finish(self) -> Result<Loaded, NotLoaded> {
        let (format, mut read) = self.all()?;
        let labels = format.labels.into_iter();
        let mut labels: Vec<(String, usize)> = labels.map(|label| (label, 0)).collect();
        for &place in &format.row_labels {
            if let Some((_, count)) = labels.get_mut(place) {
                *count += 1;
            }
        }
        let positive = match format.positive {
            Some(given) => labels
                .iter()
                .position(|(label, _)| *label == given)
                .ok_or_else(|| NotLoaded::NoSuchLabel {
                    labels: labels.iter().map(|(label, _)| label.clone()).collect(),
                    given,
                })?,
            // Of equally rare ones, the later.
            None => (0..labels.len())
                .rev()
                .min_by_key(|&place| labels.get(place).map(|(_, count)| *count))
                .unwrap_or_default(),
        };
        let of_rows = format.row_labels.iter();
        read.rows
            .set_labels(of_rows.map(|&place| place == positive));
        let mut words = vec![String::new(); format.vocabulary.len()];
        for (word, feature) in format.vocabulary {
            if let Some(slot) = words.get_mut(feature as usize) {
                *slot = word;
            }
        }
        let name = labels.get(positive).map(|(label, _)| label.clone());
        Ok(Loaded {
            rows: read.rows,
            words,
            positive: name.unwrap_or_default(),
            labels,
            bad: read.bad,
            second_file: read.second_file,
        })
    }
}

impl Format for LabelledText {
    fn read(&mut self, line: &[u8], rows: &mut Rows) -> Result<(), String> {
        let line = String::from_utf8_lossy(line);
        if line.trim().is_empty() {
            return Ok(());
        }
        let Some((label, text)) = line.split_once('\t') else {
            return Err("there is no tab between label and text".to_owned());
        };
        let label = label.trim();
        let place = match self.labels.iter().position(|known| known == label) {
            Some(place) => place,
            None if label.is_empty() => return Err("there is no label before the tab".to_owned()),
            None if self.labels.len() < 2 => {
                self.labels.push(label.to_owned());
                self.labels.len() - 1
            }
            None => {
                let beginning: String = label.chars().take(30).collect();
                return Err(format!(
                    "“{beginning}” is a third label, after “{}”",
                    self.labels.join("” and “")
                ));
            }
        };
        self.words.clear();
        for word in text.unicode_words() {
            let word = word.to_lowercase();
            let next = self.vocabulary.len() as u32;
            self.words
                .push(*self.vocabulary.entry(word).or_insert(next));
        }
        self.words.sort_unstable();
        self.words.dedup();
        for &word in &self.words {
            rows.push(word, 1.0);
        }
        rows.finish_row(false);
        self.row_labels.push(place);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sparse::shared_data;
    use proptest::prelude::*;

    fn read(text: &str, positive: Option<&str>) -> Result<Loaded, NotLoaded> {
        let mut reader = Reader::new(Options {
            positive: positive.map(str::to_owned),
            on_bad_line: OnBadLine::Skip,
        });
        reader.push(text.as_bytes());
        reader.finish()
    }

    fn words(loaded: Loaded) -> Vec<(bool, Vec<String>)> {
        let examples = loaded.examples(HeldOut::End(0.0));
        assert_eq!(examples.values(), None);
        let row = |row| {
            let row = examples.row(row);
            let name = |&rank: &u32| examples.name(rank as usize);
            let mut words: Vec<String> = row.indices.iter().map(name).collect();
            words.sort_unstable();
            (row.label, words)
        };
        (0..examples.count() as u32).map(row).collect()
    }

    #[test]
    fn words_are_unicodes_and_there_or_not() {
        let text = "ham\tThe ÉTÉ, the 3.5 can't\nspam\té\u{301}té 東京\nham\t!!\n";
        let loaded = read(text, None).unwrap();
        assert_eq!(loaded.positive, "spam");
        assert_eq!(
            loaded.labels,
            [("ham".to_owned(), 2), ("spam".to_owned(), 1)]
        );
        let found = words(loaded);
        let expected = |label, words: &[&str]| {
            let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
            (label, words)
        };
        assert_eq!(found[0], expected(false, &["3.5", "can't", "the", "été"]));
        assert_eq!(found[1], expected(true, &["é\u{301}té", "京", "東"]));
        assert_eq!(found[2], expected(false, &[]));
    }

    #[test]
    fn the_positive_label_can_be_chosen() {
        let text = "a\tx\nb\ty\nb\tz\n";
        assert_eq!(read(text, None).unwrap().positive, "a");
        assert_eq!(read(text, Some("b")).unwrap().positive, "b");
        assert_eq!(
            read(text, Some("c")).unwrap_err().to_string(),
            "the positive label must be “a” or “b”, got “c”"
        );
        assert!(matches!(read("", Some("c")), Err(NotLoaded::NoExample(_))));
        // As rare: the later.
        assert_eq!(read("a\tx\nb\ty", None).unwrap().positive, "b");
        assert_eq!(read("a\tx", None).unwrap().positive, "a");
    }

    #[test]
    fn bad_lines_have_their_numbers_and_reasons() {
        let loaded = read("a\tx\n\nno tab\nb\ty\nc\tz\n\tw\n", None).unwrap();
        let found: Vec<(u64, &str)> = loaded
            .bad
            .first
            .iter()
            .map(|bad| (bad.number, bad.reason.as_str()))
            .collect();
        assert_eq!(
            found,
            [
                (3, "there is no tab between label and text"),
                (5, "“c” is a third label, after “a” and “b”"),
                (6, "there is no label before the tab"),
            ]
        );
        assert!(matches!(read("x", None), Err(NotLoaded::NoExample(bad)) if bad.count == 1));
        let mut reader = Reader::new(Options::default());
        reader.push(b"a\tx\nb\ty\n");
        reader.begin_second_file();
        reader.push(b"c\tx\n");
        assert_eq!(
            reader.finish().unwrap_err().to_string(),
            "there is no example in it; line 1: “c” is a third label, after “a” and “b”"
        );
    }

    /// Evidence: `cut -f 1 | sort | uniq -c` of the file.
    #[test]
    fn the_sms_collection_reads_whole() {
        let name = "text/SMSSpamCollection";
        let Some(text) = shared_data::read("the_sms_collection_reads_whole", name) else {
            return;
        };
        let mut reader = Reader::new(Options::default());
        for chunk in text.chunks(1_001) {
            reader.push(chunk);
        }
        let loaded = reader.finish().unwrap();
        assert_eq!(loaded.bad, BadLines::default());
        assert_eq!(loaded.positive, "spam");
        let count = |label: &str| {
            let lines = text.split(|&byte| byte == b'\n');
            lines
                .filter(|line| line.starts_with(label.as_bytes()))
                .count()
        };
        let expected = [("ham", count("ham\t")), ("spam", count("spam\t"))];
        assert_eq!(
            loaded.labels,
            expected.map(|(label, count)| (label.to_owned(), count))
        );
        assert_eq!(loaded.rows.count(), 5_574);
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let mut reader = Reader::new(Options::default());
            reader.push(&bytes);
            let _ = reader.finish();
        }

        #[test]
        fn no_text_panics(lines in prop::collection::vec("[ab ]\t\\PC{0,20}", 0..9)) {
            if let Ok(loaded) = read(&lines.join("\n"), None) {
                words(loaded);
            }
        }
    }
}
