//! The landscape on the page: contours below, runs above, the start to drag, zoom and pan.

use std::sync::Arc;

use leptos::html::{Canvas, Div};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::canvas::{draw_when_changed, observe_size};
use super::display::Display;
use super::figure_card::ExportButtons;
use super::state::Lab;
use crate::chart::landscape::{BackdropLayer, RunsLayer, projection};
use crate::chart::projection::Pixel;
use crate::chart::{AnyFigure, Landscape, Runs};
use crate::diagnosis::explain;
use crate::number::significant;
use crate::objective::Vector;
use crate::settings::{ObjectiveName, Property, View};

/// One press of a zoom button, one notch of the wheel.
const ZOOM_STEP: f64 = 1.25;
/// One press of an arrow key on the start, in CSS pixels; ten times that with Shift.
const NUDGE_PX: f64 = 4.0;

/// What the pointer is moving.
#[derive(Clone, Copy, PartialEq)]
enum Grip {
    Start,
    /// The plane, which lies under the pointer at this point of it.
    Plane(Vector),
}

/// Contours of one objective with the runs on them.
#[component]
pub fn LandscapeCard(
    lab: Lab,
    display: Display,
    name: ObjectiveName,
    runs: Signal<Runs>,
) -> impl IntoView {
    let frame = NodeRef::<Div>::new();
    let (below, above) = (NodeRef::<Canvas>::new(), NodeRef::<Canvas>::new());
    let size = observe_size(frame);
    let backdrop = Memo::new(move |_| BackdropLayer {
        objective: lab.experiment.with(|experiment| experiment.objective(name)),
        view: lab.view.get(),
    });
    draw_when_changed(below, display.pixel_ratio, move || {
        let figure = AnyFigure::Backdrop(backdrop.get());
        Some((figure, size.get()?, display.chart_theme()))
    });
    draw_when_changed(above, display.pixel_ratio, move || {
        let figure = AnyFigure::Runs(RunsLayer {
            view: lab.view.get(),
            runs: runs.get(),
        });
        Some((figure, size.get()?, display.chart_theme()))
    });
    let whole = Signal::derive(move || {
        AnyFigure::Landscape(Landscape {
            objective: lab.experiment.with(|experiment| experiment.objective(name)),
            view: lab.view.get(),
            runs: runs.get(),
        })
    });
    let caption = Memo::new(move |_| {
        let minimiser = lab.experiment.with(|e| e.objective(name).minimiser());
        let runs = runs.get();
        explain::contour(&runs.current, minimiser, runs.cursor)
    });

    let plane = move || {
        Some(projection(
            &lab.view.get_untracked(),
            &size.get_untracked()?,
        ))
    };
    let pixel_in_frame = move |event: &web_sys::MouseEvent| -> Option<Pixel> {
        let bounds = frame.get_untracked()?.get_bounding_client_rect();
        Some([
            f64::from(event.client_x()) - bounds.left(),
            f64::from(event.client_y()) - bounds.top(),
        ])
    };
    let grip = RwSignal::new(None::<Grip>);
    let grab = move |event: &web_sys::PointerEvent, gripped: Grip| {
        if event.button() != 0 {
            return;
        }
        let target = event.current_target();
        if let Some(element) = target.and_then(|t| t.dyn_into::<web_sys::Element>().ok()) {
            let _ = element.set_pointer_capture(event.pointer_id());
        }
        grip.set(Some(gripped));
    };
    let moved = move |event: web_sys::PointerEvent| {
        let (Some(gripped), Some(plane), Some(pixel)) =
            (grip.get_untracked(), plane(), pixel_in_frame(&event))
        else {
            return;
        };
        let under_pointer = plane.data_from_pixel(pixel);
        match gripped {
            Grip::Start => set_start(lab, under_pointer, plane.units_per_px()),
            Grip::Plane(held) => {
                let view = lab.view.get_untracked();
                lab.set_view(View {
                    centre: [
                        view.centre[0] + held[0] - under_pointer[0],
                        view.centre[1] + held[1] - under_pointer[1],
                    ],
                    ..view
                });
            }
        }
    };
    let released = move |_: web_sys::PointerEvent| grip.set(None);
    let zoom = move |factor: f64, about: Option<Vector>| {
        let view = lab.view.get_untracked();
        let about = about.unwrap_or(view.centre);
        let half_extent = (view.half_extent * factor).clamp(1e-9, 1e6);
        let kept = half_extent / view.half_extent;
        lab.set_view(View {
            centre: [
                about[0] + kept * (view.centre[0] - about[0]),
                about[1] + kept * (view.centre[1] - about[1]),
            ],
            half_extent,
        });
    };
    // The wheel belongs to the page; with Ctrl (a pinch on a touch pad) it zooms the plot.
    let wheel = move |event: web_sys::WheelEvent| {
        if !(event.ctrl_key() || event.meta_key()) {
            return;
        }
        event.prevent_default();
        let about = plane().zip(pixel_in_frame(&event));
        let about = about.map(|(plane, pixel)| plane.data_from_pixel(pixel));
        let notches = (event.delta_y() / 100.0).clamp(-1.0, 1.0);
        zoom(ZOOM_STEP.powf(notches), about);
    };
    let nudge = move |event: web_sys::KeyboardEvent| {
        let direction = match event.key().as_str() {
            "ArrowLeft" => [-1.0, 0.0],
            "ArrowRight" => [1.0, 0.0],
            "ArrowUp" => [0.0, 1.0],
            "ArrowDown" => [0.0, -1.0],
            _ => return,
        };
        event.prevent_default();
        let Some(plane) = plane() else { return };
        let reach = if event.shift_key() { 10.0 } else { 1.0 } * NUDGE_PX * plane.units_per_px();
        let start = lab.experiment.with_untracked(|experiment| experiment.start);
        let target = [
            start[0] + direction[0] * reach,
            start[1] + direction[1] * reach,
        ];
        set_start(lab, target, plane.units_per_px());
    };
    let handle_style = move || {
        let start = lab.experiment.with(|experiment| experiment.start);
        let Some(size) = size.get() else {
            return "display: none".to_owned();
        };
        let plane = projection(&lab.view.get(), &size);
        let pixel = plane.pixel_from_data(start);
        if plane.area.contains(pixel) {
            format!("left: {}px; top: {}px", pixel[0], pixel[1])
        } else {
            "display: none".to_owned()
        }
    };
    let handle_label = move || {
        let [x1, x2] = lab.experiment.with(|experiment| experiment.start);
        format!(
            "Start on {}: x₁ = {}, x₂ = {}. Drag it, or use the arrow keys.",
            name.name(),
            significant(x1, 3),
            significant(x2, 3)
        )
    };
    let id = format!("landscape-{}", name.name());
    let test_id = id.clone();
    view! {
        <figure class="card landscape" data-testid=test_id>
            <div class="card-head">
                <h3>"Path on the contours"</h3>
                <div class="card-actions">
                    <button
                        type="button"
                        aria-label="Zoom in"
                        on:click=move |_| zoom(1.0 / ZOOM_STEP, None)
                    >
                        "+"
                    </button>
                    <button
                        type="button"
                        aria-label="Zoom out"
                        on:click=move |_| zoom(ZOOM_STEP, None)
                    >
                        "−"
                    </button>
                    <button
                        type="button"
                        aria-label="Fit the view to start, minimum and path"
                        on:click=move |_| lab.fit_view()
                    >
                        "Fit"
                    </button>
                </div>
                <ExportButtons display id figure=whole size/>
            </div>
            <div class="canvas-frame" node_ref=frame on:wheel=wheel>
                <canvas node_ref=below aria-hidden="true"></canvas>
                <canvas
                    node_ref=above
                    role="img"
                    aria-label=move || format!("Contours of {} with the path. {}", name.name(), caption.get())
                    on:pointerdown=move |event| {
                        if let Some((plane, pixel)) = plane().zip(pixel_in_frame(&event)) {
                            grab(&event, Grip::Plane(plane.data_from_pixel(pixel)));
                        }
                    }
                    on:pointermove=moved
                    on:pointerup=released
                    on:pointercancel=released
                ></canvas>
                <button
                    type="button"
                    class="start-handle"
                    data-testid=format!("start-{}", name.name())
                    style=handle_style
                    aria-label=handle_label
                    on:pointerdown=move |event| grab(&event, Grip::Start)
                    on:pointermove=moved
                    on:pointerup=released
                    on:pointercancel=released
                    on:keydown=nudge
                ></button>
            </div>
            <p class="legend">
                <span><i class="swatch path"></i>"path"</span>
                <span><i class="swatch gradient"></i>"−∇f, downhill"</span>
                <span><i class="swatch step"></i>"step, length not to scale"</span>
                <span><i class="swatch minimum"></i>"minimum"</span>
                {move || runs.with(|runs| runs.ghost.is_some()).then(|| view! { <span><i class="swatch ghost"></i>"before the change"</span> })}
                {move || runs.with(|runs| runs.pinned.is_some()).then(|| view! { <span><i class="swatch pinned"></i>"pinned"</span> })}
            </p>
            <figcaption>{caption}</figcaption>
        </figure>
    }
}

/// Moves the start, rounded to what a pixel can tell.
fn set_start(lab: Lab, [x1, x2]: Vector, units_per_px: f64) {
    let Some(quantity) = Property::named("x0").and_then(Property::quantity) else {
        return;
    };
    let decimals = (-units_per_px.log10().floor()).clamp(0.0, 12.0) as usize;
    let tidy = |value: f64| format!("{value:.decimals$}").parse().unwrap_or(value);
    lab.change(|settings| {
        quantity.set_nearest(settings, 0, tidy(x1));
        quantity.set_nearest(settings, 1, tidy(x2));
    });
}

/// The runs that every figure of one objective shows.
#[must_use]
pub fn runs_of(
    lab: Lab,
    name: ObjectiveName,
) -> (Memo<Arc<crate::trajectory::Trajectory>>, Signal<Runs>) {
    let (run, ghost, pinned) = (lab.run(name), lab.ghost_run(name), lab.pinned_run(name));
    let runs = Signal::derive(move || {
        let current = run.get();
        // A run that diverged is shorter than was asked for.
        let cursor = (lab.cursor.get() as usize).min(current.steps.len());
        Runs {
            current,
            cursor,
            ghost: ghost.get(),
            pinned: pinned.get(),
        }
    });
    (run, runs)
}
