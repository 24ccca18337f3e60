//! How a plan is divided among buffers that hold only so much.

use std::ops::{AddAssign, Range};

/// How much there is of a batch, or of several.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    /// Examples.
    pub rows: u64,
    /// Non-zeros.
    pub entries: u64,
    /// Features that occur, counted in each batch.
    pub columns: u64,
    /// Columns that are long, counted in each batch.
    pub long: u64,
    /// Examples that are long.
    pub long_rows: u64,
}

impl AddAssign for Size {
    fn add_assign(&mut self, other: Self) {
        self.rows += other.rows;
        self.entries += other.entries;
        self.columns += other.columns;
        self.long += other.long;
        self.long_rows += other.long_rows;
    }
}

impl Size {
    /// Bytes of the largest buffer: a number of 4 bytes for each entry, and one more than there are
    /// rows or columns where these begin.
    fn largest_buffer(self) -> u64 {
        4 * self.entries.max(self.rows + 1).max(self.columns + 1)
    }
}

/// Batches whose plan is in the same buffers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// Which batches.
    pub batches: Range<usize>,
    /// How much they are together.
    pub size: Size,
}

/// Why a run does not fit a GPU.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{what} would take {bytes} bytes in one buffer, and this adapter's buffers hold {most}: \
     {advice}"
)]
pub struct TooLarge {
    /// Of what there is too much.
    pub what: &'static str,
    /// How much.
    pub bytes: u64,
    /// What a buffer holds.
    pub most: u64,
    /// What to do.
    pub advice: &'static str,
}

/// Divides batches of these sizes into as few chunks as their order allows, no buffer of which is
/// beyond `most` bytes.
///
/// # Errors
/// The first batch that is too large for a buffer alone.
pub fn chunks(sizes: &[Size], most: u64) -> Result<Vec<Chunk>, TooLarge> {
    let mut chunks: Vec<Chunk> = Vec::new();
    for (batch, &size) in sizes.iter().enumerate() {
        let alone = size.largest_buffer();
        if alone > most {
            return Err(TooLarge {
                what: "a batch",
                bytes: alone,
                most,
                advice: "choose smaller batches, or the CPU",
            });
        }
        if let Some(chunk) = chunks.last_mut() {
            let mut together = chunk.size;
            together += size;
            if together.largest_buffer() <= most {
                chunk.batches.end = batch + 1;
                chunk.size = together;
                continue;
            }
        }
        chunks.push(Chunk {
            batches: batch..batch + 1,
            size,
        });
    }
    Ok(chunks)
}

/// Checks what is in one buffer whatever the batches are: `slots` numbers for each feature and for
/// the intercept, and a margin for each training example.
///
/// # Errors
/// What is too large for a buffer.
pub fn check_model(
    slots: usize,
    features: usize,
    examples: usize,
    most: u64,
) -> Result<(), TooLarge> {
    let model = 4 * slots as u64 * (features as u64 + 1);
    let margins = 4 * examples as u64;
    for (what, bytes, advice) in [
        (
            "the model",
            model,
            "choose fewer features, a rule that keeps less, or the CPU",
        ),
        ("the margins", margins, "choose fewer examples, or the CPU"),
    ] {
        if bytes > most {
            return Err(TooLarge {
                what,
                bytes,
                most,
                advice,
            });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn size(rows: u64, entries: u64, columns: u64) -> Size {
        Size {
            rows,
            entries,
            columns,
            long: 1,
            long_rows: 0,
        }
    }

    #[test]
    fn a_chunk_is_full_to_the_byte() {
        let sizes = [size(1, 10, 10), size(1, 10, 9), size(1, 1, 1)];
        let ends = |most| -> Vec<usize> {
            let chunks = chunks(&sizes, most).unwrap();
            chunks.iter().map(|chunk| chunk.batches.end).collect()
        };
        assert_eq!(ends(4 * 22), [3]);
        assert_eq!(ends(4 * 20), [2, 3]);
        assert_eq!(ends(4 * 19), [1, 3]);
        assert!(chunks(&[], 0).unwrap().is_empty());
    }

    #[test]
    fn what_cannot_fit_is_refused_with_the_figures() {
        let refused = chunks(&[size(1, 2, 2), size(4, 100, 50)], 399).unwrap_err();
        assert_eq!((refused.bytes, refused.most), (400, 399));
        assert_eq!(
            refused.to_string(),
            "a batch would take 400 bytes in one buffer, and this adapter's buffers hold 399: \
             choose smaller batches, or the CPU"
        );
        // 3 numbers of 2²² features and an intercept; WebGPU's least limit is 2²⁷ bytes.
        assert!(check_model(3, 1 << 22, 1_000_000, 1 << 27).is_ok());
        let refused = check_model(3, 1 << 22, 1_000_000, 1 << 25).unwrap_err();
        assert_eq!(
            (refused.what, refused.bytes),
            ("the model", 12 * ((1 << 22) + 1))
        );
        let refused = check_model(1, 10, 1_000_000, 1 << 20).unwrap_err();
        assert_eq!((refused.what, refused.bytes), ("the margins", 4_000_000));
    }

    proptest! {
        /// Every batch is in one chunk, in order; no chunk is too large, nor could any take the
        /// next batch.
        #[test]
        fn chunks_are_few_and_small(
            sizes in prop::collection::vec((0..9_u64, 0..50_u64, 0..50_u64), 0..40),
            most in 204..2_000_u64,
        ) {
            let sizes: Vec<Size> = sizes.into_iter().map(|(a, b, c)| size(a, b, c)).collect();
            let chunks = chunks(&sizes, most).unwrap();
            let mut next = 0;
            for chunk in &chunks {
                prop_assert_eq!(chunk.batches.start, next);
                next = chunk.batches.end;
                let mut sum = Size::default();
                for &size in &sizes[chunk.batches.clone()] {
                    sum += size;
                }
                prop_assert_eq!(sum, chunk.size);
                prop_assert!(sum.largest_buffer() <= most);
                if let Some(&size) = sizes.get(next) {
                    sum += size;
                    prop_assert!(sum.largest_buffer() > most);
                }
            }
            prop_assert_eq!(next, sizes.len());
        }
    }
}
