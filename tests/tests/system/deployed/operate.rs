//! The operators' program against the deployed system: what was set aside is moved back, what was lost is found again.

use std::process::{Command, Output};
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use aws_sdk_dynamodb::types::AttributeValue;
use aws_sdk_sqs::types::MessageAttributeValue;
use libtest_mimic::Trial;
use local::{Card, Deadline, Lane, Story, Workspace};
use messaging::ids;
use serde_json::{Value, json};
use tests::basket::Basket;
use tests::{LazySystem, System};
use uuid::Uuid;

use super::alone;

pub(crate) fn trials(system: &Arc<LazySystem>) -> Vec<Trial> {
    let mut trials = vec![
        alone("operate::what_was_set_aside_is_shown_and_moved_back_once_it_is_mended", system, moved_back),
        alone("operate::an_order_whose_event_was_lost_is_listed_and_published_again", system, published_again),
        alone("operate::an_event_that_the_relay_set_aside_is_published", system, set_aside_by_the_relay),
    ];
    if system.lane() == Lane::Rust {
        trials.push(alone("operate::a_saga_that_has_lost_its_watchdog_is_woken", system, woken));
    }
    trials
}

/// What the program says when it is called as an operator calls it, and whether it ended well.
async fn operate(system: &System, words: &[&str]) -> Result<(bool, String)> {
    let mut command = Command::new(Workspace::here().binary("operate")?);
    let endpoint = system.aws().emulator().endpoint();
    let environment = [
        ("AWS_ENDPOINT_URL", endpoint),
        ("AWS_ACCESS_KEY_ID", "test"),
        ("AWS_SECRET_ACCESS_KEY", "test"),
        ("AWS_REGION", "us-east-1"),
        ("STACK", "order-saga"),
    ];
    command.args(words).env_clear().envs(environment);
    let Output { status, stdout, stderr } = tokio::task::spawn_blocking(move || command.output()).await??;
    let said = format!("{}{}", String::from_utf8(stdout)?, String::from_utf8(stderr)?);
    let place = format!("the stack order-saga at {endpoint}\n");
    ensure!(said.starts_with(&place), "{words:?} does not say where it acts: {said}");
    Ok((status.success(), said))
}

/// The same, which must end well.
async fn well(system: &System, words: &[&str]) -> Result<String> {
    let (ended_well, said) = operate(system, words).await?;
    ensure!(ended_well, "{words:?}: {said}");
    Ok(said)
}

/// SQS's id of the message in whose description `text` stands.
fn shown_with(said: &str, text: &str) -> Option<String> {
    let block = said.split("\n\n").find(|block| block.contains(text))?;
    block.lines().next().map(str::to_owned)
}

/// Waits until the program shows so many messages of a queue.
async fn await_shown(system: &System, function: &str, count: usize) -> Result<String> {
    let deadline = Deadline::soon();
    loop {
        let said = well(system, &["redrive", function]).await?;
        if said.contains(&format!("\n{count} message")) {
            return Ok(said);
        }
        deadline.wait_or(|| format!("{count} messages were not shown: {said}")).await?;
    }
}

/// A command to make this order's ticket, by hand; nobody waits for its reply.
fn create_ticket(order: Uuid, saga: Uuid, product: &str, reply_to: &str) -> String {
    json!({
        "subject": {
            "type": "kitchen.v1.CreateTicket", "source": "by-hand", "messageId": order,
            "correlation": {"sagaId": saga, "step": "create-ticket", "replyTo": reply_to},
            "occurredAt": "2026-11-23T07:00:00Z",
        },
        "payload": {
            "@type": "type.googleapis.com/kitchen.v1.CreateTicket", "orderId": order,
            "items": [{"productId": product, "quantity": 3}],
        },
    })
    .to_string()
}

/// The tickets' items are broken when the commands come, so no attempt can succeed until somebody mends them.
async fn moved_back(system: Arc<System>) -> Result<()> {
    // What other tests have set aside there is none of this test's business.
    system.dead_letters_now("CreateTicketDeadLetterQueue", |_| true).await?;
    let product = format!("p-{}", Uuid::new_v4());
    system.stocked(&product, 10).await?;
    let (dynamodb, saga) = (&system.aws().clients().dynamodb, Uuid::new_v4());
    let table = system.aws().stack().resource("TicketsTable")?;
    let orders = [Uuid::new_v4(), Uuid::new_v4()];
    for order in &orders {
        let item = dynamodb.put_item().table_name(table).item("key", AttributeValue::S(order.to_string()));
        item.item("version", AttributeValue::S("broken".to_owned())).send().await?;
        system.put("CreateTicketQueue", &create_ticket(*order, saga, &product, system.reply_queue()?)).await?;
    }
    let said = await_shown(&system, "create-ticket", 2).await?;
    let mut letters = Vec::new();
    for order in &orders {
        let holds = format!("holds  kitchen.v1.CreateTicket, message {order}, saga {saga}, order {order}");
        let letter = shown_with(&said, &holds).with_context(|| format!("{holds} is not in {said}"))?;
        ensure!(
            shown_with(&said, &letter).is_some() && said.contains("reason the stored item cannot be read"),
            "{said}"
        );
        letters.push(letter);
        let key = AttributeValue::S(order.to_string());
        dynamodb.delete_item().table_name(table).key("key", key).send().await?;
    }
    ensure!(!said.contains(&product), "what a payload holds is shown: {said}");

    let name = "order-saga-create-ticket-dead";
    let said = well(&system, &["redrive", name, "--message", &letters[0]]).await?;
    ensure!(said.contains(&format!("{}: moved", letters[0])), "{said}");
    let deadline = Deadline::soon();
    while system.stored("TicketsTable", &orders[0].to_string()).await?.is_none() {
        deadline.wait_or(|| "what was moved was not handled".to_owned()).await?;
    }
    let said = well(&system, &["redrive", "create-ticket"]).await?;
    ensure!(said.contains("\n1 message in ") && said.contains(&letters[1]), "shown, and there at once: {said}");
    let (ended_well, said) = operate(&system, &["redrive", "create-ticket", "--message", "nobody"]).await?;
    ensure!(!ended_well && said.contains("not among the messages"), "{said}");
    ensure!(system.stored("TicketsTable", &orders[1].to_string()).await?.is_none(), "it was not chosen");

    well(&system, &["redrive", "create-ticket", "--all"]).await?;
    let deadline = Deadline::soon();
    while system.stored("TicketsTable", &orders[1].to_string()).await?.is_none() {
        deadline.wait_or(|| "what was moved was not handled".to_owned()).await?;
    }
    ensure!(system.stock(&product).await? == 4, "each took its own, once");
    ensure!(well(&system, &["redrive", "create-ticket"]).await?.contains("\n0 messages in "));
    discarded(&system).await?;
    unknown_queues(&system).await
}

/// What nobody will ever want is deleted, by its id alone.
async fn discarded(system: &System) -> Result<()> {
    system.put("CreateTicketDeadLetterQueue", "not json").await?;
    let said = await_shown(system, "create-ticket", 1).await?;
    let letter = shown_with(&said, "8 bytes that are no message of ours").with_context(|| said.clone())?;
    well(system, &["redrive", "create-ticket", "--discard", &letter]).await?;
    let said = well(system, &["redrive", "create-ticket"]).await?;
    ensure!(said.contains("\n0 messages in "), "{said}");
    Ok(())
}

async fn unknown_queues(system: &System) -> Result<()> {
    for unknown in ["burn-ticket", "create-order"] {
        let (ended_well, said) = operate(system, &["redrive", unknown]).await?;
        let names = ["create-ticket", "relay-outbox", "saga", "start-saga", "resume-saga"];
        ensure!(!ended_well && names.iter().all(|name| said.contains(name)), "{unknown}: {said}");
    }
    Ok(())
}

/// An order whose saga has not begun, because the event that starts it came to nobody; gives its id.
async fn lost_event(system: &System, basket: &Basket, customer: &str) -> Result<String> {
    let (function, queue, action) = match system.lane() {
        Lane::Rust => ("OrchestrateSagaFunction", "SagaQueue", "PutItem"),
        Lane::StepFunctions => ("StartSagaFunction", "StartSagaQueue", "StartExecution"),
    };
    lost(system, basket, customer, (function, queue, action)).await
}

/// An order of which a function forgets what it was about to do: it dies, and its message does not come again.
async fn lost(system: &System, basket: &Basket, customer: &str, whose: (&str, &str, &str)) -> Result<String> {
    let (function, queue, action) = whose;
    let held = system.aws().recorder().hold_next(function, action);
    let order = basket.place(&system.customer(customer)?, Card::Good).await?;
    let held = held.await.context("the call never came")?;
    system.aws().clients().sqs.purge_queue().queue_url(system.queue(queue)?).send().await?;
    ensure!(system.aws().kill_function(function)? > 0, "no process of {function} was running");
    drop(held);
    system.await_empty(queue).await?;
    Ok(order)
}

async fn published_again(system: Arc<System>) -> Result<()> {
    let basket = Basket::new(&system, [9; 3]).await?;
    let order = lost_event(&system, &basket, "lost-event").await?;
    let saga = ids::saga(ids::event(&order, 1, 0));
    let said = well(&system, &["republish", "--minutes", "0"]).await?;
    let waits = format!("order.v1.OrderCreated should start the saga {saga}");
    let line = said.lines().find(|line| line.contains(&order)).with_context(|| format!("not listed: {said}"))?;
    ensure!(line.ends_with(&waits), "{line} instead of {waits}");
    ensure!(!well(&system, &["republish"]).await?.contains(&order), "it has not waited for half an hour");

    let said = well(&system, &["republish", &order]).await?;
    ensure!(said.contains("order.v1.OrderCreated is published again"), "{said}");
    system.await_status(&system.customer("lost-event")?, &order, "APPROVED").await?;
    basket.check(&system, "lost-event", &order, &Story::APPROVED).await?;
    // Its last event is now another: who has had it knows it.
    let before = system.stored("OrdersTable", &order).await?;
    let said = well(&system, &["republish", &order]).await?;
    ensure!(said.contains("order.v1.OrderApproved is published again"), "{said}");
    ensure!(system.stored("OrdersTable", &order).await? == before, "the order is another");
    let (ended_well, said) = operate(&system, &["republish", &Uuid::new_v4().to_string()]).await?;
    ensure!(!ended_well && said.contains("there is no order"), "{said}");
    Ok(())
}

async fn set_aside_by_the_relay(system: Arc<System>) -> Result<()> {
    system.dead_letters_now("RelayOutboxDeadLetterQueue", |_| true).await?;
    let basket = Basket::new(&system, [9; 3]).await?;
    let order = lost_event(&system, &basket, "set-aside-event").await?;
    let stored = system.stored("OrdersTable", &order).await?.context("an order")?;
    let event = stored.outbox.first().context("an event")?;
    let reason =
        MessageAttributeValue::builder().data_type("String").string_value("the outbox says otherwise").build()?;
    let (sqs, dead) = (&system.aws().clients().sqs, system.queue("RelayOutboxDeadLetterQueue")?);
    let request = sqs.send_message().queue_url(dead).message_body(&event.body);
    request.message_attributes("reason", reason).send().await?;
    let given_up: Value = json!({"DDBStreamBatchInfo": {
        "shardId": "shardId-1", "startSequenceNumber": "10", "endSequenceNumber": "12", "batchSize": 3,
        "approximateArrivalOfFirstRecord": "2026-11-23T07:00:00Z", "streamArn": "arn:aws:dynamodb:us-east-1:1:table/t/stream/s",
    }});
    system.put("RelayOutboxDeadLetterQueue", &given_up.to_string()).await?;

    let said = await_shown(&system, "relay-outbox", 2).await?;
    ensure!(said.contains("reason the outbox says otherwise") && said.contains(&format!("order {order}")), "{said}");
    ensure!(!said.contains("tok_visa"), "the card is shown");
    let positions = shown_with(&said, "reason Lambda gave these writes up").context("Lambda's record is not shown")?;
    let (ended_well, said) = operate(&system, &["redrive", "relay-outbox", "--all"]).await?;
    ensure!(!ended_well && said.contains(&format!("{positions} stays: it holds no event")), "{said}");
    system.await_status(&system.customer("set-aside-event")?, &order, "APPROVED").await?;
    basket.check(&system, "set-aside-event", &order, &Story::APPROVED).await?;
    well(&system, &["redrive", "relay-outbox", "--discard", &positions]).await?;
    ensure!(well(&system, &["redrive", "relay-outbox"]).await?.contains("\n0 messages in "));
    Ok(())
}

/// The orchestrator dies before it sends its first command and its watchdog, and the event does not come again.
async fn woken(system: Arc<System>) -> Result<()> {
    let basket = Basket::new(&system, [9; 3]).await?;
    let whose = ("OrchestrateSagaFunction", "SagaQueue", "SendMessage");
    let order = lost(&system, &basket, "lost-watchdog", whose).await?;
    let saga = ids::saga(ids::event(&order, 1, 0)).to_string();
    let deadline = Deadline::soon();
    let said = loop {
        let said = well(&system, &["wake", "--minutes", "0"]).await?;
        if said.contains(&saga) {
            break said;
        }
        deadline.wait_or(|| format!("{saga} is not listed: {said}")).await?;
    };
    ensure!(said.contains(&format!("{saga} create-order v1 waits for create-ticket, repeated 0 times")), "{said}");
    let begun = well(&system, &["republish", "--minutes", "0"]).await?;
    ensure!(!begun.contains(&order), "its saga has begun: {begun}");
    let record = system.stored("SagasTable", &saga).await?.context("a saga")?;
    ensure!(record.version == 1, "somebody else has woken it: {record:?}");

    let said = well(&system, &["wake", &saga]).await?;
    ensure!(said.contains(&format!("{saga} is woken")), "{said}");
    system.await_status(&system.customer("lost-watchdog")?, &order, "APPROVED").await?;
    basket.check(&system, "lost-watchdog", &order, &Story::APPROVED).await?;
    system.await_saga(ids::event(&order, 1, 0)).await?;
    let said = well(&system, &["wake", &saga]).await?;
    ensure!(said.contains(&format!("{saga} is over")), "{said}");
    Ok(())
}
