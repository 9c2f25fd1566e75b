//! What either lane lists of its sagas, counts of them and finds.

mod executed;
mod recorded;

use orchestration::{Catalog, Listed, ProgressState, SagaProgress, Wanted};
use uuid::Uuid;

/// Every page of a list, with pages of this many sagas.
async fn pages(catalog: &dyn Catalog, wanted: &Wanted, limit: u32) -> Vec<Vec<SagaProgress>> {
    let (mut pages, mut token) = (Vec::new(), None);
    loop {
        let Listed { sagas, next } = catalog.list(wanted, limit, token.as_deref()).await.expect("a page");
        assert!(sagas.len() <= limit.max(1) as usize, "no page is longer than asked for");
        pages.push(sagas);
        assert!(pages.len() < 100, "pages that never end");
        token = match next {
            None => return pages,
            next => next,
        };
    }
}

/// The numbers of the listed sagas, in order.
async fn listed(catalog: &dyn Catalog, wanted: &Wanted, limit: u32) -> Vec<u128> {
    numbers(&pages(catalog, wanted, limit).await.concat())
}

fn numbers(sagas: &[SagaProgress]) -> Vec<u128> {
    sagas.iter().map(|saga| saga.id.as_ref().map_or(0, Uuid::as_u128)).collect()
}

fn of_states(states: &[ProgressState]) -> Wanted {
    Wanted { states: states.to_vec(), ..Wanted::default() }
}

fn of_text(text: &str) -> Wanted {
    Wanted { text: Some(text.to_owned()), ..Wanted::default() }
}

fn of_step(step: &str) -> Wanted {
    Wanted { step: Some(step.to_owned()), ..Wanted::default() }
}

fn of_name(name: &str) -> Wanted {
    Wanted { saga: Some(name.to_owned()), ..Wanted::default() }
}
