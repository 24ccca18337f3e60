//! How a rule's progressive loss went.

/// The progressive loss over the examples of all epochs.
///
/// Kept are running sums, so that a point left out is not lost: the mean between its neighbours
/// still counts it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Curve {
    /// Examples done and the sum of their losses, from the first on.
    sums: Vec<(u64, f64)>,
    /// Between two points there are at least so many examples, but for the last.
    stride: u64,
}

impl Curve {
    /// A figure shows no more; where there would be, every second is left out.
    pub const MOST_POINTS: usize = 1_024;

    /// Appends a point: all `examples` done so far, and the sum of all their losses in nats. Points
    /// at or beyond that many examples go: a race that went back repeats them.
    pub fn push(&mut self, examples: u64, loss: f64) {
        while self.sums.last().is_some_and(|(last, _)| *last >= examples) {
            self.sums.pop();
        }
        let mut latest = self.sums.iter().rev().map(|(examples, _)| *examples);
        let last = latest.next().unwrap_or_default();
        let before = latest.next().unwrap_or_default();
        // The last point is shown early; where the next comes soon, that one takes its place.
        if last - before < self.stride {
            self.sums.pop();
        }
        self.sums.push((examples, loss));
        if self.sums.len() > Self::MOST_POINTS {
            let mut place = 0;
            self.sums.retain(|_| {
                place += 1;
                place % 2 == 0
            });
            // Three quarters of what is between points now: batches do not end everywhere.
            self.stride = examples * 3 / (2 * Self::MOST_POINTS as u64);
        }
    }

    /// Epochs done and the mean loss since the point before, in nats; not finite from where the run
    /// diverged. `examples`: of an epoch.
    #[must_use]
    pub fn points(&self, examples: usize) -> Vec<[f64; 2]> {
        let befores = std::iter::once(&(0, 0.0)).chain(&self.sums);
        let points = befores.zip(&self.sums).map(|(before, point)| {
            let loss = (point.1 - before.1) / (point.0 - before.0).max(1) as f64;
            [point.0 as f64 / examples.max(1) as f64, loss]
        });
        points.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: 4 examples of loss 3 in all, then 2 of 1 in all.
    #[test]
    fn a_point_is_the_mean_since_the_one_before() {
        let mut curve = Curve::default();
        curve.push(4, 3.0);
        curve.push(6, 4.0);
        assert_eq!(curve.points(8), [[0.5, 0.75], [0.75, 0.5]]);
        // From 4 on again, and then without end.
        curve.push(5, 3.25);
        curve.push(8, f64::INFINITY);
        let points = curve.points(8);
        assert_eq!(points[..2], [[0.5, 0.75], [0.625, 0.25]]);
        assert!(points[2][0] == 1.0 && !points[2][1].is_finite());
    }

    /// The whole's mean is the same however many points are left.
    #[test]
    fn thinning_averages() {
        let mut curve = Curve::default();
        let mut sum = 0.0;
        for examples in 1..=100_000_u64 {
            // Multiples of 1/8, so that no sum is rounded.
            sum += (examples % 16) as f64 / 8.0;
            curve.push(examples, sum);
        }
        let points = curve.points(100_000);
        assert!((Curve::MOST_POINTS / 2 - 8..=Curve::MOST_POINTS).contains(&points.len()));
        assert_eq!(points[points.len() - 1][0], 1.0);
        let mut before = 0.0;
        let mut total = 0.0;
        for [epochs, loss] in points {
            total += loss * (epochs - before);
            before = epochs;
        }
        // Means and epochs are rounded, a thousand times.
        assert!((total - sum / 1e5).abs() < 1e-12, "{total} {}", sum / 1e5);
    }
}
