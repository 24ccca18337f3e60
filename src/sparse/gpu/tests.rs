//! The trainer on the GPU against its twin and against the plain model in f64, on any Vulkan
//! adapter; a software one will do.

use std::future::Future;
use std::io::Write as _;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use super::plan::Plan;
use super::trainer::{GpuTrainer, MOST_BATCHES_AT_ONCE};
use super::{Fault, Gpu, LONG_ROW};
use crate::sparse::batches::Batches;
use crate::sparse::columns::{Columns, LONG_COLUMN};
use crate::sparse::cpu::{Options, Snapshot, Trainer};
use crate::sparse::examples::Examples;
use crate::sparse::examples::tests::examples;
use crate::sparse::held_out::HeldOut;
use crate::sparse::parity::{a9a_examples, difference, rules, synthetic};
use crate::sparse::reference;
use crate::sparse::rules::{Kind, Rule};
use crate::sparse::zipf::{Generator, Zipf};

const WITH_ALL: Options = Options {
    intercept: true,
    l2: 1e-4,
};

/// Off the browser every future here is ready, or becomes so while it is polled.
fn wait<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
    }
}

/// The adapter; where there is none, says on the terminal, past the test harness, that `test` was
/// skipped.
fn gpu(test: &str) -> Option<Gpu> {
    let gpu = wait(Gpu::request());
    if let Err(reason) = &gpu {
        let message = format!("SKIPPED sparse::gpu::tests::{test}: {reason}\n");
        std::io::stderr().write_all(message.as_bytes()).unwrap();
    }
    gpu.ok()
}

/// A plan of the training examples in an order drawn by a seed.
fn plan(gpu: &Gpu, examples: &Examples, size: usize) -> (Batches, Columns, Arc<Plan>) {
    let batches = Batches::new(examples.split.training.clone(), size, Some(3));
    let columns = Columns::of(examples, &batches);
    let plan = wait(Plan::upload(gpu, examples, &batches, &columns)).unwrap();
    (batches, columns, Arc::new(plan))
}

/// Trains for so many epochs, so many batches at once.
fn train(trainer: &mut GpuTrainer, epochs: usize, at_once: usize) -> Snapshot {
    while trainer.epoch_losses().len() < epochs {
        wait(trainer.advance(at_once)).unwrap();
    }
    trainer.last_epoch().clone()
}

fn small(values: bool) -> Examples {
    let zipf = Zipf {
        examples: 2_000,
        features: 500,
        nonzeros_per_example: 9,
        exponent: 1.1,
        noise: 0.1,
        seed: 9,
    };
    let mut generator = Generator::new(zipf).unwrap();
    generator.advance(usize::MAX);
    let generated = generator.finish(HeldOut::End(0.2)).examples;
    if !values {
        return generated;
    }
    // The same with values from −1 to 1, by feature and example, which do not cancel.
    let rows: Vec<(bool, Vec<(u32, f32)>)> = (0..2_000_u32)
        .map(|row| {
            let row_of = generated.row(row);
            let value = |rank: u32| ((rank * 7 + row * 311) % 1_009) as f32 / 504.5 - 1.0;
            let entries = row_of.indices.iter().map(|&rank| (rank, value(rank)));
            (row_of.label, entries.collect())
        })
        .collect();
    let borrowed: Vec<_> = rows.iter().map(|(label, row)| (*label, &row[..])).collect();
    examples(&borrowed, 500)
}

/// One epoch of every rule within the bounds of the plain model and of the twin: 1e-4 of
/// the weights' norm and 1e-5 of the loss.
fn check(gpu: &Gpu, examples: &Examples, size: usize, options: Options) {
    let (batches, columns, plan) = plan(gpu, examples, size);
    for rule in rules() {
        let mut trainer = wait(GpuTrainer::new(gpu, &plan, rule, options)).unwrap();
        let found = train(&mut trainer, 1, 10);
        let (intercept, weights) = found.planes[0].split_last().unwrap();
        let expected = reference::train(examples, &batches, &rule, options, 1);
        let mut twin = Trainer::new(rule, options, examples.feature_count());
        twin.advance(examples, &batches, &columns, usize::MAX);
        let twins: Vec<f64> = twin.weights().iter().map(|&w| f64::from(w)).collect();
        let of_twin = difference(weights, &twins);
        let of_model = difference(weights, &expected.weights);
        let loss = found.epoch_losses[0];
        let losses = [expected.epoch_losses[0], twin.epoch_losses()[0]];
        let of_losses = losses.map(|other| (loss / other - 1.0).abs());
        let of_loss = of_losses[0].max(of_losses[1]);
        println!(
            "{:?} × {size}: {of_twin:.1e} {of_model:.1e} {of_loss:.1e}",
            rule.kind
        );
        assert!(of_twin < 1e-4, "{rule:?} × {size}: {of_twin}");
        assert!(of_model < 1e-4, "{rule:?} × {size}: {of_model}");
        assert!(of_loss < 1e-5, "{rule:?} × {size}: {of_loss}");
        let of_intercept = (f64::from(*intercept) - expected.intercept).abs();
        assert!(
            of_intercept <= 1e-4 * expected.intercept.abs(),
            "{rule:?}: {of_intercept}"
        );
        assert_eq!(
            (found.steps, found.planes.len()),
            (twin.steps(), rule.kind.slots())
        );
        // The rule's other numbers, too, are the twin's.
        for (found, twins) in found.planes.iter().zip(twin.snapshot().planes) {
            let twins: Vec<f64> = twins.iter().map(|&number| f64::from(number)).collect();
            if twins.iter().any(|&number| number != 0.0) {
                assert!(difference(found, &twins) < 1e-4, "{rule:?}");
            }
        }
    }
}

#[test]
fn synthetic_in_batches() {
    let Some(gpu) = gpu("synthetic_in_batches") else {
        return;
    };
    let examples = synthetic();
    check(&gpu, &examples, 4_096, Options::default());
    check(&gpu.with_workgroups(), &examples, 4_096, Options::default());
}

#[test]
fn a9a() {
    let Some(gpu) = gpu("a9a") else { return };
    let Some(examples) = a9a_examples("sparse::gpu::tests::a9a") else {
        return;
    };
    check(&gpu, &examples, 100, WITH_ALL);
}

/// Values, an intercept, L2, long columns and a last batch that is smaller; and batches of 1, whose
/// columns are planned on upload.
#[test]
fn small_with_all() {
    let Some(gpu) = gpu("small_with_all") else {
        return;
    };
    let with_values = small(true);
    let batches = Batches::new(with_values.split.training.clone(), 700, Some(3));
    assert!(Columns::of(&with_values, &batches).long().len() > 3);
    for gpu in [gpu.clone(), gpu.with_workgroups()] {
        for size in [1, 64, 700, 5_000] {
            check(&gpu, &with_values, size, WITH_ALL);
            check(&gpu, &small(false), size, WITH_ALL);
        }
    }
}

/// By hand, as the twin's test: at w = 0 feature 0 has g = ½, feature 1 has −¼, and Adagrad's first
/// step is η to either side.
#[test]
fn a_batch_by_hand() {
    let Some(gpu) = gpu("a_batch_by_hand") else {
        return;
    };
    let examples = examples(&[(true, &[(0, 1.0), (1, 1.0)]), (false, &[(0, 3.0)])], 3);
    let (_, _, plan) = plan(&gpu, &examples, 2);
    let rule = Rule::new(Kind::Adagrad, 0.5, 0.0);
    let mut trainer = wait(GpuTrainer::new(&gpu, &plan, rule, WITH_ALL)).unwrap();
    assert_eq!(wait(trainer.advance(9)), Ok(3));
    let found = trainer.last_epoch();
    assert_eq!(
        found.planes,
        [[-0.5, 0.5, 0.0, 0.0], [0.25, 0.0625, 0.0, 0.0]]
    );
    let error = found.epoch_losses[0] - std::f64::consts::LN_2;
    assert!(error.abs() < 1e-15);
}

/// A column of every length about where columns become long: the sum of that many ½, exact in any
/// order.
#[test]
fn long_columns_are_summed_whole() {
    let Some(gpu) = gpu("long_columns_are_summed_whole") else {
        return;
    };
    for gpu in [gpu.clone(), gpu.with_workgroups()] {
        for count in [
            LONG_COLUMN - 1,
            LONG_COLUMN,
            LONG_COLUMN + 1,
            LONG_COLUMN + 63,
            10 * LONG_COLUMN + 7,
        ] {
            let rows: Vec<(bool, &[(u32, f32)])> =
                (0..count).map(|_| (false, &[(0, 2.0)][..])).collect();
            let examples = examples(&rows, 1);
            let (_, columns, plan) = plan(&gpu, &examples, count);
            assert_eq!(columns.long().len(), usize::from(count >= LONG_COLUMN));
            let rule = Rule::new(Kind::Sgd, 1.0, 0.0);
            let options = Options {
                intercept: true,
                l2: 0.0,
            };
            let mut trainer = wait(GpuTrainer::new(&gpu, &plan, rule, options)).unwrap();
            let found = train(&mut trainer, 1, 1);
            // 1/count is rounded, and the sums of it.
            let [weight, intercept] = found.planes[0][..] else {
                panic!("{found:?}");
            };
            assert!((weight + 1.0).abs() < 1e-5, "{count}: {weight}");
            assert!((intercept + 0.5).abs() < 5e-6, "{count}: {intercept}");
        }
    }
}

/// A row of every length about where rows become long: it has the margin of the plain model, and so
/// has one beside it.
#[test]
fn long_rows_are_summed_whole() {
    let Some(gpu) = gpu("long_rows_are_summed_whole") else {
        return;
    };
    for count in [LONG_ROW - 1, LONG_ROW, LONG_ROW + 1, 100_007] {
        // Small, so that margins are: at large ones a loss is as wrong as they are.
        let long: Vec<(u32, f32)> = (0..count as u32)
            .map(|rank| (rank, (rank % 7) as f32 / count as f32))
            .collect();
        let rows = [(true, &long[..]), (false, &long[..5]), (false, &long[1..])];
        let examples = examples(&rows, count as u32);
        check(&gpu, &examples, 2, WITH_ALL);
        check(&gpu.clone().with_workgroups(), &examples, 2, WITH_ALL);
    }
}

/// A batch in many submissions is the batch in one, to the bit.
#[test]
fn portions_of_a_batch_are_the_batch() {
    let Some(gpu) = gpu("portions_of_a_batch_are_the_batch") else {
        return;
    };
    for gpu in [gpu.clone(), gpu.with_workgroups()] {
        for examples in [small(false), small(true)] {
            let (_, _, whole) = plan(&gpu, &examples, 900);
            let narrow = gpu.clone().with_most_entries(1_000);
            let (_, _, divided) = plan(&narrow, &examples, 900);
            assert!(divided.batches.iter().all(|batch| {
                let portions = batch.portions.as_ref();
                portions.is_some_and(|portions| portions.count() > 1)
            }));
            for rule in rules() {
                let start = |plan| wait(GpuTrainer::new(&gpu, plan, rule, WITH_ALL)).unwrap();
                let expected = train(&mut start(&whole), 2, 5);
                assert_eq!(train(&mut start(&divided), 2, 5), expected);
            }
        }
    }
}

/// Evidence: the whole model.
#[test]
fn what_is_watched_is_what_the_model_has() {
    let Some(gpu) = gpu("what_is_watched_is_what_the_model_has") else {
        return;
    };
    let examples = small(true);
    let (_, _, plan) = plan(&gpu, &examples, 100);
    let rule = Rule::new(Kind::Adam, 0.01, 1e-8);
    let mut trainer = wait(GpuTrainer::new(&gpu, &plan, rule, WITH_ALL)).unwrap();
    let (_, cells) = wait(trainer.advance_watching(3, &[7, 0, 9_999])).unwrap();
    let planes = wait(trainer.snapshot()).unwrap().planes;
    let cell = |rank: usize| planes.iter().map(|plane| plane[rank]).collect::<Vec<f32>>();
    assert_eq!(cells, [cell(7), cell(0)]);
}

/// No bit depends on the run, on how many batches are submitted at once, on being left and gone
/// on with after an epoch, or on how many buffers there are.
#[test]
fn the_bits_repeat() {
    let Some(gpu) = gpu("the_bits_repeat") else {
        return;
    };
    for gpu in [gpu.clone(), gpu.with_workgroups()] {
        for examples in [small(false), small(true)] {
            let (_, _, whole) = plan(&gpu, &examples, 150);
            assert_eq!(whole.chunks.len(), 1);
            let narrow = gpu.clone().with_most_bytes(4 * 3_000);
            let (_, _, chunked) = plan(&narrow, &examples, 150);
            assert!(chunked.chunks.len() > 3, "{}", chunked.chunks.len());
            for rule in rules() {
                let start = |plan| wait(GpuTrainer::new(&narrow, plan, rule, WITH_ALL)).unwrap();
                let expected = train(&mut start(&whole), 2, usize::MAX);
                assert_eq!(train(&mut start(&whole), 2, 1), expected);
                assert_eq!(train(&mut start(&chunked), 2, 4), expected);
                let first = train(&mut start(&whole), 1, 3);
                let restored = GpuTrainer::restored(&gpu, &whole, rule, WITH_ALL, &first);
                assert_eq!(train(&mut wait(restored).unwrap(), 2, 3), expected);
            }
        }
    }
}

/// More batches than one submission has, and what is asked for between epochs.
#[test]
fn an_epoch_ends_an_advance() {
    let Some(gpu) = gpu("an_epoch_ends_an_advance") else {
        return;
    };
    let examples = small(false);
    let (batches, _, plan) = plan(&gpu, &examples, 1);
    let rule = Rule::new(Kind::Adam, 0.01, 1e-8);
    let mut trainer = wait(GpuTrainer::new(&gpu, &plan, rule, Options::default())).unwrap();
    assert_eq!(trainer.loss_so_far(), None);
    assert_eq!(wait(trainer.advance(0)), Ok(9));
    let error = trainer.loss_so_far().unwrap() - std::f64::consts::LN_2;
    assert!(error.abs() < 1e-15);
    assert_eq!(
        wait(trainer.advance(usize::MAX)),
        Ok(9 * MOST_BATCHES_AT_ONCE as u64)
    );
    assert_eq!(trainer.batches_done(), 1 + MOST_BATCHES_AT_ONCE);
    assert_eq!(trainer.last_epoch().steps, 0);
    assert_eq!(wait(trainer.snapshot()).unwrap().steps, trainer.steps());
    assert_eq!(batches.count(), 1_600);
    assert_eq!(
        wait(trainer.advance(usize::MAX)),
        Ok(9 * (1_599 - MOST_BATCHES_AT_ONCE as u64))
    );
    assert_eq!(
        (trainer.batches_done(), trainer.epoch_losses().len()),
        (0, 1)
    );
    assert_eq!(trainer.last_epoch().steps, 1_600);
    trainer.set_learning_rate(0.0);
    let before = trainer.last_epoch().planes[0].clone();
    wait(trainer.advance(5)).unwrap();
    assert_eq!(wait(trainer.snapshot()).unwrap().planes[0], before);
    let none = Batches::new(Vec::new(), 4, None);
    let nothing = wait(Plan::upload(&gpu, &examples, &none, &Columns::default())).unwrap();
    let nothing = Arc::new(nothing);
    let mut trainer = wait(GpuTrainer::new(&gpu, &nothing, rule, WITH_ALL)).unwrap();
    assert_eq!(wait(trainer.advance(1)), Ok(0));
}

#[test]
fn what_does_not_fit_is_refused() {
    let Some(gpu) = gpu("what_does_not_fit_is_refused") else {
        return;
    };
    let examples = small(false);
    let (batches, columns, plan) = plan(&gpu, &examples, 1_000);
    let narrow = gpu.with_most_bytes(8_000);
    let refused = wait(Plan::upload(&narrow, &examples, &batches, &columns)).unwrap_err();
    let Fault::TooLarge(refused) = refused else {
        panic!("{refused}");
    };
    assert_eq!(
        (refused.what, refused.bytes, refused.most),
        ("a batch", 36_000, 8_000)
    );
    let narrow = narrow.with_most_bytes(6_000);
    let rule = Rule::new(Kind::Adam, 0.01, 1e-8);
    let refused = wait(GpuTrainer::new(&narrow, &plan, rule, WITH_ALL)).unwrap_err();
    assert!(
        refused
            .to_string()
            .contains("the model would take 6012 bytes"),
        "{refused}"
    );
}

/// A device that goes away is an error, and the twin goes on from the last epoch.
#[test]
fn a_lost_device_leaves_the_last_epoch() {
    let Some(gpu) = gpu("a_lost_device_leaves_the_last_epoch") else {
        return;
    };
    let examples = small(false);
    let (batches, columns, plan) = plan(&gpu, &examples, 100);
    let rule = Rule::new(Kind::Adagrad, 0.1, 1e-6);
    let mut trainer = wait(GpuTrainer::new(&gpu, &plan, rule, WITH_ALL)).unwrap();
    let first = train(&mut trainer, 1, 5);
    wait(trainer.advance(3)).unwrap();
    gpu.destroy();
    for _ in 0..2 {
        let fault = wait(trainer.advance(3)).unwrap_err();
        assert!(matches!(fault, Fault::Lost(_)), "{fault}");
    }
    assert!(wait(trainer.snapshot()).is_err());
    assert!(wait(GpuTrainer::new(&gpu, &plan, rule, WITH_ALL)).is_err());
    assert!(wait(Plan::upload(&gpu, &examples, &batches, &columns)).is_err());
    assert_eq!(trainer.last_epoch(), &first);
    let mut twin = Trainer::restored(rule, WITH_ALL, trainer.last_epoch());
    twin.advance(&examples, &batches, &columns, usize::MAX);
    assert_eq!((twin.steps(), twin.epoch_losses().len()), (32, 2));
}

/// An error that nobody expected is told, too.
#[test]
fn an_uncaptured_error_is_a_fault() {
    let Some(gpu) = gpu("an_uncaptured_error_is_a_fault") else {
        return;
    };
    let (_, _, plan) = plan(&gpu, &small(false), 100);
    let rule = Rule::new(Kind::Adagrad, 0.1, 1e-6);
    let mut trainer = wait(GpuTrainer::new(&gpu, &plan, rule, WITH_ALL)).unwrap();
    gpu.be_refused();
    let fault = wait(trainer.advance(1)).unwrap_err();
    assert!(matches!(fault, Fault::Error(_)), "{fault}");
}
