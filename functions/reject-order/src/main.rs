//! Handles RejectOrder.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::Error> {
    runtime::serve_step(order::steps::RejectOrder, order::deployment::STEPS).await
}
