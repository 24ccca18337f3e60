//! Experiments and conventions from the course material, one click each.

use super::{Experiment, ObjectiveName, RuleName};
use crate::objective::Vector;
use crate::optimizer::{Adagrad, EpsilonPlacement, Optimizer, Order};

/// A source's form of the rule: all of the optimizer but its learning rate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Convention {
    /// For forms and tests.
    pub id: &'static str,
    /// Whose it is.
    pub whose: &'static str,
    /// What is particular about it, in one sentence.
    pub note: &'static str,
    /// ε.
    pub epsilon: f64,
    /// Inside or outside the root.
    pub epsilon_placement: EpsilonPlacement,
    /// s₀.
    pub initial_accumulator: f64,
    /// d.
    pub learning_rate_decay: f64,
    /// Accumulate first, or step first.
    pub order: Order,
}

impl Convention {
    /// The rule in this form, with that learning rate.
    #[must_use]
    pub const fn optimizer(&self, learning_rate: f64) -> Adagrad {
        Adagrad {
            learning_rate,
            epsilon: self.epsilon,
            epsilon_placement: self.epsilon_placement,
            initial_accumulator: self.initial_accumulator,
            learning_rate_decay: self.learning_rate_decay,
            order: self.order,
            weight_decay: 0.0,
        }
    }

    /// The convention that the experiment's Adagrad follows, if it is one of these.
    #[must_use]
    pub fn of(experiment: &Experiment) -> Option<&'static Self> {
        let adagrad = experiment.optimizer(RuleName::from_name("adagrad")?);
        let learning_rate = adagrad.learning_rate();
        CONVENTIONS
            .iter()
            .find(|convention| adagrad == Optimizer::Adagrad(convention.optimizer(learning_rate)))
    }

    /// Gives the experiment's Adagrad this form; its learning rate stays.
    pub fn apply(&self, experiment: &mut Experiment) {
        if let Some(rule) = RuleName::from_name("adagrad") {
            let learning_rate = experiment.optimizer(rule).learning_rate();
            experiment.set_optimizer(self.optimizer(learning_rate));
        }
    }
}

/// D2L's form, which the others are told apart from.
pub const D2L: Convention = Convention {
    id: "d2l",
    whose: "D2L",
    note: "ε = 10⁻⁶ is added inside the root.",
    epsilon: 1e-6,
    epsilon_placement: EpsilonPlacement::Inside,
    initial_accumulator: 0.0,
    learning_rate_decay: 0.0,
    order: Order::Accumulate,
};

const PYTORCH: Convention = Convention {
    id: "pytorch",
    whose: "PyTorch",
    note: "ε = 10⁻¹⁰ is added outside the root.",
    epsilon: 1e-10,
    epsilon_placement: EpsilonPlacement::Outside,
    ..D2L
};

// Keras 3 adds ε inside (keras/src/optimizers/adagrad.py, `update_step`); TensorFlow's own
// optimizer of the same name, which older Keras was, adds it outside.
const KERAS: Convention = Convention {
    id: "keras",
    whose: "Keras 3",
    note: "The accumulator starts at 0.1, so early steps are shorter; ε = 10⁻⁷ is added inside \
           the root.",
    epsilon: 1e-7,
    initial_accumulator: 0.1,
    ..D2L
};

const DUCHI: Convention = Convention {
    id: "duchi",
    whose: "Duchi, Hazan & Singer 2011",
    note: "Their δ, here ε, is added outside the root; the paper leaves its value open, and 0 is \
           taken here.",
    epsilon: 0.0,
    epsilon_placement: EpsilonPlacement::Outside,
    ..D2L
};

const STEP_FIRST: Convention = Convention {
    id: "step-first",
    whose: "a CSC413 homework notebook",
    note: "Each step is taken with the accumulator of the step before, which starts at 1; there \
           is no ε.",
    epsilon: 0.0,
    initial_accumulator: 1.0,
    order: Order::Step,
    ..D2L
};

/// The report's form in its formulas and hand calculations.
const REPORT: Convention = Convention {
    id: "report",
    whose: "the Math4CS report",
    note: "ε = 10⁻⁸ is added inside the root.",
    epsilon: 1e-8,
    ..D2L
};

/// Every convention the page offers.
pub static CONVENTIONS: [Convention; 6] = [D2L, PYTORCH, KERAS, DUCHI, STEP_FIRST, REPORT];

/// An experiment that a source describes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Preset {
    /// For forms and tests.
    pub id: &'static str,
    /// What tells it apart from the same source's others.
    pub title: &'static str,
    /// Whose it is.
    pub whose: &'static str,
    /// What is to be seen, in one sentence.
    pub note: &'static str,
    /// Where the source printed something wrong, what is right, in one sentence.
    pub correction: Option<&'static str>,
    /// The objectives shown.
    pub objectives: &'static [&'static str],
    /// The rule and its learning rate.
    pub optimizer: Adagrad,
    /// x₀.
    pub start: Vector,
    /// How many steps.
    pub steps: u32,
}

impl Preset {
    /// The experiment; the rotated quadratic, which no preset shows, as it is by default.
    #[must_use]
    pub fn experiment(&self) -> Experiment {
        let names = self.objectives.iter();
        let mut experiment = Experiment {
            objectives: names
                .filter_map(|name| ObjectiveName::from_name(name))
                .collect(),
            start: self.start,
            steps: self.steps,
            ..Experiment::default()
        };
        experiment.set_optimizer(self.optimizer);
        experiment
    }

    /// The preset of that id.
    #[must_use]
    pub fn of_id(id: &str) -> Option<&'static Self> {
        PRESETS.iter().find(|preset| preset.id == id)
    }
}

/// What most presets have in common: D2L's run at η = 0.4.
const D2L_04: Preset = Preset {
    id: "d2l-0.4",
    title: "η = 0.4",
    whose: "D2L",
    note: "On f1, x₁ has come only from −5 to −2.38 after 20 steps: its rate fell before it \
           arrived.",
    correction: None,
    objectives: &["f1", "f2"],
    optimizer: D2L.optimizer(0.4),
    start: [-5.0, -2.0],
    steps: 20,
};

/// Every preset, grouped by source.
pub static PRESETS: [Preset; 8] = [
    D2L_04,
    Preset {
        id: "d2l-2",
        title: "η = 2",
        note: "On f1 the first step, as long as η in each coordinate, takes x₂ from −2 almost \
               exactly onto its minimum; another start or η would not be so lucky.",
        optimizer: D2L.optimizer(2.0),
        ..D2L_04
    },
    Preset {
        id: "report-f1",
        title: "by hand on f1",
        whose: "the Math4CS report",
        note: "Three steps to check by hand: the gradients are 1 and 12, yet the first step moves \
               both coordinates by η = 0.4.",
        correction: Some(
            "The report prints f1 = 12.817 after step 2 and 10.805 after step 3, where its own \
             rule gives 12.807 and 10.809.",
        ),
        objectives: &["f1"],
        optimizer: REPORT.optimizer(0.4),
        start: [5.0, 3.0],
        steps: 3,
    },
    Preset {
        id: "report-f2",
        title: "by hand on f2",
        whose: "the Math4CS report",
        note: "Three steps to check by hand: x₂ starts at 3 and moves away from 0, because the \
               steepest way down leads across the valley.",
        correction: Some(
            "The report prints −1.393 for the second entry of the third gradient, where its own \
             rule gives −1.606, and f2 = 6.706 and 6.567 after steps 2 and 3, where it gives 7.609 \
             and 6.851.",
        ),
        objectives: &["f2"],
        optimizer: REPORT.optimizer(0.4),
        start: [5.0, 3.0],
        steps: 3,
    },
    Preset {
        id: "report-0.2",
        title: "η = 0.2",
        whose: "the Math4CS report",
        note: "On f1, x₁ is still at −3.58 after 20 steps: every step is shorter than the one \
               before.",
        correction: Some(
            "The report's analysis speaks of η = 0.1 where its code runs 0.2, and of learning that \
             has stopped where it is only slow: both coordinates of f1 are within 0.01 of the \
             minimum after 998 steps.",
        ),
        optimizer: D2L.optimizer(0.2),
        ..D2L_04
    },
    Preset {
        id: "report-3",
        title: "η = 3",
        whose: "the Math4CS report",
        note: "On f1 the first step carries x₂ past its minimum to 1, and the run still arrives; \
               plain gradient descent would multiply x₂ by −11 at every step.",
        optimizer: D2L.optimizer(3.0),
        ..D2L_04
    },
    Preset {
        id: "pytorch",
        title: "defaults",
        whose: "PyTorch",
        note: "With η = 0.01, 20 steps move each coordinate by less than 0.08.",
        optimizer: PYTORCH.optimizer(0.01),
        ..D2L_04
    },
    Preset {
        id: "keras",
        title: "defaults",
        whose: "Keras 3",
        note: "With η = 0.001, 20 steps move each coordinate by less than 0.008.",
        optimizer: KERAS.optimizer(0.001),
        ..D2L_04
    },
];
