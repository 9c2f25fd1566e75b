//! Handles ApproveTicket.

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
    let step = messaging::Participant(kitchen::steps::ApproveTicket);
    runtime::serve_queue(step, tickets, runtime::outbound(&clients)?).await
}
