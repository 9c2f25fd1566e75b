//! A write that moves counters, and the decision that takes its place when one forbids it.

use std::convert::Infallible;
use std::sync::Arc;

use async_trait::async_trait;
use messaging::{
    Context, Counted, Counter, CounterRefused, Decision, Envelope, Failure, Handler, Key, Participant, Record,
    Recourse, Reply, Step, Store, Verdict, Write, deliver,
};
use saga::Refusal;
use testkit::builders::{at, counter, payloads, refused, succeeded};
use testkit::warehouse::v1::ReserveGoods;
use testkit::{MemoryDatabase, MemoryOutbound, Operation};

use testkit::tally::{Count, Shop, Tally, reserve_goods, taking};

async fn filled(tally: Tally, available: i64) -> Shop {
    let shop = Shop::of(tally);
    shop.database.table("shelves").save(&Write::of(counter("paper", 1, available))).await.expect("shelves");
    shop
}

fn available(shop: &Shop) -> i64 {
    let record = shop.database.table("shelves").peek("paper").expect("shelves");
    record.attributes["available"].as_i64().expect("a number")
}

#[tokio::test]
async fn counters_move_with_the_write_and_once() {
    let shop = filled(Tally::default(), 5).await;
    for _ in 0..3 {
        assert_eq!(shop.deliver(&taking(7, &[("paper", 2)])).await, Ok(()));
    }
    assert_eq!((available(&shop), shop.version()), (3, 1));
}

#[tokio::test]
async fn a_short_counter_turns_the_answer_into_a_refusal_that_is_remembered() {
    let shop = filled(Tally::default(), 1).await;
    assert_eq!(shop.deliver(&taking(7, &[("paper", 2)])).await, Ok(()));
    shop.database.table("shelves").save(&Write::of(counter("paper", 2, 9))).await.expect("shelves");
    assert_eq!(shop.deliver(&taking(7, &[("paper", 2)])).await, Ok(()), "the repeat finds enough, but too late");
    let refusal = refused("SHORT paper", "");
    assert_eq!(payloads(&shop.outbound.sent()), [refusal.clone(), refusal]);
    assert_eq!(shop.count(), Some(Count { handled: 0, refused: "SHORT paper".to_owned() }));
    assert_eq!((available(&shop), shop.version(), shop.decided()), (9, 1, 1));
}

#[tokio::test]
async fn a_missing_counter_is_told_from_a_short_one_and_the_others_stay() {
    let shop = filled(Tally::default(), 5).await;
    assert_eq!(shop.deliver(&taking(7, &[("paper", 2), ("unknown", 1)])).await, Ok(()));
    assert_eq!(payloads(&shop.outbound.sent()), [refused("MISSING unknown", "")]);
    assert_eq!(available(&shop), 5);
}

#[tokio::test]
async fn a_write_in_between_outdates_the_refusal_as_well() {
    let shop = Arc::new(filled(Tally::default(), 1).await);
    let other = shop.clone();
    // The first save is refused by the counter; before the second one another message is handled.
    shop.database.faults().before(Operation::Save, 2, || async move {
        other.deliver(&taking(8, &[("paper", 1)])).await.expect("a delivery");
    });
    assert_eq!(shop.deliver(&taking(7, &[("paper", 2)])).await, Ok(()));
    assert_eq!(payloads(&shop.outbound.sent()), [succeeded(), refused("SHORT paper", "")]);
    assert_eq!((available(&shop), shop.version(), shop.decided()), (0, 2, 3));
}

#[tokio::test]
async fn a_counter_that_must_not_forbid_anything_needs_a_person() {
    let shop = filled(Tally { needs_counters: true, ..Tally::default() }, 1).await;
    let result = shop.deliver(&taking(7, &[("paper", 2)])).await;
    assert!(matches!(result, Err(Failure::SetAside(_))), "{result:?}");
    assert_eq!((shop.version(), shop.outbound.sent()), (0, vec![]));
}

/// Takes one paper, and does not expect to be refused by it.
struct Confident;

impl Step for Confident {
    type Command = ReserveGoods;
    type Aggregate = Count;

    fn key(&self, command: &ReserveGoods) -> Result<Key, Failure> {
        Ok(command.sale_id.clone())
    }

    fn decide(
        &self,
        _state: Option<&Count>,
        _command: &ReserveGoods,
        _context: &Context<'_>,
    ) -> Result<Reply<Count, Refusal>, Failure> {
        let (state, counters) = (Count { handled: 1, refused: String::new() }, vec![one_paper()]);
        Ok(Reply::Save { state, answer: Ok(()), events: Vec::new(), counters })
    }
}

fn one_paper() -> Counter {
    Counter { key: "paper".to_owned(), delta: -1 }
}

/// Takes a paper; `insists` on a paper although the shelf is empty, in the decision that must do without.
struct Eater {
    insists: bool,
}

#[async_trait]
impl Handler for Eater {
    type Aggregate = Count;
    type Effect = Infallible;
    type Outcome = Infallible;

    fn source(&self) -> &str {
        "eater"
    }

    fn key(&self, _message: &Envelope) -> Result<Key, Failure> {
        Ok("sale-1".to_owned())
    }

    fn decide(&self, _state: Option<&Count>, _context: &Context<'_>) -> Result<Verdict<Count, Infallible>, Failure> {
        Ok(Verdict::Save(taking_one()))
    }

    async fn perform(&self, effect: &Infallible) -> Result<Infallible, Failure> {
        match *effect {}
    }

    fn conclude(
        &self,
        _state: Option<&Count>,
        outcome: Infallible,
        _context: &Context<'_>,
    ) -> Result<Decision<Count>, Failure> {
        match outcome {}
    }

    fn refused(
        &self,
        state: Option<&Count>,
        refused: CounterRefused,
        _context: &Context<'_>,
    ) -> Result<Decision<Count>, Failure> {
        let handled = state.map_or(0, |state| state.handled);
        if self.insists { Ok(taking_one()) } else { Err(Failure::retry(format!("{refused:?} after {handled}"))) }
    }
}

fn taking_one() -> Decision<Count> {
    let state = Count { handled: 1, refused: String::new() };
    Decision { counters: vec![one_paper()], ..Decision::save(state) }
}

async fn fed(handler: &impl Handler) -> (Result<(), Failure>, MemoryDatabase, MemoryOutbound) {
    let (database, outbound) = (MemoryDatabase::default(), MemoryOutbound::default());
    database.table("shelves").save(&Write::of(counter("paper", 1, 0))).await.expect("shelves");
    let store = database.table("parcels").with_counters("shelves");
    (deliver(handler, &store, &outbound, &reserve_goods(7), at(0)).await, database, outbound)
}

#[tokio::test]
async fn a_step_that_does_not_expect_a_refusal_by_a_counter_needs_a_person() {
    let (result, database, outbound) = fed(&Participant(Confident)).await;
    assert!(matches!(&result, Err(Failure::SetAside(why)) if why.contains("Short(\"paper\")")), "{result:?}");
    assert!(database.table("parcels").is_empty() && outbound.sent().is_empty());
}

#[tokio::test]
async fn a_decision_that_takes_the_place_of_a_refused_one_must_not_be_refused_again() {
    let (result, database, outbound) = fed(&Eater { insists: true }).await;
    assert_eq!(result, Err(Failure::set_aside("counter paper has too little left")));
    assert!(database.table("parcels").is_empty() && outbound.sent().is_empty());
    let (result, database, outbound) = fed(&Eater { insists: false }).await;
    assert_eq!(result, Err(Failure::retry("Short(\"paper\") after 0")), "the handler has the last word");
    assert!(database.table("parcels").is_empty());
    // It decides on the state that it decided on before.
    let store = database.table("parcels").with_counters("shelves");
    store
        .save(&Write::of(Record::of("sale-1".to_owned(), 1, &taking_one().state).expect("a record")))
        .await
        .expect("a save");
    let result = deliver(&Eater { insists: false }, &store, &outbound, &reserve_goods(8), at(0)).await;
    assert_eq!(result, Err(Failure::retry("Short(\"paper\") after 1")));
}

/// The write that takes the place of a refused one may fail like any other.
#[tokio::test]
async fn a_refusal_that_cannot_be_saved_comes_again() {
    for crashes in [false, true] {
        let shop = filled(Tally::default(), 1).await;
        match crashes {
            true => shop.database.faults().crash_after(Operation::Save, 2),
            false => shop.database.faults().fail(Operation::Save, 2),
        }
        let failed = shop.deliver(&taking(7, &[("paper", 2)])).await;
        assert!(matches!(failed, Err(Failure::Retry(_))), "{failed:?}");
        assert_eq!((shop.version(), shop.outbound.sent()), (u64::from(crashes), vec![]), "crash: {crashes}");
        assert_eq!(shop.deliver(&taking(7, &[("paper", 2)])).await, Ok(()));
        assert_eq!(payloads(&shop.outbound.sent()), [refused("SHORT paper", "")]);
        assert_eq!((shop.version(), available(&shop)), (1, 1));
    }
}

/// Takes three papers from the shelf "paper", or else from wherever there are some.
struct Roamer;

impl Step for Roamer {
    type Command = ReserveGoods;
    type Aggregate = Count;

    fn key(&self, command: &ReserveGoods) -> Result<Key, Failure> {
        Ok(command.sale_id.clone())
    }

    fn decide(
        &self,
        _state: Option<&Count>,
        _command: &ReserveGoods,
        _context: &Context<'_>,
    ) -> Result<Reply<Count, Refusal>, Failure> {
        let (state, counters) = (Count { handled: 1, refused: String::new() }, vec![papers("paper", -3)]);
        Ok(Reply::Save { state, answer: Ok(()), events: Vec::new(), counters })
    }

    fn looks_at(&self, _refused: &CounterRefused, _command: &ReserveGoods) -> Result<Vec<Vec<Key>>, Failure> {
        Ok(vec![vec!["paper".to_owned(), "cellar".to_owned()], vec!["attic".to_owned()]])
    }

    fn recourse(&self, refused: CounterRefused, seen: &Counted, _: &ReserveGoods) -> Result<Recourse, Failure> {
        let full = seen.iter().find(|(_, left)| **left >= 3).map(|(key, _)| papers(key, -3));
        Ok(full.map_or(Recourse::Refuse(refused), |counter| Recourse::Count(vec![counter])))
    }

    fn refused(
        &self,
        _command: &ReserveGoods,
        refused: CounterRefused,
        _context: &Context<'_>,
    ) -> Result<(Count, Refusal), Failure> {
        Ok((Count { handled: 0, refused: format!("{refused:?}") }, Refusal::new("NO_PAPER", "")))
    }
}

fn papers(key: &str, delta: i64) -> Counter {
    Counter { key: key.to_owned(), delta }
}

/// A shop whose shelves have this much; a shelf that has `None` is not there.
async fn shelves(left: [(&str, Option<i64>); 3]) -> Arc<Shop> {
    let shop = Shop::default();
    for (key, left) in left.into_iter().filter_map(|(key, left)| Some((key, left?))) {
        shop.database.table("shelves").save(&Write::of(counter(key, 1, left))).await.expect("a shelf");
    }
    Arc::new(shop)
}

async fn roam(shop: &Shop) -> Result<(), Failure> {
    deliver(&Participant(Roamer), &shop.store(), &shop.outbound, &reserve_goods(7), at(0)).await
}

fn on(shop: &Shop, shelf: &str) -> i64 {
    shop.database.table("shelves").peek(shelf).expect("a shelf").attributes["available"].as_i64().expect("a number")
}

#[tokio::test]
async fn a_write_that_a_counter_refuses_takes_from_others_that_are_looked_at() {
    for first in [Some(2), None] {
        let shop = shelves([("paper", first), ("cellar", Some(1)), ("attic", Some(4))]).await;
        assert_eq!(roam(&shop).await, Ok(()), "{first:?}");
        assert_eq!(
            (payloads(&shop.outbound.sent()), on(&shop, "attic"), on(&shop, "cellar")),
            (vec![succeeded()], 1, 1)
        );
        assert_eq!(shop.count(), Some(Count { handled: 1, refused: String::new() }), "the same decision is saved");
        assert_eq!(roam(&shop).await, Ok(()));
        assert_eq!(on(&shop, "attic"), 1, "and it is remembered");
    }
}

#[tokio::test]
async fn a_write_that_no_counter_can_serve_is_refused_after_a_look() {
    let shop = shelves([("paper", Some(2)), ("cellar", Some(2)), ("attic", None)]).await;
    assert_eq!(roam(&shop).await, Ok(()));
    assert_eq!(payloads(&shop.outbound.sent()), [refused("NO_PAPER", "")]);
    assert_eq!(shop.count().expect("a count").refused, "Short(\"paper\")");
    assert_eq!((on(&shop, "paper"), on(&shop, "cellar")), (2, 2));
}

#[tokio::test]
async fn a_look_that_is_out_of_date_is_taken_again_and_never_becomes_a_refusal() {
    let shop = shelves([("paper", Some(0)), ("cellar", Some(3)), ("attic", Some(3))]).await;
    let shelves = shop.database.table("shelves");
    // Between the look and the second write somebody empties the shelf that was seen.
    shop.database.faults().before(Operation::Save, 2, || async move {
        shelves.save(&Write::of(counter("attic", 2, 0))).await.expect("a shelf");
    });
    assert_eq!(roam(&shop).await, Ok(()));
    assert_eq!((payloads(&shop.outbound.sent()), on(&shop, "cellar")), (vec![succeeded()], 0));
}

/// Sees papers where there are none.
struct Dreamer;

impl Step for Dreamer {
    type Command = ReserveGoods;
    type Aggregate = Count;

    fn key(&self, command: &ReserveGoods) -> Result<Key, Failure> {
        Roamer.key(command)
    }

    fn decide(
        &self,
        state: Option<&Count>,
        command: &ReserveGoods,
        context: &Context<'_>,
    ) -> Result<Reply<Count, Refusal>, Failure> {
        Roamer.decide(state, command, context)
    }

    fn recourse(&self, _: CounterRefused, _: &Counted, _: &ReserveGoods) -> Result<Recourse, Failure> {
        Ok(Recourse::Count(vec![papers("cellar", -3)]))
    }
}

#[tokio::test]
async fn counters_that_change_after_every_look_leave_the_message_for_later() {
    for cellar in [Some(0), None] {
        let shop = shelves([("paper", Some(0)), ("cellar", cellar), ("attic", None)]).await;
        let before = shop.database.faults().seen_of(Operation::Save);
        let result = deliver(&Participant(Dreamer), &shop.store(), &shop.outbound, &reserve_goods(7), at(0)).await;
        assert!(matches!(&result, Err(Failure::Retry(_))), "{result:?}");
        assert_eq!(
            shop.database.faults().seen_of(Operation::Save) - before,
            16,
            "two writes at each of eight attempts"
        );
        assert_eq!((shop.version(), shop.outbound.sent()), (0, vec![]), "nothing was decided");
    }
}

#[tokio::test]
async fn a_look_that_fails_leaves_the_message_for_later() {
    let shop = shelves([("paper", Some(0)), ("cellar", Some(3)), ("attic", None)]).await;
    shop.database.faults().fail(Operation::Load, 2);
    assert!(matches!(roam(&shop).await, Err(Failure::Retry(_))));
    assert_eq!((shop.version(), on(&shop, "cellar")), (0, 3));
    assert_eq!(roam(&shop).await, Ok(()));
    assert_eq!((shop.version(), on(&shop, "cellar")), (1, 0));
}
