//! The core's timings. The bar: 100,000 recorded steps in under 10 ms.

#![allow(
    missing_docs,
    reason = "criterion's macros generate undocumented items"
)]

use std::hint::black_box;

use adagrad_lab::diagnosis::{Horizon, Sweep, log_spaced};
use adagrad_lab::objective::Objective;
use adagrad_lab::optimizer::{Adagrad, EpsilonPlacement, Order};
use adagrad_lab::swarm::ends_from;
use adagrad_lab::trajectory::run;
use criterion::{Criterion, criterion_group, criterion_main};

const START: [f64; 2] = [-5.0, -2.0];

const D2L: Adagrad = Adagrad {
    learning_rate: 0.4,
    epsilon: 1e-6,
    epsilon_placement: EpsilonPlacement::Inside,
    initial_accumulator: 0.0,
    learning_rate_decay: 0.0,
    order: Order::Accumulate,
    weight_decay: 0.0,
};

/// So slow that neither the whole horizon nor a long run comes near the minimum, where they could
/// stop early or meet subnormal numbers.
const SLOW: Adagrad = Adagrad {
    learning_rate: 0.001,
    ..D2L
};

fn benches(criterion: &mut Criterion) {
    for steps in [20, 100_000] {
        criterion.bench_function(&format!("run, {steps} steps"), |bencher| {
            bencher.iter(|| run(black_box(&Objective::F2), SLOW, START, steps));
        });
    }
    criterion.bench_function("horizon, 1,000,000 steps", |bencher| {
        bencher.iter(|| Horizon::new(black_box(Objective::F2), SLOW, START).advance(u32::MAX));
    });
    criterion.bench_function("sweep, 2 objectives × 81 rates × 20 steps", |bencher| {
        bencher.iter(|| {
            for objective in [Objective::F1, Objective::F2] {
                let rates = log_spaced(0.001, 10.0, 81);
                let mut sweep = Sweep::new(black_box(objective), D2L, START, 20, rates);
                sweep.advance(u32::MAX);
                black_box(sweep.points().last());
            }
        });
    });
    let starts: Vec<[f64; 2]> = (0..256 * 256_u32)
        .map(|pixel| [pixel % 256, pixel / 256].map(|i| f64::from(i) / 25.6 - 5.0))
        .collect();
    let problem = Objective::F1.into();
    criterion.bench_function("map, 256 × 256 starts × 100 steps of Adagrad", |bencher| {
        bencher.iter(|| ends_from(black_box(&problem), D2L, &starts, 100));
    });
}

criterion_group!(group, benches);
criterion_main!(group);
