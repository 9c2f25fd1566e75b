//! The Rust lane: starts sagas, receives their replies, sends their commands.

#[derive(serde::Deserialize)]
struct Configuration {
    sagas_table: String,
    saga_queue_url: String,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::Error> {
    let configuration: Configuration = runtime::configuration()?;
    let clients = aws::Clients::from_env().await;
    let sagas = aws::DynamoStore::new(clients.dynamodb(), configuration.sagas_table);
    sagas.connect().await;
    let registry = order::sagas::registry();
    let outbound = runtime::outbound_to(&clients, registry.handlers(), &configuration.saga_queue_url)?;
    let orchestrator = orchestration::Orchestrator::new("orchestrate-saga", registry, configuration.saga_queue_url);
    runtime::serve_queue(orchestrator, sagas, outbound).await
}
