//! What the screen is: device pixels, text size, colours.

use leptos_dom::helpers::{document, window, window_event_listener_untyped};
use reactive_graph::owner::on_cleanup;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;

use super::reactive::{Memo, RwSignal, effect, memo};
use crate::chart::{ChartTheme, FigureSize, theme};
use crate::number::parse;
use crate::settings::Theme;

/// Handles on what figures need to know of the screen.
#[derive(Clone, Copy)]
pub struct Display {
    /// Device pixels per CSS pixel.
    pub pixel_ratio: RwSignal<f64>,
    /// Whether dark colours are shown.
    pub is_dark: Memo<bool>,
}

impl Display {
    /// Watches the theme asked for, the system's colours and the window, and marks the document with
    /// the theme shown.
    #[must_use]
    pub fn watch(theme: impl Fn() -> Theme + Send + Sync + 'static) -> Self {
        let pixel_ratio = RwSignal::new(window().device_pixel_ratio());
        // Zooming and moving to another screen both resize the window.
        let resized = window_event_listener_untyped("resize", move |_| {
            pixel_ratio.set(window().device_pixel_ratio());
        });
        on_cleanup(move || resized.remove());

        let query = window()
            .match_media("(prefers-color-scheme: dark)")
            .ok()
            .flatten();
        let system_dark = RwSignal::new(query.as_ref().is_some_and(|query| query.matches()));
        if let Some(query) = query {
            let changed = Closure::<dyn Fn(web_sys::MediaQueryListEvent)>::new(
                move |event: web_sys::MediaQueryListEvent| system_dark.set(event.matches()),
            );
            // The page lives as long as the window: this listener is never taken off.
            query.set_onchange(Some(changed.into_js_value().unchecked_ref()));
        }
        let is_dark = memo(move || match theme() {
            Theme::System => system_dark.get(),
            Theme::Light => false,
            Theme::Dark => true,
        });
        effect(move || {
            let name = if is_dark.get() { "dark" } else { "light" };
            if let Some(root) = document().document_element() {
                // An attribute of our own on an element that exists: nothing can refuse it.
                let _ = root.set_attribute("data-theme", name);
            }
        });
        Self {
            pixel_ratio,
            is_dark,
        }
    }

    /// The figures' colours.
    #[must_use]
    pub fn chart_theme(&self) -> ChartTheme {
        if self.is_dark.get() {
            theme::DARK
        } else {
            theme::LIGHT
        }
    }
}

/// Whether the window fits a media query now.
#[must_use]
pub fn matches_media(query: &str) -> bool {
    let list = window().match_media(query).ok().flatten();
    list.is_some_and(|list| list.matches())
}

/// Figure text is a little smaller than the page's.
const FIGURE_TEXT: f64 = 0.78;

/// A figure's size from its frame on the page.
#[must_use]
pub fn figure_size(width_css_px: f64, height_css_px: f64) -> FigureSize {
    let root_px = document()
        .document_element()
        .and_then(|root| window().get_computed_style(&root).ok().flatten())
        .and_then(|style| style.get_property_value("font-size").ok())
        .and_then(|size| parse(size.strip_suffix("px")?))
        .unwrap_or(16.0);
    FigureSize {
        width_css_px,
        height_css_px,
        font_css_px: FIGURE_TEXT * root_px,
    }
}
