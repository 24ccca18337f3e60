//! The model as its definition reads, in f64 and without any art: what the backends are tested
//! against.

use super::batches::Batches;
use super::cpu::Options;
use super::examples::Examples;
use super::rules::{Kind, Rule};
use std::collections::BTreeMap;

/// Weights, intercept and the mean progressive loss of each epoch.
pub(super) struct Trained {
    pub weights: Vec<f64>,
    pub intercept: f64,
    pub epoch_losses: Vec<f64>,
}

/// Trains for so many epochs.
pub(super) fn train(
    examples: &Examples,
    batches: &Batches,
    rule: &Rule,
    options: Options,
    epochs: usize,
) -> Trained {
    let count = examples.feature_count();
    // Weight and the rule's two numbers; the intercept's are the last.
    let mut cells = vec![[0.0_f64; 3]; count + 1];
    let mut epoch_losses = Vec::new();
    let mut t = 0;
    for _ in 0..epochs {
        let mut loss = 0.0;
        for batch in 0..batches.count() {
            t += 1;
            let rows = batches.batch(batch);
            let mut gradients: BTreeMap<usize, f64> = BTreeMap::new();
            for &row in rows {
                let row = examples.row(row);
                let value = |i: usize| row.values.map_or(1.0, |values| f64::from(values[i]));
                let mut margin = cells[count][0];
                for (i, &rank) in row.indices.iter().enumerate() {
                    margin += cells[rank as usize][0] * value(i);
                }
                let y = f64::from(u8::from(row.label));
                let p = 1.0 / (1.0 + (-margin).exp());
                // −ln σ(±z) = ln(1 + e^∓z)
                let against = if row.label { -margin } else { margin };
                loss += against.max(0.0) + (-margin.abs()).exp().ln_1p();
                for (i, &rank) in row.indices.iter().enumerate() {
                    *gradients.entry(rank as usize).or_default() += (p - y) * value(i);
                }
                if options.intercept {
                    *gradients.entry(count).or_default() += p - y;
                }
            }
            for (rank, sum) in gradients {
                let mut g = sum / rows.len() as f64;
                if rank < count {
                    g += options.l2 * cells[rank][0];
                }
                update(rule, t, &mut cells[rank], g);
            }
        }
        epoch_losses.push(loss / batches.order().len() as f64);
    }
    let intercept = cells.pop().unwrap()[0];
    Trained {
        weights: cells.iter().map(|cell| cell[0]).collect(),
        intercept,
        epoch_losses,
    }
}

fn update(rule: &Rule, t: i32, [w, a, b]: &mut [f64; 3], g: f64) {
    let (eta, epsilon) = (rule.learning_rate, rule.epsilon);
    let (beta1, beta2) = (rule.mean_decay, rule.square_decay);
    *w -= match rule.kind {
        Kind::Sgd => eta * g,
        Kind::Decay => eta / f64::from(t).sqrt() * g,
        Kind::Counter => {
            *a += f64::from(u8::from(g != 0.0));
            eta / (*a + epsilon).sqrt() * g
        }
        Kind::Adagrad => {
            *a += g * g;
            eta / (*a + epsilon).sqrt() * g
        }
        Kind::RmsProp => {
            *a = beta2 * *a + (1.0 - beta2) * g * g;
            eta / (*a + epsilon).sqrt() * g
        }
        Kind::Adam => {
            *a = beta1 * *a + (1.0 - beta1) * g;
            *b = beta2 * *b + (1.0 - beta2) * g * g;
            let (mean, square) = (*a / (1.0 - beta1.powi(t)), *b / (1.0 - beta2.powi(t)));
            eta * mean / (square.sqrt() + epsilon)
        }
    };
}
