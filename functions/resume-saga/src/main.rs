//! The Step Functions lane: hands replies to the executions that wait for them.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::Error> {
    let clients = aws::Clients::from_env().await;
    let outbound = runtime::outbound(&clients)?;
    let resume = orchestration::ResumeSaga::new(order::sagas::registry(), runtime::executions(&clients));
    runtime::serve_receiver(resume, &outbound).await
}
