//! The two ends of the Step Functions lane: what starts an execution, and what resumes one.

use std::sync::Arc;

use messaging::{Envelope, Failure, LoadError, Receiver, ids};
use orchestration::{MAX_INPUT_BYTES, Registry, ResumeSaga, Resumed, StartSaga, fingerprint};
use saga::Refusal;
use serde_json::{Value, json};
use testkit::builders::{self, at, succeeded};
use testkit::sagas::Placed;
use testkit::shop::v1::{CancelSale, CompleteSale, SaleCompleted, SalePlaced};
use testkit::warehouse::v1::ReserveGoods;
use testkit::{MemoryExecutions, Told};
use wire::Payload;
use wire::message::v1::CommandRefused;

use testkit::lane::{Lane, registry, saga_id, sale_placed};

async fn start(executions: &MemoryExecutions, event: &Envelope) -> Result<(), Failure> {
    StartSaga::new(registry(), Arc::new(executions.clone())).receive(event, at(0)).await
}

async fn resume(executions: &MemoryExecutions, reply: &Envelope) -> Result<(), Failure> {
    ResumeSaga::new(registry(), Arc::new(executions.clone())).receive(reply, at(0)).await
}

fn is_set_aside(result: &Result<(), Failure>, why: &str) -> bool {
    matches!(result, Err(Failure::SetAside(reason)) if reason.contains(why))
}

/// A reply with this token, to a command that may be refused.
fn reply(token: &str, payload: impl Into<Payload>) -> Envelope {
    reply_to("reserve-goods", token, payload)
}

fn reply_to(step: &str, token: &str, payload: impl Into<Payload>) -> Envelope {
    let mut reply = builders::command(7, payload);
    let correlation = reply.correlation.as_mut().expect("a correlation");
    (correlation.step, correlation.reply_token) = (step.to_owned(), token.to_owned());
    reply
}

#[tokio::test]
async fn an_event_starts_the_execution_that_is_its_saga() {
    let executions = MemoryExecutions::default();
    let event = Envelope { trace_parent: "00-1-2-01".to_owned(), ..sale_placed() };
    start(&executions, &event).await.expect("a start");
    start(&executions, &event).await.expect("the same start");
    let told = executions.told();
    assert_eq!(told[0], told[1], "a repeat names the same execution");
    let Told::Start { machine, name, input } = &told[0] else { panic!("{told:?}") };
    assert_eq!((machine.as_str(), name.clone()), ("place-sale-v1", saga_id().to_string()));
    let input: Value = serde_json::from_str(input).expect("JSON");
    let registry = registry();
    let definition = registry.definitions().next().expect("a definition");
    let known = json!({"name": "place-sale", "version": 1, "fingerprint": fingerprint(definition)});
    assert_eq!((&input["sagaId"], &input["definition"]), (&json!(saga_id()), &known));
    assert_eq!((&input["startedBy"], &input["traceParent"]), (&json!(event.message_id), &json!("00-1-2-01")));
    for command in definition.commands() {
        let worded = &input["commands"][command.state_name()];
        assert_eq!(worded["messageId"], json!(ids::command(saga_id(), command.handler)), "{command:?}");
    }
    assert_eq!(input["commands"].as_object().map(serde_json::Map::len), Some(definition.commands().count()));
}

/// All that the state machine's messages are made of, by the names under which it reads it.
#[tokio::test]
async fn an_executions_input_is_written_like_this() {
    let start = StartSaga::new(registry(), Arc::new(MemoryExecutions::default()));
    let event = Envelope { trace_parent: "00-1-2-01".to_owned(), ..sale_placed() };
    let input: Value = serde_json::from_str(&start.execution(&event).expect("an execution").input).expect("JSON");
    insta::assert_snapshot!(serde_json::to_string_pretty(&input).expect("JSON"));
}

#[tokio::test]
async fn an_input_may_be_as_long_as_step_functions_takes_and_no_longer() {
    assert_eq!(MAX_INPUT_BYTES, 262_144);
    let executions = MemoryExecutions::default();
    let long = |length: usize| Envelope { trace_parent: "x".repeat(length), ..sale_placed() };
    let empty = StartSaga::new(registry(), Arc::new(executions.clone())).execution(&long(0)).expect("an execution");
    let left = MAX_INPUT_BYTES - empty.input.len();
    assert_eq!(start(&executions, &long(left)).await, Ok(()));
    let Told::Start { input, .. } = &executions.told()[0] else { panic!("{:?}", executions.told()) };
    assert_eq!(input.len(), MAX_INPUT_BYTES);
    let too_long = start(&executions, &long(left + 1)).await;
    assert!(is_set_aside(&too_long, "the saga's input would be longer than 262144 bytes"), "{too_long:?}");
    assert_eq!(executions.told().len(), 1);
}

/// A registry whose newest version is the second, and that knows another saga besides.
fn two_versions() -> Registry {
    let version_2 = saga::saga::<Placed, Payload>("place-sale", 2)
        .undone_by::<CancelSale>()
        .pivot::<ReserveGoods>()
        .retriable::<CompleteSale>()
        .build();
    registry().with::<SalePlaced, Placed>(version_2)
}

#[tokio::test]
async fn an_event_starts_the_newest_version_unless_an_older_one_has_begun_with_it() {
    let executions = MemoryExecutions::default();
    let newest = StartSaga::new(two_versions(), Arc::new(executions.clone()));
    assert_eq!(newest.receive(&sale_placed(), at(0)).await, Ok(()));
    let machine = |told: &Told| match told {
        Told::Start { machine, .. } => machine.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(executions.told().iter().map(machine).collect::<Vec<_>>(), ["place-sale-v2"]);
    // The newest version's own execution is no reason: to start it again changes nothing.
    executions.tell_history("place-sale-v2", &saga_id().to_string(), Ok(vec![]));
    assert_eq!(newest.receive(&sale_placed(), at(0)).await, Ok(()));
    assert_eq!(executions.told().len(), 2);
    executions.tell_history("place-sale-v1", &saga_id().to_string(), Err(LoadError::Transient("busy".to_owned())));
    let unknown = newest.receive(&sale_placed(), at(0)).await;
    assert_eq!(unknown, Err(Failure::retry("loading failed: busy")), "nothing is started on a guess");
    executions.tell_history("place-sale-v1", &saga_id().to_string(), Ok(vec![]));
    assert_eq!(newest.receive(&sale_placed(), at(0)).await, Ok(()), "it came before, and finishes there");
    assert_eq!(executions.told().len(), 2);
}

/// The commands that both lanes send on the way to the end.
#[tokio::test]
async fn its_commands_are_those_of_the_rust_lane() {
    let start = StartSaga::new(registry(), Arc::new(MemoryExecutions::default()));
    let input = start.execution(&sale_placed()).expect("an execution").input;
    let input: Value = serde_json::from_str(&input).expect("JSON");
    let mut lane = Lane::started().await;
    for handler in ["reserve-goods", "charge-card", "pack-goods", "complete-sale"] {
        let sent = lane.command(handler);
        let definition = registry();
        let mut commands = definition.definitions().flat_map(saga::Definition::commands);
        let name = commands.find(|command| command.handler == handler).expect("a command").state_name();
        let worded = json!({"messageId": sent.message_id, "payload": sent.payload});
        assert_eq!(input["commands"][name], worded, "{handler}");
        lane.succeed(handler).await.expect("a reply");
    }
}

#[tokio::test]
async fn what_cannot_start_an_execution_is_set_aside() {
    let executions = MemoryExecutions::default();
    let stray = start(&executions, &builders::event(1, SaleCompleted::default())).await;
    assert!(is_set_aside(&stray, "shop.v1.SaleCompleted starts no saga"), "{stray:?}");
    let sale_id = "x".repeat(MAX_INPUT_BYTES / 7);
    let long = start(&executions, &builders::event(1, SalePlaced { sale_id, ..Default::default() })).await;
    assert!(is_set_aside(&long, "input would be longer"), "{long:?}");
    assert_eq!(executions.told(), []);
    executions.next(Err(Failure::retry("busy")));
    assert_eq!(start(&executions, &sale_placed()).await, Err(Failure::retry("busy")));
}

#[tokio::test]
async fn a_reply_resumes_the_task_that_waits_with_its_token() {
    let executions = MemoryExecutions::default();
    assert_eq!(resume(&executions, &reply("one", succeeded())).await, Ok(()));
    let (reason, message) = ("ö".repeat(501), "x".repeat(500));
    let refused = CommandRefused { reason, message: message.clone(), ..Default::default() };
    assert_eq!(resume(&executions, &reply("two", refused)).await, Ok(()));
    let told = executions.told();
    assert_eq!(told[0], Told::Succeed("one".to_owned()));
    let Told::Fail { token, error, cause } = &told[1] else { panic!("{told:?}") };
    assert_eq!((token.as_str(), error.as_str()), ("two", "Refused"));
    let cause: Refusal = serde_json::from_str(cause).expect("a refusal as JSON");
    assert_eq!(cause, Refusal::new("ö".repeat(500), message), "500 characters of each are kept");
    let message = "ü".repeat(501);
    let refused = CommandRefused { reason: String::new(), message, ..Default::default() };
    assert_eq!(resume(&executions, &reply("three", refused)).await, Ok(()));
    let cause = serde_json::to_string(&Refusal::new("", "ü".repeat(500))).expect("JSON");
    let (token, error) = ("three".to_owned(), "Refused".to_owned());
    assert_eq!(executions.told()[2], Told::Fail { token, error, cause });
}

#[tokio::test]
async fn a_reply_that_nobody_waits_for_is_acknowledged() {
    let executions = MemoryExecutions::default();
    let refused = || CommandRefused { reason: "NO".to_owned(), ..Default::default() };
    for reply in [reply("old", succeeded()), reply("old", refused())] {
        executions.next(Ok(Resumed::Stale));
        assert_eq!(resume(&executions, &reply).await, Ok(()));
        executions.next(Err(Failure::retry("busy")));
        assert_eq!(resume(&executions, &reply).await, Err(Failure::retry("busy")), "it may yet be waited for");
    }
}

#[tokio::test]
async fn what_is_no_reply_to_a_task_is_set_aside() {
    let executions = MemoryExecutions::default();
    let tokenless = resume(&executions, &reply("", succeeded())).await;
    assert!(is_set_aside(&tokenless, "no task token"), "{tokenless:?}");
    let nobodys = resume(&executions, &builders::event(7, succeeded())).await;
    assert!(is_set_aside(&nobodys, "no task token"), "{nobodys:?}");
    let strange = resume(&executions, &reply("one", SaleCompleted::default())).await;
    assert!(is_set_aside(&strange, "CommandRefused"), "{strange:?}");
    assert_eq!(executions.told(), []);
}

/// The task is not told, so it times out and sends the command again, as the Rust lane does.
#[tokio::test]
async fn a_refusal_against_the_contract_is_set_aside() {
    let executions = MemoryExecutions::default();
    for step in ["pack-goods", "complete-sale", "release-goods", "refund-card", "cancel-sale", "nobody", ""] {
        let refused = CommandRefused { reason: "NO".to_owned(), ..Default::default() };
        let refused = resume(&executions, &reply_to(step, "one", refused)).await;
        assert!(is_set_aside(&refused, "must not be refused"), "{step}: {refused:?}");
    }
    assert_eq!(executions.told(), []);
    for step in ["reserve-goods", "charge-card"] {
        let refused = CommandRefused { reason: "NO".to_owned(), message: "no".to_owned(), ..Default::default() };
        assert_eq!(resume(&executions, &reply_to(step, step, refused)).await, Ok(()));
    }
    let told = |step: &str| Told::Fail {
        token: step.to_owned(),
        error: "Refused".to_owned(),
        cause: r#"{"reason":"NO","message":"no"}"#.to_owned(),
    };
    assert_eq!(executions.told(), [told("reserve-goods"), told("charge-card")]);
}
