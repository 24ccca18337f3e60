//! Examples out of a file's lines, and out of those of a second file, which are held out.

use super::decoding::{Decoding, NotText, TextEncoding};
use super::examples::Rows;
use super::labels::{Labels, beginning};
use super::lines::{BadLines, Lines, NotLoaded, OnBadLine};

/// How lines are written, and what is known of those read so far.
pub trait Format {
    /// Reads a line into at most one row; answers with its label, none where there is no row.
    ///
    /// # Errors
    /// What is wrong with the line, in words; then nothing of it is in `rows`.
    fn read(&mut self, line: &[u8], rows: &mut Rows) -> Result<Option<String>, String>;

    /// The label that says that an example has none, in a file whose training examples have these labels
    /// so often.
    fn unlabelled(counts: &[(&str, u64)]) -> Option<&'static str>;

    /// The label of the positive class among the two that are common, given with their counts.
    fn positive<'l>(&self, labels: [(&'l str, u64); 2]) -> &'l str;
}

/// A file being read, chunk by chunk.
#[derive(Debug)]
pub struct Reader<F> {
    format: F,
    on_bad_line: OnBadLine,
    encoding: TextEncoding,
    decoding: Decoding,
    /// What the file is where it is no text: the rest of it is not looked at.
    not_text: Option<NotLoaded>,
    lines: Lines,
    read: Read,
}

/// What was read, whatever the format.
#[derive(Debug, Default)]
pub(super) struct Read {
    pub rows: Rows,
    pub bad: BadLines,
    /// Where the second file begins among the rows.
    pub second_file: Option<usize>,
    /// Lines without a label, which are left out although they can be read.
    pub unlabelled: u64,
    labels: Labels,
}

/// The two classes of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Classes {
    /// The label of the negative one.
    pub negative: String,
    /// The label of the positive one.
    pub positive: String,
}

impl<F: Format> Reader<F> {
    /// Before the first byte.
    pub(super) fn of(format: F, on_bad_line: OnBadLine, encoding: TextEncoding) -> Self {
        Self {
            format,
            on_bad_line,
            encoding,
            decoding: Decoding::new(encoding),
            not_text: None,
            lines: Lines::default(),
            read: Read::default(),
        }
    }

    /// The file that begins is in UTF-8, whatever files are: a text that the reader pasted, say.
    pub fn expect_utf8(&mut self) {
        self.decoding = Decoding::new(TextEncoding::Utf8);
    }

    /// Reads a chunk, which may end anywhere, in a character too.
    pub fn push(&mut self, chunk: &[u8]) {
        if self.not_text.is_none() {
            let decoded = self.decoding.push(chunk);
            self.take(decoded);
        }
    }

    fn take(&mut self, decoded: Result<Vec<u8>, NotText>) {
        let is_decoded = self.decoding.is_decoded();
        let Self {
            format,
            lines,
            read,
            ..
        } = self;
        match decoded {
            Ok(text) => lines.push(&text, |number, line| {
                read.line(format, is_decoded, number, line)
            }),
            Err(what) => {
                let in_second_file = read.second_file.is_some();
                self.not_text = Some(NotLoaded::NotText {
                    what,
                    in_second_file,
                });
            }
        }
    }

    /// What follows is the second file: examples to hold out.
    pub fn begin_second_file(&mut self) {
        self.end_file();
        self.decoding = Decoding::new(self.encoding);
        self.read.second_file = Some(self.count());
    }

    /// How many examples there are by now.
    #[must_use]
    pub fn count(&self) -> usize {
        self.read.rows.count()
    }

    /// After the last byte: what the format knows, its two classes, and what was read, labelled.
    ///
    /// # Errors
    /// Where the file is no text, has no example, in the second file if there is one either, more
    /// than two common labels or only one; or a bad line, and the reader wants none.
    pub(super) fn all(mut self) -> Result<(F, Classes, Read), NotLoaded> {
        self.end_file();
        if let Some(not_text) = self.not_text {
            return Err(not_text);
        }
        let Self {
            format,
            mut read,
            on_bad_line,
            ..
        } = self;
        if read.bad.count > 0 && on_bad_line == OnBadLine::Refuse {
            return Err(NotLoaded::BadLines(read.bad));
        }
        let training = read.second_file.unwrap_or(read.rows.count());
        if training == 0 {
            return Err(NotLoaded::NoExample(read.bad));
        }
        let unlabelled = F::unlabelled(&read.labels.counts(training).0);
        let common = read.labels.common(training, unlabelled)?;
        let keeps = &|label: &str| common.iter().any(|(known, _)| known == label);
        let left_out = read.labels.odd(training, keeps, unlabelled);
        read.unlabelled = left_out.unlabelled;
        if left_out.lines.count > 0 {
            let labels = std::mem::take(&mut read.labels);
            read.rows
                .retain(|row| labels.of_row(row).is_some_and(keeps));
            let kept_of = |rows: std::ops::Range<usize>| {
                rows.filter(|&row| labels.of_row(row).is_some_and(keeps))
                    .count()
            };
            read.second_file = read.second_file.map(|first| kept_of(0..first));
            read.labels = labels.only(keeps);
            read.bad.merge(left_out.lines);
        }
        if read.bad.count > read.unlabelled && on_bad_line == OnBadLine::Refuse {
            return Err(NotLoaded::BadLines(read.bad));
        }
        let count = read.rows.count();
        if count == 0 {
            return Err(NotLoaded::NoExample(read.bad));
        }
        if read.second_file == Some(count) {
            return Err(NotLoaded::NoHeldOut(read.bad));
        }
        let [(first, first_count), (second, second_count)] = match common.as_slice() {
            [first, second] => [first, second],
            _ => {
                let (label, count) = common.into_iter().next().unwrap_or_default();
                let (label, bad) = (beginning(&label), read.bad);
                return Err(NotLoaded::OneClass { label, count, bad });
            }
        };
        let positive = format.positive([(first, *first_count), (second, *second_count)]);
        let negative = if positive == first { second } else { first };
        let classes = Classes {
            negative: negative.clone(),
            positive: positive.to_owned(),
        };
        let labels = std::mem::take(&mut read.labels);
        let is_positive = |row| labels.of_row(row) == Some(classes.positive.as_str());
        read.rows.set_labels((0..count).map(is_positive));
        Ok((format, classes, read))
    }

    fn end_file(&mut self) {
        let is_decoded = self.decoding.is_decoded();
        if self.not_text.is_none() {
            let rest = self.decoding.finish();
            self.take(rest);
        }
        let Self {
            format,
            lines,
            read,
            ..
        } = self;
        lines.finish(|number, line| read.line(format, is_decoded, number, line));
    }
}

impl Read {
    fn line(&mut self, format: &mut impl Format, is_decoded: bool, number: u64, line: &[u8]) {
        // What cannot be decoded has become U+FFFD, where an encoding was chosen.
        let is_lossy = |text: &str| is_decoded && text.contains(char::REPLACEMENT_CHARACTER);
        if std::str::from_utf8(line).map_or(true, is_lossy) {
            self.bad.not_utf8 += 1;
        }
        match format.read(line, &mut self.rows) {
            Ok(Some(label)) => self.labels.push(&label, number),
            Ok(None) => {}
            Err(reason) => self.bad.push(number, self.second_file.is_some(), reason),
        }
    }
}
