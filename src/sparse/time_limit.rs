//! How long is waited for an answer that another party owes: a browser, a driver, a disk.
//!
//! It is for answers, not for work: long work reports on its way.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;

/// A limit is waited for in so many parts. A worker that was busy, or a computer that slept, then
/// finds one part over and not all: the answer, which may lie there, is heard before the rest.
const PARTS: u32 = 10;

/// The answer; none where it has not come after so many seconds.
pub async fn within<T>(seconds: f64, answer: impl Future<Output = T>) -> Option<T> {
    let mut answer = pin!(answer);
    let mut limit = pin!(async {
        for _ in 0..PARTS {
            timer::wait(seconds / f64::from(PARTS)).await;
        }
    });
    poll_fn(|context| {
        if let Poll::Ready(answer) = answer.as_mut().poll(context) {
            return Poll::Ready(Some(answer));
        }
        limit.as_mut().poll(context).map(|()| None)
    })
    .await
}

#[cfg(target_arch = "wasm32")]
pub use timer::wait;

/// The browser's timers, in a worker or on a page.
#[cfg(target_arch = "wasm32")]
mod timer {
    use js_sys::{Function, Promise};
    use wasm_bindgen::JsValue;
    use wasm_bindgen::prelude::wasm_bindgen;
    use wasm_bindgen_futures::JsFuture;

    #[wasm_bindgen]
    extern "C" {
        #[wasm_bindgen(js_name = setTimeout)]
        fn set_timeout(act: &Function, milliseconds: f64) -> JsValue;

        #[wasm_bindgen(js_name = clearTimeout)]
        fn clear_timeout(timer: &JsValue);
    }

    /// Takes its timer back when it is no longer waited for.
    struct Timer(JsValue);

    impl Drop for Timer {
        fn drop(&mut self) {
            clear_timeout(&self.0);
        }
    }

    /// Waits so many seconds.
    pub async fn wait(seconds: f64) {
        let mut timer = Timer(JsValue::UNDEFINED);
        let over = Promise::new(&mut |resolve, _| timer.0 = set_timeout(&resolve, 1e3 * seconds));
        let _ = JsFuture::from(over).await;
        drop(timer);
    }
}

/// A thread for each wait: only tests and benchmarks wait outside of a browser.
#[cfg(not(target_arch = "wasm32"))]
mod timer {
    use std::future::poll_fn;
    use std::task::Poll;
    use std::thread;
    use std::time::{Duration, Instant};

    /// Waits so many seconds.
    pub async fn wait(seconds: f64) {
        let end = Instant::now() + Duration::from_secs_f64(seconds);
        let mut is_started = false;
        poll_fn(move |context| {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Poll::Ready(());
            }
            // Whoever polls again is the same task.
            if !std::mem::replace(&mut is_started, true) {
                let waker = context.waker().clone();
                thread::spawn(move || {
                    thread::sleep(left);
                    waker.wake();
                });
            }
            Poll::Pending
        })
        .await;
    }
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};
    use std::sync::Arc;
    use std::task::{Context, Wake, Waker};
    use std::thread::{self, Thread};
    use std::time::Instant;

    use super::*;

    struct Unpark(Thread);

    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }

    fn block_on<T>(future: impl Future<Output = T>) -> T {
        let waker = Waker::from(Arc::new(Unpark(thread::current())));
        let mut context = Context::from_waker(&waker);
        let mut future = pin!(future);
        loop {
            if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
                return value;
            }
            thread::park();
        }
    }

    #[test]
    fn an_answer_that_never_comes_is_waited_for_so_long() {
        let began = Instant::now();
        assert_eq!(block_on(within(0.2, pending::<u8>())), None);
        // Never earlier; how much later is the machine's.
        assert!(began.elapsed().as_secs_f64() >= 0.2);
    }

    #[test]
    fn an_answer_that_is_there_is_taken_at_once() {
        assert_eq!(block_on(within(1e6, ready(7))), Some(7));
        // Also where no time is left.
        assert_eq!(block_on(within(0.0, ready(7))), Some(7));
    }

    #[test]
    fn an_answer_that_comes_in_time_is_taken() {
        let late = async {
            timer::wait(0.05).await;
            "late"
        };
        assert_eq!(block_on(within(60.0, late)), Some("late"));
    }

    /// As after a slice of work, or sleep, that was longer than the limit.
    #[test]
    fn an_answer_is_heard_before_time_that_passed_unseen() {
        let mut polls = 0;
        let answer = poll_fn(|_| {
            polls += 1;
            match polls {
                1 => {
                    thread::sleep(std::time::Duration::from_millis(60));
                    Poll::Pending
                }
                2 => Poll::Ready("there"),
                _ => Poll::Pending,
            }
        });
        assert_eq!(block_on(within(0.05, answer)), Some("there"));
    }
}
