//! What differs between the lanes for a function that works in either.

use std::sync::Arc;

use orchestration::{ExecutedSagas, Executions, RecordedSagas, Registry, Sagas};
use serde::Deserialize;

use crate::Error;
use crate::configuration::{Environment, variable_of};

/// Which orchestrator runs the sagas, as the template's parameter of that name says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
enum Orchestrator {
    Rust,
    StepFunctions,
}

#[derive(Deserialize)]
struct Lane {
    orchestrator: Orchestrator,
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
    let Lane { orchestrator } = environment.read()?;
    Ok(match orchestrator {
        Orchestrator::Rust => {
            let RustLane { sagas_table } = environment.read()?;
            let instances = Arc::new(aws::DynamoStore::new(clients.dynamodb(), sagas_table));
            Arc::new(RecordedSagas { registry, instances })
        }
        Orchestrator::StepFunctions => {
            let executions = executions_in(environment, clients, &registry)?;
            Arc::new(ExecutedSagas { registry, executions: Arc::new(executions) })
        }
    })
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
