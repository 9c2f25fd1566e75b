//! What can be ordered, and the arithmetic of an order: the test's own, so that it can contradict the services'.

/// One product: what it costs and how much of it there is at first.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Dish {
    pub(crate) id: &'static str,
    pub(crate) currency: &'static str,
    pub(crate) price: i64,
    pub(crate) stock: i64,
}

const fn dish(id: &'static str, currency: &'static str, price: i64, stock: i64) -> Dish {
    Dish { id, currency, price, stock }
}

/// No two prices, and no two sums of a few, are alike. Some products are scarce, so that orders compete for them.
pub(crate) const MENU: [Dish; 6] = [
    dish("margherita", "EUR", 1150, 12),
    dish("cola", "EUR", 301, 20),
    dish("tiramisu", "EUR", 697, 5),
    dish("calzone", "EUR", 1409, 3),
    dish("fondue", "CHF", 2603, 6),
    dish("rivella", "CHF", 457, 9),
];

/// One product of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) dish: &'static Dish,
    pub(crate) quantity: i32,
}

/// So many of the product with this number.
pub(crate) fn line(dish: usize, quantity: i32) -> Line {
    Line { dish: &MENU[dish], quantity }
}

/// What these lines cost: currency and minor units.
pub(crate) fn total(lines: &[Line]) -> (String, i64) {
    let currency = lines.first().map(|line| line.dish.currency.to_owned()).unwrap_or_default();
    (currency, lines.iter().map(|line| line.dish.price * i64::from(line.quantity)).sum())
}

/// How many of a product these lines ask for.
pub(crate) fn wanted(lines: &[Line], dish: &Dish) -> i64 {
    lines.iter().filter(|line| line.dish == dish).map(|line| i64::from(line.quantity)).sum()
}
