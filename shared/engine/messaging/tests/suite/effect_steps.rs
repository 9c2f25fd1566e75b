//! A step with an effect, as the loop runs it.

use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use messaging::{
    Conclusion, Context, EffectParticipant, EffectReply, EffectStep, Failure, Handler, Key, OutboxEntry, deliver,
};
use saga::Refusal;
use testkit::builders::{at, payloads, refused, succeeded};
use testkit::warehouse::v1::ReserveGoods;
use testkit::{MemoryOutbound, MemoryStore};
use wire::Payload;

use testkit::tally::{Count, reserve_goods, taking};

/// Bakes what a command asks for; a command that asks for nothing needs no effect.
#[derive(Default)]
struct Oven {
    baked: AtomicUsize,
    reverses: bool,
}

/// How the events of the two ways to save are told apart.
fn event(handled: u32) -> Payload {
    wire::saga::v1::DeadlinePassed { watchdog: handled, ..Default::default() }.into()
}

fn conclusion(handled: u32) -> Conclusion<Count, Refusal> {
    let answer = if handled == 0 { Err(Refusal::new("NOTHING", "to bake")) } else { Ok(()) };
    let state = Count { handled, refused: String::new() };
    Conclusion { events: vec![event(handled)], ..Conclusion::save(state, answer) }
}

#[async_trait]
impl EffectStep for Oven {
    type Command = ReserveGoods;
    type Aggregate = Count;
    type Effect = u32;
    type Outcome = u32;

    fn key(&self, command: &ReserveGoods) -> Result<Key, Failure> {
        Ok(command.sale_id.clone())
    }

    fn reverses(&self) -> bool {
        self.reverses
    }

    fn decide(
        &self,
        state: Option<&Count>,
        command: &ReserveGoods,
        _context: &Context<'_>,
    ) -> Result<EffectReply<Count, Refusal, u32>, Failure> {
        Ok(match (state, command.goods.len()) {
            (Some(_), _) => EffectReply::Already(Err(Refusal::new("LATE", ""))),
            (None, 0) => EffectReply::Save(conclusion(0)),
            (None, _) => EffectReply::Perform(7),
        })
    }

    async fn perform(&self, effect: &u32) -> Result<u32, Failure> {
        self.baked.fetch_add(1, Ordering::Relaxed);
        Ok(*effect)
    }

    fn conclude(
        &self,
        _state: Option<&Count>,
        outcome: u32,
        _context: &Context<'_>,
    ) -> Result<Conclusion<Count, Refusal>, Failure> {
        Ok(conclusion(outcome))
    }
}

#[tokio::test]
async fn an_effect_step_saves_and_answers_with_or_without_its_effect() {
    let cases =
        [(reserve_goods(7), 0, 0, refused("NOTHING", "to bake")), (taking(7, &[("pizza", 1)]), 1, 7, succeeded())];
    for (message, baked, handled, answer) in cases {
        let (store, outbound) = (MemoryStore::default(), MemoryOutbound::default());
        let step = EffectParticipant(Oven::default());
        // Another command finds the item.
        for message in [&message, &message, &reserve_goods(8)] {
            assert_eq!(deliver(&step, &store, &outbound, message, at(0)).await, Ok(()));
        }
        let record = store.peek("sale-1").expect("an item");
        assert_eq!(record.aggregate(), Ok(Count { handled, refused: String::new() }));
        let published = |entry: &OutboxEntry| messaging::Envelope::parse(&entry.body).expect("an event");
        let published: Vec<_> = record.outbox.iter().map(published).collect();
        let [published] = published.as_slice() else { panic!("not one event: {published:?}") };
        assert_eq!((published.source.as_str(), &published.payload), (step.source(), &event(handled)));
        assert_eq!(payloads(&outbound.sent()), [answer.clone(), answer, refused("LATE", "")]);
        assert_eq!((step.0.baked.load(Ordering::Relaxed), record.version), (baked, 1));
    }
}

#[test]
fn an_effect_step_says_for_its_handler_whether_it_reverses() {
    for reverses in [false, true] {
        assert_eq!(EffectParticipant(Oven { reverses, ..Oven::default() }).reverses(), reverses);
    }
    assert_eq!(EffectParticipant(Oven::default()).source(), "reserve-goods");
}
