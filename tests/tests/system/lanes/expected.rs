//! What each command says, written down by hand: two lanes whose commands the same code words would agree on a wrong word.

use anyhow::{Context, Result, bail, ensure};
use contracts::order::v1::{CancellationRequested, LineItem, Money, OrderCreated};
use messaging::Payload;
use order::sagas::registry;
use saga::Definition;
use serde_json::{Value, json};
use tests::basket::{CURRENCY, LINES, TOTAL};

use super::paths::{Path, refusal};
use super::{Command, Trace};

/// What is ordered, and how many of each.
fn items() -> impl Iterator<Item = (&'static str, i32)> {
    ["margherita", "tiramisu", "espresso"].into_iter().zip(LINES.map(|(_, quantity)| quantity.cast_signed()))
}

/// What starts this saga: an order of three products, in francs.
pub(super) fn started_by(saga: &str, order_id: String) -> Result<Payload> {
    let customer_id = "auth0|anna".to_owned();
    Ok(match saga {
        "create-order" => {
            let item = |(product, quantity): (&str, i32)| LineItem {
                product_id: product.to_owned(),
                quantity,
                ..Default::default()
            };
            let total = Money { currency: CURRENCY.to_owned(), minor_units: TOTAL, ..Default::default() };
            let items = items().map(item).collect();
            let card_token = "tok_visa".to_owned();
            OrderCreated { order_id, customer_id, items, total: total.into(), card_token, ..Default::default() }.into()
        }
        "cancel-order" => CancellationRequested { order_id, customer_id, ..Default::default() }.into(),
        other => bail!("say what starts {other}"),
    })
}

/// Every command on this path says what it should.
pub(super) fn check(trace: &Trace, path: &Path, order_id: &str) -> Result<()> {
    ensure!(!trace.commands.is_empty(), "{} sends nothing", path.name);
    for Command { handler, payload, .. } in &trace.commands {
        let expected = payload_of(handler, order_id, path)?;
        ensure!(*payload == expected, "{}: {handler} is told {payload:#} instead of {expected:#}", path.name);
    }
    Ok(())
}

fn payload_of(handler: &str, order_id: &str, path: &Path) -> Result<Value> {
    let mut payload = json!({"orderId": order_id});
    let name = match handler {
        "create-ticket" => {
            payload["items"] =
                items().map(|(product, quantity)| json!({"productId": product, "quantity": quantity})).collect();
            "kitchen.v1.CreateTicket"
        }
        "authorize-card" => {
            payload["customerId"] = json!("auth0|anna");
            payload["currency"] = json!(CURRENCY);
            payload["minorUnits"] = json!(TOTAL.to_string());
            payload["cardToken"] = json!("tok_visa");
            "billing.v1.AuthorizeCard"
        }
        "reject-order" | "reject-cancellation" => {
            let is_given_up = path.is_given_up();
            payload["reason"] = json!(if is_given_up { "NO_ANSWER".to_owned() } else { refusal().reason });
            if handler == "reject-order" { "order.v1.RejectOrder" } else { "order.v1.RejectCancellation" }
        }
        // Every other command says which order it is about, and no more.
        other => &name_of(other)?,
    };
    payload["@type"] = json!(format!("type.googleapis.com/{name}"));
    Ok(payload)
}

/// The name of the message that this function handles.
fn name_of(handler: &str) -> Result<String> {
    let registry = registry();
    let mut commands = registry.definitions().flat_map(Definition::commands);
    let command = commands.find(|command| command.handler == handler).context("a command of a saga")?;
    Ok(format!("{}.v1.{}", command.participant, command.state_name()))
}
