//! What provokes the reasons that every API has.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use rpc::EdgeReason;
use serde_json::{Value, json};
use testkit::Operation;

use super::answers::Refused;
use super::doors::{Door, Keys, NOW, bearer, token, world};
use crate::world::{TABLES, World};

/// A call, and what its function finds.
struct Scene {
    event: Value,
    keys: Keys,
    policy: String,
    /// How much time the function has.
    left: Duration,
}

impl Scene {
    fn header(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.event["headers"][name] = value.into();
        self
    }

    fn without(mut self, name: &str) -> Self {
        if let Some(headers) = self.event["headers"].as_object_mut() {
            headers.remove(name);
        }
        self
    }

    fn body(mut self, body: impl Into<Value>) -> Self {
        self.event["body"] = body.into();
        self
    }

    fn claim(self, name: &str, value: impl Into<Value>) -> Result<Self> {
        let token = bearer(&token(&[]).claim(name, value))?;
        Ok(self.header("authorization", token))
    }
}

/// A call of the RPC that is refused for the reason; `None` if what provokes the reason elsewhere does not hinder this RPC.
pub(super) async fn provoke(reason: EdgeReason, door: &Door) -> Result<Option<Refused>> {
    let world = world().await?;
    let scene = scene(reason, door, &world).await?;
    let edge = door.open_with(&world, scene.keys, &scene.policy).await?;
    let answer = edge.answer_within(scene.left, scene.event).await;
    if answer["statusCode"] == 200 {
        return Ok(None);
    }
    let refused = Refused::read(&answer)?;
    if reason == EdgeReason::InvalidRequest {
        ensure!(refused.faults() == door.asks_badly.1, "the faults are {:?}", refused.faults());
    }
    Ok(Some(refused))
}

async fn scene(reason: EdgeReason, door: &Door, world: &World) -> Result<Scene> {
    let policy = contracts::API.policy.to_owned();
    let mut scene = Scene { event: door.good(), keys: Keys::Published, policy, left: Duration::from_secs(10) };
    Ok(match reason {
        EdgeReason::InvalidRequest => scene.body(door.asks_badly.0),
        EdgeReason::UnreadableRequest => scene.body("no JSON"),
        EdgeReason::RequestTooLarge => scene.body(" ".repeat(1024 * 1024 + 1)),
        EdgeReason::UnsupportedMediaType => scene.header("content-type", "application/grpc"),
        EdgeReason::UnsupportedEncoding => scene.header("content-encoding", "gzip"),
        EdgeReason::UnsupportedProtocol => scene.header("connect-protocol-version", "2"),
        EdgeReason::MalformedRequest => scene.header("x-note", "two\nlines"),
        EdgeReason::MethodNotAllowed => {
            scene.event["requestContext"]["http"]["method"] = json!("PUT");
            scene
        }
        EdgeReason::UnknownRpc => {
            scene.event["rawPath"] = json!("/order_api.v1.OrderService/SellOrder");
            scene
        }
        EdgeReason::BadTimeout => scene.header("connect-timeout-ms", "1s"),
        EdgeReason::IdempotencyKeyMissing => scene.without("idempotency-key"),
        EdgeReason::IdempotencyKeyMalformed => scene.header("idempotency-key", "a".repeat(129)),
        EdgeReason::IdempotencyKeyReused => {
            let first = door.open(world).await?.answer(door.good()).await;
            ensure!(first["statusCode"] == 200, "{first}");
            // A query that has no order to show says so, whatever the key.
            if door.changes { scene.body(door.call(door.asks_otherwise)["body"].clone()) } else { scene }
        }
        EdgeReason::TokenMissing => scene.without("authorization"),
        EdgeReason::TokenMalformed => scene.header("authorization", "Bearer abc"),
        EdgeReason::TokenUntrusted => {
            let (mine, others) = (bearer(&token(&[]))?, bearer(&token(&["create:orders"]))?);
            let content = mine.rsplit_once('.').context("a token")?.0;
            let signature = others.rsplit_once('.').context("a token")?.1;
            scene.header("authorization", format!("{content}.{signature}"))
        }
        EdgeReason::TokenNotForThisApi => scene.claim("aud", "https://other.example/")?,
        EdgeReason::TokenSenderConstrained => scene.claim("cnf", json!({"jkt": "a-key"}))?,
        EdgeReason::TokenExpired => scene.claim("exp", NOW - 61)?,
        EdgeReason::TokenNotYetValid => scene.claim("nbf", NOW + 61)?,
        EdgeReason::PermissionMissing => scene.header("authorization", bearer(&token(&["read:weather"]))?),
        EdgeReason::RpcClosed => {
            let is_other = |row: &&str| !row.contains(door.path);
            scene.policy = contracts::API.policy.lines().filter(is_other).collect::<Vec<_>>().join("\n");
            scene
        }
        EdgeReason::KeysUnavailable => Scene { keys: Keys::Unreachable, ..scene },
        EdgeReason::ServiceBusy => {
            world.shop.table("orders").faults().fail(Operation::Load, 1);
            scene
        }
        EdgeReason::DeadlineExceeded => Scene { left: Duration::ZERO, ..scene },
        EdgeReason::ServiceFailed => {
            break_everything(world)?;
            scene
        }
    })
}

/// Every item is now of a schema that nobody has written yet.
fn break_everything(world: &World) -> Result<()> {
    for table in TABLES.map(|name| world.shop.table(name)) {
        for record in table.peek_all() {
            let mut item = serde_json::to_value(&record)?;
            item["schema"] = json!(99);
            table.plant(&record.key, item);
        }
    }
    Ok(())
}
