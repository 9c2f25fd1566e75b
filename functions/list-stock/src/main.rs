//! Serves ListStock.

use std::sync::Arc;

#[derive(serde::Deserialize)]
struct Configuration {
    stock_table: String,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::Error> {
    let configuration: Configuration = runtime::configuration()?;
    let clients = aws::Clients::from_env().await;
    let stock = aws::DynamoStore::new(clients.dynamodb(), configuration.stock_table);
    runtime::serve_query(contracts::API, kitchen::api::ListStock::new(Arc::new(stock))).await
}
