//! How much a field of a request may hold: the option `(message.v1.limits)` says so.

use anyhow::{Context, Result, bail};
use protox::prost_reflect::{DynamicMessage, FieldDescriptor, Value};

const OPTION: &str = "message.v1.limits";

/// What a field may hold; see `message/v1/limits.proto`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Limits {
    /// The least, inclusive.
    pub min: i64,
    /// The most, inclusive; 0 for no limit but the type's.
    pub max: i64,
    /// What a text looks like.
    pub format: Format,
}

/// What a text looks like, unless it is empty.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Format {
    /// Any characters.
    #[default]
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

/// What the option of a field says; `None` for a field without the option.
///
/// # Errors
/// An option that is not what `message/v1/limits.proto` declares.
pub fn limits(field: &FieldDescriptor) -> Result<Option<Limits>> {
    let Some(option) = field.parent_pool().get_extension_by_name(OPTION) else { return Ok(None) };
    let options = field.options();
    if !options.has_extension(&option) {
        return Ok(None);
    }
    let says = options.get_extension(&option);
    let says = says.as_message().with_context(|| format!("the option ({OPTION}) is no message"))?;
    let format = match number(says, "format")? {
        0 => Format::Any,
        1 => Format::Uuid,
        2 => Format::Slug,
        3 => Format::Capitals,
        4 => Format::Visible,
        other => bail!("codegen does not know the format {other}"),
    };
    Ok(Some(Limits { min: number(says, "min")?, max: number(says, "max")?, format }))
}

fn number(says: &DynamicMessage, name: &str) -> Result<i64> {
    match says.get_field_by_name(name).as_deref() {
        Some(Value::I64(number)) => Ok(*number),
        Some(Value::EnumNumber(number)) => Ok((*number).into()),
        _ => bail!("the option ({OPTION}) has no {name}"),
    }
}
