//! Presets that compare rules: each shows something of one that another does not do.

use super::presets::Preset;

/// What all have in common.
const COMPARISON: Preset = Preset {
    id: "",
    title: "",
    whose: "rules compared",
    note: "",
    correction: None,
    query: "",
};

/// Every comparison, the simpler rules first.
pub static COMPARISONS: [Preset; 16] = [
    Preset {
        id: "one-rate",
        title: "one rate for all",
        note: "Gradient descent’s one rate of 0.4 multiplies x₂ by −0.6 at every step and x₁ by \
               0.92; Adagrad gives each its own.",
        query: "objective=f1&opt=sgd,adagrad",
        ..COMPARISON
    },
    Preset {
        id: "settling",
        title: "settling under noise",
        note: "With noise of deviation 2 on the gradient, gradient descent keeps jumping: its loss \
               over the last 100 steps averages 2.6, and 0.009 where the rate falls like 1/√t.",
        query: "objective=f1&noise=2&opt=sgd,decay&steps=1000",
        ..COMPARISON
    },
    Preset {
        id: "rare",
        title: "counting occurrences",
        note: "From (−5, 0), x₂ never has a gradient: the counter keeps its rate at 0.4, while \
               the common clock has both at 0.087 after 20 steps.",
        query: "objective=f1&opt=decay,counter&decay.c=1&counter.c=1&x0=-5,0",
        ..COMPARISON
    },
    Preset {
        id: "along-the-valley",
        title: "momentum along the valley",
        note: "After 20 steps with the same η, momentum has x₁ at −0.06, gradient descent at −0.94.",
        query: "objective=f1&opt=sgd,momentum",
        ..COMPARISON
    },
    Preset {
        id: "braking",
        title: "braking ahead",
        note: "From 4, momentum swings past the minimum of x² to −2.41, Nesterov’s to −1.58 only.",
        query: "objective=square&opt=momentum,nesterov&eta=0.05&momentum.momentum=0.9\
                &nesterov.momentum=0.9&x0=4,0&steps=60",
        ..COMPARISON
    },
    Preset {
        id: "goes-on",
        title: "RMSProp goes on where Adagrad stops",
        note: "At η = 0.1, Adagrad has x₁ at −3.28 after 100 steps; RMSProp has it at 0, and \
               lets x₂’s rate rise there until it throws x₂ out again, to −0.05.",
        query: "objective=f1&opt=adagrad,rmsprop&eta=0.1&steps=100",
        ..COMPARISON
    },
    Preset {
        id: "forgetting",
        title: "old gradients fade",
        note: "After step 20 all gradients are a hundredth: by step 100, RMSProp’s rate for x₁ has \
               risen from 0.011 to 0.65, while Adagrad’s is still 0.0023.",
        query: "objective=nonstationary&opt=adagrad,rmsprop&eta=0.1&steps=100",
        ..COMPARISON
    },
    Preset {
        id: "first-steps",
        title: "the first steps",
        note: "RMSProp’s first step is η/√(1 − γ) = 1.26 long in each coordinate, Adam’s, corrected, \
               η = 0.4; then Adam’s momentum carries x₁ past its minimum.",
        query: "objective=f1&opt=rmsprop,adam",
        ..COMPARISON
    },
    Preset {
        id: "no-rate",
        title: "without a learning rate",
        note: "Adadelta’s first step is √(ε/(1 − ρ)) = 0.003 in each coordinate; its loss is below \
               1 % of the start’s after 806 steps, Adagrad’s at η = 0.4 after 57.",
        query: "objective=f1&opt=adagrad,adadelta&steps=1000",
        ..COMPARISON
    },
    Preset {
        id: "from-the-start",
        title: "dual averaging",
        note: "The first step is Adagrad’s; each later one sets out again from the start, with all \
               gradients at today’s smaller rate: x₁ is at −3.22 after 20 steps, Adagrad’s at −2.38.",
        query: "objective=f1&opt=adagrad,dual_averaging",
        ..COMPARISON
    },
    Preset {
        id: "across-the-axes",
        title: "the full matrix",
        note: "f2’s valley runs across the axes: after 100 steps f2 is 0.010 with the full matrix, \
               and 0.569 with a rate for each coordinate.",
        query: "objective=f2&opt=adagrad,adagrad_full&eps=1e-8&x0=5,3&steps=100",
        ..COMPARISON
    },
    Preset {
        id: "turned-axes",
        title: "along the eigenvectors",
        note: "Along the Hessian’s eigenvectors, 20 steps of Adagrad bring f2 to 1.78; along the \
               axes, to 3.96.",
        query: "objective=f2,rotated&opt=adagrad,adagrad_rotated&eps=1e-8&x0=5,3",
        ..COMPARISON
    },
    Preset {
        id: "one-step",
        title: "one step of Newton’s",
        note: "Newton’s first step ends at the minimum of f1 and of f2; the Hessian’s diagonal \
               alone does so on f1, and leaves f2 at 0.26 after 20 steps.",
        query: "opt=newton,diagonal_newton&x0=5,3",
        ..COMPARISON
    },
    Preset {
        id: "saddle",
        title: "leaving a saddle",
        note: "From x₂ = 0.001 beside the saddle, Adagrad is beyond 1 after 17 steps, gradient \
               descent after 38: however small, a gradient’s first step is as long as η.",
        query: "objective=saddle&opt=sgd,adagrad&eta=0.1&x0=-2,0.001&steps=60",
        ..COMPARISON
    },
    Preset {
        id: "rosenbrock",
        title: "Rosenbrock’s valley",
        note: "After 1000 steps at η = 0.1, Adam’s loss is 0.00001 and Adagrad’s 1.54; RMSProp’s is \
               1.05, as it still steps by η across the valley.",
        query: "objective=rosenbrock&opt=adagrad,rmsprop,adam&eta=0.1&x0=-1.2,1&steps=1000",
        ..COMPARISON
    },
    Preset {
        id: "which-minimum",
        title: "which of many minima",
        note: "Every point of a line fits the one example: from 0, gradient descent ends at the \
               nearest, (0.8, 0.4), Adagrad at (⅔, ⅔), as both coordinates move alike.",
        query: "objective=least_squares&opt=sgd,adagrad&eta=0.1&x0=0,0&steps=200",
        ..COMPARISON
    },
];
