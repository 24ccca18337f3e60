//! Numbers back from the GPU.

use std::future::{Future, poll_fn};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Poll, Waker};

use super::{Fault, Gpu};

/// What a callback will say, and who waits for it.
struct Answer<T> {
    value: Option<T>,
    waiting: Option<Waker>,
}

/// A function to give the answer with, and the answer to await.
fn owed<T: Send + 'static>() -> (impl FnOnce(T) + Send + 'static, impl Future<Output = T>) {
    let empty = Answer {
        value: None,
        waiting: None,
    };
    let given = Arc::new(Mutex::new(empty));
    let taken = Arc::clone(&given);
    let give = move |value| {
        let mut answer = given.lock().unwrap_or_else(PoisonError::into_inner);
        answer.value = Some(value);
        if let Some(waker) = answer.waiting.take() {
            waker.wake();
        }
    };
    let take = poll_fn(move |context| {
        let mut answer = taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(value) = answer.value.take() {
            return Poll::Ready(value);
        }
        answer.waiting = Some(context.waker().clone());
        Poll::Pending
    });
    (give, take)
}

impl Gpu {
    /// The first `count` numbers of a buffer that can be mapped, once all that was submitted is
    /// done. It blocks where it is not in a browser.
    ///
    /// # Errors
    /// What went wrong so far, here or before.
    pub(super) async fn read(&self, staging: &wgpu::Buffer, count: u64) -> Result<Vec<f32>, Fault> {
        if count == 0 {
            return self.check().map(|()| Vec::new());
        }
        let (give, mapped) = owed();
        staging.map_async(wgpu::MapMode::Read, ..4 * count, give);
        // The callback comes from in here; in a browser, from the browser. A device that is gone
        // gives it an error.
        let _ = self.device.poll(wgpu::PollType::wait_indefinitely());
        let mapped = self.answer(mapped).await?;
        self.check()?;
        let lost = |error: &dyn std::fmt::Display| Fault::Lost(error.to_string());
        mapped.map_err(|error| lost(&error))?;
        let view = staging.get_mapped_range(..4 * count);
        let numbers = bytemuck::pod_collect_to_vec(&view.map_err(|error| lost(&error))?);
        staging.unmap();
        Ok(numbers)
    }
}
