//! What differs between the lanes for a function that works in either.

use std::sync::Arc;

use messaging::{ExecutedSagas, Executions, RecordedSagas, Registry, Sagas, machine_name};
use serde::Deserialize;

use crate::configuration::variable;
use crate::{Error, configuration};

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
/// `ORCHESTRATOR` is missing, or what its lane needs: `SAGAS_TABLE`, or each state machine's ARN.
pub fn sagas(clients: &aws::Clients, registry: Registry) -> Result<Arc<dyn Sagas>, Error> {
    let Lane { orchestrator } = configuration()?;
    Ok(match orchestrator {
        Orchestrator::Rust => {
            let RustLane { sagas_table } = configuration()?;
            let instances = Arc::new(aws::DynamoStore::new(clients.dynamodb(), sagas_table));
            Arc::new(RecordedSagas { registry, instances })
        }
        Orchestrator::StepFunctions => {
            let executions = executions_of(clients, &registry)?;
            Arc::new(ExecutedSagas { registry, executions })
        }
    })
}

/// The executions of these sagas' state machines.
///
/// # Errors
/// A state machine's ARN is missing, such as `CREATE_ORDER_V1_STATE_MACHINE_ARN`.
pub fn executions_of(clients: &aws::Clients, registry: &Registry) -> Result<Arc<dyn Executions>, Error> {
    let mut executions = aws::AwsExecutions::new(clients.sfn());
    for definition in registry.definitions() {
        let machine = machine_name(definition);
        let arn = variable(&arn_variable(&machine))?;
        executions = executions.with_machine(machine, arn);
    }
    Ok(Arc::new(executions))
}

/// Executions that can only be resumed.
pub fn executions(clients: &aws::Clients) -> Arc<dyn Executions> {
    Arc::new(aws::AwsExecutions::new(clients.sfn()))
}

/// `create-order-v1` -> `CREATE_ORDER_V1_STATE_MACHINE_ARN`.
fn arn_variable(machine: &str) -> String {
    format!("{}_STATE_MACHINE_ARN", machine.to_uppercase().replace('-', "_"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_is_named_by_its_variable() {
        assert_eq!(arn_variable("create-order-v1"), "CREATE_ORDER_V1_STATE_MACHINE_ARN");
    }

    #[test]
    fn the_lane_is_read_as_the_template_says_it() {
        let read = |lane: &str| serde_json::from_str::<Orchestrator>(&format!("{lane:?}")).ok();
        assert_eq!(read("Rust"), Some(Orchestrator::Rust));
        assert_eq!(read("StepFunctions"), Some(Orchestrator::StepFunctions));
        assert_eq!(read("rust"), None);
    }
}
