//! A function ℝ² → ℝ compiled to instructions: what the page evaluates of an objective that a
//! reader typed. Parsing and differentiation are not here but in [`crate::expression`], which the
//! page's own module never links.
//!
//! The machine has 256 registers, and a register's number is one byte: so no instruction, however
//! hostile its origin, reaches outside, and evaluation has no check that could fail.

use super::{Matrix, Vector};
use crate::math;

/// One step of a program: an operation on one or two registers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub(crate) enum Operation {
    /// The instruction's own number.
    Constant,
    /// a + b.
    Add,
    /// a − b.
    Subtract,
    /// a b.
    Multiply,
    /// a / b.
    Divide,
    /// aᵇ; not a number for a < 0 unless b is whole.
    Power,
    /// aⁿ, where n is the second operand itself, a signed byte: right for a < 0, and fast.
    IntegerPower,
    /// The smaller of a and b.
    Minimum,
    /// The larger of a and b.
    Maximum,
    /// −a.
    Negate,
    /// |a|.
    Absolute,
    /// −1, 0 or 1.
    Sign,
    /// √a.
    SquareRoot,
    /// eᵃ.
    Exponential,
    /// Natural logarithm.
    Logarithm,
    /// Logarithm to base 2.
    Logarithm2,
    /// Logarithm to base 10.
    Logarithm10,
    /// sin a, in radians, like all that follow.
    Sine,
    /// cos a.
    Cosine,
    /// tan a.
    Tangent,
    /// arcsin a.
    ArcSine,
    /// arccos a.
    ArcCosine,
    /// arctan a.
    ArcTangent,
    /// sinh a.
    HyperbolicSine,
    /// cosh a.
    HyperbolicCosine,
    /// tanh a.
    HyperbolicTangent,
}

impl Operation {
    /// Every operation, in the order of its byte.
    pub(crate) const ALL: [Self; 26] = [
        Self::Constant,
        Self::Add,
        Self::Subtract,
        Self::Multiply,
        Self::Divide,
        Self::Power,
        Self::IntegerPower,
        Self::Minimum,
        Self::Maximum,
        Self::Negate,
        Self::Absolute,
        Self::Sign,
        Self::SquareRoot,
        Self::Exponential,
        Self::Logarithm,
        Self::Logarithm2,
        Self::Logarithm10,
        Self::Sine,
        Self::Cosine,
        Self::Tangent,
        Self::ArcSine,
        Self::ArcCosine,
        Self::ArcTangent,
        Self::HyperbolicSine,
        Self::HyperbolicCosine,
        Self::HyperbolicTangent,
    ];

    /// The result on operands a and b; operations of one operand do not look at b.
    ///
    /// The two operations whose operands are no registers, `Constant` and `IntegerPower`, give a.
    #[inline]
    pub(crate) fn apply(self, a: f64, b: f64) -> f64 {
        match self {
            Self::Constant | Self::IntegerPower => a,
            Self::Add => a + b,
            Self::Subtract => a - b,
            Self::Multiply => a * b,
            Self::Divide => a / b,
            Self::Power => math::pow(a, b),
            // Unlike f64::min and f64::max: what is not a number stays visible.
            Self::Minimum if a.is_nan() || b.is_nan() => f64::NAN,
            Self::Maximum if a.is_nan() || b.is_nan() => f64::NAN,
            Self::Minimum => a.min(b),
            Self::Maximum => a.max(b),
            Self::Negate => -a,
            Self::Absolute => a.abs(),
            // Unlike f64::signum, which is 1 at 0.
            Self::Sign if a == 0.0 => 0.0,
            Self::Sign => a.signum(),
            Self::SquareRoot => a.sqrt(),
            Self::Exponential => math::exp(a),
            Self::Logarithm => math::ln(a),
            Self::Logarithm2 => math::log2(a),
            Self::Logarithm10 => math::log10(a),
            Self::Sine => math::sin(a),
            Self::Cosine => math::cos(a),
            Self::Tangent => math::tan(a),
            Self::ArcSine => math::asin(a),
            Self::ArcCosine => math::acos(a),
            Self::ArcTangent => math::atan(a),
            Self::HyperbolicSine => math::sinh(a),
            Self::HyperbolicCosine => math::cosh(a),
            Self::HyperbolicTangent => math::tanh(a),
        }
    }
}

/// An operation, the register it writes and those it reads.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Instruction {
    pub(crate) operation: Operation,
    pub(crate) target: u8,
    pub(crate) left: u8,
    /// A register, or the exponent of `IntegerPower` as a signed byte.
    pub(crate) right: u8,
    /// Read by `Constant` only; 0 elsewhere.
    pub(crate) constant: f64,
}

/// Instructions in their order. x₁ stands in register 0 and x₂ in register 1 before the first;
/// the results stand in the registers `outputs` after the last.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Code {
    instructions: Vec<Instruction>,
    outputs: [u8; 3],
    /// Whether registers 0 to 15 are enough, as they are for most functions: fewer to clear.
    few_registers: bool,
}

const FEW: usize = 16;
const ALL_REGISTERS: usize = 256;

impl Code {
    pub(crate) fn new(instructions: Vec<Instruction>, outputs: [u8; 3]) -> Self {
        let few_registers = instructions
            .iter()
            .flat_map(|i| match i.operation {
                Operation::Constant => [i.target; 3],
                Operation::IntegerPower => [i.target, i.left, i.left],
                _ => [i.target, i.left, i.right],
            })
            .chain(outputs)
            .all(|register| usize::from(register) < FEW);
        Self {
            instructions,
            outputs,
            few_registers,
        }
    }

    fn run(&self, x: Vector) -> [f64; 3] {
        if self.few_registers {
            self.run_with::<FEW>(x)
        } else {
            self.run_with::<ALL_REGISTERS>(x)
        }
    }

    /// `COUNT` is a power of 2, so that the remainder below costs nothing and removes the bounds
    /// checks; it changes no register that `new` has let through.
    fn run_with<const COUNT: usize>(&self, [x1, x2]: Vector) -> [f64; 3] {
        let mut registers = [0.0; COUNT];
        let write = |registers: &mut [f64; COUNT], index: u8, value: f64| {
            if let Some(register) = registers.get_mut(usize::from(index) % COUNT) {
                *register = value;
            }
        };
        let read = |registers: &[f64; COUNT], index: u8| {
            let register = registers.get(usize::from(index) % COUNT);
            register.copied().unwrap_or(f64::NAN)
        };
        write(&mut registers, 0, x1);
        write(&mut registers, 1, x2);
        for instruction in &self.instructions {
            let left = read(&registers, instruction.left);
            let result = match instruction.operation {
                Operation::Constant => instruction.constant,
                Operation::IntegerPower => left.powi(i32::from(instruction.right.cast_signed())),
                operation => operation.apply(left, read(&registers, instruction.right)),
            };
            write(&mut registers, instruction.target, result);
        }
        self.outputs.map(|output| read(&registers, output))
    }

    fn encode(&self, bytes: &mut Vec<u8>) {
        let count = u32::try_from(self.instructions.len()).unwrap_or(u32::MAX);
        bytes.extend(count.to_le_bytes());
        bytes.extend(self.outputs);
        for i in &self.instructions {
            bytes.extend([i.operation as u8, i.target, i.left, i.right]);
            if i.operation == Operation::Constant {
                bytes.extend(i.constant.to_le_bytes());
            }
        }
    }

    fn decode(bytes: &mut &[u8]) -> Option<Self> {
        let count = u32::from_le_bytes(take(bytes)?);
        let outputs = take(bytes)?;
        // No capacity from the count: a few hostile bytes must not reserve gigabytes.
        let mut instructions = Vec::new();
        for _ in 0..count {
            let [operation, target, left, right] = take(bytes)?;
            let operation = *Operation::ALL.get(usize::from(operation))?;
            let constant = match operation {
                Operation::Constant => f64::from_le_bytes(take(bytes)?),
                _ => 0.0,
            };
            if !constant.is_finite() {
                return None;
            }
            instructions.push(Instruction {
                operation,
                target,
                left,
                right,
                constant,
            });
        }
        Some(Self::new(instructions, outputs))
    }
}

/// The next `COUNT` bytes.
fn take<const COUNT: usize>(bytes: &mut &[u8]) -> Option<[u8; COUNT]> {
    let (first, rest) = bytes.split_first_chunk()?;
    *bytes = rest;
    Some(*first)
}

/// f, ∇f and ∇²f of a function of x₁ and x₂, ready to evaluate at any point.
///
/// Made by `expression::compile`. Where f or a derivative has no finite value the result is
/// an infinity or not a number, never a panic.
#[derive(Clone, Debug, PartialEq)]
pub struct Program {
    value: Code,
    gradient: Code,
    hessian: Code,
}

/// Bytes that are no [`Program`] of this version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("these bytes are no compiled function of this version")]
pub struct InvalidProgram;

/// First byte of an encoded program; another layout takes another.
const FORMAT: u8 = 1;

impl Program {
    /// From code whose outputs are f (the others ignored), (∂₁f, ∂₂f, ignored) and
    /// (∂₁∂₁f, ∂₁∂₂f, ∂₂∂₂f).
    pub(crate) fn new(value: Code, gradient: Code, hessian: Code) -> Self {
        Self {
            value,
            gradient,
            hessian,
        }
    }

    /// f(x).
    #[must_use]
    pub fn value(&self, x: Vector) -> f64 {
        let [value, _, _] = self.value.run(x);
        value
    }

    /// ∇f(x).
    #[must_use]
    pub fn gradient(&self, x: Vector) -> Vector {
        let [along_x1, along_x2, _] = self.gradient.run(x);
        [along_x1, along_x2]
    }

    /// ∇²f(x).
    #[must_use]
    pub fn hessian(&self, x: Vector) -> Matrix {
        let [h11, h12, h22] = self.hessian.run(x);
        [[h11, h12], [h12, h22]]
    }

    /// How many instructions f, ∇f and ∇²f take.
    #[must_use]
    pub fn lengths(&self) -> [usize; 3] {
        [&self.value, &self.gradient, &self.hessian].map(|code| code.instructions.len())
    }

    /// The program as bytes, for the way from a worker to the page.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = vec![FORMAT];
        for code in [&self.value, &self.gradient, &self.hessian] {
            code.encode(&mut bytes);
        }
        bytes
    }

    /// The program that [`encode`](Self::encode) wrote.
    ///
    /// # Errors
    /// When the bytes are anything else; whatever they are, nothing panics, here or in evaluation.
    pub fn decode(mut bytes: &[u8]) -> Result<Self, InvalidProgram> {
        let [FORMAT] = take(&mut bytes).ok_or(InvalidProgram)? else {
            return Err(InvalidProgram);
        };
        let mut code = || Code::decode(&mut bytes).ok_or(InvalidProgram);
        let program = Self::new(code()?, code()?, code()?);
        if bytes.is_empty() {
            Ok(program)
        } else {
            Err(InvalidProgram)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn instruction(operation: Operation, target: u8, left: u8, right: u8) -> Instruction {
        Instruction {
            operation,
            target,
            left,
            right,
            constant: 0.0,
        }
    }

    /// x₁² − 3 x₂ in registers from `first` on; its derivatives, by hand, are (2 x₁, −3) and
    /// [[2, 0], [0, 0]].
    fn parabola(first: u8) -> Program {
        let number = |target, constant| Instruction {
            constant,
            ..instruction(Operation::Constant, target, 0, 0)
        };
        let [a, b, c] = [first, first + 1, first + 2];
        Program::new(
            Code::new(
                vec![
                    instruction(Operation::IntegerPower, a, 0, 2),
                    number(b, 3.0),
                    instruction(Operation::Multiply, b, b, 1),
                    instruction(Operation::Subtract, a, a, b),
                ],
                [a; 3],
            ),
            Code::new(
                vec![
                    instruction(Operation::Add, a, 0, 0),
                    number(b, 3.0),
                    instruction(Operation::Negate, b, b, b),
                ],
                [a, b, a],
            ),
            Code::new(vec![number(a, 2.0), number(c, 0.0)], [a, c, c]),
        )
    }

    #[test]
    fn evaluates_with_few_registers_and_with_all() {
        for first in [2, 13, 14, 253] {
            let program = parabola(first);
            assert_eq!(program.value([5.0, 4.0]), 13.0);
            assert_eq!(program.gradient([5.0, 4.0]), [10.0, -3.0]);
            assert_eq!(program.hessian([5.0, 4.0]), [[2.0, 0.0], [0.0, 0.0]]);
            assert_eq!(program.lengths(), [4, 3, 2]);
            assert_eq!(Program::decode(&program.encode()), Ok(program));
        }
    }

    #[test]
    fn every_operation_keeps_its_byte() {
        // What is encoded is the discriminant, what is decoded the place in the table.
        for (byte, operation) in Operation::ALL.into_iter().enumerate() {
            assert_eq!(operation as usize, byte);
        }
    }

    #[test]
    fn what_is_not_a_number_is_not_hidden() {
        for operation in [Operation::Minimum, Operation::Maximum, Operation::Sign] {
            assert!(operation.apply(f64::NAN, 1.0).is_nan(), "{operation:?}");
        }
        assert!(Operation::Maximum.apply(1.0, f64::NAN).is_nan());
        assert_eq!(Operation::Sign.apply(-0.0, 0.0), 0.0);
    }

    #[test]
    fn cut_changed_and_prolonged_bytes_are_refused() {
        let bytes = parabola(2).encode();
        for length in 0..bytes.len() {
            assert_eq!(Program::decode(&bytes[..length]), Err(InvalidProgram));
        }
        assert_eq!(
            Program::decode(&[bytes.as_slice(), &[0]].concat()),
            Err(InvalidProgram)
        );
        let changed = |at: usize, byte| {
            let mut bytes = bytes.clone();
            bytes[at] = byte;
            Program::decode(&bytes)
        };
        assert_eq!(changed(0, FORMAT + 1), Err(InvalidProgram));
        assert_eq!(changed(8, 26), Err(InvalidProgram)); // no such operation
        assert_eq!(changed(4, 255), Err(InvalidProgram)); // 4 billion instructions
        // Byte 8 begins the first instruction, 12 the second, whose number follows from 16 on.
        let mut not_finite = bytes.clone();
        not_finite[16..24].copy_from_slice(&f64::NAN.to_le_bytes());
        assert_eq!(Program::decode(&not_finite), Err(InvalidProgram));
    }

    proptest! {
        #[test]
        fn hostile_bytes_never_panic(
            mut bytes in prop::collection::vec(any::<u8>(), 0..400),
        ) {
            let _ = Program::decode(&bytes);
            // Most random bytes fail at once: a good start, here of 9 instructions, gets further.
            for (byte, good) in bytes.iter_mut().zip([FORMAT, 9, 0, 0, 0]) {
                *byte = good;
            }
            let _ = Program::decode(&bytes);
        }

        #[test]
        fn hostile_instructions_never_panic(
            instructions in prop::collection::vec(any::<(u8, u8, u8, u8, f64)>(), 0..60),
            outputs in any::<[u8; 3]>(),
            x in any::<[f64; 2]>(),
        ) {
            let code = Code::new(
                instructions
                    .into_iter()
                    .map(|(operation, target, left, right, constant)| Instruction {
                        operation: Operation::ALL[usize::from(operation) % Operation::ALL.len()],
                        target,
                        left,
                        right,
                        constant,
                    })
                    .collect(),
                outputs,
            );
            // Registers beyond the few are told apart, never folded onto them.
            let all = code.run_with::<ALL_REGISTERS>(x).map(f64::to_bits);
            prop_assert_eq!(code.run(x).map(f64::to_bits), all);
        }
    }
}
