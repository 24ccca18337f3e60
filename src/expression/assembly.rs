//! Nodes of the graph as code: in which order, and in which registers.

use super::error::{ExpressionError, Problem};
use super::graph::{Graph, Node, NodeId};
use crate::objective::{Code, Instruction, Operation};

/// Whole exponents up to here are multiplied out: several times as fast as the general power, and
/// off by at most about as many units in the last digit as the exponent says.
const MAX_INTEGER_EXPONENT: f64 = 64.0;

/// Code that computes the nodes `outputs`.
///
/// # Errors
/// When more than 256 numbers have to be kept at a time.
pub(super) fn assemble(graph: &Graph, outputs: [NodeId; 3]) -> Result<Code, ExpressionError> {
    let order = order(graph, outputs);
    let mut uses = vec![0_usize; graph.len()];
    for &id in &order {
        for operand in operands(graph, id).into_iter().flatten() {
            count(&mut uses, operand, 1);
        }
    }
    for output in outputs {
        // Never free: the outputs are read after the last instruction.
        count(&mut uses, output, 1);
    }
    // The lowest free register is at the end; x₁ and x₂ keep 0 and 1.
    let mut free: Vec<u8> = (2..=u8::MAX).rev().collect();
    let mut registers = vec![0_u8; graph.len()];
    let register = |registers: &[u8], id: NodeId| registers.get(id).copied().unwrap_or(0);
    let mut instructions = Vec::with_capacity(order.len());
    for &id in &order {
        let mut instruction = Instruction {
            operation: Operation::Constant,
            target: 0,
            left: 0,
            right: 0,
            constant: 0.0,
        };
        match graph.node(id) {
            Node::Variable(index) => {
                place(&mut registers, id, index);
                continue;
            }
            Node::Number(number) => instruction.constant = number,
            Node::Apply(operation, a, b) => {
                instruction.operation = operation;
                instruction.left = register(&registers, a);
                instruction.right = register(&registers, b);
                match integer_exponent(graph, id) {
                    // The same number, without the call.
                    Some(2) => {
                        instruction.operation = Operation::Multiply;
                        instruction.right = instruction.left;
                    }
                    Some(exponent) => {
                        instruction.operation = Operation::IntegerPower;
                        instruction.right = exponent.cast_unsigned();
                    }
                    None => {}
                }
            }
        }
        for operand in operands(graph, id).into_iter().flatten() {
            let left = count(&mut uses, operand, -1);
            if left == 0 && !matches!(graph.node(operand), Node::Variable(_)) {
                free.push(register(&registers, operand));
            }
        }
        let too_many = || ExpressionError::new(0..0, Problem::DerivativesTooLong);
        instruction.target = free.pop().ok_or_else(too_many)?;
        place(&mut registers, id, instruction.target);
        instructions.push(instruction);
    }
    let outputs = outputs.map(|output| register(&registers, output));
    Ok(Code::new(instructions, outputs))
}

fn place(registers: &mut [u8], id: NodeId, register: u8) {
    if let Some(place) = registers.get_mut(id) {
        *place = register;
    }
}

/// Adds to a node's count of uses; how many there are then.
fn count(uses: &mut [usize], id: NodeId, change: isize) -> usize {
    let Some(uses) = uses.get_mut(id) else {
        return 0;
    };
    *uses = uses.saturating_add_signed(change);
    *uses
}

/// The nodes whose registers the node at `id` reads, each once.
fn operands(graph: &Graph, id: NodeId) -> [Option<NodeId>; 2] {
    match graph.node(id) {
        Node::Apply(_, a, b) if a == b || integer_exponent(graph, id).is_some() => [Some(a), None],
        Node::Apply(_, a, b) => [Some(a), Some(b)],
        _ => [None, None],
    }
}

/// n where the node is aⁿ with a small whole number n.
fn integer_exponent(graph: &Graph, id: NodeId) -> Option<i8> {
    let Node::Apply(Operation::Power, _, exponent) = graph.node(id) else {
        return None;
    };
    let exponent = graph.number_at(exponent)?;
    let small_and_whole = exponent.abs() <= MAX_INTEGER_EXPONENT && exponent.fract() == 0.0;
    small_and_whole.then_some(exponent as i8)
}

/// All nodes that `outputs` are computed from, each after its operands and as near to its first
/// use as that allows, which keeps few registers busy.
fn order(graph: &Graph, outputs: [NodeId; 3]) -> Vec<NodeId> {
    let mut order = Vec::new();
    let mut placed = vec![false; graph.len()];
    // A stack of its own: recursion would be as deep as the function is long.
    let mut pending: Vec<NodeId> = outputs.into_iter().rev().collect();
    while let Some(&id) = pending.last() {
        let is_placed = |id: &NodeId| placed.get(*id) == Some(&true);
        let missing = operands(graph, id).into_iter().flatten();
        let missing: Vec<NodeId> = missing.filter(|operand| !is_placed(operand)).collect();
        if is_placed(&id) {
            pending.pop();
        } else if missing.is_empty() {
            if let Some(placed) = placed.get_mut(id) {
                *placed = true;
            }
            order.push(id);
            pending.pop();
        } else {
            pending.extend(missing.into_iter().rev());
        }
    }
    order
}
