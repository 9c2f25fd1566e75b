//! What a customer's app calls, one RPC per file.

mod cancel_order;
mod create_order;
mod find_order;
mod list_orders;
mod list_products;
mod shown;

pub use cancel_order::CancelOrder;
pub use create_order::CreateOrder;
pub use find_order::FindOrder;
pub use list_orders::ListOrders;
pub use list_products::ListProducts;

use contracts::Reason;
use messaging::Key;
use rpc::RpcError;
use uuid::Uuid;

/// The key of the order that a request names.
fn order_key(order_id: &str) -> Result<Key, RpcError> {
    let id = Uuid::parse_str(order_id).map_err(|_| RpcError::invalid("order_id", "must be the UUID of an order"))?;
    Ok(id.to_string())
}

/// The answer for a missing order, and for the order of another customer: nobody learns whether that exists.
fn no_order(key: &str) -> RpcError {
    RpcError::refused(Reason::OrderNotFound, format!("there is no order {key}: choose one from ListOrders"))
        .about("order_id", key)
}
