//! Serves StartTicket.

#[derive(serde::Deserialize)]
struct Configuration {
    tickets_table: String,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::Error> {
    let configuration: Configuration = runtime::configuration()?;
    let clients = aws::Clients::from_env().await;
    let tickets = aws::DynamoStore::new(clients.dynamodb(), configuration.tickets_table);
    tickets.connect().await;
    runtime::serve_mutation(contracts::API, kitchen::api::StartTicket, tickets).await
}
