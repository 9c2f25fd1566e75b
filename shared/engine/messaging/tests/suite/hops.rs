//! What a participant's messages say about where they come from.

use messaging::{Address, Context, Envelope, Failure, Key, Loop, Participant, Receiver, Reply, Step, deliver, ids};
use saga::Refusal;
use testkit::builders::{RETURN_ADDRESS, at, id};
use testkit::warehouse::v1::ReserveGoods;
use testkit::{MemoryOutbound, MemoryStore, Operation, Sent};

use testkit::tally::{Count, Shop, Tally, reserve_goods};

const TRACE: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

fn traced(message: Envelope) -> Envelope {
    Envelope { trace_parent: TRACE.to_owned(), ..message }
}

fn must_follow_from(cause: &Envelope, source: &str, now: time::OffsetDateTime, sent: &[Sent]) {
    for Sent { message, .. } in sent {
        assert_eq!(message.source, source, "{message:?}");
        assert_eq!(message.causation_id, Some(cause.message_id), "{message:?}");
        assert_eq!(message.trace_parent, cause.trace_parent, "{message:?}");
        assert_eq!(message.occurred_at, now, "{message:?}");
    }
}

#[tokio::test]
async fn a_steps_reply_and_events_follow_from_its_command_in_whatever_loop() {
    let shop = Shop::of(Tally { publishes: true, ..Tally::default() });
    let command = traced(reserve_goods(7));
    let (handler, store) = (Participant(shop.tally.clone()), shop.store());
    let receiver = Loop { handler, store: &store, outbound: &shop.outbound };
    receiver.receive(&command, at(5)).await.expect("a delivery");
    let sent = shop.outbound.take_sent();
    must_follow_from(&command, "reserve-goods", at(5), &sent);
    assert_eq!((sent.len(), &sent[0].to), (1, &Address::Queue(RETURN_ADDRESS.to_owned())));
    assert_eq!((sent[0].message.message_id, &sent[0].message.correlation), (ids::reply(id(7)), &command.correlation));
    let outbox = store.peek("sale-1").expect("an item").outbox;
    let events: Vec<Envelope> = outbox.iter().map(|entry| Envelope::parse(&entry.body).expect("an event")).collect();
    for event in &events {
        assert_eq!((event.source.as_str(), event.causation_id), ("reserve-goods", Some(id(7))));
        assert_eq!((event.trace_parent.as_str(), event.occurred_at), (TRACE, at(5)));
        assert_eq!(event.correlation, None, "an event is nobody's reply");
    }
    assert_eq!(events.len(), 2);
    shop.database.faults().fail(Operation::Load, 1);
    let failed = receiver.receive(&command, at(5)).await;
    assert_eq!(failed, Err(Failure::retry("loading failed: injected")), "what fails is not acknowledged");
    // A repeat is answered under its own trace.
    let again = Envelope { trace_parent: "00-1-2-01".to_owned(), ..reserve_goods(7) };
    receiver.receive(&again, at(9)).await.expect("a delivery");
    must_follow_from(&again, "reserve-goods", at(9), &shop.outbound.take_sent());
}

/// Notes what a decision may know beside state and command.
struct Witness;

impl Step for Witness {
    type Command = ReserveGoods;
    type Aggregate = Count;

    fn key(&self, command: &ReserveGoods) -> Result<Key, Failure> {
        Ok(command.sale_id.clone())
    }

    fn decide(
        &self,
        state: Option<&Count>,
        command: &ReserveGoods,
        context: &Context<'_>,
    ) -> Result<Reply<Count, Refusal>, Failure> {
        let seen = format!(
            "{} in version {} after {:?} for {:?} at {}",
            command.sale_id,
            context.next_version,
            state.map(|count| count.handled),
            context.sender(),
            (context.now - at(0)).whole_seconds()
        );
        Ok(Reply::save(Count { handled: state.map_or(1, |count| count.handled + 1), refused: seen }, Ok(())))
    }
}

#[tokio::test]
async fn a_decision_knows_the_state_the_version_the_sender_and_the_time() {
    let (store, outbound) = (MemoryStore::default(), MemoryOutbound::default());
    for (number, seen) in
        [(1_i32, "version 1 after None"), (2, "version 2 after Some(1)"), (3, "version 3 after Some(2)")]
    {
        let now = at(i64::from(number));
        let message = reserve_goods(u128::from(number.unsigned_abs()));
        deliver(&Participant(Witness), &store, &outbound, &message, now).await.expect("a delivery");
        let count: Count = store.peek("sale-1").expect("an item").aggregate().expect("a count");
        assert_eq!(count.refused, format!("sale-1 in {seen} for Some({}) at {number}", id(1)));
    }
    let stray = testkit::builders::event(7, ReserveGoods::default());
    assert_eq!(Context { now: at(0), next_version: 1, message: &stray }.sender(), None, "nobody sent it");
}
