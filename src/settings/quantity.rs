//! A numeric setting: what it may be, and how a slider runs over it.

use super::Settings;
use super::number::{
    comma_list, parse_plain_number, parse_single_number, round_significant, shortest,
};
use super::place::Place;
use super::property::Reading;
use crate::math::{ln, log10, pow};
use crate::parameter::{Range, Scale};
use crate::slider::{Move, moved};

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
    /// Values that the nearest position hits exactly; unless equally spread, it also hits those of
    /// one digit, such as 0.2.
    pub marks: &'static [f64],
}

/// Significant digits of a value chosen with a slider, so that it reads well.
const SLIDER_DIGITS: usize = 3;

/// The last position of a slider, unless its values ask for another.
const POSITIONS: u32 = 1000;

/// Positions of a decade beside a 0.
const POSITIONS_A_DECADE: f64 = 50.0;

/// As far as a slider goes over whole numbers one by one.
const MOST_WHOLE_NUMBERS: f64 = 100.0;

impl Slider {
    /// A slider over a range with that spread, which hits `marks`.
    pub(super) fn over(range: Range, scale: Scale, marks: &'static [f64]) -> Self {
        let span = range.max - range.min;
        let (min, max, positions) = match scale {
            Scale::Linear if range.whole => {
                let span = span.min(MOST_WHOLE_NUMBERS);
                (range.min, range.min + span, span as u32)
            }
            // One for each unit, degrees, say.
            Scale::Linear if span > MOST_WHOLE_NUMBERS => (range.min, range.max, span as u32),
            Scale::Linear | Scale::Log => (range.min, range.max, POSITIONS),
            Scale::LogWithZero { smallest } => {
                let decades = log10(range.max / smallest);
                let positions = 1 + (POSITIONS_A_DECADE * decades).round() as u32;
                (0.0, range.max, positions)
            }
        };
        Self {
            min,
            max,
            scale,
            positions,
            marks,
        }
    }

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
            Scale::Linear => {
                return round_significant(self.min + along * (self.max - self.min), SLIDER_DIGITS);
            }
            Scale::Log => self.min * pow(self.max / self.min, along),
            Scale::LogWithZero { smallest } => {
                let along = f64::from(position - 1) / f64::from(self.positions - 1);
                smallest * pow(self.max / smallest, along)
            }
        };
        let of_one_digit = round_significant(value, 1);
        if self.position(of_one_digit) == position {
            return of_one_digit;
        }
        round_significant(value, SLIDER_DIGITS)
    }

    /// The position nearest to `value`; an end for what is beyond it.
    #[must_use]
    pub fn position(&self, value: f64) -> u32 {
        let positions = f64::from(self.positions);
        let position = match self.scale {
            Scale::Linear => positions * (value - self.min) / (self.max - self.min),
            Scale::Log => positions * ln(value / self.min) / ln(self.max / self.min),
            Scale::LogWithZero { smallest } if value < smallest / 2.0 => 0.0,
            Scale::LogWithZero { smallest } => {
                let along = ln(value / smallest) / ln(self.max / smallest);
                1.0 + along.max(0.0) * (positions - 1.0)
            }
        };
        // The cast saturates, and takes NaN (the logarithm of a negative value) to 0.
        position.round().min(positions) as u32
    }
}

/// A numeric setting: one number, or two with the same range.
#[derive(Clone, Copy, Debug)]
pub struct Quantity {
    /// What each component may be.
    pub range: Range,
    /// The slider over each component; its ends may be narrower than `range`.
    pub slider: Slider,
    /// How many components it has: one for most, two for `lambda` and `x0`.
    pub components: usize,
    pub(super) place: Place,
}

impl Quantity {
    /// The components' values; of a shared parameter, those in force.
    #[must_use]
    pub fn values(&self, settings: &Settings) -> Vec<f64> {
        self.place.numbers(settings, self.components)
    }

    /// Sets one component (from 0) to the allowed number nearest to `value`: for sliders and
    /// drags, which have no text to complain about.
    pub fn set_nearest(&self, settings: &mut Settings, component: usize, value: f64) {
        let mut values = self.values(settings);
        if let Some(slot) = values.get_mut(component) {
            *slot = self.range.nearest(value);
            self.place.set(settings, &values);
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

    /// The value that a key on the slider leads to from `value`.
    #[must_use]
    pub fn moved(&self, value: f64, by: Move) -> f64 {
        let value_at = |position| self.value_from_slider(position);
        let position = |value| self.slider_from_value(value);
        moved(value, self.slider.positions, position, value_at, by)
    }

    pub(super) fn text(&self, settings: &Settings) -> String {
        comma_list(&self.values(settings))
    }

    /// Takes as many numbers as there are components, each nearest to what the text says.
    pub(super) fn read(&self, settings: &mut Settings, text: &str) -> Reading {
        let numbers: Option<Vec<f64>> = if self.components == 1 {
            parse_single_number(text).map(|number| vec![number])
        } else {
            text.split(',').map(parse_plain_number).collect()
        };
        let Some(numbers) = numbers.filter(|n| n.len() == self.components) else {
            return Reading::Unreadable;
        };
        let nearest: Vec<f64> = numbers.iter().map(|&n| self.range.nearest(n)).collect();
        self.place.set(settings, &nearest);
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
        match (self.components, or_zero, whole) {
            (1, true, _) => format!("0, or a number {from_to}"),
            (1, false, true) => format!("a whole number {from_to}"),
            (1, false, false) => format!("a number {from_to}"),
            _ => format!("two numbers {from_to} with a comma between"),
        }
    }
}
