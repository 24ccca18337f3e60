//! Which mark is which: samples and names in as many rows below a figure as they need.

use plotters_backend::DrawingBackend;
use plotters_backend::text_anchor::{HPos, VPos};

use crate::chart::FigureSize;
use crate::chart::painter::{Drawn, Label, Painter, Stroke, estimated_width};
use crate::chart::theme::{ChartTheme, Look};

/// A mark beside a name, in the size of the figure's text. Names have that size itself, for who sits
/// at the back of a lecture hall.
pub(super) const MARK_EM: f64 = 0.36;
/// In the same: a sample's width; from a sample to its name; from a name to the next sample or to the
/// figure's edge, as names may be wider than estimated; a row's height; the room left of a row.
const SAMPLE_EM: f64 = 1.5;
const BEFORE_NAME_EM: f64 = 0.3;
const AFTER_NAME_EM: f64 = 0.8;
const ROW_EM: f64 = 1.5;
const LEFT_EM: f64 = 0.3;

/// A sample and a name in their row.
struct Entry {
    look: Look,
    name: String,
    left: f64,
    row: usize,
}

/// Samples and names, laid out for one width.
pub(super) struct KeyRows {
    entries: Vec<Entry>,
    rows: usize,
}

impl KeyRows {
    /// In order, a row after the other; a name that no row has room for is cut short.
    pub(super) fn new(names: impl Iterator<Item = (Look, String)>, size: &FigureSize) -> Self {
        let em = size.font_css_px;
        let right = size.width_css_px - AFTER_NAME_EM * em;
        let before_name = (SAMPLE_EM + BEFORE_NAME_EM) * em;
        let letter = estimated_width("n", em);
        let most_letters = ((right - LEFT_EM * em - before_name) / letter).max(2.0) as usize;
        let mut entries = Vec::new();
        let (mut left, mut row) = (LEFT_EM * em, 0);
        for (look, mut name) in names {
            if name.chars().count() > most_letters {
                name = name.chars().take(most_letters - 1).collect();
                name.push('…');
            }
            let width = before_name + estimated_width(&name, em);
            if left + width > right && left > LEFT_EM * em {
                (left, row) = (LEFT_EM * em, row + 1);
            }
            entries.push(Entry {
                look,
                name,
                left,
                row,
            });
            left += width + AFTER_NAME_EM * em;
        }
        let rows = entries.last().map_or(0, |last| last.row + 1);
        Self { entries, rows }
    }

    /// What the rows leave of the figure, from its top.
    pub(super) fn rest(&self, size: &FigureSize) -> FigureSize {
        let rows = self.rows as f64 * ROW_EM * size.font_css_px;
        FigureSize {
            height_css_px: size.height_css_px - rows,
            ..*size
        }
    }

    /// Draws them below [`Self::rest`].
    pub(super) fn draw<B: DrawingBackend>(
        &self,
        painter: &mut Painter<'_, B>,
        size: &FigureSize,
        theme: &ChartTheme,
    ) -> Drawn<B> {
        let em = size.font_css_px;
        let top = self.rest(size).height_css_px;
        let label = Label::new(theme.muted, em).held(HPos::Left, VPos::Center);
        for entry in &self.entries {
            let y = top + (entry.row as f64 + 0.5) * ROW_EM * em;
            let Look { color, marker, .. } = entry.look;
            let end = entry.left + SAMPLE_EM * em;
            let stroke = Stroke::of_look(&entry.look, 1.75);
            painter.line([entry.left, y], [end, y], &stroke)?;
            painter.marker(marker, [(entry.left + end) / 2.0, y], MARK_EM * em, color)?;
            painter.text(&entry.name, [end + BEFORE_NAME_EM * em, y], &label)?;
        }
        Ok(())
    }
}
