//! The one mechanism: load, recognise a repeat, decide, save with one conditional write, send.
//!
//! [`deliver`] is that loop. It runs over two ports, [`Store`] and [`Outbound`]; [`Handler`] says what differs from
//! message to message, and [`Step`] is the short form for a participant's command. A participant needs this crate and
//! no other: how sagas are run stands in `orchestration`.

mod handling;
mod message;
mod store;

pub use handling::{
    Alarm, Answer, Conclusion, Context, CounterRefused, Decision, EffectParticipant, EffectReply, EffectReplyOf,
    EffectStep, Handler, Loop, Participant, Receiver, Reply, Step, Verdict, answer_with, conditional, deliver, relay,
};
pub use message::{
    Address, Correlation, Envelope, Failure, LONGEST_DELAY, MAX_MESSAGE_BYTES, Outbound, Outgoing, Reason, SendError,
    ids,
};
pub use store::{
    AVAILABLE, Aggregate, Counter, INBOX_LIMIT, InboxEntry, Index, Key, LoadError, LoadMany, Order, OutboxEntry, Page,
    PageToken, RESERVED_ATTRIBUTES, Record, RecordError, SaveError, Scan, Store, UnknownSchema, Write, from_value,
    seconds_of, sortable_time,
};

pub use saga::{Command, Refusal};
pub use wire::{Payload, PayloadError, WireMessage};
