//! Handles CreateTicket.

#[derive(serde::Deserialize)]
struct Configuration {
    stock_shards: kitchen::domain::Shards,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::Error> {
    let Configuration { stock_shards } = runtime::configuration()?;
    runtime::serve_step(kitchen::steps::CreateTicket::new(stock_shards), kitchen::deployment::STEPS).await
}
