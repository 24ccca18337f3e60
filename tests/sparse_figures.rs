//! The sparse lab's figures, drawn to SVG: held against committed files, and looked through for
//! text upon text.
//!
//! Evidence: the files in `tests/snapshots/`, which a person has looked at; see `figures.rs`. What
//! they show is made up by formulas, so that no change to a trainer changes a file.

// Helpers of tests may fail as tests do: loudly.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod drawn;

use adagrad_lab::chart::sparse::{
    DecilesChart, DecilesLine, DensityChart, DensityPanel, Deviation, GrowthChart, LearningChart,
    LearningLine, Quality, SparseFigure, WatchedFeature,
};
use adagrad_lab::chart::{FigureSize, svg, theme};
use adagrad_lab::sparse::frequency::Density;
use adagrad_lab::sparse::repeats::Spread;
use adagrad_lab::sparse::rules::Kind;
use drawn::{agrees_with_snapshot, is_balanced};
use proptest::prelude::*;

const LABELS: [&str; 6] = [
    "Adagrad",
    "SGD",
    "gradient descent with decay",
    "occurrence counter",
    "RMSProp",
    "Adam",
];

fn size(width_css_px: f64, height_css_px: f64) -> FigureSize {
    FigureSize {
        width_css_px,
        height_css_px,
        font_css_px: 12.0,
    }
}

/// Numbers in [−1, 1] without order.
fn noise(i: usize) -> f64 {
    (i as f64 * 12.9898).sin() * 43_758.545_3 % 1.0
}

/// Losses that fall from ln 2 at different speeds, the fifth rule's without end upwards.
fn learning(rules: usize, quality: Quality) -> LearningChart {
    let epochs = 3;
    let lines = (0..rules).map(|look| {
        let floor = 0.35 + 0.03 * look as f64;
        let loss = |epochs: f64| match look {
            4 => 0.7 * (4.0 * epochs).exp(),
            _ => floor + (0.693 - floor) * (-(6.0 - look as f64) * epochs).exp(),
        };
        let progressive = (1..=64 * epochs).map(|i| {
            let done = i as f64 / 64.0;
            let value = loss(done) + 0.006 * noise(i + 1_000 * look);
            [done, if value > 1e3 { f64::NAN } else { value }]
        });
        let tested = (1..=epochs).map(|epoch| {
            let loss = loss(epoch as f64);
            Some(match quality {
                Quality::Loss => loss + 0.015,
                Quality::Accuracy => 1.0 - 0.4 * loss.min(1.0),
                Quality::Auc => 1.0 - 0.3 * loss.min(1.0),
            })
        });
        LearningLine {
            label: LABELS[look],
            look,
            progressive: progressive.collect(),
            tested: tested.collect(),
        }
    });
    LearningChart {
        lines: lines.collect(),
        quality,
        epochs: epochs as u32,
        is_held_out: true,
    }
}

/// 16,384 features of frequency ∝ 1/rank; rates fall with a power of it that is the rule's.
fn density(rules: usize) -> DensityChart {
    let cells = [36, 24];
    let (lowest, highest) = (-4.3, -0.4);
    let rates = [-2.5, 0.5];
    let rate = |look: usize, frequency: f64, i: usize| {
        let scatter = 0.12 * noise(i) - 0.05 * noise(i / 3);
        match look {
            0 => -1.6 - 0.5 * frequency + scatter - 0.7,
            1 => -0.5,
            2 => -2.4,
            3 => -2.3 - 0.5 * frequency,
            4 => -0.8 + 3.0 * scatter,
            _ => -0.9 - 0.1 * frequency + 2.0 * scatter,
        }
    };
    let panels = (0..rules).map(|look| {
        let mut counts = vec![0; cells[0] * cells[1]];
        for i in 0..16_384 {
            let frequency = (highest - (1.0 + i as f64).log10()).max(lowest);
            let share = |value: f64, [low, high]: [f64; 2], cells: usize| {
                (((value - low) / (high - low) * cells as f64).max(0.0) as usize).min(cells - 1)
            };
            let column = share(frequency, [lowest, highest], cells[0]);
            let row = share(rate(look, frequency, i), rates, cells[1]);
            counts[row * cells[0] + column] += 1;
        }
        let watched = [-0.6, -2.4, -4.2].map(|frequency: f64| {
            let rate = rate(look, frequency, 0);
            Some([10_f64.powf(frequency), 10_f64.powf(rate)])
        });
        DensityPanel {
            label: LABELS[look],
            look,
            density: Density {
                size: cells,
                frequency: [lowest, highest],
                rate: rates,
                counts,
            },
            watched,
            has_guide: look == 0,
        }
    });
    DensityChart {
        panels: panels.collect(),
    }
}

fn deciles(rules: usize, deviation: Deviation, data_sets: usize) -> DecilesChart {
    let lines = (0..rules).map(|look| {
        let tenths = (0..10).map(|tenth| {
            let rare = tenth as f64 / 9.0;
            let mean = match look {
                0 => 0.12 + 0.8 * rare,
                1 => 0.1 + 0.88 * rare.sqrt(),
                4 => 2.0 + 6.0 * rare,
                _ => 0.2 + 0.1 * look as f64 + (0.7 - 0.08 * look as f64) * rare,
            };
            let half = if data_sets > 1 {
                0.02 + 0.03 * rare
            } else {
                0.0
            };
            Spread {
                mean,
                least: mean - half,
                most: mean + 1.3 * half,
            }
        });
        DecilesLine {
            label: LABELS[look],
            look,
            tenths: tenths.collect(),
        }
    });
    let counts = [52_000, 940, 310, 150, 84, 50, 30, 18, 9, 4, 1];
    DecilesChart {
        lines: lines.collect(),
        deviation,
        occurrences: counts.windows(2).map(|pair| [pair[1], pair[0]]).collect(),
        data_sets,
    }
}

fn growth(kind: Kind) -> GrowthChart {
    let look = Kind::ALL.iter().position(|&of| of == kind).unwrap();
    let points = (1..=300_u32).map(|i| {
        let batches = f64::from(i) * 20.0;
        let of = |every: f64| ((batches / every).floor() / 9.0) as f32;
        (u64::from(i) * 20, vec![of(2.0), of(90.0), of(1_500.0)])
    });
    let feature = |name: &str, count| WatchedFeature {
        name: name.to_owned(),
        count,
    };
    GrowthChart {
        kind,
        label: LABELS[look],
        look,
        features: vec![
            feature("feature 0", 98_304),
            feature("feature 1417", 211),
            feature(
                "a very long word out of a text: Donaudampfschiffahrtsgesellschaft",
                1,
            ),
        ],
        points: points.collect(),
        batches: 8_000,
    }
}

#[test]
fn learning_is_as_committed() {
    let wide = size(640.0, 340.0);
    let loss = learning(6, Quality::Loss);
    agrees_with_snapshot("sparse-learning", &loss, &wide, &theme::LIGHT);
    let accuracy = learning(3, Quality::Accuracy);
    let narrow = size(320.0, 280.0);
    agrees_with_snapshot("sparse-accuracy-dark", &accuracy, &narrow, &theme::DARK);
}

#[test]
fn density_is_as_committed() {
    for (rules, theme, name) in [
        (3, theme::LIGHT, "sparse-density"),
        (6, theme::DARK, "sparse-density-dark"),
    ] {
        let chart = density(rules);
        let size = size(
            700.0,
            DensityChart::height_css_px(rules, 700.0, 12.0).round(),
        );
        agrees_with_snapshot(name, &chart, &size, &theme);
    }
}

#[test]
fn deciles_are_as_committed() {
    let size = size(640.0, 340.0);
    let errors = deciles(6, Deviation::FromTruth, 5);
    agrees_with_snapshot("sparse-deciles", &errors, &size, &theme::LIGHT);
    let sizes = deciles(2, Deviation::FromZero, 1);
    agrees_with_snapshot("sparse-deciles-dark", &sizes, &size, &theme::DARK);
}

#[test]
fn growth_is_as_committed() {
    let size = size(480.0, 320.0);
    agrees_with_snapshot(
        "sparse-growth",
        &growth(Kind::Adagrad),
        &size,
        &theme::LIGHT,
    );
    agrees_with_snapshot(
        "sparse-growth-none",
        &growth(Kind::Sgd),
        &size,
        &theme::DARK,
    );
}

/// What a number that is none would look like.
const NO_NUMBERS: [&str; 4] = ["NaN", "inf", "not a number", "∞"];

/// What a loss, or the size of weights in f32, may come to.
fn hostile() -> impl Strategy<Value = f64> {
    let odd = [f64::NAN, f64::INFINITY, 0.0, 1e-45, 1e38, 1e42];
    let any = any::<f32>().prop_map(|number| f64::from(number.abs()));
    prop_oneof![prop::sample::select(odd.to_vec()), any, 0.0..2.0]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Fault 13: no figure shows a number that is none, whatever the numbers are.
    #[test]
    fn no_figure_shows_a_number_that_is_none(
        numbers in prop::collection::vec(hostile(), 40),
        is_loss in any::<bool>(),
        kind in prop::sample::select(Kind::ALL.to_vec()),
    ) {
        let mut numbers = numbers.into_iter().cycle();
        let mut next = move || numbers.next().unwrap();
        let quality = if is_loss { Quality::Loss } else { Quality::Accuracy };
        let mut learning = learning(3, quality);
        for line in &mut learning.lines {
            for point in &mut line.progressive {
                point[1] = next();
            }
            line.tested = vec![Some(next()), None, Some(next())];
        }
        let mut deciles = deciles(3, Deviation::FromTruth, 5);
        for spread in deciles.lines.iter_mut().flat_map(|line| &mut line.tenths) {
            *spread = Spread { mean: next(), least: next(), most: next() };
        }
        let mut growth = growth(kind);
        for (_, states) in &mut growth.points {
            states.fill_with(|| next() as f32);
        }
        let mut density = density(3);
        for panel in &mut density.panels {
            panel.watched = [Some([next(), next()]), None, Some([next(), next()])];
        }
        for figure in [
            SparseFigure::Learning(learning),
            SparseFigure::Deciles(deciles),
            SparseFigure::Growth(growth),
            SparseFigure::Density(density),
        ] {
            let document = svg::document(&figure, &size(500.0, 320.0), &theme::LIGHT).unwrap();
            is_balanced(&document);
            for word in NO_NUMBERS {
                prop_assert!(!document.contains(word), "{word}");
            }
        }
    }
}

/// Before there is an accumulator to show, a sentence stands in place of axes of 1.000 to 1.020.
#[test]
fn accumulators_that_are_none_have_a_sentence() {
    for states in [vec![], vec![f32::NAN, 0.0, f32::INFINITY]] {
        let mut chart = growth(Kind::Adagrad);
        chart.points = vec![(20, states)];
        let document = svg::document(&chart, &size(480.0, 320.0), &theme::LIGHT).unwrap();
        assert!(
            document.contains("has no accumulator above 0"),
            "{document}"
        );
    }
}

/// Every figure with what a race may give it at any moment.
fn every_figure() -> Vec<(String, SparseFigure)> {
    let mut all = Vec::new();
    for rules in 0..=6 {
        for quality in [Quality::Loss, Quality::Accuracy, Quality::Auc] {
            let chart = learning(rules, quality);
            let mut beginning = chart.clone();
            let mut untested = chart.clone();
            let mut diverged = chart.clone();
            for line in &mut beginning.lines {
                line.progressive.truncate(1);
                line.tested.clear();
            }
            for line in &mut untested.lines {
                line.progressive.clear();
                line.tested = vec![None; 3];
            }
            for line in &mut diverged.lines {
                line.progressive = vec![[0.5, f64::INFINITY], [1.0, f64::NAN]];
                line.tested = vec![Some(f64::NAN), Some(f64::INFINITY), Some(1e30)];
            }
            let name = format!("learning {quality:?} {rules}");
            for chart in [chart, beginning, untested, diverged] {
                all.push((name.clone(), SparseFigure::Learning(chart)));
            }
        }
        let chart = density(rules);
        let mut flat = chart.clone();
        let mut empty = chart.clone();
        for panel in &mut flat.panels {
            panel.density.rate = [0.0, 0.0];
            panel.density.frequency = [-2.0, -2.0];
        }
        for panel in &mut empty.panels {
            panel.density.counts.clear();
            panel.density.size = [0, 0];
            panel.watched = [None, Some([0.0, f64::NAN]), Some([f64::INFINITY, 1.0])];
        }
        for chart in [chart, flat, empty] {
            all.push((format!("density {rules}"), SparseFigure::Density(chart)));
        }
        for deviation in [Deviation::FromTruth, Deviation::FromZero] {
            let chart = deciles(rules, deviation, 5);
            let mut few = chart.clone();
            few.occurrences = vec![[1, 1]];
            let mut diverged = chart.clone();
            for line in &mut few.lines {
                line.tenths.truncate(1);
            }
            for line in &mut diverged.lines {
                for spread in &mut line.tenths {
                    spread.mean = f64::NAN;
                    spread.most = f64::INFINITY;
                }
            }
            for chart in [chart, few, diverged] {
                let name = format!("deciles {deviation:?} {rules}");
                all.push((name, SparseFigure::Deciles(chart)));
            }
        }
    }
    for kind in Kind::ALL {
        let chart = growth(kind);
        let mut empty = chart.clone();
        empty.points.clear();
        let mut odd = chart.clone();
        odd.features.clear();
        odd.points = vec![(1, vec![]), (2, vec![f32::NAN, -1.0, 0.0, 7.0])];
        for chart in [chart, empty, odd] {
            all.push((format!("growth {kind:?}"), SparseFigure::Growth(chart)));
        }
    }
    all
}

struct Text {
    text: String,
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

/// The texts of a document with about the boxes that their ink fills, in CSS pixels.
fn texts(document: &str) -> Vec<Text> {
    let texts = document.split("<text ").skip(1).map(|element| {
        let attribute = |name: &str| {
            let (_, rest) = element
                .split_once(&format!("{name}=\""))
                .unwrap_or(("", "\""));
            rest.split_once('"').unwrap().0.to_owned()
        };
        let number = |name: &str| attribute(name).parse::<f64>().unwrap() / 8.0;
        let (_, text) = element.split_once('>').unwrap();
        let text = text.split_once('<').unwrap().0.trim();
        let text = text.replace("&lt;", "<");
        // plotters writes a size 1/1.24 of the one asked for: that is the browser's.
        let size = number("font-size");
        // Digits and letters of the usual fonts are 0.5 to 0.55 em wide on average.
        let width = 0.54 * size * text.chars().count() as f64;
        let left = match attribute("text-anchor").as_str() {
            "end" => number("x") - width,
            "middle" => number("x") - width / 2.0,
            _ => number("x"),
        };
        // `dy` moves the baseline: by 0.76 em for text held at its top, 0.5 ex in the middle.
        let baseline = match attribute("dy").as_str() {
            "0.76em" => number("y") + 0.76 * size,
            "0.5ex" => number("y") + 0.25 * size,
            "-0.5ex" => number("y") - 0.25 * size,
            _ => number("y"),
        };
        Text {
            text: text.to_owned(),
            left,
            right: left + width,
            top: baseline - 0.72 * size,
            bottom: baseline + 0.1 * size,
        }
    });
    texts.collect()
}

/// No two texts lie upon each other and none leaves the figure, whatever the data and the width.
#[test]
fn text_stays_apart_and_inside() {
    for width in [300.0, 420.0, 640.0, 1000.0] {
        for (name, figure) in every_figure() {
            let height = match &figure {
                SparseFigure::Density(chart) => {
                    DensityChart::height_css_px(chart.panels.len(), width, 12.0).round()
                }
                _ => 300.0,
            };
            let document = svg::document(&figure, &size(width, height), &theme::LIGHT).unwrap();
            is_balanced(&document);
            for word in NO_NUMBERS {
                assert!(!document.contains(word), "{name} at {width} shows {word}");
            }
            let texts = texts(&document);
            for (i, a) in texts.iter().enumerate() {
                let is_inside = a.left > -2.0
                    && a.right < width + 2.0
                    && a.top > -1.0
                    && a.bottom < height + 1.0;
                assert!(
                    is_inside,
                    "{name} at {width}: “{}” leaves the figure",
                    a.text
                );
                for b in &texts[i + 1..] {
                    let across = a.left < b.right && b.left < a.right;
                    let down = a.top < b.bottom && b.top < a.bottom;
                    let (a, b) = (&a.text, &b.text);
                    assert!(!(across && down), "{name} at {width}: “{a}” upon “{b}”");
                }
            }
        }
    }
}

/// Evidence: the watched features' rings in the drawing, whose data is known.
#[test]
fn a_click_finds_what_is_drawn() {
    for (width, height) in [(320.0, 900.0), (700.0, 420.0)] {
        let chart = density(4);
        let size = size(width, height);
        let document = svg::document(&chart, &size, &theme::LIGHT).unwrap();
        let circles = document.split("<circle ").skip(1);
        let circles = circles.map(|circle| circle.split_once('>').unwrap().0);
        let rings = circles.filter(|circle| circle.contains("fill=\"none\""));
        let centres: Vec<[f64; 2]> = rings
            .map(|ring| {
                ["cx=\"", "cy=\""].map(|name| {
                    let (_, rest) = ring.split_once(name).unwrap();
                    rest.split_once('"').unwrap().0.parse::<f64>().unwrap() / 8.0
                })
            })
            .collect();
        assert_eq!(centres.len(), 4 * 3);
        for (place, centre) in centres.iter().enumerate() {
            let (panel, frequency, rate) = chart.frequency_at(&size, *centre).unwrap();
            assert_eq!(panel, place / 3);
            let [of, its_rate] = chart.panels[panel].watched[place % 3].unwrap();
            // Centres are drawn to 1/16 pixel, and a decade takes 25 pixels at least.
            assert!((frequency - of.log10()).abs() < 3e-3, "{frequency} {of}");
            assert!((rate - its_rate.log10()).abs() < 3e-3, "{rate} {its_rate}");
        }
        assert_eq!(chart.frequency_at(&size, [2.0, 2.0]), None);
    }
}

/// A pixel's worth of figures is no fault either.
#[test]
fn no_room_is_no_fault() {
    for (_, figure) in every_figure() {
        for (width, height) in [(1.0, 1.0), (40.0, 600.0), (600.0, 20.0)] {
            let drawn = svg::document(&figure, &size(width, height), &theme::LIGHT).unwrap();
            assert!(!drawn.contains("NaN"));
        }
    }
}
