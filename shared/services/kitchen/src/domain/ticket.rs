//! A ticket: what the kitchen has promised for an order.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::{Item, Items};

/// How long a ticket is kept once no command can change it: rejected, canceled or being cooked, for which nobody says that it
/// is done. A ticket that is gone must not come into being again, so it outlives every repeat of its commands. A message
/// lies in a queue for 14 days at most, then as long among the dead letters, and as long again after each redrive: 90
/// days outlast six such stays, which is two redrives.
pub const KEPT_FOR: Duration = Duration::days(90);

/// How far a ticket has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TicketStatus {
    /// Stock is reserved; the card is being asked.
    CreatePending,
    /// The ticket is to be cooked.
    Approved,
    /// The ticket is being cooked and cannot be canceled any more.
    Preparing,
    /// It will not be cooked and holds no stock.
    Rejected,
    /// It was approved, then canceled, and holds no stock.
    Canceled,
}

impl TicketStatus {
    /// The status as it is stored and indexed.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CreatePending => "CREATE_PENDING",
            Self::Approved => "APPROVED",
            Self::Preparing => "PREPARING",
            Self::Rejected => "REJECTED",
            Self::Canceled => "CANCELED",
        }
    }
}

impl fmt::Display for TicketStatus {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// What the kitchen has promised for one order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct Ticket {
    order_id: Uuid,
    status: TicketStatus,
    /// `None` in a tombstone: the undo came first and does not name the items.
    items: Option<Items>,
    created_at: OffsetDateTime,
    /// When it came to the status in which it stays; `None` while that is still to come.
    settled_at: Option<OffsetDateTime>,
}

/// What a command does to a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Transition {
    /// The ticket is now this.
    Changed(Ticket),
    /// The command took effect before.
    Already,
}

/// A command that a ticket in this status can never accept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("{command} does not fit a ticket that is {status}")]
pub struct Illegal {
    /// The command.
    pub command: &'static str,
    /// The ticket's status.
    pub status: TicketStatus,
}

/// Why a ticket is not canceled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum CancelError {
    /// A business rule: food that is being cooked is not taken back.
    #[error("cooking has started")]
    CookingHasStarted,
    /// See [`Illegal`].
    #[error(transparent)]
    Illegal(#[from] Illegal),
}

/// Why a ticket is not created.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum TicketError {
    /// The ticket was rejected before: its undo came first, or it was refused.
    #[error("the ticket was rejected before it could be created")]
    Rejected,
    /// The order has a ticket for something else.
    #[error("the order has another ticket, which is {0}")]
    OtherItems(TicketStatus),
}

impl Ticket {
    /// A ticket whose stock is reserved with it.
    pub fn reserve(order_id: Uuid, items: Items, now: OffsetDateTime) -> Self {
        Self { order_id, status: TicketStatus::CreatePending, items: Some(items), created_at: now, settled_at: None }
    }

    /// A ticket for which there is no stock.
    pub fn refuse(order_id: Uuid, items: Items, now: OffsetDateTime) -> Self {
        Self { items: Some(items), ..Self::tombstone(order_id, now) }
    }

    /// The mark that an undo leaves when it comes before the ticket that it undoes.
    pub fn tombstone(order_id: Uuid, now: OffsetDateTime) -> Self {
        Self { order_id, status: TicketStatus::Rejected, items: None, created_at: now, settled_at: Some(now) }
    }

    /// Recognises a ticket that is to be created again.
    ///
    /// # Errors
    /// The ticket was rejected meanwhile, or its items are others.
    pub fn create_again(&self, items: &Items) -> Result<(), TicketError> {
        match self.status {
            TicketStatus::Rejected => Err(TicketError::Rejected),
            TicketStatus::CreatePending | TicketStatus::Approved | TicketStatus::Preparing | TicketStatus::Canceled => {
                if self.items.as_ref() == Some(items) {
                    Ok(())
                } else {
                    Err(TicketError::OtherItems(self.status))
                }
            }
        }
    }

    /// Releases the ticket to the cooks.
    ///
    /// # Errors
    /// See [`Illegal`].
    pub fn approve(&self) -> Result<Transition, Illegal> {
        match self.status {
            TicketStatus::CreatePending => {
                Ok(Transition::Changed(Self { status: TicketStatus::Approved, ..self.clone() }))
            }
            // All three have been approved before.
            TicketStatus::Approved | TicketStatus::Preparing | TicketStatus::Canceled => Ok(Transition::Already),
            TicketStatus::Rejected => Err(self.illegal("approve")),
        }
    }

    /// Undoes the creation; the caller returns the stock of a ticket that changes.
    ///
    /// # Errors
    /// See [`Illegal`]: an approved ticket can be canceled, but not rejected.
    pub fn reject(&self, now: OffsetDateTime) -> Result<Transition, Illegal> {
        match self.status {
            TicketStatus::CreatePending => Ok(Transition::Changed(self.settled(TicketStatus::Rejected, now))),
            TicketStatus::Rejected => Ok(Transition::Already),
            TicketStatus::Approved | TicketStatus::Preparing | TicketStatus::Canceled => Err(self.illegal("reject")),
        }
    }

    /// Takes an approved ticket back; the caller returns the stock of a ticket that changes.
    ///
    /// # Errors
    /// See [`CancelError`].
    pub fn cancel(&self, now: OffsetDateTime) -> Result<Transition, CancelError> {
        match self.status {
            TicketStatus::Approved => Ok(Transition::Changed(self.settled(TicketStatus::Canceled, now))),
            TicketStatus::Canceled => Ok(Transition::Already),
            TicketStatus::Preparing => Err(CancelError::CookingHasStarted),
            TicketStatus::CreatePending | TicketStatus::Rejected => Err(self.illegal("cancel").into()),
        }
    }

    /// Says that cooking has started.
    ///
    /// # Errors
    /// See [`Illegal`]: only an approved ticket is cooked, and only once.
    pub fn start(&self, now: OffsetDateTime) -> Result<Ticket, Illegal> {
        match self.status {
            TicketStatus::Approved => Ok(self.settled(TicketStatus::Preparing, now)),
            TicketStatus::CreatePending | TicketStatus::Preparing | TicketStatus::Rejected | TicketStatus::Canceled => {
                Err(self.illegal("start"))
            }
        }
    }

    /// The order; a ticket has its order's id.
    pub fn order_id(&self) -> Uuid {
        self.order_id
    }

    /// How far it has come.
    pub fn status(&self) -> TicketStatus {
        self.status
    }

    /// What is to be cooked; empty in a tombstone.
    pub fn items(&self) -> &[Item] {
        self.items.as_ref().map(Items::as_slice).unwrap_or_default()
    }

    /// When the kitchen first heard of it.
    pub fn created_at(&self) -> OffsetDateTime {
        self.created_at
    }

    /// When the ticket may be forgotten: [`KEPT_FOR`] after it settled, and never while a command can still change it.
    pub fn expires_at(&self) -> Option<OffsetDateTime> {
        self.settled_at.map(|settled_at| settled_at + KEPT_FOR)
    }

    /// Whether the kitchen knows the undo of the ticket, but not the ticket.
    pub fn is_tombstone(&self) -> bool {
        self.items.is_none()
    }

    fn settled(&self, status: TicketStatus, now: OffsetDateTime) -> Self {
        Self { status, settled_at: Some(now), ..self.clone() }
    }

    fn illegal(&self, command: &'static str) -> Illegal {
        Illegal { command, status: self.status }
    }
}

#[derive(Serialize, Deserialize)]
struct Stored {
    order_id: Uuid,
    status: TicketStatus,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    items: Option<Items>,
    #[serde(with = "time::serde::rfc3339")]
    created_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339::option", default, skip_serializing_if = "Option::is_none")]
    settled_at: Option<OffsetDateTime>,
}

/// A stored ticket that holds stock by its status, but has no items.
#[derive(Debug, Clone, Copy, Error)]
#[error("a ticket without items cannot be {0}")]
struct WithoutItems(TicketStatus);

impl TryFrom<Stored> for Ticket {
    type Error = WithoutItems;

    fn try_from(stored: Stored) -> Result<Self, WithoutItems> {
        let Stored { order_id, status, items, created_at, settled_at } = stored;
        match (status, &items) {
            (TicketStatus::Rejected, None) | (_, Some(_)) => {
                Ok(Self { order_id, status, items, created_at, settled_at })
            }
            (status, None) => Err(WithoutItems(status)),
        }
    }
}

impl From<Ticket> for Stored {
    fn from(ticket: Ticket) -> Self {
        let Ticket { order_id, status, items, created_at, settled_at } = ticket;
        Self { order_id, status, items, created_at, settled_at }
    }
}

#[cfg(test)]
mod tests;
