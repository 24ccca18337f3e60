//! The figures: each a card with its picture, a line of plain words, and the picture to take away.

use leptos_dom::helpers::{event_target_value, request_animation_frame};
use reactive_graph::graph::untrack;
use web_sys::{Event, HtmlElement, PointerEvent};

use super::state::{Picture, SparseLab, pick, repeat};
use crate::chart::sparse::{
    DecilesChart, DecilesLine, DensityChart, DensityPanel, Deviation, GrowthChart, LearningChart,
    LearningLine, Quality, SparseFigure, WatchedFeature,
};
use crate::chart::{FigureSize, svg};
use crate::sparse::experiment::{Data, Experiment};
use crate::sparse::race::{Report, Standing};
use crate::sparse::rules::Kind;
use crate::ui::canvas::{draw_when_changed, observe_size, png_data_url};
use crate::ui::display::Display;
use crate::ui::dom::{El, button, el};
use crate::ui::download;
use crate::ui::reactive::{Memo, RwSignal, derived, follow, memo};

/// Called with where in a picture of which size a reader clicked.
type OnClick = Box<dyn Fn([f64; 2], FigureSize)>;

/// A picture with all around it.
struct Card {
    lab: SparseLab,
    display: Display,
    id: &'static str,
    title: &'static str,
    /// None where there is nothing to be drawn; then `message` says why.
    figure: Memo<Option<SparseFigure>>,
    message: Memo<&'static str>,
    caption: Memo<String>,
    /// Beside the title.
    controls: Vec<El>,
    on_click: Option<OnClick>,
    /// The picture's height in CSS pixels for its size as it is, where it needs a height of its own:
    /// also before there is a picture, so that nothing moves when it comes.
    height: Option<Box<dyn Fn(FigureSize) -> f64>>,
}

impl Card {
    fn build(self) -> El {
        let Self {
            lab,
            display,
            id,
            title,
            figure,
            message,
            caption,
            controls,
            on_click,
            height,
        } = self;
        let has_figure = memo(move || figure.with(Option::is_some));
        let canvas = el("canvas")
            .attr("role", "img")
            .shown_of(move || has_figure.get())
            .attr_of("aria-label", move || [title, ". ", &caption.get()].concat());
        let message = el("p")
            .class("figure-message")
            .text_of(move || message.get().to_owned())
            .shown_of(move || !has_figure.get());
        let frame = el("div")
            .class("canvas-frame")
            .children([canvas.clone(), message]);
        let size = observe_size(&frame.node());
        draw_when_changed(canvas.node(), display.pixel_ratio, move || {
            Some((figure.get()?, size.get()?, display.chart_theme()))
        });
        if let Some(height) = height {
            let style = frame.node::<HtmlElement>().style();
            follow(move || {
                let wanted = size.get().map(&height);
                let wanted = wanted.map_or_else(String::new, |px| format!("{px:.0}px"));
                let style = style.clone();
                // In a frame of its own: set while sizes are told, it would change sizes that were just
                // told, which browsers complain of.
                request_animation_frame(move || {
                    let _ = style.set_property("height", &wanted);
                });
            });
        }
        if let Some(on_click) = on_click {
            let _ = canvas.on("click", move |event: PointerEvent| {
                if let Some(size) = size.get_untracked() {
                    let pixel = [event.offset_x(), event.offset_y()].map(f64::from);
                    on_click(pixel, size);
                }
            });
        }
        let drawn = move || {
            let theme = untrack(|| display.chart_theme());
            Some((figure.get_untracked()?, size.get_untracked()?, theme))
        };
        let stem = move || {
            let data = lab.raced.with_untracked(|raced| raced.data.name());
            ["sparse-", id, "-", data].concat()
        };
        let as_svg = move || {
            if let Some((figure, size, theme)) = drawn()
                && let Ok(text) = svg::document(&figure, &size, &theme)
            {
                let name = [&stem(), ".svg"].concat();
                download::text(&name, "image/svg+xml", &text.into());
            }
        };
        let as_png = move || {
            if let Some((figure, size, theme)) = drawn()
                && let Some(address) = png_data_url(&figure, &size, &theme)
            {
                download::data_url(&[&stem(), ".png"].concat(), &address);
            }
        };
        let buttons = el("div")
            .class("card-actions")
            .shown_of(move || has_figure.get())
            .children([
                button("SVG", as_svg).attr("aria-label", &["Save ", id, " as SVG"].concat()),
                button("PNG", as_png).attr("aria-label", &["Save ", id, " as PNG"].concat()),
            ]);
        el("figure")
            .class(&["card sparse-figure ", id].concat())
            .test_id(&["sparse-", id].concat())
            .children([
                el("div")
                    .class("card-head")
                    .children([el("h3").text(title)])
                    .children(controls)
                    .children([buttons]),
                frame,
                el("figcaption").text_of(move || caption.get()),
            ])
    }
}

/// Why a figure of the rules shown has nothing to draw; none where it has.
fn why_empty(lab: SparseLab) -> Option<&'static str> {
    if !lab.has_picture() {
        return Some("To be seen as soon as the rules are trained.");
    }
    let hidden = lab.hidden.get();
    let are_hidden = lab.picture.with(|p| p.rules_but(&hidden).is_empty());
    are_hidden.then_some("Every rule is switched off.")
}

/// The figure where there is one to draw, and the words in its place.
fn figure_or_why(
    lab: SparseLab,
    figure: impl Fn() -> SparseFigure + Send + Sync + 'static,
) -> (Memo<Option<SparseFigure>>, Memo<&'static str>) {
    let message = memo(move || why_empty(lab).unwrap_or_default());
    let figure = derived(move || message.get().is_empty().then(&figure));
    (figure, message)
}

/// Loss, accuracy or area under the curve.
#[must_use]
pub fn learning(lab: SparseLab, display: Display) -> El {
    let quality = RwSignal::new(Quality::Loss);
    let (figure, message) = figure_or_why(lab, move || {
        let chosen = quality.get();
        let hidden = lab.hidden.get();
        lab.picture.with(|picture| {
            let line = |(place, kind): (usize, Kind)| LearningLine {
                label: kind.label(),
                look: place,
                progressive: picture.curves.get(place).cloned().unwrap_or_default(),
                tested: tested(lab, kind, chosen),
            };
            SparseFigure::Learning(LearningChart {
                lines: picture.rules_but(&hidden).into_iter().map(line).collect(),
                quality: chosen,
                epochs: picture.experiment.epochs,
                is_held_out: picture.data.held_out > 0.0,
            })
        })
    });
    let caption = memo(move || {
        let is_held_out = match lab.has_picture() {
            true => lab.picture.with(|picture| picture.data.held_out > 0.0),
            false => lab.experiment.with(Experiment::holds_out),
        };
        let [on, when] = match is_held_out {
            true => ["held-out examples", "after each epoch"],
            false => ["the training examples", "at the end"],
        };
        match quality.get() {
            Quality::Loss => format!(
                "Lines: the loss on each batch before its update (progressive). Marks: the loss on \
                 {on} {when}. Guessing costs ln 2 = 0.69."
            ),
            Quality::Accuracy => format!("The share of {on} told right, {when}."),
            Quality::Auc => format!(
                "The chance that a random positive one of {on} is ranked above a random negative \
                 one, {when}."
            ),
        }
    });
    let names = [
        ("loss", Quality::Loss),
        ("accuracy", Quality::Accuracy),
        ("ROC-AUC", Quality::Auc),
    ];
    let option = |(name, _): (&str, Quality)| el("option").attr("value", name).text(name);
    let menu = el("select")
        .attr("aria-label", "What is shown of the rules")
        .test_id("quality")
        .children(names.map(option))
        .on("change", move |event: Event| {
            let chosen = event_target_value(&event);
            if let Some((_, chosen)) = names.iter().find(|(name, _)| *name == chosen) {
                quality.set(*chosen);
            }
        });
    Card {
        lab,
        display,
        id: "learning",
        title: "How well each rule learns",
        figure,
        message,
        caption,
        controls: vec![menu],
        on_click: None,
        height: None,
    }
    .build()
}

fn tested(lab: SparseLab, kind: Kind, quality: Quality) -> Vec<Option<f64>> {
    let of_rule = |standing: &Standing| {
        let tested = standing.tested.iter();
        let value = |metrics: &Option<_>| {
            let metrics: &crate::sparse::metrics::Metrics = metrics.as_ref()?;
            match quality {
                Quality::Loss => Some(metrics.loss),
                Quality::Accuracy => metrics.accuracy,
                Quality::Auc => metrics.auc,
            }
        };
        tested.map(value).collect()
    };
    let of_report = |report: &Option<Report>| {
        let mut rules = report.as_ref()?.rules.iter();
        rules.find(|rule| rule.kind == kind).map(of_rule)
    };
    lab.report.with(of_report).unwrap_or_default()
}

/// What became of rare features.
#[must_use]
pub fn deciles(lab: SparseLab, display: Display) -> El {
    let (figure, message) = figure_or_why(lab, move || {
        let hidden = lab.hidden.get();
        lab.picture.with(|picture| {
            let line = |(place, kind): (usize, Kind)| DecilesLine {
                label: kind.label(),
                look: place,
                tenths: picture.tenths(place),
            };
            let occurrences = picture.deciles.first().into_iter().flatten();
            SparseFigure::Deciles(DecilesChart {
                lines: picture.rules_but(&hidden).into_iter().map(line).collect(),
                deviation: match picture.has_truth() {
                    true => Deviation::FromTruth,
                    false => Deviation::FromZero,
                },
                occurrences: occurrences.map(|d| [d.least, d.most]).collect(),
                data_sets: picture.data_sets(),
            })
        })
    });
    let caption = memo(move || {
        let (has_truth, data_sets) = match lab.has_picture() {
            true => lab.picture.with(|p| (p.has_truth(), p.data_sets())),
            false => (lab.experiment.with(|e| e.data.file().is_none()), 1),
        };
        let what = match has_truth {
            true => {
                "Features in ten groups by how often they occur. How far their weights are from \
                 the true ones: at w = 0, a group might as well never have been seen."
            }
            false => {
                "Features in ten groups by how often they occur. How large their weights became; \
                 the true ones are not known."
            }
        };
        match data_sets {
            1 => what.to_owned(),
            count => format!("{what} Mean and range over {count} data sets of different seeds."),
        }
    });
    // Where one race takes long, several are for who asks for them.
    let seeds = memo(move || lab.raced.with(|raced| raced.seeds));
    let over_seeds = button("", repeat)
        .class("small")
        .attr(
            "title",
            "Takes as long for each, and about as much memory again",
        )
        .test_id("repeat")
        .text_of(move || format!("Race on {} data sets", seeds.get()))
        .shown_of(move || {
            let is_missing = lab.picture.with(|p| p.spreads.is_none() && p.has_truth());
            is_missing && seeds.get() > 1 && lab.has_finished() && lab.repeating().is_none()
        });
    Card {
        lab,
        display,
        id: "deciles",
        title: "What became of rare features",
        figure,
        message,
        caption,
        controls: vec![over_seeds],
        on_click: None,
        height: None,
    }
    .build()
}

fn density_chart(lab: SparseLab) -> DensityChart {
    let hidden = lab.hidden.get();
    lab.picture.with(|picture| {
        let panel = |(place, kind): (usize, Kind)| {
            let of_rule = picture.densities.get(place)?;
            Some(DensityPanel {
                label: kind.label(),
                look: place,
                density: of_rule.density.clone(),
                watched: of_rule.watched,
                has_guide: kind == Kind::Adagrad,
            })
        };
        let rules = picture.rules_but(&hidden).into_iter();
        DensityChart {
            panels: rules.filter_map(panel).collect(),
        }
    })
}

/// Effective rates over frequencies. A click watches another feature.
#[must_use]
pub fn density(lab: SparseLab, display: Display) -> El {
    let (figure, message) = figure_or_why(lab, move || SparseFigure::Density(density_chart(lab)));
    let caption = memo(move || {
        "All features that occur in training: the stronger the colour, the more of them. Click to \
         watch the accumulator of one there."
            .to_owned()
    });
    let on_click = move |pixel: [f64; 2], size: FigureSize| {
        let chart = untrack(|| density_chart(lab));
        let hidden = lab.hidden.get_untracked();
        let shown = lab
            .picture
            .with_untracked(|picture| picture.rules_but(&hidden));
        let Some((panel, frequency, rate)) = chart.frequency_at(&size, pixel) else {
            return;
        };
        let (Some(panel), Some((_, kind))) = (chart.panels.get(panel), shown.get(panel)) else {
            return;
        };
        // The watched feature nearest in frequency gives way.
        let distance = |watched: &Option<[f64; 2]>| match watched {
            Some([watched, _]) => (watched.log10() - frequency).abs(),
            None => f64::INFINITY,
        };
        let slots = panel.watched.iter().map(distance).zip(0_u32..);
        if let Some((_, slot)) = slots.min_by(|(a, _), (b, _)| a.total_cmp(b)) {
            pick(lab, slot, frequency, rate, *kind);
        }
    };
    Card {
        lab,
        display,
        id: "density",
        title: "Effective rate and frequency",
        figure,
        message,
        caption,
        controls: Vec::new(),
        on_click: Some(Box::new(on_click)),
        height: Some(Box::new(move |size| {
            let hidden = lab.hidden.get();
            let is_shown = |kind: &Kind| !hidden.contains(kind);
            let panels = match lab.has_picture() {
                true => lab.picture.with(|picture| picture.rules_but(&hidden).len()),
                // As many as the first race will have.
                false => lab.experiment.with(|experiment| {
                    let kinds = experiment.rules.iter().map(|rule| &rule.kind);
                    kinds.filter(|kind| is_shown(kind)).count()
                }),
            };
            DensityChart::height_css_px(panels, size.width_css_px, size.font_css_px)
        })),
    }
    .build()
}

/// Accumulators of three features under one rule.
#[must_use]
pub fn growth(lab: SparseLab, display: Display) -> El {
    let chosen = RwSignal::new(Kind::Adagrad);
    let kinds = memo(move || {
        let rules = lab.picture.with(|picture| picture.rules_but(&[]));
        rules.into_iter().map(|(_, kind)| kind).collect::<Vec<_>>()
    });
    let shown = memo(move || {
        let kinds = kinds.get();
        let chosen = chosen.get();
        let first = kinds.first().copied().unwrap_or(chosen);
        if kinds.contains(&chosen) {
            chosen
        } else {
            first
        }
    });
    let message = memo(move || match lab.has_picture() {
        true => "",
        false => why_empty(lab).unwrap_or_default(),
    });
    let figure = derived(move || {
        if !lab.has_picture() {
            return None;
        }
        let kind = shown.get();
        let place = kinds.get().iter().position(|other| *other == kind);
        let place = place.unwrap_or_default();
        Some(lab.picture.with(|picture| {
            let Picture {
                experiment,
                growths,
                ..
            } = picture;
            let is_text = matches!(experiment.data, Data::Text { .. });
            let features = growths.features.iter().map(|(name, count)| WatchedFeature {
                name: match is_text {
                    true => name.clone(),
                    false => ["feature ", name].concat(),
                },
                count: *count,
            });
            let batches = (picture.data.examples / f64::from(experiment.batch_size)).ceil();
            SparseFigure::Growth(GrowthChart {
                kind,
                label: kind.label(),
                look: place,
                features: features.collect(),
                points: growths.rules.get(place).cloned().unwrap_or_default(),
                batches: (batches * f64::from(experiment.epochs)) as u64,
            })
        }))
    });
    let caption = memo(move || ratio_line(lab, shown.get(), &kinds.get()));
    let option = |kind: Kind| el("option").attr("value", kind.name()).text(kind.label());
    let menu = el("select")
        .attr("aria-label", "Rule whose accumulators are shown")
        .contents_of(move || kinds.get().into_iter().map(option).collect())
        .value_of(move || {
            kinds.track();
            shown.get().name().to_owned()
        })
        .on("change", move |event: Event| {
            if let Some(kind) = Kind::named(&event_target_value(&event)) {
                chosen.set(kind);
            }
        });
    Card {
        lab,
        display,
        id: "growth",
        title: "Accumulators of three features",
        figure,
        message,
        caption,
        controls: vec![menu],
        on_click: None,
        height: None,
    }
    .build()
}

/// The predicted ratio of rates beside the measured one.
fn ratio_line(lab: SparseLab, kind: Kind, kinds: &[Kind]) -> String {
    let place = kinds.iter().position(|other| *other == kind);
    let said = lab.picture.with(|picture| {
        let ratio = picture.ratios.get(place?).copied().flatten()?;
        let features = &picture.growths.features;
        let (frequent, rare) = (features.first()?, features.last()?);
        Some(ratio.sentence(kind, [rare.1, frequent.1]))
    });
    said.unwrap_or_else(|| "What a rule keeps of a feature's gradients.".to_owned())
}
