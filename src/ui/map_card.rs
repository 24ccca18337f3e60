//! The map of one objective: what every start, or every η and ε, comes to under the selected rule.

use super::reactive::{Memo, RwSignal, derived, follow, memo};
use leptos_dom::helpers::event_target_value;
use reactive_graph::graph::untrack;
use std::rc::Rc;
use std::sync::Arc;

use web_sys::{
    CanvasRenderingContext2d, Event, HtmlCanvasElement, ImageData, MouseEvent,
    wasm_bindgen::Clamped,
};

use super::canvas::{context_2d, draw_when_changed, observe_size};
use super::display::Display;
use super::dom::{El, el};
use super::engine::{self, Answer, Newest};
use super::state::Lab;
use crate::chart::{
    AnyFigure, ChartTheme, FigureSize, MapChart, MapFrame, MapKind, MapValue, map_pixels,
};
use crate::comparison::Comparison;
use crate::diagnosis::map::{Measure, has_epsilon};
use crate::diagnosis::{Map as MapRequest, Sides};
use crate::engine::Request;
use crate::number::fixed;
use crate::objective::{Minima, Vector};
use crate::parameter;
use crate::settings::number::round_significant;
use crate::settings::{Map, ObjectiveName, Property, Settings};

/// Values in a row, and rows.
const CELLS: usize = 256;

/// Significant digits of what is chosen on a map: as many as its pixels tell apart.
const DIGITS: usize = 3;

/// Which map is shown: a menu for the panel.
#[must_use]
pub fn map_menu(lab: Lab) -> El {
    let options = [
        ("none", "no map"),
        ("starts", "every start"),
        ("rates", "every η and ε"),
    ]
    .map(|(value, label)| el("option").attr("value", value).text(label));
    let chosen = move |event: Event| {
        let map = event_target_value(&event);
        lab.change(|settings| settings.choose("map", &map));
    };
    let menu = el("select")
        .attr("name", "map")
        .children(options)
        .value_of(move || lab.settings.with(|s| s.get("map")).unwrap_or_default())
        .on("change", chosen);
    el("label")
        .class("map-menu")
        .children([el("span").text("Map of"), menu])
}

/// What the engine has computed, and of what.
#[derive(Clone)]
struct Computed {
    chart: MapChart,
    is_done: bool,
}

/// The map, while one is chosen.
#[must_use]
pub fn map_card(
    lab: Lab,
    display: Display,
    name: ObjectiveName,
    comparison: Memo<Option<Arc<Comparison>>>,
) -> El {
    let kind = memo(move || lab.settings.with(|s| s.map));
    let (pixels, marks) = (el("canvas"), el("canvas").attr("role", "img"));
    let frame = el("div").class("canvas-frame");
    let size = observe_size(&frame.node());
    let wanted = memo(move || {
        let map = kind.get();
        // Unmapped, nothing else is read.
        (map != Map::None).then_some(())?;
        request_of(lab, map, &*comparison.get()?)
    });
    let computed = RwSignal::new(None::<Computed>);
    let failure = RwSignal::new(String::new());
    let newest = Newest::of_owner();
    follow(move || {
        let Some(request) = wanted.get() else {
            newest.forget();
            computed.set(None);
            return;
        };
        computed.update(|computed| {
            if let Some(computed) = computed {
                computed.is_done = false;
            }
        });
        let of = request.clone();
        let on_answer = move |answer: Answer| {
            let (value, is_done) = match &answer {
                Answer::Part(value) => (value, false),
                Answer::Done(value) => (value, true),
                Answer::Failed(why) => {
                    let _ = failure.try_set(["No map: ", why, "."].concat());
                    return;
                }
            };
            if let Some(values) = engine::map_values(value) {
                let _ = failure.try_set(String::new());
                let chart = chart_of(&of, values);
                // The map before may still arrive while a newer one waits.
                let is_done =
                    is_done && wanted.with_untracked(|wanted| wanted.as_ref() == Some(&of));
                computed.try_set(chart.map(|chart| Computed { chart, is_done }));
            }
        };
        newest.ask(&Request::Map(request), Rc::new(on_answer));
    });
    // The current start or setting is marked on whatever map there is.
    let chart = derived(move || {
        let Computed { mut chart, .. } = computed.get()?;
        let comparison = comparison.get()?;
        let optimizer = comparison.contender(lab.selected.get())?.optimizer;
        let here = lab.experiment.with(|e| e.start);
        match &mut chart.kind {
            MapKind::Starts { current, .. } => *current = here,
            MapKind::Rates { current, .. } => {
                let epsilon = epsilon_of(&optimizer).unwrap_or_default();
                *current = [optimizer.learning_rate(), epsilon];
            }
        }
        Some(chart)
    });
    let raster: HtmlCanvasElement = pixels.node();
    follow(move || {
        let (Some(computed), Some(size)) = (computed.get(), size.get()) else {
            return;
        };
        // Refused for sizes of 0 only.
        let _ = put_pixels(&raster, &computed.chart, &size, &display.chart_theme());
    });
    draw_when_changed(marks.node(), display.pixel_ratio, move || {
        Some((
            AnyFigure::MapFrame(MapFrame(chart.get()?)),
            size.get()?,
            display.chart_theme(),
        ))
    });
    let choose = move |event: MouseEvent| {
        let at = (event.offset_x().into(), event.offset_y().into());
        let under = untrack(|| chart.get()?.under([at.0, at.1], &size.get()?));
        if let Some(chosen) = under {
            lab.change(|settings| choose(settings, kind.get_untracked(), chosen));
        }
    };
    let marks = marks.on("click", choose);
    // What was drawn is of another rule.
    let frame = frame.shown_of(move || wanted.with(Option::is_some));
    let caption = move || {
        let failed = failure.get();
        if !failed.is_empty() {
            return failed;
        }
        let rule = lab.selected.get().description().label;
        let Some(measure) = wanted.with(|wanted| wanted.as_ref().map(|w| w.measure)) else {
            let has_none = kind.get() == Map::Rates && comparison.with(Option::is_some);
            let why = if has_none {
                " has no ε to go over."
            } else {
                " has no function yet."
            };
            return [rule, why].concat();
        };
        let steps = lab.experiment.with(|e| e.steps);
        let refining = computed.with(|c| c.as_ref().is_none_or(|c| !c.is_done));
        let pixel = match kind.get() {
            Map::Starts => "a start",
            _ => "an η and an ε",
        };
        let colour = match measure {
            Measure::ShareLeft => "the share of the distance left",
            Measure::Loss => "the loss",
            Measure::Minimum => "the minimum nearest",
        };
        let refining = if refining { " Computing …" } else { "" };
        format!(
            "Each pixel is {pixel}, its colour {colour} after {steps} steps of {rule}. The ring is the \
             run above: press elsewhere to move it.{refining}"
        )
    };
    let title = move || match kind.get() {
        Map::Starts => "Map of the starts",
        _ => "Map of η and ε",
    };
    let marks = marks.attr_of("aria-label", move || format!("{}. {}", title(), caption()));
    el("figure")
        .class("card map")
        .test_id(&lab.id("map", name))
        .shown_of(move || kind.get() != Map::None)
        .children([
            el("div")
                .class("card-head")
                .children([el("h3").text_of(move || title().to_owned())]),
            frame.children([pixels.class("pixels").attr("aria-hidden", "true"), marks]),
            el("figcaption").text_of(caption),
        ])
}

/// Moves what the map goes over: the start, or η and ε of the selected rule.
fn choose(settings: &mut Settings, map: Map, [across, upwards]: Vector) {
    let rule = settings.selected_rule();
    let start = Property::named("x0");
    let [of_across, of_upwards] = match map {
        Map::Starts => [(start, 0), (start, 1)],
        _ => ["eta", "eps"].map(|name| (Property::in_force(settings, rule, name), 0)),
    };
    for ((property, component), value) in [(of_across, across), (of_upwards, upwards)] {
        if let Some(quantity) = property.and_then(Property::quantity) {
            quantity.set_nearest(settings, component, round_significant(value, DIGITS));
        }
    }
}

/// ε of a rule that has one.
fn epsilon_of(optimizer: &crate::optimizer::Optimizer) -> Option<f64> {
    let position = parameter::position(optimizer.description().parameters, "eps")?;
    optimizer.values().get(position).copied()
}

/// What is to be computed; none for a rule without ε where that is a side.
fn request_of(lab: Lab, map: Map, comparison: &Comparison) -> Option<MapRequest> {
    let objective = comparison.objective();
    let optimizer = comparison.contender(lab.selected.get())?.optimizer;
    let (start, steps) = lab.experiment.with(|e| (e.start, e.steps));
    let (sides, optimizer) = if map == Map::Starts {
        let view = lab.view.get();
        let [x1, x2] = view.centre;
        let half = view.half_extent;
        let sides = Sides::Starts {
            low: [x1 - half, x2 - half],
            high: [x1 + half, x2 + half],
        };
        (sides, optimizer)
    } else {
        has_epsilon(&optimizer).then_some(())?;
        let sides = Sides::Rates {
            start,
            learning_rates: [1e-3, 10.0],
            epsilons: [1e-12, 10.0],
        };
        // Both are the map's own: a slider that moves them asks for no other map.
        (sides, optimizer.with_learning_rate(1.0))
    };
    let measure = if map == Map::Starts && Measure::Minimum.suits(objective) {
        Measure::Minimum
    } else {
        Measure::usual(objective)
    };
    Some(MapRequest {
        problem: comparison.problem.clone(),
        optimizer,
        steps,
        sides,
        measure,
        columns: CELLS,
        rows: CELLS,
    })
}

/// The chart of `values`; none where there are not as many as the map has.
fn chart_of(map: &MapRequest, values: Vec<f32>) -> Option<MapChart> {
    (values.len() == map.len()).then_some(())?;
    let kind = match map.sides {
        Sides::Starts { low, high } => MapKind::Starts {
            low,
            high,
            current: low,
        },
        Sides::Rates {
            learning_rates,
            epsilons,
            ..
        } => MapKind::Rates {
            learning_rates,
            epsilons,
            current: [0.0; 2],
        },
    };
    let value = match map.measure {
        Measure::ShareLeft => MapValue::ShareLeft,
        Measure::Minimum => MapValue::Minimum {
            count: match map.problem.objective.minima() {
                Minima::Points(points) => points.len(),
                _ => 1,
            },
        },
        Measure::Loss => {
            let finite = || values.iter().copied().filter(|value| value.is_finite());
            MapValue::Loss {
                lowest: finite().fold(f32::INFINITY, f32::min).into(),
                highest: finite().fold(f32::NEG_INFINITY, f32::max).into(),
            }
        }
    };
    Some(MapChart {
        kind,
        value,
        width: map.columns,
        height: map.rows,
        values: Arc::new(values),
    })
}

/// Puts the map's pixels on a canvas of their number, stretched over the data area.
fn put_pixels(
    canvas: &HtmlCanvasElement,
    chart: &MapChart,
    size: &FigureSize,
    theme: &ChartTheme,
) -> Result<(), wasm_bindgen::JsValue> {
    let (width, height) = (chart.width as u32, chart.height as u32);
    canvas.set_width(width);
    canvas.set_height(height);
    let area = MapChart::data_area(size);
    let sides = [
        ("left:", area.left),
        ("px;top:", area.top),
        ("px;width:", area.width()),
        ("px;height:", area.bottom - area.top),
    ];
    let sides = sides.map(|(side, px)| [side, &fixed(px, 3)].concat());
    let style = sides.concat() + "px";
    canvas.set_attribute("style", &style)?;
    let pixels = map_pixels(chart, theme);
    let image = ImageData::new_with_u8_clamped_array_and_sh(Clamped(&pixels), width, height)?;
    let context: Option<CanvasRenderingContext2d> = context_2d(canvas);
    context.map_or(Ok(()), |context| context.put_image_data(&image, 0.0, 0.0))
}
