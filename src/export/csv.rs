//! A run as comma-separated values.

use std::fmt::Write as _;

use crate::trajectory::Trajectory;

/// The columns; gradient, rate and update of step t are those that led to row t's point.
const HEADER: &str = "step,x1,x2,loss,gradient_1,gradient_2,accumulator_1,accumulator_2,\
                      effective_learning_rate_1,effective_learning_rate_2,update_1,update_2";

/// A header, a row for the start (step 0: no gradient, rate or update yet), and one row per step.
///
/// Lines end in `\n`. What is not finite is left empty.
#[must_use]
pub fn trajectory_csv(trajectory: &Trajectory) -> String {
    let mut csv = String::from(HEADER);
    let [x1, x2] = trajectory.start;
    let [s1, s2] = trajectory.accumulator(0);
    let start_loss = cell(trajectory.start_loss);
    // Newton's state is the curvature at the start, where f may have none.
    let (s1, s2) = (cell(s1), cell(s2));
    // Writing to a String cannot fail.
    let _ = write!(csv, "\n0,{x1:?},{x2:?},{start_loss},,,{s1},{s2},,,,\n");
    for (t, step) in (1..).zip(&trajectory.steps) {
        let [x1, x2] = step.point_after;
        let [g1, g2] = step.gradient;
        let [s1, s2] = step.accumulator;
        let [rate1, rate2] = step.effective_learning_rate;
        let [update1, update2] = step.update;
        let loss = step.loss;
        let _ = writeln!(
            csv,
            "{t},{x1:?},{x2:?},{loss:?},{g1:?},{g2:?},{s1:?},{s2:?},{rate1:?},{rate2:?},\
             {update1:?},{update2:?}"
        );
    }
    csv
}

fn cell(value: f64) -> String {
    if value.is_finite() {
        format!("{value:?}")
    } else {
        String::new()
    }
}
