//! The line about premature stopping where no minimum is known.

use super::number;
use crate::diagnosis::outlook::Outlook;
use crate::number::percent;
use crate::trajectory::Halt;

/// Whether the steps shown are enough, in terms of loss; `outlook` is none while it is still being
/// simulated.
#[must_use]
pub fn outlook(outlook: Option<Outlook>) -> String {
    let Some(outlook) = outlook else {
        return "Simulating ahead, to see how far the loss still falls …".to_owned();
    };
    if !outlook.at_start.is_finite() {
        return "f has no finite value at the start.".to_owned();
    }
    match outlook.ended {
        Some((Halt::Diverged, step)) => {
            return format!("This setting breaks down in step {step}: the loss falls no further.");
        }
        Some((Halt::Singular, step)) => {
            return format!(
                "The matrix to divide by is singular in step {step}: the rule has no step there."
            );
        }
        None => {}
    }
    let later = number(outlook.later);
    match outlook.share_of_fall() {
        Some(share) if (0.0..1.0).contains(&share) => format!(
            "Ten times as many steps bring the loss down to {later}; those shown make {} of that \
             fall.",
            percent(share)
        ),
        Some(_) => {
            format!("Ten times as many steps end at the loss {later}: nothing is gained by them.")
        }
        None => "Even ten times as many steps end no lower than the start.".to_owned(),
    }
}
