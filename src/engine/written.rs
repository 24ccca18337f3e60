//! One run written out in HTML: a step's equations, or rows of the table of its steps.
//!
//! All of it is fixed words and formatted numbers, nothing that a reader or a link can write.

use std::ops::Range;

use super::{function, runs};
use crate::inspector::{WrittenStep, columns};
use crate::number::significant;
use crate::objective::Problem;
use crate::optimizer::Optimizer;
use crate::settings::{Experiment, ObjectiveName, RuleName};
use crate::trajectory::Trajectory;

/// What is to be written, and of which run.
#[derive(Clone, Debug, PartialEq)]
pub struct Written {
    /// The run on this objective,
    pub objective: ObjectiveName,
    /// by this rule,
    pub rule: RuleName,
    /// as this experiment has both.
    pub experiment: Experiment,
    /// What of it.
    pub part: Part,
}

/// Parts of a run that can be written out.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// The equations of one step, counted from 1: a list for each coordinate.
    Step(usize),
    /// Rows of the table of all steps, counted from 0, where step 1 stands, and the table's head: as
    /// [`Laid`] has it.
    Rows(Range<usize>),
}

/// What [`Part::Rows`] is written as: four lines, so that who shows them knows where they belong.
#[derive(Clone, Debug, PartialEq)]
pub struct Laid<'a> {
    /// Which rows.
    pub range: Range<usize>,
    /// Both rows of the table's head.
    pub head: &'a str,
    /// The rows.
    pub rows: &'a str,
}

impl<'a> Laid<'a> {
    /// The text of the answer.
    #[must_use]
    pub fn text(&self) -> String {
        let Self { range, head, rows } = self;
        format!("{}\n{}\n{head}\n{rows}", range.start, range.end)
    }

    /// The rows that `text` has; none when [`Laid::text`] did not write it.
    #[must_use]
    pub fn read(text: &'a str) -> Option<Self> {
        let mut lines = text.split('\n');
        let mut line = || lines.next();
        Some(Self {
            range: line()?.parse().ok()?..line()?.parse().ok()?,
            head: line()?,
            rows: line()?,
        })
    }
}

/// The rows of the table's head, which count among its rows for a screen reader.
pub const HEAD_ROWS: usize = 2;

const DIGITS: usize = 6;

/// The class and the name of each coordinate.
const COORDINATES: [(&str, &str); 2] = [("x1", "x₁"), ("x2", "x₂")];

impl Written {
    /// The HTML. What the run does not have, steps beyond its last one say, is left out.
    ///
    /// # Errors
    /// Why there is no run, in words: the function's text is none.
    pub fn html(&self) -> Result<String, String> {
        let Self {
            experiment,
            objective,
            ..
        } = self;
        let typed = function::typed(*objective, experiment)?;
        let problem = experiment.problem(*objective, typed.as_ref());
        let problem = problem.ok_or("the function has no text")?;
        let optimizer = experiment.optimizer(self.rule);
        let run = runs::run(&problem, optimizer, experiment.start, experiment.steps);
        let written = Run {
            problem: &problem,
            optimizer: &optimizer,
            run: &run,
        };
        Ok(match &self.part {
            Part::Step(t) => written.equations(*t),
            Part::Rows(rows) => {
                let markup: String = rows
                    .clone()
                    .filter_map(|row| written.row(row + 1))
                    .collect();
                let laid = Laid {
                    range: rows.clone(),
                    head: &written.head(),
                    rows: &markup,
                };
                laid.text()
            }
        })
    }
}

/// A run, to be written out.
struct Run<'a> {
    problem: &'a Problem,
    optimizer: &'a Optimizer,
    run: &'a Trajectory,
}

impl Run<'_> {
    fn step(&self, t: usize) -> Option<WrittenStep<'_>> {
        let t = u32::try_from(t).ok()?;
        WrittenStep::new(self.optimizer, self.problem.scale, self.run, t)
    }

    fn dimension(&self) -> usize {
        self.problem.objective.dimension()
    }

    /// The lines of step `t`, coordinate by coordinate.
    fn equations(&self, t: usize) -> String {
        let mut markup = String::new();
        let Some(step) = self.step(t) else {
            return markup;
        };
        for (index, (class, name)) in COORDINATES.iter().enumerate().take(self.dimension()) {
            markup += &format!("<div class=\"inspector-coordinate {class}\"><h4>{name}</h4><dl>");
            for line in step.lines(index) {
                markup += &format!("<div><dt>{}</dt><dd>{}</dd></div>", line.label, line.mathml);
            }
            markup += "</dl></div>";
        }
        markup
    }

    /// Both rows of the table's head.
    fn head(&self) -> String {
        let columns = columns(self.optimizer);
        let span = columns.len();
        let (mut groups, mut names) = (String::new(), String::new());
        for (class, coordinate) in COORDINATES.iter().take(self.dimension()) {
            groups += &format!(
                "<th class=\"{class}\" colspan=\"{span}\" scope=\"colgroup\">{coordinate}</th>"
            );
            for column in &columns {
                names += &format!("<th class=\"{class}\" scope=\"col\">{column}</th>");
            }
        }
        format!(
            "<tr aria-rowindex=\"1\"><th rowspan=\"2\" scope=\"col\">t</th>{groups}\
             <th rowspan=\"2\" scope=\"col\">loss</th></tr>\
             <tr aria-rowindex=\"2\">{names}</tr>"
        )
    }

    /// Step `t` as a row.
    fn row(&self, t: usize) -> Option<String> {
        let step = self.step(t)?;
        let index = t + HEAD_ROWS;
        let mut markup =
            format!("<tr data-step=\"{t}\" aria-rowindex=\"{index}\"><th scope=\"row\">{t}</th>");
        let cells = (0..self.dimension()).flat_map(|coordinate| step.row(coordinate));
        for value in cells.chain([Some(self.run.loss(t))]) {
            markup += "<td>";
            markup += &value.map_or_else(String::new, |value| significant(value, DIGITS));
            markup += "</td>";
        }
        Some(markup + "</tr>")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::parse;

    fn html(query: &str, part: Part) -> Result<String, String> {
        let experiment = parse(query).settings.experiment;
        Written {
            objective: experiment.objectives[0],
            rule: experiment.first_rule(),
            experiment,
            part,
        }
        .html()
    }

    #[test]
    fn a_step_is_as_the_inspector_writes_it() {
        for query in ["", "objective=f2&opt=adam&b=2", "objective=square&x0=4,0"] {
            let experiment = parse(query).settings.experiment;
            let problem = experiment.problem(experiment.objectives[0], None).unwrap();
            let optimizer = experiment.optimizer(experiment.first_rule());
            let run = crate::trajectory::run(&problem, optimizer, experiment.start, 20);
            let written = WrittenStep::new(&optimizer, problem.scale, &run, 7).unwrap();
            let html = html(query, Part::Step(7)).unwrap();
            let dimension = problem.objective.dimension();
            assert_eq!(html.matches("<dl>").count(), dimension, "{query}");
            let mut rest = html.as_str();
            for coordinate in 0..dimension {
                for line in written.lines(coordinate) {
                    let line = format!("<dt>{}</dt><dd>{}</dd>", line.label, line.mathml);
                    let place = rest.find(&line).expect(&line);
                    rest = &rest[place + line.len()..];
                }
            }
        }
    }

    /// By hand: f1 from (−5, −2) has f = 10.5 and g = (−1, −8), so the first step is η = 0.4 in
    /// both coordinates, to (−4.6, −1.6), where f = 0.1 · 21.16 + 2 · 2.56 = 7.236.
    #[test]
    fn a_row_has_every_value_of_its_step() {
        let table = html("eps=0", Part::Rows(0..1)).unwrap();
        let Laid { range, head, rows } = Laid::read(&table).unwrap();
        assert_eq!(range, 0..1);
        assert_eq!(
            rows,
            "<tr data-step=\"1\" aria-rowindex=\"3\"><th scope=\"row\">1</th>\
             <td>−5</td><td>−1</td><td></td><td>1</td><td>0</td><td>1</td><td>1</td><td>0.4</td>\
             <td>−0.4</td><td>−4.6</td>\
             <td>−2</td><td>−8</td><td></td><td>64</td><td>0</td><td>64</td><td>8</td><td>0.05</td>\
             <td>−0.4</td><td>−1.6</td><td>7.236</td></tr>"
        );
        // t and loss, and a name for each of the cells between: one is for a weight decay, if any.
        assert_eq!(head.matches(" scope=\"col\"").count(), 2 + 20);
        assert_eq!(head.matches("colspan=\"10\"").count(), 2);
    }

    #[test]
    fn what_a_run_does_not_have_is_left_out() {
        let rows = |rows: Range<usize>| html("steps=20", Part::Rows(rows)).unwrap();
        assert_eq!(rows(16..40).matches("data-step").count(), 4);
        assert_eq!(
            Laid::read(&rows(20..40)).unwrap().rows,
            "",
            "the head alone"
        );
        assert_eq!(html("steps=20", Part::Step(0)), Ok(String::new()));
        assert_eq!(html("steps=20", Part::Step(21)), Ok(String::new()));
    }

    #[test]
    fn a_typed_function_is_compiled_or_refused() {
        let typed = |text: &str| {
            let query = ["objective=typed&f=", text].concat();
            html(&query, Part::Step(1))
        };
        assert!(typed("x1%5E2").unwrap().contains("<math"));
        assert!(typed("x1%5E").unwrap_err().contains("expected"));
    }
}
