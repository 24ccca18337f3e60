//! What the page asks of the engine, as a text of lines: the kind, then its fields in fixed order.
//!
//! Written by hand, since the page pays for every byte of its side. Settings cross as the query
//! string that a link has, so that a request can hold whatever a link can.

use super::export::{Export, File, Picture};
use crate::chart::{FigureName, FigureSize};
use crate::settings::{self, Experiment, ObjectiveName, Settings, View};

/// One request. A new kind is a variant here, its lines in [`Request::encode`] and
/// [`Request::decode`], and an arm of `answer()` in `worker`.
#[derive(Clone, Debug, PartialEq)]
pub enum Request {
    /// A file of one run; the answer is its text.
    Export(Export),
}

impl Request {
    /// The text that crosses to the worker.
    #[must_use]
    pub fn encode(&self) -> String {
        let (kind, mut lines) = match self {
            Self::Export(export) => ("export", export_lines(export)),
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
        // `Display` writes digits that read back as the same f64.
        lines.extend(numbers.iter().map(f64::to_string));
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
            objective: ObjectiveName::Rotated,
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
