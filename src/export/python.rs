//! A run as a short Python script that repeats it with PyTorch, in float64.

use crate::objective::{NonStationary, Objective, Vector};
use crate::optimizer::{Adagrad, EpsilonPlacement, Order};

/// A script that prints the end point of the same run.
///
/// `torch.optim.Adagrad` has one convention: accumulate first, ε outside the root. A run in any
/// other is written out as a loop over PyTorch's gradients.
#[must_use]
pub fn pytorch_snippet(
    objective: &Objective,
    optimizer: &Adagrad,
    start: Vector,
    steps: u32,
) -> String {
    let (import, definition) = objective_source(objective);
    let [x1, x2] = start;
    let factor = gradient_factor(objective);
    let steps_source = if is_pytorch_convention(optimizer) {
        library_steps(optimizer, factor, steps)
    } else {
        explicit_steps(optimizer, factor, steps)
    };
    format!(
        "{import}import torch

torch.set_default_dtype(torch.float64)


def f(x):
    x1, x2 = x
{definition}

x = torch.tensor([{x1:?}, {x2:?}], requires_grad=True)
{steps_source}
print(x.tolist(), f(x).item())
"
    )
}

/// Whether `torch.optim.Adagrad` takes the same steps. Without ε and s₀, it gives NaN for a
/// coordinate without gradient, which stays where it is here.
fn is_pytorch_convention(optimizer: &Adagrad) -> bool {
    optimizer.epsilon_placement == EpsilonPlacement::Outside
        && optimizer.order == Order::Accumulate
        && !may_divide_zero_by_zero(optimizer)
}

fn may_divide_zero_by_zero(optimizer: &Adagrad) -> bool {
    optimizer.epsilon == 0.0 && optimizer.initial_accumulator == 0.0
}

/// Imports beyond torch, and the body of f after its coordinates are named.
fn objective_source(objective: &Objective) -> (&'static str, String) {
    let formula = match objective {
        Objective::F1 => "0.1 * x1**2 + 2 * x2**2",
        Objective::F2 => "0.1 * (x1 + x2) ** 2 + 2 * (x1 - x2) ** 2",
        Objective::Rotated(rotated) => {
            let angle = rotated.angle_degrees();
            let [along, across] = rotated.eigenvalues();
            let body = format!(
                "    theta = math.radians({angle:?})
    z1 = math.cos(theta) * x1 + math.sin(theta) * x2
    z2 = math.cos(theta) * x2 - math.sin(theta) * x1
    return 0.5 * ({along:?} * z1**2 + {across:?} * z2**2)
"
            );
            return ("import math\n\n", body);
        }
        Objective::Bowl => "x1**2 + 10 * x2**2",
        Objective::Diagonal(diagonal) => {
            let [first, second] = diagonal.curvatures;
            let body = format!("    return 0.5 * ({first:?} * x1**2 + {second:?} * x2**2)\n");
            return ("", body);
        }
        Objective::Square => "x1**2 + 0 * x2",
        Objective::Saddle => "x1**2 - x2**2",
        Objective::Rosenbrock => "(1 - x1) ** 2 + 100 * (x2 - x1**2) ** 2",
        Objective::Himmelblau => "(x1**2 + x2 - 11) ** 2 + (x1 + x2**2 - 7) ** 2",
        Objective::Beale => {
            "sum((c - x1 + x1 * x2**i) ** 2 for i, c in [(1, 1.5), (2, 2.25), (3, 2.625)])"
        }
        Objective::LeastSquares => "(2 * x1 + x2 - 2) ** 2",
        Objective::Typed(function) => {
            let python = function.source.replace('^', "**");
            return ("", format!("    return {python}\n"));
        }
        Objective::NonStationary(_) => "torch.sqrt(1 + x1**2) + torch.sqrt(1 + x2**2) - 2",
    };
    ("", format!("    return {formula}\n"))
}

/// What multiplies the gradient of step t (from 0), where something does.
fn gradient_factor(objective: &Objective) -> Option<String> {
    let Objective::NonStationary(non_stationary) = objective else {
        return None;
    };
    let NonStationary {
        large_steps,
        large,
        small,
    } = non_stationary;
    Some(format!("{large:?} if t < {large_steps} else {small:?}"))
}

fn library_steps(optimizer: &Adagrad, factor: Option<String>, steps: u32) -> String {
    let Adagrad {
        learning_rate,
        epsilon,
        initial_accumulator,
        learning_rate_decay,
        weight_decay,
        ..
    } = optimizer;
    let weight_decay = if *weight_decay == 0.0 {
        String::new()
    } else {
        format!("\n    weight_decay={weight_decay:?},")
    };
    let (counter, scaled) = match factor {
        None => ("_", String::new()),
        Some(factor) => ("t", format!("    x.grad *= {factor}\n")),
    };
    format!(
        "optimizer = torch.optim.Adagrad(
    [x],
    lr={learning_rate:?},
    lr_decay={learning_rate_decay:?},
    initial_accumulator_value={initial_accumulator:?},
    eps={epsilon:?},{weight_decay}
)
for {counter} in range({steps}):
    optimizer.zero_grad()
    f(x).backward()
{scaled}    optimizer.step()
"
    )
}

fn explicit_steps(optimizer: &Adagrad, factor: Option<String>, steps: u32) -> String {
    let Adagrad {
        learning_rate,
        epsilon,
        initial_accumulator,
        learning_rate_decay,
        weight_decay,
        ..
    } = optimizer;
    let scaled = factor.map_or_else(String::new, |factor| format!("        g *= {factor}\n"));
    let weight_decay = if *weight_decay == 0.0 {
        String::new()
    } else {
        format!("        g += {weight_decay:?} * x\n")
    };
    let denominator = match optimizer.epsilon_placement {
        EpsilonPlacement::Inside => "torch.sqrt(s + eps)",
        EpsilonPlacement::Outside => "(torch.sqrt(s) + eps)",
    };
    let accumulate = "        s += g**2\n";
    let step = if may_divide_zero_by_zero(optimizer) {
        format!(
            "        update = rate * g / {denominator}
        x -= torch.where(g == 0, torch.zeros_like(g), update)  # 0 / 0: nothing moves
"
        )
    } else {
        format!("        x -= rate * g / {denominator}\n")
    };
    let difference = match (optimizer.order, optimizer.epsilon_placement) {
        (Order::Step, _) => "accumulates before it steps",
        (Order::Accumulate, EpsilonPlacement::Inside) => "adds eps outside the root",
        (Order::Accumulate, EpsilonPlacement::Outside) => "makes 0 / 0 NaN",
    };
    let body = match optimizer.order {
        Order::Accumulate => format!("{scaled}{weight_decay}{accumulate}{step}"),
        Order::Step => format!("{scaled}{weight_decay}{step}{accumulate}"),
    };
    format!(
        "s = torch.full_like(x, {initial_accumulator:?}, requires_grad=False)
eta, decay, eps = {learning_rate:?}, {learning_rate_decay:?}, {epsilon:?}

# Written out, because torch.optim.Adagrad {difference}.
for t in range({steps}):
    (g,) = torch.autograd.grad(f(x), x)
    rate = eta / (1 + t * decay)
    with torch.no_grad():
{body}"
    )
}
