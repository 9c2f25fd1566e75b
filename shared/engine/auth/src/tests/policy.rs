//! Which permission opens which RPC.

use std::collections::BTreeSet;

use crate::{Caller, Permission, PermissionDenied, Policy, PolicyError, Subject};

/// Written out once more on purpose: whoever changes the policy must want it twice.
const OPENS: [(&str, &str); 8] = [
    ("create:orders", "/order_api.v1.OrderService/CreateOrder"),
    ("cancel:orders", "/order_api.v1.OrderService/CancelOrder"),
    ("read:orders", "/order_api.v1.OrderService/FindOrder"),
    ("read:orders", "/order_api.v1.OrderService/ListOrders"),
    ("read:products", "/order_api.v1.OrderService/ListProducts"),
    ("read:tickets", "/kitchen_api.v1.KitchenService/ListTickets"),
    ("update:tickets", "/kitchen_api.v1.KitchenService/StartTicket"),
    ("update:stock", "/kitchen_api.v1.KitchenService/SetStock"),
];

fn caller(permissions: &[&str]) -> Caller {
    Caller {
        subject: Subject::parse("auth0|customer-1").unwrap(),
        permissions: permissions.iter().map(|text| Permission::parse(text).unwrap()).collect(),
    }
}

async fn policy() -> Policy {
    Policy::load().await.unwrap()
}

#[tokio::test]
async fn each_permission_opens_its_rpcs_and_nothing_else() {
    let policy = policy().await;
    let verbs: BTreeSet<_> = OPENS.iter().map(|(permission, _)| permission.split_once(':').unwrap().0).collect();
    let nouns: BTreeSet<_> = OPENS.iter().map(|(permission, _)| permission.split_once(':').unwrap().1).collect();
    for permission in verbs.iter().flat_map(|verb| nouns.iter().map(move |noun| format!("{verb}:{noun}"))) {
        for (_, path) in OPENS {
            let expected = OPENS.contains(&(permission.as_str(), path));
            assert_eq!(policy.permits(&caller(&[&permission]), path), expected, "{permission} {path}");
        }
    }
}

#[tokio::test]
async fn one_of_several_permissions_suffices() {
    let customer = caller(&["read:products", "create:orders", "read:orders"]);
    policy().await.require(&customer, "/order_api.v1.OrderService/ListOrders").unwrap();
}

#[tokio::test]
async fn a_caller_without_permissions_may_do_nothing() {
    let policy = policy().await;
    for (permission, path) in OPENS {
        assert!(!policy.permits(&caller(&[]), path));
        let lacking = PermissionDenied::Lacks(Permission::parse(permission).unwrap());
        assert!(lacking.to_string().contains(permission));
        assert_eq!(policy.require(&caller(&[]), path), Err(lacking));
    }
}

#[tokio::test]
async fn a_path_without_row_is_closed_to_everybody() {
    let policy = policy().await;
    let everything: Vec<_> = OPENS.iter().map(|(permission, _)| *permission).collect();
    for path in [
        "",
        "/",
        "*",
        "/order_api.v1.OrderService/DeleteOrder",
        "/order_api.v1.OrderService/FindOrder/",
        "/order_api.v1.OrderService/findorder",
        "/order_api.v1.OrderService/",
        "order_api.v1.OrderService/FindOrder",
    ] {
        let denied = PermissionDenied::Closed(path.to_owned());
        assert_eq!(policy.require(&caller(&everything), path), Err(denied), "{path}");
    }
}

#[tokio::test]
async fn the_policy_lists_its_rpcs() {
    let policy = policy().await;
    let listed: BTreeSet<_> = policy.rpcs().collect();
    assert_eq!(listed, OPENS.iter().map(|(_, path)| *path).collect());
}

const MODEL: &str = include_str!("../policy/model.conf");

async fn error_of(model: &str, rows: &str) -> PolicyError {
    Policy::parse(model, rows).await.err().expect("the policy must be refused")
}

#[tokio::test]
async fn a_row_that_casbin_would_drop_or_misread_is_an_error() {
    for row in [
        "q, orders, /a.B/C, read",
        "orders, /a.B/C, read",
        "p, orders, /a.B/C",
        "p, orders, /a.B/C, read, deny",
        "p, , /a.B/C, read",
        "p, orders, a.B/C, read",
        "p, orders, /a.B, read",
        "p, orders, /a.B/, read",
        "p, orders, /a.B/C/D, read",
        "p, orders, /a.B/C, re:ad",
        " # p",
    ] {
        let rows = format!("# comment\n\n{row}\n");
        assert!(matches!(error_of(MODEL, &rows).await, PolicyError::Row { line: 3 }), "{row}");
    }
}

#[tokio::test]
async fn an_rpc_has_one_row() {
    let rows = "p, orders, /a.B/C, read\np, tickets, /a.B/C, read\n";
    assert!(matches!(error_of(MODEL, rows).await, PolicyError::Duplicate { path } if path == "/a.B/C"));
}

#[tokio::test]
async fn a_policy_without_rows_is_an_error() {
    assert!(matches!(error_of(MODEL, "# nothing\n").await, PolicyError::Empty));
}

#[tokio::test]
async fn a_model_that_does_not_fit_is_an_error() {
    let rows = "p, orders, /a.B/C, read\n";
    let model = |from: &str, to: &str| {
        assert!(MODEL.contains(from));
        MODEL.replace(from, to)
    };
    for broken in [
        model("r.act == p.act", "r.unknown == p.act"),
        model("r.act == p.act", "&&"),
        model("p = sub, obj, act", "p = sub, obj"),
        model("[matchers]", "[nothing]"),
    ] {
        assert!(matches!(error_of(&broken, rows).await, PolicyError::Casbin(_)), "{broken}");
    }
    let other_name = model("p = sub", "p2 = sub");
    assert!(matches!(error_of(&other_name, rows).await, PolicyError::Ignored { read: 0, written: 1 }));
    let swapped = model("r.act == p.act", "r.act == p.sub");
    assert!(matches!(error_of(&swapped, rows).await, PolicyError::Matcher { path } if path == "/a.B/C"));
}
