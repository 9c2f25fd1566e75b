//! What Lambda gives a function, with everything that AWS adds to it.

use serde_json::{Value, json};

/// The item whose write the stream tells of, and the sale that a caller asks for.
pub(crate) const SALE: &str = "44bf48d2-448c-53f6-a802-4626f25cf73d";

/// The identity of the event in [`relayed`].
pub(crate) const EVENT: &str = "0460d209-8a41-546f-89e6-da8c7bd7a786";

/// A table's stream after a write with one event.
pub(crate) fn relayed() -> Value {
    let body = json!({
        "subject": {
            "type": "shop.v1.SalePlaced", "source": "place-sale", "messageId": EVENT,
            "occurredAt": "2026-01-01T00:00:00Z",
            "traceParent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        },
        "payload": {"@type": "type.googleapis.com/shop.v1.SalePlaced", "saleId": SALE, "cardToken": "tok_secret"},
    });
    of_the_stream(json!({"M": {
        "id": {"S": EVENT}, "type": {"S": "shop.v1.SalePlaced"}, "body": {"S": body.to_string()},
    }}))
}

/// A table's stream after a write whose event nobody can read.
pub(crate) fn poison() -> Value {
    of_the_stream(json!({"M": {"id": {"S": EVENT}, "body": {"S": "not a message"}}}))
}

fn of_the_stream(entry: Value) -> Value {
    let image = json!({
        "key": {"S": SALE}, "version": {"N": "1"}, "schema": {"N": "1"}, "state": {"M": {"status": {"S": "PLACED"}}},
        "outbox": {"L": [entry]}, "events": {"N": "1"}, "buyer": {"S": "auth0|6650f1c2a7b3d4e5f6071829"},
        "created_at": {"S": "2026-01-01T00:00:00Z"},
    });
    let change = json!({
        "ApproximateCreationDateTime": 1_767_225_600, "Keys": {"key": {"S": SALE}}, "NewImage": image,
        "SequenceNumber": "4421584500000000017450439091", "SizeBytes": 1036, "StreamViewType": "NEW_IMAGE",
    });
    let table = "arn:aws:dynamodb:eu-central-1:123456789012:table/sales/stream/2026-01-01T00:00:00.000";
    json!({"Records": [{
        "eventID": "444bcb3a3fcf8389296c49467f27e1d6", "eventName": "INSERT", "eventVersion": "1.1",
        "eventSource": "aws:dynamodb", "awsRegion": "eu-central-1", "dynamodb": change, "eventSourceARN": table,
    }]})
}

/// A POST of this JSON to the path of an RPC, as an HTTP API passes it on.
pub(crate) fn post(path: &str, authorization: &str, body: &Value) -> Value {
    let body = body.to_string();
    let route = format!("POST {path}");
    let claims = json!({
        "aud": "[https://shop.example/ https://tenant.eu.auth0.com/userinfo]", "azp": "spa", "exp": "1767312000",
        "iat": "1767225600", "iss": "https://tenant.eu.auth0.com/", "permissions": "[read:sales update:shelves]",
        "scope": "openid profile", "sub": "auth0|6650f1c2a7b3d4e5f6071829",
    });
    json!({
        "version": "2.0", "routeKey": route, "rawPath": path, "rawQueryString": "",
        "headers": {
            "accept": "*/*", "accept-encoding": "gzip, deflate, br", "authorization": authorization,
            "content-length": body.len().to_string(), "content-type": "application/json",
            "connect-protocol-version": "1", "host": "a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com",
            "idempotency-key": "0b0e6a63-9f6c-4a53-8a4e-2f6d1f1f3c55", "origin": "https://shop.example.com",
            "x-amzn-trace-id": "Root=1-6955b900-5f84d2a1c3b6e7f809a1b2c3", "x-forwarded-for": "203.0.113.7",
            "x-forwarded-port": "443", "x-forwarded-proto": "https",
        },
        "requestContext": {
            "accountId": "123456789012", "apiId": "a1b2c3d4e5",
            "authorizer": {"jwt": {"claims": claims, "scopes": null}},
            "domainName": "a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com", "domainPrefix": "a1b2c3d4e5",
            "http": {"method": "POST", "path": path, "protocol": "HTTP/1.1", "sourceIp": "203.0.113.7",
                "userAgent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/145.0"},
            "requestId": "JKJaXmPLvHcESHA=", "routeKey": route, "stage": "$default",
            "time": "01/Jan/2026:00:00:00 +0000", "timeEpoch": 1_767_225_600_000_u64,
        },
        "body": body, "isBase64Encoded": false,
    })
}
