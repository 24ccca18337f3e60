//! A rule's look on its own: the sample beside its name in a legend.

use plotters_backend::DrawingBackend;

use super::painter::{Drawn, Painter, Stroke};
use super::theme::ChartTheme;
use super::{Figure, FigureSize};

/// The line and the mark of the rule at `look`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Swatch {
    /// The rule's place in the list of all that were chosen.
    pub look: usize,
}

impl Figure for Swatch {
    fn draw<B: DrawingBackend>(
        &self,
        painter: &mut Painter<'_, B>,
        size: &FigureSize,
        theme: &ChartTheme,
    ) -> Drawn<B> {
        let look = theme.look(self.look);
        let middle = size.height_css_px / 2.0;
        painter.line(
            [0.0, middle],
            [size.width_css_px, middle],
            &Stroke::of_look(&look, 2.0),
        )?;
        let at = [size.width_css_px / 2.0, middle];
        let radius = 0.36 * size.font_css_px;
        painter.disc(at, 1.4 * radius, theme.background, 1.0)?;
        painter.marker(look.marker, at, radius, look.color)
    }
}
