//! Files of one run: its data, its script, or one of its figures as the page shows it.
//!
//! The engine repeats the runs from the settings: repeating them is cheaper than carrying them
//! over, and gives the same bits.

use std::sync::Arc;

use super::function;
use crate::chart::landscape::Landscape;
use crate::chart::{
    AccumulatorChart, AnyFigure, FigureName, FigureSize, LossChart, RatesChart, svg, theme,
};
use crate::comparison::{Comparison, Shown, Swept};
use crate::export::{pytorch_snippet, trajectory_csv, trajectory_json};
use crate::objective::TypedFunction;
use crate::settings::{Experiment, ObjectiveName, Settings, View};
use crate::trajectory;

/// One file.
#[derive(Clone, Debug, PartialEq)]
pub struct Export {
    /// Of the run on this objective.
    pub objective: ObjectiveName,
    /// The page's settings; the view is not carried over, a [`Picture`] has its own.
    pub settings: Settings,
    /// What is made of it.
    pub file: File,
}

/// The kinds of files.
#[derive(Clone, Debug, PartialEq)]
pub enum File {
    /// The run as a table.
    Csv,
    /// The run as data.
    Json,
    /// A PyTorch script that repeats the run.
    Python,
    /// A figure as an SVG document.
    Svg(Picture),
}

/// A figure, with what it shows beyond the settings.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// Which one.
    pub figure: FigureName,
    /// Its size on the page.
    pub size: FigureSize,
    /// The part of the plane shown, fitted or not.
    pub view: View,
    /// Whether in dark colours.
    pub is_dark: bool,
    /// The experiment before the last change.
    pub ghost: Option<Experiment>,
}

impl File {
    /// What its name ends with.
    #[must_use]
    pub const fn extension(&self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Python => "py",
            Self::Svg(_) => "svg",
        }
    }

    /// Its media type.
    #[must_use]
    pub const fn media_type(&self) -> &'static str {
        match self {
            Self::Csv => "text/csv",
            Self::Json => "application/json",
            Self::Python => "text/x-python",
            Self::Svg(_) => "image/svg+xml",
        }
    }
}

impl Export {
    /// The file's text.
    ///
    /// # Errors
    /// What the SVG backend reports; writing to a string does not fail in practice.
    pub fn text(&self) -> Result<String, String> {
        let e = &self.settings.experiment;
        let typed = function::typed(self.objective, e)?;
        let comparison = Comparison::of(e, self.objective, typed.as_ref());
        let comparison = comparison.ok_or("the function has no text")?;
        let contender = comparison.contender(self.settings.selected_rule());
        let contender = contender.ok_or("no rule is chosen")?;
        match &self.file {
            File::Csv => Ok(trajectory_csv(&contender.run)),
            File::Json => Ok(trajectory_json(
                comparison.problem.clone(),
                contender.optimizer,
                e.steps,
                &contender.run,
            )),
            File::Python => Ok(pytorch_snippet(
                comparison.problem.clone(),
                contender.optimizer,
                e.start,
                e.steps,
            )),
            File::Svg(picture) => {
                let theme = if picture.is_dark {
                    theme::DARK
                } else {
                    theme::LIGHT
                };
                let figure = self.figure(&comparison, picture, typed.as_ref());
                svg::document(&figure, &picture.size, &theme)
            }
        }
    }

    fn figure(
        &self,
        comparison: &Comparison,
        picture: &Picture,
        typed: Option<&Arc<TypedFunction>>,
    ) -> AnyFigure {
        let e = &self.settings.experiment;
        let rule = self.settings.selected_rule();
        let run_in = |experiment: &Experiment| {
            let problem = experiment.problem(self.objective, typed)?;
            let (start, steps) = (experiment.start, experiment.steps);
            let run = trajectory::run(problem, experiment.optimizer(rule), start, steps);
            Some(Arc::new(run))
        };
        let ghost = picture.ghost.as_ref().and_then(run_in);
        let pinned = self.settings.pinned.as_ref().and_then(run_in);
        let shown = Shown::of(&self.settings);
        let cursor = self.settings.cursor.index(e.steps);
        let runs = comparison.runs(&shown, cursor, ghost, pinned);
        match picture.figure {
            FigureName::Landscape => AnyFigure::Landscape(Landscape {
                objective: comparison.objective().clone(),
                view: picture.view,
                runs,
            }),
            FigureName::Rates => AnyFigure::Rates(RatesChart(runs)),
            FigureName::Accumulator => AnyFigure::Accumulator(AccumulatorChart(runs)),
            FigureName::Loss => AnyFigure::Loss(LossChart(runs)),
            FigureName::Sweep => {
                let swept = comparison.sweeps();
                let swept: Vec<Swept> = swept
                    .into_iter()
                    .map(|mut sweep| {
                        while !sweep.advance(u32::MAX) {}
                        sweep.points().collect()
                    })
                    .collect();
                AnyFigure::Sweep(comparison.sweep_chart(&shown, &swept))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings;

    fn export(query: &str, file: File) -> String {
        let export = Export {
            objective: ObjectiveName::from_name("f1").unwrap(),
            settings: settings::parse(query).settings,
            file,
        };
        export.text().unwrap()
    }

    fn picture(figure: FigureName) -> Picture {
        Picture {
            figure,
            size: FigureSize {
                width_css_px: 480.0,
                height_css_px: 360.0,
                font_css_px: 12.0,
            },
            view: View {
                centre: [0.0, 0.0],
                half_extent: 6.0,
            },
            is_dark: false,
            ghost: None,
        }
    }

    #[test]
    fn data_and_script_are_of_the_run_asked_for() {
        let csv = export("eta=2&steps=3", File::Csv);
        assert_eq!(csv.lines().count(), 5, "a head, the start, three steps");
        assert!(export("eta=2", File::Json).contains("\"learningRate\": 2.0"));
        assert!(export("epsat=outside&eta=2", File::Python).contains("lr=2.0"));
    }

    #[test]
    fn a_figure_is_the_committed_snapshot() {
        // The default run with nothing to compare it with, at the size of tests/figures.rs: drawn
        // by the same code, so the same to the byte.
        for (figure, snapshot) in [
            (
                FigureName::Rates,
                include_str!("../../tests/snapshots/rates.svg"),
            ),
            (
                FigureName::Accumulator,
                include_str!("../../tests/snapshots/accumulator.svg"),
            ),
            (
                FigureName::Loss,
                include_str!("../../tests/snapshots/loss.svg"),
            ),
        ] {
            let drawn = export("", File::Svg(picture(figure)));
            assert_eq!(drawn.trim_end(), snapshot.trim_end(), "{}", figure.name());
        }
    }

    #[test]
    fn every_part_of_a_picture_shows() {
        let plain = picture(FigureName::Landscape);
        let drawn = |picture: Picture, query| export(query, File::Svg(picture));
        let default = drawn(plain.clone(), "");
        let ghost = Some(settings::parse("eta=2").settings.experiment);
        let others = [
            drawn(
                Picture {
                    ghost,
                    ..plain.clone()
                },
                "",
            ),
            drawn(
                Picture {
                    is_dark: true,
                    ..plain.clone()
                },
                "",
            ),
            drawn(
                Picture {
                    view: View {
                        half_extent: 3.0,
                        ..plain.view
                    },
                    ..plain.clone()
                },
                "",
            ),
            drawn(plain.clone(), "pin=eta:2"),
            drawn(plain.clone(), "step=3"),
            drawn(picture(FigureName::Sweep), ""),
        ];
        for other in &others {
            assert_ne!(*other, default);
        }
    }
}
