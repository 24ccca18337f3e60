//! The sliders of the experiment: which values their positions stand for.

use super::zipf::Zipf;
use crate::math::{ln, pow};
use crate::number::round_significant;
use crate::slider::{Move, moved};

/// Every slider of the view by its name in links.
pub const SLIDERS: [(&str, Range); 9] = [
    ("examples", Range::whole(100.0, Zipf::MOST_EXAMPLES as f64)),
    ("features", Range::whole(16.0, Zipf::MOST_FEATURES as f64)),
    ("nonzeros", Range::whole(1.0, Zipf::MOST_NONZEROS as f64)),
    ("alpha", Range::linear(0.0, Zipf::HIGHEST_EXPONENT)),
    ("noise", Range::linear(0.0, 0.5)),
    ("batch", Range::whole(1.0, 16_384.0)),
    ("epochs", Range::whole(1.0, 50.0)),
    ("heldout", Range::linear(0.0, 0.5)),
    (
        "seeds",
        Range {
            is_log: false,
            ..Range::whole(1.0, 10.0)
        },
    ),
];

/// A slider's range.
#[derive(Clone, Copy, Debug)]
pub struct Range {
    /// From where.
    pub low: f64,
    /// To where.
    pub high: f64,
    /// Whether equal distances are equal factors; then `low` is above 0.
    pub is_log: bool,
    /// Whether only whole numbers make sense.
    pub is_whole: bool,
}

/// The last position of a slider: enough for every value of two digits up to 50.
pub const POSITIONS: u32 = 480;

impl Range {
    /// Equal distances, equal differences.
    #[must_use]
    pub const fn linear(low: f64, high: f64) -> Self {
        Self {
            low,
            high,
            is_log: false,
            is_whole: false,
        }
    }

    /// Whole numbers, equal factors.
    #[must_use]
    pub const fn whole(low: f64, high: f64) -> Self {
        Self {
            low,
            high,
            is_log: true,
            is_whole: true,
        }
    }

    /// The value at `position`, from 0 to [`POSITIONS`]; beyond, the largest.
    #[must_use]
    pub fn value(self, position: u32) -> f64 {
        let share = f64::from(position) / f64::from(POSITIONS);
        let value = if self.is_log {
            self.low * pow(self.high / self.low, share)
        } else {
            self.low + share * (self.high - self.low)
        };
        // Two digits are what a reader sets; the ends are exact.
        let value = if self.is_whole {
            round_significant(value, 2).round()
        } else {
            round_significant(value, 2)
        };
        if position >= POSITIONS {
            self.high
        } else {
            value.clamp(self.low, self.high)
        }
    }

    /// The position nearest to `value`; an end for what is beyond it.
    #[must_use]
    pub fn position(self, value: f64) -> u32 {
        let value = value.clamp(self.low, self.high);
        let share = if self.is_log {
            ln(value / self.low) / ln(self.high / self.low)
        } else {
            (value - self.low) / (self.high - self.low)
        };
        (share * f64::from(POSITIONS)).round() as u32
    }

    /// The value that a key leads to from `value`.
    #[must_use]
    pub fn moved(self, value: f64, by: Move) -> f64 {
        let value_at = |position| self.value(position);
        moved(value, POSITIONS, |value| self.position(value), value_at, by)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::shortest;
    use crate::sparse::experiment::Experiment;
    use crate::sparse::query;

    /// Evidence: what a reader who presses a key expects, for every value of every slider.
    #[test]
    fn one_key_is_the_next_value_and_the_other_key_leads_back() {
        for (name, range) in SLIDERS {
            let mut value = range.value(0);
            while value < range.high {
                let next = range.moved(value, Move::Forward);
                assert!(next > value, "{name}: right at {value} gives {next}");
                assert_eq!(range.moved(next, Move::Back), value, "{name} from {next}");
                value = next;
            }
            assert_eq!(value, range.high, "{name}");
            assert_eq!(range.moved(value, Move::Forward), value, "{name}");
            assert_eq!(range.moved(value, Move::First), range.low, "{name}");
            assert_eq!(range.moved(range.low, Move::Last), range.high, "{name}");
            assert!(
                range.moved(range.low, Move::PageForward) > range.low,
                "{name}"
            );
            assert!(
                range.moved(range.high, Move::PageBack) < range.high,
                "{name}"
            );
        }
    }

    /// A slider that passed over small whole numbers could not set 3 epochs.
    #[test]
    fn small_whole_numbers_are_all_there() {
        for (name, range) in SLIDERS {
            let mut value = range.low;
            while range.is_whole && range.low == 1.0 && value < range.high.min(20.0) {
                let next = range.moved(value, Move::Forward);
                assert_eq!(next, value + 1.0, "{name}");
                value = next;
            }
        }
    }

    #[test]
    fn every_slider_sets_what_it_is_named_after() {
        for (name, range) in SLIDERS {
            let mut experiment = Experiment::default();
            let value = shortest(range.moved(range.low, Move::Forward));
            assert_eq!(query::set(&mut experiment, name, &value), Ok(()), "{name}");
            assert_eq!(query::get(&experiment, name), Some(value), "{name}");
        }
    }
}
