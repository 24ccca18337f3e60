//! The line under the loss.

use super::ending::ending;
use super::{Subject, after_steps, change, number};
use crate::number::percent;

/// How the loss at step `t` compares with the start and with the step before.
#[must_use]
pub fn loss(subject: &Subject<'_>, t: usize) -> String {
    if let Some(ending) = ending(subject, t) {
        return ending;
    }
    let trajectory = subject.trajectory;
    let t = t.min(trajectory.steps.len());
    let (start, now) = (trajectory.start_loss, trajectory.loss(t));
    let Some(before) = t.checked_sub(1).map(|t| trajectory.loss(t)) else {
        return format!("The loss is {} at the start.", number(start));
    };
    let since_start = change(start, now);
    // Shares of a loss say something only where it could fall to 0 and no lower.
    let minimum = subject.objective.minima().nearest(trajectory.point(t));
    let falls_to_0 = minimum.is_some_and(|x| subject.objective.value(x) == 0.0);
    let of_start = if falls_to_0 && now < start {
        format!(" ({} of it left)", percent(now / start))
    } else {
        String::new()
    };
    let last_step = if t == 1 {
        String::new()
    } else if now < before && falls_to_0 {
        format!("; the last step took {} off", percent(1.0 - now / before))
    } else if now < before {
        format!("; the last step took {} off", number(before - now))
    } else if now > before {
        "; the last step raised it".to_owned()
    } else {
        "; the last step left it as it was".to_owned()
    };
    format!(
        "The loss {} {} in {}{of_start}{last_step}.",
        since_start.verb,
        since_start.amount,
        after_steps(t)
    )
}
