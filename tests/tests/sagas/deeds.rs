//! What customers and staff do while messages are delivered, and what they check in the answers.

use std::sync::Arc;

use async_trait::async_trait;
use contracts::kitchen_api::v1::{StartTicketRequest, TicketStatus as ShownTicket};
use contracts::order_api::v1 as api;
use kitchen::domain::{Ticket, TicketStatus};
use messaging::{Failure, ids};
use order::domain::{Order, Status};
use rpc::{Entry, Mutation, RpcError};
use testkit::Client;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::menu::{Line, MENU, total};
use crate::world::{APPROVAL_LIMIT, Shop, Who};

/// An order that somebody wants to place.
#[derive(Debug, Clone)]
pub(crate) struct Placing {
    pub(crate) customer: &'static str,
    /// Tells the orders of a test apart.
    pub(crate) number: usize,
    pub(crate) lines: Vec<Line>,
    /// One of the provider's cards.
    pub(crate) card: &'static str,
    /// What is added to the prices that the customer says were shown; `None` when nothing is said.
    pub(crate) shown: Option<i64>,
}

/// One call.
#[derive(Debug, Clone)]
pub(crate) enum Deed {
    /// A customer orders.
    Place(Placing),
    /// A customer orders what is refused at once, with this reason; empty when the request is invalid.
    Misplace(Placing, &'static str),
    /// Somebody wants to cancel an order.
    Cancel { subject: &'static str, order: Uuid, key: String },
    /// A cook starts a ticket.
    Start { order: Uuid, key: String },
    /// The staff have counted a product.
    Count { dish: usize, available: i64, key: String },
    /// Somebody counts stock and money without calling anything.
    Look,
}

/// A deed that awaits its turn on the bus.
pub(crate) struct Visit {
    pub(crate) shop: Shop,
    pub(crate) deed: Deed,
}

impl Placing {
    fn key(&self) -> String {
        format!("order {}", self.number)
    }

    /// The order's id, which follows from the call.
    pub(crate) fn order(&self) -> Uuid {
        ids::request(self.customer, order::api::CreateOrder::SPEC.procedure, &self.key())
    }

    /// The token that the provider knows the card by.
    pub(crate) fn card_token(&self) -> String {
        format!("{}.{}", self.card, self.number)
    }

    /// The request as the app sends it.
    pub(crate) fn request(&self) -> api::CreateOrderRequest {
        let item = |line: &Line| {
            let shown = self.shown.map(|more| api::Money {
                currency: line.dish.currency.to_owned(),
                minor_units: line.dish.price + more,
                ..Default::default()
            });
            api::create_order_request::Item {
                product_id: line.dish.id.to_owned(),
                quantity: line.quantity,
                unit_price: shown.into(),
                ..Default::default()
            }
        };
        let items = self.lines.iter().map(item).collect();
        api::CreateOrderRequest { items, card_token: self.card_token(), ..Default::default() }
    }

    /// The content of the call as the idempotency rule sees it.
    pub(crate) fn fingerprint(&self) -> Uuid {
        ids::fingerprint(&buffa::Message::encode_to_vec(&self.request()))
    }

    /// The order as the API shows it: this status, and what the customer asked for at the menu's prices.
    pub(crate) fn must_show(&self, shown: &api::Order, status: api::OrderStatus, reason: &str) -> Result<(), String> {
        let (currency, minor_units) = total(&self.lines);
        let items = shown.items.iter().map(|item| {
            let price = item.unit_price.as_option().cloned().unwrap_or_default();
            (item.product_id.clone(), item.quantity, price.currency, price.minor_units)
        });
        let wanted = self
            .lines
            .iter()
            .map(|line| (line.dish.id.to_owned(), line.quantity, line.dish.currency.to_owned(), line.dish.price));
        let sum = shown.total.as_option().cloned().unwrap_or_default();
        let is_right = shown.order_id == self.order().to_string()
            && shown.status == status
            && shown.reason == reason
            && items.eq(wanted)
            && (sum.currency, sum.minor_units) == (currency, minor_units);
        if is_right { Ok(()) } else { Err(format!("{self:?} with status {status:?} is shown as {shown:?}")) }
    }
}

#[async_trait]
impl Client for Visit {
    async fn call(&self, now: OffsetDateTime) -> Result<(), Failure> {
        let shop = &self.shop;
        let answer = match &self.deed {
            Deed::Place(placing) => shop.place(placing, now).await.map(|_| ()),
            Deed::Misplace(placing, reason) => shop.misplace(placing, reason, now).await,
            Deed::Cancel { subject, order, key } => shop.cancel(*order, Who { subject, key }, now).await,
            Deed::Start { order, key } => shop.start(*order, Who::staff(key), now).await,
            Deed::Count { dish, available, key } => {
                let answer = shop.count(&MENU[*dish], *available, key, now).await;
                shop.must_be_answered(&self.deed, answer)
            }
            Deed::Look => shop.look(),
        };
        answer.map_err(|error| Failure::retry(format!("{error:?}")))
    }
}

/// What an answer comes to: nothing, or an error after which the call is made again.
type Done = Result<(), RpcError>;

impl Shop {
    /// Places an order; its id.
    pub(crate) async fn place(&self, placing: &Placing, now: OffsetDateTime) -> Result<Option<Uuid>, RpcError> {
        let rpc = order::api::CreateOrder::new(Arc::new(self.table("products")), APPROVAL_LIMIT);
        let key = placing.key();
        let who = Who { subject: placing.customer, key: &key };
        match self.ask(&rpc, "orders", &placing.request(), who, now).await {
            Ok(response) => {
                let shown = response.order.into_option().unwrap_or_default();
                let pending = api::OrderStatus::ORDER_STATUS_APPROVAL_PENDING;
                if let Err(wrong) = placing.must_show(&shown, pending, "") {
                    self.complain(wrong);
                }
                Ok(Some(placing.order()))
            }
            // Whether that is right, the idempotency rule's check says.
            Err(RpcError::Refused { reason: Entry { name: "IDEMPOTENCY_KEY_REUSED", .. }, .. }) => Ok(None),
            Err(error) => self.must_be_answered(placing, Err(error)).map(|()| None),
        }
    }

    async fn misplace(&self, placing: &Placing, expected: &str, now: OffsetDateTime) -> Done {
        let rpc = order::api::CreateOrder::new(Arc::new(self.table("products")), APPROVAL_LIMIT);
        let key = placing.key();
        let who = Who { subject: placing.customer, key: &key };
        match self.ask(&rpc, "orders", &placing.request(), who, now).await {
            Err(RpcError::Refused { reason, .. }) if reason.name == expected => Ok(()),
            Err(RpcError::Invalid(_)) if expected.is_empty() => Ok(()),
            Err(RpcError::Unavailable(error)) => Err(RpcError::Unavailable(error)),
            answer => {
                self.complain(format!("{placing:?} should be refused for {expected:?}, but: {answer:?}"));
                Ok(())
            }
        }
    }

    /// Asks to cancel an order; any answer is checked against what the order is before or after the call.
    pub(crate) async fn cancel(&self, id: Uuid, who: Who<'_>, now: OffsetDateTime) -> Done {
        let request = api::CancelOrderRequest { order_id: id.to_string(), ..Default::default() };
        let before = self.order(id);
        let answer = self.ask(&order::api::CancelOrder, "orders", &request, who, now).await;
        let after = self.order(id);
        let is_strange = after.as_ref().is_some_and(|order| order.customer != who.subject);
        let either = |holds: fn(&Order) -> bool| [&before, &after].into_iter().flatten().any(holds);
        let is_right = match &answer {
            Ok(response) => {
                let call = ids::request(who.subject, order::api::CancelOrder::SPEC.procedure, who.key);
                self.notes().cancellations.entry(id).or_default().insert(call);
                let shown = response.order.as_option().cloned().unwrap_or_default();
                let is_pending = shown.status == api::OrderStatus::ORDER_STATUS_CANCEL_PENDING;
                !is_strange && shown.order_id == id.to_string() && is_pending
            }
            Err(RpcError::Unavailable(_)) => return answer.map(|_| ()),
            Err(RpcError::Refused { reason: Entry { name: "ORDER_NOT_FOUND", .. }, .. }) => {
                before.as_ref().is_none_or(|order| order.customer != who.subject)
            }
            // A stranger is told nothing else.
            Err(_) if is_strange => false,
            Err(RpcError::Refused { reason: Entry { name: "ORDER_LOCKED", .. }, .. }) => {
                either(|order| matches!(order.status, Status::ApprovalPending { .. } | Status::CancelPending { .. }))
            }
            Err(RpcError::Refused { reason: Entry { name: "ORDER_REJECTED", .. }, .. }) => {
                either(|order| matches!(order.status, Status::Rejected { .. }))
            }
            Err(RpcError::Refused { reason: Entry { name: "ORDER_CANCELED", .. }, .. }) => {
                either(|order| matches!(order.status, Status::Canceled))
            }
            Err(RpcError::Refused { reason: Entry { name: "IDEMPOTENCY_KEY_REUSED", .. }, .. }) => true,
            Err(_) => false,
        };
        if !is_right {
            self.complain(format!("cancel {id} as {who:?}: {before:?}, then {answer:?}, then {after:?}"));
        }
        Ok(())
    }

    /// Starts to cook; any answer is checked against what the ticket is before or after the call.
    pub(crate) async fn start(&self, id: Uuid, who: Who<'_>, now: OffsetDateTime) -> Done {
        use TicketStatus::{Canceled, CreatePending, Preparing, Rejected};
        let request = StartTicketRequest { order_id: id.to_string(), ..Default::default() };
        let before = self.ticket(id);
        let answer = self.ask(&kitchen::api::StartTicket, "tickets", &request, who, now).await;
        let after = self.ticket(id);
        let either = |status: TicketStatus| [&before, &after].into_iter().flatten().any(|it| it.status() == status);
        let is_right = match &answer {
            Ok(response) => {
                self.notes().started.insert(id);
                let shown = response.ticket.as_option().cloned().unwrap_or_default();
                shown.order_id == id.to_string()
                    && shown.status == ShownTicket::Preparing
                    && after.as_ref().is_some_and(|ticket| ticket.status() == Preparing)
            }
            Err(RpcError::Unavailable(_)) => return answer.map(|_| ()),
            Err(RpcError::Refused { reason: Entry { name: "TICKET_NOT_FOUND", .. }, .. }) => {
                before.as_ref().is_none_or(Ticket::is_tombstone)
            }
            Err(RpcError::Refused { reason: Entry { name: "TICKET_NOT_APPROVED", .. }, .. }) => either(CreatePending),
            Err(RpcError::Refused { reason: Entry { name: "COOKING_HAS_STARTED", .. }, .. }) => either(Preparing),
            Err(RpcError::Refused { reason: Entry { name: "TICKET_REJECTED", .. }, .. }) => either(Rejected),
            Err(RpcError::Refused { reason: Entry { name: "TICKET_CANCELED", .. }, .. }) => either(Canceled),
            Err(RpcError::Refused { reason: Entry { name: "IDEMPOTENCY_KEY_REUSED", .. }, .. }) => true,
            Err(_) => false,
        };
        if !is_right {
            self.complain(format!("start {id} as {who:?}: {before:?}, then {answer:?}, then {after:?}"));
        }
        Ok(())
    }

    /// Checks what is true at any time: no product is lost or sold twice.
    fn look(&self) -> Done {
        let reserved = self.reserved();
        for dish in &MENU {
            let total = self.notes().stock.get(dish.id).map(|counted| counted.total);
            let available = self.available(dish).unwrap_or(i64::MIN);
            let reserved = reserved.get(dish.id).copied().unwrap_or_default();
            if total != Some(available + reserved) || available < 0 {
                self.complain(format!("{}: {available} left, {reserved} reserved, of {total:?}", dish.id));
            }
        }
        Ok(())
    }

    fn must_be_answered(&self, what: &impl std::fmt::Debug, answer: Done) -> Done {
        match answer {
            Err(RpcError::Unavailable(_)) | Ok(()) => answer,
            Err(error) => {
                self.complain(format!("{what:?}: {error:?}"));
                Ok(())
            }
        }
    }
}
