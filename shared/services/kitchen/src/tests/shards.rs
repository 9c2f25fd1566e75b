//! Orders, returns and counts that meet on stock that is spread over shards, in every order that a schedule can think of.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::pin::Pin;
use std::task::{Context as Task, Waker};

use messaging::{AVAILABLE, Correlation, Loop, Receiver};
use proptest::prelude::*;
use proptest::sample::Index;

use super::*;
use crate::domain::{Available, MAX_SHARDS, ProductId, Stock};
use crate::{StoredStock, shard_key};

const PRODUCTS: [&str; 2] = ["cola", "pizza"];

/// What happens in the kitchen. Functions of different deployments may know different numbers of shards.
#[derive(Debug, Clone)]
enum Deed {
    Order {
        shards: u32,
        quantities: [i32; 2],
    },
    /// Undoes the order that has this place among the deeds, if it is an order.
    Reject {
        order: usize,
    },
    Count {
        product: usize,
        available: i32,
        shards: u32,
    },
}

fn deed() -> impl Strategy<Value = Deed> {
    let shards = || prop_oneof![3 => 1..=3_u32, 1 => 1..=MAX_SHARDS];
    prop_oneof![
        6 => (shards(), [0..7, 0..7_i32]).prop_map(|(shards, quantities)| Deed::Order { shards, quantities }),
        3 => (0..12_usize).prop_map(|order| Deed::Reject { order }),
        1 => (0..2_usize, 0..12, shards())
            .prop_map(|(product, available, shards)| Deed::Count { product, available, shards }),
    ]
}

fn shards(number: u32) -> Shards {
    Shards::try_from(number).expect("a number of shards")
}

/// A kitchen that is looked at after each step of each deed.
struct Watched {
    tickets: MemoryStore,
    stock: MemoryStore,
    outbound: MemoryOutbound,
    notes: RefCell<Notes>,
}

#[derive(Default)]
struct Notes {
    /// By deed and product: the least that all shards together had since the deed's message was delivered.
    least: BTreeMap<usize, [i64; 2]>,
    /// By product: what is there, reserved or not, and the version of the stock's item when it was counted.
    counted: [(i64, u64); 2],
}

impl Watched {
    fn open(counts: &[(u32, u32); 2]) -> Self {
        let database = MemoryDatabase::default();
        let (tickets, stock) = (database.table("tickets").with_counters("stock"), database.table("stock"));
        for (product, (available, number)) in PRODUCTS.iter().zip(counts) {
            let available = Available::new((*available).into()).expect("a count");
            let stock = Stock { product: ProductId::parse(product).expect("a product"), available };
            let stored = StoredStock::counted(&stock, shards(*number), None);
            let first = Record::of((*product).to_owned(), 1, &stored).expect("a record");
            let others = messaging::Aggregate::beside(&stored).into_iter();
            let others =
                others.map(|(ending, other)| Record::of(format!("{product}{ending}"), 1, &other).expect("a record"));
            for record in others.chain([first]) {
                let item = serde_json::to_value(&record).expect("JSON");
                database.table("stock").plant(&record.key, item);
            }
        }
        let kitchen = Self { tickets, stock, outbound: MemoryOutbound::default(), notes: RefCell::default() };
        let counted = kitchen.totals().map(|total| (total, 1));
        kitchen.notes.borrow_mut().counted = counted;
        kitchen
    }

    /// What all shards of each product have together; no shard may ever have less than nothing.
    fn totals(&self) -> [i64; 2] {
        PRODUCTS.map(|product| {
            let is_shard = |key: &str| key == product || key.starts_with(&format!("{product}/"));
            let shards = self.stock.peek_all().into_iter().filter(|record| is_shard(&record.key));
            let left = |record: Record| record.attributes[AVAILABLE].as_i64().expect("a number");
            shards.map(left).inspect(|left| assert!(*left >= 0, "{product} is oversold")).sum()
        })
    }

    /// What tickets hold of each product.
    fn held(&self) -> [i64; 2] {
        let tickets: Vec<Ticket> =
            self.tickets.peek_all().iter().map(|record| record.aggregate().expect("a ticket")).collect();
        let live = || tickets.iter().filter(|ticket| ticket.status() == TicketStatus::CreatePending);
        PRODUCTS.map(|product| {
            let items = live().flat_map(Ticket::items).filter(|item| item.product.as_str() == product);
            items.map(|item| i64::from(item.quantity)).sum()
        })
    }

    /// Looks at everything. What is there changes only when it is counted.
    fn look(&self) {
        let (totals, held) = (self.totals(), self.held());
        let mut notes = self.notes.borrow_mut();
        for (index, product) in PRODUCTS.iter().enumerate() {
            let version = self.stock.peek(product).expect("stock").version;
            let there = totals[index] + held[index];
            if notes.counted[index].1 != version {
                notes.counted[index] = (there, version);
            }
            assert_eq!(there, notes.counted[index].0, "{product}: {totals:?} are left and {held:?} are held");
        }
        for least in notes.least.values_mut() {
            *least = [0, 1].map(|index| totals[index].min(least[index]));
        }
    }

    /// Delivers the message until it is handled; a message that met others too often comes again.
    async fn deliver<S: Step>(&self, place: usize, step: impl Fn() -> S, message: Envelope)
    where
        <S::Command as messaging::Command>::Refusal: Into<messaging::Refusal>,
    {
        for _ in 0..50 {
            self.notes.borrow_mut().least.insert(place, self.totals());
            match deliver(&Participant(step()), &self.tickets, &self.outbound, &message, NOW).await {
                Ok(()) => return,
                Err(Failure::Retry(_)) => {}
                Err(failure) => panic!("{failure:?}"),
            }
        }
        panic!("the message was never handled");
    }

    async fn order(&self, place: usize, number: u32, quantities: [i32; 2]) {
        let message = command(place, create_order(place, quantities));
        self.deliver(place, || CreateTicket::new(shards(number)), message.clone()).await;
        let sent = self.outbound.sent();
        let reply = sent.iter().rfind(|sent| sent.message.causation_id == Some(message.message_id)).expect("a reply");
        let Ok(CommandRefused { reason, message: said, .. }) = reply.message.unpack() else { return };
        if reason == "TICKET_REJECTED" {
            return;
        }
        assert_eq!(reason, "OUT_OF_STOCK");
        let short = PRODUCTS.iter().position(|product| said == format!("there is not enough {product} left"));
        let short = short.expect("a product");
        let least = self.notes.borrow().least[&place][short];
        assert!(
            least < quantities[short].into(),
            "refused, but there were never less than {least} {}",
            PRODUCTS[short]
        );
    }

    async fn perform(&self, place: usize, deed: Deed) {
        match deed {
            Deed::Order { quantities: [0, 0], .. } => {}
            Deed::Order { shards, quantities } => self.order(place, shards, quantities).await,
            Deed::Reject { order } => {
                let undo = v1::RejectTicket { order_id: order_id(order).to_string(), ..Default::default() };
                self.deliver(place, || RejectTicket, command(place, undo)).await;
            }
            Deed::Count { product, available, shards: number } => {
                let (product_id, id) = (PRODUCTS[product].to_owned(), 1_000 + place as u128);
                let request = SetStockRequest { product_id, available, ..Default::default() };
                let rpc = SetStock::new(shards(number));
                // Each claim has an identity of its own, and lies in the table of stock, where it counts for nothing.
                let stock = &self.stock;
                while let Err(error) = rpc::execute(&rpc, stock, request.clone(), &call(id)).await {
                    assert!(matches!(error, RpcError::Unavailable(_)), "{error:?}");
                }
                // Nothing happens between the write and this line.
                assert_eq!(self.totals()[product], i64::from(available), "all shards together are what was counted");
            }
        }
    }
}

fn order_id(place: usize) -> Uuid {
    Uuid::from_u128(place as u128)
}

fn create_order(place: usize, quantities: [i32; 2]) -> v1::CreateTicket {
    let items = PRODUCTS.iter().zip(quantities).filter(|(_, quantity)| *quantity > 0);
    let item = |(product, quantity): (&&str, i32)| v1::TicketItem {
        product_id: (*product).to_owned(),
        quantity,
        ..Default::default()
    };
    v1::CreateTicket { order_id: order_id(place).to_string(), items: items.map(item).collect(), ..Default::default() }
}

fn command(place: usize, payload: impl Into<messaging::Payload>) -> Envelope {
    let message = envelope(100 + place as u128, payload);
    let correlation = message.correlation.map(|correlation| Correlation { saga_id: order_id(place), ..correlation });
    Envelope { correlation, ..message }
}

/// Lets the deeds go on one step at a time, each time the deed that the schedule chooses.
fn play(kitchen: &Watched, deeds: &[Deed], schedule: &[Index]) {
    let mut going: Vec<Pin<Box<dyn Future<Output = ()> + '_>>> = Vec::new();
    for (place, deed) in deeds.iter().enumerate() {
        going.push(Box::pin(kitchen.perform(place, deed.clone())));
    }
    let mut task = Task::from_waker(Waker::noop());
    let mut schedule = schedule.iter().cycle();
    while !going.is_empty() {
        let chosen = schedule.next().expect("a schedule without end").index(going.len());
        if going[chosen].as_mut().poll(&mut task).is_ready() {
            drop(going.swap_remove(chosen));
        }
        kitchen.look();
    }
}

proptest! {
    #![proptest_config(testkit::properties())]

    /// No shard is ever below zero, nothing is lost or made, and whoever is refused met a moment with too little.
    #[test]
    fn nothing_is_oversold_or_lost_and_nobody_is_refused_while_there_is_enough(
        counts in [(0..15_u32, 1..=MAX_SHARDS), (0..15_u32, 1..=3_u32)],
        deeds in proptest::collection::vec(deed(), 1..12),
        schedule in proptest::collection::vec(any::<Index>(), 1..60),
    ) {
        let kitchen = Watched::open(&counts);
        play(&kitchen, &deeds, &schedule);
    }
}

/// What each shard has, of those that there are.
fn left(kitchen: &Watched, product: &str) -> Vec<i64> {
    let id = ProductId::parse(product).expect("a product");
    let left = |shard| kitchen.stock.peek(&shard_key(&id, shard))?.attributes[AVAILABLE].as_i64();
    (0..MAX_SHARDS).map_while(left).collect()
}

fn kitchen_after(counts: [(u32, u32); 2], deeds: &[Deed]) -> Watched {
    let kitchen = Watched::open(&counts);
    for (place, deed) in deeds.iter().enumerate() {
        let mut doing = Box::pin(kitchen.perform(place, deed.clone()));
        while doing.as_mut().poll(&mut Task::from_waker(Waker::noop())).is_pending() {}
        drop(doing);
        kitchen.look();
    }
    kitchen
}

fn order(shards: u32, quantities: [i32; 2]) -> Deed {
    Deed::Order { shards, quantities }
}

#[test]
fn each_order_takes_from_the_shard_that_its_id_chooses_and_reads_nothing_else() {
    let kitchen =
        kitchen_after([(8, 4), (1, 1)], &[order(4, [1, 0]), order(4, [2, 0]), order(4, [0, 0]), order(4, [1, 0])]);
    assert_eq!(left(&kitchen, "cola"), [1, 0, 2, 1]);
    assert_eq!(kitchen.tickets.faults().seen_of(Operation::Load), 3, "the tickets");
}

#[test]
fn an_order_takes_from_several_shards_when_no_shard_has_enough() {
    let kitchen = kitchen_after([(8, 4), (7, 3)], &[order(4, [7, 5])]);
    assert_eq!((left(&kitchen, "cola"), left(&kitchen, "pizza")), (vec![0, 0, 0, 1], vec![0, 0, 2]));
    assert_eq!(kitchen.tickets.faults().seen_of(Operation::Load), 2, "the ticket, and one look at all shards");
}

#[test]
fn what_is_given_back_goes_to_the_first_shard_and_counts_again() {
    let kitchen = kitchen_after(
        [(4, 2), (0, 1)],
        &[order(2, [0, 0]), order(2, [2, 0]), Deed::Reject { order: 1 }, order(2, [4, 0])],
    );
    assert_eq!(left(&kitchen, "cola"), [0, 0]);
    assert_eq!(kitchen.held(), [4, 0]);
}

#[test]
fn stock_and_functions_may_know_different_numbers_of_shards() {
    for (stored, known) in [(1, 10), (10, 1), (4, 7)] {
        let kitchen = kitchen_after(
            [(10, stored), (0, 1)],
            &[order(1, [0, 0]), order(1, [0, 0]), order(1, [0, 0]), order(known, [10, 0])],
        );
        assert_eq!(kitchen.held(), [10, 0], "{stored} shards, and {known} are known");
    }
}

#[test]
fn a_count_over_fewer_shards_leaves_nothing_in_the_others() {
    let kitchen = kitchen_after([(9, 3), (0, 1)], &[Deed::Count { product: 0, available: 5, shards: 1 }]);
    assert_eq!(left(&kitchen, "cola"), [5, 0, 0]);
    let kitchen = kitchen_after(
        [(9, 3), (0, 1)],
        &[Deed::Count { product: 0, available: 5, shards: 1 }, order(3, [0, 0]), order(3, [5, 0])],
    );
    assert_eq!(kitchen.held(), [5, 0], "a function that still knows three shards finds the first");
    let kitchen = kitchen_after([(1, 1), (0, 1)], &[Deed::Count { product: 0, available: 7, shards: 3 }]);
    assert_eq!(left(&kitchen, "cola"), [3, 2, 2]);
}

#[test]
fn stock_that_is_not_spread_refuses_without_a_look() {
    let kitchen = kitchen_after([(1, 1), (0, 1)], &[order(1, [2, 0])]);
    assert_eq!((kitchen.held(), kitchen.tickets.faults().seen_of(Operation::Load)), ([0, 0], 1));
}

#[test]
fn messages_that_take_from_the_same_shard_contend() {
    let kitchen = Watched::open(&[(0, 1), (0, 1)]);
    // As a function behind a queue asks.
    let contends = |number, message: &Envelope| {
        let handler = Participant(CreateTicket::new(shards(number)));
        Loop { handler, store: &kitchen.tickets, outbound: &kitchen.outbound }.contends(message)
    };
    let contended = |number, place| contends(number, &command(place, create_order(place, [1, 1])));
    assert_eq!(contended(1, 5), ["cola", "pizza"]);
    assert_eq!(contended(4, 4), ["cola", "pizza"]);
    assert_eq!(contended(4, 5), ["cola/1", "pizza/1"]);
    let others = [command(1, v1::CreateTicket::default()), command(1, v1::RejectTicket::default())];
    assert_eq!(
        others.map(|message| contends(4, &message)),
        [[""; 0], [""; 0]],
        "what cannot be handled contends for nothing"
    );
}
