//! Each field of a request has limits; they are those of the code, and the comments tell them.

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};
use contracts::{kitchen_api, operations_api, order_api};
use order::domain::{Currency, Money};
use serde_json::Value;
use tests::Document;
use wire::shape::{Field, Holds, Limits, Shape, Shaped};

use kitchen_api::v1::{ListStockRequest, ListTicketsRequest, SetStockRequest, StartTicketRequest};
use operations_api::v1::{DescribeSagaRequest, GetSagaRequest, ListSagasRequest};
use order_api::v1::{CancelOrderRequest, CreateOrderRequest, FindOrderRequest, ListOrdersRequest, ListProductsRequest};

/// What each RPC is asked with.
pub(super) const REQUESTS: [&Shape; 12] = [
    CancelOrderRequest::SHAPE,
    CreateOrderRequest::SHAPE,
    DescribeSagaRequest::SHAPE,
    FindOrderRequest::SHAPE,
    GetSagaRequest::SHAPE,
    ListOrdersRequest::SHAPE,
    ListProductsRequest::SHAPE,
    ListSagasRequest::SHAPE,
    ListStockRequest::SHAPE,
    ListTicketsRequest::SHAPE,
    SetStockRequest::SHAPE,
    StartTicketRequest::SHAPE,
];

/// The limits of the field at this path, such as `items.unit_price.currency`.
fn limits(shape: &Shape, path: &str) -> Result<Limits> {
    let (name, rest) = path.split_once('.').unwrap_or((path, ""));
    let field = shape.fields.iter().find(|field| field.name == name);
    let field = field.with_context(|| format!("{} has no field {name}", shape.name))?;
    match (field.holds, rest) {
        (_, "") => Ok(field.limits),
        (Holds::Message(inner), rest) => limits(inner, rest),
        _ => anyhow::bail!("{}.{name} has no field {rest}", shape.name),
    }
}

#[test]
fn the_requests_are_those_of_the_rpcs() -> Result<()> {
    let names: BTreeSet<String> = REQUESTS.iter().map(|shape| shape.name.to_owned()).collect();
    let of_rpc = |path: &String| {
        let (service, rpc) = path.trim_start_matches('/').split_once('/')?;
        Some(format!("{}.{rpc}Request", service.rsplit_once('.')?.0))
    };
    let expected: BTreeSet<String> = tests::rpc_paths()?.iter().filter_map(of_rpc).collect();
    ensure!(names == expected, "{names:?} instead of {expected:?}");
    Ok(())
}

/// Says what is missing: a text, a list or a number without a bound, or a field whose form nobody checks.
fn unbounded(shape: &Shape, path: &str, missing: &mut Vec<String>) {
    for Field { name, holds, repeated, limits, .. } in shape.fields {
        let path = format!("{path}.{name}");
        match holds {
            _ if *repeated && limits.max == 0 => missing.push(format!("{path} is a list")),
            Holds::Text | Holds::Whole(..) if limits.max == 0 => missing.push(format!("{path} is a text or a number")),
            Holds::Other => missing.push(format!("{path} is of a type whose form nobody checks")),
            Holds::Text | Holds::Whole(..) | Holds::Truth | Holds::Time | Holds::Enum(_) | Holds::Message(_) => {}
        }
        if let Holds::Message(inner) = holds {
            unbounded(inner, &path, missing);
        }
    }
}

#[test]
fn every_field_of_a_request_has_limits() -> Result<()> {
    let mut missing = Vec::new();
    REQUESTS.iter().for_each(|shape| unbounded(shape, shape.name, &mut missing));
    ensure!(missing.is_empty(), "write [(message.v1.limits) = {{max: …}}] in the .proto file:\n{}", missing.join("\n"));
    Ok(())
}

#[test]
fn a_field_without_limits_is_noticed() {
    const NONE: Limits = Limits { min: 0, max: 0, format: wire::shape::Format::Any };
    const fn field(name: &'static str, holds: Holds, repeated: bool) -> Field {
        Field { name, json_name: name, holds, repeated, limits: NONE }
    }
    const INNER: Shape = Shape { name: "a.Inner", fields: &[field("text", Holds::Text, false)] };
    const OUTER: Shape = Shape {
        name: "a.Outer",
        fields: &[
            field("list", Holds::Truth, true),
            field("number", Holds::Whole(0, 7), false),
            field("bytes", Holds::Other, false),
            field("truth", Holds::Truth, false),
            field("time", Holds::Time, false),
            field("value", Holds::Enum(&[]), false),
            field("inner", Holds::Message(&INNER), false),
        ],
    };
    let mut missing = Vec::new();
    unbounded(&OUTER, "a", &mut missing);
    let paths: Vec<&str> = missing.iter().filter_map(|told| told.split(' ').next()).collect();
    assert_eq!(paths, ["a.list", "a.number", "a.bytes", "a.inner.text"]);
}

/// Between these two, inclusive.
fn between(limits: Limits) -> (i64, i64) {
    (limits.min, limits.max)
}

#[test]
fn the_limits_are_those_of_the_code() -> Result<()> {
    let basket = |path: &str| limits(CreateOrderRequest::SHAPE, path).map(between);
    ensure!(basket("items")? == (1, i64::try_from(order::domain::MAX_ITEMS)?));
    ensure!(basket("items.quantity")? == (1, order::domain::MAX_QUANTITY.into()));
    ensure!(basket("items.unit_price.minor_units")? == (0, i64::MAX));
    let euro = Currency::parse("EUR")?;
    ensure!(Money::new(euro, i64::MAX).is_ok() && Money::new(euro, -1).is_err(), "money has other bounds");
    ensure!(basket("items.unit_price.currency")? == (3, 3));
    ensure!(Currency::parse("EU").is_err() && Currency::parse("EURO").is_err(), "a currency has another length");
    let stock = limits(SetStockRequest::SHAPE, "available")?;
    ensure!(between(stock) == (0, kitchen::domain::MAX_AVAILABLE.into()));
    let of_pages = [ListOrdersRequest::SHAPE, ListProductsRequest::SHAPE, ListSagasRequest::SHAPE];
    for pages in of_pages.into_iter().chain([ListTicketsRequest::SHAPE]) {
        ensure!(between(limits(pages, "page_size")?) == (0, rpc::MAX_PAGE_SIZE.into()), "{}", pages.name);
    }
    let length = i64::try_from(uuid::Uuid::nil().to_string().len())?;
    for orders in [CancelOrderRequest::SHAPE, FindOrderRequest::SHAPE, StartTicketRequest::SHAPE] {
        ensure!(between(limits(orders, "order_id")?) == (length, length), "{}", orders.name);
    }
    ensure!(between(limits(GetSagaRequest::SHAPE, "saga_id")?) == (length, length));
    let states = i64::try_from(orchestration::ProgressState::STORED.len())?;
    ensure!(between(limits(ListSagasRequest::SHAPE, "states")?) == (0, states));
    Ok(())
}

#[test]
fn an_id_of_a_product_is_as_long_as_either_service_takes_it() -> Result<()> {
    let (asked, counted) =
        (limits(CreateOrderRequest::SHAPE, "items.product_id")?, limits(SetStockRequest::SHAPE, "product_id")?);
    ensure!(between(asked) == between(counted), "{asked:?} and {counted:?}");
    let id = |length: i64| usize::try_from(length).map(|length| "a".repeat(length));
    for (length, taken) in [(asked.min - 1, false), (asked.min, true), (asked.max, true), (asked.max + 1, false)] {
        let id = id(length)?;
        ensure!(order::domain::ProductId::parse(&id).is_ok() == taken, "Order and an id of {length} characters");
        ensure!(kitchen::domain::ProductId::parse(&id).is_ok() == taken, "Kitchen and an id of {length} characters");
    }
    Ok(())
}

/// The whole numbers in a text.
fn numbers(text: &str) -> BTreeSet<&str> {
    text.split(|letter: char| !letter.is_ascii_digit()).filter(|digits| !digits.is_empty()).collect()
}

/// A reader of the protos sees comments, not options.
#[test]
fn the_comment_of_a_field_tells_its_limits() -> Result<()> {
    let mut untold = Vec::new();
    REQUESTS.iter().try_for_each(|shape| untold_by(shape, &mut untold))?;
    ensure!(untold.is_empty(), "say it in the comment before the field:\n{}", untold.join("\n"));
    Ok(())
}

fn untold_by(shape: &Shape, untold: &mut Vec<String>) -> Result<()> {
    let document = Document::openapi()?;
    let schema = &document.as_json()["components"]["schemas"][shape.name];
    for Field { json_name, holds, limits, .. } in shape.fields {
        let comment = schema["properties"][json_name]["description"].as_str().unwrap_or_default();
        let told = numbers(comment);
        let bounds = [limits.min, limits.max].into_iter().filter(|bound| *bound > 0).map(|bound| bound.to_string());
        let missing = bounds.filter(|bound| !told.contains(bound.as_str()));
        untold.extend(missing.map(|bound| format!("{}.{json_name}: {bound}", shape.name)));
        if let Holds::Message(inner) = holds {
            untold_by(inner, untold)?;
        }
    }
    Ok(())
}

/// The comment of a service or of an RPC, on one line.
fn comment(told: &Value) -> String {
    told["description"].as_str().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What the comments of the services say of every call.
#[test]
fn the_comment_of_a_service_tells_the_limits_of_its_calls() -> Result<()> {
    let document = Document::openapi()?;
    let tags = document.as_json()["tags"].as_array().context("tags")?;
    ensure!(tags.len() == 3, "{} services", tags.len());
    let declared = tests::declared()?;
    for tag in tags {
        let comment = comment(tag);
        let service = format!(".{}/", tag["name"].as_str().context("a name")?);
        let of_service = declared.iter().filter(|(path, _)| path.contains(&service));
        // A service that changes nothing needs no keys.
        let changes = of_service.filter(|(_, rpc)| !rpc.reads()).count() > 0;
        let (mebibytes, key) = (runtime::MAX_REQUEST_BYTES / (1024 * 1024), runtime::MAX_KEY_LENGTH);
        let told = [format!("has {mebibytes} MiB at most")].into_iter();
        let told: Vec<String> = told.chain(changes.then(|| format!("1 to {key} visible ASCII"))).collect();
        ensure!(told.iter().all(|told| comment.contains(told)), "{told:?} is not in: {comment}");
    }
    let key = &document.as_json()["components"]["parameters"]["IdempotencyKey"]["schema"];
    ensure!(key["minLength"] == 1 && key["maxLength"] == runtime::MAX_KEY_LENGTH, "{key}");
    Ok(())
}

#[test]
fn the_comments_tell_how_long_something_is_remembered() -> Result<()> {
    let document = Document::openapi()?;
    let tags = document.as_json()["tags"].as_array().context("tags")?;
    let cache = <order::api::ListProducts as rpc::Query>::CACHE.context("the menu may be kept")?;
    let told = format!("kept for {} seconds", cache.as_secs());
    for method in ["get", "post"] {
        let products = comment(&document.as_json()["paths"]["/order_api.v1.OrderService/ListProducts"][method]);
        ensure!(products.contains(&told), "{told:?} is not in: {products}");
    }
    let sagas = &document.as_json()["components"]["schemas"]["order_api.v1.FindOrderResponse"]["properties"]["sagas"];
    ensure!(comment(sagas).contains(&format!("The latest {} sagas", order::domain::MAX_SAGAS)), "{sagas}");
    let days = format!("{} days", rpc::CLAIM_KEPT_FOR.whole_days());
    for path in ["/order_api.v1.OrderService/CancelOrder", "/kitchen_api.v1.KitchenService/StartTicket"] {
        let operation = &document.as_json()["paths"][path]["post"];
        let service = tags.iter().find(|tag| tag["name"] == operation["tags"][0]);
        let comments = [Some(operation), service].into_iter().flatten().map(comment).collect::<String>();
        ensure!(comments.contains(&days), "{path} remembers a key for {days}: say so");
    }
    Ok(())
}
