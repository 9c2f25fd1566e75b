//! Why the restaurant refuses a call, or a saga an order.

use std::time::Duration;

use rpc::{EdgeReason, Entry, ErrorCode, Reason as _, Retry, Rpcs};

/// Every reason for which a call is refused or a saga's step says no: those of every API, then the restaurant's.
pub fn catalogue() -> impl Iterator<Item = &'static Entry> {
    EdgeReason::ALL.iter().map(|reason| reason.entry()).chain(Reason::ALL.iter().map(|reason| reason.entry()))
}

rpc::reasons! {
    /// Why the restaurant says no; the reasons that every API has are in [`rpc::EdgeReason`].
    pub enum Reason {
        /// No order of the caller's has the id.
        OrderNotFound = Entry {
            name: "ORDER_NOT_FOUND",
            code: Some(ErrorCode::NotFound),
            rpcs: Rpcs::Only(&["CancelOrder", "FindOrder"]),
            by_saga: false,
            when: "the caller has no order with this id",
            metadata: &["order_id"],
            retry: Retry::Never,
            tell: "There is no such order.",
        },
        /// No saga has the id.
        SagaNotFound = Entry {
            name: "SAGA_NOT_FOUND",
            code: Some(ErrorCode::NotFound),
            rpcs: Rpcs::Only(&["GetSaga"]),
            by_saga: false,
            when: "no saga has this id, or it is forgotten",
            metadata: &["saga_id"],
            retry: Retry::Never,
            tell: "There is no such saga; a saga is forgotten some time after its end.",
        },
        /// The menu does not have the product, or the kitchen does not make it.
        UnknownProduct = Entry {
            name: "UNKNOWN_PRODUCT",
            code: Some(ErrorCode::FailedPrecondition),
            rpcs: Rpcs::Only(&["CreateOrder", "SetStock"]),
            by_saga: true,
            when: "the menu does not have the product, or the kitchen does not make it",
            metadata: &["product"],
            retry: Retry::Never,
            tell: "This is no longer on the menu: please choose something else.",
        },
        /// The customer was shown another price.
        PriceChanged = Entry {
            name: "PRICE_CHANGED",
            code: Some(ErrorCode::FailedPrecondition),
            rpcs: Rpcs::Only(&["CreateOrder"]),
            by_saga: false,
            when: "the menu's price is not the one that the customer was shown",
            metadata: &["product", "currency", "minor_units"],
            retry: Retry::Never,
            tell: "The price has changed: please look at the new price and order again.",
        },
        /// The card token is the number of a card.
        CardNumberSent = Entry {
            name: "CARD_NUMBER_SENT",
            code: Some(ErrorCode::InvalidArgument),
            rpcs: Rpcs::Only(&["CreateOrder"]),
            by_saga: false,
            when: "the card token is the number of a card, or holds one; only the payment provider may see that",
            metadata: &[],
            retry: Retry::Never,
            tell: "The app has sent your card's number where it must not: nothing was ordered, please reload the app.",
        },
        /// The total needs a person's approval.
        AboveApprovalLimit = Entry {
            name: "ABOVE_APPROVAL_LIMIT",
            code: Some(ErrorCode::FailedPrecondition),
            rpcs: Rpcs::Only(&["CreateOrder"]),
            by_saga: false,
            when: "the total is above what is approved without a person",
            metadata: &["currency", "total_minor_units", "limit_minor_units"],
            retry: Retry::Never,
            tell: "This is more than can be ordered here: please order less, or call us.",
        },
        /// A saga holds the order.
        OrderLocked = Entry {
            name: "ORDER_LOCKED",
            code: Some(ErrorCode::FailedPrecondition),
            rpcs: Rpcs::Only(&["CancelOrder"]),
            by_saga: false,
            when: "the order is being approved or canceled",
            metadata: &["order_id"],
            retry: Retry::After(Duration::from_secs(2)),
            tell: "The order is being worked on: please try again in a moment.",
        },
        /// The order was rejected.
        OrderRejected = Entry {
            name: "ORDER_REJECTED",
            code: Some(ErrorCode::FailedPrecondition),
            rpcs: Rpcs::Only(&["CancelOrder"]),
            by_saga: false,
            when: "the order was rejected, so there is nothing to cancel",
            metadata: &["order_id"],
            retry: Retry::Never,
            tell: "The order was not accepted: there is nothing to cancel.",
        },
        /// The order was canceled before.
        OrderCanceled = Entry {
            name: "ORDER_CANCELED",
            code: Some(ErrorCode::FailedPrecondition),
            rpcs: Rpcs::Only(&["CancelOrder"]),
            by_saga: false,
            when: "the order is canceled already",
            metadata: &["order_id"],
            retry: Retry::Never,
            tell: "The order is canceled already.",
        },
        /// The kitchen has no ticket of the order.
        TicketNotFound = Entry {
            name: "TICKET_NOT_FOUND",
            code: Some(ErrorCode::NotFound),
            rpcs: Rpcs::Only(&["StartTicket"]),
            by_saga: false,
            when: "the kitchen has no ticket of this order",
            metadata: &["order_id"],
            retry: Retry::Never,
            tell: "There is no such ticket: please choose one from the list.",
        },
        /// The card is still being asked.
        TicketNotApproved = Entry {
            name: "TICKET_NOT_APPROVED",
            code: Some(ErrorCode::FailedPrecondition),
            rpcs: Rpcs::Only(&["StartTicket"]),
            by_saga: false,
            when: "the card is still being asked",
            metadata: &["order_id", "status"],
            retry: Retry::After(Duration::from_secs(2)),
            tell: "The customer's card is still being asked: please wait a moment.",
        },
        /// Somebody cooks the order.
        CookingHasStarted = Entry {
            name: "COOKING_HAS_STARTED",
            code: Some(ErrorCode::FailedPrecondition),
            rpcs: Rpcs::Only(&["StartTicket"]),
            by_saga: true,
            when: "cooking has started",
            metadata: &["order_id", "status"],
            retry: Retry::Never,
            tell: "The order is being cooked already.",
        },
        /// The ticket was rejected.
        TicketRejected = Entry {
            name: "TICKET_REJECTED",
            code: Some(ErrorCode::FailedPrecondition),
            rpcs: Rpcs::Only(&["StartTicket"]),
            by_saga: true,
            when: "the order was rejected",
            metadata: &["order_id", "status"],
            retry: Retry::Never,
            tell: "The order was not accepted, so it is not cooked: nothing more needs to be done for it.",
        },
        /// The ticket was canceled.
        TicketCanceled = Entry {
            name: "TICKET_CANCELED",
            code: Some(ErrorCode::FailedPrecondition),
            rpcs: Rpcs::Only(&["StartTicket"]),
            by_saga: false,
            when: "the order was canceled",
            metadata: &["order_id", "status"],
            retry: Retry::Never,
            tell: "The order was canceled: it is not to be cooked.",
        },
        /// The kitchen has not enough of a product.
        OutOfStock = Entry {
            name: "OUT_OF_STOCK",
            code: None,
            rpcs: Rpcs::Only(&[]),
            by_saga: true,
            when: "the kitchen has not enough of a product left",
            metadata: &[],
            retry: Retry::Never,
            tell: "There is not enough left of something you ordered: please choose something else.",
        },
        /// The card's bank said no.
        CardDeclined = Entry {
            name: "CARD_DECLINED",
            code: None,
            rpcs: Rpcs::Only(&[]),
            by_saga: true,
            when: "the bank declined the card",
            metadata: &[],
            retry: Retry::Never,
            tell: "Your bank has declined the card: please pay with another card.",
        },
        /// The card does not cover the amount.
        InsufficientFunds = Entry {
            name: "INSUFFICIENT_FUNDS",
            code: None,
            rpcs: Rpcs::Only(&[]),
            by_saga: true,
            when: "the card does not cover the amount",
            metadata: &[],
            retry: Retry::Never,
            tell: "The card does not cover the amount: please pay with another card.",
        },
        /// The undo of the authorization came first.
        AuthorizationCanceled = Entry {
            name: "AUTHORIZATION_CANCELED",
            code: None,
            rpcs: Rpcs::Only(&[]),
            by_saga: true,
            when: "the undo of the authorization overtook it",
            metadata: &[],
            retry: Retry::Never,
            tell: "The order took too long and was not accepted: please order again.",
        },
        /// A service has not answered in time.
        NoAnswer = Entry {
            name: "NO_ANSWER",
            code: None,
            rpcs: Rpcs::Only(&[]),
            by_saga: true,
            when: "the kitchen or the payment provider has not answered in time",
            metadata: &[],
            retry: Retry::Never,
            tell: "We could not reach the kitchen or your bank in time: nothing was charged, please order again.",
        },
    }
}
