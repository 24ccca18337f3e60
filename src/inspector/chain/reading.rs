//! The formulas of a step as MathML: symbols = numbers = result.

use super::{Evaluated, WrittenStep, parts};
use crate::inspector::Line;
use crate::inspector::mathml::{
    difference, digits, equals, fenced, formulas, fraction, identifier, number, operator, product,
    result, row, square_root, sub, sum,
};
use crate::optimizer::formula::{Expression, Formula, Operator};

/// How tightly an expression holds together.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Binding {
    Sum,
    Product,
    Atom,
}

/// MathML with how it binds.
struct Piece {
    mathml: String,
    binding: Binding,
    /// Whether a sign stands in front, which no operator may stand before.
    signed: bool,
}

impl Piece {
    fn atom(mathml: String) -> Self {
        Self {
            mathml,
            binding: Binding::Atom,
            signed: false,
        }
    }

    /// Within something that binds as tightly as `binding`.
    fn within(self, binding: Binding) -> String {
        if self.binding < binding {
            fenced(&self.mathml)
        } else {
            self.mathml
        }
    }

    /// As the right of an operator that binds as tightly as `binding`.
    fn right_of(self, binding: Binding) -> String {
        if self.signed || self.binding < binding {
            fenced(&self.mathml)
        } else {
            self.mathml
        }
    }
}

/// One coordinate's reading of a step.
pub(super) struct Reading<'a> {
    pub(super) written: &'a WrittenStep<'a>,
    pub(super) evaluated: &'a [Evaluated<'static>],
    pub(super) coordinate: usize,
}

impl Reading<'_> {
    pub(super) fn gradient_line(&self) -> Line {
        let value = self
            .written
            .recorded("grad", self.coordinate)
            .unwrap_or(f64::NAN);
        let derivative = self.name_symbols("grad").mathml;
        let redefined = self.evaluated.iter().any(|part| part.formula.name == "g");
        let parts = if redefined {
            vec![derivative, result(value)]
        } else {
            vec![symbol("g_t"), equals(&derivative), result(value)]
        };
        Line {
            label: "gradient",
            mathml: formulas(&parts),
        }
    }

    /// [symbol =] symbols = numbers = result.
    pub(super) fn line(&self, part: &Evaluated<'_>) -> Line {
        let result = result(part.value);
        let own = self.own_symbol(part.formula);
        let mut chain = Vec::new();
        if part.computed.is_finite() {
            let symbols = self.written(&part.expression, &|name| self.name_symbols(name), false);
            match own {
                Some(own) => chain.extend([own, equals(&symbols.mathml)]),
                None => chain.push(symbols.mathml),
            }
            let numbers = self.written(&part.expression, &|name| self.name_number(name), true);
            chain.push(equals(&numbers.mathml));
        } else {
            // 0/0, which the rule makes 0: the expression has no value.
            chain.extend(own);
        }
        chain.push(result);
        Line {
            label: part.formula.label,
            mathml: formulas(&chain),
        }
    }

    /// xₜ = xₜ₋₁ − Δₜ.
    pub(super) fn position_line(&self) -> Line {
        let value = |name| self.written.value(self.evaluated, name, self.coordinate);
        let numbers = difference(
            &number(value("x'")),
            &self.name_number("update").right_of(Binding::Sum),
        );
        let letter = self.point_letter();
        Line {
            label: self.position_label(),
            mathml: formulas(&[
                symbol(&format!("{letter}_t")),
                equals(&difference(
                    &symbol(&format!("{letter}_t-1")),
                    &symbol("Δ_t"),
                )),
                equals(&numbers),
                result(value("x")),
            ]),
        }
    }

    /// xₜ = b zₜ.
    pub(super) fn scale_line(&self) -> Line {
        let after = self.written.step.point_after;
        let numbers = product(
            &number(self.written.scale),
            &self.name_number("x").right_of(Binding::Product),
        );
        Line {
            label: "in the plane",
            mathml: formulas(&[
                symbol("x_t"),
                equals(&row(&[identifier("b"), symbol("z_t")])),
                equals(&numbers),
                result(after.get(self.coordinate).copied().unwrap_or(f64::NAN)),
            ]),
        }
    }

    fn position_label(&self) -> &'static str {
        match (self.coordinate, self.written.scale == 1.0) {
            (0, true) => "new x₁",
            (0, false) => "new z₁",
            (_, true) => "new x₂",
            (_, false) => "new z₂",
        }
    }

    fn point_letter(&self) -> &'static str {
        if self.written.scale == 1.0 { "x" } else { "z" }
    }

    /// The expression with what `name` writes for its names; numbers have a · between factors.
    fn written(
        &self,
        expression: &Expression<'_>,
        name: &dyn Fn(&str) -> Piece,
        numeric: bool,
    ) -> Piece {
        let write = |expression: &Expression<'_>| self.written(expression, name, numeric);
        match expression {
            Expression::Number(value) => Piece::atom(number(*value)),
            Expression::Name(of) => name(of),
            Expression::Root(inner) => Piece::atom(square_root(&write(inner).mathml)),
            Expression::Negative(inner) => Piece {
                mathml: row(&[operator("−"), write(inner).right_of(Binding::Product)]),
                binding: Binding::Product,
                signed: true,
            },
            Expression::Operation(sign, left, right) => {
                let (left, right) = (write(left), write(right));
                let signed = left.signed;
                let (mathml, binding) = match sign {
                    Operator::Over => {
                        return Piece::atom(fraction(&left.mathml, &right.mathml));
                    }
                    Operator::Power => {
                        let base = left.right_of(Binding::Atom);
                        return Piece::atom(format!("<msup>{base}{}</msup>", right.mathml));
                    }
                    Operator::Plus => (
                        sum(&left.mathml, &right.right_of(Binding::Sum)),
                        Binding::Sum,
                    ),
                    Operator::Minus => {
                        let right = right.right_of(Binding::Product);
                        (difference(&left.mathml, &right), Binding::Sum)
                    }
                    Operator::Times => {
                        let left = left.within(Binding::Product);
                        let right = right.right_of(Binding::Product);
                        let mathml = if numeric {
                            product(&left, &right)
                        } else {
                            row(&[left, right])
                        };
                        (mathml, Binding::Product)
                    }
                };
                Piece {
                    mathml,
                    binding,
                    signed,
                }
            }
        }
    }

    /// A name's value, signed or scientific as it may be.
    fn name_number(&self, name: &str) -> Piece {
        let value = self.written.value(self.evaluated, name, self.coordinate);
        let mathml = number(value);
        Piece {
            // A power of ten is a product.
            binding: if value >= 0.0 && !mathml.starts_with("<mn>") {
                Binding::Product
            } else {
                Binding::Atom
            },
            signed: value < 0.0,
            mathml,
        }
    }

    /// A name's symbol, or what it stands for.
    fn name_symbols(&self, name: &str) -> Piece {
        if name == "grad" {
            let x = sub(
                &identifier(self.point_letter()),
                &digits(if self.coordinate == 0 { "1" } else { "2" }),
            );
            let derivative = fraction(
                &row(&[identifier("∂"), identifier("f")]),
                &row(&[identifier("∂"), x]),
            );
            return Piece::atom(derivative);
        }
        let formula = self.evaluated.iter().find(|part| part.formula.name == name);
        if let Some(part) = formula
            && self.own_symbol(part.formula).is_none()
        {
            return self.written(&part.expression, &|name| self.name_symbols(name), false);
        }
        let own = formula.and_then(|part| self.own_symbol(part.formula));
        Piece::atom(own.unwrap_or_else(|| self.quantity_symbol(name).unwrap_or_default()))
    }

    /// How a formula's left side is written; none where it has no symbol.
    fn own_symbol(&self, formula: &Formula) -> Option<String> {
        if formula.symbol.is_empty() {
            return self.quantity_symbol(formula.name);
        }
        Some(symbol(formula.symbol))
    }

    /// The symbol of a quantity that every rule has, or of a parameter. Not of the rate, which
    /// stands as what it is made of.
    fn quantity_symbol(&self, name: &str) -> Option<String> {
        let description = self.written.optimizer.description();
        let parameter = description.parameters.iter().find(|p| p.query == name);
        if let Some(parameter) = parameter {
            return Some(parameter_symbol(parameter.symbol));
        }
        let letter = self.point_letter();
        let (quantity, entry, is_before) = parts(name);
        let of_state = |first: usize| {
            let index = first + entry.unwrap_or(self.coordinate);
            description.state_symbols.get(index).copied()
        };
        let text = match quantity {
            "s" => of_state(0)?.to_owned(),
            "m" => of_state(2)?.to_owned(),
            "g" => match entry {
                None => "g_t".to_owned(),
                Some(entry) => format!("g_t,{}", entry + 1),
            },
            "x" => format!("{letter}_t"),
            "x0" => format!("{letter}_0"),
            "update" => "Δ_t".to_owned(),
            "t" => "t".to_owned(),
            _ => return None,
        };
        Some(symbol(&if is_before {
            text.replace("_t", "_t-1")
        } else {
            text
        }))
    }
}

/// A parameter's symbol such as `η` or `β₁`, whose index stands low in MathML too.
fn parameter_symbol(text: &str) -> String {
    const INDICES: [(char, &str); 3] = [('₀', "0"), ('₁', "1"), ('₂', "2")];
    for (low, index) in INDICES {
        if let Some(letter) = text.strip_suffix(low) {
            return sub(&identifier(letter), &digits(index));
        }
    }
    identifier(text)
}

/// A symbol such as `s_t-1` or `G_t,12`: a letter and, after `_`, its index.
fn symbol(text: &str) -> String {
    let Some((letter, index)) = text.split_once('_') else {
        return identifier(text);
    };
    let mut parts = Vec::new();
    for (i, part) in index.split(',').enumerate() {
        if i > 0 {
            parts.push(operator(","));
        }
        parts.push(match part {
            "t-1" => difference(&identifier("t"), &digits("1")),
            "t" => identifier("t"),
            number => digits(number),
        });
    }
    let index = match parts.as_slice() {
        [only] => only.clone(),
        parts => row(parts),
    };
    sub(&identifier(letter), &index)
}
