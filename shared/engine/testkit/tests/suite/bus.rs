//! Whole sagas on the bus: duplicates, reordering, delays and crashes change nothing about the outcome.

use std::time::Duration;

use messaging::{Answer, Context, Failure, Key, Participant, Record, Reply, Step, Store, Write};
use orchestration::SagaInstance;
use saga::Position;
use saga::{Command, Refusal};
use testkit::builders::{at, record};
use testkit::shop::v1::{CancelSale, CompleteSale};
use testkit::till::v1::{ChargeCard, RefundCard};
use testkit::warehouse::v1::{PackGoods, ReleaseGoods, ReserveGoods};
use testkit::{Bus, Delivery, Faults, MemoryDatabase, Operation, Schedule, Worker};
use wire::WireMessage;

use testkit::lane::{orchestrator, saga_id, sale_placed};
use testkit::tally::Count;

/// Counts the messages it handles, and answers always the same.
struct Stub<C: Command> {
    sale_id: fn(&C) -> &str,
    answer: fn() -> Answer<C::Refusal>,
}

impl<C> Step for Stub<C>
where
    C: Command + WireMessage + Send + Sync,
{
    type Command = C;
    type Aggregate = Count;

    fn key(&self, command: &C) -> Result<Key, Failure> {
        Ok(format!("{}/{}", C::HANDLER, (self.sale_id)(command)))
    }

    fn decide(
        &self,
        state: Option<&Count>,
        _command: &C,
        _context: &Context<'_>,
    ) -> Result<Reply<Count, C::Refusal>, Failure> {
        let handled = state.map_or(0, |count| count.handled) + 1;
        Ok(Reply::save(Count { handled, refused: String::new() }, (self.answer)()))
    }
}

struct World {
    bus: Bus,
    database: MemoryDatabase,
}

impl World {
    fn new(schedule: Schedule, faults: &Faults) -> Self {
        let database = MemoryDatabase::with_faults(faults.clone());
        let mut world = Self { bus: Bus::with_faults(schedule, faults.clone()), database };
        world.add::<ReserveGoods>(|command| &command.sale_id, || Ok(()));
        world.add::<ReleaseGoods>(|command| &command.sale_id, || Ok(()));
        world.add::<ChargeCard>(|command| &command.sale_id, || Ok(()));
        world.add::<RefundCard>(|command| &command.sale_id, || Ok(()));
        world.add::<PackGoods>(|command| &command.sale_id, || Ok(()));
        world.add::<CompleteSale>(|command| &command.sale_id, || Ok(()));
        world.add::<CancelSale>(|command| &command.sale_id, || Ok(()));
        world.bus.register("saga", Worker::new(orchestrator(), world.database.table("sagas")));
        world.bus.subscribe("shop.v1.SalePlaced", "saga");
        world.bus.relay("stream", &world.database.table("sales"));
        world
    }

    fn add<C>(&mut self, sale_id: fn(&C) -> &str, answer: fn() -> Answer<C::Refusal>)
    where
        C: Command<Refusal: Into<Refusal>> + WireMessage + Send + Sync + 'static,
    {
        let worker = Worker::new(Participant(Stub { sale_id, answer }), self.database.table("effects"));
        self.bus.register(C::HANDLER, worker);
    }

    /// Writes the sale, as an API function does: its event is in the outbox.
    async fn place_sale(&self) {
        let entry = messaging::OutboxEntry::of(&sale_placed()).expect("an entry");
        let sale = Record { outbox: vec![entry], ..record("sale-1", 1) };
        while self.database.table("sales").save(&Write::of(sale.clone())).await.is_err() {
            if self.database.table("sales").peek("sale-1").is_some() {
                return;
            }
        }
    }

    fn position(&self) -> Position {
        let record = self.database.table("sagas").peek(&saga_id().to_string()).expect("a saga");
        record.aggregate::<SagaInstance>().expect("an instance").state.position
    }

    fn handled(&self, handler: &str) -> u32 {
        let record = self.database.table("effects").peek(&format!("{handler}/sale-1"));
        record.map_or(0, |record| record.aggregate::<Count>().expect("a count").handled)
    }

    fn must_have_completed(&self, what: &str) {
        assert_eq!(self.position(), Position::Completed, "{what}");
        for handler in ["reserve-goods", "charge-card", "pack-goods", "complete-sale"] {
            assert_eq!(self.handled(handler), 1, "{what}: {handler}");
        }
        for handler in ["release-goods", "refund-card", "cancel-sale"] {
            assert_eq!(self.handled(handler), 0, "{what}: {handler}");
        }
        assert_eq!(self.bus.dead_letters(), [], "{what}");
    }
}

fn wild(seed: u64) -> Schedule {
    Schedule::shuffled(seed).duplicating(30).delaying(30, Duration::from_secs(15)).at_once(3)
}

#[tokio::test]
async fn a_saga_runs_from_the_outbox_to_its_end() {
    let mut world = World::new(Schedule::in_order(), &Faults::default());
    world.place_sale().await;
    world.bus.run().await;
    world.must_have_completed("in order");
    assert_eq!(world.bus.history().first().map(|first| first.queue.as_str()), Some("stream"), "the write is relayed");
    assert_eq!(world.bus.deliveries("saga", "message.v1.CommandSucceeded"), 4);
    assert_eq!(world.bus.deliveries("saga", "saga.v1.DeadlinePassed"), 1, "the watchdog rests after the end");
    assert_eq!(world.bus.now(), at(10), "when it barked");
}

#[tokio::test]
async fn duplicates_delays_and_reordering_change_nothing() {
    for seed in 0..60 {
        let mut world = World::new(wild(seed), &Faults::default());
        world.place_sale().await;
        world.bus.run().await;
        world.must_have_completed(&format!("seed {seed}"));
    }
}

#[tokio::test]
async fn a_failure_or_a_crash_at_any_operation_is_healed() {
    let faults = Faults::default();
    let mut world = World::new(Schedule::in_order(), &faults);
    world.place_sale().await;
    world.bus.run().await;
    let operations = faults.seen();
    assert!(operations > 25, "{operations}");
    for nth in 1..=operations {
        for crashes in [false, true] {
            let faults = Faults::default();
            match crashes {
                true => faults.crash_after(Operation::Any, nth),
                false => faults.fail(Operation::Any, nth),
            }
            let mut world = World::new(Schedule::in_order(), &faults);
            world.place_sale().await;
            world.bus.run().await;
            assert!(faults.are_over());
            world.must_have_completed(&format!("operation {nth}, crash: {crashes}"));
        }
    }
}

#[tokio::test]
async fn a_participant_that_is_away_for_long_is_compensated_for() {
    let mut world = World::new(Schedule::in_order(), &Faults::default());
    world.bus.pause("charge-card");
    world.place_sale().await;
    world.bus.run_until(at(300)).await;
    assert_eq!((world.position(), world.bus.now()), (Position::Compensated, at(300)));
    assert_eq!(["refund-card", "release-goods", "cancel-sale"].map(|handler| world.handled(handler)), [1, 1, 1]);
    world.bus.resume("charge-card");
    world.bus.run().await;
    assert_eq!(world.handled("charge-card"), 1, "four sendings of one command");
    assert_eq!(world.bus.deliveries("charge-card", "till.v1.ChargeCard"), 4);
    assert_eq!(world.position(), Position::Compensated, "its answers come too late");
}

#[tokio::test]
async fn a_participant_that_is_away_for_a_moment_is_waited_for() {
    let mut world = World::new(Schedule::in_order(), &Faults::default());
    world.bus.pause("reserve-goods");
    world.place_sale().await;
    world.bus.run_until(at(35)).await;
    assert_eq!(world.position(), Position::Doing(0));
    world.bus.resume("reserve-goods");
    world.bus.run().await;
    world.must_have_completed("after a moment");
}

#[tokio::test]
async fn the_same_schedule_delivers_the_same_way() {
    let mut histories: Vec<Vec<Delivery>> = Vec::new();
    for seed in [7, 7, 8] {
        let mut world = World::new(wild(seed), &Faults::default());
        world.place_sale().await;
        world.bus.run().await;
        histories.push(world.bus.history().to_vec());
    }
    assert_eq!(histories[0], histories[1]);
    assert_ne!(histories[0], histories[2]);
    let identities = |history: &[Delivery]| history.iter().filter_map(|one| one.message.clone()).collect::<Vec<_>>();
    let mut distinct = identities(&histories[0]);
    distinct.sort_unstable();
    distinct.dedup();
    assert!(distinct.len() < identities(&histories[0]).len(), "this schedule delivers duplicates");
}

#[tokio::test]
async fn what_cannot_be_handled_ends_in_its_dead_letter_queue() {
    let mut world = World::new(Schedule::in_order(), &Faults::default());
    world.bus.send_body("reserve-goods", "{broken");
    world.bus.run().await;
    let letters = world.bus.dead_letters();
    assert_eq!(letters.len(), 1);
    assert_eq!((letters[0].queue.as_str(), letters[0].body.as_str()), ("reserve-goods", "{broken"));
    assert!(letters[0].reason.contains("not a JSON object"), "{}", letters[0].reason);
}

#[tokio::test]
async fn a_message_is_tried_ten_times_with_a_pause_in_between() {
    let mut world = World::new(Schedule::in_order(), &Faults::default());
    for nth in 1..=10 {
        world.database.faults().fail(Operation::Load, nth);
    }
    world.bus.send("reserve-goods", &testkit::tally::reserve_goods(7));
    world.bus.run().await;
    let letters = world.bus.dead_letters();
    assert_eq!((letters.len(), world.bus.history().len(), world.bus.now()), (1, 10, at(540)));
    assert!(letters[0].reason.starts_with("received 10 times"), "{}", letters[0].reason);
}

#[tokio::test]
async fn a_queue_says_how_often_its_messages_are_tried() {
    let mut world = World::new(Schedule::in_order(), &Faults::default());
    world.bus.set_aside_after("reserve-goods", 3);
    for queue in ["reserve-goods", "charge-card"] {
        world.bus.fail_until(queue, at(3600));
        world.bus.send(queue, &testkit::tally::reserve_goods(7));
    }
    world.bus.run().await;
    let letters = world.bus.dead_letters();
    let told: Vec<_> = letters.iter().map(|letter| (letter.queue.as_str(), letter.reason.as_str())).collect();
    let reason = |times| format!("received {times} times: the consumer is out of order");
    assert_eq!(told, [("reserve-goods", reason(3).as_str()), ("charge-card", reason(10).as_str())]);
    assert_eq!(world.bus.now(), at(540));
}

/// An outage ends at its time: the delivery then is handled, and nothing is set aside before the queue's limit.
#[tokio::test]
async fn a_saga_survives_an_outage_that_is_shorter_than_its_queue_waits() {
    let mut world = World::new(Schedule::in_order(), &Faults::default());
    world.bus.fail_until("saga", at(480));
    world.place_sale().await;
    world.bus.run_until(at(479)).await;
    assert!(world.database.table("sagas").peek_all().is_empty(), "the outage does nothing");
    world.bus.run().await;
    world.must_have_completed("after the outage");
}
