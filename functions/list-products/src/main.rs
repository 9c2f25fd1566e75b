//! Serves ListProducts.

use std::sync::Arc;

#[derive(serde::Deserialize)]
struct Configuration {
    products_table: String,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::Error> {
    let configuration: Configuration = runtime::configuration()?;
    let clients = aws::Clients::from_env().await;
    let catalogue = aws::DynamoScan::new(clients.dynamodb(), configuration.products_table);
    catalogue.connect().await;
    runtime::serve_query(contracts::API, order::api::ListProducts::new(Arc::new(catalogue))).await
}
