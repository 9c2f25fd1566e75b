//! Faults happen where they were planned, and nowhere else.

use messaging::{LoadError, SaveError, Store, Write};
use testkit::builders::record;
use testkit::{Faults, MemoryDatabase, MemoryStore, Operation};

#[tokio::test]
async fn the_nth_operation_of_its_kind_fails_and_has_no_effect() {
    let store = MemoryStore::default();
    store.faults().fail(Operation::Save, 2);
    store.faults().fail(Operation::Load, 1);
    assert!(matches!(store.load("a").await, Err(LoadError::Transient(_))));
    assert_eq!(store.save(&Write::of(record("a", 1))).await, Ok(()));
    assert!(matches!(store.save(&Write::of(record("b", 1))).await, Err(SaveError::Transient(_))));
    assert!(store.faults().are_over());
    assert_eq!((store.peek("b"), store.len(), store.faults().seen()), (None, 1, 3));
}

#[tokio::test]
async fn a_crash_comes_after_the_write_and_a_conflict_instead_of_it() {
    let store = MemoryStore::default();
    store.faults().crash_after(Operation::Save, 1);
    store.faults().conflict(2);
    assert!(matches!(store.save(&Write::of(record("a", 1))).await, Err(SaveError::Transient(_))));
    assert_eq!(store.save(&Write::of(record("b", 1))).await, Err(SaveError::Conflict));
    assert_eq!((store.peek("a"), store.peek("b")), (Some(record("a", 1)), None));
}

#[tokio::test]
async fn one_plan_counts_the_operations_of_every_table() {
    let faults = Faults::default();
    let database = MemoryDatabase::with_faults(faults.clone());
    faults.fail(Operation::Any, 2);
    assert_eq!(database.table("a").load("x").await, Ok(None));
    assert!(database.table("b").load("x").await.is_err());
    assert_eq!(faults.seen(), 2);
}
