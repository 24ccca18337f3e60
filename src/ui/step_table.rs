//! Every step of a run as a table that lays out only the rows in sight.

use std::rc::Rc;
use std::sync::Arc;

use leptos::ev;
use leptos::prelude::*;
use leptos::web_sys::{Element, Event};

use super::derived::memo;
use super::dom::{El, el, follow};
use super::state::Lab;
use crate::comparison::{Comparison, Contender};
use crate::inspector::{WrittenStep, columns, rows_to_lay_out};
use crate::number::{fixed, parse, significant};
use crate::settings::ObjectiveName;

const DIGITS: usize = 6;

/// The rows of the table's head, which count among its rows for a screen reader.
const HEAD_ROWS: usize = 2;

/// At least as many columns as any rule has: t, both coordinates, loss.
const MOST_COLUMNS: usize = 40;

/// All steps of one objective's run. Closed, it holds no rows and costs nothing.
#[must_use]
pub fn step_table(lab: Lab, name: ObjectiveName, comparison: Memo<Option<Arc<Comparison>>>) -> El {
    let open = RwSignal::new(false);
    let title = format!("All steps on {}", name.name());
    let summary = el("summary").text(&title);
    let rows = el("div").contents_of(move || {
        let table = open.get().then(|| rows(lab, &title, comparison));
        table.into_iter().collect()
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

fn rows(lab: Lab, title: &str, comparison: Memo<Option<Arc<Comparison>>>) -> El {
    let tabled = Memo::new_with_compare(
        move |_| {
            let comparison = comparison.get()?;
            let contender = comparison.contender(lab.selected.get())?.clone();
            Some(Tabled {
                contender,
                scale: comparison.problem.scale,
                coordinates: comparison.objective().dimension(),
            })
        },
        |_, _| true,
    );
    let frame = el("div");
    let scroller: Element = frame.node();
    let viewport = RwSignal::new(Viewport::default());
    let count = memo(move || {
        tabled.with(|tabled| tabled.as_ref().map_or(0, |t| t.contender.run.steps.len()))
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
            viewport.try_set(measured).is_none().then_some(measured)
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
    let is_measured = memo(move || row_height.get() > 0.0);
    follow(Box::new(move || {
        let index = lab.cursor.get().saturating_sub(1);
        count.track();
        // The first rows to be laid out tell their height; only then is there a place to scroll
        // to, and only once they are on the page.
        is_measured.track();
        let show_row = Rc::clone(&show_row);
        request_animation_frame(move || show_row(index));
    }));
    let resized = Rc::clone(&measure);
    let on_resize = window_event_listener(ev::resize, move |_| {
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
        let rows = laid_out.get();
        let cursor = lab.cursor.get() as usize;
        let below = count.get().saturating_sub(rows.end);
        let mut markup = spacer(rows.start as f64 * row_height.get());
        tabled.with(|tabled| {
            for index in rows {
                markup.extend(tabled.as_ref().and_then(|t| t.row(index + 1, cursor)));
            }
        });
        markup + &spacer(below as f64 * row_height.get())
    };
    let head = move || tabled.with(|tabled| tabled.as_ref().map(Tabled::head).unwrap_or_default());
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
    frame
        .class("step-table")
        .attr("style", "overflow-anchor: none")
        .attr("tabindex", "0")
        .attr("role", "region")
        .attr("aria-label", title)
        .on("scroll", move |_: Event| {
            measure();
        })
        .children([table])
}

/// The run whose steps are listed.
#[derive(Clone)]
struct Tabled {
    contender: Contender,
    /// b of the problem.
    scale: f64,
    /// 1 or 2.
    coordinates: usize,
}

impl Tabled {
    /// Both rows of the head.
    fn head(&self) -> String {
        let columns = columns(self.contender.rule.description());
        let span = columns.len();
        let (mut groups, mut names) = (String::new(), String::new());
        let coordinates = [("x1", "x₁"), ("x2", "x₂")];
        for (class, coordinate) in coordinates.into_iter().take(self.coordinates) {
            groups += &format!(
                "<th class=\"{class}\" colspan=\"{span}\" scope=\"colgroup\">{coordinate}</th>"
            );
            for column in &columns {
                names += &format!("<th class=\"{class}\" scope=\"col\">{column}</th>");
            }
        }
        format!(
            "<tr aria-rowindex=\"1\"><th rowspan=\"2\" scope=\"col\">t</th>{groups}\
             <th rowspan=\"2\" scope=\"col\">loss</th></tr>\
             <tr aria-rowindex=\"2\">{names}</tr>"
        )
    }

    /// Step `t` as a row, marked where the cursor stands.
    fn row(&self, t: usize, cursor: usize) -> Option<String> {
        let Contender { optimizer, run, .. } = &self.contender;
        let written = WrittenStep::new(optimizer, self.scale, run, u32::try_from(t).ok()?)?;
        let index = t + HEAD_ROWS;
        let current = if t == cursor {
            " class=\"current\" aria-current=\"step\""
        } else {
            ""
        };
        let mut markup = format!(
            "<tr data-step=\"{t}\" aria-rowindex=\"{index}\"{current}>\
             <th scope=\"row\">{t}</th>"
        );
        let cells = (0..self.coordinates).flat_map(|coordinate| written.row(coordinate));
        for value in cells.chain([Some(run.loss(t))]) {
            markup += "<td>";
            markup += &value.map_or_else(String::new, |value| significant(value, DIGITS));
            markup += "</td>";
        }
        Some(markup + "</tr>")
    }
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
