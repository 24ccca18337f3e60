//! Where a coordinate stands on its way to a minimum, in words.

use super::number;
use crate::number::percent;

/// Where a coordinate stands on its way from `start` to 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Place {
    /// This share of its way is covered.
    Covered(f64),
    /// On the other side, this share of its way beyond.
    Beyond(f64),
    /// On its side, this many times as far away as it began, above 1.
    Farther(f64),
    /// Began at the minimum and is still there.
    Stayed,
    /// Began at the minimum and is this far from it.
    Off(f64),
}

impl Place {
    pub(super) fn of(start: f64, now: f64) -> Self {
        if start == 0.0 {
            return if now == 0.0 {
                Self::Stayed
            } else {
                Self::Off(now.abs())
            };
        }
        let left = now / start;
        if left < 0.0 {
            Self::Beyond(-left)
        } else if left > 1.0 {
            Self::Farther(left)
        } else {
            Self::Covered(1.0 - left)
        }
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Covered(share) => write!(formatter, "has covered {} of its way", percent(*share)),
            Self::Beyond(share) if *share < 1.0 => write!(
                formatter,
                "stands beyond the minimum by {} of its way",
                percent(*share)
            ),
            Self::Beyond(times) => write!(
                formatter,
                "is {} times as far away, on the other side",
                number(*times)
            ),
            Self::Farther(times) if *times < 2.0 => write!(
                formatter,
                "is {} farther away than at the start",
                percent(times - 1.0)
            ),
            Self::Farther(times) => write!(
                formatter,
                "is {} times as far away as it began",
                number(*times)
            ),
            Self::Stayed => write!(formatter, "is where it began, at the minimum"),
            Self::Off(distance) => write!(
                formatter,
                "began at the minimum and is now {} off",
                number(*distance)
            ),
        }
    }
}
