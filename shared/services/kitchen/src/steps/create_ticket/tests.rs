use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::domain::{ProductId, TicketStatus};
use crate::fixture::{self, ALL, NOW, create, moved, moving, ticket, with_context};

const STEP: CreateTicket = CreateTicket { shards: Shards::ONE };

fn decide(state: Option<&Ticket>, command: &v1::CreateTicket) -> Result<Reply<Ticket, Refusal>, Failure> {
    with_context(command.clone(), |context| STEP.decide(state, command, context))
}

fn set_aside(command: &v1::CreateTicket) -> String {
    match decide(None, command) {
        Err(Failure::SetAside(reason)) => reason.to_string(),
        other => panic!("not set aside: {other:?}"),
    }
}

#[test]
fn a_new_ticket_takes_its_stock_in_the_same_write() {
    assert_eq!(decide(None, &create()), Ok(moving(ticket(TicketStatus::CreatePending), -1)));
}

#[test]
fn a_product_listed_twice_moves_its_counter_once() {
    let mut command = create();
    command.items.extend(create().items);
    let Ok(Reply::Save { counters, .. }) = decide(None, &command) else { panic!("not saved") };
    assert_eq!(moved(&counters), [("margherita", -4), ("cola", -2)]);
}

#[test]
fn a_ticket_that_exists_takes_no_stock_again() {
    for status in ALL.into_iter().filter(|status| *status != TicketStatus::Rejected) {
        assert_eq!(decide(Some(&ticket(status)), &create()), Ok(Reply::Already(Ok(()))), "{status}");
    }
}

#[test]
fn the_late_command_is_refused_by_its_tombstone() {
    let id = ticket(TicketStatus::Rejected).order_id();
    for rejected in [ticket(TicketStatus::Rejected), Ticket::tombstone(id, NOW)] {
        let refusal = Refusal::new("TICKET_REJECTED", "the ticket was rejected before it could be created");
        assert_eq!(decide(Some(&rejected), &create()), Ok(Reply::Already(Err(refusal))));
    }
}

#[test]
fn a_ticket_for_something_else_needs_a_person() {
    let mut other = create();
    other.items.pop();
    let said = "the order has another ticket, which is CREATE_PENDING";
    assert_eq!(decide(Some(&ticket(TicketStatus::CreatePending)), &other), fixture::set_aside(said));
}

#[test]
fn what_can_never_be_cooked_is_set_aside_with_its_reason() {
    let broken = |change: fn(&mut v1::CreateTicket)| {
        let mut command = create();
        change(&mut command);
        set_aside(&command)
    };
    let said = [
        (broken(|command| command.items.clear()), "items is empty: ask for at least one product"),
        (broken(|command| command.items[0].quantity = 0), "margherita: the quantity is 0: ask for 1 to 1000"),
        (broken(|command| command.items[1].quantity = 1001), "cola: the quantity is 1001: ask for 1 to 1000"),
        (
            broken(|command| command.items[0].product_id.clear()),
            "must be a text of 1 to 64 lower-case letters, digits, - or _",
        ),
    ];
    for (reason, expected) in said {
        assert_eq!(reason, expected);
    }
    assert!(broken(|command| command.order_id = "7".to_owned()).contains("is not a UUID"));
    assert!(STEP.key(&v1::CreateTicket::default()).is_err());
}

#[test]
fn an_order_has_one_ticket_however_its_id_is_written() {
    let mut command = create();
    let key = STEP.key(&command).expect("a key");
    command.order_id = command.order_id.to_uppercase().replace('-', "");
    assert_eq!(STEP.key(&command), Ok(key));
}

#[test]
fn a_short_counter_refuses_the_order_and_names_the_product() {
    let refused = |refused| with_context(create(), |context| STEP.refused(&create(), refused, context));
    let (state, refusal) = refused(CounterRefused::Short("cola".to_owned())).expect("a refusal");
    assert_eq!(state, ticket(TicketStatus::Rejected));
    assert_eq!(refusal, Refusal::new("OUT_OF_STOCK", "there is not enough cola left"));
    let (state, refusal) = refused(CounterRefused::Missing("cola".to_owned())).expect("a refusal");
    assert_eq!(state, ticket(TicketStatus::Rejected));
    assert_eq!(refusal, Refusal::new("UNKNOWN_PRODUCT", "the kitchen does not make cola"));
}

fn large(products: usize, quantity: i32) -> v1::CreateTicket {
    let item = |number: usize| v1::TicketItem { product_id: format!("p{number}"), quantity, ..Default::default() };
    v1::CreateTicket { items: (0..products).map(item).collect(), ..create() }
}

#[test]
fn a_look_shows_each_product_with_all_the_shards_that_there_can_be_at_one_moment() {
    let refused = CounterRefused::ShardShort("p7".to_owned());
    let looks = STEP.looks_at(&refused, &large(25, 1)).expect("looks");
    assert_eq!(looks.iter().map(Vec::len).collect::<Vec<_>>(), [100, 100, 50]);
    assert_eq!(looks[0][..3], ["p0", "p0/1", "p0/2"]);
    assert_eq!(looks[2][49], "p24/9");
}

#[test]
fn what_the_shards_cannot_give_in_one_write_comes_again_and_is_not_refused() {
    let refused = || CounterRefused::ShardShort("p0".to_owned());
    let item = |number: usize| ProductId::parse(&format!("p{number}")).expect("a product");
    let seen: Counted =
        (0..50).flat_map(|number| [(item(number).to_string(), 1), (shard_key(&item(number), 1), 1)]).collect();
    let recourse = |products| STEP.recourse(refused(), &seen, &large(products, 2));
    let Ok(Recourse::Count(counters)) = recourse(49) else { panic!("no counters") };
    assert_eq!(counters.len(), 98);
    assert!(matches!(recourse(50), Err(Failure::Retry(_))), "100 counters and the ticket");
    assert_eq!(
        STEP.recourse(refused(), &seen, &large(50, 3)),
        Ok(Recourse::Refuse(CounterRefused::Short("p0".to_owned()))),
        "it is refused when there is too little"
    );
}

#[test]
fn a_product_without_any_shard_is_unknown() {
    let seen = Counted::from([("p0".to_owned(), 5)]);
    let recourse = STEP.recourse(CounterRefused::Missing("p1/3".to_owned()), &seen, &large(2, 1));
    assert_eq!(recourse, Ok(Recourse::Refuse(CounterRefused::Missing("p1".to_owned()))));
}

proptest! {
    #![proptest_config(testkit::properties())]

    /// Whatever is ordered: each counter moves once, by what was ordered, and comes back to where it was when it is undone.
    #[test]
    fn what_is_taken_is_what_is_asked_for_and_what_is_given_back(
        asked in proptest::collection::btree_map("[a-z]{1,8}", 1..=1000_i32, 1..=50),
    ) {
        let item = |(product, quantity): (&String, &i32)| {
            v1::TicketItem { product_id: product.clone(), quantity: *quantity, ..Default::default() }
        };
        let command = v1::CreateTicket { items: asked.iter().map(item).collect(), ..create() };
        let Ok(Reply::Save { state, answer: Ok(()), events, counters }) = decide(None, &command) else { panic!("not saved") };
        prop_assert!(events.is_empty());
        let taken: BTreeMap<String, i64> = asked.iter().map(|(product, asked)| (product.clone(), -i64::from(*asked))).collect();
        let found: BTreeMap<String, i64> = counters.iter().map(|counter| (counter.key.clone(), counter.delta)).collect();
        prop_assert_eq!((found, counters.len()), (taken, asked.len()));
        let lines: Vec<(&str, i64)> = state.items().iter().map(|item| (item.product.as_str(), item.quantity.into())).collect();
        let ordered: Vec<(&str, i64)> = asked.iter().map(|(product, asked)| (product.as_str(), i64::from(*asked))).collect();
        prop_assert_eq!(lines, ordered);

        let undo = v1::RejectTicket { order_id: command.order_id, ..Default::default() };
        let undone = with_context(undo.clone(), |context| crate::steps::RejectTicket.decide(Some(&state), &undo, context));
        let Ok(Reply::Save { counters: returned, .. }) = undone else { panic!("not undone") };
        let back: Vec<(String, i64)> = returned.iter().map(|counter| (counter.key.clone(), -counter.delta)).collect();
        let taken: Vec<(String, i64)> = counters.iter().map(|counter| (counter.key.clone(), counter.delta)).collect();
        prop_assert_eq!(back, taken);
    }
}
