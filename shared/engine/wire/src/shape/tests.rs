//! Every kind of field, in and out of its form and its limits.

use serde_json::{Value, json};

use super::*;

const fn limits(min: i64, max: i64, format: Format) -> Limits {
    Limits { min, max, format }
}

const fn field(name: &'static str, json_name: &'static str, holds: Holds, limits: Limits) -> Field {
    Field { name, json_name, holds, repeated: false, limits }
}

const NONE: Limits = limits(0, 0, Format::Any);
const PRICE: Shape = Shape {
    name: "shop.v1.Price",
    fields: &[
        field("currency", "currency", Holds::Text, limits(3, 3, Format::Capitals)),
        field(
            "minor_units",
            "minorUnits",
            Holds::Whole(i64::MIN as i128, i64::MAX as i128),
            limits(0, 1_000_000, Format::Any),
        ),
    ],
};
const GOODS: Shape = Shape {
    name: "shop.v1.Goods",
    fields: &[
        field("article_id", "articleId", Holds::Text, limits(1, 8, Format::Slug)),
        field("quantity", "quantity", Holds::Whole(i32::MIN as i128, i32::MAX as i128), limits(1, 1000, Format::Any)),
        field("price", "price", Holds::Message(&PRICE), NONE),
    ],
};
const SALE: Shape = Shape {
    name: "shop.v1.Sale",
    fields: &[
        Field {
            name: "goods",
            json_name: "goods",
            holds: Holds::Message(&GOODS),
            repeated: true,
            limits: limits(1, 3, Format::Any),
        },
        field("card_token", "cardToken", Holds::Text, limits(1, 8, Format::Visible)),
        field("gift", "gift", Holds::Truth, NONE),
        field("status", "status", Holds::Enum(&[("STATUS_UNSPECIFIED", 0), ("OPEN", 1), ("CLOSED", 2)]), NONE),
        field("sale_id", "saleId", Holds::Text, limits(0, 36, Format::Uuid)),
        field("sold_at", "soldAt", Holds::Time, NONE),
        field("sent", "sent", Holds::Other, NONE),
    ],
};

fn good() -> Value {
    json!({"goods": [{"articleId": "tea", "quantity": 1}], "cardToken": "tok"})
}

/// What is wrong with a good request whose member at `pointer` is this.
fn with(pointer: &str, value: Value) -> Vec<String> {
    let mut request = good();
    let (parent, name) = pointer.rsplit_once('/').expect("a pointer");
    let parent = request.pointer_mut(parent).expect("a parent");
    parent.as_object_mut().expect("an object").insert(name.to_owned(), value);
    faults(&request, &SALE).iter().map(ToString::to_string).collect()
}

#[test]
fn a_good_request_has_no_fault() {
    assert_eq!(faults(&good(), &SALE), []);
    for (pointer, value) in [
        ("/goods/0/quantity", json!("1000")),
        ("/goods/0/quantity", json!(10.0)),
        ("/goods/0/quantity", json!("1e2")),
        ("/goods/0/price", json!({"currency": "EUR", "minorUnits": "450"})),
        ("/goods/0/price", json!({"currency": "EUR"})),
        ("/goods/0/price", Value::Null),
        ("/gift", json!(true)),
        ("/status", json!("OPEN")),
        ("/status", json!(2)),
        ("/saleId", json!("4E2D3F60-2d6c-4f0e-9d7c-0a1b2c3d4e5f")),
        ("/saleId", json!("")),
        ("/soldAt", json!("2026-01-02T03:04:05.678Z")),
        ("/soldAt", json!("2026-01-02T04:04:05+01:00")),
        ("/soldAt", json!("0001-01-01T00:00:00Z")),
        ("/soldAt", json!("9999-12-31T23:59:59.999999999Z")),
        ("/soldAt", Value::Null),
        ("/sent", json!({"any": "thing"})),
        ("/unknown", json!([1])),
    ] {
        assert_eq!(with(pointer, value.clone()), Vec::<String>::new(), "{pointer} {value}");
    }
}

#[test]
fn what_is_no_object_is_no_request() {
    for value in [json!([[["tea", 1]], "tok"]), json!(null), json!("x"), json!(1), json!(true)] {
        let told: Vec<String> = faults(&value, &SALE).iter().map(ToString::to_string).collect();
        assert_eq!(told, ["the request must be a JSON object"], "{value}");
    }
}

#[test]
fn each_kind_of_field_has_its_form() {
    let quantity = "goods[0].quantity must be a whole number from 1 to 1000";
    let token = "card_token must be a text of 1 to 8 visible ASCII characters";
    let status = "status must be one of OPEN, CLOSED";
    let sold_at = "sold_at must be a time of the years 1 to 9999, such as 2026-01-02T03:04:05Z";
    for (pointer, value, told) in [
        ("/goods", json!({"0": {}}), "goods must be a list of 1 to 3 items"),
        ("/goods", json!([["tea", 1]]), "goods[0] must be a JSON object"),
        ("/goods", json!([null]), "goods[0] must be a JSON object"),
        ("/goods/0/quantity", json!("+1"), quantity),
        ("/goods/0/quantity", json!(" 1"), quantity),
        ("/goods/0/quantity", json!("1 "), quantity),
        ("/goods/0/quantity", json!("01"), quantity),
        ("/goods/0/quantity", json!("0x1"), quantity),
        ("/goods/0/quantity", json!(""), quantity),
        ("/goods/0/quantity", json!(1.5), quantity),
        ("/goods/0/quantity", json!(true), quantity),
        ("/goods/0/quantity", json!([1]), quantity),
        ("/goods/0/quantity", json!(1e300), quantity),
        ("/goods/0/price", json!(["EUR", "450"]), "goods[0].price must be a JSON object"),
        ("/cardToken", json!(7), token),
        ("/cardToken", json!(["tok"]), token),
        ("/gift", json!("true"), "gift must be true or false"),
        ("/gift", json!(1), "gift must be true or false"),
        ("/status", json!("OPENED"), status),
        ("/status", json!(3), status),
        ("/status", json!("1"), status),
        ("/saleId", json!("sale-1"), "sale_id must be a UUID of 36 characters"),
        ("/saleId", json!("4e2d3f60-2d6c-4f0e-9d7c0-a1b2c3d4e5f"), "sale_id must be a UUID of 36 characters"),
        ("/saleId", json!("4e2d3f60-2d6c-4f0e-9d7c-0a1b2c3d4e5g"), "sale_id must be a UUID of 36 characters"),
        ("/soldAt", json!("soon"), sold_at),
        ("/soldAt", json!(""), sold_at),
        ("/soldAt", json!(1_767_323_045), sold_at),
        ("/soldAt", json!({"seconds": "1767323045"}), sold_at),
        ("/soldAt", json!("10000-01-01T00:00:00Z"), sold_at),
        ("/status", json!("2"), status),
        ("/saleId", json!("4e2d3f602d6c4f0e9d7c0a1b2c3d4e5f"), "sale_id must be a UUID of 36 characters"),
    ] {
        assert_eq!(with(pointer, value.clone()), [told], "{pointer} {value}");
    }
}

#[test]
fn each_limit_holds_and_an_absent_field_is_empty() {
    let article = "goods[0].article_id must be a text of 1 to 8 lower-case letters, digits, - or _";
    let currency = "goods[0].price.currency must be a text of 3 capital letters";
    for (pointer, value, told) in [
        ("/goods", json!([]), "goods must be a list of 1 to 3 items"),
        ("/goods", Value::Null, "goods must be a list of 1 to 3 items"),
        ("/goods", json!([{}, {}, {}, {}]), "goods must be a list of 1 to 3 items"),
        ("/goods/0/quantity", json!(0), "goods[0].quantity must be a whole number from 1 to 1000"),
        ("/goods/0/quantity", Value::Null, "goods[0].quantity must be a whole number from 1 to 1000"),
        ("/goods/0/quantity", json!(1001), "goods[0].quantity must be a whole number from 1 to 1000"),
        ("/goods/0/articleId", json!(""), article),
        ("/goods/0/articleId", json!("x".repeat(9)), article),
        ("/goods/0/articleId", json!("Tea"), article),
        ("/goods/0/price", json!({"currency": "eur"}), currency),
        ("/goods/0/price", json!({"currency": "EU"}), currency),
        (
            "/goods/0/price",
            json!({"currency": "EUR", "minorUnits": "-1"}),
            "goods[0].price.minor_units must be a whole number from 0 to 1000000",
        ),
        ("/cardToken", json!("a b"), "card_token must be a text of 1 to 8 visible ASCII characters"),
        ("/cardToken", Value::Null, "card_token must be a text of 1 to 8 visible ASCII characters"),
    ] {
        assert_eq!(with(pointer, value.clone()), [told], "{pointer} {value}");
    }
}

#[test]
fn a_number_without_limits_has_those_of_its_type() {
    const COUNTS: Shape = Shape {
        name: "shop.v1.Counts",
        fields: &[
            Field {
                name: "n",
                json_name: "n",
                holds: Holds::Whole(-8, 7),
                repeated: true,
                limits: limits(0, 2, Format::Any),
            },
            field("word", "word", Holds::Text, limits(0, 2, Format::Any)),
            field("big", "big", Holds::Whole(i128::MIN, i128::MAX), NONE),
            field("small", "small", Holds::Whole(-8, 7), NONE),
        ],
    };
    let told = |request: Value| faults(&request, &COUNTS).iter().map(ToString::to_string).collect::<Vec<_>>();
    // The limits of a list are its length's, and characters are counted, not bytes.
    assert_eq!(told(json!({"n": [7, 3], "word": "éé", "small": 7})), Vec::<String>::new());
    assert_eq!(told(json!({"n": [8]})), ["n[0] must be a whole number from -8 to 7"]);
    assert_eq!(told(json!({"small": 8})), ["small must be a whole number from -8 to 7"]);
    assert_eq!(told(json!({"big": 1e40})).len(), 1, "no exact whole number");
}

#[test]
fn a_field_is_given_under_one_of_its_names() {
    assert_eq!(with("/card_token", json!("tok")), ["card_token must be given once, as cardToken or as card_token"]);
    let by_name = json!({"goods": [{"article_id": "tea", "quantity": 1}], "card_token": "tok"});
    assert_eq!(faults(&by_name, &SALE), []);
}

#[test]
fn all_faults_are_told_up_to_a_bound_and_no_value_is() {
    let request =
        json!({"goods": [{"articleId": "SECRET", "quantity": 0}, {"articleId": "tea", "quantity": "SECRET"}]});
    let told: Vec<String> = faults(&request, &SALE).into_iter().map(|fault| fault.field).collect();
    assert_eq!(told, ["goods[0].article_id", "goods[0].quantity", "goods[1].quantity", "card_token"]);
    assert!(!format!("{:?}", faults(&request, &SALE)).contains("SECRET"));
    const MANY: Shape = Shape {
        name: "shop.v1.Many",
        fields: &[Field { name: "n", json_name: "n", holds: Holds::Truth, repeated: true, limits: NONE }],
    };
    assert_eq!(faults(&json!({"n": vec![1; 50]}), &MANY).len(), MAX_FAULTS);
}
