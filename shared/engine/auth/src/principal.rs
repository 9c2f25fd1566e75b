//! What the rest of a function may learn from a token: bounded and parsed, so that a policy and a key can be made of it.

use std::fmt;

const MAX_SUBJECT_BYTES: usize = 255;
const MAX_PERMISSION_BYTES: usize = 128;

/// The authenticated party behind a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    /// Who calls.
    pub subject: Subject,
    /// What the token lets them do.
    pub permissions: Vec<Permission>,
}

/// A token's `sub`: 1 to 255 bytes without control characters.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Subject(String);

impl Subject {
    /// Accepts a text within the bounds that make it safe as part of a key.
    pub fn parse(text: &str) -> Option<Self> {
        let bounded = (1..=MAX_SUBJECT_BYTES).contains(&text.len()) && !text.chars().any(char::is_control);
        bounded.then(|| Self(text.to_owned()))
    }

    /// The subject as the issuer writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// One entry of a token's `permissions`, such as `read:sales`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Permission {
    action: String,
    resource: String,
}

impl Permission {
    /// Splits `action:resource`; any other form is not a permission.
    pub fn parse(text: &str) -> Option<Self> {
        let word = |part: &str| {
            !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
        };
        let (action, resource) = text.split_once(':')?;
        (text.len() <= MAX_PERMISSION_BYTES && word(action) && word(resource))
            .then(|| Self { action: action.to_owned(), resource: resource.to_owned() })
    }

    /// What may be done: the policy's `act`.
    pub fn action(&self) -> &str {
        &self.action
    }

    /// The resource it may be done to: the policy's `sub`.
    pub fn resource(&self) -> &str {
        &self.resource
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.action, self.resource)
    }
}
