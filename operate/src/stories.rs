//! Five stories that people play with one order each, and how each must end.
//!
//! Read `story.rs` first; `stage.rs` plays a story through the API alone, `timeline.rs` and `ending.rs` tell a person of it.

pub(crate) mod card;
pub(crate) mod ending;
pub(crate) mod progress;
pub(crate) mod stage;
pub(crate) mod story;
pub(crate) mod timeline;
