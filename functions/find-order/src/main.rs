//! Serves FindOrder.

use std::sync::Arc;

#[derive(serde::Deserialize)]
struct Configuration {
    orders_table: String,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::Error> {
    let configuration: Configuration = runtime::configuration()?;
    let clients = aws::Clients::from_env().await;
    let orders = Arc::new(aws::DynamoStore::new(clients.dynamodb(), configuration.orders_table));
    orders.connect().await;
    let sagas = runtime::sagas(&clients, order::sagas::registry())?;
    runtime::serve_query(contracts::API, order::api::FindOrder::new(orders, sagas)).await
}
