//! The table of settings: names, labels, ranges, sliders.
//!
//! Links, controls and scripts all go through [`PROPERTIES`]; no other code knows a query name.

use super::Theme;
use super::property::{Choice, Kind, Property};
use super::quantity::{Quantity, Slider};
use crate::optimizer::{EpsilonPlacement, Order};
use crate::parameter::{Range, Scale};

/// Every setting, in the order in which links list them. `step` comes after `steps`, which bounds
/// it.
pub static PROPERTIES: [Property; 17] = [
    Property {
        name: "objective",
        symbol: "f",
        label: "objectives",
        of_experiment: true,
        kind: Kind::Objectives,
    },
    Property {
        name: "theta",
        symbol: "θ",
        label: "angle in degrees",
        of_experiment: true,
        kind: Kind::Quantity(Quantity {
            range: Range::new(-180.0, 180.0),
            slider: Slider {
                min: -180.0,
                max: 180.0,
                scale: Scale::Linear,
                positions: 360,
                marks: &[],
            },
            get: |s| vec![s.experiment.theta_degrees],
            set: |s, values| {
                if let [theta] = *values {
                    s.experiment.theta_degrees = theta;
                }
            },
        }),
    },
    Property {
        name: "lambda",
        symbol: "λ",
        label: "eigenvalues",
        of_experiment: true,
        kind: Kind::Quantity(Quantity {
            range: Range::new(1e-3, 1e3),
            slider: Slider {
                min: 1e-3,
                max: 1e3,
                scale: Scale::Log,
                positions: 600,
                marks: &[0.2, 0.4, 1.0, 4.0, 8.0],
            },
            get: |s| s.experiment.eigenvalues.to_vec(),
            set: |s, values| {
                if let [first, second] = *values {
                    s.experiment.eigenvalues = [first, second];
                }
            },
        }),
    },
    Property {
        name: "eta",
        symbol: "η",
        label: "learning rate",
        of_experiment: true,
        kind: Kind::Quantity(Quantity {
            range: Range::new(1e-3, 10.0),
            slider: Slider {
                min: 1e-3,
                max: 10.0,
                scale: Scale::Log,
                positions: 1000,
                marks: &[0.01, 0.1, 0.2, 0.4, 1.0, 2.0, 3.0],
            },
            get: |s| vec![s.experiment.optimizer.learning_rate],
            set: |s, values| {
                if let [eta] = *values {
                    s.experiment.optimizer.learning_rate = eta;
                }
            },
        }),
    },
    Property {
        name: "eps",
        symbol: "ε",
        label: "stability constant",
        of_experiment: true,
        kind: Kind::Quantity(Quantity {
            range: Range::new(1e-12, 10.0).or_zero(),
            slider: Slider {
                min: 0.0,
                max: 10.0,
                scale: Scale::LogWithZero { smallest: 1e-12 },
                // 13 decades, 50 positions each, and one for 0.
                positions: 651,
                marks: &[],
            },
            get: |s| vec![s.experiment.optimizer.epsilon],
            set: |s, values| {
                if let [eps] = *values {
                    s.experiment.optimizer.epsilon = eps;
                }
            },
        }),
    },
    Property {
        name: "epsat",
        symbol: "",
        label: "place of ε",
        of_experiment: true,
        kind: Kind::Choice(Choice {
            names: &["inside", "outside"],
            get: |s| match s.experiment.optimizer.epsilon_placement {
                EpsilonPlacement::Inside => 0,
                EpsilonPlacement::Outside => 1,
            },
            set: |s, chosen| {
                s.experiment.optimizer.epsilon_placement = match chosen {
                    0 => EpsilonPlacement::Inside,
                    _ => EpsilonPlacement::Outside,
                };
            },
        }),
    },
    Property {
        name: "s0",
        symbol: "s₀",
        label: "initial accumulator",
        of_experiment: true,
        kind: Kind::Quantity(Quantity {
            range: Range::new(0.0, 1e3),
            slider: Slider {
                min: 0.0,
                max: 1e3,
                scale: Scale::LogWithZero { smallest: 1e-6 },
                // 9 decades, 50 positions each, and one for 0.
                positions: 451,
                marks: &[],
            },
            get: |s| vec![s.experiment.optimizer.initial_accumulator],
            set: |s, values| {
                if let [s0] = *values {
                    s.experiment.optimizer.initial_accumulator = s0;
                }
            },
        }),
    },
    Property {
        name: "decay",
        symbol: "d",
        label: "learning-rate decay",
        of_experiment: true,
        kind: Kind::Quantity(Quantity {
            range: Range::new(0.0, 10.0),
            slider: Slider {
                min: 0.0,
                max: 10.0,
                scale: Scale::LogWithZero { smallest: 1e-6 },
                // 7 decades, 50 positions each, and one for 0.
                positions: 351,
                marks: &[],
            },
            get: |s| vec![s.experiment.optimizer.learning_rate_decay],
            set: |s, values| {
                if let [decay] = *values {
                    s.experiment.optimizer.learning_rate_decay = decay;
                }
            },
        }),
    },
    Property {
        name: "order",
        symbol: "",
        label: "order",
        of_experiment: true,
        kind: Kind::Choice(Choice {
            names: &["accumulate", "step"],
            get: |s| match s.experiment.optimizer.order {
                Order::Accumulate => 0,
                Order::Step => 1,
            },
            set: |s, chosen| {
                s.experiment.optimizer.order = match chosen {
                    0 => Order::Accumulate,
                    _ => Order::Step,
                };
            },
        }),
    },
    Property {
        name: "x0",
        symbol: "x₀",
        label: "start",
        of_experiment: true,
        kind: Kind::Quantity(Quantity {
            range: Range::new(-100.0, 100.0),
            slider: Slider {
                min: -10.0,
                max: 10.0,
                scale: Scale::Linear,
                positions: 400,
                marks: &[],
            },
            get: |s| s.experiment.start.to_vec(),
            set: |s, values| {
                if let [x1, x2] = *values {
                    s.experiment.start = [x1, x2];
                }
            },
        }),
    },
    Property {
        name: "steps",
        symbol: "T",
        label: "number of steps",
        of_experiment: true,
        kind: Kind::Quantity(Quantity {
            range: Range::new(1.0, 1e5).whole(),
            slider: Slider {
                min: 1.0,
                max: 1e5,
                scale: Scale::Log,
                positions: 500,
                marks: &[20.0],
            },
            get: |s| vec![f64::from(s.experiment.steps)],
            set: |s, values| {
                if let [steps] = *values {
                    s.experiment.steps = steps as u32;
                }
            },
        }),
    },
    Property {
        name: "step",
        symbol: "t",
        label: "step shown",
        of_experiment: false,
        kind: Kind::Step,
    },
    Property {
        name: "speed",
        symbol: "",
        label: "steps per second",
        of_experiment: false,
        kind: Kind::Quantity(Quantity {
            range: Range::new(0.5, 1e4),
            slider: Slider {
                min: 0.5,
                max: 1e4,
                scale: Scale::Log,
                positions: 200,
                marks: &[1.0, 2.0, 5.0, 10.0, 100.0, 1000.0],
            },
            get: |s| vec![s.speed],
            set: |s, values| {
                if let [speed] = *values {
                    s.speed = speed;
                }
            },
        }),
    },
    Property {
        name: "theme",
        symbol: "",
        label: "colours",
        of_experiment: false,
        kind: Kind::Choice(Choice {
            names: &["system", "light", "dark"],
            get: |s| match s.theme {
                Theme::System => 0,
                Theme::Light => 1,
                Theme::Dark => 2,
            },
            set: |s, chosen| {
                s.theme = match chosen {
                    0 => Theme::System,
                    1 => Theme::Light,
                    _ => Theme::Dark,
                };
            },
        }),
    },
    Property {
        name: "view",
        symbol: "",
        label: "part of the plane shown",
        of_experiment: false,
        kind: Kind::View,
    },
    Property {
        name: "pin",
        symbol: "",
        label: "pinned run",
        of_experiment: false,
        kind: Kind::Pin,
    },
    Property {
        name: "embed",
        symbol: "",
        label: "embedded in another page",
        of_experiment: false,
        kind: Kind::Choice(Choice {
            names: &["0", "1"],
            get: |s| usize::from(s.embed),
            set: |s, chosen| s.embed = chosen == 1,
        }),
    },
];
