//! Faults on purpose, at a chosen operation.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard};

/// What the ports do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// Reading an item.
    Load,
    /// Writing an item.
    Save,
    /// Sending a message.
    Send,
    /// Publishing an event.
    Publish,
    /// Setting a message aside.
    SetAside,
    /// Any operation.
    Any,
}

/// The faults to come. Clones share them, so one plan can span stores and messages.
#[derive(Clone, Default)]
pub struct Faults(Arc<Mutex<Plan>>);

#[derive(Default)]
struct Plan {
    seen: Vec<Operation>,
    faults: Vec<Fault>,
}

struct Fault {
    at: Operation,
    /// How many operations of this kind are still to come, the faulty operation included.
    countdown: usize,
    effect: Effect,
}

enum Effect {
    Fail,
    Crash,
    Conflict,
    Run(Box<dyn FnOnce() -> Interlude + Send>),
}

type Interlude = Pin<Box<dyn Future<Output = ()> + Send>>;

/// What an adapter does to the operation that it is about to carry out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Injected {
    /// It does not happen, and fails transiently.
    pub(crate) fail: bool,
    /// It does not happen, because another write came first.
    pub(crate) conflict: bool,
    /// It happens, and then fails transiently: the process died before it could go on.
    pub(crate) crash: bool,
}

impl Faults {
    /// The operation number `nth` from now, counted from 1, does not happen and fails transiently.
    pub fn fail(&self, operation: Operation, nth: usize) {
        self.add(operation, nth, Effect::Fail);
    }

    /// The operation number `nth` from now happens, but its caller is told that it failed transiently.
    pub fn crash_after(&self, operation: Operation, nth: usize) {
        self.add(operation, nth, Effect::Crash);
    }

    /// The save number `nth` from now finds that another write came first.
    pub fn conflict(&self, nth: usize) {
        self.add(Operation::Save, nth, Effect::Conflict);
    }

    /// Right before the operation number `nth` from now, this runs to its end.
    pub fn before<F>(&self, operation: Operation, nth: usize, interlude: impl FnOnce() -> F + Send + 'static)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        self.add(operation, nth, Effect::Run(Box::new(|| Box::pin(interlude()))));
    }

    /// How many operations there were, of whatever kind.
    pub fn seen(&self) -> usize {
        self.plan().seen.len()
    }

    /// How many operations of this kind there were.
    pub fn seen_of(&self, operation: Operation) -> usize {
        self.plan().seen.iter().filter(|seen| **seen == operation).count()
    }

    /// Whether every planned fault has happened.
    pub fn are_over(&self) -> bool {
        self.plan().faults.is_empty()
    }

    fn add(&self, at: Operation, nth: usize, effect: Effect) {
        assert!(nth > 0, "operations are counted from 1");
        self.plan().faults.push(Fault { at, countdown: nth, effect });
    }

    /// Called by an adapter before it carries `operation` out.
    pub(crate) async fn enter(&self, operation: Operation) -> Injected {
        let due = self.plan().due(operation);
        let mut injected = Injected::default();
        for effect in due {
            match effect {
                Effect::Fail => injected.fail = true,
                Effect::Crash => injected.crash = true,
                Effect::Conflict => injected.conflict = true,
                Effect::Run(interlude) => interlude().await,
            }
        }
        injected
    }

    fn plan(&self) -> MutexGuard<'_, Plan> {
        self.0.lock().expect("no test panics while it plans")
    }
}

impl Plan {
    fn due(&mut self, operation: Operation) -> Vec<Effect> {
        self.seen.push(operation);
        for fault in &mut self.faults {
            if fault.at == operation || fault.at == Operation::Any {
                fault.countdown -= 1;
            }
        }
        self.faults.extract_if(.., |fault| fault.countdown == 0).map(|fault| fault.effect).collect()
    }
}

impl fmt::Debug for Faults {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plan = self.plan();
        formatter.debug_struct("Faults").field("seen", &plan.seen.len()).field("to_come", &plan.faults.len()).finish()
    }
}
