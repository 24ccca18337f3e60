//! Sliders: positions, values, marks.

use adagrad_lab::settings::{Property, Quantity, Scale, Settings, properties};
use adagrad_lab::slider::Move;

use crate::{assert_valid, quantity};

fn quantities() -> impl Iterator<Item = (&'static str, &'static Quantity)> {
    let named = |p: &'static Property| p.quantity().map(|quantity| (p.name.as_str(), quantity));
    properties().iter().filter_map(named)
}

#[test]
fn slider_positions_survive_the_way_to_values_and_back() {
    for (name, quantity) in quantities() {
        let mut previous = f64::NEG_INFINITY;
        for position in 0..=quantity.slider.positions {
            let value = quantity.value_from_slider(position);
            let back = quantity.slider_from_value(value);
            if quantity.range.whole {
                // Some have more positions than whole numbers at the low end: the value survives instead.
                assert_eq!(
                    quantity.value_from_slider(back),
                    value,
                    "{name} at {position}"
                );
                assert!(value >= previous, "{name} at {position}");
            } else {
                assert_eq!(back, position, "{name}");
                assert!(value > previous, "{name} at {position}");
            }
            assert_eq!(value, quantity.range.nearest(value), "{name} at {position}");
            previous = value;
        }
    }
}

#[test]
fn sliders_hit_marks_bounds_and_defaults_exactly() {
    let default = Settings::default();
    for (name, quantity) in quantities() {
        let slider = quantity.slider;
        let ends = [slider.min, slider.max];
        let defaults = quantity.values(&default);
        for &value in slider.marks.iter().chain(&ends).chain(&defaults) {
            let position = quantity.slider_from_value(value);
            assert_eq!(quantity.value_from_slider(position), value, "{name}");
        }
    }
    // Issue 2, section 3: from 0 and 1e-12 to 10.
    assert_eq!(quantity("eps").value_from_slider(0), 0.0);
    assert_eq!(quantity("eps").value_from_slider(1), 1e-12);
    assert_eq!(
        quantity("eps").slider.scale,
        Scale::LogWithZero { smallest: 1e-12 }
    );
}

#[test]
fn slider_values_have_three_digits() {
    for (name, quantity) in quantities() {
        // The ends are what they are.
        for position in 1..quantity.slider.positions {
            let text = format!("{:e}", quantity.value_from_slider(position));
            let digits = text
                .split('e')
                .next()
                .unwrap()
                .chars()
                .filter(char::is_ascii_digit);
            assert!(digits.count() <= 3, "{name} at {position}: {text}");
        }
    }
}

#[test]
fn a_drag_stops_at_the_bounds() {
    let mut settings = Settings::default();
    quantity("x0").set_nearest(&mut settings, 1, 1e9);
    quantity("steps").set_nearest(&mut settings, 0, f64::NAN);
    assert_eq!(settings.experiment.start, [-5.0, 100.0]);
    assert_eq!(settings.experiment.steps, 1);
    assert_valid(&settings);
}

/// Evidence: what a reader who presses a key expects, for every value of every slider.
#[test]
fn one_key_is_the_next_value_and_the_other_key_leads_back() {
    for (name, quantity) in quantities() {
        let [first, last] = [0, quantity.slider.positions].map(|p| quantity.value_from_slider(p));
        let mut value = first;
        while value < last {
            let next = quantity.moved(value, Move::Forward);
            assert!(next > value, "{name}: right at {value} gives {next}");
            assert_eq!(
                quantity.moved(next, Move::Back),
                value,
                "{name} from {next}"
            );
            value = next;
        }
        assert_eq!(value, last, "{name}");
        assert_eq!(quantity.moved(last, Move::Forward), last, "{name}");
        assert_eq!(quantity.moved(first, Move::Back), first, "{name}");
        assert_eq!(quantity.moved(last, Move::First), first, "{name}");
        assert_eq!(quantity.moved(first, Move::Last), last, "{name}");
        assert!(quantity.moved(first, Move::PageForward) > first, "{name}");
        assert!(quantity.moved(last, Move::PageBack) < last, "{name}");
    }
}

#[test]
fn few_steps_move_one_by_one() {
    let steps = quantity("steps");
    let counted: Vec<f64> =
        std::iter::successors(Some(1.0), |&value| Some(steps.moved(value, Move::Forward)))
            .take(20)
            .collect();
    assert_eq!(counted, (1..=20).map(f64::from).collect::<Vec<f64>>());
}

/// A typed value need not be one of the slider's.
#[test]
fn a_key_leaves_a_typed_value_the_way_it_points() {
    for (name, quantity) in quantities() {
        let position = quantity.slider.positions / 2;
        let [low, high] = [position, position + 1].map(|p| quantity.value_from_slider(p));
        let between = (low + high) / 2.0;
        assert!(quantity.moved(between, Move::Forward) > between, "{name}");
        assert!(quantity.moved(between, Move::Back) < between, "{name}");
    }
}
