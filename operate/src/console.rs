//! The console's files: what a build has made of web/, and the bucket that serves them.

mod bucket;
mod files;

pub(crate) use bucket::Bucket;
pub(crate) use files::Build;
pub use files::{is_compressed, kept_for};
