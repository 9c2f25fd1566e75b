//! The lists of reasons in the comments of `proto/`.

use std::collections::BTreeSet;

use anyhow::{Context, Result, bail, ensure};
use rpc::{Entry, Rpcs};

use crate::blocks::Markers;

/// The contracts whose comments list reasons.
pub(crate) const PROTOS: [&str; 3] = [
    "proto/kitchen_api/v1/kitchen_service.proto",
    "proto/operations_api/v1/saga_service.proto",
    "proto/order_api/v1/order_service.proto",
];

/// Both lines are part of the comment that everybody reads, so they are sentences.
const MARKERS: Markers = Markers {
    before: "// Reasons of ",
    after: ":",
    end: "// What they mean, and what to tell a person: docs/errors.md.",
};

/// What the block at a service is called.
const EVERY_RPC: &str = "every RPC";

/// A contract with fresh lists: each RPC, its service and the fields `reason` have a list.
///
/// # Errors
/// A list that is missing, that belongs to nothing, or that does not end.
pub(crate) fn refresh(proto: &str) -> Result<String> {
    let mut listed = BTreeSet::new();
    let refreshed = MARKERS.refresh(proto, |name| {
        ensure!(listed.insert(name.to_owned()), "there are two lists of the reasons of {name}: take one out");
        list(proto, name)
    })?;
    for name in rpcs(proto).map(|(name, _)| name).chain([EVERY_RPC]) {
        ensure!(listed.contains(name), "the reasons of {name} have no list: write a line `{}` ", MARKERS.start(name));
    }
    Ok(refreshed)
}

/// The name of each RPC, and what stands between its braces.
fn rpcs(proto: &str) -> impl Iterator<Item = (&str, &str)> {
    let rpcs = proto.split("\n  rpc ").skip(1);
    rpcs.filter_map(|rest| Some((rest.split_once('(')?.0, rest.split_once('}')?.0)))
}

fn list(proto: &str, name: &str) -> Result<String> {
    if name == EVERY_RPC {
        let all = contracts::catalogue().filter(|reason| reason.rpcs == Rpcs::All);
        return Ok(told([names(all)]));
    }
    if name.ends_with(".reason") {
        let shown = contracts::catalogue().filter(|reason| reason.by_saga);
        return Ok(told([names(shown)]));
    }
    let Some((_, body)) = rpcs(proto).find(|(rpc, _)| *rpc == name) else {
        bail!("there is no RPC {name}: take its list of reasons out");
    };
    let level = body.split_once("idempotency_level = ").context("an RPC without an idempotency level")?.1;
    let changes = level.starts_with("IDEMPOTENT");
    let own = |reason: &&Entry| reason.rpcs != Rpcs::All && reason.rpcs.have(name, changes);
    let own = contracts::catalogue().filter(own).map(|reason| format!("{}: {}", reason.name, reason.when));
    Ok(told(own.chain(["those that every RPC has".to_owned()])))
}

fn names(reasons: impl Iterator<Item = &'static Entry>) -> String {
    reasons.map(|reason| reason.name).collect::<Vec<_>>().join(", ")
}

/// The list as a comment; a line has 120 characters at most.
fn told(items: impl IntoIterator<Item = String>) -> String {
    let mut lines = Vec::new();
    for item in items {
        let mut line = "// -".to_owned();
        for word in item.split(' ') {
            if line.len() + 1 + word.len() > 116 {
                lines.push(std::mem::replace(&mut line, "//  ".to_owned()));
            }
            line.push(' ');
            line.push_str(word);
        }
        lines.push(line);
    }
    // In Markdown the line after a list would belong to the list.
    lines.push("//".to_owned());
    lines.join("\n")
}
