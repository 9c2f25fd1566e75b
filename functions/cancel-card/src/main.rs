//! Handles CancelCard.

#[derive(serde::Deserialize)]
struct Configuration {
    payment_gateway: billing::gateway::Provider,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::Error> {
    let Configuration { payment_gateway } = runtime::configuration()?;
    let step = billing::steps::CancelCard::new(payment_gateway.gateway());
    runtime::serve_effect_step(step, billing::deployment::STEPS).await
}
