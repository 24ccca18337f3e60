//! A model in training on the GPU.

use std::sync::Arc;

use super::chunks::check_model;
use super::pipelines::{Pipelines, dispatch};
use super::plan::{ChunkGroups, Plan, PlannedBatch};
use super::portions::Portion;
use super::{Fault, Gpu};
use crate::sparse::cpu::{Options, Snapshot};
use crate::sparse::loss::LossSum;
use crate::sparse::rules::Rule;

/// A submission has no more batches; more are left for the next.
pub const MOST_BATCHES_AT_ONCE: usize = 1_024;

/// Of no more features than this the cells are told with an advance.
pub const MOST_WATCHED: usize = 64;

/// Invocations of a workgroup, as in `model.wgsl`.
const INVOCATIONS: u64 = 64;

/// What is between two batches' constants: every adapter's alignment.
const UNIFORM_STRIDE: u64 = 256;

/// Numbers of 4 bytes in a batch's constants.
const UNIFORM_WORDS: usize = 21;

/// A model in training under one rule, advanced by batches: the twin of
/// [`cpu::Trainer`](crate::sparse::cpu::Trainer).
///
/// After a [`Fault`] it is of no more use, but for [`Self::last_epoch`], with which the twin goes
/// on.
#[derive(Debug)]
pub struct GpuTrainer {
    gpu: Gpu,
    plan: Arc<Plan>,
    rule: Rule,
    options: Options,
    pipelines: Pipelines,
    buffers: Buffers,
    group: wgpu::BindGroup,
    /// The next batch of the epoch.
    batch: usize,
    /// Batches done, over all epochs.
    steps: u64,
    losses: LossSum,
    last_epoch: Snapshot,
}

#[derive(Debug)]
struct Buffers {
    cells: wgpu::Buffer,
    margins: wgpu::Buffer,
    /// Room for the batches of one submission.
    uniforms: wgpu::Buffer,
    /// Where margins and cells are read from.
    staging: wgpu::Buffer,
    bytes: u64,
}

impl GpuTrainer {
    /// Starts at 0.
    ///
    /// # Errors
    /// What does not fit, or goes wrong.
    pub async fn new(
        gpu: &Gpu,
        plan: &Arc<Plan>,
        rule: Rule,
        options: Options,
    ) -> Result<Self, Fault> {
        let plane = vec![0.0; plan.feature_count + 1];
        let start = Snapshot {
            planes: vec![plane; rule.kind.slots()],
            steps: 0,
            epoch_losses: Vec::new(),
        };
        Self::start(gpu, plan, rule, options, start).await
    }

    /// Goes on from a snapshot under the same rule; what a plane lacks is 0.
    ///
    /// # Errors
    /// What does not fit, or goes wrong.
    pub async fn restored(
        gpu: &Gpu,
        plan: &Arc<Plan>,
        rule: Rule,
        options: Options,
        snapshot: &Snapshot,
    ) -> Result<Self, Fault> {
        let mut snapshot = snapshot.clone();
        snapshot.planes.resize(rule.kind.slots(), Vec::new());
        for plane in &mut snapshot.planes {
            plane.resize(plan.feature_count + 1, 0.0);
        }
        let start = Self::start(gpu, plan, rule, options, snapshot).await?;
        let planes = (0..).zip(&start.last_epoch.planes);
        for (slot, plane) in planes {
            let offset = slot * 4 * plane.len() as u64;
            let bytes = bytemuck::cast_slice(plane);
            start.gpu.upload(&start.buffers.cells, offset, bytes);
        }
        Ok(start)
    }

    async fn start(
        gpu: &Gpu,
        plan: &Arc<Plan>,
        rule: Rule,
        options: Options,
        start: Snapshot,
    ) -> Result<Self, Fault> {
        gpu.check()?;
        let (slots, features) = (rule.kind.slots(), plan.feature_count);
        check_model(slots, features, plan.labels.len(), gpu.most_bytes())?;
        let scope = gpu.device.push_error_scope(wgpu::ErrorFilter::OutOfMemory);
        let (buffers, group) = Buffers::new(gpu, plan, slots);
        let pipelines = Pipelines::new(gpu, plan, rule.kind, options);
        if let Some(error) = gpu.answer(scope.pop()).await? {
            return Err(error.into());
        }
        gpu.check()?;
        let trainer = Self {
            gpu: gpu.clone(),
            plan: Arc::clone(plan),
            rule,
            options,
            pipelines,
            buffers,
            group,
            batch: 0,
            steps: start.steps,
            losses: LossSum::default(),
            last_epoch: start,
        };
        trainer.warm_up().await?;
        Ok(trainer)
    }

    /// Has every pipeline do nothing, and waits until it is done: what an adapter puts off until it
    /// is used, uploads and compiling, is no part of the training.
    async fn warm_up(&self) -> Result<(), Fault> {
        let Some(chunk) = self.plan.chunks.first() else {
            return Ok(());
        };
        // No row, no column.
        self.write(std::iter::once([0; UNIFORM_WORDS]));
        let mut encoder = self.gpu.device.create_command_encoder(&Default::default());
        let mut pass = encoder.begin_compute_pass(&Default::default());
        pass.set_bind_group(0, &self.group, &[0]);
        pass.set_bind_group(1, &chunk.rows, &[]);
        dispatch(&mut pass, &self.pipelines.residuals, 1);
        dispatch(&mut pass, &self.pipelines.residuals_long, 1);
        pass.set_bind_group(1, &chunk.columns, &[]);
        dispatch(&mut pass, &self.pipelines.gather, 1);
        dispatch(&mut pass, &self.pipelines.gather_long, 1);
        drop(pass);
        self.submit(encoder, &(0..1), &[]).await.map(drop)
    }

    /// Trains so many batches, in one submission: at least one, at most
    /// [`MOST_BATCHES_AT_ONCE`], and never past the end of an epoch. How many non-zeros it visited:
    /// 0 only where there are none. A batch that is much by itself is trained alone, in several
    /// submissions.
    ///
    /// A browser lets nothing else use the GPU meanwhile, and takes it away after some seconds: ask
    /// for as many as take well under one.
    ///
    /// # Errors
    /// What went wrong; see [`Self::last_epoch`].
    pub async fn advance(&mut self, batches: usize) -> Result<u64, Fault> {
        let advanced = self.advance_watching(batches, &[]).await;
        advanced.map(|(nonzeros, _)| nonzeros)
    }

    /// As [`Self::advance`], and tells what it then keeps of some features, by rank, at most
    /// [`MOST_WATCHED`]: the weight and the rest in the rule's order, for each.
    ///
    /// # Errors
    /// As [`Self::advance`].
    pub async fn advance_watching(
        &mut self,
        batches: usize,
        watched: &[u32],
    ) -> Result<(u64, Vec<Vec<f32>>), Fault> {
        self.gpu.check()?;
        let end = self.batch + batches.clamp(1, MOST_BATCHES_AT_ONCE);
        let plan = Arc::clone(&self.plan);
        let end = end.min(plan.batches.len());
        let batches = plan.batches.get(self.batch..end).unwrap_or_default();
        let is_large = |batch: &PlannedBatch| batch.portions.is_some();
        let small = batches.iter().position(is_large).unwrap_or(batches.len());
        let batches = batches.get(..small.max(1)).unwrap_or_default();
        let (Some(first), Some(last)) = (batches.first(), batches.last()) else {
            return Ok((0, Vec::new()));
        };
        let mut encoder = self.gpu.device.create_command_encoder(&Default::default());
        if is_large(first) {
            self.submit_in_portions(first).await?;
        } else {
            self.encode(&mut encoder, batches);
        }
        let margins = first.first_margin..last.first_margin + last.size.rows;
        let mut found = self.submit(encoder, &margins, watched).await?;
        let cells = found.split_off((margins.end - margins.start) as usize);
        let labels = plan
            .labels
            .get(margins.start as usize..margins.end as usize);
        for (&margin, &label) in found.iter().zip(labels.unwrap_or_default()) {
            self.losses.add(f64::from(margin), label);
        }
        self.batch += batches.len();
        self.steps += batches.len() as u64;
        if self.batch == plan.batches.len() {
            self.end_epoch().await?;
        }
        let slots = self.rule.kind.slots();
        Ok((
            batches.iter().map(|batch| batch.size.entries).sum(),
            cells.chunks(slots).map(<[f32]>::to_vec).collect(),
        ))
    }

    /// Does what is encoded; then those margins, and behind them the cells of those features.
    async fn submit(
        &self,
        mut encoder: wgpu::CommandEncoder,
        margins: &std::ops::Range<u64>,
        watched: &[u32],
    ) -> Result<Vec<f32>, Fault> {
        let Buffers { staging, .. } = &self.buffers;
        let plane = self.plan.feature_count as u64 + 1;
        let watched = watched.iter().filter(|&&rank| u64::from(rank) < plane);
        let mut count = margins.end - margins.start;
        let from = &self.buffers.margins;
        encoder.copy_buffer_to_buffer(from, 4 * margins.start, staging, 0, 4 * count);
        for &rank in watched.take(MOST_WATCHED) {
            for slot in 0..self.rule.kind.slots() as u64 {
                let from = 4 * (slot * plane + u64::from(rank));
                encoder.copy_buffer_to_buffer(&self.buffers.cells, from, staging, 4 * count, 4);
                count += 1;
            }
        }
        self.gpu.queue.submit([encoder.finish()]);
        self.gpu.read(staging, count).await
    }

    async fn end_epoch(&mut self) -> Result<(), Fault> {
        let mut snapshot = self.snapshot().await?;
        self.batch = 0;
        let losses = std::mem::take(&mut self.losses);
        snapshot.epoch_losses.extend(losses.mean());
        self.last_epoch = snapshot;
        Ok(())
    }

    /// Batches, each a dispatch of each kind.
    fn encode(&self, encoder: &mut wgpu::CommandEncoder, batches: &[PlannedBatch]) {
        let wholes = batches.iter().map(|batch| Portion {
            rows: 0..batch.size.rows as u32,
            columns: 0..batch.size.columns as u32,
            long: 0..batch.size.long as u32,
        });
        let portions: Vec<Portion> = wholes.collect();
        let steps = self.steps + 1..;
        let uniforms = steps.zip(batches.iter().zip(&portions));
        self.write(uniforms.map(|(step, (batch, portion))| {
            self.uniform(batch, portion, self.options.intercept, step)
        }));
        let mut pass = encoder.begin_compute_pass(&Default::default());
        for (slot, (batch, portion)) in (0..).zip(batches.iter().zip(&portions)) {
            if let Some(chunk) = self.plan.chunks.get(batch.chunk) {
                pass.set_bind_group(0, &self.group, &[slot * UNIFORM_STRIDE as u32]);
                self.by_row(&mut pass, chunk, portion, batch.size.long_rows);
                self.by_column(&mut pass, chunk, portion, self.options.intercept);
            }
        }
    }

    /// One batch, each portion a submission, and none before the last one is done.
    async fn submit_in_portions(&self, batch: &PlannedBatch) -> Result<(), Fault> {
        let (Some(portions), Some(chunk)) = (&batch.portions, self.plan.chunks.get(batch.chunk))
        else {
            return Ok(());
        };
        let portions: Vec<Portion> = portions.portions().collect();
        // The intercept's is the first dispatch of long columns.
        let has_intercept = |slot: usize| slot == 0 && self.options.intercept;
        self.write(portions.iter().enumerate().map(|(slot, portion)| {
            self.uniform(batch, portion, has_intercept(slot), self.steps + 1)
        }));
        for is_by_row in [true, false] {
            for (slot, portion) in portions.iter().enumerate() {
                let mut encoder = self.gpu.device.create_command_encoder(&Default::default());
                let mut pass = encoder.begin_compute_pass(&Default::default());
                pass.set_bind_group(0, &self.group, &[slot as u32 * UNIFORM_STRIDE as u32]);
                if is_by_row {
                    let long_rows = if slot == 0 { batch.size.long_rows } else { 0 };
                    self.by_row(&mut pass, chunk, portion, long_rows);
                } else {
                    self.by_column(&mut pass, chunk, portion, has_intercept(slot));
                }
                drop(pass);
                // One number is read, to know when it is done.
                self.submit(encoder, &(0..1), &[]).await?;
            }
        }
        Ok(())
    }

    /// Places the constants of the dispatches to come, `UNIFORM_STRIDE` bytes each.
    fn write(&self, uniforms: impl Iterator<Item = [u32; UNIFORM_WORDS]>) {
        let mut words = Vec::new();
        for uniform in uniforms {
            words.extend(uniform);
            words.resize(words.len().next_multiple_of(UNIFORM_STRIDE as usize / 4), 0);
        }
        let bytes = bytemuck::cast_slice(&words);
        self.gpu
            .queue
            .write_buffer(&self.buffers.uniforms, 0, bytes);
    }

    fn by_row(
        &self,
        pass: &mut wgpu::ComputePass<'_>,
        chunk: &ChunkGroups,
        portion: &Portion,
        long_rows: u64,
    ) {
        pass.set_bind_group(1, &chunk.rows, &[]);
        let rows = portion.rows.len() as u64;
        dispatch(pass, &self.pipelines.residuals, rows.div_ceil(INVOCATIONS));
        dispatch(pass, &self.pipelines.residuals_long, long_rows);
    }

    fn by_column(
        &self,
        pass: &mut wgpu::ComputePass<'_>,
        chunk: &ChunkGroups,
        portion: &Portion,
        has_intercept: bool,
    ) {
        pass.set_bind_group(1, &chunk.columns, &[]);
        let columns = portion.columns.len() as u64;
        dispatch(pass, &self.pipelines.gather, columns.div_ceil(INVOCATIONS));
        let long = portion.long.len() as u64 + u64::from(has_intercept);
        dispatch(pass, &self.pipelines.gather_long, long);
    }

    /// `Batch` of `model.wgsl`.
    fn uniform(
        &self,
        batch: &PlannedBatch,
        portion: &Portion,
        has_intercept: bool,
        step: u64,
    ) -> [u32; UNIFORM_WORDS] {
        let constants = self.rule.constants(step);
        [
            batch.before.rows as u32,
            batch.size.rows as u32,
            portion.rows.start,
            portion.rows.end,
            batch.before.long_rows as u32,
            batch.size.long_rows as u32,
            batch.first_margin as u32,
            batch.before.columns as u32,
            portion.columns.start,
            portion.columns.end,
            batch.before.long as u32,
            portion.long.start,
            portion.long.end,
            u32::from(has_intercept),
            self.plan.feature_count as u32 + 1,
            constants.rate.to_bits(),
            constants.epsilon.to_bits(),
            constants.square_decay.to_bits(),
            constants.mean_decay.to_bits(),
            (1.0 / batch.size.rows as f32).to_bits(),
            (self.options.l2 as f32).to_bits(),
        ]
    }

    /// The model as it is now. The losses of an epoch under way are not in it.
    ///
    /// # Errors
    /// What went wrong; see [`Self::last_epoch`].
    pub async fn snapshot(&self) -> Result<Snapshot, Fault> {
        self.gpu.check()?;
        let mut encoder = self.gpu.device.create_command_encoder(&Default::default());
        let Buffers { cells, staging, .. } = &self.buffers;
        let plane = self.plan.feature_count + 1;
        let count = (plane * self.rule.kind.slots()) as u64;
        encoder.copy_buffer_to_buffer(cells, 0, staging, 0, 4 * count);
        self.gpu.queue.submit([encoder.finish()]);
        let numbers = self.gpu.read(staging, count).await?;
        Ok(Snapshot {
            planes: numbers.chunks(plane).map(<[f32]>::to_vec).collect(),
            steps: self.steps,
            epoch_losses: self.last_epoch.epoch_losses.clone(),
        })
    }

    /// The model at the end of the last epoch, or as it began: kept here, so that it outlives the
    /// GPU.
    #[must_use]
    pub fn last_epoch(&self) -> &Snapshot {
        &self.last_epoch
    }

    /// What it trains on.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// What it has in common with the other rules.
    #[must_use]
    pub fn options(&self) -> Options {
        self.options
    }

    /// The rule with its parameters.
    #[must_use]
    pub fn rule(&self) -> &Rule {
        &self.rule
    }

    /// Another η from the next batch on.
    pub fn set_learning_rate(&mut self, learning_rate: f64) {
        self.rule.learning_rate = learning_rate;
    }

    /// How many bytes the model takes on the GPU; the plan's come on top, once for all rules.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.buffers.bytes
    }

    /// Batches done, over all epochs.
    #[must_use]
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// Batches done in the epoch under way.
    #[must_use]
    pub fn batches_done(&self) -> usize {
        self.batch
    }

    /// The mean progressive loss (each batch's before its update) of every epoch done, in nats; not
    /// finite where the run diverged.
    #[must_use]
    pub fn epoch_losses(&self) -> &[f64] {
        &self.last_epoch.epoch_losses
    }

    /// The mean progressive loss of the epoch under way so far; none at its beginning.
    #[must_use]
    pub fn loss_so_far(&self) -> Option<f64> {
        self.losses.mean()
    }
}

impl Buffers {
    /// All, and those that the shader has as group 0.
    fn new(gpu: &Gpu, plan: &Plan, slots: usize) -> (Self, wgpu::BindGroup) {
        use wgpu::BufferUsages as Usage;
        let cells = 4 * slots as u64 * (plan.feature_count as u64 + 1);
        let margins = 4 * plan.labels.len() as u64;
        let rows = plan.batches.iter().map(|batch| batch.size.rows).max();
        let residuals = 4 * rows.unwrap_or_default();
        let at_once = plan.batches.len().min(MOST_BATCHES_AT_ONCE);
        let portions = plan.batches.iter().flat_map(|batch| &batch.portions);
        let most_portions = portions.map(|portions| portions.count()).max();
        let at_once = at_once.max(most_portions.unwrap_or(1));
        let uniforms = UNIFORM_STRIDE * at_once as u64;
        let watched = 4 * (slots * MOST_WATCHED) as u64;
        let staging = cells.max(margins + watched);
        let residuals_buffer = gpu.buffer("residuals", residuals, Usage::STORAGE);
        let copied = Usage::STORAGE | Usage::COPY_SRC;
        let buffers = Self {
            cells: gpu.buffer("cells", cells, copied | Usage::COPY_DST),
            margins: gpu.buffer("margins", margins, copied),
            uniforms: gpu.buffer("batches", uniforms, Usage::UNIFORM | Usage::COPY_DST),
            staging: gpu.buffer("staging", staging, Usage::MAP_READ | Usage::COPY_DST),
            bytes: cells + margins + residuals + uniforms + staging,
        };
        let one_batch = wgpu::BindingResource::Buffer(wgpu::BufferBinding {
            buffer: &buffers.uniforms,
            offset: 0,
            size: wgpu::BufferSize::new(UNIFORM_STRIDE),
        });
        let group = gpu.group(
            &gpu.model_layout,
            0,
            &[
                one_batch,
                buffers.cells.as_entire_binding(),
                residuals_buffer.as_entire_binding(),
                buffers.margins.as_entire_binding(),
            ],
        );
        (buffers, group)
    }
}
