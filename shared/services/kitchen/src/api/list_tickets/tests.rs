use std::sync::Mutex;

use super::*;
use crate::fixture::{ORDER, ticket};
use buffa::EnumValue;
use messaging::{LoadError, Page};
use serde_json::json;

type Asked = (String, u32, SortOrder, Option<String>);

/// An index that gives one page and remembers what it was asked for.
struct OnePage {
    page: Result<Page, LoadError>,
    asked: Mutex<Vec<Asked>>,
}

#[async_trait]
impl Index for OnePage {
    async fn page(&self, value: &str, limit: u32, order: SortOrder, token: Option<&str>) -> Result<Page, LoadError> {
        let asked = (value.to_owned(), limit, order, token.map(str::to_owned));
        self.asked.lock().expect("a lock").push(asked);
        self.page.clone()
    }
}

fn index(page: Result<Page, LoadError>) -> Arc<OnePage> {
    Arc::new(OnePage { page, asked: Mutex::default() })
}

fn empty() -> Result<Page, LoadError> {
    Ok(Page { records: Vec::new(), next: None })
}

async fn answer(index: &Arc<OnePage>, request: v1::ListTicketsRequest) -> Result<v1::ListTicketsResponse, RpcError> {
    let caller = Caller { subject: "cook".to_owned() };
    ListTickets::new(index.clone()).answer(request, &caller).await
}

fn request(status: impl Into<EnumValue<v1::TicketStatus>>, page_size: i32, token: &str) -> v1::ListTicketsRequest {
    v1::ListTicketsRequest { status: status.into(), page_size, page_token: token.to_owned(), ..Default::default() }
}

#[tokio::test]
async fn an_empty_request_asks_for_what_has_to_be_cooked() {
    let index = index(empty());
    let response = answer(&index, v1::ListTicketsRequest::default()).await.expect("a page");
    assert_eq!(response, v1::ListTicketsResponse::default());
    let asked = index.asked.lock().expect("a lock").clone();
    assert_eq!(asked, [("APPROVED".to_owned(), 20, SortOrder::OldestFirst, None)]);
}

#[tokio::test]
async fn every_status_can_be_asked_for_under_the_name_it_is_indexed_by() {
    let index = index(empty());
    for status in [
        v1::TicketStatus::CreatePending,
        v1::TicketStatus::Approved,
        v1::TicketStatus::Preparing,
        v1::TicketStatus::Rejected,
        v1::TicketStatus::Canceled,
    ] {
        answer(&index, request(status, 7, "next")).await.expect("a page");
    }
    let asked: Vec<String> = index.asked.lock().expect("a lock").iter().map(|asked| asked.0.clone()).collect();
    assert_eq!(asked, ["CREATE_PENDING", "APPROVED", "PREPARING", "REJECTED", "CANCELED"]);
    let asked = index.asked.lock().expect("a lock").first().cloned();
    assert_eq!(asked, Some(("CREATE_PENDING".to_owned(), 7, SortOrder::OldestFirst, Some("next".to_owned()))));
}

#[tokio::test]
async fn a_page_shows_its_tickets_and_where_the_next_begins() {
    let record = Record::of(ORDER.to_string(), 1, &ticket(TicketStatus::Preparing)).expect("a record");
    let index = index(Ok(Page { records: vec![record], next: Some("next".to_owned()) }));
    let response = answer(&index, request(v1::TicketStatus::Preparing, 1, "")).await.expect("a page");
    let expected = json!({
        "tickets": [{
            "orderId": "00000000-0000-0000-0000-000000abcdef",
            "status": "TICKET_STATUS_PREPARING",
            "items": [{"productId": "margherita", "quantity": 2}, {"productId": "cola", "quantity": 1}],
            "createdAt": "2026-01-02T02:04:05.600Z",
        }],
        "nextPageToken": "next",
    });
    assert_eq!(serde_json::to_value(&response).expect("JSON"), expected);
}

#[tokio::test]
async fn a_caller_is_told_what_to_change() {
    let index = index(empty());
    let status = "must be one of the values of TicketStatus, or absent for the approved tickets";
    let page_size = "must be a whole number from 0 to 100";
    for (request, field, must) in [
        (request(99, 0, ""), "status", status),
        (request(-1, 0, ""), "status", status),
        (request(0, -1, ""), "page_size", page_size),
        (request(0, 101, ""), "page_size", page_size),
    ] {
        assert_eq!(answer(&index, request).await, Err(RpcError::invalid(field, must)));
    }
    assert!(index.asked.lock().expect("a lock").is_empty());
}

#[tokio::test]
async fn failures_are_told_apart() {
    let failed = async |page| answer(&index(page), v1::ListTicketsRequest::default()).await.expect_err("no page");
    assert!(matches!(failed(Err(LoadError::BadToken)).await, RpcError::Invalid(_)));
    assert!(matches!(failed(Err(LoadError::Transient("slow".to_owned()))).await, RpcError::Unavailable(_)));
    let mut record = Record::of(ORDER.to_string(), 1, &ticket(TicketStatus::Approved)).expect("a record");
    record.schema = 2;
    let page = Page { records: vec![record], next: None };
    assert!(matches!(failed(Ok(page)).await, RpcError::Internal(_)));
}

#[tokio::test]
async fn a_ticket_is_shown_with_its_status() {
    for (status, shown) in [
        (TicketStatus::CreatePending, "TICKET_STATUS_CREATE_PENDING"),
        (TicketStatus::Approved, "TICKET_STATUS_APPROVED"),
        (TicketStatus::Preparing, "TICKET_STATUS_PREPARING"),
        (TicketStatus::Rejected, "TICKET_STATUS_REJECTED"),
        (TicketStatus::Canceled, "TICKET_STATUS_CANCELED"),
    ] {
        let record = Record::of(ORDER.to_string(), 1, &ticket(status)).expect("a record");
        let index = index(Ok(Page { records: vec![record.clone(), record], next: None }));
        let response = answer(&index, v1::ListTicketsRequest::default()).await.expect("a page");
        let shown_as: Vec<_> = response
            .tickets
            .iter()
            .map(|ticket| serde_json::to_value(ticket).expect("JSON")["status"].clone())
            .collect();
        assert_eq!(shown_as, [shown, shown]);
    }
}
