//! A whole table.

use async_trait::async_trait;
use aws_sdk_dynamodb::Client;
use messaging::{LoadError, Page, Scan};

use super::page::{asked_for, page_of};
use super::{KEY, VALIDATION, load_error, token};
use crate::errors::code;

/// A [`Scan`] of one table.
#[derive(Debug, Clone)]
pub struct DynamoScan {
    client: Client,
    table: String,
}

impl DynamoScan {
    /// All items of this table.
    pub fn new(client: Client, table: impl Into<String>) -> Self {
        Self { client, table: table.into() }
    }

    /// Opens the connection; see [`DynamoStore::connect`](crate::DynamoStore::connect).
    pub async fn connect(&self) {
        let _ = self.page(1, None).await;
    }
}

#[async_trait]
impl Scan for DynamoScan {
    async fn page(&self, limit: u32, token: Option<&str>) -> Result<Page, LoadError> {
        let start = token.map(|token| token::key_of(token, &[KEY])).transpose()?.map(token::item_of);
        let request = self.client.scan().table_name(&self.table).set_exclusive_start_key(start).limit(asked_for(limit));
        let answer = request.send().await.map_err(|error| match token {
            Some(_) if code(&error) == VALIDATION => LoadError::BadToken,
            _ => load_error("Scan", &error),
        })?;
        page_of(answer.items.unwrap_or_default(), answer.last_evaluated_key, limit, &[KEY])
    }
}
