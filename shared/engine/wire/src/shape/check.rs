//! The comparison of a value with a shape.

use std::fmt;

use buffa_types::google::protobuf::Timestamp;
use serde::Deserialize as _;
use serde_json::{Map, Number, Value};

use super::{Field, Format, Holds, Limits, Shape};

/// How many faults of a request are told.
pub const MAX_FAULTS: usize = 20;

/// One thing that is wrong with a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The way to the field, such as `items[2].quantity`; empty for the request as a whole.
    pub field: String,
    /// What the field must be, such as `must be a whole number from 1 to 1000`.
    pub must: String,
}

impl Fault {
    /// A fault of the field at this path.
    pub fn new(field: impl Into<String>, must: impl Into<String>) -> Self {
        Self { field: field.into(), must: must.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.field.as_str() {
            "" => write!(formatter, "the request {}", self.must),
            field => write!(formatter, "{field} {}", self.must),
        }
    }
}

/// Everything that is wrong with a request of this shape, at most [`MAX_FAULTS`]. Members that the shape does not know are
/// passed over, as a newer client may send them.
pub fn faults(request: &Value, shape: &Shape) -> Vec<Fault> {
    let mut faults = Faults(Vec::new());
    match request.as_object() {
        Some(members) => faults.message(members, shape, ""),
        None => faults.add("", "must be a JSON object".to_owned()),
    }
    faults.0
}

struct Faults(Vec<Fault>);

impl Faults {
    fn add(&mut self, field: &str, must: String) {
        if self.0.len() < MAX_FAULTS {
            self.0.push(Fault { field: field.to_owned(), must });
        }
    }

    fn message(&mut self, members: &Map<String, Value>, shape: &Shape, path: &str) {
        for field in shape.fields {
            let path = if path.is_empty() { field.name.to_owned() } else { format!("{path}.{}", field.name) };
            let (by_json_name, by_name) = (members.get(field.json_name), members.get(field.name));
            if field.json_name != field.name && by_json_name.is_some() && by_name.is_some() {
                self.add(&path, format!("must be given once, as {} or as {}", field.json_name, field.name));
                continue;
            }
            match by_json_name.or(by_name).unwrap_or(&Value::Null) {
                value if field.repeated => self.list(value, field, &path),
                Value::Null => self.absent(field, &path),
                value => self.value(value, field, &path),
            }
        }
    }

    fn absent(&mut self, field: &Field, path: &str) {
        let fits = match field.holds {
            Holds::Whole(..) => within(0, field.limits),
            Holds::Text | Holds::Message(_) | Holds::Time | Holds::Other | Holds::Enum(_) | Holds::Truth => {
                field.limits.min <= 0
            }
        };
        if !fits {
            self.add(path, must(field));
        }
    }

    fn list(&mut self, value: &Value, field: &Field, path: &str) {
        let nothing = Vec::new();
        let items = match value {
            Value::Null => &nothing,
            Value::Array(items) => items,
            Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => {
                return self.add(path, must(field));
            }
        };
        if !within(length(items.len()), field.limits) {
            return self.add(path, must(field));
        }
        for (index, item) in items.iter().enumerate() {
            self.value(item, field, &format!("{path}[{index}]"));
        }
    }

    /// A value, or an item of a list, whose limits are the list's.
    fn value(&mut self, value: &Value, field: &Field, path: &str) {
        let limits = if field.repeated { Limits { min: 0, max: 0, format: field.limits.format } } else { field.limits };
        let fits = match (field.holds, value) {
            (Holds::Message(shape), Value::Object(members)) => return self.message(members, shape, path),
            (Holds::Text, Value::String(text)) => {
                within(length(text.chars().count()), limits) && looks_like(text, limits.format)
            }
            (Holds::Truth, value) => value.is_boolean(),
            (Holds::Whole(least, most), value) => {
                whole(value).is_some_and(|number| (least..=most).contains(&number) && within(number, limits))
            }
            (Holds::Enum(values), Value::String(name)) => values.iter().any(|(known, _)| known == name),
            (Holds::Enum(values), value) => {
                whole(value).is_some_and(|number| values.iter().any(|(_, known)| i128::from(*known) == number))
            }
            (Holds::Time, value) => Timestamp::deserialize(value).is_ok(),
            (Holds::Other, _) => true,
            (Holds::Message(_) | Holds::Text, _) => false,
        };
        if !fits {
            self.add(path, must_be(field.holds, limits));
        }
    }
}

fn length(count: usize) -> i128 {
    i128::try_from(count).unwrap_or(i128::MAX)
}

fn within(number: i128, limits: Limits) -> bool {
    number >= i128::from(limits.min) && (limits.max == 0 || number <= i128::from(limits.max))
}

/// The whole number that ProtoJSON writes as a number or as a text: `7`, `"7"`, `7.0`, `7e0`, but neither `"+7"` nor `" 7"`.
fn whole(value: &Value) -> Option<i128> {
    let parsed;
    let number = match value {
        Value::Number(number) => number,
        // Only a number's own grammar is accepted, so a blank around it is not.
        Value::String(text) if !text.contains(|c: char| c.is_ascii_whitespace()) => {
            parsed = serde_json::from_str::<Number>(text).ok()?;
            &parsed
        }
        Value::Null | Value::Bool(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => return None,
    };
    if let Some(whole) = number.as_i128() {
        return Some(whole);
    }
    let fraction = number.as_f64()?;
    // Beyond these a float is no exact whole number, and no type holds it.
    #[allow(clippy::cast_possible_truncation, reason = "the number is whole and within 64 bits")]
    (fraction.fract() == 0.0 && fraction.abs() < 18_446_744_073_709_551_616.0).then_some(fraction as i128)
}

fn looks_like(text: &str, format: Format) -> bool {
    let all = |allowed: fn(&u8) -> bool| text.as_bytes().iter().all(allowed);
    match format {
        Format::Any => true,
        Format::Uuid => text.is_empty() || is_uuid(text),
        Format::Slug => all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_')),
        Format::Capitals => all(u8::is_ascii_uppercase),
        Format::Visible => all(u8::is_ascii_graphic),
    }
}

fn is_uuid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12])
        && groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// What the field must be, as the contract says it.
fn must(field: &Field) -> String {
    if field.repeated {
        return match (field.limits.min, field.limits.max) {
            (_, 0) => "must be a list".to_owned(),
            (min, max) => format!("must be a list of {min} to {max} items"),
        };
    }
    must_be(field.holds, field.limits)
}

fn must_be(holds: Holds, limits: Limits) -> String {
    match holds {
        Holds::Text => text(limits),
        Holds::Truth => "must be true or false".to_owned(),
        Holds::Whole(least, most) => {
            let least = if limits.min == 0 && limits.max == 0 { least } else { limits.min.into() };
            let most = if limits.max == 0 { most } else { limits.max.into() };
            format!("must be a whole number from {least} to {most}")
        }
        Holds::Enum(values) => {
            let names: Vec<&str> = values.iter().filter(|(_, number)| *number != 0).map(|(name, _)| *name).collect();
            format!("must be one of {}", names.join(", "))
        }
        Holds::Message(_) => "must be a JSON object".to_owned(),
        Holds::Time => "must be a time of the years 1 to 9999, such as 2026-01-02T03:04:05Z".to_owned(),
        Holds::Other => "must be given".to_owned(),
    }
}

fn text(limits: Limits) -> String {
    let of = match limits.format {
        Format::Any => "characters",
        Format::Uuid => return "must be a UUID of 36 characters".to_owned(),
        Format::Slug => "lower-case letters, digits, - or _",
        Format::Capitals => "capital letters",
        Format::Visible => "visible ASCII characters",
    };
    match (limits.min, limits.max) {
        (0, 0) => format!("must be a text of {of}"),
        (min, 0) => format!("must be a text of at least {min} {of}"),
        (min, max) if min == max => format!("must be a text of {min} {of}"),
        (min, max) => format!("must be a text of {min} to {max} {of}"),
    }
}
