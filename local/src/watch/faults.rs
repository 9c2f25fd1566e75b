//! The calls that a test holds back or lets fail. A fault ends when the test drops its handle at the latest, so a failed test
//! leaves no fault behind for the next test.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Weak};

use bytes::Bytes;
use tokio::sync::oneshot;

use super::call::Call;

/// The faults that are still to come.
#[derive(Debug, Default)]
pub(super) struct Faults {
    traps: Vec<Trap>,
    outages: Vec<Weak<Outage>>,
}

/// A number of calls that fail before they reach the emulator. Dropping it ends the outage early.
#[derive(Debug)]
pub struct Outage {
    function: String,
    action: String,
    /// The number of calls that are still to fail.
    left: AtomicUsize,
}

#[derive(Debug)]
struct Trap {
    function: String,
    action: String,
    moment: Moment,
    caught: oneshot::Sender<Held>,
}

/// The moment at which a call is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moment {
    /// Before it reaches the emulator.
    Call,
    /// Before its answer reaches the caller.
    Answer,
}

/// A call that waits before it reaches the emulator, or whose answer waits before it reaches the caller. Dropped without a
/// release, the call or answer is lost and the caller gets an error.
#[derive(Debug)]
pub struct Held {
    /// The call's body.
    pub body: Bytes,
    release: oneshot::Sender<()>,
}

impl Held {
    /// Lets the call go on.
    pub fn release(self) {
        // The caller may have died while it waited.
        let _ = self.release.send(());
    }
}

impl Faults {
    /// Holds the next call of `action` by `function` and sends it to the receiver.
    pub(super) fn hold(&mut self, function: &str, action: &str, moment: Moment) -> oneshot::Receiver<Held> {
        let (caught, receiver) = oneshot::channel();
        self.traps.push(Trap { function: function.to_owned(), action: action.to_owned(), moment, caught });
        receiver
    }

    /// Lets the next `times` calls of `action` by `function` fail while the outage is kept.
    pub(super) fn fail(&mut self, function: &str, action: &str, times: usize) -> Arc<Outage> {
        let outage = Outage { function: function.to_owned(), action: action.to_owned(), left: AtomicUsize::new(times) };
        let outage = Arc::new(outage);
        self.outages.push(Arc::downgrade(&outage));
        outage
    }

    /// Whether an outage fails the call; the outage counts it.
    pub(super) fn refuses(&mut self, call: &Call) -> bool {
        self.outages.retain(|outage| outage.strong_count() > 0);
        self.outages.iter().filter_map(Weak::upgrade).any(|outage| outage.takes(call))
    }

    /// Hands the call to the test that wants to hold it, and returns the channel of its release; `None` when no test wants to.
    pub(super) fn catch(&mut self, moment: Moment, call: &Call, body: &Bytes) -> Option<oneshot::Receiver<()>> {
        // A trap whose test has gone must not catch the call that the next test waits for.
        self.traps.retain(|trap| !trap.caught.is_closed());
        let catches =
            |trap: &Trap| trap.moment == moment && trap.function == call.function && trap.action == call.action;
        let trap = self.traps.swap_remove(self.traps.iter().position(catches)?);
        let (release, released) = oneshot::channel();
        trap.caught.send(Held { body: body.clone(), release }).is_ok().then_some(released)
    }
}

impl Outage {
    fn takes(&self, call: &Call) -> bool {
        let less = |left: usize| left.checked_sub(1);
        self.function == call.function
            && self.action == call.action
            && self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less).is_ok()
    }
}
