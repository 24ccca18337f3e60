//! Gaussian noise on a gradient: repeatable, and the same bits on every platform.

use super::Vector;
use crate::random::SplitMix64;

/// Independent N(0, deviation²) noise on each coordinate of each step's gradient.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Noise {
    /// The standard deviation, ≥ 0, in the units of the gradient; 0 is no noise.
    pub deviation: f64,
    /// Which of the noises.
    pub seed: u32,
}

impl Noise {
    /// The noise of step `t`, a function of the seed and `t` alone: runs with the same seed meet
    /// the same noise, whatever their rule.
    #[must_use]
    pub fn at_step(&self, t: u32) -> Vector {
        SplitMix64::stream(self.seed, t).normal_pair(self.deviation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Evidence: the moments of N(0, 1) over n = 200,000 numbers. Standard errors: mean 1/√n =
    /// 0.0022, variance √(2/n) = 0.0032, kurtosis √(24/n) = 0.011; allowed are five of each, and
    /// the numbers are always the same.
    #[test]
    fn the_noise_is_standard_normal() {
        let noise = Noise {
            deviation: 1.0,
            seed: 7,
        };
        let numbers: Vec<f64> = (1..=100_000).flat_map(|t| noise.at_step(t)).collect();
        let moment =
            |power: i32| numbers.iter().map(|x| x.powi(power)).sum::<f64>() / numbers.len() as f64;
        assert!(moment(1).abs() < 0.011, "{}", moment(1));
        assert!((moment(2) - 1.0).abs() < 0.016, "{}", moment(2));
        assert!((moment(4) - 3.0).abs() < 0.11, "{}", moment(4));
        // Neighbouring steps and the two coordinates are uncorrelated, too.
        let product = |lag: usize| {
            let pairs = numbers.iter().zip(numbers.iter().skip(lag));
            pairs.map(|(a, b)| a * b).sum::<f64>() / numbers.len() as f64
        };
        assert!(product(1).abs() < 0.011 && product(2).abs() < 0.011);
    }

    #[test]
    fn the_same_seed_and_step_are_the_same_noise() {
        let noise = |seed| Noise {
            deviation: 0.5,
            seed,
        };
        assert_eq!(noise(1).at_step(3), noise(1).at_step(3));
        assert_ne!(noise(1).at_step(3), noise(2).at_step(3));
        assert_ne!(noise(1).at_step(3), noise(1).at_step(4));
        let quiet = Noise {
            deviation: 0.0,
            seed: 1,
        };
        assert_eq!(quiet.at_step(1).map(f64::abs), [0.0, 0.0]);
    }

    /// Evidence: the bits that the same algorithm gives in Python; every platform must have them.
    #[test]
    fn the_bits_are_these() {
        let noise = Noise {
            deviation: 1.0,
            seed: 1,
        };
        assert_eq!(
            noise.at_step(1).map(f64::to_bits),
            [13831045263206798800, 4603307370335966800]
        );
    }
}
