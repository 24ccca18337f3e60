//! Where a race is to be computed, and why there.

use super::backend::{Place, Plan};
use super::experiment::{Backend, Experiment};
#[cfg(feature = "gpu")]
use super::{
    backend::{Fault, Model},
    gpu::{self, Gpu},
};

/// Where a race is computed, as it came about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// What was asked for, as long as it is not settled; from then on never [`Backend::Auto`].
    pub backend: Backend,
    /// The GPU's name; none on the processor.
    pub adapter: Option<String>,
    /// Why this one, in one sentence; none where it was asked for by name and could be had.
    pub why: Option<String>,
}

impl Chosen {
    /// Nothing yet.
    #[must_use]
    pub fn asked(backend: Backend) -> Self {
        Self {
            backend,
            adapter: None,
            why: None,
        }
    }

    /// The processor, for a reason given as a clause.
    #[must_use]
    pub fn processor(reason: &str) -> Self {
        Self {
            why: Some(["The processor computes: ", reason, "."].concat()),
            ..Self::asked(Backend::Cpu)
        }
    }

    /// The processor from an epoch on, counted from 1, for a reason given as a clause.
    #[must_use]
    pub fn after_a_fault(&self, epoch: usize, reason: &str) -> Self {
        let epoch = epoch.to_string();
        let adapter = self.adapter.as_deref().unwrap_or_default();
        let why = [
            "The processor computes from epoch ",
            &epoch,
            " on: on ",
            adapter,
            ", ",
            reason,
            ".",
        ];
        Self {
            why: Some(why.concat()),
            ..Self::asked(Backend::Cpu)
        }
    }

    /// What is to be had of what was asked for; where that is the faster one, both are timed on the
    /// first batches. `clock` is in seconds.
    pub async fn of(
        experiment: &Experiment,
        plan: &Plan,
        clock: &dyn Fn() -> f64,
    ) -> (Self, Place) {
        if experiment.backend == Backend::Cpu {
            return (Self::asked(Backend::Cpu), Place::Processor);
        }
        or_processor(found(experiment, plan, clock).await)
    }

    /// As [`Self::of`], with that GPU and no other.
    #[cfg(all(test, feature = "gpu"))]
    pub(super) async fn on_gpu(gpu: Gpu, experiment: &Experiment, plan: &Plan) -> (Self, Place) {
        or_processor(on_gpu(gpu, experiment, plan, &|| 0.0).await)
    }
}

fn or_processor(found: Result<(Chosen, Place), String>) -> (Chosen, Place) {
    found.unwrap_or_else(|reason| (Chosen::processor(&reason), Place::Processor))
}

#[cfg(not(feature = "gpu"))]
async fn found(_: &Experiment, _: &Plan, _: &dyn Fn() -> f64) -> Result<(Chosen, Place), String> {
    Err("this build of the lab has no WebGPU path".to_owned())
}

/// A GPU that is to be had, or why not.
#[cfg(feature = "gpu")]
async fn found(
    experiment: &Experiment,
    plan: &Plan,
    clock: &dyn Fn() -> f64,
) -> Result<(Chosen, Place), String> {
    if experiment.backend == Backend::Auto {
        worth_a_gpu(experiment, plan)?;
    }
    let gpu = Gpu::request().await.map_err(|reason| reason.to_string())?;
    on_gpu(gpu, experiment, plan, clock).await
}

/// That GPU, where it takes the plan and is, if it comes to that, the faster one; or why not.
#[cfg(feature = "gpu")]
async fn on_gpu(
    gpu: Gpu,
    experiment: &Experiment,
    plan: &Plan,
    clock: &dyn Fn() -> f64,
) -> Result<(Chosen, Place), String> {
    let adapter = gpu.adapter().to_owned();
    let on_adapter = |fault: &dyn std::fmt::Display| format!("on {adapter}, {fault}");
    let Plan {
        examples,
        batches,
        columns,
    } = plan;
    let uploaded = gpu::plan::Plan::upload(&gpu, examples, batches, columns).await;
    let uploaded = uploaded.map_err(|fault| on_adapter(&fault))?;
    let place = Place::Gpu(gpu, uploaded.into());
    let mut chosen = Chosen {
        adapter: Some(adapter.clone()),
        ..Chosen::asked(Backend::Webgpu)
    };
    if experiment.backend == Backend::Auto {
        let gpus = timed(&place, experiment, plan, clock).await;
        let gpus = gpus.map_err(|fault| on_adapter(&fault))?;
        let processors = timed(&Place::Processor, experiment, plan, clock).await;
        let processors = processors.unwrap_or_default();
        let [of_gpu, of_processor] = [gpus, processors].map(|rate| format!("{:.0}", rate / 1e6));
        if gpus <= processors {
            return Err(format!(
                "it visits {of_processor} million non-zeros per second, {adapter} {of_gpu}"
            ));
        }
        chosen.why = Some(format!(
            "The GPU computes: it visits {of_gpu} million non-zeros per second, the processor \
             {of_processor}."
        ));
    }
    Ok((chosen, place))
}

/// Refuses what a GPU cannot be faster at, without asking for one.
#[cfg(feature = "gpu")]
fn worth_a_gpu(experiment: &Experiment, plan: &Plan) -> Result<(), String> {
    /// A processor visits as many in the time in which a GPU gets ready.
    const FEW_VISITS: f64 = 2e7;
    if plan.batches.size() == 1 {
        return Err("a batch of 1 has nothing for a GPU to share out".to_owned());
    }
    let nonzeros = plan.examples.nonzeros_of(plan.batches.order()) as f64;
    let visits = nonzeros * f64::from(experiment.epochs) * experiment.rules.len() as f64;
    if visits < FEW_VISITS {
        return Err(format!(
            "{:.1} million visits of non-zeros are over before a GPU is ready",
            visits / 1e6
        ));
    }
    Ok(())
}

/// How many non-zeros are visited in a second under the first rule.
#[cfg(feature = "gpu")]
async fn timed(
    place: &Place,
    experiment: &Experiment,
    plan: &Plan,
    clock: &dyn Fn() -> f64,
) -> Result<f64, Fault> {
    const SECONDS: f64 = 0.08;
    /// A clock that stands still, or was made coarse, ends it likewise.
    const MOST_ADVANCES: usize = 64;
    let Some(&entrant) = experiment.rules.first() else {
        return Ok(0.0);
    };
    let rule = experiment.rule(entrant, 0.1);
    let mut model = Model::start(place, rule, experiment.options(), plan).await?;
    // The first one also waits for what is got ready.
    model.advance(plan, 1, &[]).await?;
    let began = clock();
    let (mut visited, mut took, mut nonzeros) = (0, 0.0, 100_000);
    for _ in 0..MOST_ADVANCES {
        visited += model.advance(plan, nonzeros, &[]).await?.visited;
        took = clock() - began;
        if took >= SECONDS {
            break;
        }
        if took < SECONDS / 4.0 {
            nonzeros *= 2;
        }
    }
    Ok(visited as f64 / took.max(1e-6))
}
