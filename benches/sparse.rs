//! The sparse trainer's timings in non-zeros per second, one thread. The workload: 200,000
//! examples × 32 non-zeros of 2²⁰ features, α = 1.1. The bar: batches of 4,096 at 0.6 of the online
//! throughput at least.

#![allow(
    missing_docs,
    reason = "criterion's macros generate undocumented items"
)]

use std::hint::black_box;

use adagrad_lab::sparse::batches::Batches;
use adagrad_lab::sparse::columns::Columns;
use adagrad_lab::sparse::cpu::{Options, Trainer};
use adagrad_lab::sparse::examples::Examples;
use adagrad_lab::sparse::held_out::HeldOut;
use adagrad_lab::sparse::rules::{Kind, Rule};
use adagrad_lab::sparse::zipf::{Generator, Zipf};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

const WORKLOAD: Zipf = Zipf {
    examples: 200_000,
    features: 1 << 20,
    nonzeros_per_example: 32,
    exponent: 1.1,
    noise: 0.0,
    seed: 1,
};

fn generate(zipf: Zipf) -> Option<Examples> {
    let mut generator = Generator::new(zipf).ok()?;
    generator.advance(usize::MAX);
    Some(generator.finish(HeldOut::End(0.0)).examples)
}

fn benches(criterion: &mut Criterion) {
    let Some(examples) = generate(WORKLOAD) else {
        return;
    };
    let mut group = criterion.benchmark_group("sparse");
    group.sample_size(10);
    group.throughput(Throughput::Elements(examples.nonzeros() as u64));
    for size in [1, 4_096] {
        let batches = Batches::new(examples.split.training.clone(), size, None);
        if size > 1 {
            group.bench_function("planning", |bencher| {
                bencher.iter(|| Columns::of(black_box(&examples), &batches));
            });
        }
        let columns = Columns::of(&examples, &batches);
        for kind in Kind::ALL {
            let rule = Rule::new(kind, 0.1, 1e-6);
            let count = examples.feature_count();
            let mut trainer = Trainer::new(rule, Options::default(), count);
            group.bench_function(format!("{}, batches of {size}", kind.name()), |bencher| {
                bencher.iter(|| trainer.advance(&examples, &batches, &columns, usize::MAX));
            });
        }
    }
    group.bench_function("generating", |bencher| {
        bencher.iter(|| generate(black_box(WORKLOAD)));
    });
}

criterion_group!(group, benches);
criterion_main!(group);
