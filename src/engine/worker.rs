//! The engine in its worker.

use super::function::{self, Refusal};
use super::request::Request;
use super::{comparisons, rules_table};
use crate::diagnosis::map::Map;
use crate::diagnosis::refinement::Refinement;
use crate::swarm::LANES;
use crate::worker::{self, Reply, SLICE_MS, Unanswered, Value, now_ms};

/// Optimizer steps between two looks at the clock: a fraction of a millisecond of most rules.
const STEPS_AT_ONCE: usize = 50_000;

/// Takes requests from now on.
pub fn serve() {
    worker::serve(|message, reply| {
        Box::pin(async move {
            let text = message.get(1).as_string();
            match text.and_then(|text| Request::decode(&text)) {
                Some(request) => answer(request, &reply).await,
                // A page kept open, or kept in a cache, while the lab was updated.
                None => Err(Unanswered::Failed(
                    "page and engine are of different versions".to_owned(),
                )),
            }
        })
    });
}

async fn answer(request: Request, reply: &Reply) -> Result<Value, Unanswered> {
    // Requests that were dropped while another was worked on end here.
    reply.breathe().await?;
    match request {
        Request::Export(export) => export.text().map(Value::Text).map_err(Unanswered::Failed),
        Request::Compile { source } => Ok(match function::compile(&source) {
            Ok(function) => Value::Bytes(function.program.encode()),
            Err(error) => Value::Text(Refusal::from(&error).encode()),
        }),
        Request::Reading { source } => {
            let reading = crate::expression::mathml(&source);
            Ok(Value::Text(reading.unwrap_or_default()))
        }
        Request::Map(map) => map_values(map, reply).await,
        Request::Write(written) => written.html().map(Value::Text).map_err(Unanswered::Failed),
        Request::Comparisons => Ok(Value::Text(comparisons::html())),
        Request::RulesTable => Ok(Value::Text(rules_table::html())),
    }
}

/// Computes the map, and shows each of its passes but the last, which is the answer.
async fn map_values(map: Map, reply: &Reply) -> Result<Value, Unanswered> {
    let values_at_once = STEPS_AT_ONCE / map.steps.max(1) as usize;
    let values_at_once = values_at_once.max(1).next_multiple_of(LANES);
    let mut refinement = Refinement::new(map);
    let mut slice_began = now_ms();
    while !refinement.is_complete() {
        let pass_is_over = refinement.advance(values_at_once);
        if pass_is_over && !refinement.is_complete() {
            reply.part(Value::Numbers(refinement.picture()));
        }
        if now_ms() - slice_began >= SLICE_MS {
            reply.breathe().await?;
            slice_began = now_ms();
        }
    }
    Ok(Value::Numbers(refinement.picture()))
}
