//! Arrows for what lies above a figure's axes.

use plotters_backend::DrawingBackend;

use crate::chart::FigureSize;
use crate::chart::painter::{Drawn, Painter, Stroke};
use crate::chart::projection::Rect;
use crate::chart::theme::Look;

/// An arrow to the upper edge of `area` for each rule that is above it at x, with the rule's mark;
/// side by side, the first the farthest right.
pub(super) fn draw<B: DrawingBackend>(
    painter: &mut Painter<'_, B>,
    off: &[(f64, Look)],
    area: &Rect,
    size: &FigureSize,
) -> Drawn<B> {
    let em = size.font_css_px;
    let mut most = area.right - 0.5 * em;
    for &(x, look) in off {
        let x = x.min(most).max(area.left + 0.5 * em);
        most = x - 0.9 * em;
        let stroke = Stroke::solid(look.color, 1.5);
        painter.arrow([x, area.top + 1.7 * em], [x, area.top + 0.15 * em], &stroke)?;
        painter.marker(look.marker, [x, area.top + 1.7 * em], 0.3 * em, look.color)?;
    }
    Ok(())
}
