//! A clock that passes only while nothing else can happen, so that no test waits.

use std::collections::BTreeMap;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use aws_sdk_dynamodb::config::{AsyncSleep, Sleep};

/// The SDK and the adapters wait by it.
#[derive(Debug, Clone, Default)]
pub(super) struct Clock(Arc<Mutex<Time>>);

#[derive(Debug, Default)]
struct Time {
    now: Duration,
    /// Those who wait, by their moment and in the order in which they began.
    sleepers: BTreeMap<(Duration, u64), Waker>,
    begun: u64,
}

impl Clock {
    /// How much time has passed.
    pub(super) fn now(&self) -> Duration {
        self.0.lock().expect("the time").now
    }

    /// Runs a future to its end; whenever it waits, the clock is moved to the next moment that it waits for.
    pub(super) fn run<T>(&self, future: impl Future<Output = T>) -> T {
        let mut future = pin!(future);
        loop {
            if let Poll::Ready(result) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
                return result;
            }
            let next = self.0.lock().expect("the time").sleepers.pop_first();
            let ((moment, _), waker) = next.expect("the future waits for time alone");
            self.0.lock().expect("the time").now = moment;
            waker.wake();
        }
    }
}

impl AsyncSleep for Clock {
    fn sleep(&self, duration: Duration) -> Sleep {
        let mut time = self.0.lock().expect("the time");
        time.begun += 1;
        let moment = (time.now + duration, time.begun);
        Sleep::new(Sleeper { clock: self.clone(), moment })
    }
}

/// Somebody who waits for a moment.
struct Sleeper {
    clock: Clock,
    moment: (Duration, u64),
}

impl Future for Sleeper {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut time = self.clock.0.lock().expect("the time");
        if time.now >= self.moment.0 {
            return Poll::Ready(());
        }
        time.sleepers.insert(self.moment, context.waker().clone());
        Poll::Pending
    }
}

impl Drop for Sleeper {
    fn drop(&mut self) {
        self.clock.0.lock().expect("the time").sleepers.remove(&self.moment);
    }
}
