//! Handles CreateTicket.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::Error> {
    runtime::serve_step(kitchen::steps::CreateTicket, kitchen::deployment::STEPS).await
}
