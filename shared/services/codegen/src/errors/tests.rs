use std::collections::BTreeSet;

use rpc::{EdgeReason, Entry, Rpcs};

use super::*;

const PROTO: &str = "\
// Reasons of every RPC:
// What they mean, and what to tell a person: docs/errors.md.
service OrderService {
  // Reasons of CancelOrder:
  // - STALE: it was a reason once
  // What they mean, and what to tell a person: docs/errors.md.
  rpc CancelOrder(CancelOrderRequest) returns (CancelOrderResponse) {
    option idempotency_level = IDEMPOTENT;
  }
  // Reasons of FindOrder:
  // What they mean, and what to tell a person: docs/errors.md.
  rpc FindOrder(FindOrderRequest) returns (FindOrderResponse) {
    option idempotency_level = NO_SIDE_EFFECTS;
  }
}
message Order {
  // Reasons of Order.reason:
  // What they mean, and what to tell a person: docs/errors.md.
  string reason = 6;
}
";

/// The reasons that a refreshed contract lists under this name.
fn listed(name: &str) -> BTreeSet<String> {
    let refreshed = refresh(PROTO).expect("a contract");
    let (_, list) = refreshed.split_once(&format!("// Reasons of {name}:")).expect("a list");
    let (list, _) = list.split_once("// What they mean").expect("an end");
    let is_name = |word: &&str| word.len() > 5 && word.chars().all(|c| c.is_ascii_uppercase() || c == '_');
    list.split([' ', ':', ',', '\n']).filter(is_name).map(str::to_owned).collect()
}

fn names(which: fn(&Entry) -> bool) -> BTreeSet<String> {
    contracts::catalogue().filter(|reason| which(reason)).map(|reason| reason.name.to_owned()).collect()
}

#[test]
fn a_contract_lists_the_reasons_of_each_rpc_and_of_what_a_saga_shows() {
    let edge = names(|reason| reason.rpcs.have("FindOrder", false) && !reason.rpcs.have("FindProduct", false));
    assert_eq!(listed("FindOrder"), edge);
    assert_eq!(edge, BTreeSet::from(["ORDER_NOT_FOUND".to_owned()]));
    let own = |reason: &Entry| reason.rpcs.have("CancelOrder", true) && !reason.rpcs.have("FindProduct", false);
    assert_eq!(listed("CancelOrder"), names(own));
    assert!(listed("CancelOrder").contains(EdgeReason::IdempotencyKeyReused.name()));
    assert_eq!(listed("every RPC"), names(|reason| reason.rpcs.have("FindProduct", false)));
    assert_eq!(listed("Order.reason"), names(|reason| reason.by_saga));
}

#[test]
fn a_list_that_is_missing_or_belongs_to_nothing_is_an_error() {
    let end = "  // What they mean, and what to tell a person: docs/errors.md.\n";
    let without = PROTO.replace(&format!("  // Reasons of FindOrder:\n{end}"), "");
    let twice = PROTO.replace("Reasons of FindOrder:", "Reasons of CancelOrder:");
    let strange = PROTO.replace("Reasons of Order.reason:", "Reasons of SellOrder:");
    let without_level = PROTO.replace("    option idempotency_level = NO_SIDE_EFFECTS;\n", "");
    let cases = [
        (without, "the reasons of FindOrder have no list"),
        (PROTO.replace("Reasons of every RPC:", "Reasons"), "ends no block"),
        (twice, "two lists of the reasons of CancelOrder"),
        (strange, "there is no RPC SellOrder"),
        (without_level, "an RPC without an idempotency level"),
    ];
    for (proto, complaint) in cases {
        let error = format!("{:#}", refresh(&proto).expect_err("an error"));
        assert!(error.contains(complaint), "{error}");
    }
    let refreshed = refresh(PROTO).expect("a contract");
    assert_eq!(refresh(&refreshed).expect("a contract"), refreshed);
    assert!(!refreshed.contains("STALE") && refreshed.lines().all(|line| line.len() <= 120));
}

/// The reasons that the page's heading stands over, in the first column of its table.
fn tabled<'a>(page: &'a str, heading: &str) -> BTreeSet<&'a str> {
    let (_, part) = page.split_once(&format!("\n## {heading}\n")).expect("a heading");
    let part = part.split("\n## ").next().unwrap_or_default();
    part.lines()
        .filter_map(|line| line.strip_prefix("| ")?.split(' ').next())
        .filter(|name| *name != "reason")
        .collect()
}

#[test]
fn the_page_has_each_reason_in_its_table_and_shows_what_every_detail_says() {
    let [(_, page), (_, _)] = files().try_into().expect("the page and the table");
    let tables = [
        ("Reasons of every RPC", names(|reason| reason.rpcs == Rpcs::All)),
        ("Reasons of every RPC that changes something", names(|reason| reason.rpcs == Rpcs::Mutations)),
        ("Reasons of single RPCs", names(|reason| matches!(reason.rpcs, Rpcs::Only(names) if !names.is_empty()))),
        ("What an order or a saga's step shows", names(|reason| reason.by_saga)),
    ];
    for (heading, expected) in tables {
        assert_eq!(tabled(&page, heading), expected.iter().map(String::as_str).collect(), "{heading}");
    }
    for said in [
        r#""reason": "PRICE_CHANGED""#,
        r#""minor_units": "450""#,
        r#""field": "items[2].quantity""#,
        r#""retryDelay": "1s""#,
        "HTTP/1.1 503 Service Unavailable",
        "| 413 | `invalid_argument` | REQUEST_TOO_LARGE |",
        "| PRICE_CHANGED | CreateOrder | `failed_precondition` |",
        "`product`, `currency`, `minor_units`",
        "| after 5000 ms |",
        "| with a new token |",
    ] {
        assert!(page.contains(said), "the page does not say {said}");
    }
    let cells = |line: &str| line.matches('|').count();
    let rows: Vec<_> = page.lines().filter(|line| line.starts_with('|')).collect();
    for pair in rows.windows(2) {
        assert!(
            cells(pair[0]) == cells(pair[1]) || pair[1].contains("| reason |") || pair[1].contains("| HTTP"),
            "{pair:?}"
        );
    }
}

#[test]
fn the_table_for_programs_says_of_each_reason_what_the_catalogue_says() {
    let table = table::table();
    let row = |name: &str| {
        let (_, row) = table.split_once(&format!("  {name}: {{\n")).expect("a row");
        row.split_once("\n  },").expect("an end").0.lines().map(str::trim).collect::<Vec<_>>().join(" ")
    };
    for Entry { name, tell, .. } in contracts::catalogue() {
        assert!(row(name).ends_with(&format!("tell: {},", serde_json::json!(tell))), "{name}");
    }
    assert_eq!(
        row("ORDER_LOCKED"),
        "code: \"failed_precondition\", rpcs: [\"CancelOrder\"], bySaga: false, metadata: [\"order_id\"], \
         retry: { afterMs: 2000 }, tell: \"The order is being worked on: please try again in a moment.\","
    );
    assert!(row("NO_ANSWER").starts_with("code: null, rpcs: [], bySaga: true, metadata: [], retry: \"never\","));
    assert!(row("TOKEN_EXPIRED").contains("rpcs: \"all\", bySaga: false, metadata: [], retry: \"with-new-token\","));
    assert!(row("IDEMPOTENCY_KEY_REUSED").contains("rpcs: \"mutations\","));
}
