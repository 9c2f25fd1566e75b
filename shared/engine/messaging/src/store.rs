//! How items are stored: what a record holds, and the ports to the tables.

mod port;
mod record;
mod table;

pub use port::{
    Counted, Counter, Index, IndexedKey, KeyIndex, LoadError, LoadMany, Page, PageToken, SaveError, Scan, SortOrder,
    Span, Store, TRANSACTION_LIMIT, Write,
};
pub use record::{
    AVAILABLE, Aggregate, Forgets, INBOX_LIMIT, INDEXED_ATTRIBUTES, InboxEntry, Key, OutboxEntry, RESERVED_ATTRIBUTES,
    Record, RecordError, SHARDS, UnknownSchema, from_value, seconds_of, sortable_time,
};
pub use table::{Stored, Table, TableIndex};
