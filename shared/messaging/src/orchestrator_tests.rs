use contracts::billing::v1::CancelCard;
use contracts::kitchen::v1::{ApproveTicket, RejectTicket};
use contracts::order::v1::OrderCreated;
use contracts::{Payload, Refusal};
use saga::{CommandOf, saga};

use super::*;

struct Data;

impl From<OrderCreated> for Data {
    fn from(_: OrderCreated) -> Self {
        Self
    }
}

macro_rules! worded {
    ($($command:ty),*) => {
        $(impl CommandOf<Data> for $command {
            fn of(_: &Data, _: Option<&Refusal>) -> Self {
                Self::default()
            }
        })*
    };
}

worded!(RejectTicket, ApproveTicket, CancelCard);

fn orchestrator() -> Orchestrator {
    let steps = saga::<Data, Payload>("test", 1).undone_by::<RejectTicket>().pivot::<ApproveTicket>();
    let saga = steps.retriable::<CancelCard>().build();
    Orchestrator::new(Registry::default().with::<OrderCreated, Data>(saga), "saga")
}

fn message(step: &str, payload: impl Into<Payload>) -> Envelope {
    let correlation = |step: &str| Correlation {
        saga_id: Uuid::from_u128(1),
        step: step.to_owned(),
        reply_to: "saga".to_owned(),
        reply_token: String::new(),
    };
    Envelope {
        message_id: Uuid::from_u128(2),
        source: "test".to_owned(),
        causation_id: None,
        correlation: Some(correlation(step)).filter(|_| !step.is_empty()),
        occurred_at: OffsetDateTime::UNIX_EPOCH,
        trace_parent: String::new(),
        payload: payload.into(),
    }
}

/// The instance after this message, and the delay of the watchdog that was armed.
fn after(state: Option<&SagaInstance>, message: &Envelope, second: i64) -> (SagaInstance, Option<u32>) {
    let context = Context { now: OffsetDateTime::UNIX_EPOCH + Duration::seconds(second), next_version: 1, message };
    let Ok(Verdict::Save(decision)) = orchestrator().decide(state, &context) else { panic!("not saved") };
    let delay = decision.sent.iter().find_map(|sent| match sent {
        Outgoing::Message { to: Address::Myself, delay_seconds, .. } => Some(*delay_seconds),
        _ => None,
    });
    (decision.state, delay)
}

#[test]
fn a_reply_after_a_long_silence_wakes_the_watchdog_for_the_next_step() {
    let (mut instance, _) = after(None, &message("", OrderCreated::default()), 0);
    let mut second = 10;
    for _ in 0..7 {
        let bark = DeadlinePassed { watchdog: instance.watchdog, ..Default::default() };
        let (next, delay) = after(Some(&instance), &message("-", bark), second);
        second += i64::from(delay.expect("a watchdog"));
        instance = next;
    }
    let reply = message("approve-ticket", CommandSucceeded::default());
    let (next, delay) = after(Some(&instance), &reply, second - 800);
    assert_eq!((delay, next.watchdog), (Some(10), instance.watchdog + 1), "the arming before no longer counts");
    // In the usual case the watchdog wakes early enough, and no message is spent.
    let (instance, _) = after(None, &message("", OrderCreated::default()), 0);
    let (next, delay) = after(Some(&instance), &reply, 1);
    assert_eq!((delay, next.watchdog), (None, instance.watchdog));
}
