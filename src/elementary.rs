//! The exponential and the logarithm, of the same bits on every platform.
//!
//! No operation in them but +, −, ×, ÷, which IEEE 754 rounds alike everywhere; a platform's own
//! may not. For what has to repeat: noise, generated data, and the losses of the sparse lab.

/// Π 1/k for k from 1 to its place: the terms of the exponential's series.
const INVERSE_FACTORIALS: [f64; 14] = {
    let mut terms = [1.0; 14];
    let mut rest: &mut [f64] = &mut terms;
    let (mut k, mut product) = (0.0, 1.0);
    while let [first, others @ ..] = rest {
        *first = 1.0 / product;
        k += 1.0;
        product *= k;
        rest = others;
    }
    terms
};

/// eˣ, within 1e-15 of itself: 0 below −708, where results would be subnormal, ∞ above 709, and
/// NaN of NaN.
///
/// x = n ln 2 + r with |r| ≤ ln 2 / 2, and eʳ by its series to r¹³, whose next term is below
/// 1e-17.
#[inline]
#[must_use]
pub fn exponential(x: f64) -> f64 {
    // ln 2 in two parts, the first of 32 bits, so that n times it is exact.
    const LN_2_HIGH: f64 = f64::from_bits(0x3fe6_2e42_fee0_0000);
    const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10;
    // Adding it leaves a whole number in the low bits.
    const ROUND: f64 = 6_755_399_441_055_744.0;
    if !(-708.0..=709.0).contains(&x) {
        return match x.partial_cmp(&0.0) {
            Some(std::cmp::Ordering::Less) => 0.0,
            Some(_) => f64::INFINITY,
            None => x,
        };
    }
    let shifted = x * std::f64::consts::LOG2_E + ROUND;
    let n = shifted - ROUND;
    let r = (x - n * LN_2_HIGH) - n * LN_2_LOW;
    // In pairs, and pairs of pairs (Estrin's scheme): of a chain of 13 steps, 4 have to wait for
    // each other.
    let square = r * r;
    let fourth = square * square;
    let [c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13] = INVERSE_FACTORIALS;
    let from0 = (c0 + c1 * r) + (c2 + c3 * r) * square;
    let from4 = (c4 + c5 * r) + (c6 + c7 * r) * square;
    let from8 = (c8 + c9 * r) + (c10 + c11 * r) * square;
    let from12 = c12 + c13 * r;
    let sum = (from0 + from4 * fourth) + (from8 + from12 * fourth) * (fourth * fourth);
    let power_of_2 = f64::from_bits(((1023 + n as i64) as u64) << 52);
    // 2¹⁰²³ is the largest, and n may be 1023 at most for x ≤ 709.
    sum * power_of_2
}

/// ln x for normal x > 0, by x = m 2ᵉ with m near 1 and ln m = 2 artanh((m − 1)/(m + 1)).
#[must_use]
pub fn natural_logarithm(x: f64) -> f64 {
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

    /// Evidence: the platform's exponential, which is within an ulp (2.2e-16); a few more here.
    #[test]
    fn the_exponential_is_the_platforms() {
        for i in -70_800..=70_900 {
            let x = f64::from(i) / 100.0;
            let (ours, platforms) = (exponential(x), x.exp());
            assert!((ours / platforms - 1.0).abs() < 1e-15, "{x}: {ours}");
        }
        assert_eq!(exponential(0.0), 1.0);
        assert_eq!(exponential(-709.0), 0.0);
        assert_eq!(exponential(f64::NEG_INFINITY), 0.0);
        assert_eq!(exponential(710.0), f64::INFINITY);
        assert!(exponential(f64::NAN).is_nan());
    }
}
