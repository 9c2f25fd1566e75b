//! Serves CancelOrder.

#[derive(serde::Deserialize)]
struct Configuration {
    orders_table: String,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::Error> {
    let configuration: Configuration = runtime::configuration()?;
    let clients = aws::Clients::from_env().await;
    let orders = aws::DynamoStore::new(clients.dynamodb(), configuration.orders_table);
    orders.connect().await;
    runtime::serve_mutation(contracts::API, order::api::CancelOrder, orders).await
}
