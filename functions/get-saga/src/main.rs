//! Serves GetSaga.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::Error> {
    let clients = aws::Clients::from_env().await;
    let sagas = runtime::catalog(&clients, order::sagas::registry())?;
    runtime::serve_query(contracts::API, operations::api::GetSaga::new(sagas)).await
}
