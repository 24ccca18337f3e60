//! The landscape: contours of an objective with a run on them.
//!
//! Two layers, so that a moving slider redraws only the run: [`BackdropLayer`] (contours, axes, the
//! minimum) changes with view, objective, size and theme; [`RunsLayer`] with everything else.

mod contours;
mod curve;
mod paths;
mod projection;
mod view;

pub use projection::LandscapeProjection;
pub use view::{Extent, fitted_view};

use plotters_backend::DrawingBackend;

use super::painter::{Drawn, Painter};
use super::theme::ChartTheme;
use super::{Figure, FigureSize, Runs};
use crate::objective::Objective;
use crate::settings::View;

/// Both layers, for an export or a snapshot.
#[derive(Clone, Debug)]
pub struct Landscape {
    /// What is minimised.
    pub objective: Objective,
    /// The part of the plane shown.
    pub view: View,
    /// The runs on it.
    pub runs: Runs,
}

impl Figure for Landscape {
    fn draw<B: DrawingBackend>(
        &self,
        painter: &mut Painter<'_, B>,
        size: &FigureSize,
        theme: &ChartTheme,
    ) -> Drawn<B> {
        let Self {
            objective,
            view,
            runs,
        } = self.clone();
        let backdrop = BackdropLayer {
            objective: objective.clone(),
            view,
        };
        backdrop.draw(painter, size, theme)?;
        let runs = RunsLayer {
            objective,
            view,
            runs,
        };
        runs.draw(painter, size, theme)
    }
}

/// The layer that only view, objective, size and theme change.
#[derive(Clone, Debug, PartialEq)]
pub struct BackdropLayer {
    /// What is minimised.
    pub objective: Objective,
    /// The part of the plane shown.
    pub view: View,
}

impl Figure for BackdropLayer {
    fn draw<B: DrawingBackend>(
        &self,
        painter: &mut Painter<'_, B>,
        size: &FigureSize,
        theme: &ChartTheme,
    ) -> Drawn<B> {
        match LandscapeProjection::new(&self.objective, &self.view, size) {
            LandscapeProjection::Plane(plane) => {
                contours::Backdrop::new(&self.objective, &plane).draw(painter, &plane, size, theme)
            }
            LandscapeProjection::Curve(curve) => curve::draw(painter, &curve, size, theme),
        }
    }
}

/// The layer that every step changes.
#[derive(Clone, Debug)]
pub struct RunsLayer {
    /// What is minimised.
    pub objective: Objective,
    /// The part of the plane shown.
    pub view: View,
    /// The runs on it.
    pub runs: Runs,
}

impl Figure for RunsLayer {
    fn draw<B: DrawingBackend>(
        &self,
        painter: &mut Painter<'_, B>,
        size: &FigureSize,
        theme: &ChartTheme,
    ) -> Drawn<B> {
        let projection = LandscapeProjection::new(&self.objective, &self.view, size);
        paths::draw(painter, &self.runs, &projection, size, theme)
    }
}
