//! The line about premature stopping.

use super::{after_steps, number};
use crate::diagnosis::horizon::{MOST_STEPS, StepsNeeded, Unfinished};

/// Whether the steps shown are enough; `needed` is none while it is still being simulated.
#[must_use]
pub fn stopping(needed: Option<StepsNeeded>, steps_shown: u32) -> String {
    let Some(needed) = needed else {
        return "Simulating ahead, to see when 1 % of the starting distance is left …".to_owned();
    };
    match needed {
        StepsNeeded::Reached(steps) if steps <= steps_shown => {
            format!(
                "Enough steps: 1 % of the starting distance is left after {}.",
                after_steps(steps as usize)
            )
        }
        StepsNeeded::Reached(steps) => format!(
            "1 % of the starting distance is left only after {}, {} times those shown.",
            after_steps(steps as usize),
            number(f64::from(steps) / f64::from(steps_shown))
        ),
        StepsNeeded::MoreThan(Unfinished {
            steps: MOST_STEPS, ..
        }) => "Even 10⁶ steps leave more than 1 % of the starting distance.".to_owned(),
        StepsNeeded::MoreThan(Unfinished { steps, .. }) => {
            format!("Even {steps} steps leave more than 1 % of the starting distance.")
        }
        StepsNeeded::Stuck {
            step,
            at_rest: true,
        } => {
            format!("From step {step} on the slope is 0, away from any minimum: nothing moves.")
        }
        StepsNeeded::Stuck { step, .. } => {
            format!("From step {step} on the updates are too small to change the point at all.")
        }
        StepsNeeded::Diverged { step } => {
            format!("This setting diverges, in step {step}, so it never gets near the minimum.")
        }
        StepsNeeded::Singular { step } => {
            format!(
                "The matrix to divide by is singular in step {step}: the rule has no step there."
            )
        }
        StepsNeeded::NoMinimum => "No minimum is known to get near.".to_owned(),
        StepsNeeded::AtMinimum => {
            "The start is the minimum: there is no distance to cover.".to_owned()
        }
    }
}
