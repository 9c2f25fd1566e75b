//! Handles CancelTicket.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::Error> {
    runtime::serve_step(kitchen::steps::CancelTicket, kitchen::deployment::STEPS).await
}
