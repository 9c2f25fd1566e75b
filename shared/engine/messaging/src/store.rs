//! What is kept: records, and the ports behind which they live.

mod port;
mod record;
mod table;

pub use port::{Counter, Index, Key, LoadError, LoadMany, Page, PageToken, SaveError, Scan, SortOrder, Store, Write};
pub use record::{
    AVAILABLE, Aggregate, INBOX_LIMIT, InboxEntry, OutboxEntry, RESERVED_ATTRIBUTES, Record, RecordError,
    UnknownSchema, from_value, seconds_of, sortable_time,
};
pub use table::{Stored, Table, TableIndex};
