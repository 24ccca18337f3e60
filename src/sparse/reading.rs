//! Examples out of a file's lines, and out of those of a second file, which are held out.

use super::examples::Rows;
use super::lines::{BadLines, Lines, NotLoaded, OnBadLine};

/// How lines are written, and what is known of those read so far.
pub trait Format {
    /// Reads a line into at most one row, whose label is yet to be set; nothing of it where it is
    /// bad.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    fn read(&mut self, line: &[u8], rows: &mut Rows) -> Result<(), String>;
}

/// A file being read, chunk by chunk.
#[derive(Debug)]
pub struct Reader<F> {
    format: F,
    on_bad_line: OnBadLine,
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
}

impl<F: Format> Reader<F> {
    /// Before the first byte.
    pub(super) fn of(format: F, on_bad_line: OnBadLine) -> Self {
        Self {
            format,
            on_bad_line,
            lines: Lines::default(),
            read: Read::default(),
        }
    }

    /// Reads a chunk, which may end anywhere, in a character too.
    pub fn push(&mut self, chunk: &[u8]) {
        let Self {
            format,
            lines,
            read,
            ..
        } = self;
        lines.push(chunk, |number, line| read.line(format, number, line));
    }

    /// What follows is the second file: examples to hold out.
    pub fn begin_second_file(&mut self) {
        self.end_file();
        self.read.second_file = Some(self.count());
    }

    /// How many examples there are by now.
    #[must_use]
    pub fn count(&self) -> usize {
        self.read.rows.count()
    }

    /// After the last byte: what the format knows, and what was read.
    ///
    /// # Errors
    /// Where there is no example, in the second file if there is one either, or a bad line and the
    /// reader wants none.
    pub(super) fn all(mut self) -> Result<(F, Read), NotLoaded> {
        self.end_file();
        let count = self.count();
        let Self { format, read, .. } = self;
        if read.bad.count > 0 && self.on_bad_line == OnBadLine::Refuse {
            Err(NotLoaded::BadLines(read.bad))
        } else if count == 0 {
            Err(NotLoaded::NoExample(read.bad))
        } else if read.second_file == Some(count) {
            Err(NotLoaded::NoHeldOut(read.bad))
        } else {
            Ok((format, read))
        }
    }

    fn end_file(&mut self) {
        let Self {
            format,
            lines,
            read,
            ..
        } = self;
        lines.finish(|number, line| read.line(format, number, line));
    }
}

impl Read {
    fn line(&mut self, format: &mut impl Format, number: u64, line: &[u8]) {
        if let Err(reason) = format.read(line, &mut self.rows) {
            self.bad.push(number, self.second_file.is_some(), reason);
        }
    }
}
