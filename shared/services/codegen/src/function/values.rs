//! A message of the contracts with a plausible value in each field.

use std::path::Path;

use anyhow::{Context, Result};
use protox::prost_reflect::{FieldDescriptor, Kind, MessageDescriptor};
use serde::{Serialize, Serializer};

/// The order that the recorded events tell of.
pub(super) const ORDER: &str = "44bf48d2-448c-53f6-a802-4626f25cf73d";

/// What the recorded events say of that order, by the field's name in ProtoJSON.
const KNOWN: [(&str, &str); 7] = [
    ("orderId", ORDER),
    ("customerId", "auth0|6650f1c2a7b3d4e5f6071829"),
    ("currency", "EUR"),
    ("minorUnits", "2990"),
    ("cardToken", "tok_visa"),
    ("productId", "margherita"),
    ("quantity", "2"),
];

/// A value in ProtoJSON, with its fields in the order of the contract.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Json {
    /// A text, or a number that ProtoJSON writes as one.
    Text(String),
    /// A number.
    Number(i64),
    /// A truth value.
    Truth(bool),
    /// The values of a repeated field.
    List(Vec<Self>),
    /// A message.
    Object(Object),
}

/// The fields of a message.
pub(super) struct Object(pub(super) Vec<(String, Json)>);

impl Serialize for Object {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

/// The fields of the message with this full name, which `proto/` of the checkout declares.
///
/// # Errors
/// Contracts that do not parse, or do not declare the message.
pub(super) fn of(checkout: &Path, message: &str) -> Result<Object> {
    let protos = checkout.join("proto");
    let package = message.rsplit_once('.').map_or("", |(package, _)| package);
    let folder = protos.join(package.replace('.', "/"));
    let mut compiler = protox::Compiler::new([&protos, &checkout.join("shared/engine/wire/proto")])?;
    for entry in std::fs::read_dir(&folder).with_context(|| format!("reading {}", folder.display()))? {
        let file = entry?.path();
        compiler.open_file(&file).with_context(|| format!("parsing {}", file.display()))?;
    }
    let declared = compiler.descriptor_pool().get_message_by_name(message);
    let declared = declared.with_context(|| format!("no file in {} declares {message}", folder.display()))?;
    Ok(object(&declared, &[]))
}

/// `around` names the messages that this one stands in: a message that holds itself is left out of itself.
fn object(message: &MessageDescriptor, around: &[&str]) -> Object {
    let around: Vec<&str> = around.iter().copied().chain([message.full_name()]).collect();
    let fields = message.fields().filter_map(|field| {
        let value = value(&field, &around)?;
        Some((field.json_name().to_owned(), if field.is_list() { Json::List(vec![value]) } else { value }))
    });
    Object(fields.collect())
}

/// A value of the field; a map, bytes and what would have no end stay empty.
fn value(field: &FieldDescriptor, around: &[&str]) -> Option<Json> {
    let known = KNOWN.iter().find(|(name, _)| *name == field.json_name()).map(|(_, value)| *value);
    let number = || known.and_then(|value| value.parse().ok()).unwrap_or(1);
    match field.kind() {
        _ if field.is_map() => None,
        Kind::String => Some(Json::Text(known.unwrap_or("EXAMPLE").to_owned())),
        Kind::Bool => Some(Json::Truth(true)),
        // ProtoJSON writes integers of 64 bits as texts.
        Kind::Int64 | Kind::Sint64 | Kind::Uint64 | Kind::Fixed64 | Kind::Sfixed64 => {
            Some(Json::Text(number().to_string()))
        }
        Kind::Int32 | Kind::Sint32 | Kind::Uint32 | Kind::Fixed32 | Kind::Sfixed32 | Kind::Double | Kind::Float => {
            Some(Json::Number(number()))
        }
        Kind::Enum(values) => {
            let named = values.values().find(|value| value.number() != 0)?;
            Some(Json::Text(named.name().to_owned()))
        }
        Kind::Bytes => None,
        Kind::Message(time) if time.full_name() == "google.protobuf.Timestamp" => {
            Some(Json::Text("2026-01-01T00:00:00Z".to_owned()))
        }
        Kind::Message(message) if around.contains(&message.full_name()) => None,
        Kind::Message(message) => Some(Json::Object(object(&message, around))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHOP: &str = "
        syntax = \"proto3\";
        package shop.v1;
        import \"google/protobuf/timestamp.proto\";
        enum Size { SIZE_UNSPECIFIED = 0; SIZE_SMALL = 1; }
        message Part { Part inner = 1; string product_id = 2; }
        message Buy {
            string order_id = 9;
            string note = 2;
            int64 minor_units = 3;
            int32 quantity = 4;
            double weight = 5;
            bool gift = 6;
            Size size = 7;
            google.protobuf.Timestamp at = 8;
            repeated Part parts = 1;
            map<string, string> labels = 10;
            bytes seal = 11;
        }";

    fn shop() -> tempfile::TempDir {
        let checkout = tempfile::tempdir().expect("a folder");
        let folder = checkout.path().join("proto/shop/v1");
        std::fs::create_dir_all(&folder).expect("a folder");
        std::fs::create_dir_all(checkout.path().join("shared/engine/wire/proto")).expect("a folder");
        std::fs::write(folder.join("shop.proto"), SHOP).expect("written");
        checkout
    }

    #[test]
    fn every_kind_of_field_has_a_value_in_the_order_of_the_contract() {
        let fields = of(shop().path(), "shop.v1.Buy").expect("fields");
        let expected = format!(
            "{{\"parts\":[{{\"productId\":\"margherita\"}}],\"note\":\"EXAMPLE\",\"minorUnits\":\"2990\",\"quantity\":2,\
             \"weight\":1,\"gift\":true,\"size\":\"SIZE_SMALL\",\"at\":\"2026-01-01T00:00:00Z\",\"orderId\":\"{ORDER}\"}}"
        );
        assert_eq!(serde_json::to_string(&fields).expect("JSON"), expected);
    }

    #[test]
    fn a_message_that_the_contracts_do_not_declare_is_an_error() {
        let complaint = |message: &str| of(shop().path(), message).map(|_| ()).expect_err("an error").to_string();
        assert!(complaint("shop.v1.Sell").ends_with("proto/shop/v1 declares shop.v1.Sell"));
        assert!(complaint("bakery.v1.Buy").starts_with("reading "));
    }
}
