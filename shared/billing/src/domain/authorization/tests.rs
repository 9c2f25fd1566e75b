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
    assert_eq!(other.to_string(), "the order was to be charged 500 EUR, not 501 EUR, or another customer");
}

/// An authorization of any kind, and what it was for.
fn authorizations() -> impl Strategy<Value = Authorization> {
    let charges =
        ("[a-z|0-9]{1,20}", 0..=i64::MAX).prop_map(|(customer_id, amount)| Charge { customer_id, ..charge(amount) });
    charges.prop_flat_map(|charge| {
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

proptest! {
    #![proptest_config(testkit::properties())]

    #[test]
    fn an_authorization_is_read_as_it_was_stored(authorization in authorizations()) {
        let stored = serde_json::to_value(&authorization).expect("JSON");
        prop_assert_eq!(serde_json::from_value::<Authorization>(stored).expect("an authorization"), authorization);
    }

    /// Once it is voided nothing is held again, however often and in whichever order the commands come.
    #[test]
    fn what_is_voided_stays_voided(authorization in authorizations(), asked in 0..=i64::MAX) {
        if let Transition::Changed(voided) = authorization.void() {
            prop_assert_eq!(voided.void(), Transition::Already);
        }
        let is_voided = matches!(authorization, Authorization::Voided { .. });
        match authorization.repeat(&charge(asked)) {
            Ok(Repeat::Canceled(voided)) => {
                prop_assert!(is_voided);
                prop_assert_eq!(voided.void(), Transition::Already);
                prop_assert_eq!(voided, Authorization::Voided { charge: Some(charge(asked)) });
            }
            Ok(Repeat::Authorized | Repeat::Declined(_)) => prop_assert!(!is_voided),
            Err(other) => prop_assert_eq!(other.asked, charge(asked).amount),
        }
    }
}
