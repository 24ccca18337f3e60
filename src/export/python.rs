//! A run as a short Python script that repeats it with PyTorch, in float64.

use super::python_rule::{Minimised, steps_source};
use crate::expression;
use crate::objective::{Noise, NonStationary, Objective, Problem, Vector};
use crate::optimizer::Optimizer;

/// A script that prints the end point of the same run and the loss there.
///
/// It uses PyTorch's own optimizer where that takes the same steps, and a loop over PyTorch's
/// gradients elsewhere. Where the run stops at a singular matrix, so does the script, with an
/// error; one that diverges goes on to the end in the script, which prints what is not finite.
#[must_use]
pub fn pytorch_snippet(
    problem: impl Into<Problem>,
    optimizer: impl Into<Optimizer>,
    start: Vector,
    steps: u32,
) -> String {
    snippet_of(&problem.into(), &optimizer.into(), start, steps)
}

fn snippet_of(problem: &Problem, optimizer: &Optimizer, start: Vector, steps: u32) -> String {
    let Problem {
        objective,
        scale,
        noise,
    } = problem;
    let (mut import, definition) = objective_source(objective);
    let mut noise_source = String::new();
    if noise.deviation != 0.0 {
        import = "import math\n\n";
        noise_source = noise_function(noise, objective.dimension());
    }
    let is_scaled = *scale != 1.0;
    let (variable, point, comment) = if is_scaled {
        let point = format!("{scale:?} * z");
        let comment = format!("  # the rule moves z, where x = {point}");
        ("z", point, comment)
    } else {
        ("x", "x".to_owned(), String::new())
    };
    let value = format!("f({point})");
    let mut gradient_changes: Vec<String> = Vec::new();
    let mut hessian_changes = Vec::new();
    if let Some(factor) = gradient_factor(objective) {
        gradient_changes.push(format!("grad *= {factor}"));
        hessian_changes.push(format!("H *= {factor}"));
    }
    if noise.deviation != 0.0 {
        let times = if is_scaled {
            format!("{scale:?} * ")
        } else {
            String::new()
        };
        gradient_changes.push(format!("grad += {times}noise(t + 1)"));
    }
    if objective.dimension() == 1 {
        hessian_changes.push("H[1, 1] = 1  # or it would be singular".to_owned());
    }
    let minimised = Minimised {
        variable,
        function: if is_scaled {
            format!("lambda z: {value}")
        } else {
            "f".to_owned()
        },
        value: value.clone(),
        gradient_changes,
        hessian_changes,
    };
    let steps_source = steps_source(optimizer, &minimised, steps);
    let [x1, x2] = problem.parameters_of(start);
    let end = if is_scaled {
        format!("({point})")
    } else {
        point
    };
    format!(
        "{import}import torch

torch.set_default_dtype(torch.float64)


def f(x):
    x1, x2 = x
{definition}
{noise_source}
{variable} = torch.tensor([{x1:?}, {x2:?}], requires_grad=True){comment}
{steps_source}
print({end}.tolist(), {value}.item())
"
    )
}

/// The noise of step t (from 1), as [`Noise::at_step`] makes it; its logarithm is Python's, which
/// may differ in the last digit.
fn noise_function(noise: &Noise, dimension: usize) -> String {
    let Noise { deviation, seed } = noise;
    let only_first = if dimension == 1 {
        "pair[1] = 0.0  # the objective does not know x2\n            "
    } else {
        ""
    };
    format!(
        "
def mixed(state):
    state = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9 % 2**64
    state = (state ^ (state >> 27)) * 0x94D049BB133111EB % 2**64
    return state ^ (state >> 31)


def noise(t):  # Gaussian: Marsaglia's polar method over SplitMix64
    state = mixed({seed} << 32 | t)
    while True:
        pair = []
        for _ in range(2):
            state = (state + 0x9E3779B97F4A7C15) % 2**64
            pair.append((mixed(state) >> 11) / 2**52 - 1)
        square = pair[0] * pair[0] + pair[1] * pair[1]
        if 0 < square < 1:
            {only_first}factor = math.sqrt(-2 * math.log(square) / square)
            return torch.tensor(pair) * ({deviation:?} * factor)

"
    )
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
            // What was compiled once is read again.
            let python = expression::python(&function.source).unwrap_or_default();
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
