//! What `(message.v1.limits)` says of a field, as a JSON Schema says it.

use codegen::{Format, Limits};

use super::tree::{Node, joined, number, object, text};

/// Whether a field must be there: what is absent counts as 0 or as empty.
pub(super) fn needs(limits: Limits) -> bool {
    limits.min > 0
}

/// The keywords about a list.
pub(super) fn of_list(limits: Limits) -> Node {
    bounds(limits, "minItems", "maxItems")
}

/// The keywords about a text.
pub(super) fn of_text(limits: Limits) -> Node {
    let pattern = match limits.format {
        Format::Any => None,
        Format::Uuid => Some("^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"),
        Format::Slug => Some("^[a-z0-9_-]*$"),
        Format::Capitals => Some("^[A-Z]*$"),
        Format::Visible => Some("^[!-~]*$"),
    };
    joined(bounds(limits, "minLength", "maxLength"), object(pattern.map(|pattern| ("pattern", text(pattern)))))
}

fn bounds(limits: Limits, least: &str, most: &str) -> Node {
    let least = (limits.min > 0).then(|| (least, number(limits.min)));
    let most = (limits.max > 0).then(|| (most, number(limits.max)));
    object(least.into_iter().chain(most))
}

/// The keywords about a number of a type that holds `least` to `most`.
pub(super) fn of_number(limits: Option<Limits>, least: i64, most: i64) -> Node {
    let least = limits.map_or(least, |limits| limits.min);
    let most = limits.map(|limits| limits.max).filter(|max| *max > 0).unwrap_or(most);
    object([("minimum", number(least)), ("maximum", number(most))])
}

/// The keywords about a number of 64 bits, which ProtoJSON writes as a text of digits.
pub(super) fn of_digits(limits: Option<Limits>) -> Node {
    let sign = if limits.is_some_and(|limits| limits.min >= 0) { "" } else { "-?" };
    object([("pattern", text(format!("^{sign}[0-9]{{1,19}}$")))])
}
