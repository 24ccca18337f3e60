//! A numeric setting: what it may be, and how a slider runs over it.

use super::Settings;
use super::number::{comma_list, parse_plain_number, round_significant, shortest};
use super::property::Reading;
use crate::parameter::{Range, Scale};

/// A native range input over a quantity: whole positions from 0 to `positions`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Slider {
    /// The value at position 0.
    pub min: f64,
    /// The value at the last position.
    pub max: f64,
    /// How the positions are spread.
    pub scale: Scale,
    /// The last position.
    pub positions: u32,
    /// Values that the nearest position hits exactly.
    pub marks: &'static [f64],
}

/// Significant digits of a value chosen with a slider, so that it reads well.
const SLIDER_DIGITS: usize = 3;

impl Slider {
    /// The value at `position`: a mark, an end, or rounded to three significant digits.
    #[must_use]
    pub fn value(&self, position: u32) -> f64 {
        if position == 0 {
            return self.min;
        }
        if position >= self.positions {
            return self.max;
        }
        let mark = self
            .marks
            .iter()
            .find(|&&mark| self.position(mark) == position);
        if let Some(&mark) = mark {
            return mark;
        }
        let along = f64::from(position) / f64::from(self.positions);
        let value = match self.scale {
            Scale::Linear => self.min + along * (self.max - self.min),
            Scale::Log => self.min * (self.max / self.min).powf(along),
            Scale::LogWithZero { smallest } => {
                let along = f64::from(position - 1) / f64::from(self.positions - 1);
                smallest * (self.max / smallest).powf(along)
            }
        };
        round_significant(value, SLIDER_DIGITS)
    }

    /// The position nearest to `value`; an end for what is beyond it.
    #[must_use]
    pub fn position(&self, value: f64) -> u32 {
        let positions = f64::from(self.positions);
        let position = match self.scale {
            Scale::Linear => positions * (value - self.min) / (self.max - self.min),
            Scale::Log => positions * (value / self.min).ln() / (self.max / self.min).ln(),
            Scale::LogWithZero { smallest } if value < smallest / 2.0 => 0.0,
            Scale::LogWithZero { smallest } => {
                let along = (value / smallest).ln() / (self.max / smallest).ln();
                1.0 + along.max(0.0) * (positions - 1.0)
            }
        };
        // The cast saturates, and takes NaN (the logarithm of a negative value) to 0.
        position.round().min(positions) as u32
    }
}

/// A numeric setting: one number, or two with the same range.
#[derive(Debug)]
pub struct Quantity {
    /// What each component may be.
    pub range: Range,
    /// The slider over each component; its ends may be narrower than `range`.
    pub slider: Slider,
    pub(super) get: fn(&Settings) -> Vec<f64>,
    pub(super) set: fn(&mut Settings, &[f64]),
}

impl Quantity {
    /// The components' values: one for most, two for `lambda` and `x0`.
    #[must_use]
    pub fn values(&self, settings: &Settings) -> Vec<f64> {
        (self.get)(settings)
    }

    /// Sets one component (from 0) to the allowed number nearest to `value`: for sliders and
    /// drags, which have no text to complain about.
    pub fn set_nearest(&self, settings: &mut Settings, component: usize, value: f64) {
        let mut values = self.values(settings);
        if let Some(slot) = values.get_mut(component) {
            *slot = self.range.nearest(value);
            (self.set)(settings, &values);
            settings.repair();
        }
    }

    /// The value at a slider position.
    #[must_use]
    pub fn value_from_slider(&self, position: u32) -> f64 {
        self.range.nearest(self.slider.value(position))
    }

    /// The slider position nearest to a value.
    #[must_use]
    pub fn slider_from_value(&self, value: f64) -> u32 {
        self.slider.position(value)
    }

    /// A decimal comma as a point; not in whole numbers, where a comma more likely groups
    /// thousands.
    pub(super) fn decimal_point(&self, text: &str) -> String {
        if self.range.whole {
            text.to_owned()
        } else {
            text.replacen(',', ".", 1)
        }
    }

    pub(super) fn text(&self, settings: &Settings) -> String {
        comma_list(&self.values(settings))
    }

    /// Takes as many numbers as there are components, each nearest to what the text says.
    pub(super) fn read(&self, settings: &mut Settings, text: &str) -> Reading {
        let numbers: Option<Vec<f64>> = text.split(',').map(parse_plain_number).collect();
        let Some(numbers) = numbers.filter(|n| n.len() == self.values(settings).len()) else {
            return Reading::Unreadable;
        };
        let nearest: Vec<f64> = numbers.iter().map(|&n| self.range.nearest(n)).collect();
        (self.set)(settings, &nearest);
        Reading::exact_if(nearest == numbers)
    }

    pub(super) fn allowed(&self) -> String {
        let Range {
            min,
            max,
            or_zero,
            whole,
        } = self.range;
        let (min, max) = (shortest(min), shortest(max));
        let from_to = format!("from {min} to {max}");
        match (self.values(&Settings::default()).len(), or_zero, whole) {
            (1, true, _) => format!("0, or a number {from_to}"),
            (1, false, true) => format!("a whole number {from_to}"),
            (1, false, false) => format!("a number {from_to}"),
            _ => format!("two numbers {from_to} with a comma between"),
        }
    }
}
