//! A secondary index of a table.

use async_trait::async_trait;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::types::AttributeValue;
use messaging::{Index, IndexedKey, KeyIndex, LoadError, Page, SortOrder, Span};

use super::item::Item;
use super::page::{asked_for, page_of};
use super::{KEY, NO_ITEM, VALIDATION, load_error, token};
use crate::errors::code;

/// How many pages one look at keys reads: a megabyte of keys ends a page before its limit, and holds thousands.
const QUERIES: usize = 10;

/// A global secondary index: an [`Index`] if it has at least [`INDEXED_ATTRIBUTES`](messaging::INDEXED_ATTRIBUTES) projected,
/// and a [`KeyIndex`] if it has nothing but keys.
#[derive(Debug, Clone)]
pub struct DynamoIndex {
    client: Client,
    table: String,
    name: String,
    partition: String,
    sort: String,
}

impl DynamoIndex {
    /// The index `name` of this table, by the attribute `partition`, in the order of the attribute `sort`.
    pub fn new(
        client: Client,
        table: impl Into<String>,
        name: impl Into<String>,
        partition: impl Into<String>,
        sort: impl Into<String>,
    ) -> Self {
        let (table, name) = (table.into(), name.into());
        Self { client, table, name, partition: partition.into(), sort: sort.into() }
    }

    /// Opens the connection; see [`DynamoStore::connect`](crate::DynamoStore::connect).
    pub async fn connect(&self) {
        let _ = self.page(NO_ITEM, 1, SortOrder::OldestFirst, None).await;
    }

    /// The attributes of its key.
    fn key(&self) -> [&str; 3] {
        [KEY, &self.partition, &self.sort]
    }

    /// The query for the latest keys of this value in the span.
    fn query(&self, value: &str, span: &Span) -> QueryFluentBuilder {
        let (condition, values) = key_condition(value, span);
        let query = self.client.query().table_name(&self.table).index_name(&self.name).scan_index_forward(false);
        let query = query.key_condition_expression(condition).set_expression_attribute_values(Some(values));
        let query = query.expression_attribute_names("#partition", &self.partition);
        // A name that the condition does not use is refused.
        if condition.contains("#sort") { query.expression_attribute_names("#sort", &self.sort) } else { query }
    }

    /// Where the page of a token begins. A token from the list of another value is not accepted.
    fn start(&self, value: &str, token: Option<&str>) -> Result<Option<Item>, LoadError> {
        let Some(token) = token else { return Ok(None) };
        let key = token::key_of(token, &self.key())?;
        if key.get(&self.partition).is_none_or(|partition| partition != value) {
            return Err(LoadError::BadToken);
        }
        Ok(Some(token::item_of(key)))
    }
}

#[async_trait]
impl Index for DynamoIndex {
    async fn page(&self, value: &str, limit: u32, order: SortOrder, token: Option<&str>) -> Result<Page, LoadError> {
        let request = self
            .client
            .query()
            .table_name(&self.table)
            .index_name(&self.name)
            .key_condition_expression("#partition = :value")
            .expression_attribute_names("#partition", &self.partition)
            .expression_attribute_values(":value", AttributeValue::S(value.to_owned()))
            .scan_index_forward(order == SortOrder::OldestFirst)
            .set_exclusive_start_key(self.start(value, token)?)
            .limit(asked_for(limit));
        let answer = request.send().await.map_err(|error| match token {
            // DynamoDB refuses the key in the token: somebody has made the token up.
            Some(_) if code(&error) == VALIDATION => LoadError::BadToken,
            _ => load_error("Query", &error),
        })?;
        page_of(answer.items.unwrap_or_default(), answer.last_evaluated_key, limit, &self.key())
    }
}

#[async_trait]
impl KeyIndex for DynamoIndex {
    async fn latest(&self, value: &str, span: &Span, limit: u32) -> Result<Vec<IndexedKey>, LoadError> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let (mut keys, mut start) = (Vec::new(), None);
        // DynamoDB refuses a span that ends before it begins, and a limit of 0.
        if span.is_empty() || limit == 0 {
            return Ok(keys);
        }
        for _ in 0..QUERIES {
            let left = i32::try_from(limit - keys.len()).unwrap_or(i32::MAX);
            let answer = self.query(value, span).set_exclusive_start_key(start).limit(left).send().await;
            let answer = answer.map_err(|error| load_error("Query", &error))?;
            for item in answer.items.unwrap_or_default() {
                keys.push(IndexedKey { key: text(&item, KEY)?, sort: text(&item, &self.sort)? });
            }
            start = answer.last_evaluated_key;
            if start.is_none() || keys.len() >= limit {
                return Ok(keys);
            }
        }
        Err(LoadError::Transient(format!("Query: {QUERIES} pages have not come to {limit} keys")))
    }
}

/// The condition that a key of the index is of this value and in the span, with its values.
fn key_condition(value: &str, Span { from, to }: &Span) -> (&'static str, Item) {
    let condition = match (from, to) {
        (None, None) => "#partition = :value",
        (Some(_), None) => "#partition = :value AND #sort >= :from",
        (None, Some(_)) => "#partition = :value AND #sort <= :to",
        (Some(_), Some(_)) => "#partition = :value AND #sort BETWEEN :from AND :to",
    };
    let values = [(":value", Some(value)), (":from", from.as_deref()), (":to", to.as_deref())];
    let attribute = |(name, text): (&str, Option<&str>)| Some((name.to_owned(), AttributeValue::S(text?.to_owned())));
    (condition, values.into_iter().filter_map(attribute).collect())
}

fn text(item: &Item, name: &str) -> Result<String, LoadError> {
    let attribute = item.get(name).and_then(|value| value.as_s().ok());
    attribute.cloned().ok_or_else(|| LoadError::Unreadable(format!("an item of the index has no {name}")))
}

#[cfg(test)]
mod tests {
    use aws_sdk_dynamodb::config::{BehaviorVersion, Config};

    use super::*;

    #[test]
    fn a_token_leads_only_to_the_value_that_it_came_from() {
        let config = Config::builder().behavior_version(BehaviorVersion::v2026_01_12()).build();
        let index = DynamoIndex::new(Client::from_conf(config), "sales", "by-buyer", "buyer", "created_at");
        let text = |(name, text): (&str, &str)| (name.to_owned(), AttributeValue::S(text.to_owned()));
        let last = Item::from([("key", "1"), ("buyer", "ann"), ("created_at", "2026")].map(text));
        let token = token::token_of(last.clone()).expect("a token");
        assert_eq!(index.start("ann", None), Ok(None));
        assert_eq!(index.start("ann", Some(&token)), Ok(Some(last)));
        assert_eq!(index.start("bob", Some(&token)), Err(LoadError::BadToken));
    }
}
