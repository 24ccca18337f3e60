//! A canvas that fills its frame and draws when it must: at most once per animation frame.

use super::reactive::{RwSignal, follow, when_gone};
use leptos_dom::helpers::{
    AnimationFrameRequestHandle, document, request_animation_frame_with_handle,
};
use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{self, Element, HtmlCanvasElement};

use super::canvas_backend::{CanvasBackend, css_color};
use super::display;
use crate::chart::painter::UNITS_PER_CSS_PX;
use crate::chart::{ChartTheme, Drawn, Figure, FigureSize, Painter};

/// The backend draws text at the size asked for.
const FONT_SCALE: f64 = 1.0;

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

/// Draws on `canvas` whenever what `prepare` reads changes, once per animation frame.
pub fn draw_when_changed<F: Figure + 'static>(
    canvas: HtmlCanvasElement,
    pixel_ratio: RwSignal<f64>,
    prepare: impl Fn() -> Option<Drawing<F>> + 'static,
) {
    draw_in_next_frame(canvas, pixel_ratio, Box::new(prepare));
}

fn draw_in_next_frame<F: Figure + 'static>(
    canvas: HtmlCanvasElement,
    pixel_ratio: RwSignal<f64>,
    prepare: Box<dyn Fn() -> Option<Drawing<F>>>,
) {
    let latest: Rc<RefCell<Option<(Drawing<F>, f64)>>> = Rc::default();
    let requested: Rc<RefCell<Option<AnimationFrameRequestHandle>>> = Rc::default();
    let cancelled = Rc::clone(&requested);
    when_gone(move || {
        if let Some(handle) = cancelled.take() {
            handle.cancel();
        }
    });
    follow(move || {
        let (Some(next), ratio) = (prepare(), pixel_ratio.get()) else {
            return;
        };
        *latest.borrow_mut() = Some((next, ratio));
        // A frame that was asked for stays asked for and draws the latest. If each change asked
        // anew, something that changes in every frame, such as the player, would never be drawn.
        if requested.borrow().is_some() {
            return;
        }
        let (latest, in_flight) = (Rc::clone(&latest), Rc::clone(&requested));
        let canvas = canvas.clone();
        let handle = request_animation_frame_with_handle(move || {
            in_flight.take();
            if let Some(((figure, size, theme), ratio)) = latest.borrow().as_ref() {
                // A figure that cannot be drawn leaves the canvas empty; its caption still speaks.
                let _ = paint(&canvas, *ratio, figure, size, theme);
            }
        });
        *requested.borrow_mut() = handle.ok();
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
    let canvas = canvas.clone();
    let mut backend = CanvasBackend { canvas, context };
    figure.draw(&mut Painter::new(&mut backend, FONT_SCALE), size, theme)
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
