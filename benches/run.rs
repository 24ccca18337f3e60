//! The core's timings. The bar: 100,000 recorded steps in under 10 ms.

#![allow(
    missing_docs,
    reason = "criterion's macros generate undocumented items"
)]

use std::hint::black_box;

use adagrad_lab::diagnosis::map::Measure;
use adagrad_lab::diagnosis::{Horizon, Map, Refinement, Sides};
use adagrad_lab::objective::Objective;
use adagrad_lab::optimizer::{Adagrad, EpsilonPlacement, Order};
use adagrad_lab::trajectory::run;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

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
    for (name, map) in maps() {
        let runs = (map.columns * map.rows) as u64;
        let mut group = criterion.benchmark_group("native");
        group.throughput(Throughput::Elements(runs * u64::from(map.steps)));
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let mut refinement = Refinement::new(black_box(map.clone()));
                while !refinement.is_complete() {
                    refinement.advance(black_box(500));
                }
                refinement.picture()
            });
        });
    }
}

/// What the browser computes too, under the same names: see tests/e2e/speed.spec.ts.
fn maps() -> [(&'static str, Map); 2] {
    let starts = Map {
        problem: Objective::F1.into(),
        optimizer: D2L.into(),
        steps: 100,
        sides: Sides::Starts {
            low: [-5.0, -5.0],
            high: [5.0, 5.0],
        },
        measure: Measure::ShareLeft,
        columns: 256,
        rows: 256,
    };
    let sweep = Map {
        problem: Objective::F2.into(),
        steps: 10_000,
        sides: Sides::Rates {
            start: START,
            learning_rates: [0.001, 10.0],
            epsilons: [1e-6, 1.0],
        },
        columns: 81,
        rows: 1,
        ..starts.clone()
    };
    [
        ("map, 256 × 256 starts × 100 steps of Adagrad on f1", starts),
        ("sweep, 81 rates × 10,000 steps of Adagrad on f2", sweep),
    ]
}

criterion_group!(group, benches);
criterion_main!(group);
