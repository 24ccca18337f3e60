//! The steps of a rule in Python: PyTorch's own optimizer where it takes the same ones, a loop over
//! PyTorch's gradients elsewhere.

use crate::optimizer::{Adagrad, EpsilonPlacement, Optimizer, Order};

/// What a script needs to know of the problem it minimises.
pub(super) struct Minimised {
    /// The variable that the rule moves, `x` or `z`.
    pub variable: &'static str,
    /// The objective of that variable, as a function: `f`.
    pub function: String,
    /// The objective at that variable: `f(x)`.
    pub value: String,
    /// What happens to a gradient of step `t` (from 0) before the rule sees it, with `grad` for the
    /// gradient: statements, each without its indentation.
    pub gradient_changes: Vec<String>,
    /// The same for a Hessian, `H`.
    pub hessian_changes: Vec<String>,
}

/// `optimizer = …` and the loop over `steps` steps.
pub(super) fn steps_source(optimizer: &Optimizer, minimised: &Minimised, steps: u32) -> String {
    match library_optimizer(optimizer, minimised.variable) {
        Some(optimizer) => library_steps(&optimizer, minimised, steps),
        None => written_out(optimizer).source(minimised, steps),
    }
}

/// PyTorch's optimizer where its convention is the rule's. Where ε = 0 lets it divide 0 by 0 it is
/// not: it gives NaN for a coordinate without gradient, which stays where it is here.
fn library_optimizer(optimizer: &Optimizer, variable: &str) -> Option<String> {
    use EpsilonPlacement::Outside;
    Some(match optimizer {
        Optimizer::Sgd(rule) => {
            format!("torch.optim.SGD([{variable}], lr={:?})", rule.learning_rate)
        }
        Optimizer::Momentum(rule) => format!(
            "torch.optim.SGD([{variable}], lr={:?}, momentum={:?})",
            rule.learning_rate, rule.momentum
        ),
        // PyTorch refuses Nesterov's form of no momentum.
        Optimizer::Nesterov(rule) if rule.momentum > 0.0 => format!(
            "torch.optim.SGD([{variable}], lr={:?}, momentum={:?}, nesterov=True)",
            rule.learning_rate, rule.momentum
        ),
        Optimizer::Adagrad(rule) if is_pytorch_convention(rule) => {
            let weight_decay = if rule.weight_decay == 0.0 {
                String::new()
            } else {
                format!("\n    weight_decay={:?},", rule.weight_decay)
            };
            format!(
                "torch.optim.Adagrad(
    [{variable}],
    lr={:?},
    lr_decay={:?},
    initial_accumulator_value={:?},
    eps={:?},{weight_decay}
)",
                rule.learning_rate,
                rule.learning_rate_decay,
                rule.initial_accumulator,
                rule.epsilon
            )
        }
        Optimizer::RmsProp(rule) if rule.epsilon_placement == Outside && rule.epsilon > 0.0 => {
            format!(
                "torch.optim.RMSprop([{variable}], lr={:?}, alpha={:?}, eps={:?})",
                rule.learning_rate, rule.gamma, rule.epsilon
            )
        }
        Optimizer::Adam(rule) if rule.epsilon > 0.0 => format!(
            "torch.optim.Adam([{variable}], lr={:?}, betas=({:?}, {:?}), eps={:?})",
            rule.learning_rate, rule.beta1, rule.beta2, rule.epsilon
        ),
        Optimizer::Adadelta(rule) => format!(
            "torch.optim.Adadelta([{variable}], lr={:?}, rho={:?}, eps={:?})",
            rule.learning_rate, rule.rho, rule.epsilon
        ),
        _ => return None,
    })
}

/// Whether `torch.optim.Adagrad` takes the same steps.
fn is_pytorch_convention(rule: &Adagrad) -> bool {
    rule.epsilon_placement == EpsilonPlacement::Outside
        && rule.order == Order::Accumulate
        && !may_divide_zero_by_zero(rule)
}

fn may_divide_zero_by_zero(rule: &Adagrad) -> bool {
    rule.epsilon == 0.0 && rule.initial_accumulator == 0.0
}

fn library_steps(optimizer: &str, minimised: &Minimised, steps: u32) -> String {
    let changes = &minimised.gradient_changes;
    let grad = format!("{}.grad", minimised.variable);
    let changes = lines(
        "    ",
        changes.iter().map(|line| line.replace("grad", &grad)),
    );
    let counter = if changes.is_empty() { "_" } else { "t" };
    let value = &minimised.value;
    format!(
        "optimizer = {optimizer}
for {counter} in range({steps}):
    optimizer.zero_grad()
    {value}.backward()
{changes}    optimizer.step()
"
    )
}

/// A rule as statements, with `x` for the variable, `g` for the gradient of step `t` (from 0) and
/// `H` for the Hessian at the point before it.
#[derive(Default)]
struct WrittenOut {
    /// Before the first step.
    setup: Vec<String>,
    /// Why PyTorch's own optimizer is not used.
    reason: &'static str,
    /// Whether the step needs `H`.
    uses_hessian: bool,
    /// Whether the setup does, at the start.
    starts_with_hessian: bool,
    /// The step.
    step: Vec<String>,
}

impl WrittenOut {
    fn source(&self, minimised: &Minimised, steps: u32) -> String {
        let Minimised {
            variable,
            function,
            value,
            ..
        } = minimised;
        // Every x that is a word of its own is the variable.
        let named = |line: &String| match *variable {
            "x" => line.clone(),
            other => renamed(line, other),
        };
        let hessian = |indent: &str| {
            let call = format!("H = torch.autograd.functional.hessian({function}, {variable})");
            let changes = minimised.hessian_changes.iter().cloned();
            lines(indent, std::iter::once(call).chain(changes))
        };
        let mut setup = String::new();
        if self.starts_with_hessian {
            // The factor of a gradient turns no eigenvector, and there is no t yet.
            let call = format!("H = torch.autograd.functional.hessian({function}, {variable})\n");
            setup.push_str(&call);
        }
        setup.push_str(&lines("", self.setup.iter().map(named)));
        let of_step = if self.uses_hessian {
            hessian("    ")
        } else {
            String::new()
        };
        let changes = &minimised.gradient_changes;
        let changes = lines(
            "        ",
            changes.iter().map(|line| line.replace("grad", "g")),
        );
        let step = lines("        ", self.step.iter().map(named));
        let reason = self.reason;
        format!(
            "{setup}
# Written out, because {reason}.
for t in range({steps}):
    (g,) = torch.autograd.grad({value}, {variable})
{of_step}    with torch.no_grad():
{changes}{step}"
        )
    }
}

/// `line` with every `x` that stands alone replaced, and `x0`, the start, likewise.
fn renamed(line: &str, variable: &str) -> String {
    let is_of_word = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
    let mut renamed = String::new();
    let mut word = String::new();
    for c in line.chars().chain([' ']) {
        if is_of_word(c) {
            word.push(c);
            continue;
        }
        match word.strip_prefix('x') {
            Some(rest) if rest.is_empty() || rest == "0" || rest.starts_with('.') => {
                renamed.push_str(variable);
                renamed.push_str(rest);
            }
            _ => renamed.push_str(&word),
        }
        word.clear();
        renamed.push(c);
    }
    renamed.truncate(renamed.trim_end().len());
    renamed
}

/// Each line indented and ended.
fn lines(indent: &str, lines: impl IntoIterator<Item = String>) -> String {
    let mut text = String::new();
    for line in lines {
        text.push_str(indent);
        text.push_str(&line);
        text.push('\n');
    }
    text
}

/// √(s + ε) or √s + ε, in brackets where it needs them after a `/`.
fn denominator(placement: EpsilonPlacement) -> &'static str {
    match placement {
        EpsilonPlacement::Inside => "torch.sqrt(s + eps)",
        EpsilonPlacement::Outside => "(torch.sqrt(s) + eps)",
    }
}

/// `change` of the point, without what is 0/0 where `gradient` is 0.
fn guarded(gradient: &str, change: &str, guard: bool) -> Vec<String> {
    if guard {
        vec![
            format!("update = {change}"),
            format!(
                "x -= torch.where({gradient} == 0, torch.zeros_like(g), update)  # 0 / 0: nothing moves"
            ),
        ]
    } else {
        vec![format!("x -= {change}")]
    }
}

const NO_SUCH_RULE: &str = "torch.optim has no such rule";

fn written_out(optimizer: &Optimizer) -> WrittenOut {
    let zeros = |name: &str| format!("{name} = torch.zeros_like(x)");
    let text = |line: &str| line.to_owned();
    match optimizer {
        Optimizer::Sgd(_) | Optimizer::Momentum(_) | Optimizer::Adadelta(_) => {
            // PyTorch's own in any case.
            WrittenOut::default()
        }
        Optimizer::Nesterov(rule) => WrittenOut {
            setup: vec![format!("eta = {:?}", rule.learning_rate)],
            reason: "torch.optim.SGD refuses nesterov without momentum",
            step: vec![text("x -= eta * g")],
            ..WrittenOut::default()
        },
        Optimizer::Decay(rule) => WrittenOut {
            setup: vec![format!(
                "eta, c = {:?}, {:?}",
                rule.learning_rate, rule.count_offset
            )],
            reason: NO_SUCH_RULE,
            step: vec![text("x -= eta / (t + 1 + c) ** 0.5 * g")],
            ..WrittenOut::default()
        },
        Optimizer::Counter(rule) => WrittenOut {
            setup: vec![
                zeros("s"),
                format!("eta, c = {:?}, {:?}", rule.learning_rate, rule.count_offset),
            ],
            reason: NO_SUCH_RULE,
            step: [
                vec![text("s += g != 0")],
                guarded("g", "eta / torch.sqrt(s + c) * g", rule.count_offset == 0.0),
            ]
            .concat(),
            ..WrittenOut::default()
        },
        Optimizer::Adagrad(rule) => adagrad(rule),
        Optimizer::RmsProp(rule) => {
            let denominator = denominator(rule.epsilon_placement);
            let change = format!("eta * g / {denominator}");
            WrittenOut {
                setup: vec![
                    zeros("s"),
                    format!(
                        "eta, gamma, eps = {:?}, {:?}, {:?}",
                        rule.learning_rate, rule.gamma, rule.epsilon
                    ),
                ],
                reason: match rule.epsilon_placement {
                    EpsilonPlacement::Inside => "torch.optim.RMSprop adds eps outside the root",
                    EpsilonPlacement::Outside => "torch.optim.RMSprop makes 0 / 0 NaN",
                },
                step: [
                    vec![text("s = gamma * s + (1 - gamma) * g**2")],
                    guarded("g", &change, rule.epsilon == 0.0),
                ]
                .concat(),
                ..WrittenOut::default()
            }
        }
        Optimizer::Adam(rule) => WrittenOut {
            setup: vec![
                text("m, v = torch.zeros_like(x), torch.zeros_like(x)"),
                format!(
                    "eta, beta1, beta2, eps = {:?}, {:?}, {:?}, {:?}",
                    rule.learning_rate, rule.beta1, rule.beta2, rule.epsilon
                ),
            ],
            reason: "torch.optim.Adam makes 0 / 0 NaN",
            step: [
                vec![
                    text("m = beta1 * m + (1 - beta1) * g"),
                    text("v = beta2 * v + (1 - beta2) * g**2"),
                    text("m_hat, v_hat = m / (1 - beta1 ** (t + 1)), v / (1 - beta2 ** (t + 1))"),
                ],
                guarded("m", "eta * m_hat / (torch.sqrt(v_hat) + eps)", true),
            ]
            .concat(),
            ..WrittenOut::default()
        },
        Optimizer::DualAveraging(rule) => {
            let denominator = denominator(rule.epsilon_placement);
            let offset = format!("offset = eta * h / {denominator}");
            let mut step = vec![text("h += g"), text("s += g**2"), offset];
            if rule.epsilon == 0.0 {
                step.push(text(
                    "offset = torch.where(h == 0, torch.zeros_like(h), offset)  # 0 / 0: stays",
                ));
            }
            step.push(text("x.copy_(x0 - offset)"));
            WrittenOut {
                setup: vec![
                    text("x0 = x.detach().clone()"),
                    text("h, s = torch.zeros_like(x), torch.zeros_like(x)"),
                    format!("eta, eps = {:?}, {:?}", rule.learning_rate, rule.epsilon),
                ],
                reason: NO_SUCH_RULE,
                step,
                ..WrittenOut::default()
            }
        }
        Optimizer::AdagradFull(rule) => WrittenOut {
            setup: vec![
                text("G = torch.zeros(2, 2)"),
                format!("eta, eps = {:?}, {:?}", rule.learning_rate, rule.epsilon),
            ],
            reason: NO_SUCH_RULE,
            step: vec![
                text("G += torch.outer(g, g)"),
                text("values, V = torch.linalg.eigh(G)"),
                text("values = values.clamp(min=0) + eps"),
                text("singular = values <= 16 * 2**-52 * values[-1]"),
                text(
                    "rates = torch.where(singular, torch.zeros_like(g), eta / torch.sqrt(values))",
                ),
                text("x -= V @ (rates * (V.T @ g))"),
            ],
            ..WrittenOut::default()
        },
        Optimizer::AdagradRotated(rule) => {
            let denominator = denominator(rule.epsilon_placement);
            let mut step = vec![
                text("h = V.T @ g"),
                text("s += h**2"),
                format!("update = eta * h / {denominator}"),
            ];
            if rule.epsilon == 0.0 {
                step.push(text(
                    "update = torch.where(h == 0, torch.zeros_like(h), update)  # 0 / 0: stays",
                ));
            }
            step.push(text("x -= V @ update"));
            WrittenOut {
                setup: vec![
                    text("V = torch.linalg.eigh(H).eigenvectors"),
                    zeros("s"),
                    format!("eta, eps = {:?}, {:?}", rule.learning_rate, rule.epsilon),
                ],
                reason: NO_SUCH_RULE,
                starts_with_hessian: true,
                step,
                ..WrittenOut::default()
            }
        }
        Optimizer::Newton(rule) => WrittenOut {
            setup: vec![format!(
                "eta, damping = {:?}, {:?}",
                rule.learning_rate, rule.damping
            )],
            reason: NO_SUCH_RULE,
            uses_hessian: true,
            step: vec![text(
                "x -= eta * torch.linalg.solve(H + damping * torch.eye(2), g)",
            )],
            ..WrittenOut::default()
        },
        Optimizer::DiagonalNewton(rule) => WrittenOut {
            setup: vec![format!(
                "eta, damping = {:?}, {:?}",
                rule.learning_rate, rule.damping
            )],
            reason: NO_SUCH_RULE,
            uses_hessian: true,
            step: vec![text("x -= eta * g / (H.diagonal() + damping)")],
            ..WrittenOut::default()
        },
    }
}

fn adagrad(rule: &Adagrad) -> WrittenOut {
    let denominator = denominator(rule.epsilon_placement);
    let accumulate = vec!["s += g**2".to_owned()];
    let change = format!("rate * g / {denominator}");
    let step = guarded("g", &change, may_divide_zero_by_zero(rule));
    let mut all = vec![format!("rate = eta / (1 + t * decay)")];
    if rule.weight_decay != 0.0 {
        all.push(format!("g += {:?} * x", rule.weight_decay));
    }
    let (first, second) = match rule.order {
        Order::Accumulate => (accumulate, step),
        Order::Step => (step, accumulate),
    };
    WrittenOut {
        setup: vec![
            format!(
                "s = torch.full_like(x, {:?}, requires_grad=False)",
                rule.initial_accumulator
            ),
            format!(
                "eta, decay, eps = {:?}, {:?}, {:?}",
                rule.learning_rate, rule.learning_rate_decay, rule.epsilon
            ),
        ],
        reason: match (rule.order, rule.epsilon_placement) {
            (Order::Step, _) => "torch.optim.Adagrad accumulates before it steps",
            (_, EpsilonPlacement::Inside) => "torch.optim.Adagrad adds eps outside the root",
            (_, EpsilonPlacement::Outside) => "torch.optim.Adagrad makes 0 / 0 NaN",
        },
        step: [all, first, second].concat(),
        ..WrittenOut::default()
    }
}
