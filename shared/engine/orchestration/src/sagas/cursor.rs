//! Where a list of sagas stands, from one page to the next.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use messaging::{LoadError, PageToken, ids, sortable_time};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use uuid::Uuid;

use crate::Wanted;

/// The longest token that an API takes, in characters.
const MAX_TOKEN: usize = 4096;

/// Where a saga stands in a list: by its start, then by its identity. The list gives the greatest place first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Place {
    /// When it started, as [`sortable_time`] writes it.
    pub(crate) at: String,
    /// Its identity.
    pub(crate) key: String,
}

impl Place {
    /// The place above every saga that started in an earlier millisecond.
    pub(crate) fn earlier(&self) -> Option<Self> {
        let at = self.time()?.checked_sub(time::Duration::MILLISECOND)?;
        // No identity sorts higher.
        Some(Self { at: sortable_time(at), key: char::MAX.to_string() })
    }

    /// When the saga started.
    pub(crate) fn time(&self) -> Option<OffsetDateTime> {
        OffsetDateTime::parse(&self.at, &Rfc3339).ok()
    }
}

/// Where a list stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Cursor {
    /// Which list it is.
    list: Uuid,
    /// The list goes on below this place; `None` if it goes on with the first saga of its pages.
    pub(crate) below: Option<Place>,
    /// By the name of a source, the page of it that the list has come to.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) pages: BTreeMap<String, PageToken>,
}

impl Cursor {
    /// A cursor of the list that `lane` gives of what is wanted.
    pub(crate) fn new(lane: &str, wanted: &Wanted, below: Option<Place>, pages: BTreeMap<String, PageToken>) -> Self {
        Self { list: list(lane, wanted), below, pages }
    }

    /// The cursor that a token stands for.
    ///
    /// # Errors
    /// A token that is none of this list.
    pub(crate) fn read(lane: &str, wanted: &Wanted, token: &str) -> Result<Self, LoadError> {
        let json = URL_SAFE_NO_PAD.decode(token).map_err(|_| LoadError::BadToken)?;
        let cursor: Self = serde_json::from_slice(&json).map_err(|_| LoadError::BadToken)?;
        let is_known =
            cursor.list == list(lane, wanted) && cursor.below.as_ref().is_none_or(|below| below.time().is_some());
        if is_known { Ok(cursor) } else { Err(LoadError::BadToken) }
    }

    /// The token that stands for the cursor.
    ///
    /// # Errors
    /// It would be longer than callers may send it.
    pub(crate) fn write(&self) -> Result<PageToken, LoadError> {
        let json = serde_json::to_vec(self).map_err(|error| LoadError::Unreadable(error.to_string()))?;
        let token = URL_SAFE_NO_PAD.encode(json);
        if token.len() > MAX_TOKEN {
            return Err(LoadError::Unreadable(format!(
                "the page token would be longer than {MAX_TOKEN} characters: ask for one saga, or for fewer states"
            )));
        }
        Ok(token)
    }
}

/// The identity of a list: a token of a list of other sagas, or of the other lane, would lead anywhere.
fn list(lane: &str, wanted: &Wanted) -> Uuid {
    ids::fingerprint(format!("{lane} {wanted:?}").as_bytes())
}

#[cfg(test)]
mod tests;
