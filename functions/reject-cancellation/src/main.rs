//! Handles RejectCancellation.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::Error> {
    runtime::serve_step(order::steps::RejectCancellation, order::deployment::STEPS).await
}
