use saga::{CommandOf, Patience, Saga, saga};
use testkit::shop::v1::SalePlaced;
use testkit::till::v1::RefundCard;
use testkit::warehouse::v1::{PackGoods, ReleaseGoods};
use time::Duration;
use wire::Payload;

use super::*;

struct Data;

impl From<SalePlaced> for Data {
    fn from(_: SalePlaced) -> Self {
        Self
    }
}

macro_rules! worded {
    ($($command:ty),*) => {
        $(impl CommandOf<Data> for $command {
            fn of(_: &Data) -> Self {
                Self::default()
            }
        })*
    };
}

worded!(ReleaseGoods, PackGoods, RefundCard);

fn version_1() -> Saga<Data, Payload> {
    let steps = saga::<Data, Payload>("test", 1).undone_by::<ReleaseGoods>().pivot::<PackGoods>();
    steps.retriable::<RefundCard>().build()
}

/// Goes the other way round, so that whoever mistakes it for version 1 sends the wrong command.
fn version_2() -> Saga<Data, Payload> {
    let steps = saga::<Data, Payload>("test", 2).undone_by::<ReleaseGoods>().pivot::<RefundCard>();
    steps.retriable::<PackGoods>().build()
}

fn orchestrator() -> Orchestrator {
    Orchestrator::new("orchestrate-saga", Registry::default().with::<SalePlaced, Data>(version_1()), "saga")
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

/// A message that went astray has to be seen by a person, also when its saga has ended meanwhile.
#[test]
fn what_cannot_be_read_is_set_aside_although_the_saga_is_over() {
    let (mut over, _) = after(None, &message("", SalePlaced::default()), 0);
    over.state.position = saga::Position::Completed;
    let stray = serde_json::json!({"@type": "type.googleapis.com/shop.v9.Burnt"});
    let stray = message("pack-goods", Payload::from_json(stray).expect("a payload"));
    let late = message("pack-goods", CommandSucceeded::default());
    let decide = |message: &Envelope| {
        let context = Context { now: OffsetDateTime::UNIX_EPOCH, next_version: 2, message };
        orchestrator().decide(Some(&over), &context)
    };
    let Err(Failure::SetAside(reason)) = decide(&stray) else { panic!("not set aside") };
    assert_eq!(&reason, "expected a payload of type message.v1.CommandRefused, found shop.v9.Burnt");
    assert_eq!(decide(&late), Ok(Verdict::Send(Vec::new())));
}

#[test]
fn a_reply_after_a_long_silence_wakes_the_watchdog_for_the_next_step() {
    let (mut instance, _) = after(None, &message("", SalePlaced::default()), 0);
    let mut second = 10;
    for _ in 0..7 {
        let bark = DeadlinePassed { watchdog: instance.watchdog, ..Default::default() };
        let (next, delay) = after(Some(&instance), &message("-", bark), second);
        second += i64::from(delay.expect("a watchdog"));
        instance = next;
    }
    let reply = message("pack-goods", CommandSucceeded::default());
    let (next, delay) = after(Some(&instance), &reply, second - 800);
    assert_eq!((delay, next.watchdog), (Some(10), instance.watchdog + 1), "the arming before no longer counts");
    // In the usual case the watchdog wakes early enough, and no message is spent.
    let (instance, _) = after(None, &message("", SalePlaced::default()), 0);
    let (next, delay) = after(Some(&instance), &reply, 1);
    assert_eq!((delay, next.watchdog), (None, instance.watchdog));
}

/// SQS delays no message by more than 15 minutes; the watchdog is then armed for the rest.
#[test]
fn a_watchdog_sleeps_for_at_most_fifteen_minutes() {
    for (first, delay) in [(899, 899), (900, 900), (901, 900), (10_000_000_000, 900)] {
        let first = std::time::Duration::from_secs(first);
        let patience = Patience { first, longest: first, repeats: 0 };
        let saga = saga::<Data, Payload>("test", 1).patience(patience).undone_by::<ReleaseGoods>();
        let saga = saga.pivot::<PackGoods>().build();
        let orchestrator =
            Orchestrator::new("orchestrate-saga", Registry::default().with::<SalePlaced, Data>(saga), "saga");
        let message = message("", SalePlaced::default());
        let context = Context { now: OffsetDateTime::UNIX_EPOCH, next_version: 1, message: &message };
        let Ok(Verdict::Save(decision)) = orchestrator.decide(None, &context) else { panic!("not saved") };
        let [_, Outgoing::Message { to: Address::Myself, delay_seconds, .. }] = decision.sent.as_slice() else {
            panic!("no watchdog: {:?}", decision.sent)
        };
        assert_eq!(*delay_seconds, delay, "{first:?}");
        assert_eq!(decision.state.deadline, OffsetDateTime::UNIX_EPOCH + first);
    }
}

/// A starting event is named by its own identity, even if it says whose message it is.
#[test]
fn an_item_is_named_by_the_event_that_starts_it_or_by_the_saga_that_a_message_belongs_to() {
    let key = |message: &Envelope| orchestrator().key(message).expect("a key");
    let (event, saga) = (ids::saga(Uuid::from_u128(2)).to_string(), Uuid::from_u128(1).to_string());
    assert_eq!(key(&message("", SalePlaced::default())), event);
    assert_eq!(key(&message("a-step", SalePlaced::default())), event);
    assert_eq!(key(&message("a-step", CommandSucceeded::default())), saga);
    assert_eq!(key(&message("-", DeadlinePassed::default())), saga);
}

fn decide(orchestrator: &Orchestrator, state: Option<&SagaInstance>, message: &Envelope) -> Result<Sent, Failure> {
    let context = Context { now: OffsetDateTime::UNIX_EPOCH + Duration::seconds(60), next_version: 2, message };
    let Verdict::Save(decision) = orchestrator.decide(state, &context)? else { panic!("not saved") };
    let command = decision.sent.iter().find_map(|sent| match sent {
        Outgoing::Message { to: Address::Handler(handler), .. } => Some(handler.clone()),
        _ => None,
    });
    Ok((decision.state, command))
}

/// The next state and the handler of the command that is sent.
type Sent = (SagaInstance, Option<String>);

/// An instance that waits for its first reply.
fn running() -> SagaInstance {
    after(None, &message("", SalePlaced::default()), 0).0
}

/// What may come to it.
fn reply_and_watchdog(instance: &SagaInstance) -> [Envelope; 2] {
    let bark = DeadlinePassed { watchdog: instance.watchdog, ..Default::default() };
    [message("pack-goods", CommandSucceeded::default()), message("-", bark)]
}

/// What is set aside raises the template's SagaDeadLetterAlarm, so a deployment that forgot a version is noticed.
#[test]
fn an_instance_of_another_definition_is_set_aside_and_never_misread() {
    let unknown = SagaInstance { definition_version: 7, ..running() };
    let edited = SagaInstance { fingerprint: Some(Uuid::from_u128(7)), ..running() };
    for (instance, why) in [(unknown, "no saga test of version 7 is known"), (edited, "started with the definition")] {
        for message in reply_and_watchdog(&instance) {
            let refused = decide(&orchestrator(), Some(&instance), &message);
            assert!(matches!(&refused, Err(Failure::SetAside(reason)) if reason.contains(why)), "{refused:?}");
        }
    }
}

#[test]
fn an_instance_goes_on_with_the_version_it_started_with() {
    let registry = Registry::default().with::<SalePlaced, Data>(version_1()).with::<SalePlaced, Data>(version_2());
    let both = Orchestrator::new("orchestrate-saga", registry, "saga");
    let instance = running();
    let [reply, watchdog] = reply_and_watchdog(&instance);
    let (next, command) = decide(&both, Some(&instance), &reply).expect("a decision");
    assert_eq!((next.definition_version, command.as_deref()), (1, Some("refund-card")));
    let (next, command) = decide(&both, Some(&instance), &watchdog).expect("a decision");
    assert_eq!((next.definition_version, command.as_deref()), (1, Some("pack-goods")));
    let (new, command) = decide(&both, None, &message("", SalePlaced::default())).expect("a decision");
    assert_eq!(
        (new.definition_version, command.as_deref()),
        (2, Some("refund-card")),
        "new ones start with the latest"
    );
}
