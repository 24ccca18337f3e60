//! Which rule is which: samples and names below a figure, left of its axis's title.

use plotters_backend::DrawingBackend;
use plotters_backend::text_anchor::{HPos, VPos};

use super::FigureSize;
use super::painter::{Drawn, Label, Painter, Stroke, estimated_width};
use super::theme::ChartTheme;

/// Size of a name, in the size of the figure's text.
const NAME_EM: f64 = 0.9;
/// Width of a sample.
const SAMPLE_EM: f64 = 1.9;
/// From a sample to its name, and from a name to the next sample.
const GAPS_EM: [f64; 2] = [0.35, 0.7];

/// Draws a sample and the name of each rule, in order, left of `title`; nothing for one rule alone,
/// nor where there is no room for all.
pub(super) fn draw<B: DrawingBackend>(
    painter: &mut Painter<'_, B>,
    labels_and_looks: &[(&'static str, usize)],
    title: &str,
    size: &FigureSize,
    theme: &ChartTheme,
) -> Drawn<B> {
    let em = size.font_css_px;
    let [before_name, after_name] = GAPS_EM.map(|gap| gap * em);
    let width = |label: &str| {
        SAMPLE_EM * em + before_name + estimated_width(label, NAME_EM * em) + after_name
    };
    let widths = labels_and_looks.iter().map(|&(label, _)| width(label));
    let room = size.width_css_px - estimated_width(title, em) - 1.5 * em;
    if labels_and_looks.len() < 2 || widths.sum::<f64>() > room {
        return Ok(());
    }
    let y = size.height_css_px - 0.65 * em;
    let mut x = 0.3 * em;
    for &(label, look) in labels_and_looks {
        let look = theme.look(look);
        let end = x + SAMPLE_EM * em;
        painter.line([x, y], [end, y], &Stroke::of_look(&look, 1.75))?;
        painter.marker(look.marker, [(x + end) / 2.0, y], 0.3 * em, look.color)?;
        let name = Label::new(theme.muted, NAME_EM * em).held(HPos::Left, VPos::Center);
        painter.text(label, [end + before_name, y], &name)?;
        x += width(label);
    }
    Ok(())
}
