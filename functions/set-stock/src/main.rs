//! Serves SetStock.

#[derive(serde::Deserialize)]
struct Configuration {
    stock_table: String,
    stock_shards: kitchen::domain::Shards,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::Error> {
    let configuration: Configuration = runtime::configuration()?;
    let clients = aws::Clients::from_env().await;
    let stock = aws::DynamoStore::new(clients.dynamodb(), configuration.stock_table);
    stock.connect().await;
    runtime::serve_mutation(contracts::API, kitchen::api::SetStock::new(configuration.stock_shards), stock).await
}
