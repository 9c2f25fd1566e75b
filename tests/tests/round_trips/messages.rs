//! Values of any message, as its descriptor says.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use prost::Message as _;
use prost_reflect::{DynamicMessage, FieldDescriptor, Kind, MapKey, MessageDescriptor, Value};

/// How deep messages lie in each other.
const DEPTH: u32 = 3;
const MOST_ITEMS: usize = 4;

/// A message of this type; an Any in it holds one of the types `packed`.
pub(crate) fn message(descriptor: &MessageDescriptor, packed: Vec<MessageDescriptor>) -> BoxedStrategy<DynamicMessage> {
    of_depth(descriptor, &packed, DEPTH)
}

fn of_depth(descriptor: &MessageDescriptor, packed: &[MessageDescriptor], depth: u32) -> BoxedStrategy<DynamicMessage> {
    match descriptor.full_name() {
        // 0001-01-01 to 9999-12-31, as ProtoJSON writes it.
        "google.protobuf.Timestamp" => {
            time(descriptor, (-62_135_596_800..=253_402_300_799_i64, 0..1_000_000_000).boxed())
        }
        "google.protobuf.Duration" => time(descriptor, duration()),
        "google.protobuf.Any" => any_of(descriptor, packed, depth),
        _ => fields(descriptor, packed, depth),
    }
}

/// Any of its fields, each there or not.
fn fields(descriptor: &MessageDescriptor, packed: &[MessageDescriptor], depth: u32) -> BoxedStrategy<DynamicMessage> {
    let is_leaf = depth == 0;
    let fields = descriptor.fields().filter(|field| !is_leaf || field.kind().as_message().is_none());
    let values: Vec<_> =
        fields.map(|field| (Just(field.clone()), proptest::option::of(held(&field, packed, depth)))).collect();
    let descriptor = descriptor.clone();
    let message = move |values: Vec<(FieldDescriptor, Option<Value>)>| {
        let mut message = DynamicMessage::new(descriptor.clone());
        for (field, value) in values {
            if let Some(value) = value {
                message.set_field(&field, value);
            }
        }
        message
    };
    values.prop_map(message).boxed()
}

/// What a field holds: a value, a list or a map.
fn held(field: &FieldDescriptor, packed: &[MessageDescriptor], depth: u32) -> BoxedStrategy<Value> {
    if field.is_map() {
        let kind = field.kind();
        let entry = kind.as_message().expect("a map has entries");
        let keys = value(&entry.map_entry_key_field().kind(), packed, depth).prop_map(|key| key_of(&key));
        let values = value(&entry.map_entry_value_field().kind(), packed, depth);
        return vec((keys, values), 0..MOST_ITEMS).prop_map(|map| Value::Map(map.into_iter().collect())).boxed();
    }
    let one = value(&field.kind(), packed, depth);
    if field.is_list() { vec(one, 0..MOST_ITEMS).prop_map(Value::List).boxed() } else { one }
}

fn value(kind: &Kind, packed: &[MessageDescriptor], depth: u32) -> BoxedStrategy<Value> {
    match kind {
        Kind::Bool => any::<bool>().prop_map(Value::Bool).boxed(),
        Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => any::<i32>().prop_map(Value::I32).boxed(),
        Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => any::<i64>().prop_map(Value::I64).boxed(),
        Kind::Uint32 | Kind::Fixed32 => any::<u32>().prop_map(Value::U32).boxed(),
        Kind::Uint64 | Kind::Fixed64 => any::<u64>().prop_map(Value::U64).boxed(),
        Kind::Float => any::<f32>().prop_map(Value::F32).boxed(),
        Kind::Double => any::<f64>().prop_map(Value::F64).boxed(),
        Kind::String => text().prop_map(Value::String).boxed(),
        Kind::Bytes => vec(any::<u8>(), 0..20).prop_map(|bytes| Value::Bytes(bytes.into())).boxed(),
        Kind::Enum(values) => {
            let numbers: Vec<i32> = values.values().map(|value| value.number()).collect();
            select(numbers).prop_map(Value::EnumNumber).boxed()
        }
        Kind::Message(message) => of_depth(message, packed, depth.saturating_sub(1)).prop_map(Value::Message).boxed(),
    }
}

/// Any text, and what is often taken for its end.
pub(crate) fn text() -> BoxedStrategy<String> {
    prop_oneof![4 => ".{0,20}", 1 => Just("\u{0}\u{ffff}\u{202e}\"\\ 🍕".to_owned()), 1 => Just(String::new())].boxed()
}

fn key_of(value: &Value) -> MapKey {
    match value {
        Value::Bool(key) => MapKey::Bool(*key),
        Value::I32(key) => MapKey::I32(*key),
        Value::I64(key) => MapKey::I64(*key),
        Value::U32(key) => MapKey::U32(*key),
        Value::U64(key) => MapKey::U64(*key),
        Value::String(key) => MapKey::String(key.clone()),
        other => panic!("{other:?} is no key of a map"),
    }
}

/// Seconds and nanoseconds.
fn time(descriptor: &MessageDescriptor, parts: BoxedStrategy<(i64, i32)>) -> BoxedStrategy<DynamicMessage> {
    let descriptor = descriptor.clone();
    let message = move |(seconds, nanos)| {
        let mut message = DynamicMessage::new(descriptor.clone());
        message.set_field_by_name("seconds", Value::I64(seconds));
        message.set_field_by_name("nanos", Value::I32(nanos));
        message
    };
    parts.prop_map(message).boxed()
}

/// Some ten thousand years in either direction; both parts have the same sign.
fn duration() -> BoxedStrategy<(i64, i32)> {
    let sign = prop_oneof![Just((1, 1)), Just((-1, -1))];
    (sign, 0..=315_576_000_000_i64, 0..1_000_000_000)
        .prop_map(|((a, b), seconds, nanos)| (a * seconds, b * nanos))
        .boxed()
}

fn any_of(descriptor: &MessageDescriptor, packed: &[MessageDescriptor], depth: u32) -> BoxedStrategy<DynamicMessage> {
    let descriptor = descriptor.clone();
    if packed.is_empty() || depth == 0 {
        return Just(DynamicMessage::new(descriptor)).boxed();
    }
    let packed_message = select(packed.to_vec()).prop_flat_map(move |packed| of_depth(&packed, &[], depth - 1));
    let message = move |packed: DynamicMessage| {
        let mut message = DynamicMessage::new(descriptor.clone());
        let url = format!("type.googleapis.com/{}", prost_reflect::ReflectMessage::descriptor(&packed).full_name());
        message.set_field_by_name("type_url", Value::String(url));
        message.set_field_by_name("value", Value::Bytes(packed.encode_to_vec().into()));
        message
    };
    packed_message.prop_map(message).boxed()
}
