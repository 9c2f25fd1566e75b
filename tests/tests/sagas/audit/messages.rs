//! Every message says whence it comes, and the same message always says the same.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, ensure};
use contracts::billing::v1::AuthorizeCard;
use contracts::kitchen::v1::CreateTicket;
use contracts::order::v1 as events;
use messaging::Envelope;
use messaging::WireMessage;
use testkit::Posted;
use uuid::Uuid;

use super::Audit;
use crate::deeds::Placing;
use crate::menu::total;
use crate::reasons;
use crate::world::trace_of;

pub(super) fn check(audit: &Audit<'_>) -> Result<()> {
    let journal = audit.world.bus.journal();
    let mut first: BTreeMap<Uuid, &Posted> = BTreeMap::new();
    let mut causes: BTreeMap<Uuid, BTreeSet<Uuid>> = BTreeMap::new();
    for posted in &journal {
        let message = &posted.message;
        causes.entry(message.message_id).or_default().extend(message.causation_id);
        let before = first.entry(message.message_id).or_insert(posted);
        same(before, posted).with_context(|| format!("{before:?}, then {posted:?}"))?;
    }
    for posted in &journal {
        reasons::must_be_known(&reasons::refused(&posted.message.payload)?)?;
        let trace = match posted.message.causation_id {
            Some(cause) => {
                &first.get(&cause).with_context(|| format!("nobody sent the cause of {posted:?}"))?.message.trace_parent
            }
            None => &posted.message.trace_parent,
        };
        ensure!(*trace == posted.message.trace_parent, "{posted:?} lost its trace {trace}");
    }
    for (id, placing) in &audit.placed {
        let history = History { first: &first, causes: &causes, id: *id };
        history.check(audit, placing).with_context(|| format!("{placing:?}, {id}"))?;
    }
    Ok(())
}

/// A repeat differs in nothing but its cause and its time; an event in nothing at all.
fn same(before: &Posted, posted: &Posted) -> Result<()> {
    let (known, message) = (&before.message, &posted.message);
    ensure!(before.to == posted.to, "it goes elsewhere");
    ensure!(known.payload == message.payload && known.correlation == message.correlation, "it says something else");
    ensure!(known.source == message.source, "it comes from somebody else");
    match &posted.to {
        None => ensure!(known == message, "an event changes"),
        Some(to) => {
            ensure!(message.source == source(&posted.from), "it came from {}", posted.from);
            let correlation = message.correlation.as_ref().context("it belongs to no saga")?;
            let is_command = posted.from == "saga" && to != "saga";
            ensure!(!is_command || correlation.step == *to, "the step is not the handler");
            ensure!(correlation.reply_to == testkit::queue_url("saga"), "the reply goes elsewhere");
            ensure!(message.occurred_at == posted.at, "it was written at another time");
        }
    }
    Ok(())
}

fn source(queue: &str) -> &str {
    if queue == "saga" { "orchestrate-saga" } else { queue }
}

/// What was said about one order.
struct History<'a> {
    first: &'a BTreeMap<Uuid, &'a Posted>,
    causes: &'a BTreeMap<Uuid, BTreeSet<Uuid>>,
    id: Uuid,
}

impl History<'_> {
    fn check(&self, audit: &Audit<'_>, placing: &Placing) -> Result<()> {
        use order::domain::Status;
        let order = audit.world.shop.order(self.id).context("no order")?;
        let created = self.events(|event: &events::OrderCreated| &event.order_id)?;
        ensure!(created.len() == 1, "the order was told {} times to be created", created.len());
        placed(&created[0].1, placing)?;
        ensure!(created[0].0.trace_parent == trace_of(self.id), "the event lost the call's trace");
        let approved = self.events(|event: &events::OrderApproved| &event.order_id)?;
        let rejected = self.events(|event: &events::OrderRejected| &event.order_id)?;
        let requested = self.events(|event: &events::CancellationRequested| &event.order_id)?;
        let canceled = self.events(|event: &events::OrderCanceled| &event.order_id)?;
        let refused = self.events(|event: &events::CancellationRejected| &event.order_id)?;
        let is_rejected = matches!(order.status, Status::Rejected { .. });
        ensure!(approved.len() == usize::from(!is_rejected), "{} times approved", approved.len());
        ensure!(rejected.len() == usize::from(is_rejected), "{} times rejected", rejected.len());
        ensure!(canceled.len() == usize::from(order.status == Status::Canceled), "{} times canceled", canceled.len());
        ensure!(requested.len() == canceled.len() + refused.len(), "a cancellation came to nothing");
        let calls = audit.world.shop.notes().cancellations.get(&self.id).map_or(0, BTreeSet::len);
        ensure!(requested.len() == calls, "{calls} calls canceled, {} did", requested.len());
        if let (Status::Rejected { reason }, Some((_, event))) = (&order.status, rejected.first()) {
            ensure!(event.reason == *reason, "the event says {}, the order {reason}", event.reason);
        }
        ensure!(refused.iter().all(|(_, event)| event.reason == "COOKING_HAS_STARTED"), "{refused:?}");
        self.requests(audit, placing, &requested)?;
        let ends = (approved.iter().map(|(message, _)| message)).chain(rejected.iter().map(|(message, _)| message));
        ends.into_iter().try_for_each(|end| self.follows(end, &[created[0].0.message_id]))?;
        let begun: Vec<Uuid> = requested.iter().map(|(message, _)| message.message_id).collect();
        let ends = (canceled.iter().map(|(message, _)| message)).chain(refused.iter().map(|(message, _)| message));
        ends.into_iter().try_for_each(|end| self.follows(end, &begun))?;
        self.commands(placing)
    }

    /// Each request to cancel has the trace of a call of its own.
    fn requests(
        &self,
        audit: &Audit<'_>,
        placing: &Placing,
        requested: &[(&Envelope, events::CancellationRequested)],
    ) -> Result<()> {
        let calls = audit.cancellations.get(&self.id).map(Vec::as_slice).unwrap_or_default();
        let mut traces: BTreeSet<String> = calls.iter().map(|call| trace_of(*call)).collect();
        for (message, event) in requested {
            ensure!(traces.remove(&message.trace_parent), "the event lost the call's trace: {message:?}");
            ensure!(event.customer_id == placing.customer, "the event names another customer: {event:?}");
        }
        Ok(())
    }

    /// The commands that carry more than the order's id carry what was ordered.
    fn commands(&self, placing: &Placing) -> Result<()> {
        for (_, command) in self.events(|command: &CreateTicket| &command.order_id)? {
            let items = command.items.iter().map(|item| (item.product_id.as_str(), item.quantity));
            let asked = placing.lines.iter().map(|line| (line.dish.id, line.quantity));
            ensure!(items.eq(asked), "{command:?}");
        }
        for (_, command) in self.events(|command: &AuthorizeCard| &command.order_id)? {
            let is_right = (command.currency.clone(), command.minor_units) == total(&placing.lines)
                && command.customer_id == placing.customer
                && command.card_token == placing.card_token();
            ensure!(is_right, "{command:?}");
        }
        Ok(())
    }

    /// Whoever asks why a message came is led to the event with which it all began.
    fn follows(&self, message: &Envelope, begun: &[Uuid]) -> Result<()> {
        let mut to_visit = vec![message.message_id];
        let mut seen = BTreeSet::new();
        while let Some(id) = to_visit.pop() {
            if seen.insert(id) && !begun.contains(&id) {
                let causes = self.causes.get(&id).into_iter().flatten();
                ensure!(causes.clone().next().is_some(), "{id} has no cause and begins nothing");
                to_visit.extend(causes);
            }
        }
        ensure!(begun.iter().any(|begin| seen.contains(begin)), "nothing leads back to the beginning");
        Ok(())
    }

    /// The messages of this type that name the order.
    fn events<M: WireMessage>(&self, order_id: impl Fn(&M) -> &String) -> Result<Vec<(&Envelope, M)>> {
        let mut found = Vec::new();
        for posted in self.first.values().filter(|posted| posted.message.payload.is::<M>()) {
            let message: M = posted.message.unpack()?;
            if *order_id(&message) == self.id.to_string() {
                found.push((&posted.message, message));
            }
        }
        Ok(found)
    }
}

fn placed(event: &events::OrderCreated, placing: &Placing) -> Result<()> {
    let items = event.items.iter().map(|item| (item.product_id.as_str(), item.quantity));
    let asked = placing.lines.iter().map(|line| (line.dish.id, line.quantity));
    let sum = event.total.as_option().cloned().unwrap_or_default();
    let is_right = items.eq(asked)
        && (sum.currency, sum.minor_units) == total(&placing.lines)
        && event.customer_id == placing.customer
        && event.card_token == placing.card_token();
    ensure!(is_right, "{event:?}");
    Ok(())
}
