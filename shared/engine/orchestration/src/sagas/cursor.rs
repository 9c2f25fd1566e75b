//! Where a list of sagas stands, from one page to the next.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use messaging::{LoadError, PageToken, ids, sortable_time};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use uuid::Uuid;

use crate::Wanted;

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
        Some(Self::above(sortable_time(at)))
    }

    /// The place above every saga that started at this time.
    pub(crate) fn above(at: String) -> Self {
        // No identity sorts higher.
        Self { at, key: char::MAX.to_string() }
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
    /// The list goes on below this place.
    pub(crate) below: Place,
}

impl Cursor {
    /// A cursor of the list that `lane` gives of what is wanted.
    pub(crate) fn new(lane: &str, wanted: &Wanted, below: Place) -> Self {
        Self { list: list(lane, wanted), below }
    }

    /// The cursor that a token stands for.
    ///
    /// # Errors
    /// A token that is none of this list.
    pub(crate) fn read(lane: &str, wanted: &Wanted, token: &str) -> Result<Self, LoadError> {
        let json = URL_SAFE_NO_PAD.decode(token).map_err(|_| LoadError::BadToken)?;
        let cursor: Self = serde_json::from_slice(&json).map_err(|_| LoadError::BadToken)?;
        let is_known = cursor.list == list(lane, wanted) && cursor.below.time().is_some();
        if is_known { Ok(cursor) } else { Err(LoadError::BadToken) }
    }

    /// The token that stands for the cursor.
    pub(crate) fn write(&self) -> Result<PageToken, LoadError> {
        let json = serde_json::to_vec(self).map_err(|error| LoadError::Unreadable(error.to_string()))?;
        Ok(URL_SAFE_NO_PAD.encode(json))
    }
}

/// The identity of a list: a token of a list of other sagas, or of the other lane, would lead anywhere.
fn list(lane: &str, wanted: &Wanted) -> Uuid {
    ids::fingerprint(format!("{lane} {wanted:?}").as_bytes())
}

#[cfg(test)]
mod tests;
