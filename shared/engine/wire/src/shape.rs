//! What a request may look like: the form and the limits of its fields, as `.proto` files declare them.
//!
//! [`faults`] compares a request's ProtoJSON with the [`Shape`] of its type, and finds every fault rather than the first. It
//! says what the contract says, never what a decoder says, and it never repeats a value. `make generate` writes the shapes.

mod check;

pub use check::{Fault, MAX_FAULTS, faults};

/// A message type as a request of it is checked.
#[derive(Debug)]
pub struct Shape {
    /// Its full name, such as `shop.v1.FillShelfRequest`.
    pub name: &'static str,
    /// Its fields, in the order of their declaration.
    pub fields: &'static [Field],
}

/// One field of a message type.
#[derive(Debug)]
pub struct Field {
    /// Its name in the `.proto` file, such as `article_id`.
    pub name: &'static str,
    /// Its name in ProtoJSON, such as `articleId`.
    pub json_name: &'static str,
    /// What it holds, or what each of its items is.
    pub holds: Holds,
    /// Whether it is a list.
    pub repeated: bool,
    /// The option `(message.v1.limits)`.
    pub limits: Limits,
}

/// What a field holds.
#[derive(Debug, Clone, Copy)]
pub enum Holds {
    /// A text.
    Text,
    /// A truth value.
    Truth,
    /// A whole number between these two.
    Whole(i128, i128),
    /// One of the values of an enumeration: their names and numbers.
    Enum(&'static [(&'static str, i32)]),
    /// A message.
    Message(&'static Shape),
    /// A `google.protobuf.Timestamp`, which ProtoJSON writes as a text.
    Time,
    /// Something whose form is left to the decoder: bytes, a fraction, a map, another well-known type.
    Other,
}

/// How much a field may hold; see `proto/message/v1/limits.proto`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The least, inclusive.
    pub min: i64,
    /// The most, inclusive; 0 for no limit but the type's.
    pub max: i64,
    /// What a text looks like.
    pub format: Format,
}

/// What a text looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Any characters.
    Any,
    /// A UUID of 36 characters.
    Uuid,
    /// Lower-case letters, digits, - and _.
    Slug,
    /// Capital letters.
    Capitals,
    /// Visible ASCII characters.
    Visible,
}

/// A message type whose requests can be checked.
pub trait Shaped {
    /// What such a request may look like.
    const SHAPE: &'static Shape;
}

#[cfg(test)]
mod tests;
