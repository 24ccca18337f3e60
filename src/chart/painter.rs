//! What the figures draw with: strokes, marks and text in CSS pixels on a plotters backend.
//!
//! plotters counts in whole pixels, which makes a fine curve stagger. The painter therefore hands
//! the backend eighths of a CSS pixel: a canvas scales them down with its transform, an SVG with
//! its view box.

use plotters::style::{Color, FontDesc, FontFamily, FontStyle, FontTransform, RGBColor, TextStyle};
use plotters_backend::text_anchor::{HPos, Pos, VPos};
use plotters_backend::{BackendCoord, BackendStyle, DrawingBackend, DrawingErrorKind};

use super::clip;
use super::projection::{Pixel, Rect};
use super::theme::{ChartTheme, Look, Marker, Rgb};

/// Backend units per CSS pixel.
pub const UNITS_PER_CSS_PX: f64 = 8.0;

/// Points of a line that are nearer to each other than this are one.
const FINEST_CSS_PX: f64 = 0.5;

/// After every so many segments a line's points may lie twice as far apart and still be one.
///
/// A run that swings about a minimum for 100,000 steps is a blot of as many segments, each across
/// all others, and browsers take seconds to stroke it. Coarser by what it is already as long as, it
/// looks the same.
const SEGMENTS_AS_FINE: usize = 1000;

/// The page's own font, whatever that is, and the usual fall-back.
const FONT_FAMILY: &str = "system-ui, sans-serif";

/// Drawing's outcome.
pub type Drawn<B> = Result<(), DrawingErrorKind<<B as DrawingBackend>::ErrorType>>;

/// A line's colour, opacity and width.
#[derive(Clone, Copy, Debug)]
pub struct Stroke {
    /// Colour.
    pub color: Rgb,
    /// 0 (unseen) to 1.
    pub opacity: f64,
    /// In CSS pixels.
    pub width_css_px: f64,
    /// Lengths of dash and gap in CSS pixels; none for a solid line.
    pub dash: Option<[f64; 2]>,
}

impl Stroke {
    /// A solid, opaque line.
    #[must_use]
    pub fn solid(color: Rgb, width_css_px: f64) -> Self {
        Self {
            color,
            opacity: 1.0,
            width_css_px,
            dash: None,
        }
    }

    /// A rule's line.
    #[must_use]
    pub fn of_look(look: &Look, width_css_px: f64) -> Self {
        Self {
            dash: look.dash,
            ..Self::solid(look.color, width_css_px)
        }
    }

    /// How the run before the last change is drawn everywhere.
    #[must_use]
    pub fn ghost(theme: &ChartTheme) -> Self {
        Self::solid(theme.ghost, 1.75).faded(0.75)
    }

    /// How the pinned run is drawn everywhere.
    #[must_use]
    pub fn pinned(theme: &ChartTheme) -> Self {
        Self::solid(theme.pinned, 2.0).dashed(7.0, 4.0)
    }

    /// The same, dashed.
    #[must_use]
    pub fn dashed(self, dash: f64, gap: f64) -> Self {
        Self {
            dash: Some([dash, gap]),
            ..self
        }
    }

    /// The same, with `opacity`.
    #[must_use]
    pub fn faded(self, opacity: f64) -> Self {
        Self { opacity, ..self }
    }
}

impl BackendStyle for Stroke {
    fn color(&self) -> plotters_backend::BackendColor {
        plotters_backend::BackendColor {
            rgb: self.color,
            alpha: self.opacity,
        }
    }

    fn stroke_width(&self) -> u32 {
        // Positive and small: a few CSS pixels.
        (self.width_css_px * UNITS_PER_CSS_PX).round() as u32
    }
}

/// Text's look and where it is held.
#[derive(Clone, Copy)]
pub struct Label {
    /// Colour.
    pub color: Rgb,
    /// Size in CSS pixels.
    pub size_css_px: f64,
    /// Which end of the text lies at the position.
    pub horizontal: HPos,
    /// Which edge of the text lies at the position.
    pub vertical: VPos,
    /// Heavier type.
    pub bold: bool,
    /// Reads from bottom to top.
    pub upwards: bool,
}

impl Label {
    /// Ordinary text, held at its left end and vertical middle.
    #[must_use]
    pub fn new(color: Rgb, size_css_px: f64) -> Self {
        Self {
            color,
            size_css_px,
            horizontal: HPos::Left,
            vertical: VPos::Center,
            bold: false,
            upwards: false,
        }
    }

    /// The same, held elsewhere.
    #[must_use]
    pub fn held(self, horizontal: HPos, vertical: VPos) -> Self {
        Self {
            horizontal,
            vertical,
            ..self
        }
    }

    /// The same, heavier.
    #[must_use]
    pub fn bold(self) -> Self {
        Self { bold: true, ..self }
    }
}

/// Draws on a backend in CSS pixels.
pub struct Painter<'b, B: DrawingBackend> {
    backend: &'b mut B,
    font_scale: f64,
}

impl<'b, B: DrawingBackend> Painter<'b, B> {
    /// A painter on `backend`, whose text comes out `1 / font_scale` of the size asked for:
    /// 1 on a canvas, 1.24 for plotters-svg.
    pub fn new(backend: &'b mut B, font_scale: f64) -> Self {
        Self {
            backend,
            font_scale,
        }
    }

    /// A filled rectangle.
    pub fn fill_rect(&mut self, rect: &Rect, color: Rgb, opacity: f64) -> Drawn<B> {
        self.backend.draw_rect(
            units([rect.left, rect.top]),
            units([rect.right, rect.bottom]),
            &RGBColor(color.0, color.1, color.2).mix(opacity),
            true,
        )
    }

    /// A rectangle's outline.
    pub fn outline_rect(&mut self, rect: &Rect, stroke: &Stroke) -> Drawn<B> {
        // As a path: plotters-svg forgets the width of a rectangle's stroke.
        let corners = [
            [rect.left, rect.top],
            [rect.right, rect.top],
            [rect.right, rect.bottom],
            [rect.left, rect.bottom],
            [rect.left, rect.top],
        ];
        self.polyline(corners, None, stroke)
    }

    /// A straight line.
    pub fn line(&mut self, from: Pixel, to: Pixel, stroke: &Stroke) -> Drawn<B> {
        self.polyline([from, to], None, stroke)
    }

    /// A line through `points`, only its part inside `inside` where that is given.
    ///
    /// Points closer than half a pixel to the last one drawn are left out, and after a thousand
    /// segments closer than twice that, and so on: a run of 100,000 steps costs what can be seen of
    /// it.
    pub fn polyline(
        &mut self,
        points: impl IntoIterator<Item = Pixel>,
        inside: Option<&Rect>,
        stroke: &Stroke,
    ) -> Drawn<B> {
        let mut piece: Vec<Pixel> = Vec::new();
        let mut previous: Option<Pixel> = None;
        let mut finest = FINEST_CSS_PX;
        let mut segments = 0;
        let mut points = points.into_iter().peekable();
        while let Some(point) = points.next() {
            let Some(from) = previous else {
                previous = Some(point);
                continue;
            };
            let ends_coarse_line = finest > FINEST_CSS_PX && points.peek().is_none();
            if is_nearer(from, point, finest) && !ends_coarse_line {
                continue;
            }
            previous = Some(point);
            let kept = match inside {
                Some(rect) => clip::segment(from, point, rect),
                None => Some((from, point)),
            };
            let Some((a, b)) = kept else {
                self.stroke_piece(&mut piece, stroke)?;
                continue;
            };
            if piece.last() != Some(&a) {
                self.stroke_piece(&mut piece, stroke)?;
                piece.push(a);
            }
            piece.push(b);
            segments += 1;
            if usize::is_multiple_of(segments, SEGMENTS_AS_FINE) {
                finest *= 2.0;
            }
        }
        self.stroke_piece(&mut piece, stroke)
    }

    /// A filled polygon.
    pub fn polygon(&mut self, corners: &[Pixel], color: Rgb, opacity: f64) -> Drawn<B> {
        self.backend.fill_polygon(
            corners.iter().map(|&corner| units(corner)),
            &RGBColor(color.0, color.1, color.2).mix(opacity),
        )
    }

    /// A filled disc.
    pub fn disc(
        &mut self,
        centre: Pixel,
        radius_css_px: f64,
        color: Rgb,
        opacity: f64,
    ) -> Drawn<B> {
        self.backend.draw_circle(
            units(centre),
            (radius_css_px * UNITS_PER_CSS_PX).round() as u32,
            &RGBColor(color.0, color.1, color.2).mix(opacity),
            true,
        )
    }

    /// A circle's outline.
    pub fn ring(&mut self, centre: Pixel, radius_css_px: f64, stroke: &Stroke) -> Drawn<B> {
        self.backend.draw_circle(
            units(centre),
            (radius_css_px * UNITS_PER_CSS_PX).round() as u32,
            stroke,
            false,
        )
    }

    /// A rule's mark, about as large as a disc of that radius.
    pub fn marker(
        &mut self,
        marker: Marker,
        [x, y]: Pixel,
        radius_css_px: f64,
        color: Rgb,
    ) -> Drawn<B> {
        let r = radius_css_px;
        match marker {
            Marker::Disc => self.disc([x, y], r, color, 1.0),
            Marker::Square => {
                let rect = Rect {
                    left: x - 0.9 * r,
                    top: y - 0.9 * r,
                    right: x + 0.9 * r,
                    bottom: y + 0.9 * r,
                };
                self.fill_rect(&rect, color, 1.0)
            }
            Marker::Triangle => {
                let corners = [
                    [x, y - 1.35 * r],
                    [x + 1.17 * r, y + 0.68 * r],
                    [x - 1.17 * r, y + 0.68 * r],
                ];
                self.polygon(&corners, color, 1.0)
            }
            Marker::Diamond => {
                let reach = 1.3 * r;
                let corners = [
                    [x, y - reach],
                    [x + reach, y],
                    [x, y + reach],
                    [x - reach, y],
                ];
                self.polygon(&corners, color, 1.0)
            }
            Marker::Ring => self.ring([x, y], 0.85 * r, &Stroke::solid(color, 0.45 * r)),
            Marker::Cross => [1.0, -1.0].into_iter().try_for_each(|side| {
                let stroke = Stroke::solid(color, 0.5 * r);
                self.line([x - r, y - side * r], [x + r, y + side * r], &stroke)
            }),
        }
    }

    /// A filled arrowhead with its tip at `tip`, pointing away from `from`.
    pub fn arrowhead(&mut self, from: Pixel, tip: Pixel, length: f64, color: Rgb) -> Drawn<B> {
        let span = distance(from, tip);
        if span < 1e-6 {
            return Ok(());
        }
        let along = [(tip[0] - from[0]) / span, (tip[1] - from[1]) / span];
        let base = [tip[0] - length * along[0], tip[1] - length * along[1]];
        let half = 0.42 * length;
        self.polygon(
            &[
                tip,
                [base[0] - half * along[1], base[1] + half * along[0]],
                [base[0] + half * along[1], base[1] - half * along[0]],
            ],
            color,
            1.0,
        )
    }

    /// An arrow from `from` to `tip`.
    pub fn arrow(&mut self, from: Pixel, tip: Pixel, stroke: &Stroke) -> Drawn<B> {
        let head = (4.5 * stroke.width_css_px).min(0.6 * distance(from, tip));
        let span = distance(from, tip).max(1e-6);
        let share = (span - 0.8 * head) / span;
        let neck = [
            from[0] + share * (tip[0] - from[0]),
            from[1] + share * (tip[1] - from[1]),
        ];
        self.line(from, neck, stroke)?;
        self.arrowhead(from, tip, head, stroke.color)
    }

    /// Text at `position`.
    pub fn text(&mut self, text: &str, position: Pixel, label: &Label) -> Drawn<B> {
        let font = FontDesc::new(
            FontFamily::Name(FONT_FAMILY),
            label.size_css_px * UNITS_PER_CSS_PX * self.font_scale,
            if label.bold {
                FontStyle::Bold
            } else {
                FontStyle::Normal
            },
        )
        .transform(if label.upwards {
            FontTransform::Rotate270
        } else {
            FontTransform::None
        });
        let color = RGBColor(label.color.0, label.color.1, label.color.2);
        let style = TextStyle::from(font)
            .color(&color)
            .pos(Pos::new(label.horizontal, label.vertical));
        self.backend.draw_text(text, &style, units(position))
    }

    /// Text on a plate of `plate`'s colour, so that lines below do not cross it.
    pub fn text_on_plate(
        &mut self,
        text: &str,
        centre: Pixel,
        label: &Label,
        plate: Rgb,
    ) -> Drawn<B> {
        let half_width = estimated_width(text, label.size_css_px) / 2.0 + 2.0;
        let half_height = 0.6 * label.size_css_px;
        let rect = Rect {
            left: centre[0] - half_width,
            top: centre[1] - half_height,
            right: centre[0] + half_width,
            bottom: centre[1] + half_height,
        };
        self.fill_rect(&rect, plate, 0.85)?;
        self.text(text, centre, &label.held(HPos::Center, VPos::Center))
    }

    fn stroke_piece(&mut self, piece: &mut Vec<Pixel>, stroke: &Stroke) -> Drawn<B> {
        let drawn = match stroke.dash {
            _ if piece.len() < 2 => Ok(()),
            None => self
                .backend
                .draw_path(piece.iter().map(|&point| units(point)), stroke),
            Some([dash, gap]) => dashes(piece, dash, gap).iter().try_for_each(|dash| {
                self.backend
                    .draw_path(dash.iter().map(|&point| units(point)), stroke)
            }),
        };
        piece.clear();
        drawn
    }
}

/// About how wide `text` will be: no backend is asked, because on the web that costs a layout.
#[must_use]
pub fn estimated_width(text: &str, size_css_px: f64) -> f64 {
    0.56 * size_css_px * text.chars().count() as f64
}

/// Euclidean distance in CSS pixels.
#[must_use]
pub fn distance(a: Pixel, b: Pixel) -> f64 {
    (a[0] - b[0]).hypot(a[1] - b[1])
}

/// Whether two pixels are nearer to each other than `css_px`: for loops over long runs, where the root
/// in [`distance`] costs more than all else.
#[must_use]
pub fn is_nearer(a: Pixel, b: Pixel, css_px: f64) -> bool {
    let [dx, dy] = [a[0] - b[0], a[1] - b[1]];
    dx * dx + dy * dy < css_px * css_px
}

fn units(pixel: Pixel) -> BackendCoord {
    // `as` saturates, so even an unclipped value far outside cannot wrap round.
    let unit = |css_px: f64| (css_px * UNITS_PER_CSS_PX).round() as i32;
    (unit(pixel[0]), unit(pixel[1]))
}

/// Cuts a polyline into dashes, the pattern running on through its corners.
fn dashes(points: &[Pixel], dash: f64, gap: f64) -> Vec<Vec<Pixel>> {
    let mut pieces = Vec::new();
    let mut current = Vec::new();
    let mut drawing = true;
    let mut left = dash;
    for pair in points.windows(2) {
        let &[from, to] = pair else { continue };
        let span = distance(from, to);
        let mut done = 0.0;
        let at = |travelled: f64| {
            let share = if span > 0.0 { travelled / span } else { 0.0 };
            [
                from[0] + share * (to[0] - from[0]),
                from[1] + share * (to[1] - from[1]),
            ]
        };
        if drawing && current.is_empty() {
            current.push(from);
        }
        while span - done > left {
            done += left;
            if drawing {
                current.push(at(done));
                pieces.push(std::mem::take(&mut current));
            } else {
                current.push(at(done));
            }
            drawing = !drawing;
            left = if drawing { dash } else { gap };
        }
        left -= span - done;
        if drawing {
            current.push(to);
        }
    }
    if current.len() > 1 {
        pieces.push(current);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use plotters::backend::SVGBackend;

    /// By hand: 6 pixels up and down pass as 0.5, 1, 2 and 4, a thousand segments each; then the
    /// line is done but for its end.
    #[test]
    fn a_line_that_swings_for_ever_costs_what_can_be_seen_of_it() {
        let swings = |t: u32| [10.0, if t.is_multiple_of(2) { 20.0 } else { 14.0 }];
        let mut text = String::new();
        {
            let mut backend = SVGBackend::with_string(&mut text, (400, 400));
            let mut painter = Painter::new(&mut backend, 1.0);
            let stroke = Stroke::solid((0, 0, 0), 1.0);
            let line = (0..100_000).map(swings).chain([[12.0, 19.0]]);
            painter.polyline(line, None, &stroke).unwrap();
        }
        let points = text.split("points=\"").nth(1).unwrap();
        let points: Vec<&str> = points
            .split('"')
            .next()
            .unwrap()
            .split_whitespace()
            .collect();
        // Both ends with the segments' other ends.
        assert_eq!(points.len(), 1 + 4 * SEGMENTS_AS_FINE + 1);
        assert_eq!(points.last(), Some(&"96,152"));
    }

    #[test]
    fn dashes_run_on_through_corners() {
        // 3 on, 1 off along an L of 4 + 4: the second dash starts at the corner.
        let pieces = dashes(&[[0.0, 0.0], [4.0, 0.0], [4.0, 4.0]], 3.0, 1.0);
        assert_eq!(
            pieces,
            vec![vec![[0.0, 0.0], [3.0, 0.0]], vec![[4.0, 0.0], [4.0, 3.0]],]
        );
    }
}
