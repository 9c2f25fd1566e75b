use anyhow::{Context, Result};
use kitchen::TICKETS;
use kitchen::domain::Ticket;
use messaging::Store;
use serde_json::Value;

use crate::api::client::Client;
use crate::tables::Tables;

/// The most tickets that are asked for at a time.
const PAGE: u32 = 100;
/// How many pages are looked through: the newest ticket is on the last, and there may be years of tickets before it.
const MAX_PAGES: usize = 20;

/// A ticket's status, and where it was seen.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Seen {
    /// The status, such as `APPROVED`; empty when there is no ticket.
    pub(super) status: String,
    place: Place,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    List,
    Table,
    TableForTheListIsLong,
}

impl Seen {
    /// `what` was seen, and where.
    pub(super) fn by(&self, what: &str) -> String {
        match self.place {
            Place::List => format!("ListTickets shows it: {what}"),
            Place::Table => format!("ListTickets does not show it; the table does: {what}"),
            Place::TableForTheListIsLong => {
                format!("ListTickets is too long to look through; the table shows it: {what}")
            }
        }
    }
}

/// The order's ticket, first of all as the API lists it. The list may lag behind, so it is asked until `expected` is seen or the
/// cook's patience ends; the table then says what there is.
pub(super) async fn seen(cook: &Client, tables: &Tables, order_id: &str, expected: &str) -> Result<Seen> {
    let deadline = cook.patience().begins();
    loop {
        match listed(cook, order_id, expected).await? {
            Listed::Yes => return Ok(Seen { status: expected.to_owned(), place: Place::List }),
            Listed::TooLong => return stored(tables, order_id, Place::TableForTheListIsLong).await,
            Listed::No => {}
        }
        if deadline.wait_or(String::new).await.is_err() {
            return stored(tables, order_id, Place::Table).await;
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Listed {
    Yes,
    No,
    TooLong,
}

async fn listed(cook: &Client, order_id: &str, status: &str) -> Result<Listed> {
    let mut token = String::new();
    for _ in 0..MAX_PAGES {
        let page = cook.tickets(status, PAGE, &token).await?;
        if is_on(&page, order_id) {
            return Ok(Listed::Yes);
        }
        token = page["nextPageToken"].as_str().unwrap_or_default().to_owned();
        if token.is_empty() {
            return Ok(Listed::No);
        }
    }
    Ok(Listed::TooLong)
}

fn is_on(page: &Value, order_id: &str) -> bool {
    page["tickets"].as_array().is_some_and(|tickets| tickets.iter().any(|ticket| ticket["orderId"] == order_id))
}

async fn stored(tables: &Tables, order_id: &str, place: Place) -> Result<Seen> {
    let record = tables.store(TICKETS).load(order_id).await.with_context(|| format!("no {}", tables.name(TICKETS)))?;
    let ticket = record.map(|record| record.aggregate::<Ticket>()).transpose()?;
    let status = ticket.map(|ticket| ticket.status().as_str().to_owned()).unwrap_or_default();
    Ok(Seen { status, place })
}

#[cfg(test)]
mod tests {
    use axum::Json;
    use axum::Router;
    use serde_json::json;

    use super::*;

    /// A cook of a kitchen whose ticket "mine" is on the page of this number, and whose every page has a next page.
    async fn cook(page_of_mine: usize) -> Client {
        let answer = move |Json(asked): Json<Value>| async move {
            assert_eq!(asked["status"], "TICKET_STATUS_APPROVED");
            let page: usize = asked["pageToken"].as_str().unwrap_or_default().parse().unwrap_or_default();
            let order = if page == page_of_mine { "mine" } else { "another" };
            let last = page_of_mine + 2;
            let next = if page == last { String::new() } else { (page + 1).to_string() };
            Json(json!({"tickets": [{"orderId": order}], "nextPageToken": next}))
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let api = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, Router::new().fallback(answer)).await });
        Client::new(reqwest::Client::builder().no_proxy().build().unwrap(), api, None)
    }

    #[tokio::test]
    async fn a_ticket_is_looked_for_on_every_page_up_to_the_limit() {
        for page in [0, 3, MAX_PAGES - 1] {
            assert_eq!(listed(&cook(page).await, "mine", "APPROVED").await.unwrap(), Listed::Yes);
        }
        assert_eq!(listed(&cook(MAX_PAGES).await, "mine", "APPROVED").await.unwrap(), Listed::TooLong);
        assert_eq!(listed(&cook(1).await, "nobody's", "APPROVED").await.unwrap(), Listed::No);
    }
}
