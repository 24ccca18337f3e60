//! What the colours of a map are, and the scale above it that says so.

use plotters_backend::DrawingBackend;
use plotters_backend::text_anchor::{HPos, VPos};

use crate::chart::painter::{Drawn, Label, Painter, Stroke, estimated_width};
use crate::chart::projection::{Pixel, Rect};
use crate::chart::theme::{ChartTheme, Rgb, blend};
use crate::math::log10;
use crate::number::significant;

/// What the colours of a map are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum MapValue {
    /// The share of the distance left: 0 to 1, and more of the same beyond.
    ShareLeft,
    /// The loss, at equal ratios of its height above `lowest`.
    Loss {
        /// The darkest.
        lowest: f64,
        /// The lightest.
        highest: f64,
    },
    /// Which of the minima is nearest: 0, 1, …
    Minimum {
        /// How many there are.
        count: usize,
    },
}

/// Colours of the sequential ramp, from the darkest (0, at the goal) to the lightest (1).
///
/// After cividis (Nuñez, Anderton & Renslow 2018) in kind: blue to yellow, its lightness rising
/// evenly, so that it reads alike with and without colour vision, and in grey.
pub(super) const RAMP: [Rgb; 6] = [
    (0, 34, 78),
    (49, 68, 107),
    (102, 105, 112),
    (148, 142, 119),
    (202, 186, 106),
    (254, 232, 56),
];

/// Where the run did not finish: blank, which no colour of the ramp and no rule's is near, with any
/// colour vision.
pub(super) const UNFINISHED: Rgb = (255, 255, 255);

impl MapValue {
    /// The colour of a value.
    pub(super) fn color(self, value: f32, theme: &ChartTheme) -> Rgb {
        let value = f64::from(value);
        if !value.is_finite() {
            return UNFINISHED;
        }
        match self {
            Self::ShareLeft => ramp(value),
            Self::Loss { lowest, highest } => ramp(loss_share(value, lowest, highest)),
            Self::Minimum { .. } => theme.look(value as usize + 1).color,
        }
    }

    /// What the colours mean, at the upper right, beside `y_title` at the upper left.
    pub(super) fn draw_scale<B: DrawingBackend>(
        self,
        painter: &mut Painter<'_, B>,
        area: &Rect,
        y_title: &str,
        em: f64,
        theme: &ChartTheme,
    ) -> Drawn<B> {
        let (from, titles, to) = match self {
            Self::ShareLeft => (
                "0 %".to_owned(),
                ["distance left", "left"],
                "100 %".to_owned(),
            ),
            Self::Loss { lowest, highest } => (
                significant(lowest, 3),
                ["loss", "loss"],
                significant(highest, 3),
            ),
            Self::Minimum { .. } => (
                String::new(),
                ["ends nearest to minimum", "minimum"],
                String::new(),
            ),
        };
        let text = Label::new(theme.muted, em);
        let upper = 0.9 * em;
        // From the right: its end, the scale, its beginning, what it is of.
        let mut right = area.right;
        let write = |painter: &mut Painter<'_, B>, word: &str, right: &mut f64| {
            painter.text(word, [*right, upper], &text.held(HPos::Right, VPos::Center))?;
            *right -= estimated_width(word, em) + 0.8 * em;
            Ok(())
        };
        write(painter, &to, &mut right)?;
        if let Self::Minimum { count } = self {
            for index in (0..count).rev() {
                write(painter, &format!("{}", index + 1), &mut right)?;
                right -= 0.9 * em;
                let color = self.color(index as f32, theme);
                painter.fill_rect(&swatch([right, upper], 0.9 * em, em), color, 1.0)?;
                right -= 0.8 * em;
            }
        } else {
            const PIECES: usize = 40;
            let width = 8.0 * em / PIECES as f64;
            right -= 8.0 * em;
            for piece in 0..PIECES {
                let share = piece as f64 / (PIECES - 1) as f64;
                // Overlapping, so that no seam shows.
                let rect = swatch([right + piece as f64 * width, upper], 1.2 * width, em);
                painter.fill_rect(&rect, ramp(share), 1.0)?;
            }
            right -= 0.5 * em;
        }
        write(painter, &from, &mut right)?;
        // The shorter one where the longer would run into the vertical axis's title.
        let room = right - estimated_width(y_title, em) - 1.3 * em;
        let [long, short] = titles;
        let fits = estimated_width(long, em) <= room;
        write(painter, if fits { long } else { short }, &mut right)
    }
}

/// What blank means, below the scale.
pub(super) fn draw_unfinished<B: DrawingBackend>(
    painter: &mut Painter<'_, B>,
    area: &Rect,
    em: f64,
    theme: &ChartTheme,
) -> Drawn<B> {
    let text = Label::new(theme.muted, em).held(HPos::Right, VPos::Center);
    let word = "did not finish";
    let lower = 2.3 * em;
    let at = [area.right, lower];
    painter.text(word, at, &text)?;
    let left = area.right - estimated_width(word, em) - 0.8 * em;
    let rect = swatch([left, lower], 0.9 * em, em);
    painter.fill_rect(&rect, UNFINISHED, 1.0)?;
    painter.outline_rect(&rect, &Stroke::solid(theme.axis, 1.0))
}

/// A piece of a scale as high as a line's letters, from `left` in the line whose middle is at `y`.
fn swatch([left, y]: Pixel, width: f64, em: f64) -> Rect {
    Rect {
        left,
        top: y - 0.45 * em,
        right: left + width,
        bottom: y + 0.45 * em,
    }
}

/// The ramp's colour at `share`, 0 to 1.
fn ramp(share: f64) -> Rgb {
    let along = share.clamp(0.0, 1.0) * (RAMP.len() - 1) as f64;
    let index = (along as usize).min(RAMP.len() - 2);
    match RAMP.get(index..index + 2) {
        Some(&[from, to]) => blend(from, to, along - index as f64),
        _ => UNFINISHED,
    }
}

/// Decades of loss that the ramp tells apart.
const DECADES: f64 = 6.0;

/// Where a loss stands between the lowest and the highest, in decades of its height.
fn loss_share(loss: f64, lowest: f64, highest: f64) -> f64 {
    let height = (loss - lowest) / (highest - lowest);
    1.0 + log10(height.max(0.0)) / DECADES
}

/// A colour that near ones share: neighbours that look alike become one rectangle.
pub(super) fn coarse((red, green, blue): Rgb) -> Rgb {
    // The highest bits stand in for the lowest, so that black and white stay.
    let few = |channel: u8| (channel & 0xf8) | (channel >> 5);
    (few(red), few(green), few(blue))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::theme::LIGHT;

    #[test]
    fn losses_are_told_apart_by_decades() {
        let value = MapValue::Loss {
            lowest: -1.0,
            highest: 9.0,
        };
        // Heights 10, 10^(1 − 1.2), 0 of 10: shares 1, 1 − 1.2/6 = 4/5, and below 0.
        for (loss, color) in [(9.0, RAMP[5]), (-0.369_043, RAMP[4]), (-1.0, RAMP[0])] {
            assert_eq!(value.color(loss, &LIGHT), color);
        }
    }
}
