//! The trainer on the processor.
//!
//! It uses no operation that rounds differently elsewhere, and sums in fixed orders: the same data
//! and settings give the same bits natively and as WebAssembly.

use super::batches::Batches;
use super::columns::Columns;
use super::examples::Examples;
use super::loss::LossSum;
use super::model::Model;
use super::rules::{Adagrad, Adam, Constants, Counter, Kind, OneRate, RmsProp, Rule, SparseRule};

/// A model in training under one rule, advanced in slices.
///
/// Between slices it can be left, looked at, stopped, or given another η. It does not hold what it
/// trains on, so that several can race on the same examples; they must be the same in every slice.
#[derive(Clone, Debug)]
pub struct Trainer {
    rule: Rule,
    options: Options,
    cells: Cells,
    /// Residuals of a batch's examples.
    residuals: Vec<f32>,
    /// The next batch of the epoch.
    batch: usize,
    /// Batches done, over all epochs.
    steps: u64,
    losses: LossSum,
    epoch_losses: Vec<f64>,
}

/// What all rules of a race have in common.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Options {
    /// Whether there is an intercept b.
    pub intercept: bool,
    /// λ ≥ 0 of the L2 penalty λ‖w‖²/2, whose gradient λ w is added for touched features.
    pub l2: f64,
}

/// A model at the end of an epoch, from which any backend can go on.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    /// The weights, and what else the rule keeps, in its order (see [`super::rules`]): one list
    /// each, by rank, with the intercept's last.
    pub planes: Vec<Vec<f32>>,
    /// Batches done, over all epochs.
    pub steps: u64,
    /// The mean progressive loss of every epoch done.
    pub epoch_losses: Vec<f64>,
}

/// Weight and state of every feature by rank, side by side in one cache line; the intercept's last.
#[derive(Clone, Debug)]
enum Cells {
    One(Vec<[f32; 1]>),
    Two(Vec<[f32; 2]>),
    Three(Vec<[f32; 3]>),
}

/// Does `$body` with `$cells` as the list of whichever size.
macro_rules! with_cells {
    ($which:expr, $cells:ident => $body:expr) => {
        match $which {
            Cells::One($cells) => $body,
            Cells::Two($cells) => $body,
            Cells::Three($cells) => $body,
        }
    };
}

impl Trainer {
    /// Starts at 0.
    #[must_use]
    pub fn new(rule: Rule, options: Options, feature_count: usize) -> Self {
        let count = feature_count + 1;
        let cells = match rule.kind.slots() {
            1 => Cells::One(vec![[0.0]; count]),
            2 => Cells::Two(vec![[0.0; 2]; count]),
            _ => Cells::Three(vec![[0.0; 3]; count]),
        };
        Self {
            rule,
            options,
            cells,
            residuals: Vec::new(),
            batch: 0,
            steps: 0,
            losses: LossSum::default(),
            epoch_losses: Vec::new(),
        }
    }

    /// Goes on from a snapshot under the same rule; what a plane lacks is 0.
    #[must_use]
    pub fn restored(rule: Rule, options: Options, snapshot: &Snapshot) -> Self {
        let count = snapshot.planes.first().map_or(1, Vec::len);
        let mut trainer = Self::new(rule, options, count.saturating_sub(1));
        with_cells!(&mut trainer.cells, cells => {
            for (rank, cell) in cells.iter_mut().enumerate() {
                for (slot, plane) in cell.iter_mut().zip(&snapshot.planes) {
                    *slot = plane.get(rank).copied().unwrap_or_default();
                }
            }
        });
        trainer.steps = snapshot.steps;
        trainer.epoch_losses.clone_from(&snapshot.epoch_losses);
        trainer
    }

    /// Trains at least one batch, and more until `nonzeros` are visited; never past the end of an
    /// epoch. How many non-zeros it visited: 0 only where none are left.
    ///
    /// `columns` are those of `batches` where the batch size is above 1; a batch of 1 needs none.
    pub fn advance(
        &mut self,
        examples: &Examples,
        batches: &Batches,
        columns: &Columns,
        nonzeros: usize,
    ) -> usize {
        let work = Work {
            examples,
            batches,
            columns,
            nonzeros,
        };
        // Which cells a rule has is settled where it is made; no other pair comes here.
        let Self { rule, cells, .. } = self;
        let mut cells = std::mem::replace(cells, Cells::One(Vec::new()));
        let visited = match (rule.kind, &mut cells) {
            (Kind::Sgd | Kind::Decay, Cells::One(cells)) => self.work::<OneRate, 1>(cells, &work),
            (Kind::Counter, Cells::Two(cells)) => self.work::<Counter, 2>(cells, &work),
            (Kind::Adagrad, Cells::Two(cells)) => self.work::<Adagrad, 2>(cells, &work),
            (Kind::RmsProp, Cells::Two(cells)) => self.work::<RmsProp, 2>(cells, &work),
            (Kind::Adam, Cells::Three(cells)) => self.work::<Adam, 3>(cells, &work),
            _ => 0,
        };
        self.cells = cells;
        if self.batch >= batches.count() {
            self.batch = 0;
            let losses = std::mem::take(&mut self.losses);
            self.epoch_losses.extend(losses.mean());
        }
        visited
    }

    fn work<R: SparseRule<N>, const N: usize>(
        &mut self,
        cells: &mut [[f32; N]],
        work: &Work<'_>,
    ) -> usize {
        let Some((intercept, cells)) = cells.split_last_mut() else {
            return 0;
        };
        let mut model = Model::<R, N> {
            cells,
            intercept,
            has_intercept: self.options.intercept,
            l2: self.options.l2 as f32,
            constants: self.rule.constants(1),
            copies: Vec::new(),
            rule: std::marker::PhantomData,
        };
        let mut visited = 0;
        while self.batch < work.batches.count() && visited < work.nonzeros.max(1) {
            self.steps += 1;
            model.constants = self.rule.constants(self.steps);
            let rows = work.batches.batch(self.batch);
            visited += if let &[row] = rows {
                let next = work.batches.batch(self.batch + 1).first();
                let next = next.map_or(&[][..], |&row| work.examples.row(row).indices);
                model.online(work.examples.row(row), next, &mut self.losses)
            } else {
                let residuals = &mut self.residuals;
                let visited = model.residuals(work.examples, rows, &mut self.losses, residuals);
                model.gather(&work.columns.batch(self.batch), residuals);
                visited
            };
            self.batch += 1;
        }
        visited
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

    /// How many bytes the model takes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        with_cells!(&self.cells, cells => std::mem::size_of_val(&cells[..]))
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
        &self.epoch_losses
    }

    /// The mean progressive loss of the epoch under way so far; none at its beginning.
    #[must_use]
    pub fn loss_so_far(&self) -> Option<f64> {
        self.losses.mean()
    }

    /// w, by rank.
    #[must_use]
    pub fn weights(&self) -> Vec<f32> {
        with_cells!(&self.cells, cells => {
            let features = cells.split_last().map_or(&[][..], |(_, features)| features);
            features.iter().map(|cell| cell[0]).collect()
        })
    }

    /// b; 0 without one.
    #[must_use]
    pub fn intercept(&self) -> f32 {
        with_cells!(&self.cells, cells => cells.last().map_or(0.0, |cell| cell[0]))
    }

    /// Weight and state of one feature by rank, in the rule's order; empty beyond the intercept's,
    /// which is the last.
    #[must_use]
    pub fn cell(&self, rank: usize) -> &[f32] {
        with_cells!(&self.cells, cells => cells.get(rank).map_or(&[], |cell| &cell[..]))
    }

    /// Every feature's effective rate by rank, as the next batch begins.
    #[must_use]
    pub fn effective_rates(&self) -> Vec<f32> {
        let constants = self.rule.constants(self.steps + 1);
        match (self.rule.kind, &self.cells) {
            (Kind::Sgd | Kind::Decay, Cells::One(cells)) => rates::<OneRate, 1>(&constants, cells),
            (Kind::Counter, Cells::Two(cells)) => rates::<Counter, 2>(&constants, cells),
            (Kind::Adagrad, Cells::Two(cells)) => rates::<Adagrad, 2>(&constants, cells),
            (Kind::RmsProp, Cells::Two(cells)) => rates::<RmsProp, 2>(&constants, cells),
            (Kind::Adam, Cells::Three(cells)) => rates::<Adam, 3>(&constants, cells),
            _ => Vec::new(),
        }
    }

    /// The model as it is, meant for the end of an epoch: the losses of one under way are not in
    /// it.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        let planes = with_cells!(&self.cells, cells => {
            let plane = |slot: usize| cells.iter().filter_map(move |cell| cell.get(slot).copied());
            (0..self.rule.kind.slots()).map(|slot| plane(slot).collect()).collect()
        });
        Snapshot {
            planes,
            steps: self.steps,
            epoch_losses: self.epoch_losses.clone(),
        }
    }
}

fn rates<R: SparseRule<N>, const N: usize>(constants: &Constants, cells: &[[f32; N]]) -> Vec<f32> {
    let features = cells.split_last().map_or(&[][..], |(_, features)| features);
    let rate = |cell| R::effective_rate(constants, cell);
    features.iter().map(rate).collect()
}

/// What a slice is about.
struct Work<'a> {
    examples: &'a Examples,
    batches: &'a Batches,
    columns: &'a Columns,
    nonzeros: usize,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sparse::examples::tests::examples;
    use crate::sparse::held_out::HeldOut;
    use crate::sparse::zipf::{Generator, Zipf};
    use proptest::prelude::*;

    fn small() -> Examples {
        let mut generator = Generator::new(Zipf {
            examples: 500,
            features: 200,
            nonzeros_per_example: 5,
            exponent: 1.1,
            noise: 0.1,
            seed: 9,
        })
        .unwrap();
        generator.advance(usize::MAX);
        generator.finish(HeldOut::End(0.2)).examples
    }

    const WITH_ALL: Options = Options {
        intercept: true,
        l2: 0.01,
    };

    fn batches(examples: &Examples, size: usize) -> (Batches, Columns) {
        let batches = Batches::new(examples.split.training.clone(), size, Some(3));
        let columns = Columns::of(examples, &batches);
        (batches, columns)
    }

    /// By hand: at w = 0 the residuals of a positive and a negative example are −½ and ½. Feature 0
    /// is in both, with values 1 and 3: g = (−½ + 3/2)/2 = ½; feature 1 in the first: g = −¼; the
    /// intercept's is 0. Then s = g², and w = −η g/√(g²).
    #[test]
    fn a_batch_by_hand() {
        let examples = examples(&[(true, &[(0, 1.0), (1, 1.0)]), (false, &[(0, 3.0)])], 3);
        let (batches, columns) = batches(&examples, 2);
        let sgd = Rule::new(Kind::Sgd, 2.0, 0.0);
        let mut trainer = Trainer::new(sgd, Options::default(), 3);
        assert_eq!(trainer.advance(&examples, &batches, &columns, 1), 3);
        assert_eq!(trainer.weights(), [-1.0, 0.5, 0.0]);
        // An epoch of one batch: its loss is that of w = 0, ln 2.
        let error = trainer.epoch_losses()[0] - std::f64::consts::LN_2;
        assert!(error.abs() < 1e-15 && trainer.epoch_losses().len() == 1);
        let adagrad = Rule::new(Kind::Adagrad, 0.5, 0.0);
        let mut trainer = Trainer::new(adagrad, WITH_ALL, 3);
        trainer.advance(&examples, &batches, &columns, 1);
        assert_eq!(trainer.weights(), [-0.5, 0.5, 0.0]);
        assert_eq!(trainer.cell(0), [-0.5, 0.25]);
        assert_eq!(trainer.effective_rates()[..2], [1.0, 2.0]);
        assert_eq!((trainer.intercept(), trainer.cell(4)), (0.0, &[][..]));
    }

    /// By hand: the intercept without L2, a touched weight with it, an untouched one without.
    #[test]
    fn the_penalty_is_on_touched_weights_only() {
        let examples = examples(&[(true, &[(0, 1.0)])], 2);
        let (batches, columns) = batches(&examples, 1);
        let snapshot = Snapshot {
            planes: vec![vec![1.0, 1.0, -1.0]],
            steps: 0,
            epoch_losses: Vec::new(),
        };
        let options = Options {
            intercept: true,
            l2: 0.25,
        };
        let sgd = Rule::new(Kind::Sgd, 1.0, 0.0);
        let mut trainer = Trainer::restored(sgd, options, &snapshot);
        trainer.advance(&examples, &batches, &columns, 1);
        // Margin 0, residual −½.
        assert_eq!(trainer.weights(), [1.0 + 0.5 - 0.25, 1.0]);
        assert_eq!(trainer.intercept(), -0.5);
    }

    #[test]
    fn an_epoch_ends_a_slice_and_a_slice_is_a_batch_at_least() {
        let examples = small();
        for (size, count) in [(1, 400), (150, 3)] {
            let (batches, columns) = batches(&examples, size);
            let rule = Rule::new(Kind::Adam, 0.01, 1e-8);
            let mut trainer = Trainer::new(rule, Options::default(), 200);
            assert_eq!(trainer.loss_so_far(), None);
            assert_eq!(trainer.advance(&examples, &batches, &columns, 0), 5 * size);
            assert_eq!((trainer.batches_done(), trainer.steps()), (1, 1));
            let loss = trainer.loss_so_far().unwrap();
            assert!((loss - std::f64::consts::LN_2).abs() < 1e-15);
            trainer.advance(&examples, &batches, &columns, usize::MAX);
            assert_eq!((trainer.batches_done(), trainer.steps()), (0, count));
            assert_eq!(trainer.epoch_losses().len(), 1);
        }
        let none = Batches::new(Vec::new(), 1, None);
        let mut trainer = Trainer::new(Rule::new(Kind::Sgd, 1.0, 0.0), WITH_ALL, 200);
        assert_eq!(trainer.advance(&examples, &none, &Columns::default(), 9), 0);
        assert!(trainer.epoch_losses().is_empty());
    }

    /// Evidence: the bits of the first run that was within the bounds of the reference (see
    /// `parity`); that they stay, on every platform, is the claim.
    #[test]
    fn the_bits_are_these() {
        let examples = small();
        let digests = [1, 64].map(|size| {
            let (batches, columns) = batches(&examples, size);
            let mut trainer = Trainer::new(Rule::new(Kind::Adagrad, 0.1, 1e-6), WITH_ALL, 200);
            trainer.advance(&examples, &batches, &columns, usize::MAX);
            let weights = trainer.weights();
            let bits = weights.iter().map(|weight| u64::from(weight.to_bits()));
            let sum = bits.fold(0_u64, |sum, bits| sum.wrapping_mul(31).wrapping_add(bits));
            (sum, trainer.epoch_losses()[0].to_bits())
        });
        assert_eq!(
            digests,
            [
                (2_094_972_906_847_676_691, 4_604_268_544_042_236_731),
                (14_937_640_747_441_455_196, 4_604_257_085_408_853_120),
            ]
        );
    }

    #[test]
    fn another_rate_counts_from_the_next_batch() {
        let examples = small();
        let (batches, columns) = batches(&examples, 1);
        let mut trainer = Trainer::new(Rule::new(Kind::Sgd, 0.5, 0.0), Options::default(), 200);
        trainer.advance(&examples, &batches, &columns, 1);
        let before = trainer.weights();
        trainer.set_learning_rate(0.0);
        trainer.advance(&examples, &batches, &columns, usize::MAX);
        assert_eq!(trainer.weights(), before);
        assert_eq!(trainer.rule().learning_rate, 0.0);
    }

    #[test]
    fn divergence_is_a_loss_that_is_not_finite() {
        let examples = examples(&[(true, &[(0, 1e30)]), (false, &[(0, 1e30)])], 1);
        let (batches, columns) = batches(&examples, 1);
        let mut trainer = Trainer::new(Rule::new(Kind::Sgd, 1e30, 0.0), Options::default(), 1);
        for _ in 0..3 {
            trainer.advance(&examples, &batches, &columns, usize::MAX);
        }
        assert!(!trainer.epoch_losses()[2].is_finite());
    }

    proptest! {
        /// Slices, and going on from a snapshot after the first epoch, change no bit.
        #[test]
        fn slices_and_snapshots_change_nothing(
            slice in 1..3_000_usize, size in 1..50_usize, kind in 0..6_usize,
        ) {
            let examples = small();
            let (batches, columns) = batches(&examples, size);
            let rule = Rule::new(Kind::ALL[kind], 0.05, 1e-6);
            let mut whole = Trainer::new(rule, WITH_ALL, 200);
            for _ in 0..2 {
                whole.advance(&examples, &batches, &columns, usize::MAX);
            }
            let mut sliced = Trainer::new(rule, WITH_ALL, 200);
            while sliced.epoch_losses().is_empty() {
                sliced.advance(&examples, &batches, &columns, slice);
            }
            let mut restored = Trainer::restored(rule, WITH_ALL, &sliced.snapshot());
            while restored.epoch_losses().len() < 2 {
                restored.advance(&examples, &batches, &columns, slice);
            }
            prop_assert_eq!(restored.snapshot(), whole.snapshot());
        }
    }
}
