//! Batches on the GPU, by row and by column.

use super::chunks::{Chunk, Size, chunks};
use super::portions::Portions;
use super::{Fault, Gpu};
use crate::sparse::batches::Batches;
use crate::sparse::columns::{BatchColumns, Columns, Planner};
use crate::sparse::examples::Examples;

/// What all rules of a race train on, uploaded once.
#[derive(Debug)]
pub struct Plan {
    pub(super) batches: Vec<PlannedBatch>,
    pub(super) chunks: Vec<ChunkGroups>,
    /// The labels in the order in which examples are met, for the losses.
    pub(super) labels: Vec<bool>,
    pub(super) feature_count: usize,
    pub(super) has_values: bool,
    /// Non-zeros of an epoch.
    entries: u64,
    bytes: u64,
}

/// Where a batch is.
#[derive(Clone, Debug)]
pub(super) struct PlannedBatch {
    pub chunk: usize,
    /// What comes before it in its chunk.
    pub before: Size,
    pub size: Size,
    /// How many rows come before it in the epoch.
    pub first_margin: u64,
    /// What it is divided into, where it is too much for a dispatch.
    pub portions: Option<Box<Portions>>,
}

/// The buffers of a chunk as the shader has them.
#[derive(Debug)]
pub(super) struct ChunkGroups {
    pub rows: wgpu::BindGroup,
    pub columns: wgpu::BindGroup,
}

impl Plan {
    /// Uploads the batches. `columns` are theirs where the batch size is above 1; where it is 1,
    /// they are planned here.
    ///
    /// # Errors
    /// What does not fit, or goes wrong.
    pub async fn upload(
        gpu: &Gpu,
        examples: &Examples,
        batches: &Batches,
        columns: &Columns,
    ) -> Result<Self, Fault> {
        gpu.check()?;
        let planned;
        let columns = if columns.count() == batches.count() {
            columns
        } else {
            planned = plan_all(examples, batches);
            &planned
        };
        let sizes: Vec<Size> = (0..batches.count())
            .map(|batch| size(gpu, examples, batches.batch(batch), &columns.batch(batch)))
            .collect();
        let chunks = chunks(&sizes, gpu.most_bytes())?;
        let scope = gpu.device.push_error_scope(wgpu::ErrorFilter::OutOfMemory);
        let mut uploader = Uploader {
            gpu,
            examples,
            batches,
            columns,
            bytes: 0,
        };
        let mut before = Size::default();
        let groups = chunks.iter().map(|chunk| {
            let groups = uploader.chunk(chunk, before);
            before += chunk.size;
            groups
        });
        let groups = groups.collect();
        let bytes = uploader.bytes;
        if let Some(error) = gpu.answer(scope.pop()).await? {
            return Err(error.into());
        }
        gpu.check()?;
        let label = |&row: &u32| examples.row(row).label;
        let mut placed = placed(&sizes, &chunks);
        for (batch, placed) in placed.iter_mut().enumerate() {
            if placed.size.entries > gpu.most_entries {
                let rows = batches.batch(batch).iter();
                let rows = rows.map(|&row| examples.row(row).indices.len());
                let columns = columns.batch(batch);
                let portions = Portions::of(rows, &columns, gpu.long_column(), gpu.most_entries);
                placed.portions = Some(Box::new(portions));
            }
        }
        Ok(Self {
            batches: placed,
            chunks: groups,
            labels: batches.order().iter().map(label).collect(),
            feature_count: examples.feature_count(),
            has_values: examples.values().is_some(),
            entries: sizes.iter().map(|size| size.entries).sum(),
            bytes,
        })
    }

    /// How many bytes it takes on the GPU.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// How many batches an epoch has.
    #[must_use]
    pub fn batch_count(&self) -> usize {
        self.batches.len()
    }

    /// How many batches have about so many non-zeros; at least one.
    #[must_use]
    pub fn batches_of(&self, nonzeros: usize) -> usize {
        let share = nonzeros as f64 / self.entries.max(1) as f64;
        ((share * self.batches.len() as f64) as usize).max(1)
    }
}

fn plan_all(examples: &Examples, batches: &Batches) -> Columns {
    let mut columns = Columns::default();
    let mut planner = Planner::new(examples.feature_count());
    for batch in 0..batches.count() {
        planner.plan(examples, batches.batch(batch), &mut columns);
    }
    columns
}

fn size(gpu: &Gpu, examples: &Examples, rows: &[u32], columns: &BatchColumns<'_>) -> Size {
    let is_long = |&&row: &&u32| examples.row(row).indices.len() >= gpu.long_row();
    Size {
        rows: rows.len() as u64,
        entries: examples.nonzeros_of(rows) as u64,
        columns: columns.features.len() as u64,
        long: long_columns(gpu, columns).count() as u64,
        long_rows: rows.iter().filter(is_long).count() as u64,
    }
}

/// Of the batch's columns that are planned as long, those that are for this GPU.
fn long_columns<'a>(gpu: &Gpu, columns: &BatchColumns<'a>) -> impl Iterator<Item = u32> + use<'a> {
    let (starts, least) = (columns.starts, gpu.long_column());
    let is_long = move |place: &u32| match starts.get(*place as usize..) {
        Some([start, end, ..]) => (end - start) as usize >= least,
        _ => false,
    };
    columns.long.iter().copied().filter(is_long)
}

fn placed(sizes: &[Size], chunks: &[Chunk]) -> Vec<PlannedBatch> {
    let mut first_margin = 0;
    let mut placed = Vec::with_capacity(sizes.len());
    for (place, chunk) in chunks.iter().enumerate() {
        let mut before = Size::default();
        for &size in sizes.get(chunk.batches.clone()).unwrap_or_default() {
            placed.push(PlannedBatch {
                chunk: place,
                before,
                size,
                first_margin,
                portions: None,
            });
            before += size;
            first_margin += size.rows;
        }
    }
    placed
}

struct Uploader<'a> {
    gpu: &'a Gpu,
    examples: &'a Examples,
    batches: &'a Batches,
    columns: &'a Columns,
    bytes: u64,
}

impl Uploader<'_> {
    /// A chunk that begins after so much.
    fn chunk(&mut self, chunk: &Chunk, before: Size) -> ChunkGroups {
        let rows = self.rows(chunk);
        let columns = range(before.columns, chunk.size.columns);
        let entries = range(before.entries, chunk.size.entries);
        let batches = chunk.batches.clone();
        let long = batches.flat_map(|batch| long_columns(self.gpu, &self.columns.batch(batch)));
        let long: Vec<u32> = long.collect();
        let starts = self.columns.starts().get(columns.start..=columns.end);
        let starts: Vec<u32> = starts
            .unwrap_or_default()
            .iter()
            .map(|start| start - entries.start as u32)
            .collect();
        let values = self
            .columns
            .values()
            .and_then(|values| values.get(entries.clone()));
        let columns = [
            self.words(self.columns.features().get(columns)),
            self.words(Some(&starts)),
            self.words(self.columns.examples().get(entries)),
            self.words(values),
            self.words(Some(&long)),
        ];
        let gpu = self.gpu;
        let bound = |buffers: &[wgpu::Buffer], layout, first| {
            let resources: Vec<_> = buffers
                .iter()
                .map(wgpu::Buffer::as_entire_binding)
                .collect();
            gpu.group(layout, first, &resources)
        };
        ChunkGroups {
            rows: bound(&rows, &gpu.rows_layout, 0),
            columns: bound(&columns, &gpu.columns_layout, 4),
        }
    }

    /// The rows in the order in which they are met: where each starts and its label, ranks, values,
    /// and which are long.
    fn rows(&mut self, chunk: &Chunk) -> [wgpu::Buffer; 4] {
        const AT_ONCE: usize = 1 << 20;
        let entries = 4 * chunk.size.entries;
        let values = self.examples.values().map_or(0, |_| entries);
        let [ranks_buffer, values_buffer] = [entries, values].map(|bytes| self.buffer(bytes));
        let mut starts = Vec::with_capacity(chunk.size.rows as usize + 1);
        let mut long_rows = Vec::<u32>::new();
        let (mut ranks, mut values) = (Vec::<u32>::new(), Vec::<f32>::new());
        let (mut start, mut written) = (0_u32, 0_u64);
        for batch in chunk.batches.clone() {
            for (place, &row) in (0..).zip(self.batches.batch(batch)) {
                let row = self.examples.row(row);
                if row.indices.len() >= self.gpu.long_row() {
                    long_rows.push(place);
                }
                starts.push(2 * start + u32::from(row.label));
                start += row.indices.len() as u32;
                ranks.extend_from_slice(row.indices);
                values.extend_from_slice(row.values.unwrap_or_default());
                if ranks.len() >= AT_ONCE {
                    let offset = 4 * written;
                    written += ranks.len() as u64;
                    self.write(&ranks_buffer, offset, &mut ranks);
                    self.write(&values_buffer, offset, &mut values);
                }
            }
        }
        starts.push(2 * start);
        self.write(&ranks_buffer, 4 * written, &mut ranks);
        self.write(&values_buffer, 4 * written, &mut values);
        let [starts, long_rows] = [starts, long_rows].map(|words| self.words(Some(&words)));
        [starts, ranks_buffer, values_buffer, long_rows]
    }

    fn buffer(&mut self, bytes: u64) -> wgpu::Buffer {
        self.bytes += bytes;
        let usage = wgpu::BufferUsages::STORAGE | wgpu::BufferUsages::COPY_DST;
        self.gpu.buffer("plan", bytes, usage)
    }

    /// A buffer of these, or of nothing.
    fn words<T: bytemuck::Pod>(&mut self, words: Option<&[T]>) -> wgpu::Buffer {
        let bytes: &[u8] = bytemuck::cast_slice(words.unwrap_or_default());
        let buffer = self.buffer(bytes.len() as u64);
        self.gpu.upload(&buffer, 0, bytes);
        buffer
    }

    /// Writes what has gathered, and begins again.
    fn write<T: bytemuck::Pod>(&self, buffer: &wgpu::Buffer, offset: u64, words: &mut Vec<T>) {
        self.gpu.upload(buffer, offset, bytemuck::cast_slice(words));
        words.clear();
    }
}

fn range(start: u64, length: u64) -> std::ops::Range<usize> {
    start as usize..(start + length) as usize
}
