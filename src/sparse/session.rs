//! A race as a reader drives it, and after its end the same on further seeds.

use super::race::{Race, Report, Stage};
use super::repeats::Repeats;
use super::rules::Kind;

/// A race, and its repeats where they were asked for.
#[derive(Debug)]
pub struct Session {
    race: Race,
    /// Kept when they are over: their spreads are yet to be shown.
    repeats: Option<Repeats>,
}

impl Session {
    /// Of this race, without repeats.
    #[must_use]
    pub fn new(race: Race) -> Self {
        Self {
            race,
            repeats: None,
        }
    }

    /// The race.
    #[must_use]
    pub fn race(&self) -> &Race {
        &self.race
    }

    /// The race, for what leaves the repeats as they are.
    pub fn race_mut(&mut self) -> &mut Race {
        &mut self.race
    }

    /// The repeats, under way or over; none where none were asked for since the race changed.
    #[must_use]
    pub fn repeats(&self) -> Option<&Repeats> {
        self.repeats.as_ref()
    }

    /// As [`Race::report`], with the repeats.
    #[must_use]
    pub fn report(&self) -> Report {
        let repeats = self.repeats.as_ref().filter(|repeats| !repeats.is_over());
        let report = self.race.report();
        Report {
            repeating: repeats.map(|repeats| [repeats.done(), repeats.of()]),
            bytes: report.bytes + repeats.map_or(0, Repeats::bytes),
            ..report
        }
    }

    fn is_repeating(&self) -> bool {
        let repeats = self.repeats.as_ref();
        repeats.is_some_and(|repeats| !repeats.is_over())
    }

    /// Whether [`Self::advance`] has nothing to do.
    #[must_use]
    pub fn is_at_rest(&self) -> bool {
        self.race.is_at_rest() && (self.race.is_paused() || !self.is_repeating())
    }

    /// Goes on with the race, or after its end with the repeats unless it is paused, for about so
    /// many non-zeros, and tells whether the repeats have come to another data set or to their end.
    pub async fn advance(&mut self, nonzeros: usize, clock: &dyn Fn() -> f64) -> bool {
        if self.race.stage() != Stage::Finished {
            self.race.advance(nonzeros, clock).await;
            return false;
        }
        let is_paused = self.race.is_paused();
        let repeats = self.repeats.as_mut();
        match repeats.filter(|repeats| !is_paused && !repeats.is_over()) {
            Some(repeats) => {
                let done = repeats.done();
                repeats.advance(nonzeros, clock).await || repeats.done() > done
            }
            None => false,
        }
    }

    /// Begins the repeats; before the race's end, and as long as they are under way, nothing.
    pub async fn repeat(&mut self) {
        if self.race.stage() == Stage::Finished && !self.is_repeating() {
            self.repeats = Some(Repeats::after(&self.race).await);
        }
    }

    /// Ends the repeats where they are under way, else the race.
    pub fn stop(&mut self) {
        if self.is_repeating() {
            self.repeats = None;
        } else {
            self.race.stop();
        }
    }

    /// As [`Race::reset`]; what would be repeated is gone.
    pub async fn reset(&mut self) {
        self.repeats = None;
        self.race.reset().await;
    }

    /// As [`Race::set_learning_rate`]; what was repeated had another η.
    pub fn set_learning_rate(&mut self, kind: Kind, learning_rate: f64) -> bool {
        let is_set = self.race.set_learning_rate(kind, learning_rate);
        if is_set {
            self.repeats = None;
        }
        is_set
    }
}
