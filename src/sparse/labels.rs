//! Which two labels of a file are its classes.
//!
//! They are the two commonest of the training file, if together they are on at least 95 % of its lines
//! that have a label. Lines with another label, such as a header or one that a stray quotation mark has
//! spoilt, are bad lines. Otherwise nobody can tell what the classes are, and the file is refused.

use std::collections::HashMap;

use super::lines::{BadLines, NotLoaded};
use crate::character::shown;

/// Which share of the labelled lines the two commonest labels must be on.
const COMMON_SHARE: f64 = 0.95;
/// Labels whose text is kept. A file with more has no two classes; its texts need no more memory.
const MOST_KEPT: usize = 1 << 16;
/// Longer ones are texts: their text is not kept.
const LONGEST_KEPT: usize = 1000;
/// Labels that a message names.
const MOST_NAMED: usize = 4;
/// Characters of a label that a message shows.
const MOST_SHOWN: usize = 30;

/// The label of every row, and the line that it is on.
#[derive(Debug, Default)]
pub struct Labels {
    /// Every label kept, in the order in which they first occur.
    texts: Vec<String>,
    numbers: HashMap<String, u32>,
    /// By row, the number of its label among `texts`; `u32::MAX` for one that is not kept.
    of_rows: Vec<u32>,
    lines: Vec<u32>,
}

/// Rows whose label is none of the classes'.
#[derive(Debug, Default)]
pub(super) struct LeftOut {
    pub lines: BadLines,
    /// How many of them say that they have no label.
    pub unlabelled: u64,
}

impl Labels {
    /// The label of the next row, which is on that line.
    pub(super) fn push(&mut self, label: &str, line: u64) {
        let number = match self.numbers.get(label) {
            Some(&number) => number,
            None if self.texts.len() < MOST_KEPT && label.len() <= LONGEST_KEPT => {
                let number = self.texts.len() as u32;
                self.texts.push(label.to_owned());
                self.numbers.insert(label.to_owned(), number);
                number
            }
            None => u32::MAX,
        };
        self.of_rows.push(number);
        self.lines.push(u32::try_from(line).unwrap_or(u32::MAX));
    }

    /// A row's label, where it is kept.
    pub(super) fn of_row(&self, row: usize) -> Option<&str> {
        let number = *self.of_rows.get(row)?;
        self.texts.get(number as usize).map(String::as_str)
    }

    /// How often each label kept occurs among the first `training` rows, where it does, in the order in
    /// which they first occur; and how many rows have labels that are not kept.
    pub(super) fn counts(&self, training: usize) -> (Vec<(&str, u64)>, u64) {
        let mut counts = vec![0_u64; self.texts.len()];
        let mut not_kept = 0;
        for &number in self.of_rows.iter().take(training) {
            match counts.get_mut(number as usize) {
                Some(count) => *count += 1,
                None => not_kept += 1,
            }
        }
        let counted = self.texts.iter().map(String::as_str).zip(counts);
        (counted.filter(|&(_, count)| count > 0).collect(), not_kept)
    }

    /// The label of a header: on the first line, nowhere else, and beside two others.
    fn header(&self, counted: &[(&str, u64)]) -> Option<&str> {
        let first = self.of_row(0).filter(|_| self.lines.first() == Some(&1))?;
        let occurs_once = counted
            .iter()
            .any(|&(label, count)| label == first && count == 1);
        (occurs_once && counted.len() > 2 && first.parse::<f64>().is_err()).then_some(first)
    }

    /// The one or two labels of the classes with their counts among the first `training` rows, the
    /// commonest first and of equally common ones the earlier. A header's and `unlabelled` do not count.
    ///
    /// # Errors
    /// Where more than two are common.
    pub(super) fn common(
        &self,
        training: usize,
        unlabelled: Option<&str>,
    ) -> Result<Vec<(String, u64)>, NotLoaded> {
        let (mut counted, not_kept) = self.counts(training);
        let header = self.header(&counted);
        counted.retain(|&(label, _)| Some(label) != unlabelled && Some(label) != header);
        // Stable: the earlier of equally common ones stays before the later.
        counted.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
        let labelled = not_kept + counted.iter().map(|(_, count)| count).sum::<u64>();
        let of_two: u64 = counted.iter().take(2).map(|(_, count)| count).sum();
        if (of_two as f64) < COMMON_SHARE * labelled as f64 {
            return Err(NotLoaded::Labels(refusal(
                &counted, not_kept, labelled, of_two,
            )));
        }
        counted.truncate(2);
        Ok(counted
            .into_iter()
            .map(|(label, count)| (label.to_owned(), count))
            .collect())
    }

    /// The rows whose labels are not kept by `keeps`, as bad lines. Rows from `training` on are of the
    /// second file.
    pub(super) fn odd(
        &self,
        training: usize,
        keeps: &impl Fn(&str) -> bool,
        unlabelled: Option<&str>,
    ) -> LeftOut {
        let mut left_out = LeftOut::default();
        let header = self.header(&self.counts(training).0);
        for (row, &line) in self.lines.iter().enumerate() {
            let label = self.of_row(row);
            if label.is_some_and(keeps) {
                continue;
            }
            let reason = match label {
                Some(label) if Some(label) == unlabelled => {
                    left_out.unlabelled += 1;
                    format!("“{label}” says that it has no label, in a file of −1 and 1")
                }
                Some(label) if row == 0 && Some(label) == header => {
                    format!("“{}” is the label of a header", beginning(label))
                }
                Some(label) => format!("“{}” is none of the two labels", beginning(label)),
                None => "its label is none of the two labels".to_owned(),
            };
            left_out.lines.push(line.into(), row >= training, reason);
        }
        left_out
    }

    /// Those of the rows whose label `keeps` keeps.
    pub(super) fn only(mut self, keeps: &impl Fn(&str) -> bool) -> Self {
        let texts = &self.texts;
        let is_kept = |number: u32| texts.get(number as usize).is_some_and(|label| keeps(label));
        self.of_rows.retain(|&number| is_kept(number));
        self.lines.clear();
        self
    }
}

/// Why labels are refused, with their counts.
fn refusal(counted: &[(&str, u64)], not_kept: u64, labelled: u64, of_two: u64) -> String {
    let different = counted.len() as u64 + not_kept;
    let named = counted.iter().take(MOST_NAMED);
    let named: Vec<String> = named
        .map(|(label, count)| format!("“{}” ({count})", beginning(label)))
        .collect();
    let more = if different > MOST_NAMED as u64 {
        ", …"
    } else {
        ""
    };
    let share = 100.0 * of_two as f64 / labelled as f64;
    let hint = if different * 2 > labelled {
        let is_number = |(label, _): &(&str, u64)| label.parse::<f64>().is_ok();
        if counted.iter().all(is_number) {
            " Nearly all are different numbers, as in a file for regression: the lab classifies."
        } else {
            " Nearly all are different, as texts or names are: choose the column of the label."
        }
    } else {
        ""
    };
    format!(
        "the two commonest labels are on {share:.0} % of its lines with a label, and must be on 95 %: \
         {}{more}.{hint}",
        named.join(", ")
    )
}

/// The beginning of a label, for a message.
pub(super) fn beginning(label: &str) -> String {
    let mut characters = label.chars();
    let mut beginning: String = characters.by_ref().take(MOST_SHOWN).collect();
    if characters.next().is_some() {
        beginning.push('…');
    }
    shown(&beginning)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(texts: &[&str]) -> Labels {
        let mut labels = Labels::default();
        for (line, text) in (1..).zip(texts) {
            labels.push(text, line);
        }
        labels
    }

    fn common(texts: &[&str]) -> Result<Vec<(String, u64)>, NotLoaded> {
        labels(texts).common(texts.len(), None)
    }

    #[test]
    fn the_two_commonest_are_the_classes() {
        let mut texts = vec!["label"];
        texts.extend(["ham"; 30]);
        texts.extend(["spam"; 9]);
        let found = common(&texts).unwrap();
        assert_eq!(found, [("ham".to_owned(), 30), ("spam".to_owned(), 9)]);
        let keeps = |label: &str| found.iter().any(|(known, _)| known == label);
        let left_out = labels(&texts).odd(texts.len(), &keeps, None);
        assert_eq!(left_out.lines.count, 1);
        assert_eq!(
            left_out.lines.first[0].reason,
            "“label” is the label of a header"
        );
    }

    #[test]
    fn others_are_on_a_twentieth_of_the_lines_at_most() {
        let mut texts = [["a"; 50].as_slice(), &["b"; 45], &["c"; 5]].concat();
        assert!(common(&texts).is_ok());
        texts.push("c");
        let refused = common(&texts).unwrap_err().to_string();
        assert_eq!(
            refused,
            "the two commonest labels are on 94 % of its lines with a label, and must be on 95 %: \
             “a” (50), “b” (45), “c” (6)."
        );
    }

    #[test]
    fn labels_that_are_texts_or_targets_are_said_to_be() {
        let texts: Vec<String> = (0..5000).map(|i| format!("A message, the {i}th")).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let refused = common(&texts).unwrap_err().to_string();
        assert!(
            refused.ends_with("choose the column of the label."),
            "{refused}"
        );
        let numbers: Vec<String> = (0..100).map(|i| format!("{}.5", i)).collect();
        let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
        assert!(
            common(&numbers)
                .unwrap_err()
                .to_string()
                .contains("regression")
        );
    }

    #[test]
    fn messages_show_no_control_characters() {
        assert!(!beginning("a\u{1}b\u{200b}").contains(['\u{1}', '\u{200b}']));
    }
}
