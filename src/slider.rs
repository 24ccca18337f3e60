//! How keys move a slider, whatever values its positions stand for.
//!
//! A slider has more positions than values where the values are rounded: 1,000 positions from 1 to
//! 100,000 steps, say, have dozens of positions for the value 1. A browser moves by one position,
//! which then changes nothing. Here a key moves by one *value*.

/// What a key asks of a slider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// To the next larger value.
    Forward,
    /// To the next smaller value.
    Back,
    /// Up by a tenth of the track, and by one value at least.
    PageForward,
    /// Down by a tenth of the track, and by one value at least.
    PageBack,
    /// To the smallest value.
    First,
    /// To the largest value.
    Last,
}

impl Move {
    /// What a native range input does on a key, by the key's name in the browser; none of other keys.
    #[must_use]
    pub fn of_key(key: &str) -> Option<Self> {
        Some(match key {
            "ArrowRight" | "ArrowUp" => Self::Forward,
            "ArrowLeft" | "ArrowDown" => Self::Back,
            "PageUp" => Self::PageForward,
            "PageDown" => Self::PageBack,
            "Home" => Self::First,
            "End" => Self::Last,
            _ => return None,
        })
    }
}

/// The value after a key, of a slider at `value` whose positions 0 to `positions` have the values
/// `value_at`, none smaller than the one before; `position` is the position nearest to a value.
///
/// From a value of the slider, [`Move::Back`] undoes [`Move::Forward`] and the other way round, but
/// at the ends. A value beyond the end that a key points to stays.
#[must_use]
pub fn moved(
    value: f64,
    positions: u32,
    position: impl Fn(f64) -> u32,
    value_at: impl Fn(u32) -> f64,
    by: Move,
) -> f64 {
    let here = position(value).min(positions);
    let page = (positions / 10).max(1);
    let forward = |from: u32| (from..=positions).map(&value_at).find(|&at| at > value);
    let back = |from: u32| (0..=from).rev().map(&value_at).find(|&at| at < value);
    let next = match by {
        Move::Forward => forward(here),
        Move::Back => back(here),
        Move::PageForward => forward((here + page).min(positions)),
        Move::PageBack => back(here.saturating_sub(page)),
        Move::First => Some(value_at(0)),
        Move::Last => Some(value_at(positions)),
    };
    next.unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whole numbers from 1 to 4 on 31 positions.
    fn key(value: f64, by: Move) -> f64 {
        let value_at = |position: u32| (1.0 + f64::from(position) / 10.0).round();
        moved(
            value,
            30,
            |value| ((value - 1.0) * 10.0).round() as u32,
            value_at,
            by,
        )
    }

    #[test]
    fn a_key_is_one_value_whatever_the_positions() {
        assert_eq!(key(1.0, Move::Forward), 2.0);
        assert_eq!(key(2.0, Move::Back), 1.0);
        assert_eq!(key(1.0, Move::PageForward), 2.0);
        assert_eq!(key(4.0, Move::PageBack), 3.0);
        assert_eq!(key(3.0, Move::First), 1.0);
        assert_eq!(key(2.0, Move::Last), 4.0);
    }

    #[test]
    fn typed_values_between_and_beyond_move_the_way_the_key_points() {
        assert_eq!(key(2.5, Move::Forward), 3.0);
        assert_eq!(key(2.5, Move::Back), 2.0);
        assert_eq!(key(9.0, Move::Forward), 9.0);
        assert_eq!(key(9.0, Move::Back), 4.0);
        assert_eq!(key(0.0, Move::Back), 0.0);
        assert_eq!(key(0.0, Move::Forward), 1.0);
    }

    #[test]
    fn keys_are_those_of_a_native_slider() {
        assert_eq!(Move::of_key("ArrowUp"), Some(Move::Forward));
        assert_eq!(Move::of_key("ArrowDown"), Some(Move::Back));
        assert_eq!(Move::of_key("Tab"), None);
        assert_eq!(Move::of_key(" "), None);
    }
}
