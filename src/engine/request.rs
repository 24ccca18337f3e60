//! What the page asks of the engine, as a text of lines: the kind, then its fields in fixed order.
//!
//! Written by hand, since the page pays for every byte of its side. Settings cross as the query
//! string that a link has, so that a request can hold whatever a link can.

use super::export::{Export, File, Picture};
use super::map::{map_from, map_lines, one_line};
use super::written::{Part, Written};
use crate::chart::{FigureName, FigureSize};
use crate::diagnosis::Map;
use crate::number::shortest;
use crate::settings::{self, Experiment, ObjectiveName, RuleName, Settings, View};

/// One request. A new kind is a variant here, its lines in [`Request::encode`] and
/// [`Request::decode`], and an arm of `answer()` in `worker`.
#[derive(Clone, Debug, PartialEq)]
#[allow(clippy::large_enum_variant, reason = "there are never many at a time")]
pub enum Request {
    /// A file of one run; the answer is its text.
    Export(Export),
    /// A typed function. The answer is a [`Program`](crate::objective::Program) as bytes, or the
    /// text of a [`Refusal`](super::Refusal).
    Compile {
        /// As typed.
        source: String,
    },
    /// How a typed function is read; the answer is MathML, or nothing where it is none.
    Reading {
        /// As typed.
        source: String,
    },
    /// A map. The answer, and each part before it, is all of its values as 32-bit floats; in a
    /// part, what is not known yet stands at the nearest value on its left and above.
    Map(Map),
    /// One run written out; the answer is HTML.
    Write(Written),
    /// The presets that compare rules; the answer is HTML.
    Comparisons,
    /// What tells the rules apart; the answer is HTML.
    RulesTable,
}

impl Request {
    /// The text that crosses to the worker.
    #[must_use]
    pub fn encode(&self) -> String {
        let (kind, mut lines) = match self {
            Self::Export(export) => ("export", export_lines(export)),
            Self::Compile { source } => ("compile", vec![one_line(source)]),
            Self::Reading { source } => ("reading", vec![one_line(source)]),
            Self::Map(map) => ("map", map_lines(map)),
            Self::Write(written) => ("write", written_lines(written)),
            Self::Comparisons => ("comparisons", Vec::new()),
            Self::RulesTable => ("rules", Vec::new()),
        };
        lines.insert(0, kind.to_owned());
        lines.join("\n")
    }

    /// The request that `text` is; none when [`Request::encode`] did not write it.
    #[must_use]
    pub fn decode(text: &str) -> Option<Self> {
        let mut lines = text.split('\n');
        let request = match lines.next()? {
            "export" => Self::Export(export_from(&mut lines)?),
            "compile" => Self::Compile {
                source: lines.next()?.to_owned(),
            },
            "reading" => Self::Reading {
                source: lines.next()?.to_owned(),
            },
            "map" => Self::Map(map_from(&mut lines)?),
            "write" => Self::Write(written_from(&mut lines)?),
            "comparisons" => Self::Comparisons,
            "rules" => Self::RulesTable,
            _ => return None,
        };
        lines.next().is_none().then_some(request)
    }
}

fn export_lines(export: &Export) -> Vec<String> {
    let (kind, picture) = match &export.file {
        File::Csv => ("csv", None),
        File::Json => ("json", None),
        File::Python => ("python", None),
        File::Svg(picture) => ("svg", Some(picture)),
    };
    // A view panned out of a link's range must not cost the reader the file.
    let settings = Settings {
        view: None,
        ..export.settings.clone()
    };
    let mut lines = vec![
        export.objective.name().to_owned(),
        settings::format(&settings, &[]),
        kind.to_owned(),
    ];
    if let Some(picture) = picture {
        let Picture { size, view, .. } = picture;
        let numbers = [
            size.width_css_px,
            size.height_css_px,
            size.font_css_px,
            view.centre[0],
            view.centre[1],
            view.half_extent,
        ];
        let theme = if picture.is_dark { "dark" } else { "light" };
        let ghost = picture.ghost.as_ref();
        lines.push(picture.figure.name().to_owned());
        lines.push(theme.to_owned());
        lines.push(ghost.map_or_else(String::new, experiment_text));
        lines.extend(numbers.map(shortest));
    }
    lines
}

fn export_from<'a>(lines: &mut impl Iterator<Item = &'a str>) -> Option<Export> {
    Some(Export {
        objective: ObjectiveName::from_name(lines.next()?)?,
        settings: settings_from(lines.next()?)?,
        file: match lines.next()? {
            "csv" => File::Csv,
            "json" => File::Json,
            "python" => File::Python,
            "svg" => File::Svg(picture_from(lines)?),
            _ => return None,
        },
    })
}

fn picture_from<'a>(lines: &mut impl Iterator<Item = &'a str>) -> Option<Picture> {
    let figure = FigureName::from_name(lines.next()?)?;
    let is_dark = match lines.next()? {
        "dark" => true,
        "light" => false,
        _ => return None,
    };
    let ghost = match lines.next()? {
        "" => None,
        text => Some(settings_from(text)?.experiment),
    };
    let mut number = || lines.next()?.parse::<f64>().ok();
    Some(Picture {
        figure,
        is_dark,
        ghost,
        size: FigureSize {
            width_css_px: number()?,
            height_css_px: number()?,
            font_css_px: number()?,
        },
        view: View {
            centre: [number()?, number()?],
            half_extent: number()?,
        },
    })
}

fn written_lines(written: &Written) -> Vec<String> {
    let (kind, numbers) = match &written.part {
        Part::Step(t) => ("step", vec![*t]),
        Part::Rows(rows) => ("rows", vec![rows.start, rows.end]),
    };
    let mut lines = vec![
        written.objective.name().to_owned(),
        written.rule.name().to_owned(),
        experiment_text(&written.experiment),
        kind.to_owned(),
    ];
    lines.extend(numbers.iter().map(usize::to_string));
    lines
}

fn written_from<'a>(lines: &mut impl Iterator<Item = &'a str>) -> Option<Written> {
    let objective = ObjectiveName::from_name(lines.next()?)?;
    let rule = RuleName::from_name(lines.next()?)?;
    let experiment = settings_from(lines.next()?)?.experiment;
    let kind = lines.next()?;
    let mut number = || lines.next()?.parse::<usize>().ok();
    Some(Written {
        objective,
        rule,
        experiment,
        part: match kind {
            "step" => Part::Step(number()?),
            "rows" => Part::Rows(number()?..number()?),
            _ => return None,
        },
    })
}

fn experiment_text(experiment: &Experiment) -> String {
    settings::format(&Settings::of_experiment(experiment.clone()), &[])
}

/// Settings that cannot be followed to the letter were not the page's.
fn settings_from(query: &str) -> Option<Settings> {
    let parsed = settings::parse(query);
    parsed.problems.is_empty().then_some(parsed.settings)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::Sides;
    use crate::diagnosis::map::Measure;
    use crate::engine::function;
    use crate::objective::{self, Noise, Objective, Problem};
    use crate::optimizer;
    use crate::settings::{Cursor, Theme};

    /// Settings in which nothing that an export depends on is at its default.
    fn settings() -> Settings {
        let query = "v=1&objective=rotated,f2&theta=-17.25&lambda=0.001,1000&eta=0.1&eps=1e-12\
                     &epsat=outside&s0=0.3&decay=1e-6&order=step&x0=5,-0.1&steps=300&step=7\
                     &theme=dark&pin=eta:2;x0:5,3";
        let parsed = settings::parse(query);
        assert_eq!(parsed.problems, []);
        assert_eq!(parsed.settings.theme, Theme::Dark);
        assert_eq!(parsed.settings.cursor, Cursor::At(7));
        parsed.settings
    }

    fn picture(figure: FigureName, ghost: Option<Experiment>) -> Picture {
        Picture {
            figure,
            size: FigureSize {
                width_css_px: 481.5,
                height_css_px: 1.0 / 3.0,
                font_css_px: 12.48,
            },
            // Beyond what a link may hold, in size and in digits.
            view: View {
                centre: [-2e7, 0.1 + 0.2],
                half_extent: 5e-324,
            },
            is_dark: ghost.is_some(),
            ghost,
        }
    }

    fn export(settings: Settings, file: File) -> Request {
        Request::Export(Export {
            objective: ObjectiveName::from_name("rotated").unwrap(),
            settings,
            file,
        })
    }

    #[test]
    fn every_request_reads_back_bit_for_bit() {
        let mut files = vec![File::Csv, File::Json, File::Python];
        for figure in FigureName::ALL {
            files.push(File::Svg(picture(figure, None)));
            files.push(File::Svg(picture(figure, Some(settings().experiment))));
            // All defaults, yet another ghost than none.
            files.push(File::Svg(picture(figure, Some(Experiment::default()))));
        }
        for file in files {
            for settings in [settings(), Settings::default()] {
                let request = export(settings, file.clone());
                assert_eq!(Request::decode(&request.encode()), Some(request));
            }
        }
    }

    #[test]
    fn every_map_reads_back_bit_for_bit() {
        let typed = function::compile("sin(x) + y²").unwrap();
        let mut objectives: Vec<Objective> = objective::DESCRIPTIONS
            .iter()
            .map(|d| d.objective(&d.defaults()).unwrap())
            .collect();
        objectives.push(Objective::Typed(typed));
        let rules = optimizer::DESCRIPTIONS.map(|d| d.optimizer(&d.defaults()).unwrap());
        let sides = [
            Sides::Starts {
                low: [-0.1 - 0.2, -1e300],
                high: [1.0 / 3.0, 5e-324],
            },
            Sides::Rates {
                start: [-5.0, -2.0],
                learning_rates: [1e-3, 10.0],
                epsilons: [1e-12, 0.1],
            },
        ];
        for (i, objective) in objectives.into_iter().enumerate() {
            for (j, &optimizer) in rules.iter().enumerate() {
                let problem = Problem {
                    objective: objective.clone(),
                    scale: 1.0 / 3.0,
                    noise: Noise {
                        deviation: 0.1,
                        seed: 7,
                    },
                };
                let request = Request::Map(Map {
                    problem,
                    optimizer,
                    steps: 100_000,
                    sides: sides[j % 2],
                    measure: Measure::ALL[i % 3],
                    columns: 256,
                    rows: 1,
                });
                assert_eq!(Request::decode(&request.encode()), Some(request));
            }
        }
    }

    #[test]
    fn what_is_to_be_written_reads_back() {
        let mut requests = vec![Request::Comparisons, Request::RulesTable];
        for part in [Part::Step(7), Part::Rows(0..0), Part::Rows(99_976..100_000)] {
            for experiment in [settings().experiment, Experiment::default()] {
                requests.push(Request::Write(Written {
                    objective: ObjectiveName::from_name("rotated").unwrap(),
                    rule: RuleName::from_name("adam").unwrap(),
                    experiment,
                    part: part.clone(),
                }));
            }
        }
        for request in requests {
            let text = request.encode();
            assert_eq!(Request::decode(&format!("{text}\nmore")), None);
            if let Some((cut, _)) = text.rsplit_once('\n') {
                assert_eq!(Request::decode(cut), None);
            }
            assert_eq!(Request::decode(&text), Some(request));
        }
    }

    #[test]
    fn a_typed_text_is_one_line_with_every_character_in_its_place() {
        let request = Request::Compile {
            source: "x +\n\n)".to_owned(),
        };
        let crossed = Request::Compile {
            source: "x +  )".to_owned(),
        };
        assert_eq!(Request::decode(&request.encode()), Some(crossed));
        for text in ["compile", "map", "map\nf1", "map\ntyped\nx +\n1,0,1"] {
            assert_eq!(Request::decode(text), None, "{text}");
        }
    }

    #[test]
    fn a_view_that_no_link_may_hold_is_left_behind() {
        let panned = Settings {
            view: Some(View {
                centre: [2e6, 0.0],
                half_extent: 1e6,
            }),
            ..settings()
        };
        let decoded = Request::decode(&export(panned, File::Csv).encode());
        assert_eq!(decoded, Some(export(settings(), File::Csv)));
    }

    #[test]
    fn what_is_no_request_is_refused() {
        let text = export(settings(), File::Svg(picture(FigureName::Loss, None))).encode();
        let count = text.split('\n').count();
        for kept in 0..count {
            let cut: Vec<&str> = text.split('\n').take(kept).collect();
            assert_eq!(Request::decode(&cut.join("\n")), None, "{kept} lines");
        }
        assert_eq!(Request::decode(&format!("{text}\nmore")), None);
        for (from, to) in [
            ("export", "import"),
            ("rotated", "f9"),
            ("eta=0.1", "eta=11"),
            ("svg", "bmp"),
            ("loss", "gain"),
            ("light", "dim"),
            ("481.5", "wide"),
        ] {
            let broken = text.replacen(from, to, 1);
            assert_ne!(broken, text, "{from} is in the text");
            assert_eq!(Request::decode(&broken), None, "{to}");
        }
    }
}
