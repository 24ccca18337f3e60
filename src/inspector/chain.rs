//! A step of any rule written out, from its formulas: symbols = numbers = result, line by line.
//!
//! Everything is read from the rule's [`Description`](crate::optimizer::Description) and
//! [`Details`](crate::optimizer::Details); nothing here knows a rule. Results are those that the run
//! recorded, where it recorded them. Here are the numbers; `reading` writes them as mathematics.

mod reading;

use reading::Reading;

use super::Line;
use crate::objective::Vector;
use crate::optimizer::formula::{Expression, Formula, When};
use crate::optimizer::{Optimizer, State};
use crate::parameter::position;
use crate::trajectory::{Step, Trajectory};

/// Step `t` of a run, to be written out.
#[derive(Clone, Copy, Debug)]
pub struct WrittenStep<'a> {
    optimizer: &'a Optimizer,
    step: &'a Step,
    before: State,
    start: Vector,
    /// b of the [problem](crate::objective::Problem).
    scale: f64,
    t: u32,
}

/// A formula with its value, on the way through a step.
struct Evaluated<'a> {
    formula: &'a Formula,
    expression: Expression<'a>,
    /// The run's own value where it has one, else the formula's.
    value: f64,
    /// The formula's.
    computed: f64,
}

const POSITION_BEFORE: &str = "x before";
const GRADIENT: &str = "gradient";
const ACCUMULATOR_BEFORE: &str = "accumulator before";
const POSITION_AFTER: &str = "new x";

/// What a table of a rule's steps has of each coordinate, in the order in which it is computed.
#[must_use]
pub fn columns(rule: &Optimizer) -> Vec<&'static str> {
    let mut columns = vec![POSITION_BEFORE, GRADIENT];
    for formula in rule.details().formulas {
        if formula.label == "accumulator" {
            columns.push(ACCUMULATOR_BEFORE);
        }
        if !formula.label.is_empty() && !columns.contains(&formula.label) {
            columns.push(formula.label);
        }
    }
    if !columns.contains(&POSITION_AFTER) {
        columns.push(POSITION_AFTER);
    }
    columns
}

impl<'a> WrittenStep<'a> {
    /// Step `t` (from 1) of `run`, by `optimizer` on a problem of that scale; none where the run
    /// has no such step.
    #[must_use]
    pub fn new(optimizer: &'a Optimizer, scale: f64, run: &'a Trajectory, t: u32) -> Option<Self> {
        let index = usize::try_from(t).ok()?.checked_sub(1)?;
        Some(Self {
            optimizer,
            step: run.steps.get(index)?,
            before: run.state(index),
            start: run.start,
            scale,
            t,
        })
    }

    /// The lines for one coordinate (0 for x₁, 1 for x₂), from its gradient to its new position.
    ///
    /// With a scale b other than 1 the rule moves z = x / b: then the lines are in z, and one more
    /// leads back to x.
    #[must_use]
    pub fn lines(&self, coordinate: usize) -> Vec<Line> {
        let evaluated = self.evaluated(coordinate);
        let reading = Reading {
            written: self,
            evaluated: &evaluated,
            coordinate,
        };
        let mut lines = vec![reading.gradient_line()];
        for part in evaluated
            .iter()
            .filter(|part| !part.formula.label.is_empty())
        {
            lines.push(reading.line(part));
        }
        if !evaluated.iter().any(|part| part.formula.name == "x") {
            lines.push(reading.position_line());
        }
        if self.scale != 1.0 {
            lines.push(reading.scale_line());
        }
        lines
    }

    /// Every formula that applies to the coordinate, in order: its name, its value by the formula,
    /// and the run's own value where there is one.
    #[must_use]
    pub fn values(&self, coordinate: usize) -> Vec<(&'static str, f64, Option<f64>)> {
        let parts = self.evaluated(coordinate);
        parts
            .iter()
            .map(|part| {
                let recorded = self.recorded_result(part.formula, coordinate);
                (part.formula.name, part.computed, recorded)
            })
            .collect()
    }

    /// One coordinate's part of the step in numbers, a value for each of [`columns`]; none where a
    /// formula does not apply to this step.
    #[must_use]
    pub fn row(&self, coordinate: usize) -> Vec<Option<f64>> {
        let evaluated = self.evaluated(coordinate);
        let of = |vector: Vector| vector.get(coordinate).copied();
        let cell = |&column: &&str| match column {
            POSITION_BEFORE => of(self.step.point_before),
            GRADIENT => of(self.step.gradient),
            ACCUMULATOR_BEFORE => of(self.before.accumulator),
            POSITION_AFTER => of(self.step.point_after),
            label => {
                let part = evaluated.iter().find(|part| part.formula.label == label);
                part.map(|part| part.value)
            }
        };
        columns(self.optimizer).iter().map(cell).collect()
    }

    fn evaluated(&self, coordinate: usize) -> Vec<Evaluated<'static>> {
        let mut evaluated: Vec<Evaluated<'static>> = Vec::new();
        for formula in self.optimizer.details().formulas {
            let value = |name: &str| self.value(&evaluated, name, coordinate);
            let applies = formula.when.iter().all(|when| match *when {
                When::Zero(name) => value(name) == 0.0,
                When::NonZero(name) => value(name) != 0.0,
                When::Above(name, limit) => value(name) > limit,
                When::AtMost(name, limit) => value(name).is_nan() || value(name) <= limit,
                When::Coordinate(only) => only == coordinate,
            });
            if !applies {
                continue;
            }
            // That every formula can be read is a test's to see to.
            let Some(expression) = Expression::parse(formula.expression) else {
                continue;
            };
            let computed = expression.evaluate(&value);
            let recorded = self.recorded_result(formula, coordinate);
            evaluated.push(Evaluated {
                formula,
                expression,
                value: recorded.unwrap_or(computed),
                computed,
            });
        }
        evaluated
    }

    /// What a name stands for: a formula, a recorded quantity, a parameter.
    fn value(&self, evaluated: &[Evaluated<'_>], name: &str, coordinate: usize) -> f64 {
        let formula = evaluated.iter().find(|part| part.formula.name == name);
        let description = self.optimizer.description();
        let parameter = || {
            let position = position(description.parameters, name)?;
            self.optimizer.values().get(position).copied()
        };
        formula
            .map(|part| part.value)
            .or_else(|| self.recorded(name, coordinate))
            .or_else(parameter)
            .unwrap_or(f64::NAN)
    }

    /// What the run knows of a formula's result. The gradient it knows is the objective's, not what
    /// a rule makes of it.
    fn recorded_result(&self, formula: &Formula, coordinate: usize) -> Option<f64> {
        match formula.name {
            "g" => None,
            name => self.recorded(name, coordinate),
        }
    }

    /// What the run knows of a name.
    fn recorded(&self, name: &str, coordinate: usize) -> Option<f64> {
        let (quantity, entry, is_before) = parts(name);
        let after = self.step.state();
        let state = if is_before { self.before } else { after };
        let scaled = |x: Vector| x.map(|x| x / self.scale);
        let vector = match (quantity, is_before) {
            ("grad" | "g", false) => self.step.gradient,
            ("s", _) => state.accumulator,
            ("m", _) => state.memory,
            ("x", true) => scaled(self.step.point_before),
            ("x", false) if entry.is_none() => scaled(self.step.point_after),
            ("rate", false) => self.step.effective_learning_rate,
            ("update", false) => self.step.update,
            _ => {
                return match name {
                    "t" => Some(f64::from(self.t)),
                    "x0" => scaled(self.start).get(coordinate).copied(),
                    _ => None,
                };
            }
        };
        vector.get(entry.unwrap_or(coordinate)).copied()
    }
}

/// A name as quantity, entry (from 0) and whether of the step before: `s2'` is (s, 1, true).
fn parts(name: &str) -> (&str, Option<usize>, bool) {
    let now = name.strip_suffix('\'');
    let is_before = now.is_some();
    let name = now.unwrap_or(name);
    for (suffix, entry) in [('1', 0), ('2', 1)] {
        // Of the names with digits, only these are entries: `beta1` is a parameter.
        if let Some(quantity @ ("s" | "m" | "g")) = name.strip_suffix(suffix) {
            return (quantity, Some(entry), is_before);
        }
    }
    (name, None, is_before)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inspector::mathml::tests::text;
    use crate::objective::{DESCRIPTIONS as OBJECTIVES, Objective, Problem};
    use crate::optimizer::{
        Adagrad, AdagradFull, DESCRIPTIONS, Description, EpsilonPlacement, Momentum, Newton, Order,
    };
    use crate::parameter::Kind;
    use crate::trajectory::run;

    const PLAIN: Adagrad = Adagrad {
        learning_rate: 0.4,
        epsilon: 0.0,
        epsilon_placement: EpsilonPlacement::Inside,
        initial_accumulator: 0.0,
        learning_rate_decay: 0.0,
        order: Order::Accumulate,
        weight_decay: 0.0,
    };

    /// Step `t` from (−5, −2), line by line as label and visible text, without spaces.
    fn written_out(
        problem: impl Into<Problem>,
        optimizer: impl Into<Optimizer>,
        t: u32,
        coordinate: usize,
    ) -> Vec<(&'static str, String)> {
        let (problem, optimizer) = (problem.into(), optimizer.into());
        let trajectory = run(&problem, optimizer, [-5.0, -2.0], t);
        let written = WrittenStep::new(&optimizer, problem.scale, &trajectory, t).unwrap();
        let lines = written.lines(coordinate);
        lines
            .into_iter()
            .map(|line| (line.label, text(&line.mathml)))
            .collect()
    }

    /// By hand: f1 from (−5, −2) has g = (−1, −8), so that √s = |g| and both coordinates move by η.
    #[test]
    fn adagrads_first_step() {
        assert_eq!(
            written_out(Objective::F1, PLAIN, 1, 0),
            [
                ("gradient", "gt=∂f∂x1=−1"),
                ("squared", "gt2=(−1)2=1"),
                ("accumulator", "st=st−1+gt2=0+1=1"),
                ("root", "st+ε=1+0=1"),
                ("effective rate", "ηst+ε=0.41=0.4"),
                ("update", "Δt=ηst+εgt=0.4⋅(−1)=−0.4"),
                ("new x₁", "xt=xt−1−Δt=−5−(−0.4)=−4.6"),
            ]
            .map(|(label, text)| (label, text.to_owned()))
        );
    }

    /// By hand, as the inspector's tests of Adagrad have it.
    #[test]
    fn adagrads_variants() {
        let step_first = Adagrad {
            initial_accumulator: 1.0,
            order: Order::Step,
            ..PLAIN
        };
        let lines = written_out(Objective::F1, step_first, 2, 1);
        assert_eq!(lines[2].1, "st=st−1+gt2=65+23.04=88.04");
        assert_eq!(lines[3].1, "st−1+ε=65+0≈8.06226");
        assert_eq!(lines[4].1, "ηst−1+ε=0.48.06226≈0.0496139");

        let decaying = Adagrad {
            learning_rate_decay: 0.5,
            ..PLAIN
        };
        let lines = written_out(Objective::F1, decaying, 2, 0);
        assert_eq!(lines[4].1, "η(1+(t−1)d)st+ε=0.4(1+1⋅0.5)⋅1.35882≈0.196248");

        let weighted = Adagrad {
            weight_decay: 0.2,
            ..PLAIN
        };
        let lines = written_out(Objective::F1, weighted, 1, 0);
        assert_eq!(lines[0].1, "∂f∂x1=−1");
        assert_eq!(lines[1].1, "gt=∂f∂x1+λxt−1=−1+0.2⋅(−5)=−2");
        assert_eq!(lines[2].1, "gt2=(−2)2=4");

        // Nothing to divide by: the rule makes 0/0 a rate of 0.
        let lines = written_out(Objective::Square, PLAIN, 1, 1);
        assert_eq!(lines[4], ("effective rate", "=0".to_owned()));
    }

    /// By hand: s = 1 after f1's first step, and √(1 + 3) = 2 = √1 + 1.
    #[test]
    fn epsilon_stands_where_the_convention_puts_it() {
        let root = |epsilon_placement, epsilon| {
            let rule = Adagrad {
                epsilon,
                epsilon_placement,
                ..PLAIN
            };
            let trajectory = run(Objective::F1, rule, [-5.0, -2.0], 1);
            let optimizer = rule.into();
            let written = WrittenStep::new(&optimizer, 1.0, &trajectory, 1).unwrap();
            written.lines(0)[3].mathml.clone()
        };
        let inside = root(EpsilonPlacement::Inside, 3.0);
        let outside = root(EpsilonPlacement::Outside, 1.0);
        assert!(inside.contains("<msqrt><mrow><mn>1</mn><mo>+</mo><mn>3</mn></mrow></msqrt>"));
        assert!(outside.contains("<msqrt><mn>1</mn></msqrt><mo>+</mo><mn>1</mn>"));
        for mathml in [inside, outside] {
            assert!(text(&mathml).ends_with("=2"), "{mathml}");
        }
    }

    /// By hand: f1's first gradient is (−1, −8); then x = (−4.9, −1.2), g = (−0.98, −4.8).
    #[test]
    fn momentum_and_matrices() {
        let momentum = Momentum {
            learning_rate: 0.1,
            momentum: 0.5,
        };
        let lines = written_out(Objective::F1, momentum, 2, 1);
        assert_eq!(lines[1].1, "mt=μmt−1+gt=0.5⋅(−8)+(−4.8)=−8.8");
        assert_eq!(lines[2].1, "Δt=ηmt=0.1⋅(−8.8)=−0.88");

        let full = AdagradFull {
            learning_rate: 0.4,
            epsilon: 1.0,
        };
        let lines = written_out(Objective::F1, full, 1, 0);
        assert_eq!(lines[1].1, "Gt,11=Gt−1,11+gt2=0+(−1)2=1");
        assert_eq!(lines[2].1, "Gt,12=Gt−1,12+gt,1gt,2=0+(−1⋅(−8))=8");
        // (1 + 1)(64 + 1) − 64 = 66.
        assert_eq!(
            lines[3].1,
            "D=(Gt,11+ε)(Gt,22+ε)−Gt,122=(1+1)⋅(64+1)−82≈8.12404"
        );

        let newton = Newton {
            learning_rate: 1.0,
            damping: 0.0,
        };
        let lines = written_out(Objective::F2, newton, 1, 0);
        // f2 from (−5, −2): g = (0.2 · −7 + 4 · −3, −1.4 + 12).
        assert_eq!(
            lines[1].1,
            "D=(Ht,11+δ)(Ht,22+δ)−Ht,122=(4.2+0)⋅(4.2+0)−(−3.8)2=3.2"
        );
        assert_eq!(
            lines[3].1,
            "Δt=η((Ht,22+δ)gt,1−Ht,12gt,2)D=1⋅((4.2+0)⋅(−13.4)−(−3.8⋅10.6))3.2=−5"
        );
    }

    /// By hand: with b = 2 the rule sees z₁ = −2.5 and the gradient 2 · −1; Adagrad's step is η.
    #[test]
    fn a_scale_has_its_own_line() {
        let problem = Problem {
            scale: 2.0,
            ..Objective::F1.into()
        };
        let lines = written_out(problem, PLAIN, 1, 0);
        assert_eq!(lines[0].1, "gt=∂f∂z1=−2");
        assert_eq!(
            lines[6],
            ("new z₁", "zt=zt−1−Δt=−2.5−(−0.4)=−2.1".to_owned())
        );
        assert_eq!(
            lines[7],
            ("in the plane", "xt=bzt=2⋅(−2.1)=−4.2".to_owned())
        );
    }

    /// Each rule as its defaults, and with every one of its choices and optional terms.
    fn variants(description: &Description) -> Vec<Optimizer> {
        let mut all = vec![description.defaults()];
        let mut index = 0;
        for parameter in description.parameters {
            let switched: Vec<_> = match &parameter.kind {
                Kind::Choice { .. } => all.iter().map(|v| with(v, index, 1.0)).collect(),
                Kind::Numbers { defaults, .. } if defaults == &[0.0] => {
                    all.iter().map(|v| with(v, index, 0.25)).collect()
                }
                Kind::Numbers { .. } => Vec::new(),
            };
            all.extend(switched);
            index += parameter.count();
        }
        let optimizers = all.iter().map(|values| description.optimizer(values));
        optimizers.map(Result::unwrap).collect()
    }

    fn with(values: &[f64; 8], index: usize, value: f64) -> [f64; 8] {
        let mut values = *values;
        values[index] = value;
        values
    }

    /// What the formulas say is what the run did: every value of every rule, in every variant, on
    /// every objective, plain and through noise and scale.
    ///
    /// Tolerance: formulas and code compute alike but for the order of a few operations, 1e-13 of
    /// what goes into them; a difference of large terms (Δ of dual averaging and Newton, say) is
    /// judged against the size of the point. Full-matrix Adagrad's determinant cancels in the
    /// formulas where the code has eigenvalues: after one gradient g, D² = ε(ε + ‖g‖²) comes out of
    /// terms of size ‖g‖⁴/4, with the relative error 2⁻⁵³ ‖g‖²/(4ε). The factor 10⁻⁶ keeps the six
    /// digits that are shown: that holds for ‖g‖² up to 10⁴ at ε = 10⁻⁶, and ε is 0.1 here for the
    /// steeper objectives.
    #[test]
    fn formulas_say_what_the_run_did() {
        let mut compared = 0;
        for description in DESCRIPTIONS {
            for optimizer in variants(description) {
                for objective in &OBJECTIVES {
                    let plain = objective.objective(&objective.defaults()).unwrap();
                    let noisy = crate::parameter::values(&[2.0, 0.1, 5.0]);
                    let noisy = Problem::with_values(plain.clone(), &noisy).unwrap();
                    for problem in [plain.into(), noisy] {
                        compared += compare(&optimizer, &problem);
                    }
                }
            }
        }
        assert!(compared > 10_000, "{compared}");
    }

    fn compare(optimizer: &Optimizer, problem: &Problem) -> usize {
        let mut optimizer = *optimizer;
        let full = optimizer.description().name == "adagrad_full";
        if full {
            optimizer = AdagradFull {
                learning_rate: 0.4,
                epsilon: 0.1,
            }
            .into();
        }
        let trajectory = run(problem, optimizer, [1.25, 0.75], 6);
        let mut compared = 0;
        for t in 1..=trajectory.steps.len() as u32 {
            let written = WrittenStep::new(&optimizer, problem.scale, &trajectory, t).unwrap();
            let step = trajectory.record(t as usize).unwrap();
            for coordinate in 0..2 {
                let size = step.point_before[coordinate].abs()
                    + step.update[coordinate].abs()
                    + trajectory.start[coordinate].abs();
                for (name, computed, recorded) in written.values(coordinate) {
                    let Some(recorded) = recorded else { continue };
                    if !computed.is_finite() {
                        assert_eq!(recorded, 0.0, "0/0 is 0");
                        continue;
                    }
                    let terms = match name {
                        "update" | "x" => size,
                        _ => recorded.abs(),
                    };
                    let tolerance = if full { 1e-6 } else { 1e-13 } * terms;
                    assert!(
                        (computed - recorded).abs() <= tolerance,
                        "{optimizer:?} on {problem:?}, step {t}: {name} {computed} {recorded}"
                    );
                    compared += 1;
                }
                assert!(written.lines(coordinate).iter().all(|line| {
                    let shown = text(&line.mathml);
                    !shown.contains("not a number") && !shown.contains('∞')
                }));
            }
        }
        compared
    }

    #[test]
    fn every_formula_can_be_read_and_leads_to_an_update() {
        for description in DESCRIPTIONS {
            let formulas = description.default_optimizer().details().formulas;
            assert!(formulas.iter().any(|formula| formula.name == "update"));
            for formula in formulas {
                assert!(
                    Expression::parse(formula.expression).is_some(),
                    "{formula:?}"
                );
            }
        }
    }
}
