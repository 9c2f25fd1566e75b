//! Handles ApproveTicket.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::Error> {
    runtime::serve_step(kitchen::steps::ApproveTicket, kitchen::deployment::STEPS).await
}
