//! Every step of a run as a table that lays out only the rows in sight, as the engine writes them.

use super::reactive::{Memo, RwSignal, follow, memo};
use leptos_dom::helpers::{
    event_target, request_animation_frame, window, window_event_listener_untyped,
};
use reactive_graph::owner::on_cleanup;
use std::rc::Rc;
use std::sync::Arc;

use web_sys::{Element, Event};

use super::dom::{El, el};
use super::state::Lab;
use super::visibility::near_sight;
use super::written::written;
use crate::comparison::Comparison;
use crate::engine::written::{HEAD_ROWS, Laid};
use crate::engine::{Part, Request, Written};
use crate::inspector::rows_to_lay_out;
use crate::number::{fixed, parse};
use crate::settings::ObjectiveName;

/// At least as many columns as any rule has: t, both coordinates, loss.
const MOST_COLUMNS: usize = 40;

/// All steps of one objective's run. Closed, it holds no rows and costs nothing.
#[must_use]
pub fn step_table(lab: Lab, name: ObjectiveName, comparison: Memo<Option<Arc<Comparison>>>) -> El {
    let open = RwSignal::new(false);
    let title = format!("All steps on {}", name.name());
    let summary = el("summary").text(&title);
    let rows = el("div").contents_of(move || {
        if open.get() {
            rows(lab, name, &title, comparison)
        } else {
            Vec::new()
        }
    });
    el("details")
        .class("steps")
        .test_id(&lab.id("steps", name))
        .on("toggle", move |event: Event| {
            open.set(event_target::<Element>(&event).has_attribute("open"));
        })
        .children([summary, rows])
}

/// What the layout tells about the scrolled area, in CSS pixels.
#[derive(Clone, Copy, Default, PartialEq)]
struct Viewport {
    scrolled: f64,
    /// Below the head, which stays in place.
    height: f64,
    row_height: f64,
}

fn rows(
    lab: Lab,
    name: ObjectiveName,
    title: &str,
    comparison: Memo<Option<Arc<Comparison>>>,
) -> Vec<El> {
    let frame = el("div");
    let scroller: Element = frame.node();
    let viewport = RwSignal::new(Viewport::default());
    let count = memo(move || {
        let comparison = comparison.get();
        let contender = comparison
            .as_ref()
            .and_then(|c| c.contender(lab.selected.get()));
        contender.map_or(0, |contender| contender.run.steps.len())
    });
    let row_height = memo(move || viewport.get().row_height);
    let laid_out = memo(move || {
        let Viewport {
            scrolled,
            height,
            row_height,
        } = viewport.get();
        rows_to_lay_out(scrolled, height, row_height, count.get())
    });
    let seen = near_sight(&frame.node());
    let table = written(seen, move || {
        let rows = laid_out.get();
        let comparison = comparison.get()?;
        let rule = comparison.contender(lab.selected.get())?.rule;
        Some(Request::Write(Written {
            objective: name,
            rule,
            experiment: lab.experiment_shown(),
            part: Part::Rows(rows),
        }))
    });

    // Events and frames may arrive after the table was closed: the signals are then gone.
    let measure = {
        let scroller = scroller.clone();
        Rc::new(move || {
            let head = scroller.query_selector("thead").ok().flatten()?;
            let row = scroller.query_selector("tr[data-step]").ok().flatten()?;
            let head_height = head.get_bounding_client_rect().height();
            let measured = Viewport {
                scrolled: f64::from(scroller.scroll_top()),
                height: f64::from(scroller.client_height()) - head_height,
                row_height: laid_out_height(&row)?,
            };
            viewport.try_set(measured).then_some(measured)
        })
    };
    let show_row = {
        let measure = Rc::clone(&measure);
        Rc::new(move |index: u32| {
            let Some(viewport) = measure() else {
                return;
            };
            let top = f64::from(index) * viewport.row_height;
            let lowest = top + viewport.row_height - viewport.height;
            if viewport.scrolled > top || viewport.scrolled < lowest {
                // In the middle, with steps before and after in sight. The table alone scrolls:
                // `scroll_into_view` would move the page too.
                let middle = (top + lowest) / 2.0;
                scroller.set_scroll_top(middle.round() as i32);
                measure();
            }
        })
    };
    let is_written = memo(move || !table.html.with(String::is_empty));
    let is_measured = memo(move || row_height.get() > 0.0);
    follow(move || {
        let index = lab.cursor.get().saturating_sub(1);
        count.track();
        // The first rows to be laid out tell their height; only then is there a place to scroll
        // to, and only once they are on the page.
        is_written.track();
        is_measured.track();
        let show_row = Rc::clone(&show_row);
        request_animation_frame(move || show_row(index));
    });
    let resized = Rc::clone(&measure);
    let on_resize = window_event_listener_untyped("resize", move |_| {
        resized();
    });
    on_cleanup(move || on_resize.remove());

    let set_cursor = move |event: Event| {
        let row = event_target::<Element>(&event).closest("tr[data-step]");
        let row = row.ok().flatten();
        let step = row.and_then(|row| row.get_attribute("data-step")?.parse().ok());
        if let Some(step) = step {
            lab.set_cursor(step);
        }
    };
    let body = move || {
        table.html.with(|answer| {
            let Some(Laid { range, rows, .. }) = Laid::read(answer) else {
                return String::new();
            };
            let cursor = ["<tr data-step=\"", &lab.cursor.get().to_string(), "\""].concat();
            let current = [&cursor, " class=\"current\" aria-current=\"step\""].concat();
            let below = count.get().saturating_sub(range.end);
            let row_height = row_height.get();
            [
                spacer(range.start as f64 * row_height),
                rows.replacen(&cursor, &current, 1),
                spacer(below as f64 * row_height),
            ]
            .concat()
        })
    };
    let head = move || {
        let head = |answer: &String| Some(Laid::read(answer)?.head.to_owned());
        table.html.with(head).unwrap_or_default()
    };
    let failure = table.failure();
    let table = el("table")
        .attr_of("aria-rowcount", move || {
            (count.get() + HEAD_ROWS).to_string()
        })
        .children([
            el("thead").html_of(head),
            el("tbody").html_of(body).on("click", set_cursor),
        ]);
    // Rows are filled anew rather than moved: a browser that keeps a row in place while the table
    // scrolls (`overflow-anchor`) would chase it without end.
    let frame = frame
        .class("step-table")
        .attr("style", "overflow-anchor: none")
        .attr("tabindex", "0")
        .attr("role", "region")
        .attr("aria-label", title)
        .on("scroll", move |_: Event| {
            measure();
        })
        .children([table]);
    vec![frame, failure]
}

/// The room of rows that are not laid out.
fn spacer(height_css_px: f64) -> String {
    if height_css_px == 0.0 {
        return String::new();
    }
    let height = fixed(height_css_px, 6);
    format!(
        "<tr class=\"spacer\" aria-hidden=\"true\">\
         <td colspan=\"{MOST_COLUMNS}\" style=\"height:{height}px\"></td></tr>"
    )
}

/// The height of a row in CSS pixels.
///
/// Its style has it exactly. Its bounding box does not: millions of pixels down, single precision
/// leaves it eighths of a pixel, which times the rows above it moves the table about.
fn laid_out_height(row: &Element) -> Option<f64> {
    let style = window().get_computed_style(row).ok().flatten()?;
    let height = style.get_property_value("height").ok()?;
    parse(height.strip_suffix("px")?)
}
