//! A CreateOrder request, parsed: nothing of the request itself is read after this.

use contracts::Reason;
use contracts::order_api::v1 as api;
use contracts::order_api::v1::CreateOrderRequest;
use contracts::order_api::v1::create_order_request::Item;
use rpc::{Faults, RpcError};

use crate::api::shown;
use crate::domain::{Basket, BasketError, BasketItem, CardToken, CardTokenError, Currency, Money, ProductId, Quantity};

/// What a customer orders, and the card that pays.
#[derive(Debug)]
pub struct Input {
    pub(super) basket: Basket,
    pub(super) card_token: CardToken,
}

impl Input {
    /// Finds everything that is wrong with the request. A card's number is told once nothing else is wrong.
    pub(super) fn parse(request: CreateOrderRequest) -> Result<Self, RpcError> {
        let mut faults = Faults::default();
        let basket = basket(&request.items, &mut faults);
        let card_token = CardToken::parse(request.card_token);
        if card_token == Err(CardTokenError::Malformed) {
            faults.add("card_token", CardTokenError::Malformed);
        }
        let basket = faults.or(basket)?;
        let card_token = card_token.map_err(|error| RpcError::refused(Reason::CardNumberSent, error.to_string()))?;
        Ok(Self { basket, card_token })
    }

    /// The request that asks for just this.
    pub(super) fn request(&self) -> CreateOrderRequest {
        let item = |item: &BasketItem| Item {
            product_id: item.product.to_string(),
            // A quantity is at most 1000.
            quantity: i32::try_from(item.quantity.get()).unwrap_or(i32::MAX),
            unit_price: item.shown_price.map(shown::money).into(),
            ..Default::default()
        };
        CreateOrderRequest {
            items: self.basket.items().iter().map(item).collect(),
            card_token: self.card_token.expose().to_owned(),
            ..Default::default()
        }
    }
}

fn basket(items: &[Item], faults: &mut Faults) -> Option<Basket> {
    // A list that is too long is not looked through.
    faults.take("items", Basket::check_length(items.len()))?;
    let parsed: Vec<_> =
        items.iter().enumerate().map(|(index, item)| basket_item(item, &format!("items[{index}]"), faults)).collect();
    let parsed = parsed.into_iter().collect::<Option<Vec<_>>>()?;
    match Basket::new(parsed) {
        Ok(basket) => Some(basket),
        Err(error) => {
            match &error {
                BasketError::BadLength => faults.add("items", &error),
                BasketError::Repeated(indexes) => {
                    indexes.iter().for_each(|index| faults.add(format!("items[{index}].product_id"), &error));
                }
            }
            None
        }
    }
}

fn basket_item(item: &Item, path: &str, faults: &mut Faults) -> Option<BasketItem> {
    let product = faults.take(format!("{path}.product_id"), ProductId::parse(&item.product_id));
    let quantity = faults.take(format!("{path}.quantity"), Quantity::new(item.quantity));
    let shown_price = match item.unit_price.as_option() {
        None => Some(None),
        Some(price) => money(price, &format!("{path}.unit_price"), faults).map(Some),
    };
    Some(BasketItem { product: product?, quantity: quantity?, shown_price: shown_price? })
}

fn money(money: &api::Money, path: &str, faults: &mut Faults) -> Option<Money> {
    let currency = faults.take(format!("{path}.currency"), Currency::parse(&money.currency));
    let minor_units = faults.take(format!("{path}.minor_units"), Money::check(money.minor_units));
    Money::new(currency?, minor_units?).ok()
}

#[cfg(test)]
mod tests;
