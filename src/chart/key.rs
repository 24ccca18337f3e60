//! Which rule is which: samples and names below a figure, left of its axis's title.

use plotters_backend::DrawingBackend;
use plotters_backend::text_anchor::{HPos, VPos};

use super::FigureSize;
use super::painter::{Drawn, Label, Painter, Stroke, estimated_width};
use super::theme::ChartTheme;

/// Draws a sample and the name of each rule, in order, as far as there is room; nothing for one
/// rule alone.
pub(super) fn draw<B: DrawingBackend>(
    painter: &mut Painter<'_, B>,
    labels_and_looks: &[(&'static str, usize)],
    size: &FigureSize,
    theme: &ChartTheme,
) -> Drawn<B> {
    const NAME_EM: f64 = 0.9;
    if labels_and_looks.len() < 2 {
        return Ok(());
    }
    let em = size.font_css_px;
    let y = size.height_css_px - 0.65 * em;
    let mut x = 0.3 * em;
    // The title's own room.
    let end = size.width_css_px - 7.0 * em;
    for &(label, look) in labels_and_looks {
        let look = theme.look(look);
        let width = 2.6 * em + estimated_width(label, NAME_EM * em);
        if x + width > end {
            break;
        }
        let sample = [[x, y], [x + 2.0 * em, y]];
        painter.polyline(sample, None, &Stroke::of_look(&look, 1.75))?;
        painter.marker(look.marker, [x + em, y], 0.3 * em, look.color)?;
        let name = Label::new(theme.muted, NAME_EM * em).held(HPos::Left, VPos::Center);
        painter.text(label, [x + 2.4 * em, y], &name)?;
        x += width + 0.4 * em;
    }
    Ok(())
}
