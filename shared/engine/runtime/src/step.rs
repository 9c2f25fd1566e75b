//! A participant's step as a function: its table and its queues are those that its row names.

use std::sync::Arc;

use aws::{Clients, DynamoStore};
use messaging::{
    Command, Deployment, EffectParticipant, EffectStep, Handler, Participant, Refusal, Step, Store, Table,
};

use crate::configuration::{Environment, variable_of};
use crate::{Error, outbound, serve_queue};

/// Serves a step, which has one of these rows.
///
/// # Errors
/// A step without a row, an environment that is incomplete, or a Lambda runtime that cannot be reached.
pub async fn serve_step<S: Step>(step: S, rows: &[Deployment]) -> Result<(), Error>
where
    <S::Command as Command>::Refusal: Into<Refusal>,
{
    serve(<S::Command as Command>::HANDLER, |_| Participant(step), rows).await
}

/// Serves a step with an effect, which has one of these rows. What performs the effect may keep items of its own in the
/// step's table, which `make` is given.
///
/// # Errors
/// As [`serve_step`].
pub async fn serve_effect_step<S: EffectStep>(
    make: impl FnOnce(Arc<dyn Store>) -> S,
    rows: &[Deployment],
) -> Result<(), Error>
where
    <S::Command as Command>::Refusal: Into<Refusal>,
{
    let make = |items| EffectParticipant(make(items));
    serve(<S::Command as Command>::HANDLER, make, rows).await
}

async fn serve<H: Handler>(
    name: &str,
    make: impl FnOnce(Arc<dyn Store>) -> H,
    rows: &[Deployment],
) -> Result<(), Error> {
    let environment = Environment::of_the_process();
    let table = |table: Table| environment.variable(&variable_of(table.name, "TABLE"));
    let row = row_of(name, rows)?;
    let (items, counters) = (table(row.table)?, row.counters.map(table).transpose()?);
    let clients = Clients::from_env().await;
    let mut store = DynamoStore::new(clients.dynamodb(), items);
    if let Some(counters) = counters {
        store = store.with_counters(counters);
    }
    store.connect().await;
    serve_queue(make(Arc::new(store.clone())), store, outbound(&clients)?).await
}

fn row_of<'a>(handler: &str, rows: &'a [Deployment]) -> Result<&'a Deployment, Error> {
    let row = rows.iter().find(|row| row.handler == handler);
    row.ok_or_else(|| format!("{handler} has no row: add it to the rows of its service's deployment").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The function does not start: what it is named after is not what it serves.
    #[test]
    fn a_step_without_a_row_is_named() {
        let error = row_of("pack-goods", &[]).expect_err("an error").to_string();
        assert_eq!(error, "pack-goods has no row: add it to the rows of its service's deployment");
    }
}
