//! What operators see: each saga is listed once, in the state that it is in, and counted there.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use messaging::{LoadError, ids};
use orchestration::{Catalog, Listed, Number, ProgressState, SagaInstance, SagaProgress, Wanted};
use uuid::Uuid;

use super::Audit;

/// How many sagas a page has: few, so that a list has several pages.
const PAGE: u32 = 3;
/// How often a table that is away is asked again.
const PATIENCE: usize = 20;

pub(super) async fn check(audit: &Audit<'_>) -> Result<()> {
    let shop = &audit.world.shop;
    let mut stored = BTreeMap::new();
    for record in shop.table("sagas").peek_all() {
        let instance: SagaInstance = record.aggregate()?;
        stored.insert(record.key.parse::<Uuid>()?, instance);
    }
    let catalog = shop.catalog();
    let all = listed(&catalog, Vec::new()).await?;
    let ids: Vec<Uuid> = all.iter().filter_map(|saga| saga.id).collect();
    let is_sorted = all.is_sorted_by(|one, other| one.started_at >= other.started_at);
    ensure!(is_sorted && ids.len() == stored.len(), "{} sagas are stored, and {ids:?} are listed", stored.len());
    for saga in &all {
        let id = saga.id.context("a saga without an identity")?;
        let instance = stored.get(&id).with_context(|| format!("{id} is listed twice, or is not there"))?;
        ensure!(saga.state == instance.progress(), "{id} is {:?}, listed as {:?}", instance.progress(), saga.state);
        ensure!(saga.started_by.map(ids::saga) == Some(id), "{id} was started by {:?}", saga.started_by);
        let order = shop.order(saga.subject.parse()?).with_context(|| format!("{id} is about {:?}", saga.subject))?;
        ensure!(order.sagas.contains(&id), "{id} is about {:?}, which does not know it", saga.subject);
    }
    for (state, number) in patiently(async || catalog.count(&Wanted::default()).await).await? {
        let of_state = stored.values().filter(|instance| instance.progress() == state).count();
        let listed = listed(&catalog, vec![state]).await?.len();
        ensure!(listed == of_state, "{of_state} sagas are {state:?}, {listed} are listed");
        let sagas = u32::try_from(of_state)?;
        ensure!(number == Number { sagas, at_least: false }, "{of_state} sagas are {state:?}, {number:?} are counted");
    }
    Ok(())
}

/// Every page of the sagas in these states.
async fn listed(catalog: &dyn Catalog, states: Vec<ProgressState>) -> Result<Vec<SagaProgress>> {
    let wanted = Wanted { states, ..Wanted::default() };
    let (mut all, mut token) = (Vec::new(), None);
    loop {
        let Listed { sagas, next } = patiently(async || catalog.list(&wanted, PAGE, token.as_deref()).await).await?;
        all.extend(sagas);
        token = next;
        if token.is_none() {
            return Ok(all);
        }
    }
}

/// Asks again while the table is away: faults of the run may still be to come.
async fn patiently<T>(ask: impl AsyncFn() -> Result<T, LoadError>) -> Result<T, LoadError> {
    for _ in 0..PATIENCE {
        match ask().await {
            Err(LoadError::Transient(_)) => {}
            answer => return answer,
        }
    }
    ask().await
}
