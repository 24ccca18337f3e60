//! Derivatives of nodes of the graph: exmex's rule for each operation, joined by the chain rule.
//!
//! exmex could differentiate a whole expression too. But it copies trees: measured with 0.21, each
//! level of nesting takes about 100 kB of stack, more than a browser gives at a dozen levels, and
//! the second derivatives of a function nested 16 deep some 80 000 characters. On a graph whose
//! equal parts stand once, each operation adds the few nodes of its own rule: the work is linear in
//! the length of the function, and needs no bound of its own.

use super::error::{ExpressionError, Problem};
use super::graph::{Graph, Node, NodeId};
use super::parser::parse;
use super::reading::Reading;
use super::rules;
use crate::objective::Operation;

/// ∂`root`/∂x for the variable with index `variable`.
///
/// # Errors
/// When there is no rule for an operation; the parser writes none of that kind.
pub(super) fn derivative(
    graph: &mut Graph,
    root: NodeId,
    variable: u8,
) -> Result<NodeId, ExpressionError> {
    let used = used_by(graph, root);
    // Of each node up to the root; none where it does not depend on the variable.
    let mut derivatives: Vec<Option<NodeId>> = Vec::with_capacity(used.len());
    for (id, used) in used.into_iter().enumerate() {
        let derivative = match graph.node(id) {
            _ if !used => None,
            Node::Number(_) => None,
            Node::Variable(index) => (index == variable).then(|| graph.number(1.0)),
            Node::Apply(operation, a, b) => {
                let inner = |operand: NodeId| derivatives.get(operand).copied().flatten();
                let second = if takes_two(operation) { inner(b) } else { None };
                chain(graph, operation, [a, b], [inner(a), second])?
            }
        };
        derivatives.push(derivative);
    }
    let derivative = derivatives.get(root).copied().flatten();
    Ok(derivative.unwrap_or_else(|| graph.number(0.0)))
}

/// Which nodes up to `root` it is computed from.
fn used_by(graph: &Graph, root: NodeId) -> Vec<bool> {
    let mut used = vec![false; root + 1];
    let mark = |used: &mut Vec<bool>, id: NodeId| {
        if let Some(used) = used.get_mut(id) {
            *used = true;
        }
    };
    mark(&mut used, root);
    for id in (0..=root).rev() {
        if used.get(id) == Some(&true)
            && let Node::Apply(_, a, b) = graph.node(id)
        {
            mark(&mut used, a);
            mark(&mut used, b);
        }
    }
    used
}

fn takes_two(operation: Operation) -> bool {
    use Operation::{Add, Divide, Maximum, Minimum, Multiply, Power, Subtract};
    matches!(
        operation,
        Add | Subtract | Multiply | Divide | Power | Minimum | Maximum
    )
}

/// Σ ∂operation/∂operand · operand′ over those operands that depend on the variable.
fn chain(
    graph: &mut Graph,
    operation: Operation,
    [a, b]: [NodeId; 2],
    inner: [Option<NodeId>; 2],
) -> Result<Option<NodeId>, ExpressionError> {
    if inner == [None, None] {
        return Ok(None);
    }
    let Some(partials) = rules::partials(operation) else {
        let problem = Problem::NoDerivative(format!("{operation:?}"));
        return Err(ExpressionError::new(0..0, problem));
    };
    let name = |name, node| (name, node, Reading::constant(name));
    let mut names = vec![name("a", a), name("b", b)];
    if let Some(weight) = rules::weight(operation) {
        let (weight, _) = parse(weight, graph, &names)?;
        names.push(name("s", weight));
    }
    let mut sum = None;
    for (partial, inner) in partials.iter().zip(inner) {
        let Some(inner) = inner else { continue };
        let (partial, _) = parse(partial, graph, &names)?;
        if graph.number_at(partial) == Some(0.0) {
            continue;
        }
        let term = graph.binary(Operation::Multiply, partial, inner);
        sum = Some(match sum {
            Some(sum) => graph.binary(Operation::Add, sum, term),
            None => term,
        });
    }
    Ok(sum)
}
