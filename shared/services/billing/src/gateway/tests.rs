use super::*;

#[test]
fn a_card_token_is_never_printed() {
    let card = CardToken::parse("tok_visa").expect("a token");
    assert!(!format!("{card:?}").contains("visa"));
    assert_eq!(card.expose(), "tok_visa");
}

#[test]
fn a_card_token_is_bounded_and_the_error_does_not_repeat_it() {
    let endless = "x".repeat(256);
    for bad in ["", endless.as_str()] {
        let error = CardToken::parse(bad).expect_err("no token");
        assert!(!error.to_string().contains("xxx"));
    }
    assert!(CardToken::parse(&"x".repeat(255)).is_ok());
}

#[test]
fn a_reference_belongs_to_one_order() {
    let reference = IdempotencyKey::of_order(Uuid::from_u128(7));
    assert_eq!(reference.as_str(), "order-00000000-0000-0000-0000-000000000007");
    assert_ne!(reference, IdempotencyKey::of_order(Uuid::from_u128(8)));
}

/// Answers after this long.
struct Slow(Duration);

#[async_trait]
impl PaymentGateway for Slow {
    async fn authorize(
        &self,
        _: &IdempotencyKey,
        _: Money,
        _: &CardToken,
        _: OffsetDateTime,
    ) -> Result<GatewayAnswer, GatewayError> {
        tokio::time::sleep(self.0).await;
        Ok(GatewayAnswer::Authorized)
    }

    async fn void(&self, _: &IdempotencyKey) -> Result<(), GatewayError> {
        tokio::time::sleep(self.0).await;
        Ok(())
    }
}

/// The time in which one of `asked` came to `expected`.
async fn time_of<T: fmt::Debug + PartialEq>(
    asked: impl Future<Output = Result<T, GatewayError>>,
    expected: Result<T, GatewayError>,
) -> Duration {
    let begun = tokio::time::Instant::now();
    assert_eq!(asked.await, expected);
    begun.elapsed()
}

#[tokio::test(start_paused = true)]
async fn an_answer_is_awaited_for_three_seconds_and_silence_is_an_unknown_outcome() {
    let (reference, card) = (IdempotencyKey::of_order(Uuid::from_u128(7)), crate::fixture::card("tok_visa"));
    let amount = crate::fixture::eur(500);
    let late = GatewayError::Unavailable("no answer within 3 s".to_owned());
    for (answers_after, in_time) in [(2_999, true), (3_001, false), (3_600_000, false)] {
        let patient = Duration::from_millis(answers_after);
        let gateway = Impatient(Slow(patient));
        let expected_after = if in_time { patient } else { Duration::from_secs(3) };
        let held = if in_time { Ok(GatewayAnswer::Authorized) } else { Err(late.clone()) };
        let took = time_of(gateway.authorize(&reference, amount, &card, crate::fixture::NOW), held).await;
        assert_eq!(took, expected_after, "holding, when the answer comes after {answers_after} ms");
        let released = if in_time { Ok(()) } else { Err(late.clone()) };
        let took = time_of(gateway.void(&reference), released).await;
        assert_eq!(took, expected_after, "releasing, when the answer comes after {answers_after} ms");
    }
}

#[test]
fn an_error_of_a_provider_says_what_it_was() {
    let error = GatewayError::Unavailable("no answer within 3 s".to_owned());
    assert_eq!(error.to_string(), "the payment gateway does not answer: no answer within 3 s");
    let said = "card_token is empty or longer than 255 bytes: send what the payment provider returned";
    assert_eq!(CardTokenError.to_string(), said);
}
