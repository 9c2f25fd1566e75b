//! Serves ListTickets.

use std::sync::Arc;

#[derive(serde::Deserialize)]
struct Configuration {
    tickets_table: String,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::Error> {
    let configuration: Configuration = runtime::configuration()?;
    let clients = aws::Clients::from_env().await;
    let index = kitchen::BY_STATUS;
    let by_status =
        aws::DynamoIndex::new(clients.dynamodb(), configuration.tickets_table, index.name, index.partition, index.sort);
    by_status.connect().await;
    runtime::serve_query(contracts::API, kitchen::api::ListTickets::new(Arc::new(by_status))).await
}
