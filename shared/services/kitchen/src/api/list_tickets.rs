//! The index of tickets by status may lag behind the table, so a list may be a moment old.

use std::sync::Arc;

use async_trait::async_trait;
use connectrpc::Spec;
use contracts::kitchen_api::v1;
use messaging::{Index, Record, SortOrder};
use rpc::{Caller, Ownership, Query, RpcError, page_size};

use super::shown;
use crate::domain::{Ticket, TicketStatus};

/// ListTickets: the tickets of one status, oldest first.
pub struct ListTickets {
    by_status: Arc<dyn Index>,
}

impl ListTickets {
    /// Lists from the index of tickets by status.
    pub fn new(by_status: Arc<dyn Index>) -> Self {
        Self { by_status }
    }
}

#[async_trait]
impl Query for ListTickets {
    type Request = v1::ListTicketsRequest;
    type Response = v1::ListTicketsResponse;
    const SPEC: Spec = v1::KITCHEN_SERVICE_LIST_TICKETS_SPEC;
    const OWNERSHIP: Ownership =
        Ownership::Everybody("a ticket is the kitchen's, and names no customer: whoever cooks must see them all");

    async fn answer(
        &self,
        request: v1::ListTicketsRequest,
        _caller: &Caller,
    ) -> Result<v1::ListTicketsResponse, RpcError> {
        let status = requested_status(&request)?;
        let size = page_size(request.page_size)?;
        let token = Some(request.page_token.as_str()).filter(|token| !token.is_empty());
        let page = self.by_status.page(status.as_str(), size, SortOrder::OldestFirst, token).await?;
        let tickets: Vec<Ticket> = page.records.iter().map(Record::aggregate).collect::<Result<_, _>>()?;
        Ok(v1::ListTicketsResponse {
            tickets: tickets.iter().map(shown).collect(),
            next_page_token: page.next.unwrap_or_default(),
            ..Default::default()
        })
    }
}

/// The status to list. A request without a status lists what has to be cooked: the approved tickets.
fn requested_status(request: &v1::ListTicketsRequest) -> Result<TicketStatus, RpcError> {
    match request.status.as_known() {
        Some(v1::TicketStatus::Unspecified | v1::TicketStatus::Approved) => Ok(TicketStatus::Approved),
        Some(v1::TicketStatus::CreatePending) => Ok(TicketStatus::CreatePending),
        Some(v1::TicketStatus::Preparing) => Ok(TicketStatus::Preparing),
        Some(v1::TicketStatus::Rejected) => Ok(TicketStatus::Rejected),
        Some(v1::TicketStatus::Canceled) => Ok(TicketStatus::Canceled),
        None => Err(RpcError::invalid(
            "status",
            "must be one of the values of TicketStatus, or absent for the approved tickets",
        )),
    }
}

#[cfg(test)]
mod tests;
