//! The Step Functions lane: starts an execution for each event that starts a saga.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::Error> {
    let clients = aws::Clients::from_env().await;
    let registry = order::sagas::registry();
    let executions = runtime::executions_of(&clients, &registry)?;
    let outbound = runtime::outbound(&clients)?;
    runtime::serve_receiver(orchestration::StartSaga::new(registry, executions), &outbound).await
}
