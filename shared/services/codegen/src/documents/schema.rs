//! JSON Schemas of messages as ProtoJSON writes them.

use std::collections::BTreeMap;

use anyhow::Result;
use codegen::{Limits, limits};
use protox::prost_reflect::{EnumDescriptor, FieldDescriptor, Kind, MessageDescriptor};

use super::contract::Contract;
use super::limits::{needs, of_digits, of_list, of_number, of_text};
use super::tree::{Node, joined, object, reference, text, texts};

/// Where the schemas of a document stand.
const SCHEMAS: &str = "#/components/schemas/";

/// A reference to the schema of a message or an enumeration.
pub(super) fn of(full_name: &str) -> Node {
    reference(&format!("{SCHEMAS}{full_name}"))
}

/// The schemas of these messages and of the enumerations that they hold, by their full names. Messages that callers send, as
/// `asked` names them, say which of their fields must be there.
pub(super) fn schemas(
    contract: &Contract,
    messages: &BTreeMap<String, MessageDescriptor>,
    asked: &BTreeMap<String, MessageDescriptor>,
) -> Result<BTreeMap<String, Node>> {
    let mut schemas = BTreeMap::new();
    for (name, message) in messages {
        if well_known(name).is_some() {
            continue;
        }
        schemas.insert(name.clone(), schema(contract, message, asked.contains_key(name))?);
        for field in message.fields() {
            if let Kind::Enum(values) = field.kind() {
                schemas.insert(values.full_name().to_owned(), enumeration(contract, &values));
            }
        }
    }
    Ok(schemas)
}

fn schema(contract: &Contract, message: &MessageDescriptor, is_asked: bool) -> Result<Node> {
    let (mut needed, mut properties) = (Vec::new(), Vec::new());
    for field in message.fields() {
        let limits = limits(&field)?;
        if is_asked && limits.is_some_and(needs) {
            needed.push(field.json_name().to_owned());
        }
        properties.push((field.json_name().to_owned(), property(contract, &field, limits)));
    }
    let required = (!needed.is_empty()).then(|| ("required", texts(needed)));
    let properties = properties.iter().map(|(name, property)| (name.as_str(), property.clone()));
    let properties = [("properties", object(properties))].into_iter().filter(|_| message.fields().len() > 0);
    let parts = [("type", text("object"))].into_iter().chain(required).chain(properties);
    Ok(joined(described(contract.comment(message)), object(parts)))
}

fn described(comment: &str) -> Node {
    if comment.is_empty() { object([]) } else { object([("description", text(comment))]) }
}

fn property(contract: &Contract, field: &FieldDescriptor, limits: Option<Limits>) -> Node {
    let described = described(contract.comment(field));
    let schema = if field.is_map() {
        object([("type", text("object")), ("additionalProperties", object([("type", text("string"))]))])
    } else if field.is_list() {
        // The limits are the list's, but for what its texts look like.
        let of_items = limits.map(|Limits { format, .. }| Limits { format, ..Limits::default() });
        let list = joined(object([("type", text("array"))]), of_list(limits.unwrap_or_default()));
        joined(list, object([("items", value(field, of_items))]))
    } else {
        value(field, limits)
    };
    joined(described, schema)
}

/// The schema of one value of the field.
fn value(field: &FieldDescriptor, limits: Option<Limits>) -> Node {
    let of_type = |name: &str| object([("type", text(name))]);
    match field.kind() {
        Kind::String => joined(of_type("string"), of_text(limits.unwrap_or_default())),
        Kind::Bool => of_type("boolean"),
        Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => joined(of_type("string"), of_digits(limits)),
        Kind::Uint64 | Kind::Fixed64 => object([("type", text("string")), ("pattern", text("^[0-9]{1,20}$"))]),
        Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => {
            joined(of_type("integer"), of_number(limits, i32::MIN.into(), i32::MAX.into()))
        }
        Kind::Uint32 | Kind::Fixed32 => joined(of_type("integer"), of_number(limits, 0, u32::MAX.into())),
        Kind::Double | Kind::Float => of_type("number"),
        Kind::Bytes => joined(of_type("string"), object([("contentEncoding", text("base64"))])),
        Kind::Enum(values) => of(values.full_name()),
        Kind::Message(message) => well_known(message.full_name()).unwrap_or_else(|| of(message.full_name())),
    }
}

/// The types that ProtoJSON writes in a way of their own.
fn well_known(name: &str) -> Option<Node> {
    match name {
        "google.protobuf.Timestamp" => Some(object([("type", text("string")), ("format", text("date-time"))])),
        "google.protobuf.Duration" => {
            Some(object([("type", text("string")), ("pattern", text(r"^-?[0-9]+(\.[0-9]+)?s$"))]))
        }
        "google.protobuf.Any" => {
            let type_url = object([("@type", object([("type", text("string"))]))]);
            Some(object([("type", text("object")), ("required", texts(["@type"])), ("properties", type_url)]))
        }
        _ => None,
    }
}

/// The names of an enumeration's values; each with its comment.
fn enumeration(contract: &Contract, values: &EnumDescriptor) -> Node {
    let mut description = contract.comment(values).to_owned();
    for value in values.values() {
        let comment = contract.comment(&value);
        if !comment.is_empty() {
            description += &format!("\n- `{}`: {}", value.name(), comment.replace('\n', "\n  "));
        }
    }
    let names = values.values().map(|value| value.name().to_owned());
    joined(described(description.trim()), object([("type", text("string")), ("enum", texts(names))]))
}
