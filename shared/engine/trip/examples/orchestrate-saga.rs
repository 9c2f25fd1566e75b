//! The function that runs the sagas in the Rust lane.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::Error> {
    let Configuration { sagas_table, saga_queue_url } = runtime::configuration()?;
    let clients = aws::Clients::from_env().await;
    let sagas = aws::DynamoStore::new(clients.dynamodb(), sagas_table);
    sagas.connect().await;
    let registry = trip::registry();
    let outbound = runtime::outbound_to(&clients, registry.handlers(), &saga_queue_url)?;
    let orchestrator = orchestration::Orchestrator::new("orchestrate-saga", registry, saga_queue_url);
    runtime::serve_queue(orchestrator, sagas, outbound).await
}

/// What the function reads from its environment.
#[derive(serde::Deserialize)]
struct Configuration {
    sagas_table: String,
    saga_queue_url: String,
}
