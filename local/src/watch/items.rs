//! The items that a DynamoDB call touches, with their sizes, because DynamoDB charges by an item's size.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

/// An item that a call reads or writes.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Touched {
    /// The table's physical name.
    pub table: String,
    /// The item's key.
    pub key: String,
    /// Its size. `None` when the item does not exist, and for an update, which does not show the item.
    pub bytes: Option<u64>,
    /// The size of each of its attributes, name and value.
    pub sizes: BTreeMap<String, u64>,
    /// Its text attributes; the keys of every index are among them.
    pub texts: BTreeMap<String, String>,
}

/// The items that the request of `action` touches, in its order.
pub(crate) fn touched(action: &str, request: &Value) -> Vec<Touched> {
    match action {
        "PutItem" | "GetItem" => vec![one(request)],
        "TransactWriteItems" => {
            let parts = request["TransactItems"].as_array().into_iter().flatten();
            parts.flat_map(|part| part.as_object().into_iter().flat_map(|part| part.values().map(one))).collect()
        }
        _ => Vec::new(),
    }
}

fn one(request: &Value) -> Touched {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let table = text(&request["TableName"]);
    if let Some(item) = request.get("Item") {
        let mut touched = Touched { table, key: text(&item["key"]["S"]), ..Touched::default() };
        touched.found(item);
        return touched;
    }
    Touched { table, key: text(&request["Key"]["key"]["S"]), ..Touched::default() }
}

impl Touched {
    /// Takes over size and attributes of the item that a read has found.
    pub(crate) fn found(&mut self, item: &Value) {
        let Some(attributes) = item.as_object() else { return };
        self.sizes = attributes.iter().map(|(name, value)| (name.clone(), length(name) + size(value))).collect();
        self.bytes = Some(self.sizes.values().sum());
        let texts = attributes.iter().filter_map(|(name, value)| Some((name.clone(), value["S"].as_str()?.to_owned())));
        self.texts = texts.collect();
    }
}

/// The size of a value by the developer guide's section "DynamoDB Item sizes and formats".
fn size(value: &Value) -> u64 {
    let Some((kind, value)) = value.as_object().and_then(|value| value.iter().next()) else { return 0 };
    match (kind.as_str(), value) {
        ("S", Value::String(text)) => length(text),
        // Two significant digits take a byte, and the number takes another byte.
        ("N", Value::String(number)) => {
            let digits: String = number.chars().filter(char::is_ascii_digit).collect();
            let (minus, significant) = (u64::from(number.starts_with('-')), digits.trim_matches('0'));
            length(significant).div_ceil(2) + 1 + minus
        }
        // A list or a map takes three bytes, and each of its elements takes another byte.
        ("L", Value::Array(elements)) => 3 + elements.iter().map(|element| 1 + size(element)).sum::<u64>(),
        ("M", Value::Object(fields)) => {
            3 + fields.iter().map(|(name, field)| 1 + length(name) + size(field)).sum::<u64>()
        }
        _ => 1,
    }
}

fn length(text: &str) -> u64 {
    u64::try_from(text.len()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_item_is_as_large_as_the_developer_guide_says() {
        let sizes = [
            (json!({"S": "Zo\u{eb}"}), 4),
            (json!({"N": "0"}), 1),
            (json!({"N": "1150"}), 3),
            (json!({"N": "-12.5"}), 4),
            (json!({"BOOL": true}), 1),
            (json!({"NULL": true}), 1),
            (json!({"L": []}), 3),
            (json!({"L": [{"S": "ab"}, {"N": "7"}]}), 3 + 3 + 3),
            (json!({"M": {"name": {"S": "ab"}}}), 3 + 1 + 4 + 2),
        ];
        for (value, bytes) in sizes {
            assert_eq!(size(&value), bytes, "{value}");
        }
    }

    #[test]
    fn a_transaction_touches_what_it_puts_and_what_it_updates() {
        let item = json!({"key": {"S": "o1"}, "status": {"S": "APPROVED"}, "version": {"N": "1"}});
        let request = json!({"TransactItems": [
            {"Put": {"TableName": "s-tickets", "Item": item}},
            {"Update": {"TableName": "s-stock", "Key": {"key": {"S": "cola"}}}},
        ]});
        let touched = touched("TransactWriteItems", &request);
        assert_eq!((touched[0].key.as_str(), touched[0].bytes), ("o1", Some(3 + 2 + 6 + 8 + 7 + 2)));
        assert_eq!(touched[0].texts["status"], "APPROVED");
        assert_eq!((touched[1].table.as_str(), touched[1].key.as_str(), touched[1].bytes), ("s-stock", "cola", None));
    }
}
