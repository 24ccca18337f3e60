//! A text's tokens read into the graph, by recursive descent.

use super::error::{ExpressionError, Problem};
use super::graph::{Graph, NodeId};
use super::reading::Reading;
use super::token::{Placed, Token, tokens};
use super::{MAX_CHARACTERS, MAX_DEPTH};
use crate::character::{named, shown};
use crate::objective::Operation;

/// Names of functions with their number of arguments.
const FUNCTIONS: [(&str, Operation, usize); 24] = [
    ("abs", Operation::Absolute, 1),
    ("sign", Operation::Sign, 1),
    ("sgn", Operation::Sign, 1),
    ("sqrt", Operation::SquareRoot, 1),
    ("exp", Operation::Exponential, 1),
    ("ln", Operation::Logarithm, 1),
    ("log", Operation::Logarithm, 1),
    ("log2", Operation::Logarithm2, 1),
    ("log10", Operation::Logarithm10, 1),
    ("sin", Operation::Sine, 1),
    ("cos", Operation::Cosine, 1),
    ("tan", Operation::Tangent, 1),
    ("asin", Operation::ArcSine, 1),
    ("arcsin", Operation::ArcSine, 1),
    ("acos", Operation::ArcCosine, 1),
    ("arccos", Operation::ArcCosine, 1),
    ("atan", Operation::ArcTangent, 1),
    ("arctan", Operation::ArcTangent, 1),
    ("sinh", Operation::HyperbolicSine, 1),
    ("cosh", Operation::HyperbolicCosine, 1),
    ("tanh", Operation::HyperbolicTangent, 1),
    ("pow", Operation::Power, 2),
    ("min", Operation::Minimum, 2),
    ("max", Operation::Maximum, 2),
];

/// What may begin an operand.
const OPERAND: &str = "a number, x1, x2, a function or '('";

/// What a name stands for, beside the functions.
pub(super) type Names<'a> = &'a [(&'a str, NodeId, Reading)];

/// A part that was read: what is computed, and how that is written.
pub(super) type Part = (NodeId, Reading);

/// The expression `text`, in which the variables and constants are `names`.
///
/// # Errors
/// The first one, from the left, with its place.
pub(super) fn parse(
    text: &str,
    graph: &mut Graph,
    names: Names<'_>,
) -> Result<Part, ExpressionError> {
    let characters: Vec<char> = text.chars().take(MAX_CHARACTERS + 1).collect();
    if characters.len() > MAX_CHARACTERS {
        let end = MAX_CHARACTERS..MAX_CHARACTERS;
        return Err(ExpressionError::new(end, Problem::TooLong));
    }
    let (tokens, unread) = tokens(&characters);
    let mut parser = Parser {
        tokens: &tokens,
        next: 0,
        depth: 0,
        unread,
        graph,
        names,
    };
    let expression = parser.sum()?;
    match parser.token() {
        Token::End if parser.unread.is_none() => Ok(expression),
        _ => Err(parser.expected("an operator or the end")),
    }
}

/// A name for a message, with the code points of characters that may not be what they look like.
fn quoted(name: &str) -> String {
    let others: Vec<String> = name.chars().filter(|c| !c.is_ascii()).map(named).collect();
    if others.is_empty() {
        format!("'{name}'")
    } else if name.chars().count() == 1 {
        others.concat()
    } else {
        format!("'{}' with {}", shown(name), others.join(", "))
    }
}

struct Parser<'a> {
    tokens: &'a [Placed],
    next: usize,
    depth: usize,
    /// Why the tokens end where they do, if not because the text does.
    unread: Option<ExpressionError>,
    graph: &'a mut Graph,
    names: Names<'a>,
}

impl Parser<'_> {
    fn token(&self) -> &Token {
        let placed = self.tokens.get(self.next);
        placed.map_or(&Token::End, |placed| &placed.token)
    }

    fn advance(&mut self) {
        self.next += 1;
    }

    fn take(&mut self, token: &Token) -> bool {
        let found = self.token() == token;
        if found {
            self.advance();
        }
        found
    }

    fn characters(&self) -> std::ops::Range<usize> {
        let placed = self.tokens.get(self.next).or(self.tokens.last());
        placed.map_or(0..0, |placed| placed.characters.clone())
    }

    /// The error that the next token is not `expected`.
    fn expected(&self, expected: &str) -> ExpressionError {
        if let (Token::End, Some(unread)) = (self.token(), &self.unread) {
            return unread.clone();
        }
        let found = match self.token() {
            Token::Number(_) => "a number".to_owned(),
            Token::Name(name) => quoted(name),
            Token::Plus => "'+'".to_owned(),
            Token::Minus => "'−'".to_owned(),
            Token::Times => "'*'".to_owned(),
            Token::Over => "'/'".to_owned(),
            Token::Power => "'^'".to_owned(),
            Token::Superscript(_) => "a raised number".to_owned(),
            Token::Open => "'('".to_owned(),
            Token::Close => "')'".to_owned(),
            Token::Comma => "',' (decimals have a point)".to_owned(),
            Token::End => "the end".to_owned(),
        };
        let expected = expected.to_owned();
        ExpressionError::new(self.characters(), Problem::Unexpected { expected, found })
    }

    /// What `part` reads, one level further in.
    fn deeper(
        &mut self,
        part: fn(&mut Self) -> Result<Part, ExpressionError>,
    ) -> Result<Part, ExpressionError> {
        if self.depth == MAX_DEPTH {
            return Err(ExpressionError::new(self.characters(), Problem::TooDeep));
        }
        self.depth += 1;
        let part = part(self);
        self.depth -= 1;
        part
    }

    fn binary(&mut self, operation: Operation, a: Part, b: Part) -> Part {
        let node = self.graph.binary(operation, a.0, b.0);
        (node, Reading::binary(operation, a.1, b.1))
    }

    /// Products with + and − between.
    fn sum(&mut self) -> Result<Part, ExpressionError> {
        let mut sum = self.product()?;
        loop {
            let operation = match self.token() {
                Token::Plus => Operation::Add,
                Token::Minus => Operation::Subtract,
                _ => return Ok(sum),
            };
            self.advance();
            let term = self.product()?;
            sum = self.binary(operation, sum, term);
        }
    }

    /// Factors with *, / or nothing between.
    fn product(&mut self) -> Result<Part, ExpressionError> {
        let mut product = self.signed()?;
        loop {
            let (operation, factor) = match self.token() {
                Token::Times => {
                    self.advance();
                    (Operation::Multiply, self.signed()?)
                }
                Token::Over => {
                    self.advance();
                    (Operation::Divide, self.signed()?)
                }
                Token::Name(_) | Token::Open => (Operation::Multiply, self.power()?),
                _ => return Ok(product),
            };
            product = self.binary(operation, product, factor);
        }
    }

    /// A power, perhaps after signs, which bind less: −x² is −(x²).
    fn signed(&mut self) -> Result<Part, ExpressionError> {
        if self.take(&Token::Minus) {
            let (operand, reading) = self.deeper(Self::signed)?;
            let node = self.graph.unary(Operation::Negate, operand);
            Ok((node, reading.negated()))
        } else if self.take(&Token::Plus) {
            self.deeper(Self::signed)
        } else {
            self.power()
        }
    }

    /// An operand, perhaps raised: x², x^y. What follows ^ groups to the right, 2^3^2 = 2^9.
    fn power(&mut self) -> Result<Part, ExpressionError> {
        let mut base = self.operand()?;
        while let Token::Superscript(exponent) = *self.token() {
            self.advance();
            let exponent = self.number(exponent);
            base = self.binary(Operation::Power, base, exponent);
        }
        if self.take(&Token::Power) {
            let exponent = self.deeper(Self::signed)?;
            base = self.binary(Operation::Power, base, exponent);
        }
        Ok(base)
    }

    fn number(&mut self, number: f64) -> Part {
        (self.graph.number(number), Reading::number(number))
    }

    fn operand(&mut self) -> Result<Part, ExpressionError> {
        match self.token() {
            &Token::Number(number) => {
                self.advance();
                Ok(self.number(number))
            }
            Token::Open => {
                self.advance();
                let inner = self.deeper(Self::sum)?;
                self.close()?;
                Ok(inner)
            }
            Token::Name(name) => {
                let known = self.names.iter().find(|(known, ..)| known == name);
                if let Some((_, node, reading)) = known {
                    let part = (*node, reading.clone());
                    self.advance();
                    return Ok(part);
                }
                match FUNCTIONS.iter().find(|(known, ..)| known == name) {
                    Some(&(name, operation, arguments)) => {
                        self.function(name, operation, arguments)
                    }
                    None => Err(self.expected(OPERAND)),
                }
            }
            _ => Err(self.expected(OPERAND)),
        }
    }

    fn function(
        &mut self,
        name: &str,
        operation: Operation,
        arguments: usize,
    ) -> Result<Part, ExpressionError> {
        self.advance();
        if !self.take(&Token::Open) {
            return Err(self.expected(&format!("'(' after {name}")));
        }
        let first = self.deeper(Self::sum)?;
        if arguments == 1 {
            self.close()?;
            let node = self.graph.unary(operation, first.0);
            return Ok((node, Reading::function(operation, first.1)));
        }
        if !self.take(&Token::Comma) {
            return Err(self.expected(&format!("an operator or ',' in {name}")));
        }
        let second = self.deeper(Self::sum)?;
        self.close()?;
        Ok(self.binary(operation, first, second))
    }

    fn close(&mut self) -> Result<(), ExpressionError> {
        if self.take(&Token::Close) {
            Ok(())
        } else {
            Err(self.expected("an operator or ')'"))
        }
    }
}
