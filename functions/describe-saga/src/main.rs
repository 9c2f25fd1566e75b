//! Serves DescribeSaga.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::Error> {
    let (registry, lane) = (order::sagas::registry(), runtime::lane()?);
    runtime::serve_query(contracts::API, operations::api::DescribeSaga::new(registry, lane)).await
}
