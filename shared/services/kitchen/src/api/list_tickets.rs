//! ListTickets: the tickets of one status, oldest first.

use std::sync::Arc;

use async_trait::async_trait;
use connectrpc::Spec;
use contracts::kitchen_api::v1 as wire;
use messaging::{Index, Order, Record};
use rpc::{Caller, Query, RpcError, page_size};

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
    type Request = wire::ListTicketsRequest;
    type Response = wire::ListTicketsResponse;
    const SPEC: Spec = wire::KITCHEN_SERVICE_LIST_TICKETS_SPEC;

    async fn answer(
        &self,
        request: wire::ListTicketsRequest,
        _caller: &Caller,
    ) -> Result<wire::ListTicketsResponse, RpcError> {
        let status = requested_status(&request)?;
        let size = page_size(request.page_size)?;
        let token = Some(request.page_token.as_str()).filter(|token| !token.is_empty());
        let page = self.by_status.page(status.as_str(), size, Order::OldestFirst, token).await?;
        let tickets: Vec<Ticket> = page.records.iter().map(Record::aggregate).collect::<Result<_, _>>()?;
        Ok(wire::ListTicketsResponse {
            tickets: tickets.iter().map(shown).collect(),
            next_page_token: page.next.unwrap_or_default(),
            ..Default::default()
        })
    }
}

/// What has to be cooked is what a cook who does not say wants to see.
fn requested_status(request: &wire::ListTicketsRequest) -> Result<TicketStatus, RpcError> {
    match request.status.as_known() {
        Some(wire::TicketStatus::Unspecified | wire::TicketStatus::Approved) => Ok(TicketStatus::Approved),
        Some(wire::TicketStatus::CreatePending) => Ok(TicketStatus::CreatePending),
        Some(wire::TicketStatus::Preparing) => Ok(TicketStatus::Preparing),
        Some(wire::TicketStatus::Rejected) => Ok(TicketStatus::Rejected),
        Some(wire::TicketStatus::Canceled) => Ok(TicketStatus::Canceled),
        None => Err(RpcError::invalid(format!(
            "status is {}: send one of the values of TicketStatus, or none for the approved tickets",
            request.status.to_i32()
        ))),
    }
}

#[cfg(test)]
mod tests;
