//! Orders, products and money: pure, and always valid once constructed.

mod basket;
mod money;
mod order;
mod product;

pub use basket::{Basket, BasketError, BasketItem, MAX_ITEMS, MAX_QUANTITY};
pub use money::{Currency, Money, MoneyError};
pub use order::{CancellationRefused, Illegal, LineItem, MAX_SAGAS, NewOrder, Order, Placement, Status, Transition};
pub use product::{Product, ProductId, ProductIdError};
