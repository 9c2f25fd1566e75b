//! `docs/api/openapi.yaml`: the API for clients without Connect.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use heck::ToKebabCase;
use protox::prost_reflect::prost_types::method_options::IdempotencyLevel;
use protox::prost_reflect::{MessageDescriptor, MethodDescriptor};
use serde_json::Value;

use super::contract::{Contract, with_what_they_hold};
use super::refusals::{Refusals, codes};
use super::schema;
use super::tree::{Node, from_json, joined, lines, list, object, reference, text};
use crate::errors::refused_order;
use crate::template::yaml::{filled, indented};

/// Where the document stands, below the root.
pub(super) const PATH: &str = "docs/api/openapi.yaml";

/// An RPC with its place in the API.
struct Rpc<'a> {
    contract: &'a Contract,
    method: MethodDescriptor,
    /// Whether it changes nothing, so that it can be called with GET.
    reads: bool,
    /// The permissions that open it, such as `create:orders`; one of them is enough.
    permissions: Vec<String>,
    /// The request of its recorded event, in JSON.
    example: String,
}

/// The document.
///
/// # Errors
/// An RPC that the policy does not open, that has no recorded event, or that says nothing of its side effects.
pub(super) fn document(contract: &Contract, checkout: &Path) -> Result<String> {
    let services = contract.services();
    let methods: Vec<_> = services.iter().flat_map(|service| service.methods().collect::<Vec<_>>()).collect();
    let mut paths = String::new();
    for method in &methods {
        let rpc = Rpc::read(contract, method, checkout).with_context(|| method.full_name().to_owned())?;
        paths += &format!("{}:\n", path_of(method));
        rpc.operations()?.lines().for_each(|line| paths += &indented("  ", line));
    }
    let tag = |service: &protox::prost_reflect::ServiceDescriptor| {
        object([("name", text(service.name())), ("description", text(contract.comment(service)))])
    };
    let tags = lines(&list(services.iter().map(tag)))?;
    let codes = format!("[{}]", Vec::from_iter(codes()).join(", "));
    let (refused, decoded) = refused_order();
    let decoded = decoded.to_string();
    let words = [("codes", codes.as_str()), ("decoded", decoded.as_str())];
    let refused = lines(&object([("examples", list([from_json(&refused.to_string())?]))]))?;
    let schemas = lines(&schemas(contract, &methods)?)?;
    let parts = [
        ("tags", tags),
        ("paths", paths.lines().map(str::to_owned).collect()),
        ("schemas", schemas),
        ("refused", refused),
    ];
    Ok(filled(include_str!("openapi/frame.yaml"), &words, &parts))
}

/// Where an RPC is called, such as `/order_api.v1.OrderService/CreateOrder`.
fn path_of(method: &MethodDescriptor) -> String {
    format!("/{}/{}", method.parent_service().full_name(), method.name())
}

/// The schemas of what is asked and of what is answered.
fn schemas(contract: &Contract, methods: &[MethodDescriptor]) -> Result<Node> {
    let asked = with_what_they_hold(methods.iter().map(MethodDescriptor::input));
    let answered = with_what_they_hold(methods.iter().map(MethodDescriptor::output));
    let all: BTreeMap<String, MessageDescriptor> = answered.into_iter().chain(asked.clone()).collect();
    let schemas = schema::schemas(contract, &all, &asked)?;
    Ok(object(schemas.iter().map(|(name, schema)| (name.as_str(), schema.clone()))))
}

impl<'a> Rpc<'a> {
    fn read(contract: &'a Contract, method: &MethodDescriptor, checkout: &Path) -> Result<Self> {
        let path = path_of(method);
        let permissions = permissions(&path);
        ensure!(!permissions.is_empty(), "shared/services/policy.csv has no row for {path}");
        let event = format!("events/{}/ok.json", method.name().to_kebab_case());
        let recorded = std::fs::read_to_string(checkout.join(&event)).with_context(|| format!("reading {event}"))?;
        let recorded: Value = serde_json::from_str(&recorded).with_context(|| event.clone())?;
        let example = recorded.get("body").and_then(Value::as_str).with_context(|| format!("{event} has no body"))?;
        let level = method.method_descriptor_proto().options.clone().unwrap_or_default().idempotency_level();
        ensure!(level != IdempotencyLevel::IdempotencyUnknown, "it has no idempotency_level: say which");
        let reads = level == IdempotencyLevel::NoSideEffects;
        Ok(Self { contract, method: method.clone(), reads, permissions, example: example.to_owned() })
    }

    /// Its operations.
    fn operations(&self) -> Result<String> {
        let mut written = self.operation(include_str!("openapi/post.yaml"), true)?;
        if self.reads {
            written += &self.operation(include_str!("openapi/get.yaml"), false)?;
        }
        Ok(written)
    }

    fn operation(&self, snippet: &str, posts: bool) -> Result<String> {
        let (service, request) = (self.method.parent_service(), self.method.input());
        let alternative = |permission: &String| format!("{{ accessToken: [\"{permission}\"] }}");
        let security = self.permissions.iter().map(alternative).collect::<Vec<_>>().join(", ");
        let words = [
            ("Name", self.method.name()),
            ("service", service.name()),
            ("security", security.as_str()),
            ("request", request.full_name()),
        ];
        let key = (!self.reads).then(|| "- $ref: \"#/components/parameters/IdempotencyKey\"".to_owned());
        let example = object([("example", from_json(&self.example)?)]);
        let parts = [
            ("summary", lines(&self.summary())?),
            ("key", key.into_iter().collect()),
            ("examples", lines(&example)?),
            ("responses", lines(&self.responses(posts))?),
        ];
        Ok(filled(snippet, &words, &parts))
    }

    /// The first sentence of the comment, and the whole of it.
    fn summary(&self) -> Node {
        let comment = self.contract.comment(&self.method);
        let first = comment.split(['.', ';', ':']).next().unwrap_or_default().replace('\n', " ");
        let summary = first.strip_prefix(self.method.name()).unwrap_or(&first).trim();
        let mut letters = summary.chars();
        let summary = letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>());
        object([("summary", text(summary.unwrap_or_default())), ("description", text(comment))])
    }

    fn responses(&self, posts: bool) -> Node {
        let answer = self.method.output();
        let json = object([("schema", schema::of(answer.full_name()))]);
        let content = if posts {
            object([("application/json", json), ("application/proto", object([]))])
        } else {
            object([("application/json", json)])
        };
        let headers = object([("Cache-Control", reference("#/components/headers/CacheControl"))]);
        let description = text(self.contract.comment(&answer));
        let answered = object([("description", description), ("headers", headers), ("content", content)]);
        let refused = Refusals::of(self.method.name(), !self.reads, posts).responses();
        joined(object([("200", answered)]), refused)
    }
}

/// The permissions that the policy's rows ask for: `p, orders, /path, create` asks for `create:orders`.
fn permissions(path: &str) -> Vec<String> {
    let rows = contracts::API.policy.lines().filter(|line| line.starts_with("p,"));
    let rows = rows.map(|row| row.split(',').map(str::trim).collect::<Vec<_>>());
    let permission = |row: Vec<&str>| match row[..] {
        [_, noun, opened, verb] if opened == path => Some(format!("{verb}:{noun}")),
        _ => None,
    };
    rows.filter_map(permission).collect()
}
