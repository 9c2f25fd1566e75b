use aws::Clients;

use super::*;
use crate::letters::tests::{Sqs, serve};

const TEMPLATE: &str = include_str!("../../../../template.yaml");

/// The stack `order-saga` in an account that has these queues.
async fn stack(queues: &[&str]) -> Stack {
    let queues = queues.iter().map(|&queue| queue.to_owned()).collect();
    let (config, _) = serve(Sqs { queues, ..Sqs::default() }).await;
    Stack { name: "order-saga".to_owned(), clients: Clients::of(config) }
}

#[tokio::test]
async fn a_function_is_known_by_its_name_its_queues_and_its_alarm() {
    let stack = stack(&[]).await;
    for name in ["create-ticket", "order-saga-create-ticket", "create-ticket-dead", "order-saga-create-ticket-dead"] {
        assert_eq!(stack.function(name).await.expect("a function"), "create-ticket");
    }
    assert_eq!(stack.function("saga").await.expect("a function"), "saga");
}

#[test]
fn every_dead_letter_queue_of_the_template_is_known_and_no_other() {
    let names = TEMPLATE.lines().filter_map(|line| line.trim().strip_prefix("QueueName: !Sub ${AWS::StackName}-"));
    let dead: BTreeSet<&str> = names.filter_map(|name| name.strip_suffix(DEAD)).collect();
    assert_eq!(functions(), dead);
}

/// The names of a stack's queues begin like those of the stack `order-saga-dev`.
#[tokio::test]
async fn the_queues_of_another_stack_are_neither_listed_nor_taken() {
    let stack = stack(&[
        "order-saga-create-ticket",
        "order-saga-create-ticket-dead",
        "order-saga-dev-create-ticket",
        "order-saga-dev-create-ticket-dead",
        "order-saga-saga-dead",
    ])
    .await;
    let urls = stack.dead_letter_queues().await.expect("URLs");
    let names: Vec<&str> = urls.iter().map(|url| last(url)).collect();
    assert_eq!(names, ["order-saga-create-ticket-dead", "order-saga-saga-dead"]);
    for name in ["dev-create-ticket", "order-saga-dev-create-ticket-dead", "", "no-such-step"] {
        let error = stack.function(name).await.expect_err("a refusal").to_string();
        assert_eq!(error, format!("there is no queue {name}: in the stack order-saga there are create-ticket, saga"));
    }
}
