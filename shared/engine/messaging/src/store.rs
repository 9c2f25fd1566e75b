//! What is kept: records, and the ports behind which they live.

mod port;
mod record;

pub use port::{Counter, Index, LoadError, LoadMany, Order, Page, PageToken, SaveError, Scan, Store, Write};
pub use record::{
    Aggregate, INBOX_LIMIT, InboxEntry, Key, OutboxEntry, Record, RecordError, UnknownSchema, from_value, seconds_of,
    sortable_time,
};
