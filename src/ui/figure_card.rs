//! A figure on the page: title, canvas, exports, and its line of plain words.

use std::rc::Rc;

use reactive_graph::graph::untrack;
use web_sys::{HtmlCanvasElement, PointerEvent};

use super::canvas::{Frame, draw_when_changed, png_data_url};
use super::display::Display;
use super::dom::{El, button, el};
use super::download;
use super::exports::save;
use super::reactive::{Memo, RwSignal, while_seen};
use super::state::Lab;
use crate::chart::{AnyFigure, FigureName, FigureSize};
use crate::engine::{File, Picture};
use crate::settings::ObjectiveName;

/// How far a finger goes to the side before it drags, in CSS pixels.
const SIDEWAYS_PX: i32 = 8;

/// A figure that draws on one canvas.
pub struct FigureCard {
    /// The page's state.
    pub lab: Lab,
    /// The screen it is on.
    pub display: Display,
    /// Where it is drawn.
    pub frame: Frame,
    /// What the figure is, for its heading.
    pub title: &'static str,
    /// Which figure it is, and of which objective: together its test id, `rates-f1`.
    pub name: FigureName,
    /// The objective.
    pub objective: ObjectiveName,
    /// What is drawn.
    pub figure: Memo<Option<AnyFigure>>,
    /// One line on what is to be seen.
    pub caption: Memo<String>,
    /// Called with the pointer's distance from the left edge while it is dragged over the figure.
    pub on_drag: Option<Box<dyn Fn(f64, FigureSize)>>,
}

impl FigureCard {
    /// The card.
    #[must_use]
    pub fn build(self) -> El {
        let Self {
            lab,
            display,
            frame,
            title,
            name,
            objective,
            figure,
            caption,
            on_drag,
        } = self;
        let Frame {
            element: frame,
            size,
            seen,
        } = frame;
        let figure = while_seen(figure, seen, lab.is_moving);
        let caption = while_seen(caption, seen, lab.is_moving);
        let canvas = el("canvas")
            .attr("role", "img")
            .attr_of("aria-label", move || format!("{title}. {}", caption.get()));
        let frame = frame.children([canvas.clone()]);
        draw_when_changed(canvas.node(), display.pixel_ratio, move || {
            Some((figure.get()?, size.get()?, display.chart_theme()))
        });
        let mut class = "card";
        if let Some(on_drag) = on_drag {
            class = "card draggable";
            let drag = Rc::new(move |event: &PointerEvent| {
                if let Some(size) = size.get_untracked() {
                    on_drag(event.offset_x().into(), size);
                }
            });
            let (dragged, tapped) = (Rc::clone(&drag), Rc::clone(&drag));
            let captor: HtmlCanvasElement = canvas.node();
            // A finger may be scrolling the page: it drags once it has gone sideways, or taps.
            let is_touch = |event: &PointerEvent| event.pointer_type() == "touch";
            let down_at = RwSignal::new(None::<i32>);
            let _ = frame
                .clone()
                .on("pointerdown", move |event: PointerEvent| {
                    if event.button() == 0 {
                        let _ = captor.set_pointer_capture(event.pointer_id());
                        down_at.set(is_touch(&event).then(|| event.client_x()));
                        if !is_touch(&event) {
                            drag(&event);
                        }
                    }
                })
                .on("pointermove", move |event: PointerEvent| {
                    let went_sideways = down_at
                        .get_untracked()
                        .is_none_or(|x| (event.client_x() - x).abs() >= SIDEWAYS_PX);
                    if event.buttons() & 1 == 1 && went_sideways {
                        down_at.set(None);
                        dragged(&event);
                    }
                })
                .on("pointerup", move |event: PointerEvent| {
                    if down_at.get_untracked().is_some() {
                        tapped(&event);
                    }
                });
        }
        let exports = FigureExports {
            lab,
            display,
            name,
            objective,
            figure,
            size,
        };
        let [buttons, status] = exports.build();
        let id = lab.id(name.name(), objective);
        el("figure").class(class).test_id(&id).children([
            el("div")
                .class("card-head")
                .children([el("h3").text(title), buttons]),
            frame,
            el("figcaption").children([el("span").text_of(move || caption.get()), status]),
        ])
    }
}

/// A figure to take away.
pub struct FigureExports {
    /// The page's state.
    pub lab: Lab,
    /// The screen it is on.
    pub display: Display,
    /// Which figure.
    pub name: FigureName,
    /// Of which objective.
    pub objective: ObjectiveName,
    /// The figure itself.
    pub figure: Memo<Option<AnyFigure>>,
    /// Its size on the page.
    pub size: RwSignal<Option<FigureSize>>,
}

impl FigureExports {
    /// One button each for SVG and PNG, and the line that says what becomes of it.
    #[must_use]
    pub fn build(self) -> [El; 2] {
        let Self {
            lab,
            display,
            name,
            objective,
            figure,
            size,
        } = self;
        let id = lab.id(name.name(), objective);
        let status = RwSignal::new(String::new());
        let as_svg = move || {
            let Some(size) = size.get_untracked() else {
                return;
            };
            let picture = Picture {
                figure: name,
                size,
                view: lab.view.get_untracked(),
                is_dark: display.is_dark.get_untracked(),
                ghost: lab.ghost.get_untracked().map(|(_, experiment)| experiment),
            };
            save(
                lab,
                status,
                objective,
                &file_stem(lab, name, objective),
                File::Svg(picture),
            );
        };
        let as_png = move || {
            let theme = untrack(|| display.chart_theme());
            if let (Some(size), Some(figure)) = (size.get_untracked(), figure.get_untracked())
                && let Some(address) = png_data_url(&figure, &size, &theme)
            {
                let stem = file_stem(lab, name, objective);
                download::data_url(&[&stem, ".png"].concat(), &address);
            }
        };
        let buttons = el("div").class("card-actions").children([
            button("SVG", as_svg).attr("aria-label", &format!("Save {id} as SVG")),
            button("PNG", as_png).attr("aria-label", &format!("Save {id} as PNG")),
        ]);
        let status = el("span")
            .attr("role", "status")
            .text_of(move || status.get());
        [buttons, status]
    }
}

/// A figure's file without its extension: figure, objective, and the rules that have lines on it.
fn file_stem(lab: Lab, name: FigureName, objective: ObjectiveName) -> String {
    let settings = lab.own_settings_untracked();
    let mut stem = lab.id(name.name(), objective);
    for rule in settings.experiment.rules {
        if !settings.hidden.contains(&rule) {
            stem += "-";
            stem += rule.name();
        }
    }
    stem
}
