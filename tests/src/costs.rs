//! What a saga costs on AWS: its counts, and what they come to.

use std::collections::BTreeMap;
use std::ops::AddAssign;

use local::{Call, Touched};

/// AWS's list prices in US dollars for US East (N. Virginia), as known in November 2026. This machine cannot reach AWS,
/// so whoever relies on them checks them first, at aws.amazon.com under /SERVICE/pricing.
mod prices {
    /// A million state transitions of a Step Functions Standard workflow.
    pub(super) const TRANSITIONS: f64 = 25.0;
    /// A million requests to SQS standard queues.
    pub(super) const QUEUE_REQUESTS: f64 = 0.40;
    /// A million publishes to an SNS topic; delivery to SQS is free.
    pub(super) const PUBLISHES: f64 = 0.50;
    /// A million requests to Lambda functions.
    pub(super) const INVOCATIONS: f64 = 0.20;
    /// A GB-second of a Lambda function on arm64.
    pub(super) const GIGABYTE_SECOND: f64 = 0.000_013_333_4;
    /// A million write request units of DynamoDB on demand.
    pub(super) const WRITE_UNITS: f64 = 0.625;
    /// A million read request units of DynamoDB on demand.
    pub(super) const READ_UNITS: f64 = 0.125;
    /// A gigabyte that CloudWatch Logs takes in; to keep it costs a sixteenth of that a month.
    pub(super) const LOG_GIGABYTES: f64 = 0.50;
    /// A million traces that X-Ray records.
    pub(super) const TRACES: f64 = 5.0;
    /// A million requests to an HTTP API.
    pub(super) const CALLS: f64 = 1.0;
    /// A metric that an alarm looks at, for a month.
    pub(super) const ALARM_METRICS: f64 = 0.10;
    /// A gigabyte in a table of DynamoDB, for a month.
    pub(super) const TABLE_GIGABYTES: f64 = 0.25;
    /// A gigabyte of a table that can be restored to any second of the last 35 days, for a month.
    pub(super) const RESTORABLE_GIGABYTES: f64 = 0.20;
}

/// A message is sent, received and deleted; at a low load each by a request of its own.
const REQUESTS_PER_MESSAGE: f64 = 3.0;
/// What the template gives every function.
const GIGABYTES: f64 = 0.25;
/// Assumed: the emulator measures correctness and not speed.
const BILLED_SECONDS: f64 = 0.010;

/// What Lambda logs of an invocation at the system log level INFO: its start and its report, with what CloudWatch adds to each
/// event. Our functions log nothing while all goes well.
const LOGGED_KILOBYTES: f64 = 0.7;
/// What the API logs of a call.
const ACCESS_KILOBYTES: f64 = 0.5;
/// Assumed to be more than a cold start takes; Lambda bills it like any other time.
const INIT_SECONDS: f64 = 0.1;
/// Lambda asks an idle queue with five requests at once, each of which waits for 20 seconds.
const POLLERS: f64 = 5.0;
const POLL_SECONDS: f64 = 20.0;
const SECONDS_A_MONTH: f64 = 30.0 * 86_400.0;

/// What a deployment has that costs money while nobody orders.
#[derive(Clone, Copy, Debug)]
pub struct Standing {
    /// Queues that Lambda asks for messages.
    pub queues: u32,
    /// Metrics that alarms look at.
    pub alarm_metrics: u32,
}

impl Standing {
    /// The rows of the table in README.md of what the other table leaves out, for orders that take `invocations` each, their call
    /// of the API included.
    #[must_use]
    pub fn rows(&self, invocations: u32) -> Vec<String> {
        let each = f64::from(invocations);
        let kilobytes = each * LOGGED_KILOBYTES + ACCESS_KILOBYTES;
        let asks = POLLERS / POLL_SECONDS * SECONDS_A_MONTH / 1e6;
        let init = INIT_SECONDS * GIGABYTES * prices::GIGABYTE_SECOND * 1e6;
        let (queues, alarm_metrics) = (self.queues, self.alarm_metrics);
        let row = |what: &str, orders: f64, month: f64| format!("| {what} | {orders:.1} | {month:.2} |");
        vec![
            row(&format!("logs: {kilobytes:.0} KB an order"), kilobytes * prices::LOG_GIGABYTES, 0.0),
            row("API Gateway: the call that places the order", prices::CALLS, 0.0),
            row(
                &format!("X-Ray: a trace for each of {invocations} invocations, at the most"),
                each * prices::TRACES,
                0.0,
            ),
            row("cold starts, if every invocation were one", each * init, 0.0),
            row(&format!("asking {queues} idle queues"), 0.0, f64::from(queues) * asks * prices::QUEUE_REQUESTS),
            row(&format!("alarms on {alarm_metrics} metrics"), 0.0, f64::from(alarm_metrics) * prices::ALARM_METRICS),
            row("each GB in the tables, restorable", 0.0, prices::TABLE_GIGABYTES + prices::RESTORABLE_GIGABYTES),
        ]
    }
}

/// What DynamoDB does and charges for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Units {
    /// Items written.
    pub writes: u32,
    /// Write request units.
    pub write_units: u32,
    /// Read request units.
    pub read_units: u32,
}

impl AddAssign for Units {
    fn add_assign(&mut self, other: Self) {
        self.writes += other.writes;
        self.write_units += other.write_units;
        self.read_units += other.read_units;
    }
}

/// What one saga takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// State transitions of Step Functions.
    pub transitions: u32,
    /// Events published to SNS.
    pub publishes: u32,
    /// Messages that come to a queue.
    pub messages: u32,
    /// Invocations of functions.
    pub invocations: u32,
    /// DynamoDB's part.
    pub units: Units,
}

impl Counts {
    /// What a million such sagas cost, in US dollars.
    #[must_use]
    pub fn dollars_per_million(&self) -> f64 {
        // The prices are per million already, except that of a GB-second.
        let invocation = prices::INVOCATIONS + prices::GIGABYTE_SECOND * GIGABYTES * BILLED_SECONDS * 1e6;
        f64::from(self.transitions) * prices::TRANSITIONS
            + f64::from(self.publishes) * prices::PUBLISHES
            + f64::from(self.messages) * REQUESTS_PER_MESSAGE * prices::QUEUE_REQUESTS
            + f64::from(self.invocations) * invocation
            + f64::from(self.units.write_units) * prices::WRITE_UNITS
            + f64::from(self.units.read_units) * prices::READ_UNITS
    }

    /// Its row of the table in README.md.
    #[must_use]
    pub fn row(&self, path: &str, lane: &str) -> String {
        let Self { transitions, publishes, messages, invocations, units } = self;
        let Units { writes, write_units, read_units } = units;
        let dollars = self.dollars_per_million();
        format!(
            "| {path} | {lane} | {transitions} | {publishes} | {messages} | {invocations} | {writes} | {write_units} \
             | {read_units} | {dollars:.0} |"
        )
    }
}

/// An index of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemIndex {
    /// Its partition key and its sort key.
    pub keys: [String; 2],
    /// What else it has of an item, beside the item's key; it may be nothing.
    pub attributes: Vec<String>,
}

/// The tables as far as calls have shown them: what a write costs depends on what was there before.
#[derive(Debug, Default)]
pub struct Tables {
    /// By table.
    indexes: BTreeMap<String, Vec<ItemIndex>>,
    items: BTreeMap<(String, String), Touched>,
}

impl Tables {
    /// Tables that are empty, with these indexes.
    #[must_use]
    pub fn with_indexes(indexes: BTreeMap<String, Vec<ItemIndex>>) -> Self {
        Self { indexes, items: BTreeMap::new() }
    }

    /// What the call costs; none when it is a kind of call that no saga makes. A failed write costs like another one,
    /// but does not reach the indexes.
    pub fn charge(&mut self, call: &Call) -> Option<Units> {
        let mut sum = Units::default();
        for touched in &call.touched {
            sum += match call.action.as_str() {
                "GetItem" => {
                    Units { read_units: kilobytes(touched.bytes.unwrap_or_default()).div_ceil(4), ..Units::default() }
                }
                // A transaction prepares each item and commits it.
                "TransactWriteItems" => self.write(touched, 2, call.succeeded()),
                "PutItem" => self.write(touched, 1, call.succeeded()),
                _ => return None,
            };
            if call.succeeded() && touched.bytes.is_some() {
                self.items.insert((touched.table.clone(), touched.key.clone()), touched.clone());
            }
        }
        (!call.touched.is_empty()).then_some(sum)
    }

    /// The larger one of the item before and the item after counts.
    fn write(&self, touched: &Touched, rounds: u32, succeeded: bool) -> Units {
        let before = self.items.get(&(touched.table.clone(), touched.key.clone()));
        let bytes = touched.bytes.max(before.and_then(|before| before.bytes)).unwrap_or_default();
        let mut write_units = rounds * kilobytes(bytes);
        // An update only counts: it changes no index.
        if succeeded && touched.bytes.is_some() {
            let indexes = self.indexes.get(&touched.table).into_iter().flatten();
            write_units += indexes.map(|index| index_units(index, before, touched)).sum::<u32>();
        }
        Units { writes: u32::from(succeeded), write_units, read_units: 0 }
    }
}

/// An index follows its table with a write of its own, or with two when the item moves within it. An index of keys does not
/// follow an item that stays where it is.
fn index_units(index: &ItemIndex, before: Option<&Touched>, after: &Touched) -> u32 {
    let ItemIndex { keys, attributes } = index;
    let place = |item: &Touched| Some((item.texts.get(&keys[0])?.clone(), item.texts.get(&keys[1])?.clone()));
    let is_there = |name: &str| name == "key" || keys.iter().chain(attributes).any(|own| own == name);
    let units =
        |item: &Touched| kilobytes(item.sizes.iter().filter(|(name, _)| is_there(name)).map(|(_, bytes)| bytes).sum());
    let (old, new) = (before.and_then(place), place(after));
    let old_units = before.map_or(0, units);
    match (old, new) {
        (None, None) => 0,
        (None, Some(_)) => units(after),
        (Some(_), None) => old_units,
        (Some(old), Some(new)) if old == new && attributes.is_empty() => 0,
        (Some(old), Some(new)) if old == new => old_units.max(units(after)),
        (Some(_), Some(_)) => old_units + units(after),
    }
}

/// Begun kilobytes; nothing counts as one.
fn kilobytes(bytes: u64) -> u32 {
    u32::try_from(bytes.div_ceil(1024).max(1)).unwrap_or(u32::MAX)
}
