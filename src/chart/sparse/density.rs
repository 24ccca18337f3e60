//! Effective learning rate against how often features occur, over all of them.

use plotters_backend::DrawingBackend;
use plotters_backend::text_anchor::{HPos, VPos};

use super::WATCHED_MARKERS;
use crate::chart::frame::{self, AxisTitles, BOTTOM_EM, LEFT_EM, RIGHT_EM};
use crate::chart::painter::{Drawn, Label, Painter, Stroke, estimated_width};
use crate::chart::projection::{Axis, Pixel, Projection, Rect};
use crate::chart::theme::{ChartTheme, blend};
use crate::chart::{Figure, FigureSize, ticks};
use crate::math::{ln, log10, pow};
use crate::number::grouped;
use crate::sparse::frequency::Density;

/// One rule's rates.
#[derive(Clone, Debug, PartialEq)]
pub struct DensityPanel {
    /// The rule's name on the page.
    pub label: &'static str,
    /// Its place in the experiment's list: its [look](ChartTheme::look).
    pub look: usize,
    /// How many features have which frequency and rate.
    pub density: Density,
    /// The watched features: the share of training examples each occurs in and its effective rate;
    /// none where it has none.
    pub watched: [Option<[f64; 2]>; 3],
    /// Whether the line rate ∝ 1/√frequency is drawn: what Adagrad comes to where the gradients of
    /// active features are of one size.
    pub has_guide: bool,
}

/// Effective rate (upwards) against frequency (across), both on logarithmic scales, a panel for
/// each rule and the same axes for all.
///
/// A cell is the darker, in the rule's colour, the larger the logarithm of its number of features.
#[derive(Clone, Debug, PartialEq)]
pub struct DensityChart {
    /// One for each rule shown, 1 to 6.
    pub panels: Vec<DensityPanel>,
}

/// The most panels beside each other.
const MOST_COLUMNS: usize = 3;
/// A panel's width over its height that looks best.
const ASPECT: f64 = 1.35;
/// Sizes in that of the figure's text: above all panels, for a title, and between two of them.
const TOP_EM: f64 = 1.7;
const GAP_EM: f64 = 1.4;
/// From a panel to the heading below it.
const ABOVE_HEADING_EM: f64 = 0.7;
/// A line of a panel's heading.
const HEADING_EM: f64 = 1.35;
/// Size of the number of features.
const COUNT_EM: f64 = 0.85;

/// Where the panels are.
struct Layout {
    areas: Vec<Rect>,
    columns: usize,
    /// Whether a heading takes two lines.
    is_stacked: bool,
}

impl DensityPanel {
    fn features(&self) -> u32 {
        self.density.counts.iter().sum()
    }

    fn count_text(&self) -> String {
        match self.features() {
            1 => "1 feature".to_owned(),
            several => [&grouped(f64::from(several)), " features"].concat(),
        }
    }

    /// The cells with features: log₁₀ of frequency from and to, log₁₀ of rate from and to, count.
    fn cells(&self) -> impl Iterator<Item = ([f64; 2], [f64; 2], u32)> {
        let Density {
            size: [columns, rows],
            frequency,
            rate,
            ..
        } = self.density;
        let counts = self.density.counts.iter().enumerate();
        counts
            .filter(|(_, count)| **count > 0)
            .map(move |(place, &count)| {
                let columns = columns.max(1);
                let (column, row) = (place % columns, place / columns);
                let across = edges(frequency, columns, column);
                (across, edges(rate, rows.max(1), row), count)
            })
    }

    /// log₁₀ of rate + ½ log₁₀ of frequency along the guide: that of the columns' mean, in the
    /// middle of all columns, so that features never met do not lift it.
    fn guide(&self) -> Option<f64> {
        // Column by its left edge: (Σ count, Σ count × offset).
        let mut columns: Vec<(f64, f64, f64)> = Vec::new();
        let mut cells: Vec<_> = self.cells().collect();
        cells.sort_by(|([a, _], ..), ([b, _], ..)| a.total_cmp(b));
        for ([left, right], [low, high], count) in cells {
            let offset = (low + high) / 2.0 + (left + right) / 4.0;
            let count = f64::from(count);
            match columns.last_mut() {
                Some((of, counts, sum)) if *of == left => {
                    *counts += count;
                    *sum += count * offset;
                }
                _ => columns.push((left, count, count * offset)),
            }
        }
        let offsets = columns.iter().map(|(_, counts, sum)| sum / counts);
        let mut offsets: Vec<f64> = offsets.collect();
        offsets.sort_by(f64::total_cmp);
        offsets.get(offsets.len() / 2).copied()
    }
}

/// From where to where a cell of so many reaches; a range without width is one narrow cell.
fn edges([low, high]: [f64; 2], cells: usize, cell: usize) -> [f64; 2] {
    if high > low {
        let edge = |cell: usize| low + (high - low) * cell as f64 / cells as f64;
        [edge(cell), edge(cell + 1)]
    } else {
        [low - 0.02, low + 0.02]
    }
}

impl DensityChart {
    /// The height at which so many panels have the best shape for that width, in CSS pixels.
    #[must_use]
    pub fn height_css_px(panels: usize, width_css_px: f64, font_css_px: f64) -> f64 {
        let em = font_css_px;
        let count = panels.max(1);
        // A panel is wide enough from 14 em on.
        let room = width_css_px - (LEFT_EM + RIGHT_EM) * em;
        let fit = ((room / (14.0 * em)) as usize).clamp(1, MOST_COLUMNS);
        let rows = count.div_ceil(fit);
        let columns = count.div_ceil(rows);
        let width = (room - GAP_EM * em * (columns - 1) as f64) / columns as f64;
        let around = 2.0 * HEADING_EM + ABOVE_HEADING_EM + 0.2;
        let panel = (width / ASPECT).min(20.0 * em) + around * em;
        (TOP_EM + BOTTOM_EM) * em + panel * rows as f64
    }

    fn layout(&self, size: &FigureSize) -> Layout {
        let em = size.font_css_px;
        let count = self.panels.len().max(1);
        let [across, down] = [
            size.width_css_px - (LEFT_EM + RIGHT_EM) * em,
            size.height_css_px - (TOP_EM + BOTTOM_EM) * em,
        ];
        let shape = |columns: usize| {
            let rows = count.div_ceil(columns);
            let width = (across - GAP_EM * em * (columns - 1) as f64) / columns as f64;
            let is_stacked = self.panels.iter().any(|panel| {
                let count = estimated_width(&panel.count_text(), COUNT_EM * em);
                estimated_width(panel.label, 1.08 * em) + 0.8 * em + count > width
            });
            let lines = if is_stacked { 2.0 } else { 1.0 };
            let heading = (HEADING_EM * lines + 0.2) * em;
            (width, down / rows as f64, heading, is_stacked)
        };
        let mut columns = 1;
        let mut best = f64::NEG_INFINITY;
        for tried in 1..=MOST_COLUMNS.min(count) {
            let (width, height, heading, _) = shape(tried);
            let score = (width / ASPECT).min(height - heading - ABOVE_HEADING_EM * em);
            // With as many rows, more columns only leave a gap.
            if score > best && (tried == 1 || count.div_ceil(tried) < count.div_ceil(tried - 1)) {
                (columns, best) = (tried, score);
            }
        }
        let (width, height, heading, is_stacked) = shape(columns);
        let area = |place: usize| {
            let left = LEFT_EM * em + (place % columns) as f64 * (width + GAP_EM * em);
            let top = TOP_EM * em + (place / columns) as f64 * height;
            Rect {
                left,
                top: top + heading,
                right: left + width,
                bottom: top + height - ABOVE_HEADING_EM * em,
            }
        };
        Layout {
            areas: (0..count).map(area).collect(),
            columns,
            is_stacked,
        }
    }

    /// The shared axes: frequency, rate.
    fn axes(&self) -> [Axis; 2] {
        let axis = |range: fn(&Density) -> [f64; 2]| {
            let ranges = self.panels.iter().filter(|panel| panel.features() > 0);
            let all = ranges
                .map(|panel| range(&panel.density))
                .reduce(|[low, high], [l, h]| [low.min(l), high.max(h)]);
            let [low, high] = all.unwrap_or([-1.0, 0.0]);
            let room = if high > low { 0.03 * (high - low) } else { 0.5 };
            Axis::log(pow(10.0, low - room), pow(10.0, high + room))
        };
        [
            axis(|density| density.frequency),
            axis(|density| density.rate),
        ]
    }

    /// What is drawn at `pixel`: the place of its panel, log₁₀ of the frequency, and log₁₀ of the
    /// rate; none outside the panels.
    #[must_use]
    pub fn frequency_at(&self, size: &FigureSize, pixel: Pixel) -> Option<(usize, f64, f64)> {
        let [x, y] = self.axes();
        let areas = self.layout(size).areas.into_iter();
        let mut areas = areas.take(self.panels.len()).enumerate();
        let (place, area) = areas.find(|(_, area)| area.contains(pixel))?;
        let [frequency, rate] = Projection { area, x, y }.data_from_pixel(pixel);
        Some((place, log10(frequency), log10(rate)))
    }

    /// Grid, frame and, where no panel is between them and the figure's edge, labels.
    fn draw_axes<B: DrawingBackend>(
        painter: &mut Painter<'_, B>,
        projection: &Projection,
        [is_leftmost, is_lowest]: [bool; 2],
        size: &FigureSize,
        theme: &ChartTheme,
    ) -> Drawn<B> {
        let em = size.font_css_px;
        let area = projection.area;
        let grid = Stroke::solid(theme.grid, 1.0);
        let label = Label::new(theme.muted, em).held(HPos::Center, VPos::Top);
        let mut free_from = area.left - 0.7 * em;
        for tick in ticks::ticks(&projection.x, (area.width() / (4.6 * em)) as usize) {
            let x = projection.pixel_x(tick.value);
            painter.line([x, area.top], [x, area.bottom], &grid)?;
            let half = estimated_width(&tick.label, em) / 2.0;
            if is_lowest && x - half >= free_from && x + half <= area.right + 0.7 * em {
                painter.text(&tick.label, [x, area.bottom + 0.5 * em], &label)?;
                free_from = x + half + 0.5 * em;
            }
        }
        let mut free_below = area.bottom + 0.7 * em;
        for tick in frame::y_ticks(projection, size) {
            let y = projection.pixel_y(tick.value);
            painter.line([area.left, y], [area.right, y], &grid)?;
            if is_leftmost && y + 0.5 * em <= free_below {
                frame::draw_y_label(painter, &tick.label, y, projection, size, theme)?;
                free_below = y - 0.8 * em;
            }
        }
        painter.outline_rect(&area, &Stroke::solid(theme.axis, 1.0))
    }
}

impl Figure for DensityChart {
    fn draw<B: DrawingBackend>(
        &self,
        painter: &mut Painter<'_, B>,
        size: &FigureSize,
        theme: &ChartTheme,
    ) -> Drawn<B> {
        let em = size.font_css_px;
        let [x, y] = self.axes();
        let layout = self.layout(size);
        let counts = self.panels.iter().flat_map(|panel| &panel.density.counts);
        let most = counts.copied().max().unwrap_or_default().max(2);
        let mut is_guide_named = false;
        for (place, &area) in layout.areas.iter().enumerate() {
            let projection = Projection { area, x, y };
            let is_leftmost = place % layout.columns == 0;
            let is_lowest = place + layout.columns >= layout.areas.len();
            let sides = [is_leftmost, is_lowest];
            Self::draw_axes(painter, &projection, sides, size, theme)?;
            let Some(panel) = self.panels.get(place) else {
                continue;
            };
            let color = theme.look(panel.look).color;
            let pixel = |[frequency, rate]: [f64; 2]| {
                projection.pixel_from_data([pow(10.0, frequency), pow(10.0, rate)])
            };
            for (across, up, count) in panel.cells() {
                let [low_x, low_y] = pixel([across[0], up[0]]);
                let [high_x, high_y] = pixel([across[1], up[1]]);
                // On whole pixels, or seams are seen between neighbours.
                let cell = Rect {
                    left: low_x.floor(),
                    top: high_y.floor(),
                    right: high_x.floor().max(low_x.floor() + 1.0),
                    bottom: low_y.floor().max(high_y.floor() + 1.0),
                };
                // One feature is seen, too.
                let share = 0.2 + 0.8 * ln(f64::from(count)) / ln(f64::from(most));
                painter.fill_rect(&cell, blend(theme.background, color, share), 1.0)?;
            }
            if let Some(offset) = panel.guide().filter(|_| panel.has_guide) {
                let ends = [log10(x.min()), log10(x.max())];
                let ends = ends.map(|frequency| pixel([frequency, offset - frequency / 2.0]));
                let stroke = Stroke::solid(theme.step, 1.75).dashed(6.0, 4.0);
                painter.polyline(ends, Some(&area), &stroke)?;
                if !is_guide_named {
                    is_guide_named = true;
                    draw_guide_name(painter, &area, size, theme)?;
                }
            }
            for (marker, at) in WATCHED_MARKERS.into_iter().zip(panel.watched) {
                let Some([frequency, rate]) = at.filter(|at| at.iter().all(|v| *v > 0.0)) else {
                    continue;
                };
                let [x, y] = projection.pixel_from_data([frequency, rate]);
                let at = [
                    x.max(area.left).min(area.right),
                    y.max(area.top).min(area.bottom),
                ];
                painter.disc(at, 0.62 * em, theme.background, 1.0)?;
                painter.ring(at, 0.62 * em, &Stroke::solid(theme.ink, 1.0))?;
                painter.marker(marker, at, 0.36 * em, theme.ink)?;
            }
            draw_heading(painter, panel, &area, layout.is_stacked, size, theme)?;
        }
        let titles = AxisTitles {
            x: "feature frequency, log scale",
            y: "effective learning rate, log scale",
        };
        let right = size.width_css_px - RIGHT_EM * em;
        frame::draw_titles(painter, right, &titles, size, theme)
    }
}

/// The rule's name and how many features have a rate: on one line, or on two.
fn draw_heading<B: DrawingBackend>(
    painter: &mut Painter<'_, B>,
    panel: &DensityPanel,
    area: &Rect,
    is_stacked: bool,
    size: &FigureSize,
    theme: &ChartTheme,
) -> Drawn<B> {
    let em = size.font_css_px;
    let last = area.top - 0.3 * em;
    let first = if is_stacked {
        last - HEADING_EM * em
    } else {
        last
    };
    // A long name gets smaller rather than run into the next panel; bold is wider than estimated.
    let name_em = em * (area.width() / estimated_width(panel.label, 1.08 * em)).min(1.0);
    let name = Label::new(theme.ink, name_em).bold();
    let name = name.held(HPos::Left, VPos::Bottom);
    painter.text(panel.label, [area.left, first], &name)?;
    let count = Label::new(theme.muted, COUNT_EM * em);
    let (x, side) = if is_stacked {
        (area.left, HPos::Left)
    } else {
        (area.right, HPos::Right)
    };
    painter.text(
        &panel.count_text(),
        [x, last],
        &count.held(side, VPos::Bottom),
    )
}

/// A sample of the guide and what it is, in the corner that a falling line leaves free.
fn draw_guide_name<B: DrawingBackend>(
    painter: &mut Painter<'_, B>,
    area: &Rect,
    size: &FigureSize,
    theme: &ChartTheme,
) -> Drawn<B> {
    const NAME: &str = "∝ 1/√frequency";
    let em = (0.9 * size.font_css_px).min(area.width() / 11.0);
    let width = estimated_width(NAME, em);
    let y = area.top + 0.9 * em;
    let middle = area.right - 0.4 * em - width / 2.0;
    let label = Label::new(theme.step, em);
    painter.text_on_plate(NAME, [middle, y], &label, theme.background)
}
