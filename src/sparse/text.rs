//! Labelled text: a line is `label TAB text`, or has label and text in other columns.
//!
//! Text becomes its words, by Unicode's word boundaries (UAX #29) and in lower case; a word is there
//! or not, however often: its value is 1. The two commonest [labels](super::labels) are the classes,
//! the rarer one positive unless the reader chooses. Bytes that are no UTF-8 become U+FFFD, which is
//! no word; empty lines are passed over.

use std::collections::HashMap;

use unicode_segmentation::UnicodeSegmentation as _;

use super::decoding::TextEncoding;
use super::examples::{Examples, FeatureNames, Ranking, Rows};
use super::held_out::HeldOut;
use super::labels::beginning;
use super::lines::{BadLines, NotLoaded, OnBadLine};
use super::reading::{self, Classes, Format};

/// How to read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The label of the positive class; none for the rarer one.
    pub positive: Option<String>,
    /// Where label and text stand.
    pub columns: TextColumns,
    /// How characters are written.
    pub encoding: TextEncoding,
    /// What becomes of the rest where a line cannot be read.
    pub on_bad_line: OnBadLine,
}

/// Which columns, with tabs between, have the label and the text, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextColumns {
    /// The label's.
    pub label: u32,
    /// The text's. In the last column of all that are named it goes on to the end of the line, tabs
    /// included.
    pub text: u32,
}

impl Default for TextColumns {
    fn default() -> Self {
        Self { label: 1, text: 2 }
    }
}

impl TextColumns {
    /// As far as columns are counted.
    pub const MOST: u32 = 100;

    /// The columns, label first, as in `2,1`.
    #[must_use]
    pub fn text(self) -> String {
        format!("{},{}", self.label, self.text)
    }

    /// What [`Self::text`] writes; none where a number is not from 1 to [`Self::MOST`], or both are the
    /// same.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let (label, text) = text.split_once(',')?;
        let number = |text: &str| {
            let number = text.trim().parse().ok();
            number.filter(|number| (1..=Self::MOST).contains(number))
        };
        let columns = Self {
            label: number(label)?,
            text: number(text)?,
        };
        (columns.label != columns.text).then_some(columns)
    }

    /// Label and text of a line; none where it has too few columns.
    fn split(self, line: &str) -> Option<(&str, &str)> {
        let last = self.label.max(self.text);
        let column = |number: u32| line.splitn(last as usize, '\t').nth(number as usize - 1);
        Some((column(self.label)?, column(self.text)?))
    }
}

/// A text being read, chunk by chunk.
pub type Reader = reading::Reader<LabelledText>;

/// The format, and what is known of the lines read so far.
#[derive(Debug, Default)]
pub struct LabelledText {
    positive: Option<String>,
    columns: TextColumns,
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
    /// The labels.
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
            columns: options.columns,
            ..LabelledText::default()
        };
        Self::of(format, options.on_bad_line, options.encoding)
    }

    /// After the last byte.
    ///
    /// # Errors
    /// As [`reading::Reader::all`]; and where the label chosen is none of the two.
    pub fn finish(self) -> Result<Loaded, NotLoaded> {
        let (format, classes, read) = self.all()?;
        if let Some(given) = format.positive
            && given != classes.positive
        {
            let labels = [classes.negative, classes.positive].map(|label| beginning(&label));
            return Err(NotLoaded::NoSuchLabel {
                labels: labels.to_vec(),
                given: beginning(&given),
            });
        }
        let mut words = vec![String::new(); format.vocabulary.len()];
        for (word, feature) in format.vocabulary {
            if let Some(slot) = words.get_mut(feature as usize) {
                *slot = word;
            }
        }
        Ok(Loaded {
            rows: read.rows,
            words,
            classes,
            bad: read.bad,
            second_file: read.second_file,
        })
    }
}

impl Format for LabelledText {
    fn read(&mut self, line: &[u8], rows: &mut Rows) -> Result<Option<String>, String> {
        let line = String::from_utf8_lossy(line);
        if line.trim().is_empty() {
            return Ok(None);
        }
        let Some((label, text)) = self.columns.split(&line) else {
            return Err(no_columns(&line, self.columns));
        };
        let label = label.trim();
        if label.is_empty() {
            return Err("there is no label before the tab".to_owned());
        }
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
        Ok(Some(label.to_owned()))
    }

    fn unlabelled(_: &[(&str, u64)]) -> Option<&'static str> {
        None
    }

    /// The one chosen, else the rarer; of equally rare ones, the later.
    fn positive<'l>(&self, [(common, _), (rare, _)]: [(&'l str, u64); 2]) -> &'l str {
        match &self.positive {
            Some(chosen) if chosen == common => common,
            _ => rare,
        }
    }
}

/// Why a line has no label and text, and what it looks like.
fn no_columns(line: &str, columns: TextColumns) -> String {
    let line = line.trim();
    if columns != TextColumns::default() {
        let last = columns.label.max(columns.text);
        return format!("there are fewer than {last} columns with tabs between");
    }
    let looks_like = if line.starts_with("__label__") {
        " (it looks like fastText: put a tab after the label)"
    } else if line.starts_with('{') {
        " (it looks like JSON)"
    } else if line.contains(" |") {
        " (it looks like Vowpal Wabbit)"
    } else if line.contains([',', ';']) {
        " (values with commas or semicolons between, as in CSV, are not read: save it with tabs)"
    } else {
        ""
    };
    format!(
        "there is no tab between label and text{looks_like}: “{}”",
        beginning(line)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sparse::shared_data;
    use proptest::prelude::*;

    fn read(text: &str, positive: Option<&str>) -> Result<Loaded, NotLoaded> {
        let mut reader = Reader::new(Options {
            positive: positive.map(str::to_owned),
            ..Options::default()
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
        assert_eq!(loaded.classes, classes("ham", "spam"));
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
        assert_eq!(read(text, None).unwrap().classes.positive, "a");
        assert_eq!(read(text, Some("b")).unwrap().classes, classes("a", "b"));
        assert_eq!(
            read(text, Some("c")).unwrap_err().to_string(),
            "the positive label must be “b” or “a”, got “c”"
        );
        assert!(matches!(read("", Some("c")), Err(NotLoaded::NoExample(_))));
        // As rare: the later.
        assert_eq!(read("a\tx\nb\ty", None).unwrap().classes.positive, "b");
    }

    #[test]
    fn one_class_is_no_race() {
        assert_eq!(
            read("a\tx\na\ty\nno tab", None).unwrap_err().to_string(),
            "all its 2 examples to train on have the label “a”: a race needs two classes; line 3: \
             there is no tab between label and text: “no tab”"
        );
    }

    #[test]
    fn a_header_and_stray_quotes_are_bad_lines() {
        let mut text = "label\ttext\n".to_owned();
        for _ in 0..20 {
            text += "ham\thello\nham\tthere\nspam\twin\n";
        }
        text += "\"ham\tit opens here\nand closes there\"\n\"ham\"\tquoted\n";
        let loaded = read(&text, None).unwrap();
        assert_eq!(loaded.classes, classes("ham", "spam"));
        assert_eq!(loaded.rows.count(), 60);
        let numbers: Vec<u64> = loaded.bad.first.iter().map(|bad| bad.number).collect();
        assert_eq!(numbers, [1, 62, 63, 64]);
        assert_eq!(
            loaded.bad.first[0].reason,
            "“label” is the label of a header"
        );
    }

    #[test]
    fn columns_can_be_chosen() {
        let of = |text: &str, columns| {
            let mut reader = Reader::new(Options {
                columns: TextColumns::read(columns).unwrap(),
                ..Options::default()
            });
            reader.push(text.as_bytes());
            reader.finish()
        };
        let swapped = of("hello there\tham\nwin now\tspam\nbye\tham", "2,1").unwrap();
        assert_eq!(swapped.classes, classes("ham", "spam"));
        assert_eq!(swapped.words, ["hello", "there", "win", "now", "bye"]);
        let third = of("7\tham\ta\tb\n8\tspam\tc", "2,3").unwrap();
        assert_eq!(third.words, ["a", "b", "c"]);
        assert!(of("ham\ta\nspam\tb", "2,3").is_err());
        for none in ["", "1", "1,1", "0,1", "a,b", "1,101"] {
            assert_eq!(TextColumns::read(none), None, "{none}");
        }
        let other = TextColumns { label: 3, text: 1 };
        assert_eq!(TextColumns::read(&other.text()), Some(other));
    }

    #[test]
    fn encodings_are_read_or_counted() {
        let latin = b"ham\tcaf\xe9\nspam\tna\xefve\nham\tplain\n";
        let of = |encoding| {
            let mut reader = Reader::new(Options {
                encoding,
                ..Options::default()
            });
            reader.push(latin);
            reader.finish().unwrap()
        };
        assert_eq!(of(TextEncoding::Utf8).bad.not_utf8, 2);
        let read = of(TextEncoding::Windows1252);
        assert_eq!(read.bad, BadLines::default());
        assert_eq!(read.words, ["café", "naïve", "plain"]);
        // 0xE9 begins a character of two bytes in Shift JIS that a line's end cannot finish.
        assert!(of(TextEncoding::ShiftJis).bad.not_utf8 > 0);
        // What was pasted is UTF-8, whatever files are; the next file is not.
        let mut reader = Reader::new(Options {
            encoding: TextEncoding::Windows1252,
            ..Options::default()
        });
        reader.expect_utf8();
        reader.push("ham\tcafé\nspam\tplain\n".as_bytes());
        reader.begin_second_file();
        reader.push(b"ham\tna\xefve\n");
        assert_eq!(reader.finish().unwrap().words, ["café", "plain", "naïve"]);
    }

    #[test]
    fn a_small_file_with_a_header_is_read() {
        let loaded = read("sentiment\ttext\nham\thello\nspam\twin\n", None).unwrap();
        assert_eq!(loaded.classes, classes("ham", "spam"));
        assert_eq!(
            loaded.bad.first[0].reason,
            "“sentiment” is the label of a header"
        );
    }

    fn classes(negative: &str, positive: &str) -> Classes {
        Classes {
            negative: negative.to_owned(),
            positive: positive.to_owned(),
        }
    }

    #[test]
    fn bad_lines_have_their_numbers_and_reasons() {
        let many = "a\tx\nb\ty\n".repeat(20);
        let text = [many.as_str(), "\nno tab\n{\"a\": 1}\nc\tz\n\tw\n"].concat();
        let loaded = read(&text, None).unwrap();
        let found: Vec<(u64, &str)> = loaded
            .bad
            .first
            .iter()
            .map(|bad| (bad.number, bad.reason.as_str()))
            .collect();
        assert_eq!(
            found,
            [
                (42, "there is no tab between label and text: “no tab”"),
                (
                    43,
                    "there is no tab between label and text (it looks like JSON): “{\"a\": 1}”"
                ),
                (44, "“c” is none of the two labels"),
                (45, "there is no label before the tab"),
            ]
        );
        assert!(matches!(read("x", None), Err(NotLoaded::NoExample(bad)) if bad.count == 1));
        let mut reader = Reader::new(Options::default());
        reader.push(b"a\tx\nb\ty\n");
        reader.begin_second_file();
        reader.push(b"c\tx\n");
        assert_eq!(
            reader.finish().unwrap_err().to_string(),
            "there is no example in it; line 1: “c” is none of the two labels"
        );
    }

    /// Evidence: `wc -l` of the file, and the description that comes with it.
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
        assert_eq!(loaded.bad.count, 0);
        assert_eq!(loaded.classes, classes("ham", "spam"));
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
