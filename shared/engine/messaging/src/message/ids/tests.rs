use std::collections::BTreeMap;

use super::*;

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

/// Every kind of identity, with one part changed at a time.
fn identities() -> BTreeMap<&'static str, Uuid> {
    BTreeMap::from([
        ("event", event("sale", 1, 0)),
        ("event of another item", event("parcel", 1, 0)),
        ("event of another version", event("sale", 2, 0)),
        ("event of version 10", event("sale", 10, 0)),
        ("event with another index", event("sale", 1, 1)),
        ("saga", saga(id(1))),
        ("saga of another event", saga(id(2))),
        ("command", command(id(1), "reserve-goods")),
        ("command of another saga", command(id(2), "reserve-goods")),
        ("command to another handler", command(id(1), "hand-over-goods")),
        ("watchdog", watchdog(id(1), 1)),
        ("watchdog of another saga", watchdog(id(2), 1)),
        ("watchdog of another arming", watchdog(id(1), 2)),
        ("reply", reply(id(1))),
        ("reply to another message", reply(id(2))),
        ("request", request("ab", "c", "k")),
        ("request of another subject", request("aa", "c", "k")),
        ("request of another rpc", request("ab", "d", "k")),
        ("request with another key", request("ab", "c", "l")),
        ("request whose parts are cut elsewhere", request("a", "bc", "k")),
        ("fingerprint", fingerprint(b"content")),
        ("fingerprint of another content", fingerprint(b"Content")),
        ("fingerprint of nothing", fingerprint(b"")),
    ])
}

#[test]
fn the_same_work_has_the_same_identity_and_other_work_another() {
    let identities = identities();
    for (what, identity) in &identities {
        let same: Vec<_> = identities.iter().filter(|(_, other)| *other == identity).map(|(name, _)| *name).collect();
        assert_eq!(same, [*what], "nothing else may have its identity");
    }
}

/// Messages in flight and stored items hold them, so no deployment may derive them otherwise.
#[test]
fn an_identity_never_changes() {
    let lines: Vec<String> = identities().iter().map(|(what, id)| format!("{id} {what}")).collect();
    insta::assert_snapshot!(lines.join("\n"));
}
