//! One epoch of Adagrad on the GPU beside the processor's, in million non-zeros per second: 200,000
//! examples × 32 non-zeros of 2²⁰ features, α = 1.1, batches of 4,096. It prints the adapter; the
//! bar is 25 on a software adapter, and ten times the processor's where there is a GPU.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Instant;

use adagrad_lab::sparse::batches::Batches;
use adagrad_lab::sparse::columns::Columns;
use adagrad_lab::sparse::cpu::{Options, Trainer};
use adagrad_lab::sparse::gpu::Gpu;
use adagrad_lab::sparse::gpu::plan::Plan;
use adagrad_lab::sparse::gpu::trainer::GpuTrainer;
use adagrad_lab::sparse::held_out::HeldOut;
use adagrad_lab::sparse::rules::{Kind, Rule};
use adagrad_lab::sparse::zipf::{Generator, Zipf};

const WORKLOAD: Zipf = Zipf {
    examples: 200_000,
    features: 1 << 20,
    nonzeros_per_example: 32,
    exponent: 1.1,
    noise: 0.0,
    seed: 1,
};
const EPOCHS: usize = 7;

/// Off the browser every future of the GPU's is ready once it has been polled.
fn wait<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
    }
}

/// Seconds of the fastest of some epochs.
fn fastest(
    mut epoch: impl FnMut() -> Result<(), Box<dyn std::error::Error>>,
) -> Result<f64, Box<dyn std::error::Error>> {
    let mut fastest = f64::INFINITY;
    for _ in 0..EPOCHS {
        let started = Instant::now();
        epoch()?;
        fastest = fastest.min(started.elapsed().as_secs_f64());
    }
    Ok(fastest)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let gpu = match wait(Gpu::request()) {
        Ok(gpu) => gpu,
        Err(reason) => {
            println!("SKIPPED sparse_gpu: {reason}");
            return Ok(());
        }
    };
    let mut generator = Generator::new(WORKLOAD)?;
    generator.advance(usize::MAX);
    let examples = generator.finish(HeldOut::End(0.0)).examples;
    println!(
        "adapter: {}{}, buffers of up to {} MiB",
        gpu.adapter(),
        if gpu.is_software() { ", software" } else { "" },
        gpu.most_bytes() >> 20
    );
    let rule = Rule::new(Kind::Adagrad, 0.1, 1e-6);
    let options = Options::default();
    println!("   batch  processor        GPU   (million non-zeros per second)");
    for size in [4_096, 32_768] {
        let batches = Batches::new(examples.split.training.clone(), size, None);
        let columns = Columns::of(&examples, &batches);
        let mut processor = Trainer::new(rule, options, examples.feature_count());
        let processors = fastest(|| {
            processor.advance(&examples, &batches, &columns, usize::MAX);
            Ok(())
        })?;
        let plan = Arc::new(wait(Plan::upload(&gpu, &examples, &batches, &columns))?);
        let mut trainer = wait(GpuTrainer::new(&gpu, &plan, rule, options))?;
        let gpus = fastest(|| {
            let epochs = trainer.epoch_losses().len();
            while trainer.epoch_losses().len() == epochs {
                wait(trainer.advance(16))?;
            }
            Ok(())
        })?;
        let million = examples.nonzeros() as f64 / 1e6;
        // Each number once, though caches may spare some: rank and weight of an entry by row,
        // example and residual by column; feature, start, and weight and s in and out of a column.
        let bytes = 16.0 * examples.nonzeros() as f64 + 24.0 * columns.features().len() as f64;
        println!(
            "{size:8} {:10.1} {:10.1}   {:.1} GB/s, {:.1} MiB of plan",
            million / processors,
            million / gpus,
            bytes / gpus / 1e9,
            plan.bytes() as f64 / f64::from(1 << 20)
        );
    }
    Ok(())
}
