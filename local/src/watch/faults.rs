//! The calls that a test holds back or lets fail. A fault ends at the latest when the test drops what it was given for it, so
//! that a failed test leaves nothing behind for the next.

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

/// Calls that fail before they reach the emulator: as many as were asked for, and no more of them once this is dropped.
#[derive(Debug)]
pub struct Outage {
    function: String,
    action: String,
    /// How many are still to come.
    left: AtomicUsize,
}

#[derive(Debug)]
struct Trap {
    function: String,
    action: String,
    moment: Moment,
    caught: oneshot::Sender<Held>,
}

/// When a call is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moment {
    /// Before it reaches the emulator.
    Call,
    /// Before its answer reaches the caller.
    Answer,
}

/// A call that waits before it reaches the emulator, or its answer, before that reaches the caller; dropped unreleased, it
/// never does and the caller gets an error.
#[derive(Debug)]
pub struct Held {
    /// The call's body.
    pub body: Bytes,
    release: oneshot::Sender<()>,
}

impl Held {
    /// Lets the call go on.
    pub fn release(self) {
        // The caller may have died while it waited; then nobody is there to go on.
        let _ = self.release.send(());
    }
}

impl Faults {
    /// Holds the next such call for whoever has the receiver.
    pub(super) fn hold(&mut self, function: &str, action: &str, moment: Moment) -> oneshot::Receiver<Held> {
        let (caught, receiver) = oneshot::channel();
        self.traps.push(Trap { function: function.to_owned(), action: action.to_owned(), moment, caught });
        receiver
    }

    /// Lets the next `times` such calls fail, while the outage is kept.
    pub(super) fn fail(&mut self, function: &str, action: &str, times: usize) -> Arc<Outage> {
        let outage = Outage { function: function.to_owned(), action: action.to_owned(), left: AtomicUsize::new(times) };
        let outage = Arc::new(outage);
        self.outages.push(Arc::downgrade(&outage));
        outage
    }

    /// Whether the call fails by an outage, which then has a call less to come.
    pub(super) fn refuses(&mut self, call: &Call) -> bool {
        self.outages.retain(|outage| outage.strong_count() > 0);
        self.outages.iter().filter_map(Weak::upgrade).any(|outage| outage.takes(call))
    }

    /// Hands the call to whoever wants to hold it; gives what its release comes by, and nothing when nobody holds it.
    pub(super) fn catch(&mut self, moment: Moment, call: &Call, body: &Bytes) -> Option<oneshot::Receiver<()>> {
        // A trap that nobody waits at any more must not catch what the next test's is for.
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
