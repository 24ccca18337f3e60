//! Where an axis is labelled, and how.

use super::projection::{Axis, Scale};
use crate::math::log10;
use crate::number::{fixed, significant, superscript};

/// A labelled position on an axis.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Tick {
    pub(super) value: f64,
    pub(super) label: String,
}

/// About `wanted` round values on `axis`, inside its range.
pub(super) fn ticks(axis: &Axis, wanted: usize) -> Vec<Tick> {
    let wanted = wanted.max(2);
    match axis.scale() {
        Scale::Linear => linear(axis.min(), axis.max(), wanted),
        Scale::Log => log(axis, wanted),
    }
}

/// Multiples of 1, 2 or 5 × 10ⁿ.
fn linear(min: f64, max: f64, wanted: usize) -> Vec<Tick> {
    let rough = (max - min) / wanted as f64;
    let power = 10_f64.powi(log10(rough).floor() as i32);
    let step = [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .map(|nice| nice * power)
        .find(|&step| step >= rough * 0.999)
        .unwrap_or(10.0 * power);
    // A range too wide or too narrow for an f64 to be divided has no end of ticks, or none.
    if !step.is_normal() {
        return Vec::new();
    }
    let first = (min / step - 1e-9).ceil() as i64;
    let last = (max / step + 1e-9).floor() as i64;
    (first..=last)
        .map(|count| count as f64 * step)
        .map(|value| Tick {
            value,
            label: linear_label(value, step),
        })
        .collect()
}

/// Just enough decimals to tell neighbours apart; powers of ten beyond five places.
fn linear_label(value: f64, step: f64) -> String {
    if step >= 1e5 && value != 0.0 {
        return scientific_label(value);
    }
    if step < 1e-4 && value != 0.0 {
        return significant(value, 3);
    }
    let decimals = (-log10(step * 1.001).floor()).max(0.0) as usize;
    let text = fixed(value, decimals);
    text.replacen('-', "−", 1)
}

/// `2×10⁵`, where digits in full would take more room than there is beside an axis.
fn scientific_label(value: f64) -> String {
    // A power of ten is not to be taken for the one below.
    let power = (log10(value.abs()) + 1e-9).floor() as i32;
    let mantissa = significant(value / 10_f64.powi(power), 3);
    [&mantissa, "×10", &superscript(power)].concat()
}

/// Powers of ten, thinned to about `wanted`; 1, 2, 5 × 10ⁿ where the range is short.
fn log(axis: &Axis, wanted: usize) -> Vec<Tick> {
    let (low, high) = (log10(axis.min()), log10(axis.max()));
    let tick = |value: f64, label: String| Tick { value, label };
    let inside = |value: &f64| (-1e-9..=1.0 + 1e-9).contains(&axis.fraction(*value));
    if high - low < 2.0 {
        return ((low.floor() as i32)..=(high.ceil() as i32))
            .flat_map(|power| [1.0, 2.0, 5.0].map(|nice| nice * 10_f64.powi(power)))
            .filter(inside)
            .map(|value| {
                let is_long = value >= 0.9e5;
                let label = if is_long {
                    scientific_label(value)
                } else {
                    significant(value, 1)
                };
                tick(value, label)
            })
            .collect();
    }
    let stride = ((high - low) / wanted as f64).ceil().max(1.0) as i32;
    let first = ((low - 1e-9) / f64::from(stride)).ceil() as i32;
    let last = ((high + 1e-9) / f64::from(stride)).floor() as i32;
    (first..=last)
        .map(|count| count * stride)
        .map(|power| tick(10_f64.powi(power), decade_label(power)))
        .collect()
}

/// 0.001 to 10000 as they are, other powers of ten as powers.
fn decade_label(power: i32) -> String {
    if (-3..=4).contains(&power) {
        return significant(10_f64.powi(power), 1);
    }
    ["10", &superscript(power)].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(axis: Axis, wanted: usize) -> Vec<String> {
        ticks(&axis, wanted).into_iter().map(|t| t.label).collect()
    }

    #[test]
    fn linear_ticks_are_round_and_inside() {
        assert_eq!(
            labels(Axis::linear(-5.3, 0.4), 6),
            ["−5", "−4", "−3", "−2", "−1", "0"]
        );
        assert_eq!(
            labels(Axis::linear(0.0, 0.4), 4),
            ["0.0", "0.1", "0.2", "0.3", "0.4"]
        );
        assert_eq!(
            labels(Axis::linear(0.0, 20.0), 4),
            ["0", "5", "10", "15", "20"]
        );
    }

    #[test]
    fn large_values_are_written_as_powers() {
        assert_eq!(
            labels(Axis::linear(-1e5, 1.05e6), 4),
            ["0", "5×10⁵", "1×10⁶"]
        );
        assert_eq!(labels(Axis::log(9e4, 6e5), 5), ["1×10⁵", "2×10⁵", "5×10⁵"]);
        assert_eq!(labels(Axis::linear(0.0, 9e4), 2), ["0", "50000"]);
    }

    #[test]
    fn log_ticks_are_decades_or_within_a_decade_1_2_5() {
        assert_eq!(
            labels(Axis::log(0.001, 10.0), 5),
            ["0.001", "0.01", "0.1", "1", "10"]
        );
        assert_eq!(labels(Axis::log(0.9, 6.0), 5), ["1", "2", "5"]);
        assert_eq!(labels(Axis::log(1e-8, 1.0), 2), ["10⁻⁸", "10⁻⁴", "1"]);
    }
}
