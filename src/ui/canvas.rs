//! A canvas that fills its frame and draws when what it shows changes.

use super::reactive::{RwSignal, follow, when_gone};
use leptos_dom::helpers::document;
use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{self, Element, HtmlCanvasElement};

use plotters_backend::DrawingBackend;

use super::canvas_backend::{CanvasBackend, css_color};
use super::display;
use super::dom::{El, el};
use super::frames::{Draw, draw_soon};
use super::visibility::in_sight;
use crate::chart::painter::UNITS_PER_CSS_PX;
use crate::chart::{ChartTheme, Drawn, Figure, FigureSize, Painter};

/// The backend draws text at the size asked for.
const FONT_SCALE: f64 = 1.0;

/// The frame of a figure's canvases.
#[derive(Clone)]
pub struct Frame {
    /// The element that they fill.
    pub element: El,
    /// Its size, none until it is laid out.
    pub size: RwSignal<Option<FigureSize>>,
    /// Whether it is in sight, or nearly.
    pub seen: RwSignal<bool>,
}

impl Frame {
    /// An empty frame.
    #[must_use]
    pub fn new() -> Self {
        let element = el("div").class("canvas-frame");
        Self {
            size: observe_size(&element.node()),
            seen: in_sight(&element.node()),
            element,
        }
    }
}

/// The size of `frame`, none until it is laid out.
#[must_use]
pub fn observe_size(frame: &Element) -> RwSignal<Option<FigureSize>> {
    let size = RwSignal::new(None);
    let observed = frame.clone();
    let resized = Closure::<dyn FnMut()>::new(move || {
        let (width, height) = (observed.client_width(), observed.client_height());
        if width > 0 && height > 0 {
            let _ = size.try_set(Some(display::figure_size(width.into(), height.into())));
        }
    });
    if let Ok(observer) = web_sys::ResizeObserver::new(resized.as_ref().unchecked_ref()) {
        observer.observe(frame);
        when_gone(move || {
            observer.disconnect();
            drop(resized);
        });
    }
    size
}

/// What is drawn: figure, its size on the page, its colours.
type Drawing<F> = (F, FigureSize, ChartTheme);

/// What is still to be drawn, and the device pixels per CSS pixel; none once it is.
type Waiting<F> = RefCell<Option<(Drawing<F>, f64)>>;

/// Draws on `canvas` whenever what `prepare` reads changes, once per frame at most.
pub fn draw_when_changed<F: Figure + 'static>(
    canvas: HtmlCanvasElement,
    pixel_ratio: RwSignal<f64>,
    prepare: impl Fn() -> Option<Drawing<F>> + 'static,
) {
    draw_soon_when_changed(canvas, pixel_ratio, Box::new(prepare));
}

fn draw_soon_when_changed<F: Figure + 'static>(
    canvas: HtmlCanvasElement,
    pixel_ratio: RwSignal<f64>,
    prepare: Box<dyn Fn() -> Option<Drawing<F>>>,
) {
    let waiting: Rc<Waiting<F>> = Rc::default();
    let (to_draw, gone) = (Rc::clone(&waiting), Rc::clone(&waiting));
    let draw: Draw = Rc::new(move || {
        let Some(((figure, size, theme), ratio)) = to_draw.take() else {
            return;
        };
        // A figure that cannot be drawn leaves the canvas empty; its caption still speaks.
        let _ = paint(&canvas, ratio, &figure, &size, &theme);
    });
    when_gone(move || {
        gone.take();
    });
    follow(move || {
        let (Some(next), ratio) = (prepare(), pixel_ratio.get()) else {
            return;
        };
        let before = waiting.replace(Some((next, ratio)));
        if before.is_none() {
            draw_soon(Rc::clone(&draw));
        }
    });
}

fn paint(
    canvas: &HtmlCanvasElement,
    pixel_ratio: f64,
    figure: &impl Figure,
    size: &FigureSize,
    theme: &ChartTheme,
) -> Drawn<CanvasBackend> {
    let device = |css_px: f64| (css_px * pixel_ratio).round() as u32;
    let (width, height) = (device(size.width_css_px), device(size.height_css_px));
    // Setting a size clears and reallocates even when it is the same.
    if canvas.width() != width {
        canvas.set_width(width);
    }
    if canvas.height() != height {
        canvas.set_height(height);
    }
    let Some(context) = context_2d(canvas) else {
        return Ok(());
    };
    let scale = pixel_ratio / UNITS_PER_CSS_PX;
    let _ = context.set_transform(1.0, 0.0, 0.0, 1.0, 0.0, 0.0);
    context.clear_rect(0.0, 0.0, width.into(), height.into());
    let _ = context.set_transform(scale, 0.0, 0.0, scale, 0.0, 0.0);
    context.set_line_join("round");
    let mut backend = CanvasBackend::new(canvas.clone(), context);
    figure.draw(&mut Painter::new(&mut backend, FONT_SCALE), size, theme)?;
    backend.present()
}

/// The canvas's drawing context.
pub fn context_2d(canvas: &HtmlCanvasElement) -> Option<web_sys::CanvasRenderingContext2d> {
    canvas.get_context("2d").ok()??.dyn_into().ok()
}

/// `figure` as a PNG at twice its size on the page, as a data address.
#[must_use]
pub fn png_data_url(figure: &impl Figure, size: &FigureSize, theme: &ChartTheme) -> Option<String> {
    const PIXEL_RATIO: f64 = 2.0;
    let canvas: HtmlCanvasElement = document().create_element("canvas").ok()?.dyn_into().ok()?;
    paint(&canvas, PIXEL_RATIO, figure, size, theme).ok()?;
    // Behind the figure, which leaves its background to the page.
    let context = context_2d(&canvas)?;
    context
        .set_global_composite_operation("destination-over")
        .ok()?;
    context.set_global_alpha(1.0);
    context.set_fill_style_str(&css_color(theme.background));
    context.set_transform(1.0, 0.0, 0.0, 1.0, 0.0, 0.0).ok()?;
    context.fill_rect(0.0, 0.0, canvas.width().into(), canvas.height().into());
    canvas.to_data_url().ok()
}
