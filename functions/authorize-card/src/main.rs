//! Handles AuthorizeCard.

#[derive(serde::Deserialize)]
struct Configuration {
    authorizations_table: String,
    payment_gateway: billing::gateway::Choice,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::Error> {
    let configuration: Configuration = runtime::configuration()?;
    let clients = aws::Clients::from_env().await;
    let authorizations = aws::DynamoStore::new(clients.dynamodb(), configuration.authorizations_table);
    authorizations.connect().await;
    let step = billing::steps::AuthorizeCard::new(configuration.payment_gateway.gateway());
    let step = messaging::EffectParticipant(step);
    runtime::serve_queue(step, authorizations, runtime::outbound(&clients)?).await
}
