//! The sparse trainer natively, for `cargo xtask bench` to set beside the browser's: one line of
//! JSON, million non-zeros per second over some epochs of Adagrad. With `--write FILE` also the
//! examples, for loops in JavaScript to train on the same: as little-endian u32 the counts of
//! examples and of features, where each row begins and the last ends, the feature of each non-zero
//! as it was drawn, and the rank of each as the trainer has them; then a byte for each label.
//!
//! The workload: 200,000 examples × 32 non-zeros of 2²⁰ features, α = 1.1.

use std::error::Error;
use std::time::Instant;

use adagrad_lab::sparse::batches::Batches;
use adagrad_lab::sparse::columns::Columns;
use adagrad_lab::sparse::cpu::{Options, Trainer};
use adagrad_lab::sparse::examples::Examples;
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
/// As many as the browser trains.
const EPOCHS: usize = 3;

fn main() -> Result<(), Box<dyn Error>> {
    let mut generator = Generator::new(WORKLOAD)?;
    generator.advance(usize::MAX);
    let drawn = generator.rows().features().to_vec();
    let examples = generator.finish(HeldOut::End(0.0)).examples;
    let mut arguments = std::env::args().skip_while(|argument| argument != "--write");
    if let Some(file) = arguments.nth(1) {
        std::fs::write(file, bytes(&examples, &drawn))?;
    }
    let [(online, loss), (batched, _)] = [1, 4_096].map(|size| train(&examples, size));
    println!("{{\"online\": {online:.1}, \"batched\": {batched:.1}, \"loss\": {loss}}}");
    Ok(())
}

/// Million non-zeros per second in batches of this size, and the last epoch's loss.
fn train(examples: &Examples, size: usize) -> (f64, f64) {
    let batches = Batches::new(examples.split.training.clone(), size, None);
    let columns = Columns::of(examples, &batches);
    let rule = Rule::new(Kind::Adagrad, 0.1, 1e-6);
    let mut trainer = Trainer::new(rule, Options::default(), examples.feature_count());
    let began = Instant::now();
    let mut visited = 0;
    while trainer.epoch_losses().len() < EPOCHS {
        visited += trainer.advance(examples, &batches, &columns, usize::MAX);
    }
    let millions = visited as f64 / 1e6;
    let loss = trainer.epoch_losses().last().copied();
    (
        millions / began.elapsed().as_secs_f64(),
        loss.unwrap_or(f64::NAN),
    )
}

fn bytes(examples: &Examples, drawn: &[u32]) -> Vec<u8> {
    let counts = [examples.count() as u32, examples.feature_count() as u32];
    let numbers = counts
        .iter()
        .chain(examples.offsets())
        .chain(drawn)
        .chain(examples.indices());
    let mut bytes: Vec<u8> = numbers.flat_map(|number| number.to_le_bytes()).collect();
    bytes.extend(examples.labels().iter().map(|&label| u8::from(label)));
    bytes
}
