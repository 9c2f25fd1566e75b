//! Handles ApproveOrder.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::Error> {
    runtime::serve_step(order::steps::ApproveOrder, order::deployment::STEPS).await
}
