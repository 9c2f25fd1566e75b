//! Handles ConfirmCancellation.

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
    let step = messaging::Participant(order::steps::ConfirmCancellation);
    runtime::serve_queue(step, orders, runtime::outbound(&clients)?).await
}
