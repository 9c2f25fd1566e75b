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
use rpc::RpcError;
use uuid::Uuid;

/// The order that a request names.
fn parse_order_id(order_id: &str) -> Result<Uuid, RpcError> {
    Uuid::parse_str(order_id).map_err(|_| RpcError::invalid("order_id", "must be a UUID of 36 characters"))
}

/// The answer for a missing order, and for the order of another customer: nobody learns whether that exists.
fn no_order(key: &str) -> RpcError {
    RpcError::refused(Reason::OrderNotFound, format!("there is no order {key}: choose one from ListOrders"))
        .about("order_id", key)
}
