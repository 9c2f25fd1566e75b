//! How a message changes one item and is answered, once, however often it is delivered.
//!
//! Read [`deliver`] first, which promises that over two ports, [`Store`] and [`Outbound`]. Then read [`Step`], one command
//! of a participant, and [`EffectStep`], a command with an effect outside our tables. [`Handler`] is what both become in
//! the engine, and [`conditional`] is the loop below, which RPCs share. A participant needs this crate and no other: how
//! sagas are run stands in `orchestration`.

mod handling;
mod message;
mod store;

pub use handling::{
    Alarm, Answer, Conclusion, Context, CounterRefused, Decision, Deployment, EffectParticipant, EffectReply,
    EffectReplyOf, EffectStep, Handler, LEFT, Loop, NotRelayed, Participant, Receiver, Recourse, Reply, SET_ASIDE,
    Step, Verdict, WrittenItem, answer_with, conditional, deliver, relay,
};
pub use message::{
    Address, Correlation, Envelope, Failure, LONGEST_DELAY, MAX_MESSAGE_BYTES, Outbound, Outgoing, OutgoingEvent,
    Reason, SendError, ids,
};
pub use store::{
    AVAILABLE, Aggregate, Counted, Counter, Forgets, INBOX_LIMIT, INDEXED_ATTRIBUTES, InboxEntry, Index, IndexedKey,
    Key, KeyIndex, LoadError, LoadMany, OutboxEntry, Page, PageToken, RESERVED_ATTRIBUTES, Record, RecordError, SHARDS,
    SaveError, Scan, SortOrder, Span, Store, Stored, TRANSACTION_LIMIT, Table, TableIndex, UnknownSchema, Write,
    from_value, seconds_of, sortable_time,
};

pub use saga::{Command, Refusal};
pub use wire::{Payload, PayloadError, WireMessage};
