//! Expressions as a graph in which equal parts stand once.

use std::collections::HashMap;

use crate::objective::Operation;

/// A part of the graph: greater than those it is computed from.
pub(super) type NodeId = usize;

/// A number, a variable, or an operation on earlier nodes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Node {
    Number(f64),
    /// x₁ is 0, x₂ is 1.
    Variable(u8),
    /// Operations of one operand have it in both places.
    Apply(Operation, NodeId, NodeId),
}

/// What tells nodes apart: numbers by their bits, so that 0 and −0 stay two.
#[derive(PartialEq, Eq, Hash)]
enum Key {
    Number(u64),
    Variable(u8),
    Apply(Operation, NodeId, NodeId),
}

/// All nodes, each after those it is computed from.
#[derive(Default)]
pub(super) struct Graph {
    nodes: Vec<Node>,
    places: HashMap<Key, NodeId>,
}

impl Graph {
    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// The node at `id`, or not a number where there is none.
    pub(super) fn node(&self, id: NodeId) -> Node {
        let node = self.nodes.get(id).copied();
        node.unwrap_or(Node::Number(f64::NAN))
    }

    pub(super) fn number_at(&self, id: NodeId) -> Option<f64> {
        match self.node(id) {
            Node::Number(number) => Some(number),
            _ => None,
        }
    }

    pub(super) fn number(&mut self, number: f64) -> NodeId {
        self.insert(Key::Number(number.to_bits()), Node::Number(number))
    }

    pub(super) fn variable(&mut self, index: u8) -> NodeId {
        self.insert(Key::Variable(index), Node::Variable(index))
    }

    /// A function or sign of one operand.
    pub(super) fn unary(&mut self, operation: Operation, operand: NodeId) -> NodeId {
        self.binary(operation, operand, operand)
    }

    /// An operation on two operands, folded where both are numbers and the result is finite, and
    /// without what changes nothing: 1·a, a + 0, a¹, −−a.
    ///
    /// Every rewriting here is exact in f64 (up to the sign of a zero) and keeps the places where
    /// the function has no finite value: 0·ln a stays, since it is no number at a < 0.
    pub(super) fn binary(&mut self, operation: Operation, a: NodeId, b: NodeId) -> NodeId {
        use Operation::{Add, Divide, Maximum, Minimum, Multiply, Negate, Power, Subtract};
        let (number_a, number_b) = (self.number_at(a), self.number_at(b));
        if let (Some(x), Some(y)) = (number_a, number_b) {
            let result = operation.apply(x, y);
            if result.is_finite() {
                return self.number(result);
            }
        }
        match (operation, number_a, number_b) {
            // As IEEE 754 has it, also where the other operand is not a number.
            (Power, Some(1.0), _) | (Power, _, Some(0.0)) => return self.number(1.0),
            (Add, Some(0.0), _) | (Multiply, Some(1.0), _) => return b,
            (Add | Subtract, _, Some(0.0)) => return a,
            (Multiply | Divide | Power, _, Some(1.0)) => return a,
            (Multiply, Some(-1.0), _) => return self.unary(Negate, b),
            (Multiply | Divide, _, Some(-1.0)) => return self.unary(Negate, a),
            (Subtract, Some(0.0), _) => return self.unary(Negate, b),
            _ => {}
        }
        match (operation, self.negated(a), self.negated(b)) {
            (Negate, Some(a), _) => return a,
            (Add, _, Some(b)) => return self.binary(Subtract, a, b),
            (Add, Some(a), _) => return self.binary(Subtract, b, a),
            (Subtract, _, Some(b)) => return self.binary(Add, a, b),
            (Multiply | Divide, Some(a), Some(b)) => return self.binary(operation, a, b),
            (Multiply | Divide, Some(a), None) if number_b.is_none() => {
                let positive = self.binary(operation, a, b);
                return self.unary(Negate, positive);
            }
            (Multiply | Divide, None, Some(b)) if number_a.is_none() => {
                let positive = self.binary(operation, a, b);
                return self.unary(Negate, positive);
            }
            _ => {}
        }
        // One order for what may be swapped, numbers first: so that equal parts are found equal.
        let swap = match operation {
            Add | Multiply | Minimum | Maximum => (number_a.is_none(), a) > (number_b.is_none(), b),
            _ => false,
        };
        let (a, b) = if swap { (b, a) } else { (a, b) };
        if operation == Multiply
            && let Some(merged) = self.merge_factors(a, b)
        {
            return merged;
        }
        let key = Key::Apply(operation, a, b);
        self.insert(key, Node::Apply(operation, a, b))
    }

    /// c (d a) = (c d) a where c or d is 2 or 4, as derivatives of squares bring them: these alone
    /// change no digit and overflow at the same a.
    fn merge_factors(&mut self, a: NodeId, b: NodeId) -> Option<NodeId> {
        let outer = self.number_at(a)?;
        let Node::Apply(Operation::Multiply, inner, rest) = self.node(b) else {
            return None;
        };
        let inner = self.number_at(inner)?;
        let exact = |factor: f64| [2.0, 4.0].contains(&factor.abs());
        let product = outer * inner;
        if (exact(outer) || exact(inner)) && product.is_normal() {
            let product = self.number(product);
            Some(self.binary(Operation::Multiply, product, rest))
        } else {
            None
        }
    }

    /// a, when `id` is −a.
    fn negated(&self, id: NodeId) -> Option<NodeId> {
        match self.node(id) {
            Node::Apply(Operation::Negate, a, _) => Some(a),
            _ => None,
        }
    }

    fn insert(&mut self, key: Key, node: Node) -> NodeId {
        *self.places.entry(key).or_insert_with(|| {
            self.nodes.push(node);
            self.nodes.len() - 1
        })
    }
}
