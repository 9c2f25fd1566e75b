//! Page tokens: the last key of a page, opaque to callers.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::AttributeValue;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use messaging::{LoadError, PageToken};

use super::item::Item;

/// The token for what follows this key.
pub(super) fn token_of(last: Item) -> Result<PageToken, LoadError> {
    let text = |(name, value)| match value {
        AttributeValue::S(text) => Ok((name, text)),
        _ => Err(LoadError::Unreadable(format!("the key attribute {name} is not a text"))),
    };
    let key = last.into_iter().map(text).collect::<Result<BTreeMap<String, String>, _>>()?;
    let json = serde_json::to_vec(&key).map_err(|error| LoadError::Unreadable(error.to_string()))?;
    Ok(URL_SAFE_NO_PAD.encode(json))
}

/// The key that a token stands for; it must consist of exactly these attributes.
pub(super) fn key_of(token: &str, attributes: &[&str]) -> Result<BTreeMap<String, String>, LoadError> {
    let json = URL_SAFE_NO_PAD.decode(token).map_err(|_| LoadError::BadToken)?;
    let key: BTreeMap<String, String> = serde_json::from_slice(&json).map_err(|_| LoadError::BadToken)?;
    let complete = key.len() == attributes.len() && attributes.iter().all(|name| key.contains_key(*name));
    if complete { Ok(key) } else { Err(LoadError::BadToken) }
}

/// The key as DynamoDB wants it.
pub(super) fn item_of(key: BTreeMap<String, String>) -> Item {
    key.into_iter().map(|(name, text)| (name, AttributeValue::S(text))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(key: &[(&str, &str)]) -> PageToken {
        let key = key.iter().map(|(name, text)| ((*name).to_owned(), AttributeValue::S((*text).to_owned())));
        token_of(key.collect()).expect("a token")
    }

    #[test]
    fn a_token_survives_the_caller() {
        let key = key_of(&token(&[("key", "1"), ("buyer", "Zoë")]), &["key", "buyer"]).expect("a key");
        assert_eq!(key["buyer"], "Zoë");
        assert_eq!(item_of(key)["key"], AttributeValue::S("1".to_owned()));
    }

    #[test]
    fn what_is_not_a_token_of_this_kind_is_refused() {
        let numbers = URL_SAFE_NO_PAD.encode(r#"{"key": 1}"#);
        for bad in ["", "?", "e30", &numbers, &token(&[("key", "1"), ("buyer", "2")]), &token(&[("other", "1")])] {
            assert_eq!(key_of(bad, &["key"]), Err(LoadError::BadToken), "{bad}");
        }
    }

    #[test]
    fn a_key_that_is_not_a_text_has_no_token() {
        let last = Item::from([("key".to_owned(), AttributeValue::N("1".to_owned()))]);
        assert!(matches!(token_of(last), Err(LoadError::Unreadable(_))));
    }
}
