//! The Step Functions lane's counts.

use messaging::LoadError;
use orchestration::{Catalog, ExecutionStatus, Happened, Number, ProgressState, Wanted};
use testkit::MemoryExecutions;
use testkit::builders::{at, id};

use super::{V1, V2, catalog, entered, in_state, many, of_name, of_states, of_text, tell, tell_state, ten_sagas};

#[tokio::test]
async fn the_sagas_of_each_state_are_counted() {
    let executions = ten_sagas();
    let (catalog, exactly) = (catalog(&executions), |sagas| Number { sagas, at_least: false });
    let all = |number: Number| ProgressState::STORED.map(|state| (state, number)).into();
    for wanted in [Wanted::default(), of_text("nothing"), of_states(&[ProgressState::Stuck]), of_name("place-sale")] {
        assert_eq!(catalog.count(&wanted).await, Ok(all(exactly(2))), "{wanted:?}");
    }
    assert_eq!(catalog.count(&of_name("return-sale")).await, Ok(all(exactly(0))));
    let later = Wanted { started_after: Some(at(6)), ..Wanted::default() };
    assert_eq!(catalog.count(&later).await, Ok(all(exactly(1))));
    let gave_up = [&entered("PackGoods")[..], &[Happened::GaveUp]].concat();
    for (number, status) in
        [(21, ExecutionStatus::Failed), (22, ExecutionStatus::Aborted), (23, ExecutionStatus::TimedOut)]
    {
        tell(&executions, V2, number, 30, &gave_up, status);
    }
    let numbers = catalog.count(&Wanted::default()).await.expect("numbers");
    assert_eq!(numbers[&ProgressState::Stuck], exactly(5));
}

#[tokio::test]
async fn a_count_says_when_there_may_be_more() {
    let number = async |executions: &MemoryExecutions, state| {
        catalog(executions).count(&Wanted::default()).await.expect("numbers")[&state]
    };
    for (state, beside) in
        [(ProgressState::Running, ProgressState::Stuck), (ProgressState::Completed, ProgressState::Compensated)]
    {
        let executions = many(25, state);
        assert_eq!(number(&executions, state).await, Number { sagas: 25, at_least: false }, "{state:?}");
        let executions = many(26, state);
        assert_eq!(number(&executions, state).await, Number { sagas: 25, at_least: true }, "{state:?}");
        assert_eq!(number(&executions, beside).await, Number { sagas: 0, at_least: true }, "{beside:?}");
    }
    let executions = many(5, ProgressState::Running);
    executions.tell_history(V1, &id(3).to_string(), Err(LoadError::Transient("busy".to_owned())));
    assert_eq!(number(&executions, ProgressState::Running).await, Number { sagas: 4, at_least: true });
    assert_eq!(number(&executions, ProgressState::Completed).await, Number { sagas: 0, at_least: false });
}

/// The oldest are the likeliest to be stuck.
#[tokio::test]
async fn of_many_sagas_that_go_on_the_oldest_are_looked_at() {
    let executions = many(60, ProgressState::Running);
    tell_state(&executions, 1, 1, ProgressState::Stuck);
    let numbers = catalog(&executions).count(&Wanted::default()).await.expect("numbers");
    assert_eq!(numbers[&ProgressState::Stuck], Number { sagas: 1, at_least: true });
}

/// Behind a thousand that ended well, those that did not are asked for by their status.
#[tokio::test]
async fn what_needs_a_persons_eye_is_counted_behind_whatever_ended_well() {
    let executions = many(1_000, ProgressState::Completed);
    let numbers = async || catalog(&executions).count(&of_name("place-sale")).await.expect("numbers");
    assert_eq!(numbers().await[&ProgressState::Stuck], Number { sagas: 0, at_least: false });
    let lists = executions.lists();
    assert_eq!(lists, 2, "one page of each machine tells all");
    let gave_up = [&entered("PackGoods")[..], &[Happened::GaveUp]].concat();
    tell(&executions, V1, 2_000, 5_000, &gave_up, ExecutionStatus::Failed);
    tell(&executions, V1, 2_001, -2_000, &in_state(ProgressState::Stuck).0, ExecutionStatus::Running);
    let numbers = numbers().await;
    assert_eq!(numbers[&ProgressState::Stuck], Number { sagas: 2, at_least: false });
    assert_eq!(numbers[&ProgressState::Completed], Number { sagas: 25, at_least: true });
    assert_eq!(executions.lists() - lists, 2 + 4, "and of one machine those of four statuses");
}
