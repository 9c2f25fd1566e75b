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
        assert!(known.repeat(other).is_err(), "{known:?}");
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
