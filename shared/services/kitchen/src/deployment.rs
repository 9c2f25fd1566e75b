//! The rows of Kitchen's steps, from which `make generate` writes their parts of `template.yaml`.

use messaging::Deployment;

use crate::STOCK;
use crate::steps::{ApproveTicket, CancelTicket, CreateTicket, RejectTicket};

/// The row of each step.
pub const STEPS: &[Deployment] = &[
    Deployment::step::<CreateTicket>("Reserves the stock of an order.")
        .with_counters(STOCK)
        .looking_at_counters()
        .with_parameters(&[("STOCK_SHARDS", "StockShards")]),
    Deployment::step::<ApproveTicket>("Releases a reserved ticket to the cooks."),
    Deployment::step::<RejectTicket>("Undoes a ticket and returns its stock.").with_counters(STOCK),
    Deployment::step::<CancelTicket>("Takes an approved ticket back and returns its stock.").with_counters(STOCK),
];
