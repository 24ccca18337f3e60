//! The landscape on the page: contours below, runs above, the start to drag, zoom and pan.

use std::rc::Rc;
use std::sync::Arc;

use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent, MouseEvent, PointerEvent, WheelEvent};

use super::canvas::{Frame, draw_when_changed};
use super::caption::caption;
use super::display::Display;
use super::dom::{El, button, el};
use super::figure_card::FigureExports;
use super::reactive::{Memo, RwSignal, derived, memo, while_seen};
use super::state::Lab;
use crate::chart::landscape::{BackdropLayer, LandscapeProjection, RunsLayer};
use crate::chart::projection::Pixel;
use crate::chart::{AnyFigure, FigureName, Landscape, Runs};
use crate::comparison::Comparison;
use crate::diagnosis::explain;
use crate::math::{log10, pow};
use crate::number::{fixed, round_decimals, significant};
use crate::objective::{Minima, Objective, Vector};
use crate::settings::{ObjectiveName, Property, View, difference};

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
#[must_use]
pub fn landscape_card(
    lab: Lab,
    display: Display,
    name: ObjectiveName,
    comparison: Memo<Option<Arc<Comparison>>>,
    runs: Memo<Runs>,
) -> El {
    // A typed function may not be there yet: nothing is drawn of it.
    let objective = memo(move || comparison.with(|c| Some(c.as_ref()?.objective().clone())));
    let (below, above) = (el("canvas").attr("aria-hidden", "true"), el("canvas"));
    let Frame {
        element: frame,
        size,
        seen,
    } = Frame::new();
    let backdrop = memo(move || {
        Some(BackdropLayer {
            objective: objective.get()?,
            view: lab.view.get(),
        })
    });
    let backdrop = while_seen(backdrop, seen, lab.is_moving);
    draw_when_changed(below.node(), display.pixel_ratio, move || {
        let figure = AnyFigure::Backdrop(backdrop.get()?);
        Some((figure, size.get()?, display.chart_theme()))
    });
    let path = derived(move || {
        Some(AnyFigure::Runs(RunsLayer {
            objective: objective.get()?,
            view: lab.view.get(),
            runs: runs.get(),
        }))
    });
    let path = while_seen(path, seen, lab.is_moving);
    draw_when_changed(above.node(), display.pixel_ratio, move || {
        Some((path.get()?, size.get()?, display.chart_theme()))
    });
    let whole = derived(move || {
        Some(AnyFigure::Landscape(Landscape {
            objective: objective.get()?,
            view: lab.view.get(),
            runs: runs.get(),
        }))
    });
    let caption = caption(lab, comparison, runs, explain::contour);
    let caption = while_seen(caption, seen, lab.is_moving);

    let plane = move || {
        let objective = objective.get_untracked()?;
        let view = lab.view.get_untracked();
        let size = size.get_untracked()?;
        Some(LandscapeProjection::new(&objective, &view, &size))
    };
    let bounded: Element = frame.node();
    let pixel_in_frame = Rc::new(move |event: &MouseEvent| -> Pixel {
        let bounds = bounded.get_bounding_client_rect();
        [
            f64::from(event.client_x()) - bounds.left(),
            f64::from(event.client_y()) - bounds.top(),
        ]
    });
    // With the pointer that holds it: other fingers do not move it.
    let grip = RwSignal::new(None::<(i32, Grip)>);
    let grab = move |event: &PointerEvent, gripped: Grip| {
        if event.button() != 0 {
            return;
        }
        let target = event.current_target();
        if let Some(element) = target.and_then(|t| t.dyn_into::<Element>().ok()) {
            let _ = element.set_pointer_capture(event.pointer_id());
        }
        if grip.get_untracked().is_none() {
            grip.set(Some((event.pointer_id(), gripped)));
            lab.drags_start.set(gripped == Grip::Start);
        }
    };
    let let_go = move || {
        grip.set(None);
        lab.drags_start.set(false);
    };
    let pixel_of_move = Rc::clone(&pixel_in_frame);
    let moved = Rc::new(move |event: PointerEvent| {
        let (Some((pointer, gripped)), Some(plane)) = (grip.get_untracked(), plane()) else {
            return;
        };
        if pointer != event.pointer_id() {
            return;
        }
        let under_pointer = plane.point_from_pixel(pixel_of_move(&event));
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
    });
    let view_before = RwSignal::new(None::<View>);
    // The browser took the pointer to scroll the page: what it moved meanwhile goes back.
    let cancelled = move |_: PointerEvent| {
        if let Some((_, Grip::Plane(_))) = grip.get_untracked() {
            let before = view_before.get_untracked();
            lab.settings.update(|settings| settings.view = before);
        }
        let_go();
    };
    let released = move |event: PointerEvent| {
        if grip
            .get_untracked()
            .is_some_and(|(pointer, _)| pointer == event.pointer_id())
        {
            let_go();
        }
    };
    let zoom = move |factor: f64, about: Option<Vector>| {
        let view = lab.view.get_untracked();
        let about = about.unwrap_or(view.centre);
        let View { half_extent, .. } = View {
            half_extent: view.half_extent * factor,
            ..view
        }
        .clamped();
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
    let pixel_of_wheel = Rc::clone(&pixel_in_frame);
    let wheel = move |event: WheelEvent| {
        if !(event.ctrl_key() || event.meta_key()) {
            return;
        }
        event.prevent_default();
        let about = plane().map(|plane| plane.point_from_pixel(pixel_of_wheel(&event)));
        let notches = (event.delta_y() / 100.0).clamp(-1.0, 1.0);
        zoom(pow(ZOOM_STEP, notches), about);
    };
    let nudge = move |event: KeyboardEvent| {
        // With these it is the browser's: Alt and left goes back.
        if event.alt_key() || event.ctrl_key() || event.meta_key() {
            return;
        }
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
        let (Some(size), Some(objective)) = (size.get(), objective.get()) else {
            return "display: none".to_owned();
        };
        let plane = LandscapeProjection::new(&objective, &lab.view.get(), &size);
        let pixel = plane.pixel_from_point(start);
        if plane.area().contains(pixel) {
            let [left, top] = pixel.map(|px| fixed(px, 3));
            ["left: ", &left, "px; top: ", &top, "px"].concat()
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
    let grab_plane = move |event: PointerEvent| {
        if let Some(plane) = plane() {
            let held = plane.point_from_pixel(pixel_in_frame(&event));
            view_before.set(lab.settings.with_untracked(|settings| settings.view));
            grab(&event, Grip::Plane(held));
        }
    };
    // Both are dragged, each by its own listeners: a captured pointer tells its captor alone.
    let draggable = |grip: El| {
        let moved = Rc::clone(&moved);
        grip.on("pointermove", move |event: PointerEvent| moved(event))
            .on("pointerup", released)
            .on("pointercancel", cancelled)
    };
    let above = draggable(above)
        .attr("role", "img")
        .attr_of("aria-label", move || {
            format!(
                "Contours of {} with the path. {}",
                name.name(),
                caption.get()
            )
        })
        .on("pointerdown", grab_plane);
    let handle = draggable(el("button"))
        .attr("type", "button")
        .class("start-handle")
        .test_id(&lab.id("start", name))
        .attr_of("style", handle_style)
        .attr_of("aria-label", handle_label)
        .on("pointerdown", move |event: PointerEvent| {
            grab(&event, Grip::Start)
        })
        .on("keydown", nudge);
    let zoom_button = |label, name: &str, factor: f64| {
        button(label, move || zoom(factor, None)).attr("aria-label", name)
    };
    let fit = button("Fit", move || lab.fit_view())
        .attr("aria-label", "Fit the view to start, minimum and path");
    let exports = FigureExports {
        lab,
        display,
        name: FigureName::Landscape,
        objective: name,
        figure: whole,
        size,
    };
    let [export_buttons, status] = exports.build();
    let title = move || {
        let dimension = objective.with(|objective| objective.as_ref().map(Objective::dimension));
        let on = if dimension == Some(1) {
            "curve"
        } else {
            "contours"
        };
        ["Path on the ", on].concat()
    };
    let id = lab.id("landscape", name);
    el("figure").class("card landscape").test_id(&id).children([
        el("div").class("card-head").children([
            el("h3").text_of(title),
            el("div").class("card-actions").children([
                zoom_button("+", "Zoom in", 1.0 / ZOOM_STEP),
                zoom_button("−", "Zoom out", ZOOM_STEP),
                fit,
            ]),
            export_buttons,
        ]),
        frame.on("wheel", wheel).children([below, above, handle]),
        legend(lab, runs, objective),
        el("figcaption").children([el("span").text_of(move || caption.get()), status]),
    ])
}

/// What the marks on a landscape stand for.
fn legend(lab: Lab, runs: Memo<Runs>, objective: Memo<Option<Objective>>) -> El {
    let entry_of = |class: &str, text: El| {
        let swatch = el("i").class(&format!("swatch {class}"));
        el("span").children([swatch, text])
    };
    let entry = |class: &str, text: &str| entry_of(class, el("span").text(text));
    let before = memo(move || {
        let before = lab.ghost.get().map(|(_, experiment)| experiment);
        let differed = before.map(|before| lab.experiment.with(|now| difference(&before, now)));
        match differed.unwrap_or_default().as_str() {
            "" => "before the change".to_owned(),
            differed => ["before: ", differed].concat(),
        }
    });
    let has_minimum = move || {
        let minima = objective.with(|objective| objective.as_ref().map(Objective::minima));
        matches!(minima, Some(Minima::Points(_) | Minima::Line { .. }))
    };
    el("p").class("legend").children([
        entry("path", "path"),
        entry("gradient", "−∇f, downhill"),
        entry("step", "step, length not to scale"),
        entry("minimum", "minimum").shown_of(has_minimum),
        entry_of("ghost", el("span").text_of(move || before.get()))
            .shown_of(move || runs.with(|runs| runs.ghost.is_some())),
        entry("pinned", "pinned").shown_of(move || runs.with(|runs| runs.pinned.is_some())),
    ])
}

/// Moves the start, rounded to what a pixel can tell.
fn set_start(lab: Lab, [x1, x2]: Vector, units_per_px: f64) {
    let Some(quantity) = Property::named("x0").and_then(Property::quantity) else {
        return;
    };
    let decimals = (-log10(units_per_px).floor()).clamp(0.0, 12.0) as usize;
    let tidy = |value: f64| round_decimals(value, decimals);
    lab.change(|settings| {
        quantity.set_nearest(settings, 0, tidy(x1));
        quantity.set_nearest(settings, 1, tidy(x2));
    });
}

/// All runs of one objective, and as every figure of it shows them.
#[must_use]
pub fn runs_of(lab: Lab, name: ObjectiveName) -> (Memo<Option<Arc<Comparison>>>, Memo<Runs>) {
    let comparison = lab.comparison(name);
    let ghost = move || {
        let (side, experiment) = lab.ghost.get()?;
        (side == lab.side).then_some(experiment)
    };
    let ghost = lab.run_in(ghost, name);
    let pinned = lab.run_in(move || lab.settings.with(|s| s.pinned.clone()), name);
    let runs = derived(move || match comparison.get() {
        Some(comparison) => {
            let (ghost, pinned) = (ghost.get().flatten(), pinned.get().flatten());
            comparison.runs(&lab.shown.get(), lab.cursor.get(), ghost, pinned)
        }
        None => Runs::none(),
    });
    (comparison, runs)
}
