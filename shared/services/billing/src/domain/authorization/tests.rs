use proptest::prelude::*;

use super::*;
use crate::fixture::{charge, decline};

fn all() -> [Authorization; 4] {
    [
        Authorization::Authorized { charge: charge(500) },
        Authorization::Declined { charge: charge(500), decline: decline() },
        Authorization::Voided { charge: Some(charge(500)) },
        Authorization::tombstone(),
    ]
}

#[test]
fn a_repeat_is_answered_as_before_unless_it_was_canceled() {
    let voided = Authorization::Voided { charge: Some(charge(500)) };
    let found = all().map(|known| format!("{:?}", known.repeat(&charge(500))));
    let expected = [
        Ok(Repeat::Authorized),
        Ok(Repeat::Declined(&decline())),
        Ok(Repeat::Canceled(voided.clone())),
        Ok(Repeat::Canceled(voided)),
    ]
    .map(|repeat: Result<Repeat<'_>, OtherCharge>| format!("{repeat:?}"));
    assert_eq!(found, expected);
}

#[test]
fn another_charge_is_no_repeat() {
    let other = [charge(501), Charge { customer_id: "another".to_owned(), ..charge(500) }];
    for (known, other) in all().iter().take(3).flat_map(|known| other.iter().map(move |other| (known, other))) {
        assert_eq!(
            known.repeat(other),
            Err(OtherCharge { known: charge(500).amount, asked: other.amount }),
            "{known:?}"
        );
    }
}

#[test]
fn voiding() {
    let voided = Authorization::Voided { charge: Some(charge(500)) };
    let expected = [Transition::Changed(voided), Transition::Already, Transition::Already, Transition::Already];
    assert_eq!(all().map(|authorization| authorization.void()), expected);
}

#[test]
fn a_reason_is_stored_as_it_is_told() {
    for reason in [DeclineReason::CardDeclined, DeclineReason::InsufficientFunds] {
        assert_eq!(serde_json::to_value(reason).expect("JSON"), reason.as_str());
    }
}

#[test]
fn what_was_to_be_charged_before_is_said() {
    let other = OtherCharge { known: charge(500).amount, asked: charge(501).amount };
    assert_eq!(other.to_string(), "the order was to be charged 5.00 EUR, not 5.01 EUR, or another customer");
}

fn charges() -> impl Strategy<Value = Charge> {
    ("[a-z|0-9]{1,20}", 0..=i64::MAX).prop_map(|(customer_id, amount)| Charge { customer_id, ..charge(amount) })
}

fn authorizations() -> impl Strategy<Value = Authorization> {
    charges().prop_flat_map(|charge| {
        let message = ".{0,30}";
        let decline = (any::<bool>(), message).prop_map(|(short, message)| {
            let reason = if short { DeclineReason::InsufficientFunds } else { DeclineReason::CardDeclined };
            Decline { reason, message }
        });
        let of = charge.clone();
        prop_oneof![
            Just(Authorization::Authorized { charge: charge.clone() }),
            Just(Authorization::Voided { charge: Some(charge) }),
            Just(Authorization::tombstone()),
            decline.prop_map(move |decline| Authorization::Declined { charge: of.clone(), decline }),
        ]
    })
}

/// What an authorization is for; a tombstone does not know it.
fn own(authorization: &Authorization) -> Option<&Charge> {
    match authorization {
        Authorization::Authorized { charge } | Authorization::Declined { charge, .. } => Some(charge),
        Authorization::Voided { charge } => charge.as_ref(),
    }
}

/// An authorization, and the charge that a command asks for: the same, or another amount or customer.
fn asked_again() -> impl Strategy<Value = (Authorization, Charge)> {
    (authorizations(), charges()).prop_flat_map(|(known, other)| {
        let own = own(&known).unwrap_or(&other).clone();
        let amount = Charge { amount: other.amount, ..own.clone() };
        let customer = Charge { customer_id: other.customer_id, ..own.clone() };
        (Just(known), prop_oneof![2 => Just(own), 1 => Just(amount), 1 => Just(customer)])
    })
}

proptest! {
    #![proptest_config(testkit::properties())]

    #[test]
    fn an_authorization_is_read_as_it_was_stored(authorization in authorizations()) {
        let stored = serde_json::to_value(&authorization).expect("JSON");
        prop_assert_eq!(serde_json::from_value::<Authorization>(stored).expect("an authorization"), authorization);
    }

    #[test]
    fn a_charge_repeats_only_itself((known, asked) in asked_again()) {
        let expected = match (own(&known), &known) {
            (Some(own), _) if *own != asked => Err(OtherCharge { known: own.amount, asked: asked.amount }),
            (_, Authorization::Authorized { .. }) => Ok(Repeat::Authorized),
            (_, Authorization::Declined { decline, .. }) => Ok(Repeat::Declined(decline)),
            (_, Authorization::Voided { .. }) => {
                Ok(Repeat::Canceled(Authorization::Voided { charge: Some(asked.clone()) }))
            }
        };
        prop_assert_eq!(known.repeat(&asked), expected);
    }

    /// Once it is voided nothing is held again, however often and in whichever order the commands come.
    #[test]
    fn what_is_voided_stays_voided((known, asked) in asked_again()) {
        let voided = match known.void() {
            Transition::Changed(voided) => voided,
            Transition::Already => known,
        };
        prop_assert_eq!(voided.void(), Transition::Already);
        match voided.repeat(&asked) {
            Ok(Repeat::Authorized) => prop_assert!(false, "{:?} holds {:?}", voided, asked),
            Ok(Repeat::Canceled(again)) => prop_assert_eq!(again.void(), Transition::Already),
            Ok(Repeat::Declined(_)) | Err(_) => {}
        }
    }
}
