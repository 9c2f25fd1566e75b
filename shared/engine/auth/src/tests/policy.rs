//! Which permission opens which RPC.

use std::collections::BTreeSet;

use crate::{Permission, PermissionDenied, Policy, PolicyError, Principal, Subject};

/// A shop's policy.
const ROWS: &str = "# who may do what
p, sales, /shop.v1.ShopService/PlaceSale, create
p, sales, /shop.v1.ShopService/FindSale, read
p, sales, /shop.v1.ShopService/ListSales, read
p, goods, /shop.v1.ShopService/ListGoods, read
p, goods, /stock.v1.StockService/CountGoods, update
";

/// The same once more: the permission, and the RPC that it opens.
const OPENS: [(&str, &str); 5] = [
    ("create:sales", "/shop.v1.ShopService/PlaceSale"),
    ("read:sales", "/shop.v1.ShopService/FindSale"),
    ("read:sales", "/shop.v1.ShopService/ListSales"),
    ("read:goods", "/shop.v1.ShopService/ListGoods"),
    ("update:goods", "/stock.v1.StockService/CountGoods"),
];

fn caller(permissions: &[&str]) -> Principal {
    Principal {
        subject: Subject::parse("auth0|buyer-1").unwrap(),
        permissions: permissions.iter().map(|text| Permission::parse(text).unwrap()).collect(),
    }
}

async fn policy() -> Policy {
    Policy::from_rows(ROWS).await.unwrap()
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
    let buyer = caller(&["read:goods", "create:sales", "read:sales"]);
    policy().await.require(&buyer, "/shop.v1.ShopService/ListSales").unwrap();
}

#[tokio::test]
async fn a_caller_without_permissions_may_do_nothing() {
    let policy = policy().await;
    for (permission, path) in OPENS {
        assert!(!policy.permits(&caller(&[]), path));
        let lacking = PermissionDenied::Lacks(Permission::parse(permission).unwrap().into());
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
        "/shop.v1.ShopService/DeleteSale",
        "/shop.v1.ShopService/FindSale/",
        "/shop.v1.ShopService/findsale",
        "/shop.v1.ShopService/",
        "shop.v1.ShopService/FindSale",
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
        "q, sales, /a.B/C, read",
        "sales, /a.B/C, read",
        "p, sales, /a.B/C",
        "p, sales, /a.B/C, read, deny",
        "p, , /a.B/C, read",
        "p, sales, a.B/C, read",
        "p, sales, /a.B, read",
        "p, sales, /a.B/, read",
        "p, sales, /a.B/C/D, read",
        "p, sales, /a.B/C, re:ad",
        " # p",
    ] {
        let rows = format!("# comment\n\n{row}\n");
        assert!(matches!(error_of(MODEL, &rows).await, PolicyError::Row { line: 3 }), "{row}");
    }
}

#[tokio::test]
async fn a_row_is_there_once() {
    let rows = "p, sales, /a.B/C, read\np, sales, /a.B/D, read\np, sales, /a.B/C, read\n";
    assert!(matches!(error_of(MODEL, rows).await, PolicyError::Duplicate { path } if path == "/a.B/C"));
}

#[tokio::test]
async fn an_rpc_with_two_rows_is_opened_by_either_permission_and_a_refusal_names_both() {
    let rows = "p, goods, /a.B/C, read\np, sales, /a.B/C, read\np, sales, /a.B/D, create\n";
    let policy = Policy::from_rows(rows).await.unwrap();
    for (permission, opened) in [("read:goods", true), ("read:sales", true), ("create:sales", false)] {
        assert_eq!(policy.permits(&caller(&[permission]), "/a.B/C"), opened, "{permission}");
        assert_eq!(policy.permits(&caller(&[permission]), "/a.B/D"), !opened, "{permission}");
    }
    let denied = policy.require(&caller(&["create:sales"]), "/a.B/C").unwrap_err();
    let told = "the token lacks the permission read:goods or read:sales: have it assigned to you, then get a new token";
    assert_eq!(denied.to_string(), told);
    assert_eq!(policy.rpcs().collect::<Vec<_>>(), ["/a.B/C", "/a.B/D"]);
}

#[tokio::test]
async fn a_policy_without_rows_is_an_error() {
    assert!(matches!(error_of(MODEL, "# nothing\n").await, PolicyError::Empty));
}

#[tokio::test]
async fn a_model_that_does_not_fit_is_an_error() {
    let rows = "p, sales, /a.B/C, read\n";
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
