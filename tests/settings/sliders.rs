//! Sliders: positions, values, marks.

use adagrad_lab::settings::{Property, Quantity, Scale, Settings, properties};

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
