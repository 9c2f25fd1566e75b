//! Publishes the events that writes to the orders table left in their outbox.

#[derive(serde::Deserialize)]
struct Configuration {
    order_events_topic_arn: String,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::Error> {
    let configuration: Configuration = runtime::configuration()?;
    let clients = aws::Clients::from_env().await;
    let outbound = runtime::outbound(&clients)?.with_topic(clients.sns(), configuration.order_events_topic_arn);
    runtime::serve_outbox(outbound).await
}
