//! Serves CreateOrder.

#[derive(serde::Deserialize)]
struct Configuration {
    orders_table: String,
    products_table: String,
    approval_limit_minor_units: i64,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::Error> {
    let configuration: Configuration = runtime::configuration()?;
    let clients = aws::Clients::from_env().await;
    let orders = aws::DynamoStore::new(clients.dynamodb(), configuration.orders_table);
    orders.connect().await;
    let catalogue = std::sync::Arc::new(aws::DynamoStore::new(clients.dynamodb(), configuration.products_table));
    let rpc = order::api::CreateOrder::new(catalogue, configuration.approval_limit_minor_units);
    runtime::serve_mutation(contracts::API, rpc, orders).await
}
