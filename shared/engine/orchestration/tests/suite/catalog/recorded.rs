//! The Rust lane's list.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use messaging::{IndexedKey, KeyIndex, LoadError, Record, Span, Store, Write, sortable_time};
use orchestration::{Catalog, Listed, Number, ProgressState, RecordedCatalog, RecordedSagas, SagaInstance, Wanted};
use serde_json::json;
use testkit::builders::{at, id};
use testkit::lane::{Lane, registry};
use testkit::{MemoryStore, Operation};

use super::{listed, numbers, of_name, of_states, of_step, of_text, pages};

/// A run in this state.
async fn in_state(state: ProgressState) -> SagaInstance {
    let mut lane = Lane::after(&["reserve-goods"]).await;
    match state {
        ProgressState::Running | ProgressState::Unknown => {}
        ProgressState::Compensating | ProgressState::Compensated => {
            lane.refuse("charge-card").await.expect("a reply");
        }
        ProgressState::Completed | ProgressState::Stuck => {
            lane.succeed("charge-card").await.expect("a reply");
        }
    }
    let rest = match state {
        ProgressState::Compensated => ["release-goods", "cancel-sale"],
        ProgressState::Completed => ["pack-goods", "complete-sale"],
        ProgressState::Stuck => {
            lane.wait_until(|saga| saga.stuck).await;
            return lane.instance();
        }
        _ => return lane.instance(),
    };
    for handler in rest {
        lane.succeed(handler).await.expect("a reply");
    }
    lane.instance()
}

/// Stores a run as the saga of this number, begun at this second.
async fn store(store: &MemoryStore, number: u128, second: i64, instance: &SagaInstance) {
    let instance = SagaInstance { started_at: at(second), ..instance.clone() };
    let version = store.peek(&id(number).to_string()).map_or(1, |record| record.version + 1);
    let record = Record::of(id(number).to_string(), version, &instance).expect("a record");
    store.save(&Write::of(record)).await.expect("a save");
}

fn catalog(store: &MemoryStore) -> RecordedCatalog {
    let by_state = store.index(SagaInstance::BY_STATE.partition, SagaInstance::BY_STATE.sort);
    let recorded = RecordedSagas { registry: registry(), instances: Arc::new(store.clone()) };
    RecordedCatalog { recorded, by_state: Arc::new(by_state) }
}

/// A saga in each state, and another in each: number 10 is the latest to start.
async fn ten_sagas() -> MemoryStore {
    let table = MemoryStore::default();
    for (state, number) in ProgressState::STORED.into_iter().zip(1..) {
        let instance = in_state(state).await;
        for number in [number, number + 5] {
            let subject = format!("sale-{number}");
            let instance = SagaInstance { subject, ..instance.clone() };
            store(&table, number, i64::try_from(number).expect("a second"), &instance).await;
        }
    }
    table
}

/// So many runs alike, one a second, from number 1 on.
async fn many(table: &MemoryStore, count: u128, instance: &SagaInstance) {
    for number in 1..=count {
        store(table, number, i64::try_from(number).expect("a second"), instance).await;
    }
}

#[tokio::test]
async fn every_saga_is_listed_once_whatever_its_state_with_the_latest_first() {
    let catalog = catalog(&ten_sagas().await);
    for limit in [1, 2, 3, 9, 10, 100] {
        let pages = pages(&catalog, &Wanted::default(), limit).await;
        let sagas = pages.concat();
        assert_eq!(numbers(&sagas), [10, 9, 8, 7, 6, 5, 4, 3, 2, 1], "pages of {limit}");
        assert_eq!(pages.len(), 10_usize.div_ceil(limit as usize), "no page of {limit} is empty");
        let states: Vec<ProgressState> = sagas.iter().rev().map(|saga| saga.state).collect();
        assert_eq!(states, [ProgressState::STORED, ProgressState::STORED].concat());
        assert_eq!((sagas[0].subject.as_str(), sagas[0].started_at), ("sale-10", Some(at(10))));
    }
    assert_eq!(listed(&catalog, &Wanted::default(), 0).await.len(), 10, "a page of none is a page of one");
}

#[tokio::test]
async fn only_the_wanted_states_are_listed() {
    let catalog = catalog(&ten_sagas().await);
    for (state, number) in ProgressState::STORED.into_iter().zip(1..) {
        assert_eq!(listed(&catalog, &of_states(&[state]), 20).await, [number + 5, number], "{state:?}");
    }
    let under_way = [ProgressState::Stuck, ProgressState::Running, ProgressState::Running];
    assert_eq!(listed(&catalog, &of_states(&under_way), 1).await, [10, 6, 5, 1]);
    assert_eq!(listed(&catalog, &of_states(&[ProgressState::Unknown]), 1).await, [], "no saga is stored as unknown");
}

#[tokio::test]
async fn a_saga_is_found_by_its_name_its_latest_command_and_its_texts() {
    let table = ten_sagas().await;
    let other = SagaInstance { saga: "return-sale".to_owned(), ..in_state(ProgressState::Running).await };
    store(&table, 0xABCD, 20, &other).await;
    let catalog = catalog(&table);
    assert_eq!(listed(&catalog, &of_name("return-sale"), 20).await, [0xABCD]);
    assert_eq!(listed(&catalog, &of_name("place-sale"), 20).await.len(), 10);
    assert_eq!(listed(&catalog, &of_name("place"), 20).await, []);
    assert_eq!(listed(&catalog, &of_step("release-goods"), 20).await, [7, 2]);
    assert_eq!(listed(&catalog, &of_step("complete-sale"), 20).await, [8, 3], "the latest of a saga that is over");
    assert_eq!(listed(&catalog, &of_step("reserve-goods"), 20).await, [], "it is not the latest of any");
    assert_eq!(listed(&catalog, &of_text("abcd"), 20).await, [0xABCD], "a part of the identity, in lower case");
    assert_eq!(listed(&catalog, &of_text("ABCD"), 20).await, [0xABCD], "or in capitals");
    assert_eq!(listed(&catalog, &of_text("SALE-7"), 20).await, [7], "the subject");
    assert_eq!(listed(&catalog, &of_text("no"), 20).await, [9, 7, 4, 2], "the reason of any command");
    assert_eq!(listed(&catalog, &of_text("tok_of"), 20).await, [], "nothing else is looked through");
    let both = Wanted { states: vec![ProgressState::Compensated], ..of_text("no") };
    assert_eq!(listed(&catalog, &both, 20).await, [9, 4]);
}

#[tokio::test]
async fn a_saga_is_found_by_when_it_started() {
    let catalog = catalog(&ten_sagas().await);
    let from = |after, before| Wanted { started_after: after, started_before: before, ..Wanted::default() };
    assert_eq!(listed(&catalog, &from(Some(at(8)), None), 2).await, [10, 9, 8], "at that time or later");
    assert_eq!(listed(&catalog, &from(None, Some(at(3))), 2).await, [2, 1], "before that time");
    assert_eq!(listed(&catalog, &from(Some(at(4)), Some(at(7))), 2).await, [6, 5, 4]);
    assert_eq!(listed(&catalog, &from(Some(at(7)), Some(at(4))), 2).await, []);
}

#[tokio::test]
async fn a_token_leads_through_its_own_list_only() {
    let catalog = catalog(&ten_sagas().await);
    let token = catalog.list(&Wanted::default(), 2, None).await.expect("a page").next.expect("a token");
    let running = of_states(&[ProgressState::Running]);
    for (wanted, bad) in [(&running, token.as_str()), (&Wanted::default(), "nonsense"), (&Wanted::default(), "")] {
        assert_eq!(catalog.list(wanted, 2, Some(bad)).await, Err(LoadError::BadToken), "{bad}");
    }
}

#[tokio::test]
async fn a_saga_that_moves_on_between_two_pages_is_listed_once() {
    let table = ten_sagas().await;
    let catalog = catalog(&table);
    let first = catalog.list(&Wanted::default(), 5, None).await.expect("a page");
    let completed = in_state(ProgressState::Completed).await;
    for number in [6, 1] {
        store(&table, number, i64::try_from(number).expect("a second"), &completed).await;
    }
    store(&table, 11, 11, &in_state(ProgressState::Running).await).await;
    let second = catalog.list(&Wanted::default(), 5, first.next.as_deref()).await.expect("a page");
    assert_eq!(numbers(&first.sagas), [10, 9, 8, 7, 6]);
    assert_eq!(numbers(&second.sagas), [5, 4, 3, 2, 1], "whether or not their states have changed");
    assert_eq!(second.next, None);
}

#[tokio::test]
async fn sagas_that_started_at_the_same_time_are_listed_once_each() {
    let table = MemoryStore::default();
    let (running, completed) = (in_state(ProgressState::Running).await, in_state(ProgressState::Completed).await);
    for number in 1..=6 {
        store(&table, number, 1, if number % 2 == 0 { &running } else { &completed }).await;
    }
    for limit in [1, 2, 4] {
        assert_eq!(listed(&catalog(&table), &Wanted::default(), limit).await, [6, 5, 4, 3, 2, 1]);
    }
}

/// More than one look at the index gives, and more than one call reads.
#[tokio::test]
async fn a_long_list_is_whole() {
    let table = MemoryStore::default();
    many(&table, 450, &in_state(ProgressState::Completed).await).await;
    store(&table, 1_000, 225, &in_state(ProgressState::Running).await).await;
    let mut expected: Vec<u128> = (1..=450).rev().collect();
    expected.insert(225, 1_000);
    assert_eq!(listed(&catalog(&table), &Wanted::default(), 100).await, expected);
    assert_eq!(listed(&catalog(&table), &of_name("place-sale"), 70).await, expected);
}

/// What one state has of late must not hide what another state has from before.
#[tokio::test]
async fn a_list_goes_no_further_than_each_state_is_known() {
    let table = MemoryStore::default();
    many(&table, 450, &in_state(ProgressState::Completed).await).await;
    let of = async |state| SagaInstance { subject: "needle".to_owned(), ..in_state(state).await };
    store(&table, 1_000, 240, &of(ProgressState::Completed).await).await;
    store(&table, 1_001, 100, &of(ProgressState::Running).await).await;
    assert_eq!(listed(&catalog(&table), &of_text("needle"), 20).await, [1_000, 1_001]);
}

/// All at once: beyond what one look at the index gives they cannot be told apart, but the list goes on and ends.
#[tokio::test]
async fn a_list_ends_even_if_more_sagas_started_at_once_than_one_look_shows() {
    let table = MemoryStore::default();
    let completed = in_state(ProgressState::Completed).await;
    for number in 1..=250 {
        store(&table, number, 1, &completed).await;
    }
    store(&table, 251, 0, &completed).await;
    store(&table, 252, -1, &in_state(ProgressState::Running).await).await;
    let found = listed(&catalog(&table), &Wanted::default(), 100).await;
    assert!(found.len() > 200, "{}", found.len());
    assert!(found.ends_with(&[251, 252]), "and it goes on behind them, whatever another state has from before");
}

/// How many records were read in how many calls.
async fn reads(table: &MemoryStore, wanted: &Wanted, limit: u32) -> (usize, Listed) {
    let before = table.faults().seen_of(Operation::Load);
    let page = catalog(table).list(wanted, limit, None).await.expect("a page");
    (table.faults().seen_of(Operation::Load) - before, page)
}

#[tokio::test]
async fn one_call_looks_at_a_limited_number_of_sagas() {
    let table = MemoryStore::default();
    many(&table, 300, &in_state(ProgressState::Completed).await).await;
    let lately = SagaInstance { subject: "needle".to_owned(), ..in_state(ProgressState::Completed).await };
    store(&table, 1_000, 0, &lately).await;
    let (loads, page) = reads(&table, &of_text("needle"), 20).await;
    assert_eq!((loads, page.sagas.len()), (5 + 2, 0), "the five states, and twice a hundred records");
    let next = page.next.expect("a token: there are others");
    let second = catalog(&table).list(&of_text("needle"), 20, Some(&next)).await.expect("a page");
    assert_eq!((numbers(&second.sagas), second.next), (vec![1_000], None));
    let (loads, page) = reads(&table, &Wanted::default(), 20).await;
    assert_eq!((loads, page.sagas.len()), (5 + 1, 20), "no record is read that is not shown");
    let (loads, _) = reads(&table, &of_states(&[ProgressState::Stuck]), 20).await;
    assert_eq!(loads, 1, "and none where there is none");
}

#[tokio::test]
async fn what_cannot_be_read_is_unknown_and_hides_no_other() {
    let table = ten_sagas().await;
    let key = |number: u128| id(number).to_string();
    let place = |number: u128, second| {
        let (progress, created_at) = ("running", sortable_time(at(second)));
        json!({"key": key(number), "progress": progress, "created_at": created_at})
    };
    let mut of_the_future = place(11, 11);
    of_the_future["version"] = json!(1);
    of_the_future["schema"] = json!(9);
    of_the_future["state"] = json!({});
    table.plant(&key(11), of_the_future.clone());
    assert_eq!(numbers(&catalog(&table).list(&Wanted::default(), 3, None).await.expect("a page").sagas), [11, 10, 9]);
    // Not even a record.
    table.plant(&key(12), place(12, 12));
    let page = catalog(&table).list(&Wanted::default(), 3, None).await.expect("a page");
    assert_eq!(numbers(&page.sagas), [12, 11, 10]);
    for saga in &page.sagas[..2] {
        assert_eq!((saga.state, saga.entries.len(), saga.saga.as_str()), (ProgressState::Unknown, 0, ""));
    }
    assert_eq!((page.sagas[0].started_at, page.sagas[1].started_at), (Some(at(12)), Some(at(11))));
    assert_eq!(page.sagas[2].state, ProgressState::Stuck);
    let catalog = catalog(&table);
    for (number, what) in [(11, "schema"), (12, "version")] {
        let found = catalog.find(id(number)).await;
        let Err(LoadError::Unreadable(why)) = &found else { panic!("a repeat would not help: {found:?}") };
        assert!(why.contains(&key(number)) && why.contains(what), "it says which and why: {why}");
    }
    let named = catalog.count(&of_name("place-sale")).await.expect("numbers");
    assert_eq!(named[&ProgressState::Running], Number { sagas: 2, at_least: true }, "any of them may have the name");
    assert_eq!(named[&ProgressState::Stuck], Number { sagas: 2, at_least: false });
}

#[tokio::test]
async fn one_saga_is_found_by_its_identity() {
    let table = ten_sagas().await;
    let catalog = catalog(&table);
    let saga = catalog.find(id(10)).await.expect("an answer").expect("a saga");
    assert_eq!((saga.id, saga.state, saga.subject.as_str()), (Some(id(10)), ProgressState::Stuck, "sale-10"));
    assert_eq!(catalog.find(id(11)).await, Ok(None));
    table.faults().fail(Operation::Load, 1);
    assert!(matches!(catalog.find(id(10)).await, Err(LoadError::Transient(_))));
}

#[tokio::test]
async fn the_sagas_of_each_state_are_counted() {
    let table = ten_sagas().await;
    let (catalog, exactly) = (catalog(&table), |sagas| Number { sagas, at_least: false });
    let all = |number: Number| ProgressState::STORED.map(|state| (state, number)).into();
    let whatever = Wanted { text: Some("nothing".to_owned()), ..of_states(&[ProgressState::Stuck]) };
    for wanted in [&Wanted::default(), &whatever, &of_step("nothing"), &of_name("place-sale")] {
        assert_eq!(catalog.count(wanted).await, Ok(all(exactly(2))), "{wanted:?}");
    }
    assert_eq!(catalog.count(&of_name("return-sale")).await, Ok(all(exactly(0))));
    let later = Wanted { started_after: Some(at(6)), ..Wanted::default() };
    assert_eq!(catalog.count(&later).await, Ok(all(exactly(1))));
    let between = Wanted { started_before: Some(at(10)), ..later };
    let numbers: BTreeMap<_, _> = catalog.count(&between).await.expect("numbers");
    assert_eq!(numbers[&ProgressState::Stuck], exactly(0));
    assert_eq!(numbers[&ProgressState::Running], exactly(1));
}

#[tokio::test]
async fn a_count_ends_at_a_thousand_and_at_a_hundred_by_name() {
    let table = MemoryStore::default();
    let completed = in_state(ProgressState::Completed).await;
    let number =
        async |wanted: &Wanted| catalog(&table).count(wanted).await.expect("numbers")[&ProgressState::Completed];
    many(&table, 100, &completed).await;
    assert_eq!(number(&of_name("place-sale")).await, Number { sagas: 100, at_least: false });
    many(&table, 101, &completed).await;
    assert_eq!(number(&of_name("place-sale")).await, Number { sagas: 100, at_least: true });
    assert_eq!(number(&of_name("return-sale")).await, Number { sagas: 0, at_least: true });
    many(&table, 1_000, &completed).await;
    assert_eq!(number(&Wanted::default()).await, Number { sagas: 1_000, at_least: false });
    many(&table, 1_001, &completed).await;
    assert_eq!(number(&Wanted::default()).await, Number { sagas: 1_000, at_least: true });
}

#[tokio::test]
async fn a_busy_table_is_told_and_nothing_is_left_out() {
    let table = ten_sagas().await;
    for operation in 1..=6 {
        table.faults().fail(Operation::Load, operation);
        let page = catalog(&table).list(&Wanted::default(), 20, None).await;
        assert!(matches!(page, Err(LoadError::Transient(_))), "operation {operation}: {page:?}");
    }
    table.faults().fail(Operation::Load, 3);
    assert!(matches!(catalog(&table).count(&Wanted::default()).await, Err(LoadError::Transient(_))));
}

/// An index that lags behind: it has each of these sagas in every state, and a saga that is gone.
struct Lagging(Vec<u128>);

#[async_trait]
impl KeyIndex for Lagging {
    async fn latest(&self, _: &str, _: &Span, _: u32) -> Result<Vec<IndexedKey>, LoadError> {
        let key = |number: &u128| IndexedKey { key: id(*number).to_string(), sort: sortable_time(at(1)) };
        Ok(self.0.iter().map(key).collect())
    }
}

#[tokio::test]
async fn a_saga_that_the_index_has_twice_or_no_more_is_listed_once_or_not_at_all() {
    let table = ten_sagas().await;
    let lagging = RecordedCatalog { by_state: Arc::new(Lagging(vec![10, 9, 77])), ..catalog(&table) };
    let page =
        lagging.list(&of_states(&[ProgressState::Running, ProgressState::Stuck]), 20, None).await.expect("a page");
    assert_eq!(numbers(&page.sagas), [10, 9]);
    assert_eq!(page.sagas[1].state, ProgressState::Compensated, "it is shown as it is by now");
    assert_eq!(page.next, None);
}
