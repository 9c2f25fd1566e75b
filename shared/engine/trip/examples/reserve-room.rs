//! The function behind the queue of ReserveRoom.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::Error> {
    runtime::serve_step(trip::ReserveRoom, &trip::STEPS).await
}
