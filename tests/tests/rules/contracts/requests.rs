//! What callers send is what the OpenAPI says, and it refuses what the edge refuses.

use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result, ensure};
use axum::extract::State;
use axum::http::Uri;
use axum::{Json, Router};
use local::{Card, Client};
use serde_json::{Map, Value, json};
use tests::{Document, root, rpc_functions};
use wire::shape::{Field, Format, Holds, Shape, faults};

use super::limits::REQUESTS;

/// An order's id.
const UUID: &str = "44bf48d2-448c-53f6-a802-4626f25cf73d";

/// The schema of the request of an RPC with this path.
fn schema_of(path: &str) -> Result<String> {
    let (service, rpc) = path.trim_start_matches('/').split_once('/').context("a path")?;
    Ok(format!("{}.{rpc}Request", service.rsplit_once('.').context("a package")?.0))
}

/// The request in a recorded event, and the path that it was sent to.
fn recorded(function: &str, case: &str) -> Result<Option<(String, Value)>> {
    let file = root().join(format!("events/{function}/{case}.json"));
    let Ok(text) = std::fs::read_to_string(&file) else { return Ok(None) };
    let event: Value = serde_json::from_str(&text).with_context(|| file.display().to_string())?;
    let message = event["body"].as_str().or(event["queryStringParameters"]["message"].as_str());
    let message = message.with_context(|| format!("{} has no request", file.display()))?;
    let path = event["rawPath"].as_str().context("a path")?;
    // What is no JSON is no request either.
    Ok(Some((path.to_owned(), serde_json::from_str(message).unwrap_or(Value::Null))))
}

#[test]
fn each_recorded_request_fits_and_each_bad_request_does_not() -> Result<()> {
    let document = Document::openapi()?;
    for function in rpc_functions()? {
        let (path, request) =
            recorded(&function, "ok")?.with_context(|| format!("events/{function} has no ok.json"))?;
        document.fits(&schema_of(&path)?, &request).context(function.clone())?;
        let (path, request) =
            recorded(&function, "bad")?.with_context(|| format!("events/{function} has no bad.json"))?;
        ensure!(document.fits(&schema_of(&path)?, &request).is_err(), "events/{function}/bad.json is not bad");
    }
    let (path, request) = recorded("find-order", "get")?.context("events/find-order has no get.json")?;
    document.fits(&schema_of(&path)?, &request)
}

type Sent = Arc<Mutex<Vec<(String, Value)>>>;

async fn note(State(sent): State<Sent>, uri: Uri, Json(request): Json<Value>) -> Json<Value> {
    sent.lock().unwrap_or_else(PoisonError::into_inner).push((uri.path().to_owned(), request));
    let order = json!({"orderId": UUID, "status": "ORDER_STATUS_APPROVED"});
    Json(json!({"order": order, "sagas": [{"state": "SAGA_STATE_COMPLETED"}]}))
}

/// The deployed stories and the demo call the API with this client and in no other way.
#[tokio::test]
async fn what_the_stories_send_fits() -> Result<()> {
    let sent = Sent::default();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = format!("http://{}", listener.local_addr()?);
    let router = Router::new().fallback(note).with_state(Arc::clone(&sent));
    let serving = tokio::spawn(async move { axum::serve(listener, router).await });
    let client = Client::new(reqwest::Client::new(), address, None);
    let id = client.place("margherita", 2, Card::Good).await?;
    client.settled(&id, 1).await?;
    client.cancel(&id).await?.ok()?;
    client.start_ticket(&id).await?;
    client.set_stock("margherita", 10).await?;
    serving.abort();
    let sent = std::mem::take(&mut *sent.lock().unwrap_or_else(PoisonError::into_inner));
    ensure!(sent.len() == 5, "{sent:?}");
    let document = Document::openapi()?;
    for (path, request) in &sent {
        document.fits(&schema_of(path)?, request)?;
    }
    Ok(())
}

/// A request that fits, with every field.
fn whole(shape: &Shape) -> Value {
    Value::Object(shape.fields.iter().map(|field| (field.json_name.to_owned(), fitting(field))).collect())
}

fn fitting(field: &Field) -> Value {
    let one = match field.holds {
        Holds::Text => json!(text(field)),
        Holds::Truth => json!(true),
        Holds::Whole(_, most) if most > i32::MAX.into() => json!(field.limits.max.to_string()),
        Holds::Whole(..) => json!(field.limits.max),
        Holds::Enum(values) => json!(values.last().map(|(name, _)| *name)),
        Holds::Time => json!("2026-01-02T03:04:05.678Z"),
        Holds::Message(inner) => whole(inner),
        Holds::Other => Value::Null,
    };
    if field.repeated { json!([one]) } else { one }
}

fn text(field: &Field) -> String {
    let length = usize::try_from(field.limits.max).unwrap_or_default();
    match field.limits.format {
        Format::Uuid => UUID.to_owned(),
        Format::Capitals => "E".repeat(length),
        Format::Any | Format::Slug | Format::Visible => "e".repeat(length),
    }
}

/// Values of many kinds in place of a field's value, in the forms that ProtoJSON writes.
fn others(field: &Field) -> Vec<Value> {
    let (min, max) = (field.limits.min, field.limits.max);
    let mut others = vec![json!([]), json!({}), json!([[]]), json!([{}]), json!(true), json!("")];
    if field.repeated {
        let item = fitting(field)[0].clone();
        let list = |length: i64| json!(vec![item.clone(); usize::try_from(length).unwrap_or_default()]);
        return others
            .into_iter()
            .filter(|other| !other.is_boolean())
            .chain([list(min - 1), list(min), list(max), list(max + 1)])
            .collect();
    }
    match field.holds {
        Holds::Text => {
            let letter = if field.limits.format == Format::Capitals { "E" } else { "e" };
            let long = |length: i64| json!(letter.repeat(usize::try_from(length).unwrap_or_default()));
            others.extend([long(min - 1), long(min), long(max), long(max + 1), json!(7)]);
            others.extend(["ü", "A b", "-_", "E E", "eé"].map(Value::from));
            let of_other_groups = "44bf48d-2448c-53f6-a802-4626f25cf73d".to_owned();
            others.extend(
                [UUID.to_uppercase(), UUID.replace('-', "_"), of_other_groups, format!("{UUID}0")].map(Value::from),
            );
        }
        Holds::Whole(_, most) if most > i32::MAX.into() => {
            others.extend([json!("0"), json!("-1"), json!("+1"), json!("x"), json!("1.5"), json!(" 1")])
        }
        Holds::Whole(..) => others.extend([
            json!(min),
            json!(min - 1),
            json!(max),
            json!(max + 1),
            json!(1.5),
            json!(0),
            json!("x"),
            json!(1e300),
        ]),
        Holds::Enum(_) => others.extend([json!("ORDER_STATUS_X"), json!("approved")]),
        Holds::Time => others.extend(["soon", "2026-01-02", "2026-01-02T03:04:05Z"].map(Value::from)),
        Holds::Truth | Holds::Message(_) | Holds::Other => {}
    }
    others
}

/// The request with one field after the other replaced by other values, or left out.
fn variants(shape: &Shape) -> Vec<Value> {
    let members = |without: &str| -> Map<String, Value> {
        let kept = shape.fields.iter().filter(|field| field.json_name != without);
        kept.map(|field| (field.json_name.to_owned(), fitting(field))).collect()
    };
    let mut variants = vec![whole(shape), json!([]), json!(7), json!({})];
    for field in shape.fields {
        variants.push(Value::Object(members(field.json_name)));
        let mut replaced = others(field);
        if let Holds::Message(inner) = field.holds {
            replaced.extend(
                self::variants(inner).into_iter().map(|inner| if field.repeated { json!([inner]) } else { inner }),
            );
        }
        for other in replaced {
            let mut members = members(field.json_name);
            members.insert(field.json_name.to_owned(), other);
            variants.push(Value::Object(members));
        }
    }
    variants
}

/// The edge looks at shapes, a client without Connect at schemas.
#[test]
fn the_schemas_refuse_what_the_edge_refuses() -> Result<()> {
    let (document, mut tried, mut refused) = (Document::openapi()?, 0, 0);
    for shape in REQUESTS {
        let schema = document.validator(shape.name)?;
        for request in variants(shape) {
            let faults = faults(&request, shape);
            ensure!(
                schema.is_valid(&request) == faults.is_empty(),
                "{}: the edge says {faults:?} of {request}",
                shape.name
            );
            tried += 1;
            refused += usize::from(!faults.is_empty());
        }
    }
    ensure!(tried > 200 && refused > 100 && refused < tried, "{refused} of {tried} were refused");
    Ok(())
}
