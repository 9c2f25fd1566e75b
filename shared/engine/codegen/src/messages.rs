//! What message types `proto/` declares.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Result;
use protox::prost_reflect::{Kind, MessageDescriptor};

/// One message type of `proto/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageType {
    /// Its full name, such as `warehouse.v1.ReserveGoods`.
    pub name: String,
    /// Its fields by their names in ProtoJSON.
    pub fields: BTreeMap<String, Holds>,
}

/// What a field holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Holds {
    /// Messages of the type with this full name.
    Message(String),
    /// Values of an enumeration, by their names; the one that stands for an absent value is left out.
    Enum(Vec<String>),
    /// A number, a text, a truth value, or a map of them.
    Scalar,
}

/// Every message type that a file below `protos` declares; those that it imports from `includes` are left out.
///
/// # Errors
/// A file that does not parse.
pub fn messages(protos: &Path, includes: &[PathBuf]) -> Result<Vec<MessageType>> {
    let (files, compiler) = crate::parse(protos, includes)?;
    let pool = compiler.descriptor_pool();
    let is_own = |message: &MessageDescriptor| files.contains(&protos.join(message.parent_file().name()));
    let own = pool.all_messages().filter(is_own);
    Ok(own.filter(|message| !message.is_map_entry()).map(|message| described(&message)).collect())
}

fn described(message: &MessageDescriptor) -> MessageType {
    let holds = |kind: Kind| match kind {
        Kind::Message(message) => Holds::Message(message.full_name().to_owned()),
        Kind::Enum(values) => {
            let named = values.values().filter(|value| value.number() != 0);
            Holds::Enum(named.map(|value| value.name().to_owned()).collect())
        }
        _ => Holds::Scalar,
    };
    let fields = message.fields().map(|field| {
        let holds = if field.is_map() { Holds::Scalar } else { holds(field.kind()) };
        (field.json_name().to_owned(), holds)
    });
    MessageType { name: message.full_name().to_owned(), fields: fields.collect() }
}
