//! The equations of a rule, as data that can be evaluated and written out.
//!
//! An expression is text such as `s' + g^2`, with + − * / ^, `sqrt()`, numbers and names. The names
//! are:
//!
//! - a parameter's query name;
//! - `t`; `grad`, `g`: the objective's gradient and what the rule takes for it, the same unless a
//!   formula says otherwise; `x0`, `x'`, `x`: start, the point before and after; `s`, `m`: the
//!   state's accumulator and memory, with `'` before the step; `rate` and `update`;
//! - of these, with `1` or `2` the entry of that coordinate (`g1`, `s2'`), without that of the
//!   coordinate the formulas are read for;
//! - the name of an earlier formula.

use crate::math::pow;
use crate::number::parse;

/// One line of a rule: name = expression.
#[derive(Debug)]
pub struct Formula {
    /// What is computed, in plain words; empty for a part that has no line of its own.
    pub label: &'static str,
    /// What later formulas call it.
    pub name: &'static str,
    /// How it is written: a letter and, after `_`, its index, such as `m̂_t`. Where it is empty, a
    /// quantity of the list above has its own symbol, and any other stands as its expression.
    pub symbol: &'static str,
    /// The right-hand side.
    pub expression: &'static str,
    /// Applies where all of these hold.
    pub when: &'static [When],
}

/// A condition on a formula.
#[derive(Clone, Copy, Debug)]
pub enum When {
    /// The named value is 0: a parameter, a choice's first name, or a quantity.
    Zero(&'static str),
    /// The named value is not 0.
    NonZero(&'static str),
    /// The named value is at most so large, or not a number.
    AtMost(&'static str, f64),
    /// The named value is larger.
    Above(&'static str, f64),
    /// Read for that coordinate, 0 or 1.
    Coordinate(usize),
}

impl Formula {
    /// A formula that always applies.
    #[must_use]
    pub const fn new(
        label: &'static str,
        name: &'static str,
        symbol: &'static str,
        expression: &'static str,
    ) -> Self {
        Self {
            label,
            name,
            symbol,
            expression,
            when: &[],
        }
    }

    /// The same under conditions.
    #[must_use]
    pub const fn when(self, when: &'static [When]) -> Self {
        Self { when, ..self }
    }
}

/// gₜ², for rules that accumulate it.
pub const SQUARED: Formula = Formula::new("squared", "squared", "", "g^2");

/// √(s + ε), where `epsat` is inside.
pub const ROOT_INSIDE: Formula =
    Formula::new("root", "root", "", "sqrt(s + eps)").when(&[When::Zero("epsat")]);

/// √s + ε, where it is outside.
pub const ROOT_OUTSIDE: Formula =
    Formula::new("root", "root", "", "sqrt(s) + eps").when(&[When::NonZero("epsat")]);

/// η / root.
pub const RATE: Formula = Formula::new("effective rate", "rate", "", "eta/root");

/// Δₜ = rate × gradient.
pub const UPDATE: Formula = Formula::new("update", "update", "", "rate*g");

/// An expression, read.
#[derive(Clone, Debug, PartialEq)]
pub enum Expression<'a> {
    /// A number of the text.
    Number(f64),
    /// A name.
    Name(&'a str),
    /// −a.
    Negative(Box<Self>),
    /// √a.
    Root(Box<Self>),
    /// a + b, a − b, a b, a / b, aᵇ.
    Operation(Operator, Box<Self>, Box<Self>),
}

/// What stands between two expressions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// +
    Plus,
    /// −
    Minus,
    /// ·
    Times,
    /// A fraction.
    Over,
    /// An exponent.
    Power,
}

impl<'a> Expression<'a> {
    /// Reads an expression; none where the text is not one to its end.
    #[must_use]
    pub fn parse(text: &'a str) -> Option<Self> {
        let mut reader = Reader { rest: text };
        let expression = reader.sum()?;
        reader.rest.trim_start().is_empty().then_some(expression)
    }

    /// Its value, with what `value` gives for each name.
    pub fn evaluate(&self, value: &impl Fn(&str) -> f64) -> f64 {
        match self {
            Self::Number(number) => *number,
            Self::Name(name) => value(name),
            Self::Negative(inner) => -inner.evaluate(value),
            Self::Root(inner) => inner.evaluate(value).sqrt(),
            Self::Operation(operator, left, right) => {
                let (left, right) = (left.evaluate(value), right.evaluate(value));
                match operator {
                    Operator::Plus => left + right,
                    Operator::Minus => left - right,
                    Operator::Times => left * right,
                    Operator::Over => left / right,
                    Operator::Power => pow(left, right),
                }
            }
        }
    }
}

/// A recursive-descent reader: sum → product → power → atom.
struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn sum(&mut self) -> Option<Expression<'a>> {
        self.chain(
            Self::product,
            &[('+', Operator::Plus), ('-', Operator::Minus)],
        )
    }

    fn product(&mut self) -> Option<Expression<'a>> {
        self.chain(
            Self::signed,
            &[('*', Operator::Times), ('/', Operator::Over)],
        )
    }

    /// Parts with operators of one rank between, grouped from the left.
    fn chain(
        &mut self,
        part: fn(&mut Self) -> Option<Expression<'a>>,
        operators: &[(char, Operator)],
    ) -> Option<Expression<'a>> {
        let mut left = part(self)?;
        while let Some(&(_, operator)) = operators.iter().find(|(sign, _)| self.take(*sign)) {
            left = Expression::Operation(operator, Box::new(left), Box::new(part(self)?));
        }
        Some(left)
    }

    fn signed(&mut self) -> Option<Expression<'a>> {
        if self.take('-') {
            return Some(Expression::Negative(Box::new(self.power()?)));
        }
        self.power()
    }

    fn power(&mut self) -> Option<Expression<'a>> {
        let base = self.atom()?;
        if !self.take('^') {
            return Some(base);
        }
        let exponent = self.atom()?;
        Some(Expression::Operation(
            Operator::Power,
            Box::new(base),
            Box::new(exponent),
        ))
    }

    fn atom(&mut self) -> Option<Expression<'a>> {
        if self.take('(') {
            let inner = self.sum()?;
            return self.take(')').then_some(inner);
        }
        let word = self.word();
        if word == "sqrt" {
            let inner = self.take('(').then(|| self.sum())??;
            return self.take(')').then(|| Expression::Root(Box::new(inner)));
        }
        if word.starts_with(|first: char| first.is_ascii_digit()) {
            return parse(word).map(Expression::Number);
        }
        (!word.is_empty()).then_some(Expression::Name(word))
    }

    /// Letters, digits and primes; empty before anything else.
    fn word(&mut self) -> &'a str {
        let rest = self.rest.trim_start();
        let part_of_word = |c: char| c.is_ascii_alphanumeric() || c == '\'';
        let end = rest.find(|c| !part_of_word(c)).unwrap_or(rest.len());
        let (word, rest) = rest.split_at(end);
        self.rest = rest;
        word
    }

    fn take(&mut self, sign: char) -> bool {
        match self.rest.trim_start().strip_prefix(sign) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn evaluated(text: &str) -> Option<f64> {
        let value = |name: &str| match name {
            "a" => 2.0,
            "a'" => 3.0,
            "b1" => 5.0,
            _ => f64::NAN,
        };
        Expression::parse(text).map(|expression| expression.evaluate(&value))
    }

    #[test]
    fn operators_bind_as_usual() {
        assert_eq!(evaluated("a + a'*b1"), Some(17.0));
        assert_eq!(evaluated("(a + a')*b1^2"), Some(125.0));
        assert_eq!(evaluated("b1 - a - a'"), Some(0.0));
        assert_eq!(evaluated("b1/a/a'"), Some(5.0 / 2.0 / 3.0));
        assert_eq!(evaluated("-a^2*b1"), Some(-20.0));
        assert_eq!(evaluated("sqrt(a + 7)*2"), Some(6.0));
    }

    #[test]
    fn what_is_not_an_expression_is_none() {
        for text in ["", "a +", "(a", "a)", "sqrt a", "a b1", "1a", "a ** 2"] {
            assert_eq!(evaluated(text), None, "{text}");
        }
    }
}
