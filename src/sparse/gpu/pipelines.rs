//! What a trainer runs on the GPU.

use super::Gpu;
use super::plan::Plan;
use crate::sparse::cpu::Options;
use crate::sparse::rules::Kind;

/// Workgroups of a dispatch in one direction: every adapter's limit.
const MOST_WORKGROUPS: u64 = 65_535;

/// The shader's entry points, for a rule and a plan.
#[derive(Debug)]
pub(super) struct Pipelines {
    pub(super) residuals: wgpu::ComputePipeline,
    pub(super) residuals_long: wgpu::ComputePipeline,
    pub(super) gather: wgpu::ComputePipeline,
    pub(super) gather_long: wgpu::ComputePipeline,
}

impl Pipelines {
    /// Compiled where the adapter does it at once; else on their first use.
    pub(super) fn new(gpu: &Gpu, plan: &Plan, kind: Kind, options: Options) -> Self {
        let flag = |is: bool| f64::from(u8::from(is));
        let constants = [
            ("RULE", number(kind)),
            ("HAS_VALUES", flag(plan.has_values)),
            ("HAS_INTERCEPT", flag(options.intercept)),
            ("LONG_COLUMN", gpu.long_column() as f64),
            ("LONG_ROW", gpu.long_row() as f64),
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
            residuals_long: pipeline("residuals_long", &by_row),
            gather: pipeline("gather", &by_column),
            gather_long: pipeline("gather_long", &by_column),
        }
    }
}

/// So many workgroups, in two directions where one is not enough; nothing of none.
pub(super) fn dispatch(
    pass: &mut wgpu::ComputePass<'_>,
    pipeline: &wgpu::ComputePipeline,
    workgroups: u64,
) {
    if workgroups > 0 {
        let across = workgroups.min(MOST_WORKGROUPS);
        pass.set_pipeline(pipeline);
        pass.dispatch_workgroups(across as u32, workgroups.div_ceil(across) as u32, 1);
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
