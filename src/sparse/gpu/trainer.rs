//! A model in training on the GPU.

use std::sync::Arc;

use super::chunks::check_model;
use super::plan::{Plan, PlannedBatch};
use super::{Fault, Gpu};
use crate::sparse::columns::LONG_COLUMN;
use crate::sparse::cpu::{Options, Snapshot};
use crate::sparse::loss::LossSum;
use crate::sparse::rules::{Kind, Rule};

/// A submission has no more batches; more are left for the next.
pub const MOST_BATCHES_AT_ONCE: usize = 1_024;

/// Invocations of a workgroup, as in `model.wgsl`.
const INVOCATIONS: u64 = 64;

/// Workgroups of a dispatch in one direction: every adapter's limit.
const MOST_WORKGROUPS: u64 = 65_535;

/// What is between two batches' constants: every adapter's alignment.
const UNIFORM_STRIDE: u64 = 256;

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
struct Pipelines {
    residuals: wgpu::ComputePipeline,
    gather: wgpu::ComputePipeline,
    gather_long: wgpu::ComputePipeline,
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
        if let Some(error) = scope.pop().await {
            return Err(error.into());
        }
        gpu.check()?;
        Ok(Self {
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
        })
    }

    /// Trains so many batches, in one submission: at least one, at most
    /// [`MOST_BATCHES_AT_ONCE`], and never past the end of an epoch. How many non-zeros it visited:
    /// 0 only where there are none.
    ///
    /// A browser lets nothing else use the GPU meanwhile, and takes it away after some seconds: ask
    /// for as many as take well under one.
    ///
    /// # Errors
    /// What went wrong; see [`Self::last_epoch`].
    pub async fn advance(&mut self, batches: usize) -> Result<u64, Fault> {
        self.gpu.check()?;
        let end = self.batch + batches.clamp(1, MOST_BATCHES_AT_ONCE);
        let plan = Arc::clone(&self.plan);
        let end = end.min(plan.batches.len());
        let batches = plan.batches.get(self.batch..end).unwrap_or_default();
        let (Some(first), Some(last)) = (batches.first(), batches.last()) else {
            return Ok(0);
        };
        let margins = first.first_margin..last.first_margin + last.size.rows;
        self.submit(batches, &margins);
        let count = margins.end - margins.start;
        let found = self.gpu.read(&self.buffers.staging, count).await?;
        let labels = plan
            .labels
            .get(margins.start as usize..margins.end as usize);
        for (&margin, &label) in found.iter().zip(labels.unwrap_or_default()) {
            self.losses.add(f64::from(margin), label);
        }
        self.batch = end;
        self.steps += batches.len() as u64;
        if end == plan.batches.len() {
            self.end_epoch().await?;
        }
        Ok(batches.iter().map(|batch| batch.size.entries).sum())
    }

    async fn end_epoch(&mut self) -> Result<(), Fault> {
        let mut snapshot = self.snapshot().await?;
        self.batch = 0;
        let losses = std::mem::take(&mut self.losses);
        snapshot.epoch_losses.extend(losses.mean());
        self.last_epoch = snapshot;
        Ok(())
    }

    fn submit(&self, batches: &[PlannedBatch], margins: &std::ops::Range<u64>) {
        let mut uniforms = Vec::with_capacity(batches.len() * UNIFORM_STRIDE as usize / 4);
        for (step, batch) in (self.steps + 1..).zip(batches) {
            uniforms.extend(self.uniform(batch, step));
            uniforms.resize(
                uniforms.len().next_multiple_of(UNIFORM_STRIDE as usize / 4),
                0,
            );
        }
        let uniforms = bytemuck::cast_slice(&uniforms);
        self.gpu
            .queue
            .write_buffer(&self.buffers.uniforms, 0, uniforms);
        let mut encoder = self.gpu.device.create_command_encoder(&Default::default());
        let mut pass = encoder.begin_compute_pass(&Default::default());
        for (offset, batch) in (0..).step_by(UNIFORM_STRIDE as usize).zip(batches) {
            let Some(chunk) = self.plan.chunks.get(batch.chunk) else {
                continue;
            };
            let has_intercept = u64::from(self.options.intercept);
            pass.set_bind_group(0, &self.group, &[offset]);
            for (pipeline, group, workgroups) in [
                (
                    &self.pipelines.residuals,
                    &chunk.rows,
                    batch.size.rows.div_ceil(INVOCATIONS),
                ),
                (
                    &self.pipelines.gather,
                    &chunk.columns,
                    batch.size.columns.div_ceil(INVOCATIONS),
                ),
                (
                    &self.pipelines.gather_long,
                    &chunk.columns,
                    batch.size.long + has_intercept,
                ),
            ] {
                if workgroups > 0 {
                    let across = workgroups.min(MOST_WORKGROUPS);
                    pass.set_pipeline(pipeline);
                    pass.set_bind_group(1, group, &[]);
                    let down = workgroups.div_ceil(across);
                    pass.dispatch_workgroups(across as u32, down as u32, 1);
                }
            }
        }
        drop(pass);
        let Buffers {
            margins: from,
            staging: to,
            ..
        } = &self.buffers;
        let bytes = 4 * (margins.end - margins.start);
        encoder.copy_buffer_to_buffer(from, 4 * margins.start, to, 0, bytes);
        self.gpu.queue.submit([encoder.finish()]);
    }

    /// `Batch` of `model.wgsl`.
    fn uniform(&self, batch: &PlannedBatch, step: u64) -> [u32; 14] {
        let constants = self.rule.constants(step);
        [
            batch.before.rows as u32,
            batch.size.rows as u32,
            batch.first_margin as u32,
            batch.before.columns as u32,
            batch.size.columns as u32,
            batch.before.long as u32,
            batch.size.long as u32,
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
        let at_once = plan.batches.len().min(MOST_BATCHES_AT_ONCE) as u64;
        let uniforms = UNIFORM_STRIDE * at_once.max(1);
        let staging = cells.max(margins);
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

impl Pipelines {
    fn new(gpu: &Gpu, plan: &Plan, kind: Kind, options: Options) -> Self {
        let flag = |is: bool| f64::from(u8::from(is));
        let constants = [
            ("RULE", number(kind)),
            ("HAS_VALUES", flag(plan.has_values)),
            ("HAS_INTERCEPT", flag(options.intercept)),
            ("LONG_COLUMN", LONG_COLUMN as f64),
        ];
        let layout = |group: &wgpu::BindGroupLayout| {
            gpu.device
                .create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
                    bind_group_layouts: &[Some(&gpu.model_layout), Some(group)],
                    ..Default::default()
                })
        };
        let [by_row, by_column] = [&gpu.rows_layout, &gpu.columns_layout].map(layout);
        let pipeline = |entry, layout| {
            gpu.device
                .create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
                    label: Some(entry),
                    layout: Some(layout),
                    module: &gpu.shader,
                    entry_point: Some(entry),
                    compilation_options: wgpu::PipelineCompilationOptions {
                        constants: &constants,
                        ..Default::default()
                    },
                    cache: None,
                })
        };
        Self {
            residuals: pipeline("residuals", &by_row),
            gather: pipeline("gather", &by_column),
            gather_long: pipeline("gather_long", &by_column),
        }
    }
}

/// The rule's number in `rules.wgsl`.
fn number(kind: Kind) -> f64 {
    match kind {
        Kind::Sgd => 0.0,
        Kind::Decay => 1.0,
        Kind::Counter => 2.0,
        Kind::Adagrad => 3.0,
        Kind::RmsProp => 4.0,
        Kind::Adam => 5.0,
    }
}
