//! What the screen is: device pixels, text size, colours.

use leptos_dom::helpers::{document, window};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::AddEventListenerOptions;

use super::reactive::{Memo, RwSignal, effect, memo};
use crate::chart::{ChartTheme, FigureSize, theme};
use crate::number::{parse, shortest};
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
        watch_pixel_ratio(pixel_ratio);

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

/// Keeps `pixel_ratio` as it is. Zooming and moving to another screen mostly resize the window too, but
/// not in a frame of fixed size: so the resolution itself is asked for, anew after each change.
fn watch_pixel_ratio(pixel_ratio: RwSignal<f64>) {
    let ratio = window().device_pixel_ratio();
    if pixel_ratio.try_get_untracked().is_none() {
        return;
    }
    if pixel_ratio.get_untracked() != ratio {
        pixel_ratio.set(ratio);
    }
    let query = format!("(resolution: {}dppx)", shortest(ratio));
    let Some(query) = window().match_media(&query).ok().flatten() else {
        return;
    };
    // Called once, and kept by the browser until then.
    let changed = Closure::once_into_js(move || watch_pixel_ratio(pixel_ratio));
    let options = AddEventListenerOptions::new();
    options.set_once(true);
    let _ = query.add_event_listener_with_callback_and_add_event_listener_options(
        "change",
        changed.unchecked_ref(),
        &options,
    );
    // A query that nobody holds may be forgotten with its listener.
    std::mem::forget(query);
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
