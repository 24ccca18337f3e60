use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use super::*;
use crate::sparse::cpu::Trainer;
use crate::sparse::experiment::{Backend, Data, Entrant};
use crate::sparse::lines::NotLoaded;
use crate::sparse::metrics::{error_of_difference, metrics};
use crate::sparse::plain_text::assert_is_plain;
use crate::sparse::prepare::Preparation;
use crate::sparse::repeats::Repeats;
use crate::sparse::rules::Rule;
use crate::sparse::session::Session;
use crate::sparse::tune::Search;

/// The processor's futures are ready at once.
fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("it waits"),
    }
}

fn experiment(rates: &[(Kind, Rate)], batch_size: u32) -> Experiment {
    let mut experiment = Experiment {
        rules: rates
            .iter()
            .map(|&(kind, rate)| Entrant { kind, rate })
            .collect(),
        batch_size,
        epochs: 3,
        intercept: true,
        l2: 1e-3,
        shuffle: Some(5),
        backend: Backend::Cpu,
        ..Experiment::default()
    };
    if let Data::Zipf(zipf) = &mut experiment.data {
        zipf.examples = 1_000;
        zipf.features = 300;
        zipf.nonzeros_per_example = 6;
    }
    experiment
}

const GIVEN: [(Kind, Rate); 2] = [
    (Kind::Adagrad, Rate::Given(0.3)),
    (Kind::Sgd, Rate::Given(0.1)),
];

fn race(experiment: &Experiment) -> Race {
    let mut preparation = Preparation::new(experiment.clone()).unwrap();
    while preparation.generate(300) < 1.0 {}
    let prepared = preparation.finish().unwrap();
    Race::new(experiment.clone(), prepared)
}

fn run(race: &mut Race, nonzeros: usize) {
    let mut slices = 0;
    while now(race.advance(nonzeros, &|| 0.0)) != Stage::Finished {
        slices += 1;
        assert!(slices < 1_000_000, "it does not end");
    }
}

fn outcomes(race: &Race) -> Vec<Outcome> {
    let count = race.experiment().rules.len();
    (0..count)
        .map(|place| now(race.outcome(place)).unwrap())
        .collect()
}

/// Evidence: the trainer on its own; the race must not change a bit of it, however it is
/// sliced.
#[test]
fn a_race_is_its_trainers_runs() {
    for batch_size in [1, 32, 4_096] {
        let experiment = experiment(&GIVEN, batch_size);
        let mut race = race(&experiment);
        run(&mut race, 500);
        let raced = outcomes(&race);
        let report = race.report();
        let Plan {
            examples,
            batches,
            columns,
        } = race.plan();
        for (place, &entrant) in experiment.rules.iter().enumerate() {
            let rule = experiment.rule(entrant, f64::NAN);
            let mut trainer = Trainer::new(rule, experiment.options(), 300);
            let mut visited = 0;
            while trainer.epoch_losses().len() < 3 {
                visited += trainer.advance(examples, batches, columns, usize::MAX);
            }
            let weights = examples.by_feature(&trainer.weights());
            assert_eq!(raced[place].weights, weights);
            assert_eq!(raced[place].intercept, trainer.intercept());
            let standing = &report.rules[place];
            assert_eq!(standing.epoch_losses, trainer.epoch_losses());
            assert_eq!(standing.visited, visited as u64);
            // 200 of 1,000 are held out, so that every epoch is tested.
            assert_eq!(standing.tested.len(), 3);
            assert_eq!(standing.tested[2], raced[place].metrics);
            assert!(standing.tested.iter().all(Option::is_some));
        }
        assert_eq!((report.share, report.stage), (1.0, Stage::Finished));
    }
}

/// Evidence: the metrics' own function on the models as they ended.
#[test]
fn held_out_losses_are_compared_by_pairs() {
    let mut experiment = experiment(&GIVEN, 1);
    let mut race_of_both = race(&experiment);
    run(&mut race_of_both, 500);
    let examples = &race_of_both.plan().examples;
    let losses = [0, 1].map(|place| {
        let (weights, intercept) = now(race_of_both.model_of(place)).unwrap();
        metrics(examples, &examples.split.held_out, &weights, intercept).unwrap()
    });
    let error = error_of_difference(&losses[0].1, &losses[1].1);
    let rules = race_of_both.report().rules;
    assert_eq!(rules[0].difference_errors, [0.0, error]);
    assert_eq!(rules[1].difference_errors, [error, 0.0]);
    // Both find the same examples hard.
    assert!(error < losses[0].0.error.hypot(losses[1].0.error));
    now(race_of_both.reset());
    assert_eq!(race_of_both.report().rules[0].difference_errors, []);

    experiment.held_out = 0.0;
    let mut race = race(&experiment);
    run(&mut race, 500);
    assert_eq!(race.report().rules[0].difference_errors, []);
}

#[test]
fn no_rule_runs_ahead() {
    let mut race = race(&experiment(&GIVEN, 1));
    while now(race.advance(usize::MAX, &|| 0.0)) != Stage::Finished {
        let steps: Vec<u64> = race.report().rules.iter().map(|rule| rule.steps).collect();
        // A slice is 1/64 of an epoch of 800, and a batch more at most.
        assert!(steps[0].abs_diff(steps[1]) <= 800 / 64 + 1, "{steps:?}");
    }
}

#[test]
fn paused_it_stands_and_steps_by_a_batch_for_all() {
    let mut race = race(&experiment(&GIVEN, 32));
    while race.stage() != Stage::Training {
        now(race.advance(100, &|| 0.0));
    }
    now(race.advance(1, &|| 0.0));
    let steps = |race: &Race| {
        let report = race.report();
        (report.rules[0].steps, report.rules[1].steps)
    };
    assert_eq!(steps(&race), (1, 0));
    race.pause();
    assert!(!race.is_at_rest());
    now(race.advance(usize::MAX, &|| 0.0));
    assert!(race.is_at_rest());
    assert_eq!(steps(&race), (1, 1));
    now(race.advance(usize::MAX, &|| 0.0));
    assert_eq!(steps(&race), (1, 1));
    now(race.step(&|| 0.0));
    assert_eq!(steps(&race), (2, 2));
    race.resume();
    now(race.advance(1, &|| 0.0));
    assert_eq!(steps(&race), (3, 2));
    race.stop();
    assert_eq!(race.stage(), Stage::Finished);
    now(race.step(&|| 0.0));
    assert_eq!(steps(&race), (3, 2));
}

/// Batches of other sizes in non-zeros than the mean, small slices, and a step at once.
#[test]
fn however_far_behind_a_rule_catches_up_to_the_batch() {
    for slice in [1, 100, usize::MAX] {
        let mut race = race(&experiment(&GIVEN, 7));
        while race.stage() != Stage::Training {
            now(race.advance(100, &|| 0.0));
        }
        let steps = |race: &Race, place: usize| race.runners[place].model.steps();
        for _ in 0..5 {
            now(race.train(0, usize::MAX, &|| 0.0));
        }
        let foremost = steps(&race, 0);
        assert!(foremost > 5);
        race.pause();
        while !race.is_at_rest() {
            now(race.advance(slice, &|| 0.0));
        }
        assert_eq!([steps(&race, 0), steps(&race, 1)], [foremost; 2]);
        now(race.train(1, usize::MAX, &|| 0.0));
        let foremost = steps(&race, 1);
        now(race.step(&|| 0.0));
        assert_eq!([steps(&race, 0), steps(&race, 1)], [foremost + 1; 2]);
    }
}

#[test]
fn batches_at_another_rate_are_told_until_the_next_start() {
    let mut race = race(&experiment(&GIVEN, 8));
    let has_changed = |race: &Race| race.report().rules[1].has_changed_rate;
    // Before the first batch; and to the η that it has.
    assert!(race.set_learning_rate(Kind::Sgd, 0.2) && !has_changed(&race));
    run(&mut race, usize::MAX);
    assert!(race.set_learning_rate(Kind::Sgd, 0.2) && !has_changed(&race));
    assert!(race.set_learning_rate(Kind::Sgd, 0.3) && has_changed(&race));
    assert!(!race.report().rules[0].has_changed_rate);
    assert_eq!(race.experiment().rules[1].rate, Rate::Given(0.3));
    now(race.reset());
    assert!(!has_changed(&race));
}

/// Evidence: stepping to the end is running to the end.
#[test]
fn steps_lead_where_a_run_leads() {
    let experiment = experiment(&GIVEN, 64);
    let mut stepped = race(&experiment);
    while stepped.stage() != Stage::Training {
        now(stepped.advance(1, &|| 0.0));
    }
    stepped.pause();
    while stepped.stage() != Stage::Finished {
        now(stepped.step(&|| 0.0));
    }
    let mut whole = race(&experiment);
    run(&mut whole, usize::MAX);
    assert_eq!(outcomes(&stepped), outcomes(&whole));
}

#[test]
fn reset_starts_again_with_the_rates_of_now() {
    let mut changed = race(&experiment(&GIVEN, 8));
    run(&mut changed, 1_000);
    assert!(changed.set_learning_rate(Kind::Sgd, 0.7));
    assert!(!changed.set_learning_rate(Kind::Sgd, -1.0));
    assert!(!changed.set_learning_rate(Kind::Adam, 1.0));
    now(changed.reset());
    let report = changed.report();
    assert_eq!((report.stage, report.share), (Stage::Training, 0.0));
    run(&mut changed, 1_000);
    let rates = [
        (Kind::Adagrad, Rate::Given(0.3)),
        (Kind::Sgd, Rate::Given(0.7)),
    ];
    let mut fresh = race(&experiment(&rates, 8));
    run(&mut fresh, 1_000);
    assert_eq!(outcomes(&changed), outcomes(&fresh));
}

/// Evidence: the search on its own, and a race at the rates that it finds.
#[test]
fn tuned_rates_are_those_of_the_search() {
    let rates = [(Kind::Adagrad, Rate::Tuned), (Kind::Adam, Rate::Tuned)];
    let tuned_experiment = experiment(&rates, 16);
    let mut tuned = race(&tuned_experiment);
    run(&mut tuned, 700);
    let Plan {
        examples,
        batches,
        columns,
    } = tuned.plan();
    let found = rates.map(|(kind, _)| {
        let rule = Rule::new(kind, 1.0, tuned_experiment.epsilon);
        let mut search = Search::new(rule, tuned_experiment.options());
        assert!(search.advance(examples, batches, columns, usize::MAX));
        search.best().unwrap()
    });
    let report = tuned.report();
    assert_eq!(
        [0, 1].map(|place: usize| report.rules[place].learning_rate.unwrap()),
        found
    );
    // Searching is no training.
    assert_eq!(report.rules[0].visited, 3 * 800 * 6);
    let given = [
        (Kind::Adagrad, Rate::Given(found[0])),
        (Kind::Adam, Rate::Given(found[1])),
    ];
    let mut race = race(&experiment(&given, 16));
    run(&mut race, 700);
    assert_eq!(outcomes(&race), outcomes(&tuned));
}

#[test]
fn seconds_are_those_of_training_alone() {
    let mut race = race(&experiment(&GIVEN, 1));
    let time = std::cell::Cell::new(0.0);
    let clock = || {
        time.set(time.get() + 1.0);
        time.get()
    };
    let mut slices = 0;
    while now(race.advance(500, &clock)) != Stage::Finished {
        slices += 1;
    }
    // Each slice looks twice, one second apart; the last ends the loop.
    let seconds: f64 = race.report().rules.iter().map(|rule| rule.seconds).sum();
    assert_eq!(seconds, f64::from(slices + 1));
}

#[test]
fn figures_are_of_every_rule() {
    let rates = Kind::ALL.map(|kind| (kind, Rate::Given(0.05)));
    let mut race = race(&experiment(&rates, 16));
    assert_eq!(race.watched().len(), 3);
    run(&mut race, 1_000);
    let rates = now(race.rates([12, 8]));
    // The most frequent of the watched features first; SGD's rate is η.
    let of_sgd = &rates[1].watched;
    assert!(of_sgd.is_sorted_by(|a, b| a.unwrap()[0] > b.unwrap()[0]) && of_sgd.len() == 3);
    assert_eq!(of_sgd[2], Some([1.0 / 800.0, f64::from(0.05_f32)]));
    let densities: Vec<_> = rates.iter().map(|rates| &rates.density).collect();
    let occurring = race.plan().examples.counts();
    let occurring = occurring.partition_point(|&count| count > 0) as u32;
    for density in &densities {
        assert_eq!(density.counts.iter().sum::<u32>(), occurring);
        assert_eq!(density.rate, densities[0].rate);
    }
    let deciles = now(race.deciles());
    assert!(deciles.iter().all(|found| found.len() == 10));
    assert!(deciles[0].iter().all(|decile| decile.error.is_some()));
    let words = now(race.words(5));
    assert!(
        words
            .iter()
            .all(|w| w.frequent.len() == 5 && w.rare.len() == 5)
    );
    let counts = race.plan().examples.counts();
    let too_rare = counts
        .iter()
        .filter(|count| (1..3).contains(*count))
        .count();
    for words in &words {
        assert!(words.rare.iter().all(|word| word.count >= 3));
        assert_eq!(words.too_rare as usize, too_rare);
    }
    assert!(
        words[0]
            .frequent
            .iter()
            .all(|word| word.count > words[0].rare[0].count)
    );
    let growth = race.growth();
    for (kind, growth) in Kind::ALL.iter().zip(growth) {
        // An accumulator that only grows.
        if matches!(kind, Kind::Adagrad | Kind::Counter) {
            let states = |slot: usize| growth.points.iter().map(move |(_, s)| s[slot]);
            assert!((0..3).all(|slot| states(slot).is_sorted()));
            assert!(growth.points.len() > 100);
        }
        assert_eq!(growth.points.is_empty(), kind.slots() == 1);
    }
    let ratios = now(race.rate_ratios(occurring - 1, 0));
    // One rate for all features, and rates of their own.
    let measured = |place: usize| ratios[place].unwrap().measured;
    assert_eq!((Kind::ALL[0], Kind::ALL[1]), (Kind::Adagrad, Kind::Sgd));
    assert!(measured(0) > 1.0 && measured(1) == 1.0);
    assert!(
        ratios
            .iter()
            .all(|ratio| ratio.unwrap().predicted.unwrap() > 1.0)
    );
}

/// Evidence: the epochs' own mean losses, which the points' means come to; and the same race
/// in other slices.
#[test]
fn curves_are_of_the_progressive_loss_however_sliced() {
    for (batch_size, points) in [(1, 3 * 64), (8, 3 * 64), (100, 3 * 8)] {
        let mut whole = race(&experiment(&GIVEN, batch_size));
        run(&mut whole, usize::MAX);
        let curves = whole.curves();
        for (curve, standing) in curves.iter().zip(whole.report().rules) {
            assert_eq!(curve.len(), points);
            for (epoch, loss) in standing.epoch_losses.iter().enumerate() {
                let before = curve[epoch * points / 3..].iter();
                let starts =
                    std::iter::once(epoch as f64).chain(before.clone().map(|[epochs, _]| *epochs));
                let mean: f64 = before
                    .zip(starts)
                    .take(points / 3)
                    .map(|([end, loss], start)| (end - start) * loss)
                    .sum();
                // Of differences of sums up to 1,600, divided by 1/64 of 800.
                assert!((mean - loss).abs() < 1e-12, "{mean} {loss}");
            }
        }
        let mut sliced = race(&experiment(&GIVEN, batch_size));
        while sliced.stage() != Stage::Training {
            now(sliced.advance(1, &|| 0.0));
        }
        now(sliced.step(&|| 0.0));
        run(&mut sliced, 17);
        assert_eq!(sliced.curves(), curves);
        now(sliced.reset());
        assert!(sliced.curves().iter().all(Vec::is_empty));
    }
}

#[test]
fn picking_replaces_one_feature_and_keeps_the_growth_of_the_others() {
    let mut race = race(&experiment(&GIVEN, 8));
    run(&mut race, 1_000);
    let [first, middle, last] = race.watched().try_into().unwrap();
    let counts = race.plan().examples.counts().to_vec();
    let share = |rank: u32| (f64::from(counts[rank as usize]) / 800.0).log10();
    // The most frequent but one, as the most frequent is watched.
    assert!(now(race.pick(1, [share(0), 0.0], Kind::Adagrad)));
    assert_eq!(race.watched(), [first, 1, last]);
    let growth = race.growth()[0].points.last().unwrap().1.clone();
    assert!(growth[1].is_nan() && growth[0] > growth[2] && growth[2] >= 0.0);
    // Among those of one count, by Adagrad's rate.
    let alike = (0..300).filter(|&rank| counts[rank as usize] == counts[middle as usize]);
    let rates = now(race.runners[0].model.effective_rates());
    let fastest = alike.max_by(|&a, &b| rates[a as usize].total_cmp(&rates[b as usize]));
    let log_rate = f64::from(rates[fastest.unwrap() as usize]).log10();
    assert!(now(race.pick(0, [share(middle), log_rate], Kind::Adagrad)));
    assert_eq!(race.watched(), [fastest.unwrap(), 1, last]);
    assert!(!now(race.pick(3, [0.0, 0.0], Kind::Adagrad)));
    assert!(!now(race.pick(0, [0.0, 0.0], Kind::Adam)));
    assert!(!now(race.pick(0, [f64::NAN, 0.0], Kind::Adagrad)));
}

#[test]
fn nothing_to_train_on_is_refused() {
    let experiment = Experiment {
        data: Data::named("libsvm").unwrap(),
        ..experiment(&GIVEN, 1)
    };
    let mut preparation = Preparation::new(experiment.clone()).unwrap();
    preparation.begin_held_out();
    preparation.push(b"1 1:1\n-1 2:1\n");
    assert!(matches!(preparation.finish(), Err(NotLoaded::NoExample(_))));
    // All of one class are no race either, be it that the other class is held out.
    let mut sorted = Preparation::new(Experiment {
        held_out: 0.5,
        ..experiment
    })
    .unwrap();
    sorted.push(b"1 1:1\n1 2:1\n-1 1:1\n-1 2:1\n");
    assert!(matches!(
        sorted.finish(),
        Err(NotLoaded::OneClass { label, count: 2, .. }) if label == "1"
    ));
}

/// Evidence: races of those seeds, each on its own.
#[test]
fn repeats_are_the_races_of_the_seeds_that_follow() {
    let experiment = Experiment {
        seeds: 3,
        ..experiment(&GIVEN, 4)
    };
    let mut first = race(&experiment);
    run(&mut first, 1_000);
    let mut repeats = now(Repeats::after(&first));
    while !now(repeats.advance(1_000, &|| 0.0)) {}
    assert_eq!(repeats.done(), 3);
    let alone = [1, 2, 3].map(|seed| {
        let mut experiment = experiment.clone();
        if let Data::Zipf(zipf) = &mut experiment.data {
            zipf.seed = seed;
        }
        let mut race = race(&experiment);
        run(&mut race, 1_000);
        now(race.deciles())
    });
    let spreads = repeats.spreads();
    for (rule, tenths) in spreads.iter().enumerate() {
        assert_eq!(tenths.len(), 10);
        for (tenth, spread) in tenths.iter().enumerate() {
            let errors = [0, 1, 2].map(|seed: usize| alone[seed][rule][tenth].error.unwrap());
            assert_eq!(spread.mean, (errors[0] + errors[1] + errors[2]) / 3.0);
            assert!(
                errors
                    .iter()
                    .all(|e| (spread.least..=spread.most).contains(e))
            );
        }
    }
}

/// A session whose race is over and whose repeats have just begun.
fn repeating() -> Session {
    let experiment = Experiment {
        seeds: 3,
        ..experiment(&GIVEN, 4)
    };
    let mut session = Session::new(race(&experiment));
    now(session.repeat());
    assert_eq!(session.report().repeating, None);
    while session.race().stage() != Stage::Finished {
        now(session.advance(1_000, &|| 0.0));
    }
    assert!(session.is_at_rest());
    now(session.repeat());
    assert_eq!(session.report().repeating, Some([1, 3]));
    session
}

#[test]
fn repeats_end_with_what_they_repeat() {
    let mut session = repeating();
    assert!(session.set_learning_rate(Kind::Sgd, 0.5));
    assert_eq!(session.report().repeating, None);
    let mut session = repeating();
    now(session.reset());
    assert_eq!(session.report().repeating, None);
    assert_eq!(session.race().stage(), Stage::Training);
}

#[test]
fn repeats_pause_stop_and_come_to_their_end() {
    let mut session = repeating();
    session.race_mut().pause();
    assert!(session.is_at_rest());
    for _ in 0..10_000 {
        assert!(!now(session.advance(1_000, &|| 0.0)));
    }
    assert_eq!(session.report().repeating, Some([1, 3]));
    session.race_mut().resume();
    while !now(session.advance(1_000, &|| 0.0)) {}
    assert_eq!(session.report().repeating, Some([2, 3]));
    // Again while under way: nothing is lost.
    now(session.repeat());
    assert_eq!(session.report().repeating, Some([2, 3]));
    while !now(session.advance(1_000, &|| 0.0)) {}
    assert_eq!(session.report().repeating, None);
    assert_eq!(session.repeats().unwrap().done(), 3);
    assert!(session.is_at_rest());
    let mut session = repeating();
    session.stop();
    assert_eq!(session.report().repeating, None);
    assert!(session.is_at_rest());
}

/// The race on a GPU, settled and at the start of its training; none, and said so, where there
/// is no GPU.
#[cfg(feature = "gpu")]
fn race_on_gpu(experiment: &Experiment) -> Option<Race> {
    let experiment = Experiment {
        backend: Backend::Webgpu,
        ..experiment.clone()
    };
    let mut race = race(&experiment);
    while race.stage() == Stage::Planning {
        eventually(race.advance(usize::MAX, &|| 0.0));
    }
    if race.chosen().backend == Backend::Webgpu {
        return Some(race);
    }
    skipped(race.chosen().why.as_deref().unwrap_or_default());
    None
}

/// Says on the terminal, past the test harness, why there is no GPU to test on.
#[cfg(feature = "gpu")]
fn skipped(why: &str) {
    use std::io::Write as _;
    let message = format!("SKIPPED sparse::race::tests: {why}\n");
    std::io::stderr().write_all(message.as_bytes()).unwrap();
}

/// The GPU that the race is on.
#[cfg(feature = "gpu")]
fn gpu(race: &Race) -> &crate::sparse::gpu::Gpu {
    match race.venue.place() {
        Place::Gpu(gpu, _) => gpu,
        Place::Processor => panic!("{:?}", race.chosen()),
    }
}

#[cfg(feature = "gpu")]
fn eventually<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
    }
}

/// Evidence: the same race on the processor, within the bounds.
#[cfg(feature = "gpu")]
fn is_as_on_the_processor(race: &Race, experiment: &Experiment) {
    let mut twin = self::race(experiment);
    run(&mut twin, usize::MAX);
    let (report, twins) = (race.report(), twin.report());
    for (place, twin_outcome) in outcomes(&twin).iter().enumerate() {
        let outcome = eventually(race.outcome(place)).unwrap();
        let expected: Vec<f64> = twin_outcome.weights.iter().map(|&w| w.into()).collect();
        let error = crate::sparse::parity::difference(&outcome.weights, &expected);
        assert!(error < 1e-4, "{error}");
        let losses = &report.rules[place].epoch_losses;
        assert_eq!(losses.len(), experiment.epochs as usize);
        for (loss, twins) in losses.iter().zip(&twins.rules[place].epoch_losses) {
            assert!((loss / twins - 1.0).abs() < 1e-5);
        }
        assert_eq!(report.rules[place].tested.len(), losses.len());
    }
}

#[cfg(feature = "gpu")]
#[test]
fn a_race_on_the_gpu_is_the_processors() {
    let experiment = experiment(&GIVEN, 64);
    let Some(mut race) = race_on_gpu(&experiment) else {
        return;
    };
    let report = race.report();
    assert_eq!(report.chosen.why, None);
    assert!(report.chosen.adapter.is_some());
    assert!(report.bytes > self::race(&experiment).report().bytes + 4 * 2 * 4_800);
    while eventually(race.advance(1_000, &|| 0.0)) != Stage::Finished {}
    assert_eq!(race.chosen().backend, Backend::Webgpu);
    is_as_on_the_processor(&race, &experiment);
    assert_eq!(eventually(race.rates([8, 8])).len(), 2);
    assert!(race.growth()[0].points.len() >= 3 * Venue::SUBMISSIONS_PER_EPOCH);
}

/// A GPU that goes away in the second epoch: nothing that was shown is missing, and the rest is
/// the processor's.
#[cfg(feature = "gpu")]
#[test]
fn a_race_outlives_its_gpu() {
    let experiment = experiment(&GIVEN, 64);
    let Some(mut race) = race_on_gpu(&experiment) else {
        return;
    };
    while race.report().rules[0].steps < 20 {
        eventually(race.advance(usize::MAX, &|| 0.0));
    }
    let before = race.report();
    assert_eq!(before.rules[0].tested.len(), 1);
    gpu(&race).destroy();
    eventually(race.advance(1, &|| 0.0));
    let after = race.report();
    let why = after.chosen.why.clone().unwrap();
    assert_eq!(after.chosen.backend, Backend::Cpu);
    assert!(
        why.starts_with("The processor computes from epoch 2 on: on "),
        "{why}"
    );
    assert!(why.contains("the GPU was lost ("), "{why}");
    for (before, after) in before.rules.iter().zip(&after.rules) {
        assert_eq!(before.epoch_losses, after.epoch_losses);
        assert_eq!(before.tested, after.tested);
        // 13 batches of 64 are an epoch of 800.
        assert!((13..16).contains(&after.steps), "{}", after.steps);
    }
    let points = &race.growth()[0].points;
    assert!(points.iter().all(|(steps, _)| *steps <= 14));
    assert!(points.iter().any(|(steps, _)| *steps <= 13));
    while eventually(race.advance(1_000, &|| 0.0)) != Stage::Finished {}
    is_as_on_the_processor(&race, &experiment);
    let points = race.growth()[0].points.iter();
    assert!(points.map(|(steps, _)| *steps).is_sorted_by(|a, b| a < b));
    eventually(race.reset());
    assert_eq!(race.report().chosen.backend, Backend::Cpu);
}

#[cfg(feature = "gpu")]
const TUNED: [(Kind, Rate); 2] = [(Kind::Adagrad, Rate::Tuned), (Kind::Sgd, Rate::Tuned)];

/// Runs the race to its end on the processor, where every rule is tuned and trained to the bit as
/// in a race that never was anywhere else.
///
/// Evidence: that race.
#[cfg(feature = "gpu")]
fn ends_on_the_processor(race: &mut Race, experiment: &Experiment) -> String {
    while eventually(race.advance(1_000, &|| 0.0)) != Stage::Finished {}
    let mut twin = self::race(experiment);
    run(&mut twin, usize::MAX);
    assert_eq!(outcomes(race), outcomes(&twin));
    let (report, twins) = (race.report(), twin.report());
    assert_eq!(report.chosen.backend, Backend::Cpu);
    for (standing, twins) in report.rules.iter().zip(&twins.rules) {
        assert!(standing.learning_rate.is_some());
        assert_eq!(standing.learning_rate, twins.learning_rate);
        assert_eq!(standing.epoch_losses, twins.epoch_losses);
        assert_eq!(standing.tested, twins.tested);
    }
    report.chosen.why.unwrap()
}

/// What becomes of a GPU in the middle of a search is told, and costs nothing that was searched.
#[cfg(feature = "gpu")]
#[test]
fn rates_are_tuned_whatever_becomes_of_the_gpu() {
    for told in ["the GPU was lost (", "the GPU reported an error ("] {
        let experiment = experiment(&TUNED, 64);
        let Some(mut race) = race_on_gpu(&experiment) else {
            return;
        };
        // In the search for the second rule's rate.
        while race.report().share < 0.7 {
            assert_eq!(eventually(race.advance(1_000, &|| 0.0)), Stage::Tuning);
        }
        let before = race.report();
        assert!(before.rules[0].learning_rate.is_some());
        if told.contains("lost") {
            gpu(&race).destroy();
        } else {
            gpu(&race).be_refused();
        }
        assert_eq!(eventually(race.advance(1, &|| 0.0)), Stage::Tuning);
        let after = race.report();
        assert_eq!(after.rules[0], before.rules[0]);
        assert!(after.share >= before.share);
        let why = ends_on_the_processor(&mut race, &experiment);
        assert!(
            why.starts_with("The processor computes from epoch 1 on: on ") && why.contains(told),
            "{why}"
        );
    }
}

/// A GPU whose buffers hold no batch, or batches and no model: 64 examples of 6 non-zeros, two
/// numbers for each of 300 features.
#[cfg(feature = "gpu")]
#[test]
fn a_gpu_that_refuses_plan_or_model_leaves_the_race_to_the_processor() {
    use crate::sparse::gpu::Gpu;
    let refusals = [
        (1_000, "The processor computes: on ", "a batch would take "),
        (
            2_000,
            "The processor computes from epoch 1 on: on ",
            "the model would take ",
        ),
    ];
    for (most_bytes, begins, told) in refusals {
        let gpu = match eventually(Gpu::request()) {
            Ok(gpu) => gpu.with_most_bytes(most_bytes),
            Err(reason) => return skipped(&reason.to_string()),
        };
        let experiment = experiment(&TUNED, 64);
        let mut race = race(&Experiment {
            backend: Backend::Webgpu,
            ..experiment.clone()
        });
        while race.planner.is_some() {
            race.lay_out(usize::MAX);
        }
        let (chosen, place) = eventually(Chosen::on_gpu(gpu, race.experiment(), race.plan()));
        race.venue = Venue::settled(chosen, place);
        eventually(race.take_places());
        assert_eq!(race.stage(), Stage::Tuning);
        let why = ends_on_the_processor(&mut race, &experiment);
        assert!(why.starts_with(begins) && why.contains(told), "{why}");
    }
}

/// Fault 13, with values of its kind: squares that overflow, a sum that does, the least there is.
/// Evidence: what each figure may have in words and numbers.
#[test]
fn whatever_the_values_are_no_figure_has_a_number_that_is_none() {
    let lines = [
        "1 1:3e38 2:1\n-1 2:1\n1 1:-3e38\n-1 2:2\n",
        "1 1:1e30 2:1e-30\n-1 1:-1e30 2:1\n",
        "1 1:1e-45 2:1\n-1 2:1e-45\n",
        "1 1:2e19\n-1 1:2e19 2:2e19\n1 2:1\n",
    ];
    let rates = Kind::ALL.map(|kind| (kind, Rate::Given(1e6)));
    for (batch_size, text) in [1, 2]
        .into_iter()
        .flat_map(|size| lines.map(|text| (size, text)))
    {
        let experiment = Experiment {
            data: Data::named("libsvm").unwrap(),
            held_out: 0.0,
            epsilon: 0.0,
            ..experiment(&rates, batch_size)
        };
        let mut preparation = Preparation::new(experiment.clone()).unwrap();
        preparation.push(text.as_bytes());
        let mut race = Race::new(experiment, preparation.finish().unwrap());
        while now(race.advance(1, &|| 0.0)) != Stage::Finished {}
        let watched = race.watched().to_vec();
        let (frequent, rare) = (watched[0], *watched.last().unwrap());
        for (ratio, kind) in now(race.rate_ratios(rare, frequent)).iter().zip(Kind::ALL) {
            if let Some(ratio) = ratio {
                assert_is_plain(&ratio.sentence(kind, [1, 2]));
            }
        }
        for words in now(race.words(5)) {
            let mut shown = words.frequent.iter().chain(&words.rare);
            assert!(shown.all(|word| word.weight.is_finite()), "{text}");
        }
        for rates in now(race.rates([4, 4])) {
            let ends = [rates.density.rate, rates.density.frequency];
            assert!(
                ends.as_flattened().iter().all(|end| end.is_finite()),
                "{text}"
            );
            let mut points = rates.watched.iter().flatten().flatten();
            assert!(points.all(|number| number.is_finite()), "{text}");
        }
        for rule in race.report().rules {
            for tested in rule.tested.iter().flatten() {
                assert_eq!(tested.accuracy.is_some(), tested.loss.is_finite(), "{text}");
            }
        }
    }
}
