//! Experiments and conventions from the course material, one click each.
//!
//! A preset is a link: what can be set can be preset, with no code of its own.

use super::comparisons::COMPARISONS;
use super::{Experiment, RuleName, parse};
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

/// An experiment worth seeing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preset {
    /// For forms, tests and the table of facts.
    pub id: &'static str,
    /// What tells it apart from others of the same origin.
    pub title: &'static str,
    /// Whose it is.
    pub whose: &'static str,
    /// What is to be seen, in one sentence.
    pub note: &'static str,
    /// Where the source printed something wrong, what is right, in one sentence.
    pub correction: Option<&'static str>,
    /// The experiment as [`query::of_experiment`](super::query::of_experiment) has it: a preset is
    /// open where the two are the same.
    pub query: &'static str,
}

impl Preset {
    /// The experiment.
    #[must_use]
    pub fn experiment(&self) -> Experiment {
        parse(self.query).settings.experiment
    }

    /// Every preset: the sources' first, then those that compare rules, which only the engine
    /// carries. The page has [`PRESETS`] alone.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        PRESETS.iter().chain(&COMPARISONS)
    }

    /// The preset of that id.
    #[must_use]
    pub fn of_id(id: &str) -> Option<&'static Self> {
        Self::all().find(|preset| preset.id == id)
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
    query: "",
};

/// What the sources run, grouped by source.
pub static PRESETS: [Preset; 12] = [
    D2L_04,
    Preset {
        id: "d2l-2",
        title: "η = 2",
        note: "On f1 the first step, as long as η in each coordinate, takes x₂ from −2 almost \
               exactly onto its minimum; another start or η would not be so lucky.",
        query: "eta=2",
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
        query: "objective=f1&eps=1e-8&x0=5,3&steps=3",
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
        query: "objective=f2&eps=1e-8&x0=5,3&steps=3",
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
        query: "eta=0.2",
    },
    Preset {
        id: "report-3",
        title: "η = 3",
        whose: "the Math4CS report",
        note: "On f1 the first step carries x₂ past its minimum to 1, and the run still arrives; \
               plain gradient descent would multiply x₂ by −11 at every step.",
        query: "eta=3",
        ..D2L_04
    },
    Preset {
        id: "pytorch",
        title: "defaults",
        whose: "PyTorch",
        note: "With η = 0.01, 20 steps move each coordinate by less than 0.08.",
        query: "eta=0.01&eps=1e-10&epsat=outside",
        ..D2L_04
    },
    Preset {
        id: "keras",
        title: "defaults",
        whose: "Keras 3",
        note: "With η = 0.001, 20 steps move each coordinate by less than 0.008.",
        query: "eta=0.001&eps=1e-7&s0=0.1",
        ..D2L_04
    },
    Preset {
        id: "square-by-hand",
        title: "x² by hand",
        whose: "course notes on AdaGrad",
        note: "Three steps to check by hand, from 4 with η = 1: to 3, to 2.4, to 1.967.",
        correction: Some(
            "The notes round the third rate to 0.090 and so print x = 1.968, where the rule gives \
             1.967.",
        ),
        query: "objective=square&eta=1&eps=1e-8&x0=4,0&steps=3",
    },
    Preset {
        id: "square-ten-steps",
        title: "ten steps on x²",
        whose: "course notes on AdaGrad",
        note: "The table that the notes’ program prints, with ε outside the root: x has come from \
               4 to 0.5849, and the rate from 0.125 to 0.0766.",
        correction: None,
        query: "objective=square&eta=1&eps=1e-8&epsat=outside&x0=4,0&steps=10",
    },
    Preset {
        id: "square-fifty-steps",
        title: "η = 0.1 on x²",
        whose: "course notes on AdaGrad",
        note: "After 50 steps x has only come from 5 to 3.7908: the sum of squares is at 3603.",
        correction: None,
        query: "objective=square&eta=0.1&eps=1e-8&epsat=outside&x0=5,0&steps=50",
    },
    Preset {
        id: "bowl",
        title: "the bowl w² + 10 b²",
        whose: "course notes on AdaGrad",
        note: "b’s gradient is ten times w’s and its rate a tenth, from the first step on: both \
               coordinates move alike.",
        correction: None,
        query: "objective=bowl&eta=0.1&eps=1e-8&x0=1,1&steps=50",
    },
];
