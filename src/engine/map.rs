//! The lines of a request for a [`Map`]. Its problem and its rule cross as names and numbers, as
//! their descriptions have them; a typed function as its text.

use super::function;
use crate::diagnosis::map::{Map, Measure, Sides};
use crate::number::shortest;
use crate::objective::{self, Objective, Problem, TYPED};
use crate::optimizer::{self, Optimizer};
use crate::parameter::{Values, values};

pub(super) fn map_lines(map: &Map) -> Vec<String> {
    let (kind, [first, second, third]) = match map.sides {
        Sides::Starts { low, high } => ("starts", [low, high, [0.0; 2]]),
        Sides::Rates {
            start,
            learning_rates,
            epsilons,
        } => ("rates", [start, learning_rates, epsilons]),
    };
    let objective = &map.problem.objective;
    let of_objective = match objective {
        Objective::Typed(function) => one_line(&function.source),
        _ => list(objective.values()),
    };
    vec![
        objective.description().name.to_owned(),
        of_objective,
        list(map.problem.values()),
        map.optimizer.description().name.to_owned(),
        list(map.optimizer.values()),
        map.steps.to_string(),
        format!("{},{}", map.columns, map.rows),
        map.measure.name().to_owned(),
        kind.to_owned(),
        list(first.into_iter().chain(second).chain(third)),
    ]
}

pub(super) fn map_from<'a>(lines: &mut impl Iterator<Item = &'a str>) -> Option<Map> {
    let name = lines.next()?;
    let of_objective = lines.next()?;
    let objective = if name == TYPED.name {
        Objective::Typed(function::compile(of_objective).ok()?)
    } else {
        let objective = objective::Description::named(name)?;
        objective.objective(&values_from(of_objective)?).ok()?
    };
    let problem = Problem::with_values(objective, &values_from(lines.next()?)?).ok()?;
    let rule = optimizer::Description::named(lines.next()?)?;
    let optimizer: Optimizer = rule.optimizer(&values_from(lines.next()?)?).ok()?;
    let steps = lines.next()?.parse().ok()?;
    let (columns, rows) = lines.next()?.split_once(',')?;
    let (columns, rows) = (columns.parse().ok()?, rows.parse().ok()?);
    let measure = Measure::from_name(lines.next()?)?;
    let kind = lines.next()?;
    let [a, b, c, d, e, f, ..] = values_from(lines.next()?)?;
    let sides = match kind {
        "starts" => Sides::Starts {
            low: [a, b],
            high: [c, d],
        },
        "rates" => Sides::Rates {
            start: [a, b],
            learning_rates: [c, d],
            epsilons: [e, f],
        },
        _ => return None,
    };
    Some(Map {
        problem,
        optimizer,
        steps,
        sides,
        measure,
        columns,
        rows,
    })
}

/// To the grammar of typed functions, a line's end is a space.
pub(super) fn one_line(source: &str) -> String {
    source.replace('\n', " ")
}

fn list(numbers: impl IntoIterator<Item = f64>) -> String {
    let texts: Vec<String> = numbers.into_iter().map(shortest).collect();
    texts.join(",")
}

fn values_from(text: &str) -> Option<Values> {
    let numbers: Result<Vec<f64>, _> = text.split(',').map(str::parse).collect();
    numbers.ok().map(|numbers| values(&numbers))
}
