//! What the readers of files must keep to for any bytes; shared with the fuzz target.

use adagrad_lab::sparse::examples::Examples;
use adagrad_lab::sparse::held_out::HeldOut;
use adagrad_lab::sparse::lines::{BadLines, NotLoaded, OnBadLine};
use adagrad_lab::sparse::{libsvm, text};

/// Above it, examples are not made: an index of eight digits costs hundreds of megabytes, and
/// nothing is to be learnt from it a second time.
const MOST_FEATURES: u32 = 1 << 16;

/// Reads a file as its first three bytes say: which reader and how, in chunks of which size, and
/// where the second file begins. Panics where what comes of it is not as it must be.
#[allow(clippy::panic, reason = "what a test does where it fails")]
pub fn check(input: &[u8]) {
    let [how, chunk, second, content @ ..] = input else {
        return;
    };
    let first_index = match (how >> 1) & 3 {
        1 => Some(0),
        2 => Some(1),
        _ => None,
    };
    let positive = (how & 8 != 0).then(|| "a".to_owned());
    let size = usize::from(*chunk).max(1);
    // None for the low half of the numbers.
    let second_file = usize::from(*second)
        .checked_sub(128)
        .map(|share| content.len() * share / 128);
    let [skipped, refused, whole] = [
        (OnBadLine::Skip, size),
        (OnBadLine::Refuse, size),
        (OnBadLine::Skip, content.len().max(1)),
    ]
    .map(|(on_bad_line, size)| {
        if how & 1 == 0 {
            let mut reader = libsvm::Reader::new(libsvm::Options {
                first_index,
                on_bad_line,
                ..libsvm::Options::default()
            });
            read(
                content,
                size,
                second_file,
                &mut reader,
                libsvm::Reader::push,
                libsvm::Reader::begin_second_file,
            );
            reader.finish().map(|loaded| {
                let is_small = loaded.feature_count <= MOST_FEATURES;
                let (count, bad) = (loaded.rows.count(), loaded.bad.clone());
                let examples = is_small.then(|| loaded.examples(HeldOut::End(0.3)));
                (count, bad, examples)
            })
        } else {
            let mut reader = text::Reader::new(text::Options {
                positive: positive.clone(),
                on_bad_line,
                ..text::Options::default()
            });
            read(
                content,
                size,
                second_file,
                &mut reader,
                text::Reader::push,
                text::Reader::begin_second_file,
            );
            reader.finish().map(|loaded| {
                let (count, bad) = (loaded.rows.count(), loaded.bad.clone());
                (count, bad, Some(loaded.examples(HeldOut::End(0.3))))
            })
        }
    });
    assert_eq!(skipped, whole, "where chunks end makes no difference");
    // What is unpacked may have any number of lines.
    let lines = if content.starts_with(b"\x1f\x8b") {
        u64::MAX / 2
    } else {
        content
            .split(|&byte| byte == b'\n' || byte == b'\r')
            .count() as u64
    };
    match &skipped {
        Ok((count, bad, examples)) => {
            // A line more where the second file begins within one.
            assert!(*count as u64 + bad.count <= lines + 1);
            assert!(*count > 0 && bad_lines_are_lines(bad, lines));
            if let Some(examples) = examples {
                assert_eq!(examples.count(), *count);
                are_sound(examples);
            }
        }
        Err(NotLoaded::NoExample(bad) | NotLoaded::NoHeldOut(bad)) => {
            assert!(bad_lines_are_lines(bad, lines))
        }
        Err(NotLoaded::NoSuchLabel { labels, given }) => assert!(!labels.contains(given)),
        Err(NotLoaded::OneClass { label, count, .. }) => assert!(!label.is_empty() && *count > 0),
        Err(NotLoaded::Labels(said)) => assert!(!said.chars().any(char::is_control)),
        Err(NotLoaded::NotText { .. }) => {}
        Err(NotLoaded::BadLines(_)) => panic!("bad lines are skipped"),
    }
    // A line that says itself that it has no label is left out, but is not a bad one.
    let is_bad = |bad: &BadLines| {
        let mut lines = bad.first.iter();
        lines.any(|line| !line.reason.contains("says that it has no label"))
    };
    let has_bad_lines = match &skipped {
        Ok((_, bad, _)) | Err(NotLoaded::NoExample(bad) | NotLoaded::NoHeldOut(bad)) => {
            Some(is_bad(bad))
        }
        Err(_) => None,
    };
    match (&refused, has_bad_lines) {
        (Err(NotLoaded::BadLines(bad)), Some(true)) => assert!(bad.count > 0),
        (Err(NotLoaded::BadLines(_)), None) => {}
        (refused, has_bad_lines) => {
            assert_ne!(has_bad_lines, Some(true), "a bad line refuses all");
            assert_eq!(*refused, skipped);
        }
    }
}

fn read<Reader>(
    content: &[u8],
    size: usize,
    second_file: Option<usize>,
    reader: &mut Reader,
    push: fn(&mut Reader, &[u8]),
    begin_second_file: fn(&mut Reader),
) {
    let (first, second) = content.split_at(second_file.unwrap_or(content.len()));
    first.chunks(size).for_each(|chunk| push(reader, chunk));
    if second_file.is_some() {
        begin_second_file(reader);
        second.chunks(size).for_each(|chunk| push(reader, chunk));
    }
}

fn bad_lines_are_lines(bad: &BadLines, lines: u64) -> bool {
    let first = &bad.first;
    bad.count <= lines + 1
        && first.len() == BadLines::MOST_KEPT.min(bad.count as usize)
        && first
            .iter()
            .all(|line| (1..=lines).contains(&line.number) && !line.reason.is_empty())
}

/// Every row is in one part; ranks are there and differ within a row; values are finite, not 0.
fn are_sound(examples: &Examples) {
    let split = &examples.split;
    let mut rows = [&split.training[..], &split.held_out].concat();
    rows.sort_unstable();
    assert!(rows.iter().copied().eq(0..examples.count() as u32));
    for row in rows {
        let row = examples.row(row);
        let mut ranks = row.indices.to_vec();
        ranks.sort_unstable();
        assert!(ranks.is_sorted_by(|a, b| a < b));
        let count = examples.feature_count();
        assert!(ranks.last().is_none_or(|&rank| (rank as usize) < count));
        let mut values = row.values.unwrap_or_default().iter();
        assert!(values.all(|value| value.is_finite() && *value != 0.0));
    }
    assert!(examples.counts().is_sorted_by(|a, b| a >= b));
}
