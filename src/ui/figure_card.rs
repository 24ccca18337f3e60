//! A figure on the page: title, canvas, exports, and its line of plain words.

use std::rc::Rc;

use leptos::prelude::*;
use leptos::web_sys::{HtmlCanvasElement, PointerEvent};

use super::canvas::{draw_when_changed, observe_size, png_data_url};
use super::display::Display;
use super::dom::{El, button, el};
use super::download;
use crate::chart::{AnyFigure, FigureSize, svg};

/// A figure that draws on one canvas.
pub struct FigureCard {
    /// The screen it is on.
    pub display: Display,
    /// What the figure is, for its heading.
    pub title: &'static str,
    /// Part of exports' names and the card's test id: `rates-f1`.
    pub id: String,
    /// What is drawn.
    pub figure: Signal<AnyFigure>,
    /// One line on what is to be seen.
    pub caption: Signal<String>,
    /// Called with the pointer's distance from the left edge while it is dragged over the figure.
    pub on_drag: Option<Box<dyn Fn(f64, FigureSize)>>,
}

impl FigureCard {
    /// The card.
    #[must_use]
    pub fn build(self) -> El {
        let Self {
            display,
            title,
            id,
            figure,
            caption,
            on_drag,
        } = self;
        let canvas = el("canvas")
            .attr("role", "img")
            .attr_of("aria-label", move || format!("{title}. {}", caption.get()));
        let frame = el("div").class("canvas-frame").children([canvas.clone()]);
        let size = observe_size(&frame.node());
        draw_when_changed(canvas.node(), display.pixel_ratio, move || {
            Some((figure.get(), size.get()?, display.chart_theme()))
        });
        let mut class = "card";
        if let Some(on_drag) = on_drag {
            class = "card draggable";
            let drag = Rc::new(move |event: &PointerEvent| {
                if let Some(size) = size.get_untracked() {
                    on_drag(event.offset_x().into(), size);
                }
            });
            let dragged = Rc::clone(&drag);
            let captor: HtmlCanvasElement = canvas.node();
            let _ = frame
                .clone()
                .on("pointerdown", move |event: PointerEvent| {
                    if event.button() == 0 {
                        let _ = captor.set_pointer_capture(event.pointer_id());
                        drag(&event);
                    }
                })
                .on("pointermove", move |event: PointerEvent| {
                    if event.buttons() & 1 == 1 {
                        dragged(&event);
                    }
                });
        }
        el("figure").class(class).test_id(&id).children([
            el("div").class("card-head").children([
                el("h3").text(title),
                export_buttons(display, &id, figure, size),
            ]),
            frame,
            el("figcaption").text_of(move || caption.get()),
        ])
    }
}

/// One button each for SVG and PNG.
#[must_use]
pub fn export_buttons(
    display: Display,
    id: &str,
    figure: Signal<AnyFigure>,
    size: RwSignal<Option<FigureSize>>,
) -> El {
    let now = move || {
        let theme = untrack(|| display.chart_theme());
        Some((figure.get_untracked(), size.get_untracked()?, theme))
    };
    let (svg_name, png_name) = (format!("{id}.svg"), format!("{id}.png"));
    let as_svg = move || {
        if let Some((figure, size, theme)) = now()
            && let Ok(document) = svg::document(&figure, &size, &theme)
        {
            download::text(&svg_name, "image/svg+xml", &document);
        }
    };
    let as_png = move || {
        if let Some((figure, size, theme)) = now()
            && let Some(address) = png_data_url(&figure, &size, &theme)
        {
            download::data_url(&png_name, &address);
        }
    };
    el("div").class("card-actions").children([
        button("SVG", as_svg).attr("aria-label", &format!("Save {id} as SVG")),
        button("PNG", as_png).attr("aria-label", &format!("Save {id} as PNG")),
    ])
}
