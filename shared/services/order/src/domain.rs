//! Orders, products and money: pure, and always valid once constructed.

mod basket;
mod card_token;
mod money;
mod order;
mod product;

pub use basket::{Basket, BasketError, BasketItem, MAX_ITEMS, MAX_QUANTITY, Quantity, QuantityError};
pub use card_token::{CardToken, CardTokenError};
pub use money::{Currency, Money, MoneyError};
pub use order::{CancellationRefused, Illegal, LineItem, MAX_SAGAS, NewOrder, Order, Placement, Status, Transition};
pub use product::{Product, ProductId, ProductIdError};
