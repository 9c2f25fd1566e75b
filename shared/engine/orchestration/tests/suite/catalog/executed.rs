//! The Step Functions lane's list.

mod counted;

use std::sync::Arc;

use messaging::LoadError;
use orchestration::{
    Catalog, ExecutedSagas, ExecutionStatus, Happened, HistoryEvent, Listed, ListedExecution, Number, ProgressState,
    StartSaga, Wanted,
};
use serde_json::json;
use testkit::MemoryExecutions;
use testkit::builders::{at, id};
use testkit::lane::sale_placed;
use testkit::sagas::both_versions;

use super::{listed, numbers, of_name, of_states, of_step, of_text, pages};

const V1: &str = "place-sale-v1";
const V2: &str = "place-sale-v2";

fn catalog(executions: &MemoryExecutions) -> ExecutedSagas {
    ExecutedSagas { registry: both_versions(), executions: Arc::new(executions.clone()) }
}

fn entered(state: &str) -> [Happened; 2] {
    [Happened::Entered(state.to_owned()), Happened::Scheduled]
}

fn done(state: &str) -> Vec<Happened> {
    [&entered(state)[..], &[Happened::Succeeded]].concat()
}

fn refused(state: &str) -> Vec<Happened> {
    let failed =
        Happened::Failed { error: "Refused".to_owned(), cause: r#"{"reason":"NO","message":"no"}"#.to_owned() };
    [&entered(state)[..], &[failed]].concat()
}

/// What has happened in an execution of version 1 in this state, and its status.
fn in_state(state: ProgressState) -> (Vec<Happened>, ExecutionStatus) {
    let reserved = done("ReserveGoods");
    let back = [reserved.clone(), refused("ChargeCard")].concat();
    match state {
        ProgressState::Running | ProgressState::Unknown => {
            ([reserved, entered("ChargeCard").to_vec()].concat(), ExecutionStatus::Running)
        }
        ProgressState::Compensating => ([back, entered("ReleaseGoods").to_vec()].concat(), ExecutionStatus::Running),
        ProgressState::Completed => {
            let rest = [done("ChargeCard"), done("PackGoods"), done("CompleteSale"), vec![Happened::Ended]].concat();
            ([reserved, rest].concat(), ExecutionStatus::Succeeded)
        }
        ProgressState::Compensated => {
            let rest = [done("ReleaseGoods"), done("CancelSale"), vec![Happened::Ended]].concat();
            ([back, rest].concat(), ExecutionStatus::Succeeded)
        }
        ProgressState::Stuck => {
            let silent = vec![vec![Happened::Scheduled, Happened::TimedOut]; 5].concat();
            let packing = [vec![Happened::Entered("PackGoods".to_owned())], silent].concat();
            ([reserved, done("ChargeCard"), packing].concat(), ExecutionStatus::Running)
        }
    }
}

/// Tells of an execution: begun at this second, with all its events then.
fn tell(
    executions: &MemoryExecutions,
    machine: &str,
    number: u128,
    second: i64,
    happened: &[Happened],
    status: ExecutionStatus,
) {
    let name = id(number).to_string();
    let event = |happened: &Happened| HistoryEvent { at: at(second), happened: happened.clone() };
    let history = [Happened::Started].iter().chain(happened).map(event).collect();
    executions.tell_history(machine, &name, Ok(history));
    let input = json!({"subject": format!("sale-{number}"), "startedBy": id(number + 1_000)});
    executions.tell_input(machine, &name, Ok(input.to_string()));
    // The order in which executions are listed is not that in which they began.
    let ended_at = (status != ExecutionStatus::Running).then(|| at(10_000 - second));
    executions.tell_execution(machine, ListedExecution { name, status, started_at: at(second), ended_at });
}

fn tell_state(executions: &MemoryExecutions, number: u128, second: i64, state: ProgressState) {
    let (happened, status) = in_state(state);
    tell(executions, V1, number, second, &happened, status);
}

/// A saga in each state, and another in each, of which the latter began later.
fn ten_sagas() -> MemoryExecutions {
    let executions = MemoryExecutions::default();
    for (state, number) in ProgressState::STORED.into_iter().zip(1..) {
        tell_state(&executions, number, i64::try_from(number).expect("a second"), state);
        tell_state(&executions, number + 5, i64::try_from(number + 5).expect("a second"), state);
    }
    executions
}

#[tokio::test]
async fn every_saga_is_listed_once_whatever_its_state_with_the_latest_first() {
    let executions = ten_sagas();
    tell(&executions, V2, 11, 11, &entered("ChargeCard"), ExecutionStatus::Running);
    let catalog = catalog(&executions);
    for limit in [1, 2, 3, 11, 100] {
        let sagas = pages(&catalog, &Wanted::default(), limit).await.concat();
        assert_eq!(numbers(&sagas), [11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1], "pages of {limit}");
        let states: Vec<ProgressState> = sagas.iter().skip(1).rev().map(|saga| saga.state).collect();
        assert_eq!(states, [ProgressState::STORED, ProgressState::STORED].concat());
        assert_eq!((sagas[0].version, sagas[1].version), (2, 1));
    }
}

#[tokio::test]
async fn a_saga_says_what_it_is_about_and_what_started_it() {
    let executions = ten_sagas();
    let catalog = catalog(&executions);
    let page = catalog.list(&Wanted::default(), 1, None).await.expect("a page");
    let found = catalog.find(id(10)).await.expect("an answer").expect("a saga");
    assert_eq!(page.sagas.first(), Some(&found), "a list shows a saga as it is shown alone");
    assert_eq!((found.id, found.subject.as_str()), (Some(id(10)), "sale-10"));
    assert_eq!((found.started_by, found.starting_event.as_str()), (Some(id(1_010)), "shop.v1.SalePlaced"));
    assert_eq!(catalog.find(id(12)).await, Ok(None));
}

/// Of an execution as it is started, and of those that were started before their inputs said it.
#[tokio::test]
async fn the_beginning_is_read_from_the_input_that_the_execution_was_started_with() {
    let executions = MemoryExecutions::default();
    let event = sale_placed();
    let started =
        StartSaga::new(both_versions(), Arc::new(executions.clone())).execution(&event).expect("an execution");
    let saga = started.name.parse().expect("an identity");
    for (input, subject, started_by) in [
        (Ok(started.input), "sale-1", Some(event.message_id)),
        (Ok(json!({"startedBy": id(7)}).to_string()), "", Some(id(7))),
        (Ok("no JSON".to_owned()), "", None),
        (Err(LoadError::Transient("busy".to_owned())), "", None),
    ] {
        tell(&executions, V2, uuid::Uuid::as_u128(&saga), 1, &entered("ChargeCard"), ExecutionStatus::Running);
        executions.tell_input(V2, &started.name, input.clone());
        let found = catalog(&executions).find(saga).await.expect("an answer").expect("a saga");
        assert_eq!((found.subject.as_str(), found.started_by), (subject, started_by), "{input:?}");
        assert_eq!(found.state, ProgressState::Running);
    }
}

#[tokio::test]
async fn only_the_wanted_states_are_listed() {
    let executions = ten_sagas();
    let gave_up = [&entered("PackGoods")[..], &[Happened::GaveUp]].concat();
    for (number, status) in
        [(21, ExecutionStatus::Failed), (22, ExecutionStatus::Aborted), (23, ExecutionStatus::TimedOut)]
    {
        tell(&executions, V1, number, i64::try_from(number).expect("a second"), &gave_up, status);
    }
    let catalog = catalog(&executions);
    for (state, number) in ProgressState::STORED.into_iter().zip(1..5) {
        assert_eq!(listed(&catalog, &of_states(&[state]), 20).await, [number + 5, number], "{state:?}");
    }
    assert_eq!(listed(&catalog, &of_states(&[ProgressState::Stuck]), 2).await, [23, 22, 21, 10, 5]);
    let some = [ProgressState::Running, ProgressState::Completed];
    assert_eq!(listed(&catalog, &of_states(&some), 2).await, [8, 6, 3, 1]);
    assert_eq!(listed(&catalog, &of_states(&ProgressState::STORED), 20).await.len(), 13);
}

#[tokio::test]
async fn a_saga_is_found_by_its_name_its_latest_command_its_texts_and_its_time() {
    let catalog = catalog(&ten_sagas());
    assert_eq!(listed(&catalog, &of_name("place-sale"), 20).await.len(), 10);
    assert_eq!(listed(&catalog, &of_name("return-sale"), 20).await, []);
    assert_eq!(listed(&catalog, &of_step("release-goods"), 20).await, [7, 2]);
    assert_eq!(listed(&catalog, &of_text("SALE-7"), 20).await, [7]);
    assert_eq!(listed(&catalog, &of_text("no"), 20).await, [9, 7, 4, 2]);
    let from = |after, before| Wanted { started_after: after, started_before: before, ..Wanted::default() };
    assert_eq!(listed(&catalog, &from(Some(at(8)), None), 2).await, [10, 9, 8], "at that time or later");
    assert_eq!(listed(&catalog, &from(None, Some(at(3))), 2).await, [2, 1], "before that time");
    assert_eq!(listed(&catalog, &from(Some(at(4)), Some(at(7))), 2).await, [6, 5, 4]);
}

#[tokio::test]
async fn a_token_leads_through_its_own_list_only() {
    let catalog = catalog(&ten_sagas());
    let token = catalog.list(&Wanted::default(), 2, None).await.expect("a page").next.expect("a token");
    let running = of_states(&[ProgressState::Running]);
    for (wanted, bad) in [(&running, token.as_str()), (&Wanted::default(), "nonsense"), (&Wanted::default(), "")] {
        assert_eq!(catalog.list(wanted, 2, Some(bad)).await, Err(LoadError::BadToken), "{bad}");
    }
}

/// So many sagas alike, one a second, from number 1 on.
fn many(count: u128, state: ProgressState) -> MemoryExecutions {
    let executions = MemoryExecutions::default();
    for number in 1..=count {
        tell_state(&executions, number, i64::try_from(number).expect("a second"), state);
    }
    executions
}

/// More than one window, and more than one call reads. Executions that ended are listed by when they did: here the earliest
/// to begin ended last.
#[tokio::test]
async fn a_long_list_is_whole_and_in_order() {
    for state in [ProgressState::Running, ProgressState::Completed] {
        let executions = many(450, state);
        tell(&executions, V2, 1_000, 225, &entered("ChargeCard"), ExecutionStatus::Running);
        let mut expected: Vec<u128> = (1..=450).rev().collect();
        expected.insert(225, 1_000);
        assert_eq!(listed(&catalog(&executions), &Wanted::default(), 70).await, expected, "{state:?}");
    }
}

#[tokio::test]
async fn a_saga_that_begins_between_two_pages_moves_no_other() {
    let executions = many(300, ProgressState::Running);
    let first = catalog(&executions).list(&Wanted::default(), 50, None).await.expect("a page");
    for number in 301..=310 {
        tell_state(&executions, number, i64::try_from(number).expect("a second"), ProgressState::Running);
    }
    let (mut found, mut token) = (numbers(&first.sagas), first.next);
    while let Some(next) = token {
        let page = catalog(&executions).list(&Wanted::default(), 50, Some(&next)).await.expect("a page");
        found.extend(numbers(&page.sagas));
        token = page.next;
    }
    assert_eq!(found, (1..=300).rev().collect::<Vec<u128>>(), "each once, in order");
}

#[tokio::test]
async fn one_call_looks_at_a_limited_number_of_executions() {
    let executions = many(450, ProgressState::Running);
    let Listed { sagas, next } = catalog(&executions).list(&of_text("needle"), 20, None).await.expect("a page");
    assert_eq!((sagas.len(), next.is_some(), executions.asked().len()), (0, true, 100));
    assert_eq!(executions.lists(), 2, "one page of each machine");
    let page = catalog(&executions).list(&Wanted::default(), 20, None).await.expect("a page");
    assert_eq!((page.sagas.len(), executions.asked().len()), (20, 120), "no history is read that is not shown");
}

#[tokio::test]
async fn no_input_is_read_of_a_saga_that_its_history_rules_out() {
    let executions = ten_sagas();
    let described = async |wanted: &Wanted| {
        let before = executions.described();
        let found = listed(&catalog(&executions), wanted, 20).await;
        (executions.described() - before, found)
    };
    assert_eq!(described(&of_states(&[ProgressState::Compensating])).await, (2, vec![7, 2]));
    assert_eq!(described(&of_step("release-goods")).await, (2, vec![7, 2]));
    let both = Wanted { states: vec![ProgressState::Compensated], ..of_text("sale-9") };
    assert_eq!(described(&both).await, (2, vec![9]), "the input tells a part of the texts");
    assert_eq!(described(&Wanted::default()).await.0, 10);
}

/// What an idle machine has from long ago comes behind all that a busy machine has of late.
#[tokio::test]
async fn a_list_goes_no_further_than_each_machine_is_known() {
    let executions = many(450, ProgressState::Completed);
    let idle = (1_000..1_250).zip((0..250).map(|tens| 245 - 10 * tens));
    idle.clone().for_each(|(it, at)| tell(&executions, V2, it, at, &entered("ChargeCard"), ExecutionStatus::Running));
    let mut expected: Vec<(i64, u128)> =
        (1..=450).zip(1..).chain(idle.map(|(number, second)| (second, number))).collect();
    expected.sort_unstable();
    let expected: Vec<u128> = expected.into_iter().rev().map(|(_, number)| number).collect();
    for limit in [20, 100] {
        assert_eq!(listed(&catalog(&executions), &Wanted::default(), limit).await, expected, "pages of {limit}");
    }
}

#[tokio::test]
async fn a_list_says_where_it_goes_no_further_back() {
    let executions = MemoryExecutions::default();
    let listed = |number: u128| ListedExecution {
        name: id(number).to_string(),
        status: ExecutionStatus::Running,
        started_at: at(i64::try_from(number).expect("a second")),
        ended_at: None,
    };
    executions.tell_executions(V1, (1..=10_003).map(listed));
    tell_state(&executions, 7, 7, ProgressState::Running);
    tell(&executions, V2, 20_000, 2, &entered("ChargeCard"), ExecutionStatus::Running);
    let early = |second| Wanted { started_before: Some(at(second)), ..Wanted::default() };
    let first = catalog(&executions).list(&early(4), 20, None).await.expect("a page");
    assert_eq!((first.sagas, executions.lists()), (vec![], 10 + 1), "the other machine has nothing after its first");
    let further = catalog(&executions).list(&early(4), 20, first.next.as_deref()).await;
    assert_eq!(further, Err(LoadError::TooFar), "no list ends before its end and says nothing");
    let first = catalog(&executions).list(&early(8), 20, None).await.expect("a page");
    assert_eq!((numbers(&first.sagas), first.next.is_some()), (vec![7], true));
    let lately = Wanted { started_after: Some(at(10_003)), ..Wanted::default() };
    let before = executions.lists();
    assert_eq!(catalog(&executions).list(&lately, 20, None).await, Ok(Listed { sagas: vec![], next: None }));
    assert_eq!(executions.lists() - before, 2, "no page is opened that lies before the wanted time");
}

#[tokio::test]
async fn what_cannot_be_read_is_unknown_and_hides_no_other() {
    let executions = ten_sagas();
    executions.tell_history(V1, &id(10).to_string(), Err(LoadError::Transient("busy".to_owned())));
    let page = catalog(&executions).list(&Wanted::default(), 2, None).await.expect("a page");
    assert_eq!(numbers(&page.sagas), [10, 9]);
    let saga = &page.sagas[0];
    assert_eq!((saga.state, saga.started_at, saga.subject.as_str()), (ProgressState::Unknown, Some(at(10)), "sale-10"));
    assert_eq!((saga.saga.as_str(), saga.version), ("place-sale", 1));
    let completed = of_states(&[ProgressState::Running]);
    assert_eq!(listed(&catalog(&executions), &completed, 20).await, [10, 6, 1], "it may be in any state that goes on");
    assert_eq!(catalog(&executions).find(id(10)).await, Err(LoadError::Transient("busy".to_owned())));
    executions.fail_list(LoadError::Transient("busy".to_owned()));
    assert!(catalog(&executions).list(&Wanted::default(), 2, None).await.is_err(), "a list that would lack sagas");
    executions.fail_list(LoadError::Transient("busy".to_owned()));
    assert!(catalog(&executions).count(&Wanted::default()).await.is_err());
}

/// Whichever machine is asked first.
#[tokio::test]
async fn a_saga_is_to_be_asked_for_again_unless_no_machine_may_have_it_later() {
    let (busy, endless) = (LoadError::Transient("busy".to_owned()), LoadError::Unreadable("endless".to_owned()));
    for (first, second, told) in [(&busy, &endless, &busy), (&endless, &busy, &busy), (&endless, &endless, &endless)] {
        let executions = ten_sagas();
        executions.tell_history(V1, &id(10).to_string(), Err(first.clone()));
        executions.tell_history(V2, &id(10).to_string(), Err(second.clone()));
        assert_eq!(catalog(&executions).find(id(10)).await, Err(told.clone()), "{first}, {second}");
    }
}

/// It may have ended between the two lists that were asked for.
#[tokio::test]
async fn an_execution_that_two_lists_have_is_listed_once() {
    let executions = ten_sagas();
    tell(&executions, V2, 10, 10, &entered("ChargeCard"), ExecutionStatus::Running);
    assert_eq!(listed(&catalog(&executions), &Wanted::default(), 20).await.len(), 10);
}

/// Somebody may have started an execution by hand.
#[tokio::test]
async fn an_execution_that_is_no_saga_is_not_listed() {
    let executions = ten_sagas();
    let (name, status, started_at) = ("by hand".to_owned(), ExecutionStatus::Running, at(20));
    executions.tell_execution(V1, ListedExecution { name, status, started_at, ended_at: None });
    // And another is forgotten by now.
    let (name, status, started_at) = (id(77).to_string(), ExecutionStatus::Running, at(21));
    executions.tell_execution(V1, ListedExecution { name, status, started_at, ended_at: None });
    assert_eq!(listed(&catalog(&executions), &Wanted::default(), 20).await.len(), 10);
    let numbers = catalog(&executions).count(&Wanted::default()).await.expect("numbers");
    assert_eq!(numbers[&ProgressState::Running], Number { sagas: 2, at_least: false });
}
