//! Level curves of a function by marching squares (Lorensen & Cline 1987, in the plane), and the
//! levels worth drawing.

use crate::math::log10;
use crate::objective::Vector;

/// A function sampled on a regular grid over a rectangle of the plane.
#[derive(Clone, Debug)]
pub(super) struct Field {
    origin: Vector,
    spacing: Vector,
    columns: usize,
    rows: usize,
    values: Vec<f64>,
}

/// One level curve: its pieces, each a polyline in the plane.
#[derive(Clone, Debug)]
pub(super) struct LevelCurve {
    pub(super) level: f64,
    pub(super) pieces: Vec<Vec<Vector>>,
}

/// How often a segment is halved at most.
const MOST_HALVINGS: u32 = 4;

impl LevelCurve {
    /// The same curve, with points on the level itself and as many between them as it takes for no chord
    /// to lie farther than about `tolerance` from the level, in units of the plane.
    ///
    /// A point is moved along the gradient, x − (f(x) − level) ∇f(x) / |∇f(x)|², which is Newton's method
    /// for the level. One that would go farther than half of its segment stays where it is: there the
    /// function turns faster than the grid can tell.
    pub(super) fn refined(
        self,
        value: impl Fn(Vector) -> f64,
        gradient: impl Fn(Vector) -> Vector,
        tolerance: f64,
    ) -> Self {
        let level = self.level;
        let onto_level = |point: Vector, reach: f64| {
            let [g1, g2] = gradient(point);
            let step = (value(point) - level) / (g1 * g1 + g2 * g2);
            let moved = [point[0] - step * g1, point[1] - step * g2];
            // Not a number is no reach either.
            if distance(point, moved) <= reach {
                moved
            } else {
                point
            }
        };
        let refined = |piece: Vec<Vector>| {
            let reach = piece.windows(2).map(length).fold(0.0, f64::max) / 2.0;
            let points: Vec<Vector> = piece
                .into_iter()
                .map(|point| onto_level(point, reach))
                .collect();
            let mut curve: Vec<Vector> = points.first().copied().into_iter().collect();
            for pair in points.windows(2) {
                if let &[from, to] = pair {
                    halve(from, to, &onto_level, tolerance, MOST_HALVINGS, &mut curve);
                    curve.push(to);
                }
            }
            curve
        };
        Self {
            level,
            pieces: self.pieces.into_iter().map(refined).collect(),
        }
    }
}

/// Adds the points between `from` and `to` that the level needs.
fn halve(
    from: Vector,
    to: Vector,
    onto_level: &impl Fn(Vector, f64) -> Vector,
    tolerance: f64,
    halvings: u32,
    curve: &mut Vec<Vector>,
) {
    let middle = [(from[0] + to[0]) / 2.0, (from[1] + to[1]) / 2.0];
    let on_level = onto_level(middle, distance(from, to) / 2.0);
    if halvings == 0 || distance(middle, on_level) <= tolerance {
        return;
    }
    halve(from, on_level, onto_level, tolerance, halvings - 1, curve);
    curve.push(on_level);
    halve(on_level, to, onto_level, tolerance, halvings - 1, curve);
}

fn length(pair: &[Vector]) -> f64 {
    match pair {
        &[from, to] => distance(from, to),
        _ => 0.0,
    }
}

fn distance(a: Vector, b: Vector) -> f64 {
    (a[0] - b[0]).hypot(a[1] - b[1])
}

impl Field {
    /// Samples `f` at `columns` × `rows` points from `low` to `high` (corners included).
    pub(super) fn sample(
        f: impl Fn(Vector) -> f64,
        low: Vector,
        high: Vector,
        columns: usize,
        rows: usize,
    ) -> Self {
        let (columns, rows) = (columns.max(2), rows.max(2));
        let spacing = [
            (high[0] - low[0]) / (columns - 1) as f64,
            (high[1] - low[1]) / (rows - 1) as f64,
        ];
        let values = (0..rows)
            .flat_map(|row| (0..columns).map(move |column| (column, row)))
            .map(|(column, row)| {
                f([
                    low[0] + column as f64 * spacing[0],
                    low[1] + row as f64 * spacing[1],
                ])
            })
            .collect();
        Self {
            origin: low,
            spacing,
            columns,
            rows,
            values,
        }
    }

    /// The finite values sampled, rising.
    pub(super) fn sorted(&self) -> Vec<f64> {
        let mut finite: Vec<f64> = self
            .values
            .iter()
            .copied()
            .filter(|v| v.is_finite())
            .collect();
        finite.sort_unstable_by(f64::total_cmp);
        finite
    }

    /// The curve on which the function equals `level`, joined into as few pieces as possible.
    ///
    /// A cell with a corner that is not finite is left out.
    pub(super) fn level_curve(&self, level: f64) -> LevelCurve {
        let mut joiner = Joiner::new(2 * self.values.len());
        for row in 0..self.rows - 1 {
            for column in 0..self.columns - 1 {
                self.cell_segments(column, row, level, &mut joiner);
            }
        }
        LevelCurve {
            level,
            pieces: joiner.into_pieces(|edge| self.crossing(edge, level)),
        }
    }

    fn value(&self, column: usize, row: usize) -> f64 {
        self.values
            .get(row * self.columns + column)
            .copied()
            .unwrap_or(f64::NAN)
    }

    fn cell_segments(&self, column: usize, row: usize, level: f64, joiner: &mut Joiner) {
        let corners = [
            self.value(column, row),
            self.value(column + 1, row),
            self.value(column + 1, row + 1),
            self.value(column, row + 1),
        ];
        if !corners.iter().all(|corner| corner.is_finite()) {
            return;
        }
        let along_x = |column: usize, row: usize| Edge(2 * (row * self.columns + column));
        let along_y = |column: usize, row: usize| Edge(along_x(column, row).0 + 1);
        let (bottom, top) = (along_x(column, row), along_x(column, row + 1));
        let (left, right) = (along_y(column, row), along_y(column + 1, row));
        let above = corners.map(|corner| corner > level);
        match above {
            [true, true, true, true] | [false, false, false, false] => {}
            [true, false, false, false] | [false, true, true, true] => joiner.join(left, bottom),
            [false, true, false, false] | [true, false, true, true] => joiner.join(bottom, right),
            [false, false, true, false] | [true, true, false, true] => joiner.join(right, top),
            [false, false, false, true] | [true, true, true, false] => joiner.join(top, left),
            [true, true, false, false] | [false, false, true, true] => joiner.join(left, right),
            [true, false, false, true] | [false, true, true, false] => joiner.join(bottom, top),
            [first, _, _, _] => {
                // A saddle: the mean decides which corners hang together.
                let mean_above = corners.iter().sum::<f64>() / 4.0 > level;
                if first == mean_above {
                    joiner.join(bottom, right);
                    joiner.join(top, left);
                } else {
                    joiner.join(left, bottom);
                    joiner.join(right, top);
                }
            }
        }
    }

    /// Where the level crosses `edge`, by linear interpolation.
    fn crossing(&self, edge: Edge, level: f64) -> Vector {
        let node = edge.0 / 2;
        let (column, row) = (node % self.columns, node / self.columns);
        let (next_column, next_row) = if edge.0.is_multiple_of(2) {
            (column + 1, row)
        } else {
            (column, row + 1)
        };
        let (a, b) = (self.value(column, row), self.value(next_column, next_row));
        let share = ((level - a) / (b - a)).clamp(0.0, 1.0);
        let position = |start: usize, end: usize, axis: (f64, f64)| {
            axis.0 + (start as f64 + share * (end - start) as f64) * axis.1
        };
        [
            position(column, next_column, (self.origin[0], self.spacing[0])),
            position(row, next_row, (self.origin[1], self.spacing[1])),
        ]
    }
}

/// Levels lowest + 1, 2, 5 × 10ⁿ up to the largest of `sorted` (the values sampled, rising), the
/// largest `count` of them, rising.
///
/// Equal steps would crowd the steep flank and leave the valley empty; equal ratios show both.
/// Where so many do not reach down into the lowest tenth of the plane, they are spaced wider.
pub(super) fn levels_above(lowest: f64, sorted: &[f64], count: usize) -> Vec<f64> {
    let range = sorted.last().copied().unwrap_or(lowest) - lowest;
    if !(range.is_finite() && range > 0.0) {
        return Vec::new();
    }
    let reach = quantile(sorted, 0.1) - lowest;
    let spacings: [&[f64]; 3] = [&[5.0, 2.0, 1.0], &[3.0, 1.0], &[1.0]];
    let top_power = log10(range).floor() as i32;
    let mut falling = Vec::new();
    for spacing in spacings {
        falling = (0..=count as i32)
            .flat_map(|down| {
                spacing
                    .iter()
                    .map(move |nice| nice * 10_f64.powi(top_power - down))
            })
            .filter(|&height| height < range)
            .take(count)
            .collect();
        if falling.last().is_some_and(|&last| last <= reach) {
            break;
        }
    }
    falling.iter().rev().map(|height| lowest + height).collect()
}

/// About `count` round levels with as much of the plane between any two neighbours: for functions
/// whose lowest value is not known, may not exist, and says nothing about the rest.
pub(super) fn levels_by_area(sorted: &[f64], count: usize) -> Vec<f64> {
    let at = |i: usize| quantile(sorted, (i as f64 + 0.5) / count as f64);
    let mut levels: Vec<f64> = (0..count)
        .filter_map(|i| {
            let value = at(i);
            let gap = (at((i + 1).min(count - 1)) - at(i.saturating_sub(1))) / 2.0;
            // As round as it can be without meeting its neighbours.
            let unit = 10_f64.powi(log10(gap).floor() as i32);
            let round = (value / unit).round() * unit;
            (gap > 0.0 && round.is_finite()).then_some(round)
        })
        .collect();
    levels.dedup();
    levels
}

/// The value below which `share` of the `sorted` ones lie; not a number where there are none.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let index = (share * sorted.len() as f64) as usize;
    sorted
        .get(index)
        .or(sorted.last())
        .copied()
        .unwrap_or(f64::NAN)
}

/// A side of a grid cell, by its number: twice that of its node, counted row by row, to the right
/// of it, and one more upwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Edge(usize);

/// Collects which edges a curve links, then walks from edge to edge.
///
/// Every edge borders at most two cells, so it has at most two links.
struct Joiner {
    /// By the number of the edge.
    links: Vec<[Option<Edge>; 2]>,
    in_order: Vec<Edge>,
}

impl Joiner {
    fn new(edges: usize) -> Self {
        Self {
            links: vec![[None; 2]; edges],
            in_order: Vec::new(),
        }
    }

    fn join(&mut self, a: Edge, b: Edge) {
        self.link(a, b);
        self.link(b, a);
    }

    fn link(&mut self, from: Edge, to: Edge) {
        let Some(links) = self.links.get_mut(from.0) else {
            return;
        };
        if links[0].is_none() {
            self.in_order.push(from);
            links[0] = Some(to);
        } else {
            links[1] = Some(to);
        }
    }

    fn into_pieces(mut self, position: impl Fn(Edge) -> Vector) -> Vec<Vec<Vector>> {
        // Open ends first: a walk that starts inside an open curve would cut it in two.
        let (open, closed): (Vec<Edge>, Vec<Edge>) = self.in_order.iter().partition(|edge| {
            self.links
                .get(edge.0)
                .is_some_and(|links| links[1].is_none())
        });
        let mut pieces = Vec::new();
        for start in open.into_iter().chain(closed) {
            let mut piece = Vec::new();
            let mut at = start;
            let mut came_from = None;
            while let Some(links @ [Some(_), _]) = self.links.get_mut(at.0).map(std::mem::take) {
                piece.push(position(at));
                let next = links
                    .into_iter()
                    .flatten()
                    .find(|&edge| Some(edge) != came_from);
                came_from = Some(at);
                match next {
                    Some(next) => at = next,
                    None => break,
                }
            }
            if at == start && piece.len() > 2 {
                piece.push(position(start));
            }
            if piece.len() > 1 {
                pieces.push(piece);
            }
        }
        pieces
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bowl_has_one_closed_circle_per_level() {
        let field = Field::sample(|[x, y]| x * x + y * y, [-2.0, -2.0], [2.0, 2.0], 81, 81);
        let curve = field.level_curve(1.0);
        assert_eq!(curve.pieces.len(), 1);
        let circle = &curve.pieces[0];
        assert_eq!(circle.first(), circle.last());
        // Linear interpolation of x² over a cell of width h errs by at most h²/8 in the value,
        // h²/16 in the radius: 0.05²/16 < 2e-4, doubled for the two axes.
        for [x, y] in circle {
            assert!((x.hypot(*y) - 1.0).abs() < 4e-4);
        }
    }

    #[test]
    fn a_refined_curve_keeps_to_its_level_between_its_points_too() {
        // A small ellipse on a coarse grid, as around a minimum: x² / 4 + y² = 0.01 on a grid of 0.08.
        let value = |[x, y]: Vector| x * x / 4.0 + y * y;
        let field = Field::sample(value, [-1.0, -1.0], [1.0, 1.0], 26, 26);
        // How far the middle of a chord is from the level, to first order.
        let farthest = |curve: &LevelCurve| {
            let piece = &curve.pieces[0];
            let middles = piece.windows(2).map(|pair| {
                let [x, y] = [
                    (pair[0][0] + pair[1][0]) / 2.0,
                    (pair[0][1] + pair[1][1]) / 2.0,
                ];
                (value([x, y]) - 0.01).abs() / (x / 2.0).hypot(2.0 * y)
            });
            middles.fold(0.0, f64::max)
        };
        let coarse = field.level_curve(0.01);
        assert!(farthest(&coarse) > 0.008, "{}", farthest(&coarse));
        let refined = coarse.refined(value, |[x, y]| [x / 2.0, 2.0 * y], 0.001);
        assert!(farthest(&refined) < 0.0015, "{}", farthest(&refined));
        let piece = &refined.pieces[0];
        assert_eq!(piece.first(), piece.last());
    }

    #[test]
    fn a_curve_at_a_kink_or_a_hole_stays_where_it_was_found() {
        let value = |[x, y]: Vector| x.abs() + y.abs();
        let field = Field::sample(value, [-1.0, -1.0], [1.0, 1.0], 21, 21);
        let curve = field.level_curve(0.55);
        let found = curve.clone();
        let refined = curve.refined(value, |_| [f64::NAN, 0.0], 1e-3);
        assert_eq!(refined.pieces, found.pieces);
    }

    #[test]
    fn a_valley_leaves_the_rectangle_as_two_open_curves() {
        let field = Field::sample(|[_, y]| y * y, [-1.0, -1.0], [1.0, 1.0], 21, 21);
        let curve = field.level_curve(0.25);
        assert_eq!(curve.pieces.len(), 2);
        for piece in &curve.pieces {
            assert_eq!(piece.len(), 21);
            assert_ne!(piece.first(), piece.last());
        }
    }

    #[test]
    fn a_hole_that_is_not_finite_is_left_out() {
        let field = Field::sample(
            |[x, y]| (x * x + y * y - 0.25).sqrt(),
            [-1.0, -1.0],
            [1.0, 1.0],
            41,
            41,
        );
        for [x, y] in field.level_curve(0.5).pieces.concat() {
            assert!(x.hypot(y) > 0.5);
        }
    }

    #[test]
    fn levels_are_round_rising_and_below_the_top() {
        assert_eq!(
            levels_above(0.0, &[2.0, 68.0], 6),
            [1.0, 2.0, 5.0, 10.0, 20.0, 50.0]
        );
        assert_eq!(levels_above(0.0, &[0.0], 6), Vec::<f64>::new());
        assert_eq!(levels_above(0.0, &[f64::INFINITY], 6), Vec::<f64>::new());
        assert_eq!(levels_above(0.0, &[], 6), Vec::<f64>::new());
    }

    #[test]
    fn levels_are_spaced_wider_to_reach_a_deep_valley() {
        // Half of the plane lies below 10⁻³: 1, 2, 5 would end at 2 × 10².
        let sorted = [1e-4, 1e-3, 1e-2, 2e4];
        assert_eq!(levels_above(0.0, &sorted, 5), [1.0, 10.0, 100.0, 1e3, 1e4]);
        let shallow = [100.0, 100.0, 2e4];
        assert_eq!(
            levels_above(0.0, &shallow, 5),
            [100.0, 300.0, 1e3, 3e3, 1e4]
        );
    }

    #[test]
    fn levels_by_area_are_round_and_share_the_plane_out() {
        // 0, 1, …, 999: a fifth of them between neighbours.
        let even: Vec<f64> = (0..1000).map(f64::from).collect();
        assert_eq!(
            levels_by_area(&even, 5),
            [100.0, 300.0, 500.0, 700.0, 900.0]
        );
        assert_eq!(levels_by_area(&[3.0, 3.0], 5), Vec::<f64>::new());
        assert_eq!(levels_by_area(&[], 5), Vec::<f64>::new());
    }
}
