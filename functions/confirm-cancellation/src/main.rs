//! Handles ConfirmCancellation.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::Error> {
    runtime::serve_step(order::steps::ConfirmCancellation, order::deployment::STEPS).await
}
