//! Every step of a run as a table that lays out only the rows in sight.

use std::sync::Arc;

use leptos::ev;
use leptos::html;
use leptos::prelude::*;

use super::state::Lab;
use crate::inspector::{CoordinateStep, rows_to_lay_out};
use crate::number::significant;
use crate::optimizer::Adagrad;
use crate::settings::ObjectiveName;
use crate::trajectory::Trajectory;

const DIGITS: usize = 6;

/// The rows of the table's head, which count among its rows for a screen reader.
const HEAD_ROWS: usize = 2;

/// t, both coordinates, loss.
const COLUMN_COUNT: usize = 2 + 2 * CoordinateStep::COLUMNS.len();

/// All steps of one objective's run. Closed, it holds no rows and costs nothing.
#[component]
pub fn StepTable(lab: Lab, name: ObjectiveName, run: Memo<Arc<Trajectory>>) -> impl IntoView {
    let open = RwSignal::new(false);
    let follow_details = move |event: web_sys::Event| {
        open.set(event_target::<web_sys::Element>(&event).has_attribute("open"));
    };
    view! {
        <details
            class="steps"
            data-testid=format!("steps-{}", name.name())
            on:toggle=follow_details
        >
            <summary>{format!("All steps on {}", name.name())}</summary>
            <Show when=move || open.get()>
                <Rows lab name run />
            </Show>
        </details>
    }
}

/// What the layout tells about the scrolled area, in CSS pixels.
#[derive(Clone, Copy, Default, PartialEq)]
struct Viewport {
    scrolled: f64,
    /// Below the head, which stays in place.
    height: f64,
    row_height: f64,
}

#[component]
fn Rows(lab: Lab, name: ObjectiveName, run: Memo<Arc<Trajectory>>) -> impl IntoView {
    let scroller = NodeRef::<html::Div>::new();
    let head = NodeRef::<html::Thead>::new();
    let viewport = RwSignal::new(Viewport::default());
    let optimizer = Memo::new(move |_| lab.experiment.with(|experiment| experiment.optimizer));
    let count = Memo::new(move |_| run.with(|run| run.steps.len()));
    let row_height = Memo::new(move |_| viewport.get().row_height);
    let laid_out = Memo::new(move |_| {
        let Viewport {
            scrolled,
            height,
            row_height,
        } = viewport.get();
        rows_to_lay_out(scrolled, height, row_height, count.get())
    });

    // Events and frames may arrive after the table was closed: the nodes are then gone.
    let measure = move || {
        let scroller = scroller.try_get_untracked().flatten()?;
        let head = head.try_get_untracked().flatten()?;
        let row = scroller.query_selector("tr[data-step]").ok().flatten()?;
        let measured = Viewport {
            scrolled: f64::from(scroller.scroll_top()),
            height: f64::from(scroller.client_height()) - head.get_bounding_client_rect().height(),
            row_height: laid_out_height(&row)?,
        };
        viewport.try_update(|viewport| *viewport = measured)?;
        Some((scroller, measured))
    };
    let show_row = move |index: u32| {
        let Some((scroller, viewport)) = measure() else {
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
    };
    let is_measured = Memo::new(move |_| row_height.get() > 0.0);
    Effect::new(move |_| {
        let index = lab.cursor.get().saturating_sub(1);
        count.track();
        // The first rows to be laid out tell their height; only then is there a place to scroll to.
        let is_measured = is_measured.get();
        request_animation_frame(move || {
            if is_measured {
                show_row(index);
            } else {
                measure();
            }
        });
    });
    let on_resize = window_event_listener(ev::resize, move |_| {
        measure();
    });
    on_cleanup(move || on_resize.remove());

    let set_cursor = move |event: ev::MouseEvent| {
        let row = event_target::<web_sys::Element>(&event)
            .closest("tr[data-step]")
            .ok()
            .flatten();
        let step = row.and_then(|row| row.get_attribute("data-step")?.parse().ok());
        if let Some(step) = step {
            lab.set_cursor(step);
        }
    };
    let spacer = move |rows: Memo<usize>| {
        let height = move || format!("{}px", rows.get() as f64 * row_height.get());
        view! {
            <tr class="spacer" aria-hidden="true" hidden=move || rows.get() == 0>
                <td colspan=COLUMN_COUNT style:height=height></td>
            </tr>
        }
    };
    let above = Memo::new(move |_| laid_out.with(|rows| rows.start));
    let below = Memo::new(move |_| count.get() - laid_out.with(|rows| rows.end.min(count.get())));
    let body = move || {
        let cursor = lab.cursor.get() as usize;
        let optimizer = optimizer.get();
        run.with(|run| {
            laid_out
                .get()
                .filter_map(|index| row(&optimizer, run, index + 1, cursor))
                .collect_view()
        })
    };
    // Rows are filled anew rather than moved: a browser that keeps a row in place while the table
    // scrolls (`overflow-anchor`) would chase it without end.
    view! {
        <div
            class="step-table"
            style:overflow-anchor="none"
            node_ref=scroller
            tabindex="0"
            role="region"
            aria-label=format!("All steps on {}", name.name())
            on:scroll=move |_| {
                measure();
            }
        >
            <table aria-rowcount=move || count.get() + HEAD_ROWS>
                <thead node_ref=head>
                    <tr aria-rowindex="1">
                        <th rowspan="2" scope="col">"t"</th>
                        <th class="x1" colspan=CoordinateStep::COLUMNS.len() scope="colgroup">
                            "x₁"
                        </th>
                        <th class="x2" colspan=CoordinateStep::COLUMNS.len() scope="colgroup">
                            "x₂"
                        </th>
                        <th rowspan="2" scope="col">"loss"</th>
                    </tr>
                    <tr aria-rowindex="2">
                        {["x1", "x2"]
                            .map(|class| {
                                CoordinateStep::COLUMNS
                                    .map(|column| view! { <th class=class scope="col">{column}</th> })
                                    .collect_view()
                            })
                            .collect_view()}
                    </tr>
                </thead>
                <tbody on:click=set_cursor>{spacer(above)} {body} {spacer(below)}</tbody>
            </table>
        </div>
    }
}

/// The height of a row in CSS pixels.
///
/// Its style has it exactly. Its bounding box does not: millions of pixels down, single precision
/// leaves it eighths of a pixel, which times the rows above it moves the table about.
fn laid_out_height(row: &web_sys::Element) -> Option<f64> {
    let style = window().get_computed_style(row).ok().flatten()?;
    let height = style.get_property_value("height").ok()?;
    height.strip_suffix("px")?.parse().ok()
}

/// Step `t` as a row, marked where the cursor stands.
fn row(
    optimizer: &Adagrad,
    run: &Trajectory,
    t: usize,
    cursor: usize,
) -> Option<impl IntoView + use<>> {
    let step = run.steps.get(t.checked_sub(1)?)?;
    let [x1, x2] = CoordinateStep::both(optimizer, step, run.accumulator(t - 1));
    let cells = x1
        .values()
        .into_iter()
        .chain(x2.values())
        .chain([step.loss])
        .map(|value| view! { <td>{significant(value, DIGITS)}</td> })
        .collect_view();
    let current = t == cursor;
    Some(view! {
        <tr
            class:current=current
            aria-current=current.then_some("step")
            aria-rowindex=t + HEAD_ROWS
            data-step=t
        >
            <th scope="row">{t}</th>
            {cells}
        </tr>
    })
}
