use messaging::{EffectParticipant, Handler};

use super::*;
use crate::domain::DeclineReason;
use crate::fixture::{
    Away, NOW, ORDER, asked_again, authorize, card, charge, decline, reference, sandbox, soon, with_context,
};
use crate::gateway::Sandbox;

fn step() -> AuthorizeCard<Sandbox> {
    AuthorizeCard::new(sandbox())
}

type Reply = EffectReply<Authorization, Refusal, Effect>;

fn decide(state: Option<&Authorization>) -> Result<Reply, Failure> {
    decide_about(&authorize("tok_visa"), state)
}

fn decide_about(command: &v1::AuthorizeCard, state: Option<&Authorization>) -> Result<Reply, Failure> {
    with_context(command.clone(), |context| step().decide(state, command, context))
}

fn conclude(outcome: Outcome) -> Conclusion<Authorization, Refusal> {
    with_context(authorize("tok_visa"), |context| step().conclude(None, outcome, context)).expect("a conclusion")
}

fn set_aside(command: v1::AuthorizeCard) -> String {
    match decide_about(&command, None) {
        Err(Failure::SetAside(reason)) => reason.to_string(),
        other => panic!("not set aside: {other:?}"),
    }
}

fn voided() -> Authorization {
    Authorization::Voided { charge: Some(charge(500)) }
}

#[test]
fn what_nobody_asked_before_is_asked_of_the_gateway() {
    let hold = Effect::Hold { reference: reference(), charge: charge(500), card: card("tok_visa"), at: NOW };
    assert_eq!(decide(None), Ok(EffectReply::Perform(hold)));
}

#[test]
fn a_repeat_is_answered_without_asking_the_gateway() {
    let authorized = Authorization::Authorized { charge: charge(500) };
    assert_eq!(decide(Some(&authorized)), Ok(EffectReply::Already(Ok(()))));
    let declined = Authorization::Declined { charge: charge(500), decline: decline() };
    let refusal = Refusal::new("CARD_DECLINED", "the card was declined");
    assert_eq!(decide(Some(&declined)), Ok(EffectReply::Already(Err(refusal))));
}

#[test]
fn what_was_canceled_is_reversed_whatever_became_of_it() {
    for canceled in [Authorization::tombstone(), voided()] {
        let reverse = Effect::Reverse { reference: reference(), voided: voided() };
        assert_eq!(decide(Some(&canceled)), Ok(EffectReply::Perform(reverse)));
    }
}

#[test]
fn another_amount_for_the_same_order_needs_a_person() {
    let other = Charge { customer_id: "auth0|bert".to_owned(), ..charge(500) };
    for (known, said) in [(charge(501), "5.01 EUR, not 5.00 EUR"), (other, "5.00 EUR, not 5.00 EUR")] {
        let authorized = Authorization::Authorized { charge: known };
        let said = format!("the order was to be charged {said}, or another customer");
        assert_eq!(decide(Some(&authorized)), Err(Failure::set_aside(said)));
    }
}

#[test]
fn the_outcome_is_saved_and_told() {
    let held = Authorization::Authorized { charge: charge(500) };
    assert_eq!(conclude(Outcome::Held(charge(500))), Conclusion::save(held, Ok(())));
    for (reason, told) in
        [(DeclineReason::CardDeclined, "CARD_DECLINED"), (DeclineReason::InsufficientFunds, "INSUFFICIENT_FUNDS")]
    {
        let decline = Decline { reason, message: "no".to_owned() };
        let declined = Authorization::Declined { charge: charge(500), decline: decline.clone() };
        let expected = Conclusion::save(declined, Err(Refusal::new(told, "no")));
        assert_eq!(conclude(Outcome::Declined(charge(500), decline)), expected);
    }
    let refusal = Refusal::new("AUTHORIZATION_CANCELED", "the authorization was canceled before it was made");
    assert_eq!(conclude(Outcome::Reversed(voided())), Conclusion::save(voided(), Err(refusal)));
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_does_not_come_is_asked_for_again() {
    let (step, effect) =
        (step(), Effect::Hold { reference: reference(), charge: charge(500), card: card("tok_never_first"), at: NOW });
    assert!(matches!(soon(step.perform(&effect)).await, Err(Failure::Retry(_))));
    assert_eq!(step.perform(&effect).await, Ok(Outcome::Held(charge(500))));
}

#[test]
fn what_can_never_be_charged_is_set_aside_with_its_reason() {
    let broken = |change: fn(&mut v1::AuthorizeCard)| {
        let mut command = authorize("tok_visa");
        change(&mut command);
        set_aside(command)
    };
    let said = [
        (broken(|command| command.minor_units = -1), "the amount is negative"),
        (broken(|command| command.currency = "euro".to_owned()), "the currency is no ISO 4217 code such as EUR"),
        (broken(|command| command.customer_id.clear()), "customer_id is empty"),
        (
            broken(|command| command.card_token.clear()),
            "card_token is empty or longer than 255 bytes: send what the payment provider returned",
        ),
    ];
    for (reason, expected) in said {
        assert_eq!(reason, expected);
    }
    let reason = broken(|command| command.order_id.clear());
    assert!(reason.starts_with("order_id is not a UUID: "), "{reason}");
}

/// Whatever amount the saga names is asked of the gateway, in its currency, from its customer, on its card.
#[test]
fn the_gateway_is_asked_for_what_the_command_says() {
    for (currency, minor_units) in [("EUR", 0), ("CHF", 1), ("JPY", i64::MAX)] {
        let command = v1::AuthorizeCard {
            currency: currency.to_owned(),
            minor_units,
            customer_id: "auth0|bert".to_owned(),
            ..authorize("tok_late")
        };
        let amount = Money::new(Currency::parse(currency).expect("a currency"), minor_units).expect("an amount");
        let charge = Charge { customer_id: "auth0|bert".to_owned(), amount };
        let hold = Effect::Hold { reference: reference(), charge, card: card("tok_late"), at: NOW };
        assert_eq!(decide_about(&command, None), Ok(EffectReply::Perform(hold)));
    }
}

#[tokio::test]
async fn what_the_gateway_answers_is_the_outcome() {
    let sandbox = std::sync::Arc::new(sandbox());
    let step = AuthorizeCard::new(sandbox.clone());
    let hold = |token: &str| Effect::Hold { reference: reference(), charge: charge(500), card: card(token), at: NOW };
    assert_eq!(step.perform(&hold("tok_declined")).await, Ok(Outcome::Declined(charge(500), decline())));
    assert_eq!(sandbox.held(&reference()), None);
    assert_eq!(step.perform(&hold("tok_visa")).await, Ok(Outcome::Held(charge(500))));
    assert_eq!(sandbox.held(&reference()), Some(charge(500).amount));
    let reverse = Effect::Reverse { reference: reference(), voided: voided() };
    assert_eq!(step.perform(&reverse).await, Ok(Outcome::Reversed(voided())));
    assert_eq!(sandbox.held(&reference()), None);
    assert_eq!(EffectParticipant(step).source(), "authorize-card");
}

#[test]
fn an_order_has_one_authorization_however_its_id_is_written() {
    let mut command = authorize("tok_visa");
    command.order_id = command.order_id.to_uppercase().replace('-', "");
    assert_eq!(step().key(&command), Ok(ORDER.to_string()));
}

#[test]
fn nothing_that_can_be_logged_shows_the_card() {
    let shown = format!("{:?}", decide(None));
    assert!(shown.contains("Hold") && !shown.contains("tok_visa"), "{shown}");
}

/// Neither a hold nor its reversal counts as done before the gateway has said so.
#[tokio::test]
async fn a_gateway_that_is_away_is_asked_again() {
    let hold = Effect::Hold { reference: reference(), charge: charge(500), card: card("tok_visa"), at: NOW };
    let reverse = Effect::Reverse { reference: reference(), voided: voided() };
    for effect in [hold, reverse] {
        assert_eq!(AuthorizeCard::new(Away).perform(&effect).await, asked_again());
    }
}
