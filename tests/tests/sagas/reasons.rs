//! Each reason of the catalogue is reached by a call or by a saga, and says what the catalogue says of it.

mod answers;
mod calls;
mod doors;
mod edge;
mod sagas;
mod sizes;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use connectrpc::{IdempotencyLevel, Spec};
use contracts::Reason;
use rpc::{EdgeReason, Entry, Reason as _, RpcError, Rpcs};
use sagas_codegen::errors::http_statuses;

use crate::block_on;
use crate::world::World;
use doors::{DOORS, Door};

pub(crate) use sagas::{must_be_known, refused};

/// What is wrong with the reason of a call that was refused: the catalogue does not give it to the RPC, or it is about something
/// else.
pub(crate) fn wrong(spec: &Spec, refused: &RpcError) -> Option<String> {
    let reason = refused.reason();
    let rpc = spec.procedure.rsplit('/').next().unwrap_or_default();
    let changes = spec.idempotency_level != IdempotencyLevel::NoSideEffects;
    if !contracts::catalogue().any(|known| known == reason) || !reason.rpcs.have(rpc, changes) {
        return Some(format!("the catalogue has no {} of {rpc}", reason.name));
    }
    let RpcError::Refused { metadata, .. } = refused else { return None };
    let keys: BTreeSet<&str> = metadata.keys().copied().collect();
    let is_right = keys == reason.metadata.iter().copied().collect();
    (!is_right).then(|| format!("{} is about {keys:?}", reason.name))
}

/// Reasons that every RPC may give, but that nothing brings these to here, and why.
const NEVER_GIVEN: [(EdgeReason, &str, &str); 3] = [
    (EdgeReason::ServiceBusy, "DescribeSaga", "it reads no table"),
    (EdgeReason::ServiceFailed, "DescribeSaga", "it reads no table"),
    (EdgeReason::ServiceFailed, "ListSagas", "a saga that cannot be read is shown as unknown"),
];

/// Which RPCs refuse with the reason, as the catalogue says.
fn rpcs(reason: &Entry) -> BTreeSet<&'static str> {
    let have = |door: &&Door| reason.rpcs.have(door.rpc, door.changes);
    DOORS.iter().filter(have).map(|door| door.rpc).collect()
}

#[test]
fn every_rpc_refuses_with_each_reason_of_the_edge_that_the_catalogue_gives_it_and_with_no_other() -> Result<()> {
    block_on(async {
        for reason in EdgeReason::ALL.iter().copied() {
            let mut reached = BTreeSet::new();
            for door in &DOORS {
                let refused = edge::provoke(reason, door).await.with_context(|| format!("{reason:?}, {}", door.rpc))?;
                let is_excused = |(known, rpc, _): &(EdgeReason, &str, &str)| (*known, *rpc) == (reason, door.rpc);
                if NEVER_GIVEN.iter().any(is_excused) {
                    let is_other = refused.is_none_or(|refused| refused.reason != reason.name());
                    ensure!(is_other, "{reason:?} needs no excuse at {}", door.rpc);
                    reached.insert(door.rpc);
                } else if let Some(refused) = refused {
                    refused.must_say(reason.entry()).with_context(|| format!("{reason:?}, {}", door.rpc))?;
                    reached.insert(door.rpc);
                }
            }
            ensure!(reached == rpcs(reason.entry()), "{reason:?} is reached at {reached:?}");
        }
        Ok(())
    })
}

#[test]
fn a_call_that_takes_too_long_is_a_failure_of_the_service_only_if_its_caller_has_set_no_time() -> Result<()> {
    block_on(async {
        for door in &DOORS {
            let edge = door.open(&doors::world().await?).await?;
            let mut hurried = door.good();
            hurried["headers"]["connect-timeout-ms"] = "0".into();
            let left = Duration::from_secs(10);
            let mut statuses = Vec::new();
            for answer in
                [edge.answer_within(left, hurried).await, edge.answer_within(Duration::ZERO, door.good()).await]
            {
                let refused = answers::Refused::read(&answer)?;
                refused.must_say(EdgeReason::DeadlineExceeded.entry()).context(door.rpc)?;
                statuses.push(u16::try_from(refused.status)?);
            }
            ensure!(statuses == http_statuses(EdgeReason::DeadlineExceeded.entry()), "{}: {statuses:?}", door.rpc);
        }
        Ok(())
    })
}

#[test]
fn every_rpc_refuses_with_each_reason_of_the_restaurant_that_the_catalogue_gives_it_and_with_no_other() -> Result<()> {
    block_on(async {
        for reason in Reason::ALL.iter().copied() {
            let mut reached = BTreeSet::new();
            for (rpc, refused) in calls::refused_for(reason).await.with_context(|| format!("{reason:?}"))? {
                refused.must_say(reason.entry()).with_context(|| format!("{reason:?}, {rpc}"))?;
                reached.insert(rpc);
            }
            ensure!(reached == rpcs(reason.entry()), "{reason:?} is reached at {reached:?}");
        }
        Ok(())
    })
}

#[test]
fn a_saga_says_each_reason_that_the_catalogue_gives_it_and_no_other() -> Result<()> {
    block_on(async {
        for reason in Reason::ALL.iter().copied() {
            let Some(world) = sagas::told(reason).await.with_context(|| format!("{reason:?}"))? else {
                ensure!(!reason.entry().by_saga, "no saga says {reason:?}");
                continue;
            };
            let said = sagas::said(&world).await?;
            ensure!(reason.entry().by_saga && said.contains(reason.name()), "{reason:?} is not among {said:?}");
            sagas::must_be_known(&said)?;
        }
        Ok(())
    })
}

#[test]
fn every_door_opens_to_the_call_that_is_refused_when_something_is_wrong_with_it() -> Result<()> {
    block_on(async {
        for door in &DOORS {
            let world = doors::world().await?;
            let answer = door.open(&world).await?.answer(door.good()).await;
            ensure!(answer["statusCode"] == 200, "{}: {answer}", door.rpc);
        }
        Ok(())
    })
}

#[test]
fn every_rpc_has_a_door_and_every_reason_a_name_of_its_own() -> Result<()> {
    let paths: BTreeSet<_> = DOORS.iter().map(|door| door.path.to_owned()).collect();
    ensure!(paths == tests::rpc_paths()?, "the doors lead to {paths:?}");
    let mut names: BTreeMap<&str, usize> = BTreeMap::new();
    for Entry { name, code, rpcs, by_saga, when, tell, .. } in contracts::catalogue() {
        *names.entry(name).or_default() += 1;
        let is_name = name.chars().all(|c| c.is_ascii_uppercase() || c == '_') && name.len() <= 63;
        ensure!(is_name, "{name} is no reason of an ErrorInfo");
        ensure!(code.is_some() != matches!(rpcs, Rpcs::Only([])), "{name}: who refuses a call has a code");
        ensure!(code.is_some() || *by_saga, "{name} is told by nobody");
        ensure!(
            !when.ends_with('.') && tell.ends_with('.'),
            "{name}: half a sentence for developers, whole for people"
        );
        if let Rpcs::Only(only) = rpcs {
            let unknown: Vec<_> = only.iter().filter(|rpc| DOORS.iter().all(|door| door.rpc != **rpc)).collect();
            ensure!(unknown.is_empty(), "{name} names {unknown:?}");
        }
    }
    let twice: Vec<_> = names.iter().filter(|(_, count)| **count > 1).collect();
    ensure!(twice.is_empty(), "{twice:?}");
    Ok(())
}

impl World {
    /// Nobody has complained of what was done to prepare a call.
    fn must_be_content(&self) -> Result<()> {
        let complaints = self.shop.notes().complaints.join("\n");
        ensure!(complaints.is_empty(), "{complaints}");
        Ok(())
    }
}
