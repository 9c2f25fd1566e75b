//! Domain types as the API shows them.

use buffa_types::google::protobuf::Timestamp;
use contracts::order_api::v1 as api;
use time::OffsetDateTime;

use crate::domain::{LineItem, Money, Order, Status};

pub(super) fn order(order: &Order) -> api::Order {
    let (status, reason) = status(&order.status);
    api::Order {
        order_id: order.id.to_string(),
        status: status.into(),
        items: order.items.iter().map(line_item).collect(),
        total: money(order.total).into(),
        created_at: timestamp(order.created_at).into(),
        reason: reason.unwrap_or_default().to_owned(),
        ..Default::default()
    }
}

/// The order as it was when it was placed: what every repeat of the placing call is answered.
pub(super) fn placed(placed: &Order) -> api::Order {
    let status = api::OrderStatus::ORDER_STATUS_APPROVAL_PENDING.into();
    api::Order { status, reason: String::new(), ..order(placed) }
}

fn status(status: &Status) -> (api::OrderStatus, Option<&str>) {
    match status {
        Status::ApprovalPending { .. } => (api::OrderStatus::ORDER_STATUS_APPROVAL_PENDING, None),
        Status::Approved { cancellation_refused } => {
            (api::OrderStatus::ORDER_STATUS_APPROVED, cancellation_refused.as_deref())
        }
        Status::Rejected { reason } => (api::OrderStatus::ORDER_STATUS_REJECTED, Some(reason)),
        Status::CancelPending { .. } => (api::OrderStatus::ORDER_STATUS_CANCEL_PENDING, None),
        Status::Canceled => (api::OrderStatus::ORDER_STATUS_CANCELED, None),
    }
}

fn line_item(item: &LineItem) -> api::order::LineItem {
    api::order::LineItem {
        product_id: item.product.to_string(),
        // A quantity is at most 1000.
        quantity: i32::try_from(item.quantity).unwrap_or(i32::MAX),
        unit_price: money(item.unit_price).into(),
        ..Default::default()
    }
}

pub(super) fn money(money: Money) -> api::Money {
    api::Money { currency: money.currency().to_string(), minor_units: money.minor_units(), ..Default::default() }
}

pub(super) fn timestamp(time: OffsetDateTime) -> Timestamp {
    Timestamp {
        seconds: time.unix_timestamp(),
        // Nanoseconds within a second fit.
        nanos: i32::try_from(time.nanosecond()).unwrap_or(0),
        ..Default::default()
    }
}
