//! One step laid open: what each coordinate went through, written out as mathematics with its
//! numbers, and which steps of a long table to lay out.

mod mathml;
mod rows;

pub use rows::rows_to_lay_out;

use mathml::{
    at_t, before_t, difference, digits, equals, fenced, fenced_if_negative, fenced_unless_plain,
    formulas, fraction, identifier, number, product, result, row, square, square_root, sub, sum,
};

use crate::objective::Vector;
use crate::optimizer::{Adagrad, EpsilonPlacement, Order};
use crate::trajectory::Step;

/// One coordinate's part of a step, from gradient to new position.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CoordinateStep {
    /// The coordinate of xₜ₋₁.
    pub position_before: f64,
    /// gₜ.
    pub gradient: f64,
    /// gₜ².
    pub squared: f64,
    /// sₜ₋₁.
    pub accumulator_before: f64,
    /// sₜ.
    pub accumulator_after: f64,
    /// √(s + ε) or √s + ε, whichever s the order of the rule uses.
    pub root: f64,
    /// All that multiplies the gradient, decay included.
    pub effective_learning_rate: f64,
    /// Effective rate × gradient.
    pub update: f64,
    /// The coordinate of xₜ.
    pub position_after: f64,
}

impl CoordinateStep {
    /// Both coordinates of a step that began with sₜ₋₁ = `accumulator_before`.
    #[must_use]
    pub fn both(optimizer: &Adagrad, step: &Step, accumulator_before: Vector) -> [Self; 2] {
        let [before_1, before_2] = accumulator_before;
        [
            Self::of(optimizer, step, before_1, |[x1, _]| x1),
            Self::of(optimizer, step, before_2, |[_, x2]| x2),
        ]
    }

    fn of(
        optimizer: &Adagrad,
        step: &Step,
        accumulator_before: f64,
        component: fn(Vector) -> f64,
    ) -> Self {
        let gradient = component(step.gradient);
        let accumulator_after = component(step.accumulator);
        let used = match optimizer.order {
            Order::Accumulate => accumulator_after,
            Order::Step => accumulator_before,
        };
        Self {
            position_before: component(step.point_before),
            gradient,
            squared: gradient * gradient,
            accumulator_before,
            accumulator_after,
            root: optimizer.denominator(used),
            effective_learning_rate: component(step.effective_learning_rate),
            update: component(step.update),
            position_after: component(step.point_after),
        }
    }

    /// The names of [`Self::values`], in plain words.
    pub const COLUMNS: [&'static str; 9] = [
        "x before",
        "gradient",
        "squared",
        "accumulator before",
        "accumulator after",
        "root",
        "effective rate",
        "update",
        "new x",
    ];

    /// Every quantity, in the order in which it is computed.
    #[must_use]
    pub fn values(&self) -> [f64; 9] {
        [
            self.position_before,
            self.gradient,
            self.squared,
            self.accumulator_before,
            self.accumulator_after,
            self.root,
            self.effective_learning_rate,
            self.update,
            self.position_after,
        ]
    }
}

/// One line of a step written out.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// What is computed, in plain words.
    pub label: &'static str,
    /// MathML Core: the parts of a chain of equations, each a `<math>` of its own, because
    /// browsers break lines between formulas and never inside one.
    pub mathml: String,
}

/// Step `t` of one coordinate (0 for x₁, 1 for x₂) written out with its numbers, line by line.
///
/// A result is preceded by ≈ where six digits leave some of it out, and by = elsewhere.
#[must_use]
pub fn update_mathml(
    optimizer: &Adagrad,
    step: &Step,
    accumulator_before: f64,
    t: u32,
    coordinate: usize,
) -> Vec<Line> {
    let [first, second] = CoordinateStep::both(optimizer, step, [accumulator_before; 2]);
    let (values, number_of_coordinate, new_label) = match coordinate {
        0 => (first, "1", "new x₁"),
        _ => (second, "2", "new x₂"),
    };
    let line = |label, parts: &[String]| Line {
        label,
        mathml: formulas(parts),
    };

    let g = at_t("g");
    let s = at_t("s");
    let s_before = before_t("s");
    let x = sub(&identifier("x"), &digits(number_of_coordinate));
    let derivative = fraction(
        &row(&[identifier("∂"), identifier("f")]),
        &row(&[identifier("∂"), x]),
    );
    let gradient = number(values.gradient);
    let (used_symbol, used) = match optimizer.order {
        Order::Accumulate => (&s, values.accumulator_after),
        Order::Step => (&s_before, values.accumulator_before),
    };
    let root = denominator(optimizer, used_symbol, &identifier("ε"));
    let root_numbers = denominator(optimizer, &number(used), &number(optimizer.epsilon));

    vec![
        line(
            "gradient",
            &[g.clone(), equals(&derivative), result(values.gradient)],
        ),
        line(
            "squared",
            &[
                square(&g),
                equals(&square(&fenced_unless_plain(&gradient))),
                result(values.squared),
            ],
        ),
        line(
            "accumulator",
            &[
                s.clone(),
                equals(&sum(&s_before, &square(&g))),
                equals(&sum(
                    &number(values.accumulator_before),
                    &number(values.squared),
                )),
                result(values.accumulator_after),
            ],
        ),
        line(
            "root",
            &[root.clone(), equals(&root_numbers), result(values.root)],
        ),
        line("effective rate", &rate(optimizer, &values, t, &root)),
        line(
            "update",
            &[
                at_t("Δ"),
                equals(&product(
                    &number(values.effective_learning_rate),
                    &fenced_if_negative(values.gradient),
                )),
                result(values.update),
            ],
        ),
        line(
            new_label,
            &[
                at_t("x"),
                equals(&difference(&before_t("x"), &at_t("Δ"))),
                equals(&difference(
                    &number(values.position_before),
                    &fenced_if_negative(values.update),
                )),
                result(values.position_after),
            ],
        ),
    ]
}

/// η over the root, decayed from the second step on where there is decay.
fn rate(optimizer: &Adagrad, values: &CoordinateStep, t: u32, root: &str) -> Vec<String> {
    let result = result(values.effective_learning_rate);
    let eta = identifier("η");
    let learning_rate = number(optimizer.learning_rate);
    let root_value = number(values.root);
    let (symbols, numbers) = if optimizer.learning_rate_decay > 0.0 {
        let steps_before = fenced(&difference(&identifier("t"), &digits("1")));
        let decay = row(&[steps_before, identifier("d")]);
        let decay_numbers = product(
            &number(f64::from(t.saturating_sub(1))),
            &number(optimizer.learning_rate_decay),
        );
        let slowed = |decay| fenced(&sum(&digits("1"), decay));
        (
            fraction(&eta, &row(&[slowed(&decay), root.to_owned()])),
            fraction(
                &learning_rate,
                &product(&slowed(&decay_numbers), &root_value),
            ),
        )
    } else {
        (fraction(&eta, root), fraction(&learning_rate, &root_value))
    };
    if values.root == 0.0 {
        // A gradient of 0 without ε: η/0 has no value, and the rule sets the rate to 0.
        return vec![result];
    }
    vec![symbols, equals(&numbers), result]
}

/// The denominator of the rule, as its convention writes it.
fn denominator(optimizer: &Adagrad, accumulator: &str, epsilon: &str) -> String {
    match optimizer.epsilon_placement {
        EpsilonPlacement::Inside => square_root(&sum(accumulator, epsilon)),
        EpsilonPlacement::Outside => sum(&square_root(accumulator), epsilon),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::objective::Objective;
    use crate::trajectory::run;

    const PLAIN: Adagrad = Adagrad {
        learning_rate: 0.4,
        epsilon: 0.0,
        epsilon_placement: EpsilonPlacement::Inside,
        initial_accumulator: 0.0,
        learning_rate_decay: 0.0,
        order: Order::Accumulate,
    };

    /// Step `t` on f1 from (−5, −2), line by line as label and visible text, without spaces.
    fn written_out(optimizer: &Adagrad, t: u32, coordinate: usize) -> Vec<(&'static str, String)> {
        let trajectory = run(&Objective::F1, optimizer, [-5.0, -2.0], t);
        let before = trajectory.accumulator(t as usize - 1)[coordinate];
        let step = trajectory.record(t as usize).unwrap();
        update_mathml(optimizer, step, before, t, coordinate)
            .into_iter()
            .map(|line| (line.label, text(&line.mathml)))
            .collect()
    }

    fn line(lines: &[(&str, String)], label: &str) -> String {
        let (_, text) = lines.iter().find(|line| line.0 == label).unwrap();
        text.clone()
    }

    /// The text between the tags; fails where a tag is not closed in its turn.
    fn text(mathml: &str) -> String {
        let mut open = Vec::new();
        let mut text = String::new();
        for piece in mathml.split('<').skip(1) {
            let (tag, content) = piece.split_once('>').unwrap();
            match tag.strip_prefix('/') {
                Some(name) => assert_eq!(open.pop(), Some(name), "{mathml}"),
                None => open.push(tag.split(' ').next().unwrap()),
            }
            text += content.trim();
        }
        assert!(open.is_empty(), "{mathml}");
        text
    }

    #[test]
    fn the_first_step_is_written_out_as_by_hand() {
        // f1 from (−5, −2): g = (0.2 · −5, 4 · −2) = (−1, −8), so that √s = |g| and both
        // coordinates move by η.
        assert_eq!(
            written_out(&PLAIN, 1, 0),
            [
                ("gradient", "gt=∂f∂x1=−1"),
                ("squared", "gt2=(−1)2=1"),
                ("accumulator", "st=st−1+gt2=0+1=1"),
                ("root", "st+ε=1+0=1"),
                ("effective rate", "ηst+ε=0.41=0.4"),
                ("update", "Δt=0.4⋅(−1)=−0.4"),
                ("new x₁", "xt=xt−1−Δt=−5−(−0.4)=−4.6"),
            ]
            .map(|(label, text)| (label, text.to_owned()))
        );
        let second = written_out(&PLAIN, 1, 1);
        assert_eq!(line(&second, "gradient"), "gt=∂f∂x2=−8");
        assert_eq!(line(&second, "new x₂"), "xt=xt−1−Δt=−2−(−0.4)=−1.6");
    }

    #[test]
    fn stepping_first_puts_the_old_accumulator_under_the_root() {
        // By hand, as the optimizer's own test: s₀ = 1; at step 2 g₂ = 4.8, s₂ from 65 to 88.04,
        // the rate 0.4/√65 = 0.0496139 and the update 0.238147, from 1.2 to 0.961853.
        let optimizer = Adagrad {
            initial_accumulator: 1.0,
            order: Order::Step,
            ..PLAIN
        };
        let lines = written_out(&optimizer, 2, 1);
        assert_eq!(line(&lines, "accumulator"), "st=st−1+gt2=65+23.04=88.04");
        assert_eq!(line(&lines, "root"), "st−1+ε=65+0≈8.06226");
        assert_eq!(
            line(&lines, "effective rate"),
            "ηst−1+ε=0.48.06226≈0.0496139"
        );
        assert_eq!(line(&lines, "update"), "Δt=0.0496139⋅4.8≈0.238147");
        assert_eq!(line(&lines, "new x₂"), "xt=xt−1−Δt=1.2−0.238147≈0.961853");
    }

    #[test]
    fn epsilon_stands_where_the_convention_puts_it() {
        // s = 1: √(1 + 3) = 2 = √1 + 1.
        let mathml = |epsilon_placement, epsilon| {
            let optimizer = Adagrad {
                epsilon,
                epsilon_placement,
                ..PLAIN
            };
            let trajectory = run(&Objective::F1, &optimizer, [-5.0, -2.0], 1);
            let lines = update_mathml(&optimizer, &trajectory.steps[0], 0.0, 1, 0);
            lines[3].mathml.clone()
        };
        let inside = mathml(EpsilonPlacement::Inside, 3.0);
        let outside = mathml(EpsilonPlacement::Outside, 1.0);
        assert!(inside.contains("<msqrt><mrow><mn>1</mn><mo>+</mo><mn>3</mn></mrow></msqrt>"));
        assert!(outside.contains("<msqrt><mn>1</mn></msqrt><mo>+</mo><mn>1</mn>"));
        for mathml in [inside, outside] {
            assert!(text(&mathml).ends_with("=2"), "{mathml}");
        }
    }

    #[test]
    fn decay_is_shown_where_there_is_some() {
        // At step 2 the base rate is 0.4/(1 + 1 · 0.5); step 1 took x₁ to −4.6, where g = −0.92
        // and s = 1 + 0.8464: 0.4/(1.5 · 1.35882) = 0.4/2.03823 = 0.196248.
        let optimizer = Adagrad {
            learning_rate_decay: 0.5,
            ..PLAIN
        };
        assert_eq!(
            line(&written_out(&optimizer, 2, 0), "effective rate"),
            "η(1+(t−1)d)st+ε=0.4(1+1⋅0.5)⋅1.35882≈0.196248"
        );
    }

    #[test]
    fn a_rate_without_a_root_is_no_fraction() {
        // The x₂ gradient is 0 on the axis: without ε the rule divides by nothing.
        let trajectory = run(&Objective::F1, &PLAIN, [-5.0, 0.0], 1);
        let lines = update_mathml(&PLAIN, &trajectory.steps[0], 0.0, 1, 1);
        assert_eq!(text(&lines[4].mathml), "=0");
        assert_eq!(text(&lines[6].mathml), "xt=xt−1−Δt=0−0=0");
    }

    #[test]
    fn the_columns_are_the_numbers_of_the_step() {
        let trajectory = run(&Objective::F2, &PLAIN, [-5.0, -2.0], 3);
        let step = trajectory.steps[2];
        let before = trajectory.accumulator(2);
        for (coordinate, shown) in CoordinateStep::both(&PLAIN, &step, before)
            .into_iter()
            .enumerate()
        {
            let gradient = step.gradient[coordinate];
            assert_eq!(
                shown.values(),
                [
                    step.point_before[coordinate],
                    gradient,
                    gradient * gradient,
                    before[coordinate],
                    step.accumulator[coordinate],
                    step.accumulator[coordinate].sqrt(),
                    step.effective_learning_rate[coordinate],
                    step.update[coordinate],
                    step.point_after[coordinate],
                ]
            );
        }
    }
}
