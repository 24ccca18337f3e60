//! The trainer against the plain model in f64.

use super::batches::Batches;
use super::columns::{Columns, Planner};
use super::cpu::{Options, Trainer};
use super::examples::Examples;
use super::held_out::HeldOut;
use super::libsvm;
use super::reference;
use super::rules::{Kind, Rule};
use super::shared_data;
use super::zipf::{Generator, Zipf};

/// 100,000 examples × 32 of 2¹⁶ features.
fn synthetic() -> Examples {
    let zipf = Zipf {
        examples: 100_000,
        features: 1 << 16,
        nonzeros_per_example: 32,
        exponent: 1.1,
        noise: 0.0,
        seed: 1,
    };
    let mut generator = Generator::new(zipf).unwrap();
    assert!(generator.advance(usize::MAX));
    generator.finish(HeldOut::End(0.0)).examples
}

/// A step that learns without jumping about: an error of rounding then fades.
fn rules() -> [Rule; 6] {
    Kind::ALL.map(|kind| {
        let (eta, epsilon) = match kind {
            Kind::Adagrad => (0.1, 1e-6),
            Kind::Sgd => (0.05, 0.0),
            Kind::Decay => (0.5, 0.0),
            Kind::Counter => (0.1, 1e-6),
            Kind::RmsProp => (0.001, 1e-6),
            Kind::Adam => (0.001, 1e-8),
        };
        Rule::new(kind, eta, epsilon)
    })
}

fn plan(examples: &Examples, batches: &Batches) -> Columns {
    let mut columns = Columns::default();
    let mut planner = Planner::new(examples.feature_count());
    for batch in 0..batches.count() {
        planner.plan(examples, batches.batch(batch), &mut columns);
    }
    columns
}

/// One epoch of every rule: the bounds that the issue sets, 1e-4 of the weights' norm and 1e-5 of
/// the loss.
fn check(examples: &Examples, batch_size: usize, options: Options) {
    let batches = Batches::new(examples.split.training.clone(), batch_size, None);
    let columns = plan(examples, &batches);
    for rule in rules() {
        let mut trainer = Trainer::new(rule, options, examples.feature_count());
        trainer.advance(examples, &batches, &columns, usize::MAX);
        let expected = reference::train(examples, &batches, &rule, options, 1);
        let (mut difference, mut norm) = (0.0, 0.0);
        for (weight, expected) in trainer.weights().iter().zip(&expected.weights) {
            difference += (f64::from(*weight) - expected).powi(2);
            norm += expected.powi(2);
        }
        let difference = (difference / norm).sqrt();
        let loss = (trainer.epoch_losses()[0] - expected.epoch_losses[0]).abs();
        println!(
            "{:?} × {batch_size}: {difference:.1e} {loss:.1e}",
            rule.kind
        );
        assert!(difference < 1e-4, "{rule:?} × {batch_size}: {difference}");
        assert!(loss < 1e-5, "{rule:?} × {batch_size}: {loss}");
        let intercept = (f64::from(trainer.intercept()) - expected.intercept).abs();
        assert!(
            intercept <= 1e-4 * expected.intercept.abs(),
            "{rule:?}: {intercept}"
        );
    }
}

#[test]
fn synthetic_online() {
    check(&synthetic(), 1, Options::default());
}

#[test]
fn synthetic_in_batches() {
    check(&synthetic(), 4_096, Options::default());
}

#[test]
fn a9a() {
    let Some(text) = shared_data::read("sparse::parity::a9a", "libsvm/a9a") else {
        return;
    };
    let mut reader = libsvm::Reader::new(libsvm::Options::default());
    reader.push(&text);
    let examples = reader.finish().unwrap().examples(HeldOut::End(0.1));
    let options = Options {
        intercept: true,
        l2: 1e-4,
    };
    check(&examples, 1, options);
    check(&examples, 100, options);
}
