//! The effective learning rates of both coordinates at the cursor's step, as bars.

use plotters_backend::DrawingBackend;
use plotters_backend::text_anchor::{HPos, VPos};

use super::frame;
use super::painter::{Drawn, Label, Painter, Stroke, estimated_width};
use super::projection::{Axis, Projection, Rect};
use super::theme::{ChartTheme, Rgb};
use super::ticks;
use super::{Figure, FigureSize, Runs};
use crate::number::significant;
use crate::objective::Vector;
use crate::trajectory::Trajectory;

/// One bar per coordinate and rule from 0, its value written out, its first rate as an outline, and
/// a tick mark for every run the selected one is compared with.
///
/// The axis reaches the largest rate of the whole run, so that bars shrink as the cursor moves. The
/// colours are the coordinates' for one rule, the rules' for several.
#[derive(Clone, Debug)]
pub struct RatesChart(pub Runs);

/// One bar.
struct Bar<'a> {
    run: &'a Trajectory,
    coordinate: usize,
    is_selected: bool,
    name: Label,
    text: &'static str,
    color: Rgb,
    /// In CSS pixels from the figure's upper edge.
    top: f64,
    bottom: f64,
}

impl Figure for RatesChart {
    fn draw<B: DrawingBackend>(
        &self,
        painter: &mut Painter<'_, B>,
        size: &FigureSize,
        theme: &ChartTheme,
    ) -> Drawn<B> {
        let Self(runs) = self;
        let em = size.font_css_px;
        let area = frame::data_area(size);
        let area = Rect {
            left: if runs.compares_rules() {
                // Room for the rules' names, but for the bars first: names then get smaller.
                let names = longest_name(runs, NAME_EM * em) + NAME_GAP_EM * em;
                names.min(0.42 * size.width_css_px)
            } else {
                2.4 * em
            },
            ..area
        };
        let [smallest, largest] = extreme_rates(runs);
        let projection = Projection {
            area,
            x: Axis::linear(1.02 * smallest, 1.02 * largest),
            y: Axis::linear(0.0, 1.0),
        };
        let muted = Label::new(theme.muted, em);
        for tick in ticks::ticks(&projection.x, (area.width() / (5.0 * em)) as usize) {
            let x = projection.pixel_x(tick.value);
            painter.line(
                [x, area.top],
                [x, area.bottom],
                &Stroke::solid(theme.grid, 1.0),
            )?;
            painter.text(
                &tick.label,
                [x, area.bottom + 0.35 * em],
                &muted.held(HPos::Center, VPos::Top),
            )?;
        }
        let zero = projection.pixel_x(0.0);
        painter.line(
            [zero, area.top],
            [zero, area.bottom],
            &Stroke::solid(theme.axis, 1.0),
        )?;
        painter.text(
            "rate at this step",
            [0.3 * em, 0.3 * em],
            &muted.held(HPos::Left, VPos::Top),
        )?;
        painter.text(
            "dotted: at step 1",
            [area.right, size.height_css_px - 0.15 * em],
            &muted.held(HPos::Right, VPos::Bottom),
        )?;
        if runs.compares_rules() {
            draw_headings(painter, runs, &area, em, theme)?;
        }
        for bar in bars(runs, &area, em, theme) {
            draw_bar(painter, &bar, runs, &projection, em, theme)?;
        }
        Ok(())
    }
}

/// Size of the rules' names beside their bars, in the size of the figure's text.
const NAME_EM: f64 = 0.9;
/// What is free on both sides of them together.
const NAME_GAP_EM: f64 = 0.8;
/// Height of a coordinate's heading above its group of bars.
const HEADING_EM: f64 = 1.5;

/// The width of the longest of the rules' names, in the size given. The selected one is bold.
fn longest_name(runs: &Runs, size_css_px: f64) -> f64 {
    const BOLD: f64 = 1.12;
    let names = runs.lines.iter().map(|line| line.label);
    let widths = names.map(|name| BOLD * estimated_width(name, size_css_px));
    widths.fold(0.0, f64::max)
}

/// The upper edge of a coordinate's group of bars, its heading included, and the group's height.
fn group(runs: &Runs, area: &Rect, coordinate: usize) -> [f64; 2] {
    let height = area.height() / runs.dimension.max(1) as f64;
    [area.top + coordinate as f64 * height, height]
}

fn coordinate_name(coordinate: usize, dimension: usize) -> &'static str {
    match (coordinate, dimension) {
        (0, 1) => "x",
        (0, _) => "x₁",
        _ => "x₂",
    }
}

/// The coordinates' names above their groups.
fn draw_headings<B: DrawingBackend>(
    painter: &mut Painter<'_, B>,
    runs: &Runs,
    area: &Rect,
    em: f64,
    theme: &ChartTheme,
) -> Drawn<B> {
    let label = Label::new(theme.ink, em).bold();
    for coordinate in 0..runs.dimension {
        let [top, _] = group(runs, area, coordinate);
        let name = coordinate_name(coordinate, runs.dimension);
        let at = [area.left - 0.5 * em, top + HEADING_EM * em / 2.0];
        painter.text(name, at, &label.held(HPos::Right, VPos::Center))?;
    }
    Ok(())
}

/// Every coordinate's bars, in the rules' order.
fn bars<'a>(runs: &'a Runs, area: &Rect, em: f64, theme: &ChartTheme) -> Vec<Bar<'a>> {
    let selected = runs.selected_line();
    let room = area.left - NAME_GAP_EM * em;
    let fitting = NAME_EM * em * (room / longest_name(runs, NAME_EM * em)).min(1.0);
    let mut bars = Vec::new();
    for (coordinate, &own) in theme.coordinates.iter().enumerate().take(runs.dimension) {
        let [top, height] = group(runs, area, coordinate);
        let heading = if runs.compares_rules() {
            HEADING_EM * em
        } else {
            0.0
        };
        let row = (height - heading) / runs.lines.len().max(1) as f64;
        // A lone bar is half as high as its row.
        let gap = if runs.compares_rules() { 0.1 } else { 0.24 } * row;
        for (place, line) in runs.lines.iter().enumerate() {
            let row_top = top + heading + place as f64 * row;
            let is_selected = selected.is_some_and(|selected| std::ptr::eq(selected, line));
            let (color, text, name) = if runs.compares_rules() {
                let color = theme.look(line.look).color;
                let name = Label::new(theme.ink, fitting.min(0.9 * row));
                let name = if is_selected { name.bold() } else { name };
                (color, line.label, name)
            } else {
                let text = coordinate_name(coordinate, runs.dimension);
                (own, text, Label::new(own, 1.1 * em).bold())
            };
            bars.push(Bar {
                run: &line.run,
                coordinate,
                is_selected,
                name: name.held(HPos::Right, VPos::Center),
                text,
                color,
                top: row_top + gap,
                bottom: row_top + row - gap,
            });
        }
    }
    bars
}

fn draw_bar<B: DrawingBackend>(
    painter: &mut Painter<'_, B>,
    bar: &Bar<'_>,
    runs: &Runs,
    projection: &Projection,
    em: f64,
    theme: &ChartTheme,
) -> Drawn<B> {
    let area = projection.area;
    let zero = projection.pixel_x(0.0);
    let rate = |run: &Trajectory, t: usize| {
        let [first, second] = rates(run, t);
        if bar.coordinate == 0 { first } else { second }
    };
    let spanned = |rate: f64| {
        let end = projection.pixel_x(rate).max(area.left).min(area.right);
        Rect {
            left: zero.min(end),
            right: zero.max(end),
            top: bar.top,
            bottom: bar.bottom,
        }
    };
    // Before the first step the bars show the rate that step will use.
    let now = rate(bar.run, runs.cursor.max(1));
    let now_bar = spanned(now);
    painter.fill_rect(&now_bar, bar.color, 1.0)?;
    let end_of_first = projection
        .pixel_x(rate(bar.run, 1))
        .max(area.left)
        .min(area.right);
    painter.polyline(
        [
            [zero, bar.top],
            [end_of_first, bar.top],
            [end_of_first, bar.bottom],
            [zero, bar.bottom],
        ],
        None,
        &Stroke::solid(bar.color, 1.25).dashed(2.0, 3.0),
    )?;
    let compared = [(&runs.ghost, theme.ghost), (&runs.pinned, theme.pinned)];
    for (run, color) in compared {
        let Some(run) = run.as_ref().filter(|_| bar.is_selected) else {
            continue;
        };
        let x = projection.pixel_x(rate(run, runs.cursor.max(1)));
        painter.line(
            [x, bar.top - 0.3 * em],
            [x, bar.bottom + 0.3 * em],
            &Stroke::solid(color, 2.5),
        )?;
    }
    let middle = (bar.top + bar.bottom) / 2.0;
    // Many bars in a small figure have less height than ordinary text.
    let em = em.min(bar.bottom - bar.top);
    painter.text(bar.text, [area.left - 0.5 * em, middle], &bar.name)?;
    let value = significant(now, 3);
    let width = estimated_width(&value, em) + em;
    let (left, right) = (now_bar.left - area.left, area.right - now_bar.right);
    if right < width && now_bar.width() >= width {
        let inside = Label::new(theme.background, em).bold();
        let at = [now_bar.right - 0.5 * em, middle];
        return painter.text(&value, at, &inside.held(HPos::Right, VPos::Center));
    }
    // Beside the bar, where there is more room; smaller, where that is not enough.
    let room = if right < width {
        left.max(right)
    } else {
        right
    };
    let size = em * (room / width).min(1.0);
    let half = 0.5 * width.min(room);
    let x = if right < width && left > right {
        now_bar.left - 0.1 * em - half
    } else {
        now_bar.right + 0.1 * em + half
    };
    let label = Label::new(theme.ink, size).bold();
    painter.text_on_plate(&value, [x, middle], &label, theme.background)
}

/// The rates of step t; 0 for a run that took none.
fn rates(run: &Trajectory, t: usize) -> Vector {
    run.record(t)
        .map_or([0.0, 0.0], |step| step.effective_learning_rate)
}

/// What the axis reaches: the smallest rate, 0 unless some are below, and the largest of all runs.
///
/// One rule's rates may be beyond all others', as where it divides by next to nothing: past
/// [`FARTHEST`] times the second largest they leave the figure, so that the others can be seen.
fn extreme_rates(runs: &Runs) -> [f64; 2] {
    let lines = runs.lines.iter().map(|line| &line.run);
    let all = lines.chain(&runs.ghost).chain(&runs.pinned);
    let extremes = all.map(|run| {
        let [smallest, largest] = run.effective_learning_rate_range;
        let of_all = |rates: Vector, pick: fn(f64, f64) -> f64| {
            rates.into_iter().take(runs.dimension).fold(0.0, pick)
        };
        [of_all(smallest, f64::min), of_all(largest, f64::max)]
    });
    let (lowest, highest): (Vec<_>, Vec<_>) = extremes.map(|[low, high]| (-low, high)).unzip();
    let [low, high] = [lowest, highest].map(|mut sizes| {
        sizes.sort_unstable_by(|a, b| b.total_cmp(a));
        match *sizes.as_slice() {
            [first, second, ..] if second > 0.0 && runs.compares_rules() => {
                first.min(FARTHEST * second)
            }
            [first, ..] => first,
            [] => 0.0,
        }
    });
    // One rule's descent below 0 is an outlier, too.
    let low = if runs.compares_rules() && high > 0.0 {
        low.min(high)
    } else {
        low
    };
    let is_empty = low == 0.0 && high == 0.0;
    [-low, if is_empty { 1.0 } else { high }]
}

/// How far the largest rate may leave the others behind.
const FARTHEST: f64 = 2.5;
