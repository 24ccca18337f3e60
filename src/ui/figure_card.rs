//! A figure on the page: title, canvas, exports, and its line of plain words.

use leptos::html::{Canvas, Div};
use leptos::prelude::*;

use super::canvas::{draw_when_changed, observe_size, png_data_url};
use super::display::Display;
use super::download;
use crate::chart::{AnyFigure, svg};

/// A figure that draws on one canvas.
#[component]
pub fn FigureCard(
    display: Display,
    /// What the figure is, for its heading and for exports' names.
    title: &'static str,
    /// Part of exports' names and the card's test id: `rates-f1`.
    id: String,
    /// What is drawn.
    figure: Signal<AnyFigure>,
    /// One line on what is to be seen.
    #[prop(into)]
    caption: Signal<String>,
    /// Called with the pointer's position while it is dragged over the figure.
    #[prop(optional)]
    on_drag: Option<Callback<(f64, f64, crate::chart::FigureSize)>>,
) -> impl IntoView {
    let frame = NodeRef::<Div>::new();
    let canvas = NodeRef::<Canvas>::new();
    let size = observe_size(frame);
    draw_when_changed(canvas, display.pixel_ratio, move || {
        Some((figure.get(), size.get()?, display.chart_theme()))
    });
    let drag = move |event: web_sys::PointerEvent| {
        if let (Some(on_drag), Some(size)) = (on_drag, size.get_untracked()) {
            on_drag.run((event.offset_x().into(), event.offset_y().into(), size));
        }
    };
    let test_id = id.clone();
    view! {
        <figure class="card" class:draggable=on_drag.is_some() data-testid=test_id>
            <div class="card-head">
                <h3>{title}</h3>
                <ExportButtons display id figure size/>
            </div>
            <div
                class="canvas-frame"
                node_ref=frame
                on:pointerdown=move |event| {
                    if on_drag.is_some() && event.button() == 0 {
                        if let Some(element) = canvas.get_untracked() {
                            let _ = element.set_pointer_capture(event.pointer_id());
                        }
                        drag(event);
                    }
                }
                on:pointermove=move |event| {
                    if event.buttons() & 1 == 1 {
                        drag(event);
                    }
                }
            >
                <canvas node_ref=canvas role="img" aria-label=move || format!("{title}. {}", caption.get())></canvas>
            </div>
            <figcaption>{move || caption.get()}</figcaption>
        </figure>
    }
}

/// One button each for SVG and PNG.
#[component]
pub fn ExportButtons(
    display: Display,
    id: String,
    figure: Signal<AnyFigure>,
    size: RwSignal<Option<crate::chart::FigureSize>>,
) -> impl IntoView {
    let (svg_name, png_name) = (format!("{id}.svg"), format!("{id}.png"));
    let as_svg = move |_| {
        let Some(size) = size.get_untracked() else {
            return;
        };
        let theme = untrack(|| display.chart_theme());
        if let Ok(document) = svg::document(&figure.get_untracked(), &size, &theme) {
            download::text(&svg_name, "image/svg+xml", &document);
        }
    };
    let as_png = move |_| {
        let Some(size) = size.get_untracked() else {
            return;
        };
        let theme = untrack(|| display.chart_theme());
        if let Some(address) = png_data_url(&figure.get_untracked(), &size, &theme) {
            download::data_url(&png_name, &address);
        }
    };
    view! {
        <div class="card-actions">
            <button type="button" on:click=as_svg aria-label=format!("Save {id} as SVG")>"SVG"</button>
            <button type="button" on:click=as_png aria-label=format!("Save {id} as PNG")>"PNG"</button>
        </div>
    }
}
