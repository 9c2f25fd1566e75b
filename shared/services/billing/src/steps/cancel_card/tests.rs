use messaging::{EffectParticipant, Handler};

use super::*;
use crate::fixture::{Away, ORDER, asked_again, cancel, card, charge, decline, reference, sandbox, with_context};

fn decide(state: Option<&Authorization>) -> Result<EffectReply<Authorization, Infallible, Void>, Failure> {
    decide_about(&cancel(), state)
}

fn decide_about(
    command: &v1::CancelCard,
    state: Option<&Authorization>,
) -> Result<EffectReply<Authorization, Infallible, Void>, Failure> {
    with_context(command.clone(), |context| CancelCard::new(sandbox()).decide(state, command, context))
}

#[test]
fn what_is_held_is_released() {
    let voided = Authorization::Voided { charge: Some(charge(500)) };
    let void = Void { reference: reference(), voided };
    assert_eq!(decide(Some(&Authorization::Authorized { charge: charge(500) })), Ok(EffectReply::Perform(void)));
}

#[test]
fn a_cancellation_that_comes_first_releases_what_may_be_held_and_leaves_a_tombstone() {
    let void = Void { reference: reference(), voided: Authorization::tombstone() };
    assert_eq!(decide(None), Ok(EffectReply::Perform(void)));
}

#[test]
fn what_holds_nothing_is_left_alone() {
    for state in [
        Authorization::Declined { charge: charge(500), decline: decline() },
        Authorization::Voided { charge: Some(charge(500)) },
        Authorization::tombstone(),
    ] {
        assert_eq!(decide(Some(&state)), Ok(EffectReply::Already(Ok(()))));
    }
}

#[test]
fn the_release_is_saved_and_told() {
    let concluded = with_context(cancel(), |context| {
        CancelCard::new(sandbox()).conclude(None, Authorization::tombstone(), context)
    });
    assert_eq!(concluded, Ok(Conclusion::save(Authorization::tombstone(), Ok(()))));
}

#[test]
fn a_command_without_an_order_names_no_authorization() {
    let nameless = v1::CancelCard::default();
    assert!(matches!(CancelCard::new(sandbox()).key(&nameless), Err(Failure::SetAside(_))));
}

#[test]
fn an_order_has_one_authorization_however_its_id_is_written() {
    let step = CancelCard::new(sandbox());
    for order_id in [ORDER.to_string(), ORDER.to_string().to_uppercase(), ORDER.simple().to_string()] {
        let command = v1::CancelCard { order_id, ..Default::default() };
        assert_eq!(step.key(&command), Ok(ORDER.to_string()));
    }
    assert_eq!(EffectParticipant(step).source(), "cancel-card");
}

/// The amount of another order stays held.
#[tokio::test]
async fn what_is_released_is_the_orders_own() {
    let sandbox = std::sync::Arc::new(sandbox());
    let (mine, other) = (reference(), IdempotencyKey::of_order(uuid::Uuid::from_u128(8)));
    for reference in [&mine, &other] {
        let held = sandbox.authorize(reference, charge(500).amount, &card("tok_visa"), crate::fixture::NOW).await;
        assert_eq!(held, Ok(crate::gateway::GatewayAnswer::Authorized));
    }
    let voided = Authorization::Voided { charge: Some(charge(500)) };
    let effect = Void { reference: mine.clone(), voided: voided.clone() };
    assert_eq!(CancelCard::new(sandbox.clone()).perform(&effect).await, Ok(voided));
    assert_eq!((sandbox.held(&mine), sandbox.held(&other)), (None, Some(charge(500).amount)));
}

#[test]
fn a_broken_command_is_set_aside_with_its_reason() {
    let command = v1::CancelCard { order_id: "7".to_owned(), ..Default::default() };
    let decided = decide_about(&command, None);
    let Err(Failure::SetAside(reason)) = decided else { panic!("not set aside: {decided:?}") };
    assert!(reason.starts_with("order_id is not a UUID: "), "{reason}");
}

/// A release does not count as done before the gateway has said so.
#[tokio::test]
async fn a_gateway_that_is_away_is_asked_again() {
    let void = Void { reference: reference(), voided: Authorization::tombstone() };
    assert_eq!(CancelCard::new(Away).perform(&void).await, asked_again());
}
