//! A canvas as a plotters backend: the part of one that the [painter](crate::chart::painter) uses.

use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind,
    FontTransform,
};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

/// A canvas and its drawing context, in the units of the context's transform.
///
/// Lines of the same colour and width that follow one another, such as the dashes of one line or the
/// grid of one figure, are one path, which is stroked before anything else is drawn and at the latest
/// by [`DrawingBackend::present`].
pub struct CanvasBackend {
    canvas: HtmlCanvasElement,
    context: CanvasRenderingContext2d,
    /// The look of the path that is not stroked yet.
    line: Option<(BackendColor, u32)>,
}

/// The browser did not draw.
#[derive(Debug, thiserror::Error)]
#[error("the canvas cannot be drawn on")]
pub struct NotDrawn;

type Drawn = Result<(), DrawingErrorKind<NotDrawn>>;

fn drawn<E>(outcome: Result<(), E>) -> Drawn {
    outcome.map_err(|_| DrawingErrorKind::DrawingError(NotDrawn))
}

impl CanvasBackend {
    /// A backend for `canvas`, whose drawing context is `context`.
    #[must_use]
    pub fn new(canvas: HtmlCanvasElement, context: CanvasRenderingContext2d) -> Self {
        Self {
            canvas,
            context,
            line: None,
        }
    }

    /// Strokes the path that waits for it.
    fn stroke_line(&mut self) {
        if let Some((color, width)) = self.line.take() {
            self.set_stroke(color, width);
            self.context.stroke();
        }
    }

    fn set_fill(&self, color: BackendColor) {
        self.context.set_global_alpha(color.alpha);
        self.context.set_fill_style_str(&css_color(color.rgb));
    }

    fn set_stroke(&self, color: BackendColor, width: u32) {
        self.context.set_global_alpha(color.alpha);
        self.context.set_stroke_style_str(&css_color(color.rgb));
        self.context.set_line_width(width.into());
    }

    /// Adds a line through the points to the context's path.
    fn follow(&self, points: impl IntoIterator<Item = BackendCoord>) {
        let mut points = points.into_iter();
        if let Some((x, y)) = points.next() {
            self.context.move_to(x.into(), y.into());
        }
        for (x, y) in points {
            self.context.line_to(x.into(), y.into());
        }
    }
}

/// `#rrggbb`.
#[must_use]
pub fn css_color((red, green, blue): (u8, u8, u8)) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

impl DrawingBackend for CanvasBackend {
    type ErrorType = NotDrawn;

    fn get_size(&self) -> (u32, u32) {
        (self.canvas.width(), self.canvas.height())
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        self.stroke_line();
        Ok(())
    }

    fn draw_pixel(&mut self, (x, y): BackendCoord, color: BackendColor) -> Drawn {
        self.stroke_line();
        self.set_fill(color);
        self.context.fill_rect(x.into(), y.into(), 1.0, 1.0);
        Ok(())
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        (left, top): BackendCoord,
        (right, bottom): BackendCoord,
        style: &S,
        fill: bool,
    ) -> Drawn {
        self.stroke_line();
        let [x, y, width, height] = [left, top, right - left, bottom - top].map(f64::from);
        if fill {
            self.set_fill(style.color());
            self.context.fill_rect(x, y, width, height);
        } else {
            self.set_stroke(style.color(), style.stroke_width());
            self.context.stroke_rect(x, y, width, height);
        }
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Drawn {
        let (color, width) = (style.color(), style.stroke_width());
        let goes_on = self.line.is_some_and(|(known, known_width)| {
            (known.rgb, known.alpha, known_width) == (color.rgb, color.alpha, width)
        });
        if !goes_on {
            self.stroke_line();
            self.context.begin_path();
            self.line = Some((color, width));
        }
        self.follow(path);
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        corners: I,
        style: &S,
    ) -> Drawn {
        self.stroke_line();
        self.context.begin_path();
        self.follow(corners);
        self.set_fill(style.color());
        self.context.fill();
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        (x, y): BackendCoord,
        radius: u32,
        style: &S,
        fill: bool,
    ) -> Drawn {
        self.stroke_line();
        self.context.begin_path();
        let turn = std::f64::consts::TAU;
        drawn(
            self.context
                .arc(x.into(), y.into(), radius.into(), 0.0, turn),
        )?;
        if fill {
            self.set_fill(style.color());
            self.context.fill();
        } else {
            self.set_stroke(style.color(), style.stroke_width());
            self.context.stroke();
        }
        Ok(())
    }

    fn draw_text<S: BackendTextStyle>(
        &mut self,
        text: &str,
        style: &S,
        (x, y): BackendCoord,
    ) -> Drawn {
        self.stroke_line();
        let quarters = match style.transform() {
            FontTransform::None => 0.0,
            FontTransform::Rotate90 => 1.0,
            FontTransform::Rotate180 => 2.0,
            FontTransform::Rotate270 => 3.0,
        };
        let context = &self.context;
        context.set_text_align(match style.anchor().h_pos {
            HPos::Left => "left",
            HPos::Right => "right",
            HPos::Center => "center",
        });
        context.set_text_baseline(match style.anchor().v_pos {
            VPos::Top => "top",
            VPos::Center => "middle",
            VPos::Bottom => "bottom",
        });
        let size = (style.size().round() as u32).to_string();
        let (weight, family) = (style.style(), style.family());
        context.set_font(&[weight.as_str(), " ", &size, "px ", family.as_str()].concat());
        self.set_fill(style.color());
        context.save();
        let outcome = context
            .translate(x.into(), y.into())
            .and_then(|()| context.rotate(quarters * std::f64::consts::FRAC_PI_2))
            .and_then(|()| context.fill_text(text, 0.0, 0.0));
        context.restore();
        drawn(outcome)
    }
}
