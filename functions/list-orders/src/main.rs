//! Serves ListOrders.

use std::sync::Arc;

#[derive(serde::Deserialize)]
struct Configuration {
    orders_table: String,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::Error> {
    let configuration: Configuration = runtime::configuration()?;
    let clients = aws::Clients::from_env().await;
    let index = order::BY_CUSTOMER;
    let by_customer =
        aws::DynamoIndex::new(clients.dynamodb(), configuration.orders_table, index.name, index.partition, index.sort);
    by_customer.connect().await;
    runtime::serve_query(contracts::API, order::api::ListOrders::new(Arc::new(by_customer))).await
}
