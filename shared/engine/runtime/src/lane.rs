//! What differs between the lanes for a function that works in either.

use std::sync::Arc;

use messaging::TableIndex;
use orchestration::{
    Catalog, ExecutedSagas, Executions, Lane, RecordedCatalog, RecordedSagas, Registry, SagaInstance, Sagas,
};
use serde::Deserialize;

use crate::Error;
use crate::configuration::{Environment, variable_of};

#[derive(Deserialize)]
struct InLane {
    orchestrator: Lane,
}

#[derive(Deserialize)]
struct RustLane {
    sagas_table: String,
}

/// How far sagas have come, from whichever lane runs them.
///
/// # Errors
/// A variable is missing: `ORCHESTRATOR`, or what its lane needs, `SAGAS_TABLE` or each state machine's ARN.
pub fn sagas(clients: &aws::Clients, registry: Registry) -> Result<Arc<dyn Sagas>, Error> {
    sagas_in(&Environment::of_the_process(), clients, registry)
}

fn sagas_in(environment: &Environment, clients: &aws::Clients, registry: Registry) -> Result<Arc<dyn Sagas>, Error> {
    Ok(match lane_in(environment)? {
        Lane::Rust => Arc::new(recorded(environment, clients, registry)?.recorded),
        Lane::StepFunctions => Arc::new(executed(environment, clients, registry)?),
    })
}

/// The list of all sagas, from whichever lane runs them.
///
/// # Errors
/// As [`sagas`].
pub fn catalog(clients: &aws::Clients, registry: Registry) -> Result<Arc<dyn Catalog>, Error> {
    catalog_in(&Environment::of_the_process(), clients, registry)
}

fn catalog_in(
    environment: &Environment,
    clients: &aws::Clients,
    registry: Registry,
) -> Result<Arc<dyn Catalog>, Error> {
    Ok(match lane_in(environment)? {
        Lane::Rust => Arc::new(recorded(environment, clients, registry)?),
        Lane::StepFunctions => Arc::new(executed(environment, clients, registry)?),
    })
}

/// The lane that runs the sagas.
///
/// # Errors
/// The variable `ORCHESTRATOR` is missing, or names no lane.
pub fn lane() -> Result<Lane, Error> {
    lane_in(&Environment::of_the_process())
}

fn lane_in(environment: &Environment) -> Result<Lane, Error> {
    let InLane { orchestrator } = environment.read()?;
    Ok(orchestrator)
}

fn recorded(environment: &Environment, clients: &aws::Clients, registry: Registry) -> Result<RecordedCatalog, Error> {
    let (by_state, instances) = recording(environment, clients)?;
    let recorded = RecordedSagas { registry, instances: Arc::new(instances) };
    Ok(RecordedCatalog { recorded, by_state: Arc::new(by_state) })
}

/// The Rust lane's index and its table.
fn recording(environment: &Environment, clients: &aws::Clients) -> Result<(aws::DynamoIndex, aws::DynamoStore), Error> {
    let RustLane { sagas_table } = environment.read()?;
    let TableIndex { name, partition, sort, .. } = SagaInstance::BY_STATE;
    let by_state = aws::DynamoIndex::new(clients.dynamodb(), sagas_table.as_str(), name, partition, sort);
    Ok((by_state, aws::DynamoStore::new(clients.dynamodb(), sagas_table)))
}

fn executed(environment: &Environment, clients: &aws::Clients, registry: Registry) -> Result<ExecutedSagas, Error> {
    let executions = executions_in(environment, clients, &registry)?;
    Ok(ExecutedSagas { registry, executions: Arc::new(executions) })
}

/// The executions of these sagas' state machines.
///
/// # Errors
/// A state machine's ARN is missing, such as `PLACE_SALE_V1_STATE_MACHINE_ARN`.
pub fn executions_of(clients: &aws::Clients, registry: &Registry) -> Result<Arc<dyn Executions>, Error> {
    Ok(Arc::new(executions_in(&Environment::of_the_process(), clients, registry)?))
}

fn executions_in(
    environment: &Environment,
    clients: &aws::Clients,
    registry: &Registry,
) -> Result<aws::AwsExecutions, Error> {
    let mut executions = aws::AwsExecutions::new(clients.sfn());
    for definition in registry.definitions() {
        let machine = definition.machine_name();
        let arn = environment.variable(&variable_of(&machine, "STATE_MACHINE_ARN"))?;
        executions = executions.with_machine(machine, arn);
    }
    Ok(executions)
}

/// Executions that can only be resumed.
pub fn executions(clients: &aws::Clients) -> Arc<dyn Executions> {
    Arc::new(aws::AwsExecutions::new(clients.sfn()))
}

#[cfg(test)]
mod tests;
