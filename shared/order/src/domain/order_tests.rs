use super::*;
use crate::domain::Currency;

const MINE: Uuid = Uuid::from_u128(1);
const OTHER: Uuid = Uuid::from_u128(2);

fn eur(minor_units: i64) -> Money {
    Money::new(Currency::parse("EUR").expect("a currency"), minor_units).expect("an amount")
}

fn place(items: &[(&str, i32, Option<i64>)], limit: i64) -> Result<Order, Placement> {
    let pizza = Product { name: "Pizza".to_owned(), unit_price: eur(1150) };
    let caviar = Product { name: "Caviar".to_owned(), unit_price: eur(i64::MAX) };
    let items = items.iter().map(|(product, quantity, shown)| (*product, *quantity, shown.map(|shown| Ok(eur(shown)))));
    let basket = Basket::parse(items).expect("a basket");
    let catalogue = |product: &ProductId| match product.as_str() {
        "pizza" => Some(&pizza),
        "caviar" => Some(&caviar),
        _ => None,
    };
    let new = NewOrder {
        id: Uuid::from_u128(7),
        customer: "auth0|anna",
        fingerprint: Uuid::from_u128(8),
        saga: MINE,
        now: OffsetDateTime::UNIX_EPOCH,
    };
    Order::place(new, &basket, catalogue, limit)
}

fn with(status: Status) -> Order {
    Order { status, ..place(&[("pizza", 1, None)], 100_000).expect("an order") }
}

fn every_status() -> [Order; 7] {
    [
        with(Status::ApprovalPending { owner: MINE }),
        with(Status::ApprovalPending { owner: OTHER }),
        with(Status::Approved { cancellation_refused: None }),
        with(Status::Rejected { reason: "CARD_DECLINED".to_owned() }),
        with(Status::CancelPending { owner: MINE }),
        with(Status::CancelPending { owner: OTHER }),
        with(Status::Canceled),
    ]
}

/// One letter a status: c for changed, a for already, - for illegal.
fn row(command: impl Fn(&Order) -> Result<Transition, Illegal>) -> String {
    let letter = |order: &Order| match command(order) {
        Ok(Transition::Changed(_)) => 'c',
        Ok(Transition::Already) => 'a',
        Err(_) => '-',
    };
    every_status().iter().map(letter).collect()
}

#[test]
fn every_command_in_every_status() {
    // Columns: approval pending (mine, another's), approved, rejected, cancel pending (mine, another's), canceled.
    assert_eq!(row(|order| order.approve(MINE)), "c-a-aaa");
    assert_eq!(row(|order| order.reject(MINE, "NO")), "c--a---");
    assert_eq!(row(|order| order.confirm_cancellation(MINE)), "----c-a");
    assert_eq!(row(|order| order.reject_cancellation(MINE, "NO")), "--a-ca-");
}

#[test]
fn a_late_refusal_of_an_earlier_cancellation_changes_nothing() {
    let canceled = Order { sagas: vec![MINE, OTHER], ..with(Status::Canceled) };
    assert_eq!(canceled.reject_cancellation(MINE, "NO"), Ok(Transition::Already));
    assert!(canceled.reject_cancellation(OTHER, "NO").is_err());
}

#[test]
fn a_pending_order_is_locked_against_a_cancellation() {
    let outcome: Vec<_> = every_status().iter().map(|order| order.request_cancellation(OTHER).map(|_| ())).collect();
    let locked = Err(CancellationRefused::Locked);
    assert_eq!(
        outcome,
        [
            locked,
            locked,
            Ok(()),
            Err(CancellationRefused::Rejected),
            locked,
            locked,
            Err(CancellationRefused::Canceled)
        ]
    );
}

#[test]
fn an_order_remembers_its_latest_sagas() {
    let mut order = with(Status::Approved { cancellation_refused: None });
    for attempt in 100..120 {
        let saga = Uuid::from_u128(attempt);
        order = order.request_cancellation(saga).expect("no lock");
        assert_eq!(order.status, Status::CancelPending { owner: saga });
        let Ok(Transition::Changed(next)) = order.reject_cancellation(saga, "COOKING_HAS_STARTED") else {
            panic!("not refused");
        };
        order = next;
    }
    assert_eq!(order.status, Status::Approved { cancellation_refused: Some("COOKING_HAS_STARTED".to_owned()) });
    assert_eq!(order.sagas.len(), MAX_SAGAS);
    assert_eq!(order.sagas.last(), Some(&Uuid::from_u128(119)));
}

#[test]
fn the_price_comes_from_the_catalogue() {
    let order = place(&[("pizza", 2, Some(1150))], 100_000).expect("an order");
    assert_eq!(order.total, eur(2300));
    assert_eq!(order.items[0].unit_price, eur(1150));
    assert_eq!(order.status, Status::ApprovalPending { owner: MINE });
    assert!(matches!(place(&[("pizza", 2, Some(1149))], 100_000), Err(Placement::PriceChanged { .. })));
    assert!(matches!(place(&[("lasagne", 2, None)], 100_000), Err(Placement::UnknownProduct(_))));
}

#[test]
fn an_order_above_the_limit_is_refused_by_value() {
    assert!(place(&[("pizza", 2, None)], 2300).is_ok());
    assert!(matches!(place(&[("pizza", 2, None)], 2299), Err(Placement::AboveLimit { .. })));
}

#[test]
fn a_total_that_overflows_is_refused() {
    assert_eq!(place(&[("caviar", 2, None)], i64::MAX), Err(Placement::Money(MoneyError::Overflow)));
    assert_eq!(
        place(&[("caviar", 1, None), ("pizza", 1, None)], i64::MAX),
        Err(Placement::Money(MoneyError::Overflow))
    );
}
