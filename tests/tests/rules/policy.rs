//! Who may call what, whose things, how often, and how much: every RPC of `proto/` is walked through.

mod callers;
mod doors;
mod pages;
mod walk;

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};
use auth::{Permission, Policy, Principal, Subject};

/// Written out once more on purpose: whoever changes the policy must want it twice.
pub(crate) const OPENS: [(&str, &str); 13] = [
    ("create:orders", "/order_api.v1.OrderService/CreateOrder"),
    ("cancel:orders", "/order_api.v1.OrderService/CancelOrder"),
    ("read:orders", "/order_api.v1.OrderService/FindOrder"),
    ("read:orders", "/order_api.v1.OrderService/ListOrders"),
    ("read:products", "/order_api.v1.OrderService/ListProducts"),
    ("read:tickets", "/kitchen_api.v1.KitchenService/ListTickets"),
    ("update:tickets", "/kitchen_api.v1.KitchenService/StartTicket"),
    ("update:stock", "/kitchen_api.v1.KitchenService/SetStock"),
    ("read:stock", "/kitchen_api.v1.KitchenService/ListStock"),
    ("read:operations", "/operations_api.v1.SagaService/ListSagas"),
    ("read:operations", "/operations_api.v1.SagaService/GetSaga"),
    ("read:operations", "/operations_api.v1.SagaService/DescribeSaga"),
    ("read:orders", "/operations_api.v1.SagaService/DescribeSaga"),
];

/// The RPCs about what is the caller's own, once more on purpose as well; the others are about what is everybody's.
const OWN: [&str; 4] = [
    "/order_api.v1.OrderService/CreateOrder",
    "/order_api.v1.OrderService/CancelOrder",
    "/order_api.v1.OrderService/FindOrder",
    "/order_api.v1.OrderService/ListOrders",
];

/// The permissions that open the RPC at this path, each by itself.
pub(crate) fn opening(path: &str) -> impl Iterator<Item = &'static str> {
    OPENS.iter().filter(move |(_, opened)| *opened == path).map(|(permission, _)| *permission)
}

/// Every permission that opens something.
fn permissions() -> BTreeSet<String> {
    OPENS.iter().map(|(permission, _)| (*permission).to_owned()).collect()
}

async fn policy() -> Result<Policy> {
    Ok(Policy::from_rows(contracts::API.policy).await?)
}

#[tokio::test]
async fn each_permission_opens_its_rpcs_and_nothing_else() -> Result<()> {
    let policy = policy().await?;
    let words = |side: fn((&'static str, &'static str)) -> &'static str| -> BTreeSet<_> {
        OPENS.iter().filter_map(|(permission, _)| permission.split_once(':')).map(side).collect()
    };
    let (verbs, nouns) = (words(|(verb, _)| verb), words(|(_, noun)| noun));
    for permission in verbs.iter().flat_map(|verb| nouns.iter().map(move |noun| format!("{verb}:{noun}"))) {
        let caller = Principal {
            subject: Subject::parse("auth0|customer-1").context("a subject")?,
            permissions: vec![Permission::parse(&permission).context("a permission")?],
        };
        for (_, path) in OPENS {
            let expected = OPENS.contains(&(permission.as_str(), path));
            ensure!(policy.permits(&caller, path) == expected, "{permission} {path}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn every_rpc_has_a_row_and_every_row_an_rpc() -> Result<()> {
    let policy = policy().await?;
    let rows: BTreeSet<String> = policy.rpcs().map(str::to_owned).collect();
    let rpcs = tests::rpc_paths()?;
    ensure!(rows == rpcs, "the policy has rows for {rows:?}, and the RPCs are {rpcs:?}");
    let opened: BTreeSet<String> = OPENS.iter().map(|(_, path)| (*path).to_owned()).collect();
    ensure!(rows == opened, "the policy has rows for {rows:?}, and the list above names {opened:?}");
    Ok(())
}
