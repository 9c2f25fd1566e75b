//! The page about errors for those who write clients.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use contracts::{API, Reason};
use rpc::{Entry, Retry, RpcError, Rpcs};
use serde_json::Value;
use wire::WireMessage;
use wire::google::rpc::{BadRequest, ErrorInfo, RetryInfo};
use wire::shape::Fault;

use super::status::http_statuses;

/// Where the page stands, below the root.
pub(super) const PATH: &str = "docs/errors.md";

const HEAD: &str = "\
<!-- Generated from the catalogues of reasons by make generate: shared/engine/rpc/src/reason/edge.rs and
     shared/services/contracts/src/reason.rs. -->
# Errors

A call that is refused is answered as [Connect's protocol](https://connectrpc.com/docs/protocol) says: an HTTP status, and a JSON
object with a code and a message, also when the call was binary. The message says to a developer what to do; it may change, and it
is not for customers. What a program may rely on is the **reason** in the details.

## How an error looks
";

const DETAILS: &str = "
| detail | comes with | holds |
|---|---|---|
| `google.rpc.ErrorInfo` | every refusal | the reason, the domain `{domain}`, and the metadata that the tables below name: what the reason is about |
| `google.rpc.BadRequest` | INVALID_REQUEST | every fault of the request: the field's path in the names of the contract, such as `items[2].quantity`, and what it must be |
| `google.rpc.RetryInfo` | a reason that says after how long to repeat | that time |

A detail's `value` is the Protobuf message in base64; Connect's clients decode it. What a caller sent is repeated up to 64 characters,
never more. Between the caller and a function stands API Gateway, whose own answers (401, 403, 404, 413, 429 and 5xx) have no code and
no reason: take them by their status.

### Some of what you sent is not right

{invalid}
### The order is refused

{refused}
### A repeat may help

{busy}
## What a program can do

* **never** repeat: the same call will be refused again; change it, or tell the person.
* **after** some time: repeat the same call, with the same `Idempotency-Key` if it had a key. Wait longer each time, and give up after
  a few times.
* **with a new token**: get a new access token, and repeat the same call. Renew a token before it expires: a page in a browser may not
  see a 401 that API Gateway makes.

A call that timed out, or that was not answered at all, may have been carried out: repeat it with its `Idempotency-Key`, and it is
carried out once.

## HTTP status of each code
";

/// The page in Markdown.
pub(super) fn page() -> String {
    let mut page = HEAD.to_owned() + &DETAILS.replace("{domain}", API.error_domain);
    for (place, example) in examples() {
        page = page.replace(place, &shown(example));
    }
    page += &statuses();
    let of = |rpcs: fn(&Entry) -> bool| contracts::catalogue().filter(move |reason| rpcs(reason));
    page += "\n## Reasons of every RPC\n";
    page += &table(of(|reason| reason.rpcs == Rpcs::All), false);
    page += "\n## Reasons of every RPC that changes something\n";
    page += &table(of(|reason| reason.rpcs == Rpcs::Mutations), false);
    page += "\n## Reasons of single RPCs\n";
    page += &table(of(|reason| matches!(reason.rpcs, Rpcs::Only(names) if !names.is_empty())), true);
    page += &shown_reasons();
    page
}

fn examples() -> [(&'static str, RpcError); 3] {
    let faults = vec![
        Fault::new("items[2].quantity", "must be a whole number from 1 to 1000"),
        Fault::new("card_token", "must be given"),
    ];
    let message = "focaccia costs 4.50 EUR, not 4.00 EUR: show the customer the new price and order again";
    let refused = RpcError::refused(Reason::PriceChanged, message)
        .about("product", "focaccia")
        .about("currency", "EUR")
        .about("minor_units", 450);
    [("{invalid}", RpcError::Invalid(faults)), ("{refused}", refused), ("{busy}", RpcError::Unavailable(String::new()))]
}

/// The answer to a call that is refused so, and what its details say.
fn shown(error: RpcError) -> String {
    let Shown { status, answer, details } = Shown::of(error);
    let mut text = format!("```http\nHTTP/1.1 {status}\nContent-Type: application/json\n\n");
    let _ = write!(text, "{answer:#}\n```\n\n");
    for (name, said) in details {
        let _ = write!(text, "The `{name}` says:\n\n```json\n{said:#}\n```\n\n");
    }
    text
}

/// An order that is refused: the answer's body, and the detail with the reason as a client decodes it.
pub(crate) fn refused_order() -> (Value, Value) {
    let [_, (_, refused), _] = examples();
    let Shown { answer, details, .. } = Shown::of(refused);
    let info = details.into_iter().next().map(|(_, info)| info);
    (answer, info.unwrap_or_default())
}

/// A refusal as a client sees it.
struct Shown {
    status: String,
    answer: Value,
    /// The details' names, and what they say.
    details: Vec<(String, Value)>,
}

impl Shown {
    fn of(error: RpcError) -> Self {
        let error = error.into_connect(API.error_domain);
        let answer = serde_json::from_slice(&error.to_json()).unwrap_or_default();
        let decoded = error.details.iter().map(|detail| {
            let value = STANDARD_NO_PAD.decode(detail.value.as_deref().unwrap_or_default()).unwrap_or_default();
            let said = match detail.type_url.as_str() {
                "google.rpc.ErrorInfo" => said::<ErrorInfo>(&value),
                "google.rpc.BadRequest" => said::<BadRequest>(&value),
                _ => said::<RetryInfo>(&value),
            };
            (detail.type_url.clone(), said)
        });
        Self { status: error.http_status().to_string(), answer, details: decoded.collect() }
    }
}

fn said<M: WireMessage>(value: &[u8]) -> Value {
    M::decode_from_slice(value).ok().and_then(|message| serde_json::to_value(message).ok()).unwrap_or_default()
}

fn statuses() -> String {
    let mut rows: BTreeMap<(u16, &str), Vec<&str>> = BTreeMap::new();
    for reason in contracts::catalogue() {
        let Some(code) = reason.code else { continue };
        for status in http_statuses(reason) {
            rows.entry((status, code.as_str())).or_default().push(reason.name);
        }
    }
    let mut table = "\n| HTTP | code | reasons |\n|---|---|---|\n".to_owned();
    for ((status, code), reasons) in rows {
        let _ = writeln!(table, "| {status} | `{code}` | {} |", reasons.join(", "));
    }
    table
}

fn table(reasons: impl Iterator<Item = &'static Entry>, with_rpcs: bool) -> String {
    let (rpcs, line) = if with_rpcs { (" RPCs |", "---|") } else { ("", "") };
    let mut table = format!(
        "\n| reason |{rpcs} code | when | metadata | repeat | what to tell a person |\n|---|{line}---|---|---|---|---|\n"
    );
    for reason in reasons {
        let Entry { name, when, tell, .. } = reason;
        let rpcs = match reason.rpcs {
            Rpcs::Only(names) if with_rpcs => format!(" {} |", names.join(", ")),
            _ => String::new(),
        };
        let code = reason.code.map_or("", |code| code.as_str());
        let metadata: Vec<_> = reason.metadata.iter().map(|key| format!("`{key}`")).collect();
        let (metadata, repeat) = (metadata.join(", "), repeat(reason.retry));
        let _ = writeln!(table, "| {name} |{rpcs} `{code}` | {when} | {metadata} | {repeat} | {tell} |");
    }
    table
}

fn repeat(retry: Retry) -> String {
    match retry {
        Retry::After(delay) => format!("after {} ms", delay.as_millis()),
        Retry::WithNewToken => "with a new token".to_owned(),
        Retry::Never => "never".to_owned(),
    }
}

fn shown_reasons() -> String {
    let mut text = "
## What an order or a saga's step shows

These are no errors of a call: CreateOrder and CancelOrder were answered, and later a step of the saga said no. `Order.reason` shows
why the order was rejected, or why its last cancellation was refused; `SagaStep.reason` shows which step said so.

| reason | when | what to tell a person |
|---|---|---|
"
    .to_owned();
    for Entry { name, when, tell, .. } in contracts::catalogue().filter(|reason| reason.by_saga) {
        let _ = writeln!(text, "| {name} | {when} | {tell} |");
    }
    text
}
