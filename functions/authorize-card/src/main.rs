//! Handles AuthorizeCard.

#[derive(serde::Deserialize)]
struct Configuration {
    payment_gateway: billing::gateway::Provider,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::Error> {
    let Configuration { payment_gateway } = runtime::configuration()?;
    let step = |items| billing::steps::AuthorizeCard::new(payment_gateway.gateway(items));
    runtime::serve_effect_step(step, billing::deployment::STEPS).await
}
