use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::domain::{BasketItem, Currency, Quantity};

const MINE: Uuid = Uuid::from_u128(1);
const OTHER: Uuid = Uuid::from_u128(2);

fn eur(minor_units: i64) -> Money {
    Money::new(Currency::parse("EUR").expect("a currency"), minor_units).expect("an amount")
}

fn item(product: &str, quantity: i32, shown_price: Option<Money>) -> BasketItem {
    let product = ProductId::parse(product).expect("a product");
    BasketItem { product, quantity: Quantity::new(quantity).expect("a quantity"), shown_price }
}

fn place(items: &[(&str, i32, Option<i64>)], limit: i64) -> Result<Order, Placement> {
    let pizza = Product { name: "Pizza".to_owned(), unit_price: eur(1150) };
    let caviar = Product { name: "Caviar".to_owned(), unit_price: eur(i64::MAX) };
    let items = items.iter().map(|(product, quantity, shown)| item(product, *quantity, shown.map(eur)));
    let basket = Basket::new(items.collect()).expect("a basket");
    let catalogue = |product: &ProductId| match product.as_str() {
        "pizza" => Some(&pizza),
        "caviar" => Some(&caviar),
        _ => None,
    };
    Order::place(new_order(), &basket, catalogue, limit)
}

fn new_order() -> NewOrder<'static> {
    NewOrder {
        id: Uuid::from_u128(7),
        customer: "auth0|anna",
        fingerprint: Uuid::from_u128(8),
        saga: MINE,
        now: OffsetDateTime::UNIX_EPOCH,
    }
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
    let id = |product| ProductId::parse(product).expect("a product");
    for shown in [1149, 1151] {
        let changed = Placement::PriceChanged { product: id("pizza"), shown: eur(shown), actual: eur(1150) };
        assert_eq!(place(&[("pizza", 2, Some(shown))], 100_000), Err(changed));
    }
    assert_eq!(place(&[("lasagne", 2, None)], 100_000), Err(Placement::UnknownProduct(id("lasagne"))));
}

#[test]
fn an_order_above_the_limit_is_refused_by_value() {
    assert!(place(&[("pizza", 2, None)], 2300).is_ok());
    assert_eq!(place(&[("pizza", 2, None)], 2299), Err(Placement::AboveLimit { total: eur(2300), limit: eur(2299) }));
}

#[test]
fn a_total_that_overflows_is_refused() {
    assert_eq!(place(&[("caviar", 2, None)], i64::MAX), Err(Placement::Money(MoneyError::Overflow)));
    assert_eq!(
        place(&[("caviar", 1, None), ("pizza", 1, None)], i64::MAX),
        Err(Placement::Money(MoneyError::Overflow))
    );
}

/// Every command that changes an order, before and after; what is not listed here is `Already` or illegal.
#[test]
fn a_command_changes_nothing_but_the_status() {
    let no = || "NO".to_owned();
    let changed = |after: Status| Ok(Transition::Changed(with(after)));
    let pending = with(Status::ApprovalPending { owner: MINE });
    assert_eq!(pending.approve(MINE), changed(Status::Approved { cancellation_refused: None }));
    assert_eq!(pending.reject(MINE, "NO"), changed(Status::Rejected { reason: no() }));
    let pending = with(Status::CancelPending { owner: MINE });
    assert_eq!(pending.confirm_cancellation(MINE), changed(Status::Canceled));
    let refused = Status::Approved { cancellation_refused: Some(no()) };
    assert_eq!(pending.reject_cancellation(MINE, "NO"), changed(refused));
    let approved = with(Status::Approved { cancellation_refused: Some(no()) });
    let requested = Order { sagas: vec![MINE, OTHER], ..with(Status::CancelPending { owner: OTHER }) };
    assert_eq!(approved.request_cancellation(OTHER), Ok(requested));
}

#[test]
fn a_command_that_does_not_fit_names_itself_and_the_status() {
    let rejected = with(Status::Rejected { reason: "NO".to_owned() });
    let status = || rejected.status.clone();
    let illegal = |command| Err(Illegal { command, status: status() });
    assert_eq!(rejected.approve(MINE), illegal("ApproveOrder"));
    assert_eq!(rejected.confirm_cancellation(MINE), illegal("ConfirmCancellation"));
    assert_eq!(rejected.reject_cancellation(MINE, "NO"), illegal("RejectCancellation"));
    let approved = Status::Approved { cancellation_refused: None };
    let refused = Err(Illegal { command: "RejectOrder", status: approved.clone() });
    assert_eq!(with(approved).reject(MINE, "NO"), refused);
    let said = Illegal { command: "RejectOrder", status: Status::Canceled }.to_string();
    assert_eq!(said, "RejectOrder does not fit an order that is Canceled");
}

#[test]
fn a_customer_is_told_why_and_what_to_do() {
    let pizza = || ProductId::parse("pizza").expect("a product");
    let said = [
        (Placement::UnknownProduct(pizza()), "there is no product pizza: choose from ListProducts"),
        (
            Placement::PriceChanged { product: pizza(), shown: eur(1149), actual: eur(1150) },
            "pizza costs 11.50 EUR, not 11.49 EUR: show the customer the new price and order again",
        ),
        (
            Placement::AboveLimit { total: eur(101), limit: eur(100) },
            "the total of 1.01 EUR is above the limit of 1.00 EUR: order less, or call the restaurant",
        ),
        (Placement::Money(MoneyError::Overflow), "the amount is too large"),
    ];
    for (refused, expected) in said {
        assert_eq!(refused.to_string(), expected);
    }
    let said = [
        (
            CancellationRefused::Locked,
            "the order is being worked on: wait until it is approved or rejected, then try again",
        ),
        (CancellationRefused::Rejected, "the order was rejected: there is nothing to cancel"),
        (CancellationRefused::Canceled, "the order is canceled already"),
    ];
    for (refused, expected) in said {
        assert_eq!(refused.to_string(), expected);
    }
}

#[test]
fn a_menu_in_two_currencies_makes_no_total() {
    let of = |code: &str| {
        let unit_price = Money::new(Currency::parse(code).expect("a currency"), 1).expect("a price");
        Product { name: code.to_owned(), unit_price }
    };
    let (euros, francs) = (of("EUR"), of("CHF"));
    let basket = Basket::new(vec![item("euros", 1, None), item("francs", 1, None)]).expect("a basket");
    let menu = |product: &ProductId| Some(if product.as_str() == "euros" { &euros } else { &francs });
    let mixed = MoneyError::MixedCurrencies(euros.unit_price.currency(), francs.unit_price.currency());
    assert_eq!(Order::place(new_order(), &basket, menu, 100), Err(Placement::Money(mixed)));
}

/// 1 to 50 products with their prices and quantities; now and then the total is more than an i64 holds.
fn menus() -> impl Strategy<Value = BTreeMap<String, (i64, i32)>> {
    let price = prop_oneof![9 => 0..=100_000_i64, 1 => any::<i64>().prop_map(|price| price.max(0))];
    proptest::collection::btree_map("[a-z]{1,8}", (price, 1..=1000_i32), 1..=50)
}

proptest! {
    #![proptest_config(testkit::properties())]

    #[test]
    fn an_order_is_its_basket_at_the_menus_prices_up_to_the_limit(menu in menus(), limit in 0..=1_000_000_000_i64) {
        let product = |(name, (price, _)): (&String, &(i64, i32))| {
            (name.clone(), Product { name: name.to_uppercase(), unit_price: eur(*price) })
        };
        let catalogue: BTreeMap<String, Product> = menu.iter().map(product).collect();
        let basket = Basket::new(menu.iter().map(|(name, (_, quantity))| item(name, *quantity, None)).collect());
        let total: i128 = menu.values().map(|(price, quantity)| i128::from(*price) * i128::from(*quantity)).sum();
        let find = |product: &ProductId| catalogue.get(product.as_str());
        let basket = basket.expect("a basket");
        for limit in [limit, i64::try_from(total).unwrap_or(i64::MAX), i64::try_from(total - 1).unwrap_or(i64::MAX)] {
            let placed = Order::place(new_order(), &basket, find, limit);
            let Ok(total) = i64::try_from(total) else {
                prop_assert_eq!(placed, Err(Placement::Money(MoneyError::Overflow)));
                continue;
            };
            if total > limit {
                prop_assert_eq!(placed, Err(Placement::AboveLimit { total: eur(total), limit: eur(limit) }));
                continue;
            }
            let line = |(name, (price, quantity)): (&String, &(i64, i32))| LineItem {
                product: ProductId::parse(name).expect("a product"),
                quantity: u32::try_from(*quantity).expect("a quantity"),
                unit_price: eur(*price),
            };
            let expected = Order {
                id: Uuid::from_u128(7),
                customer: "auth0|anna".to_owned(),
                items: menu.iter().map(line).collect(),
                total: eur(total),
                status: Status::ApprovalPending { owner: MINE },
                created_at: OffsetDateTime::UNIX_EPOCH,
                fingerprint: Uuid::from_u128(8),
                sagas: vec![MINE],
            };
            prop_assert_eq!(placed, Ok(expected));
        }
    }

    /// Whatever commands come, from whichever sagas and in whichever order.
    #[test]
    fn no_command_touches_what_was_ordered(commands in proptest::collection::vec((0..5_u8, 0..4_u128), 0..40)) {
        let placed = with(Status::ApprovalPending { owner: Uuid::from_u128(0) });
        let mut order = placed.clone();
        for (command, saga) in commands {
            let saga = Uuid::from_u128(saga);
            let before = order.clone();
            let changed = match command {
                0 => order.approve(saga),
                1 => order.reject(saga, "NO"),
                2 => order.confirm_cancellation(saga),
                3 => order.reject_cancellation(saga, "NO"),
                _ => Ok(order.request_cancellation(saga).map_or(Transition::Already, Transition::Changed)),
            };
            if let Ok(Transition::Changed(next)) = changed {
                // Only the owner of a pending status changes it, and what is rejected or canceled stays so.
                let may_change = match &before.status {
                    Status::ApprovalPending { owner } | Status::CancelPending { owner } => *owner == saga && command < 4,
                    Status::Approved { .. } => command == 4,
                    Status::Rejected { .. } | Status::Canceled => false,
                };
                prop_assert!(may_change, "{before:?} became {next:?}");
                order = next;
            }
            prop_assert!(order.sagas.len() <= MAX_SAGAS);
            let untouched = Order { status: order.status.clone(), sagas: order.sagas.clone(), ..placed.clone() };
            prop_assert_eq!(&order, &untouched);
            let stored = serde_json::to_value(&order).expect("JSON");
            prop_assert_eq!(serde_json::from_value::<Order>(stored).expect("an order"), order.clone());
        }
    }
}
