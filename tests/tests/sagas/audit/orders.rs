//! Order, ticket, card and sagas tell the same story.

use anyhow::{Context, Result, bail, ensure};
use billing::domain::Authorization;
use contracts::order_api::v1::{OrderStatus, SagaState};
use kitchen::domain::TicketStatus;
use orchestration::{Entry, EntryState, SagaInstance};
use order::domain::{Order, Status};
use tests::{forward, newest};
use uuid::Uuid;

use super::Audit;
use crate::deeds::Placing;
use crate::menu::{MENU, total, wanted};
use crate::provider::SILENT;

/// What an order's end means to the others.
struct End {
    shown: OrderStatus,
    reason: String,
    /// The ticket's status, if there has to be a ticket.
    ticket: Option<TicketStatus>,
    is_held: bool,
}

pub(super) async fn check(audit: &Audit<'_>, id: Uuid, placing: &Placing) -> Result<()> {
    let shop = &audit.world.shop;
    let order = shop.order(id).context("no order")?;
    stored(&order, placing)?;
    let end = end(audit, &order, placing)?;
    ticket(audit, id, placing, &end)?;
    card(audit, id, placing, &end)?;
    sagas(audit, &order, &end.reason)?;
    let found = shop.find(id, placing.customer).await?;
    let shown = found.order.as_option().context("an order")?;
    placing.must_show(shown, end.shown, &end.reason).map_err(anyhow::Error::msg)?;
    ensure!(found.sagas.len() == order.sagas.len(), "FindOrder shows other sagas: {:?}", found.sagas);
    for saga in &found.sagas {
        let is_over = saga.state == SagaState::SAGA_STATE_COMPLETED || saga.state == SagaState::SAGA_STATE_COMPENSATED;
        ensure!(is_over && saga.remaining.is_empty() && saga.ended_at.is_set(), "FindOrder shows {saga:?}");
    }
    ensure!(shop.find(id, "auth0|stranger").await.is_err(), "a stranger sees the order");
    Ok(())
}

/// What happened to an order, in a few words each.
pub(super) fn happened(audit: &Audit<'_>, id: Uuid) -> Result<Vec<String>> {
    let shop = &audit.world.shop;
    let order = shop.order(id).context("no order")?;
    let mut happened = vec![words(&order.status)];
    if happened == ["REJECTED for NO_ANSWER"] {
        let ticket = shop.ticket(id).is_some_and(|ticket| !ticket.is_tombstone());
        happened.push(format!("ticket undone {} it was created", if ticket { "after" } else { "before" }));
        if shop.table("authorizations").peek(&id.to_string()).is_some() {
            let asked = shop.provider.holds().iter().any(|hold| hold.reference == format!("order-{id}"));
            happened.push(format!("card undone {} it was asked", if asked { "after" } else { "before" }));
        }
    }
    Ok(happened)
}

/// An order's status in words.
pub(crate) fn words(status: &Status) -> String {
    match status {
        Status::ApprovalPending { .. } => "APPROVAL_PENDING".to_owned(),
        Status::Approved { cancellation_refused: None } => "APPROVED".to_owned(),
        Status::Approved { cancellation_refused: Some(reason) } => format!("APPROVED after {reason}"),
        Status::Rejected { reason } => format!("REJECTED for {reason}"),
        Status::CancelPending { .. } => "CANCEL_PENDING".to_owned(),
        Status::Canceled => "CANCELED".to_owned(),
    }
}

/// The order is what its customer placed.
fn stored(order: &Order, placing: &Placing) -> Result<()> {
    let lines = order.items.iter().map(|item| {
        (
            item.product.as_str(),
            i64::from(item.quantity),
            item.unit_price.currency().to_string(),
            item.unit_price.minor_units(),
        )
    });
    let asked = placing
        .lines
        .iter()
        .map(|line| (line.dish.id, i64::from(line.quantity), line.dish.currency.to_owned(), line.dish.price));
    ensure!(lines.eq(asked), "other lines are stored: {order:?}");
    let sum = (order.total.currency().to_string(), order.total.minor_units());
    ensure!(sum == total(&placing.lines), "another total is stored: {order:?}");
    ensure!(order.customer == placing.customer, "another customer is stored: {order:?}");
    Ok(())
}

fn end(audit: &Audit<'_>, order: &Order, placing: &Placing) -> Result<End> {
    use OrderStatus::{ORDER_STATUS_APPROVED, ORDER_STATUS_CANCELED, ORDER_STATUS_REJECTED};
    let notes = audit.world.shop.notes();
    let is_started = notes.started.contains(&order.id);
    let is_canceled = notes.cancellations.contains_key(&order.id);
    let is_good = placing.card == "tok_visa";
    match &order.status {
        Status::Approved { cancellation_refused } => {
            ensure!(is_good, "approved with a bad card");
            ensure!(is_canceled == cancellation_refused.is_some(), "a cancellation came to nothing");
            let reason = cancellation_refused.clone().unwrap_or_default();
            ensure!(is_started || !is_canceled, "a cancellation was refused, and nobody cooks");
            ensure!(!is_canceled || reason == "COOKING_HAS_STARTED", "a cancellation was refused for {reason}");
            let ticket = if is_started { TicketStatus::Preparing } else { TicketStatus::Approved };
            Ok(End { shown: ORDER_STATUS_APPROVED, reason, ticket: Some(ticket), is_held: true })
        }
        Status::Canceled => {
            ensure!(is_good && is_canceled && !is_started, "canceled out of the blue");
            let ticket = Some(TicketStatus::Canceled);
            Ok(End { shown: ORDER_STATUS_CANCELED, reason: String::new(), ticket, is_held: false })
        }
        Status::Rejected { reason } => {
            ensure!(!is_canceled && !is_started, "rejected after it was approved");
            drop(notes);
            let is_right = match reason.as_str() {
                "CARD_DECLINED" => placing.card == "tok_declined",
                "INSUFFICIENT_FUNDS" => placing.card == "tok_insufficient_funds",
                "OUT_OF_STOCK" => may_be_sold_out(audit, placing),
                "NO_ANSWER" => placing.card == SILENT || !audit.is_calm,
                _ => false,
            };
            ensure!(is_right, "rejected for {reason}");
            let is_silent = reason == "NO_ANSWER";
            let ticket = (!is_silent).then_some(TicketStatus::Rejected);
            Ok(End { shown: ORDER_STATUS_REJECTED, reason: reason.clone(), ticket, is_held: false })
        }
        Status::ApprovalPending { .. } | Status::CancelPending { .. } => bail!("the order still waits"),
    }
}

/// Whether all orders together want more of some product of this order than there ever was.
fn may_be_sold_out(audit: &Audit<'_>, placing: &Placing) -> bool {
    let notes = audit.world.shop.notes();
    MENU.iter().filter(|dish| wanted(&placing.lines, dish) > 0).any(|dish| {
        let all: i64 = audit.placed.values().map(|placing| wanted(&placing.lines, dish)).sum();
        notes.stock.get(dish.id).is_some_and(|counted| all > counted.least)
    })
}

fn ticket(audit: &Audit<'_>, id: Uuid, placing: &Placing, end: &End) -> Result<()> {
    let ticket = audit.world.shop.ticket(id);
    let Some(ticket) = ticket.filter(|ticket| !ticket.is_tombstone()) else {
        ensure!(end.ticket.is_none(), "there is no ticket");
        return Ok(());
    };
    let expected = end.ticket.unwrap_or(TicketStatus::Rejected);
    ensure!(ticket.status() == expected, "the ticket is {}, not {expected}", ticket.status());
    let items = ticket.items().iter().map(|item| (item.product.as_str(), i64::from(item.quantity)));
    let asked = placing.lines.iter().map(|line| (line.dish.id, i64::from(line.quantity)));
    ensure!(ticket.order_id() == id && items.eq(asked), "the ticket is for something else: {ticket:?}");
    Ok(())
}

fn card(audit: &Audit<'_>, id: Uuid, placing: &Placing, end: &End) -> Result<()> {
    let shop = &audit.world.shop;
    let (currency, minor_units) = total(&placing.lines);
    let held = shop.provider.held(id);
    let expected = end.is_held.then_some((currency.clone(), minor_units));
    ensure!(held == expected, "the card holds {held:?}, not {expected:?}");
    let record = shop.table("authorizations").peek(&id.to_string());
    let authorization = record.map(|record| record.aggregate::<Authorization>()).transpose()?;
    let charge = match &authorization {
        None | Some(Authorization::Voided { charge: None }) => None,
        Some(Authorization::Authorized { charge } | Authorization::Declined { charge, .. }) => Some(charge),
        Some(Authorization::Voided { charge }) => charge.as_ref(),
    };
    if let Some(charge) = charge {
        let known = (charge.amount.currency().to_string(), charge.amount.minor_units());
        ensure!(known == (currency, minor_units), "billing knows {charge:?}");
        ensure!(charge.customer_id == placing.customer, "billing knows {charge:?}");
    }
    let is_right = match (&authorization, end.shown) {
        (Some(Authorization::Authorized { .. }), OrderStatus::ORDER_STATUS_APPROVED) => true,
        (Some(Authorization::Voided { charge }), OrderStatus::ORDER_STATUS_CANCELED) => charge.is_some(),
        (Some(Authorization::Declined { decline, .. }), OrderStatus::ORDER_STATUS_REJECTED) => {
            end.reason == "NO_ANSWER" || contracts::Reason::from(decline.reason).name() == end.reason
        }
        (None, OrderStatus::ORDER_STATUS_REJECTED) => matches!(end.reason.as_str(), "OUT_OF_STOCK" | "NO_ANSWER"),
        (Some(Authorization::Voided { .. }), OrderStatus::ORDER_STATUS_REJECTED) => end.reason == "NO_ANSWER",
        _ => false,
    };
    ensure!(is_right, "billing knows {authorization:?} of an order that is {:?} for {:?}", end.shown, end.reason);
    Ok(())
}

/// The sagas went one of the ways that lead to the order's end.
fn sagas(audit: &Audit<'_>, order: &Order, reason: &str) -> Result<()> {
    let mut ways = Vec::new();
    for saga in &order.sagas {
        let record = audit.world.shop.table("sagas").peek(&saga.to_string()).context("a saga is missing")?;
        let instance: SagaInstance = record.aggregate()?;
        ensure!(instance.state.is_over() && instance.ended_at.is_some(), "a saga goes on: {instance:?}");
        instance.entries.iter().try_for_each(patient)?;
        ways.push(format!("{}: {}", instance.saga, way(&instance)));
    }
    let begun = "create-order: create-ticket";
    let approved = format!("create-order: {}", forward(&newest("create-order")?).join(" > "));
    let refused = "cancel-order: cancel-ticket COOKING_HAS_STARTED > reject-cancellation";
    let canceled = "cancel-order: cancel-ticket > cancel-card > confirm-cancellation";
    let first = ways.first().cloned().unwrap_or_default();
    let others: Vec<&str> = ways.iter().skip(1).map(String::as_str).collect();
    let is_right = match &order.status {
        Status::Rejected { .. } if reason == "OUT_OF_STOCK" => first == format!("{begun} {reason} > reject-order"),
        Status::Rejected { .. } if reason == "NO_ANSWER" => {
            let undone = "cancel-card > reject-ticket > reject-order";
            first == format!("{begun} {reason} > reject-ticket > reject-order")
                || first == format!("{begun} > authorize-card {reason} > {undone}")
        }
        Status::Rejected { .. } => first == format!("{begun} > authorize-card {reason} > reject-ticket > reject-order"),
        Status::Canceled => {
            let last = others.last().copied();
            first == approved && last == Some(canceled) && others.iter().filter(|way| **way != refused).count() == 1
        }
        _ => first == approved && others.iter().all(|way| *way == refused),
    };
    ensure!(is_right, "the sagas went {ways:?}");
    Ok(())
}

fn way(instance: &SagaInstance) -> String {
    let step = |entry: &Entry| match entry.state {
        EntryState::Succeeded => entry.handler.clone(),
        EntryState::Refused | EntryState::Unknown => format!("{} {}", entry.handler, entry.reason),
        EntryState::Sent => format!("{} for ever", entry.handler),
    };
    instance.entries.iter().map(step).collect::<Vec<_>>().join(" > ")
}

/// A step is given up after its third repeat and 150 seconds, and not before.
fn patient(entry: &Entry) -> Result<()> {
    let took = entry.ended_at.context("an entry without an end")? - entry.sent_at;
    ensure!(took >= time::Duration::ZERO, "{entry:?} ended before it began");
    match entry.state {
        EntryState::Unknown => {
            ensure!(entry.repeats == 3 && took >= time::Duration::seconds(150), "{entry:?} was given up early");
        }
        // Between two waits of its watchdog a command is repeated once: 10, 20, 40 and 80 seconds, and so on.
        _ => ensure!(i64::from(entry.repeats) <= took.whole_seconds() / 10, "{entry:?} was repeated early"),
    }
    Ok(())
}
