//! Gaussian noise on a gradient: repeatable, and the same bits on every platform.

use super::Vector;

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
    ///
    /// Two standard normal numbers by Marsaglia's polar method (1964) from SplitMix64 (Steele, Lea
    /// & Flood 2014). No operation in it but +, −, ×, ÷ and √, which IEEE 754 rounds alike
    /// everywhere; a platform's own logarithm may not.
    #[must_use]
    pub fn at_step(&self, t: u32) -> Vector {
        // A whole state of the generator for each step: mixing keeps neighbours apart.
        let mut state = mixed(u64::from(self.seed) << 32 | u64::from(t));
        loop {
            let (u, v) = (symmetric_uniform(&mut state), symmetric_uniform(&mut state));
            let square = u * u + v * v;
            if square > 0.0 && square < 1.0 {
                let factor = (-2.0 * natural_logarithm(square) / square).sqrt();
                return [self.deviation * u * factor, self.deviation * v * factor];
            }
        }
    }
}

/// SplitMix64's next number.
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed(*state)
}

/// SplitMix64's finaliser.
fn mixed(state: u64) -> u64 {
    let state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    state ^ (state >> 31)
}

/// Uniform on [−1, 1), in steps of 2⁻⁵².
fn symmetric_uniform(state: &mut u64) -> f64 {
    (next(state) >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
}

/// ln x for normal x > 0, by x = m 2ᵉ with m near 1 and ln m = 2 artanh((m − 1)/(m + 1)).
fn natural_logarithm(x: f64) -> f64 {
    const MANTISSA: u64 = (1 << 52) - 1;
    const ONE: u64 = 1023 << 52;
    let bits = x.to_bits();
    let mut exponent = (bits >> 52) as f64 - 1023.0;
    let mut mantissa = f64::from_bits(bits & MANTISSA | ONE);
    if mantissa > std::f64::consts::SQRT_2 {
        mantissa *= 0.5;
        exponent += 1.0;
    }
    // |z| ≤ 0.172, so that the eleventh term, z²¹/21, is below 1e-17.
    let z = (mantissa - 1.0) / (mantissa + 1.0);
    let square = z * z;
    let series = (0..11).rev().fold(0.0, |sum, term| {
        sum * square + 1.0 / f64::from(2 * term + 1)
    });
    exponent * std::f64::consts::LN_2 + 2.0 * z * series
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Evidence: the platform's logarithm, which is within an ulp; two roundings more here.
    #[test]
    fn the_logarithm_is_the_platforms() {
        for i in 1..=10_000 {
            let x = f64::from(i) / 10_000.0;
            let (ours, platforms) = (natural_logarithm(x), x.ln());
            assert!(
                (ours - platforms).abs() <= 1e-15 * platforms.abs().max(0.1),
                "{x}"
            );
        }
        assert!((natural_logarithm(1e-300) - 1e-300_f64.ln()).abs() < 1e-12);
    }

    /// Evidence: the generator's published first outputs for seed 1234567.
    #[test]
    fn the_generator_is_splitmix64() {
        let mut state = 1_234_567;
        assert_eq!(next(&mut state), 6_457_827_717_110_365_317);
        assert_eq!(next(&mut state), 3_203_168_211_198_807_973);
    }

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
