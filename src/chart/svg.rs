//! A figure as a standalone SVG.

use plotters::backend::SVGBackend;

use super::painter::{Painter, UNITS_PER_CSS_PX};
use super::projection::Rect;
use super::theme::ChartTheme;
use super::{Figure, FigureSize};

/// plotters-svg divides font sizes by this to match its bitmap backend's em.
const FONT_SCALE: f64 = 1.24;

/// `figure` on a background of the theme's colour, as an SVG document.
///
/// # Errors
/// What the backend reports; writing to a string does not fail in practice.
pub fn document(
    figure: &impl Figure,
    size: &FigureSize,
    theme: &ChartTheme,
) -> Result<String, String> {
    let (width, height) = (size.width_css_px.round(), size.height_css_px.round());
    let units = |css_px: f64| (css_px * UNITS_PER_CSS_PX) as u32;
    let mut text = String::new();
    {
        let mut backend = SVGBackend::with_string(&mut text, (units(width), units(height)));
        let mut painter = Painter::new(&mut backend, FONT_SCALE);
        let all = Rect {
            left: 0.0,
            top: 0.0,
            right: width,
            bottom: height,
        };
        painter
            .fill_rect(&all, theme.background, 1.0)
            .and_then(|()| figure.draw(&mut painter, size, theme))
            .map_err(|error| error.to_string())?;
    }
    // The view box stays in the painter's fine units; the size is the one seen on the page.
    Ok(text.replacen(
        &format!("width=\"{}\" height=\"{}\"", units(width), units(height)),
        &format!("width=\"{width}\" height=\"{height}\" stroke-linejoin=\"round\""),
        1,
    ))
}
