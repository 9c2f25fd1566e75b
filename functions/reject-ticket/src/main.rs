//! Handles RejectTicket.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::Error> {
    runtime::serve_step(kitchen::steps::RejectTicket, kitchen::deployment::STEPS).await
}
