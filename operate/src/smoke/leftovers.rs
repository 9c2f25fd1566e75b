//! What a run may have made, by its keys alone: nothing is searched for, so nothing of anybody else can be found.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use billing::AUTHORIZATIONS;
use kitchen::domain::{MAX_SHARDS, ProductId};
use kitchen::{STOCK, TICKETS, shard_key};
use messaging::Table;
use order::{ORDERS, PRODUCTS};
use uuid::Uuid;

use crate::api::client::{CANCEL_ORDER, CREATE_ORDER, SET_STOCK, START_TICKET};
use crate::api::journal::Deed;

/// An item of a table.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Item {
    /// The table's name without the stack's.
    pub(crate) table: &'static str,
    /// The item's key.
    pub(crate) key: String,
}

impl Item {
    pub(crate) fn of(table: Table, key: impl Into<String>) -> Self {
        Self { table: table.name, key: key.into() }
    }

    /// A command of AWS's own tool that removes it from the stack named `stack`.
    pub(crate) fn command(&self, stack: &str) -> String {
        let Self { table, key } = self;
        format!("aws dynamodb delete-item --table-name {stack}-{table} --key '{{\"key\":{{\"S\":\"{key}\"}}}}'")
    }
}

/// Everything that a run may have made and that was not taken away yet.
#[derive(Debug, Default)]
pub(crate) struct Leftovers {
    /// What puts its products on the menu.
    pub(crate) menu: BTreeSet<Item>,
    /// The orders that may exist, each with when it was asked for.
    pub(crate) orders: BTreeMap<Uuid, Instant>,
    /// The stock of each of its products, which sagas under way still move.
    pub(crate) stock: BTreeMap<String, Vec<Item>>,
    /// What remembers its calls.
    pub(crate) claims: BTreeSet<Item>,
}

impl Leftovers {
    /// What a run with these products has made by these deeds.
    pub(crate) fn of(products: &[String], deeds: &[Deed]) -> Self {
        let mut left = Self::default();
        left.menu.extend(products.iter().map(|id| Item::of(PRODUCTS, id)));
        left.stock.extend(products.iter().map(|id| (id.clone(), stock_of(id))));
        for Deed { path, id, at } in deeds {
            let claimed = match path.as_str() {
                CREATE_ORDER => {
                    left.orders.insert(*id, *at);
                    continue;
                }
                CANCEL_ORDER => ORDERS,
                SET_STOCK => STOCK,
                START_TICKET => TICKETS,
                // A run asks for no other change.
                _ => continue,
            };
            left.claims.insert(Item::of(claimed, rpc::claim_key(*id)));
        }
        left
    }

    /// Every item that is left.
    pub(crate) fn items(&self) -> Vec<Item> {
        let of_orders = self.orders.keys().flat_map(|id| of_order(*id));
        let (menu, stock, claims) = (self.menu.iter(), self.stock.values().flatten(), self.claims.iter());
        menu.cloned().chain(of_orders).chain(stock.chain(claims).cloned()).collect()
    }
}

/// What Kitchen may keep of a product's stock, over however many shards it is spread.
fn stock_of(product: &str) -> Vec<Item> {
    let shards = |product| (0..MAX_SHARDS).map(move |shard| Item::of(STOCK, shard_key(&product, shard)));
    ProductId::parse(product).into_iter().flat_map(shards).collect()
}

/// What the services keep of an order under its id, the order itself last.
pub(crate) fn of_order(id: Uuid) -> [Item; 3] {
    [TICKETS, AUTHORIZATIONS, ORDERS].map(|table| Item::of(table, id.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_leaves_what_its_deeds_name_and_nothing_else() {
        let deed = |path: &str, id: u128| Deed { path: path.to_owned(), id: Uuid::from_u128(id), at: Instant::now() };
        let deeds = [deed(SET_STOCK, 1), deed(CREATE_ORDER, 2), deed(START_TICKET, 3), deed(CANCEL_ORDER, 4)];
        let left = Leftovers::of(&["smoke-x".to_owned()], &deeds);
        let id = |id: u128| Uuid::from_u128(id).to_string();
        let expected = [
            ("products", "smoke-x".to_owned()),
            ("tickets", id(2)),
            ("authorizations", id(2)),
            ("orders", id(2)),
            ("stock", "smoke-x".to_owned()),
            ("stock", "smoke-x/1".to_owned()),
            ("stock", "smoke-x/9".to_owned()),
            ("orders", format!("claim#{}", id(4))),
            ("stock", format!("claim#{}", id(1))),
            ("tickets", format!("claim#{}", id(3))),
        ];
        let mut items: Vec<_> = left.items().into_iter().map(|item| (item.table, item.key)).collect();
        assert_eq!(items.len(), expected.len() + 7, "ten shards in all");
        items.retain(|(_, key)| !key.contains('/') || key.ends_with("/1") || key.ends_with("/9"));
        assert_eq!(items, expected);
    }

    #[test]
    fn what_is_left_can_be_removed_by_hand() {
        assert_eq!(
            Item::of(STOCK, "smoke-x").command("supper"),
            r#"aws dynamodb delete-item --table-name supper-stock --key '{"key":{"S":"smoke-x"}}'"#
        );
    }
}
