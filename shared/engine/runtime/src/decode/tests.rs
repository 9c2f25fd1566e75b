use buffa::Message as _;
use testkit::shop::v1::FillShelfRequest;
use testkit::warehouse::v1::ReserveGoods;
use wire::shape::{Fault, Field, Format, Holds, Limits};

use super::*;

fn filling(article_id: &str, available: i32) -> FillShelfRequest {
    FillShelfRequest { article_id: article_id.to_owned(), available, ..Default::default() }
}

fn json(text: &str) -> Result<FillShelfRequest, RpcError> {
    decode(&Bytes::from(text.to_owned()), CodecFormat::Json)
}

fn proto(bytes: &[u8]) -> Result<FillShelfRequest, RpcError> {
    decode(&Bytes::copy_from_slice(bytes), CodecFormat::Proto)
}

/// The reason of a refusal and its message.
fn refusal(decoded: Result<FillShelfRequest, RpcError>) -> (&'static str, String) {
    let refused = decoded.expect_err("a refusal");
    (refused.reason().name, refused.into_connect("shop").message.unwrap_or_default())
}

#[test]
fn a_request_is_the_same_in_either_codec() {
    for request in [filling("glue", 5), filling("g", 0)] {
        assert_eq!(proto(&request.encode_to_vec()), Ok(request.clone()));
        assert_eq!(json(&serde_json::to_string(&request).expect("JSON")), Ok(request));
    }
    let glue = Ok(filling("glue", 5));
    for text in [
        r#"{"articleId":"glue","available":5}"#,
        r#" {"available": "5", "article_id": "glue"} "#,
        r#"{"articleId":"glue","available":5.0}"#,
        r#"{"articleId":"glue","available":5e0}"#,
        r#"{"articleId":"gl\u0075e","available":5,"colour":{"r":[1]}}"#,
        r#"{"articleId":"glue","available":5,"colour":null}"#,
    ] {
        assert_eq!(json(text), glue, "{text}");
    }
    assert_eq!(json(r#"{"articleId":"glue","available":null}"#), Ok(filling("glue", 0)));
}

#[test]
fn what_is_no_message_at_all_is_unreadable_and_never_repeated() {
    let deep = format!("{}1{}", "[".repeat(200), "]".repeat(200));
    for (text, said) in [
        ("", "the request cannot be read: it ends too early, at line 1, column 0"),
        ("{", "the request cannot be read: it ends too early, at line 1, column 1"),
        ("secret", "the request cannot be read: it is no JSON, at line 1, column 1"),
        ("{} {}", "the request cannot be read: it is no JSON, at line 1, column 4"),
        (r#"{"articleId":"\ud800"}"#, "the request cannot be read: it is no JSON, at line 1, column 21"),
        (r#"{"available":1e999}"#, "the request cannot be read: it is no JSON, at line 1, column 18"),
        (&deep, "the request cannot be read: it is no JSON, at line 1, column 128"),
    ] {
        assert_eq!(refusal(json(text)), ("UNREADABLE_REQUEST", said.to_owned()), "{text}");
    }
    let said = "the request cannot be read: it is no Protobuf of this message, or has too much in it";
    // A length beyond the end, a text that is no UTF-8, a wire type that is none.
    for bytes in [&[0x0a, 0x05, b's'][..], &[0x0a, 0x01, 0xff], &[0x0f]] {
        assert_eq!(refusal(proto(bytes)), ("UNREADABLE_REQUEST", said.to_owned()), "{bytes:?}");
    }
}

/// The contract says so, as this cannot be seen after the decoder: 2^32 + 5 arrives as 5.
#[test]
fn a_number_beyond_32_bits_is_cut_in_protobuf_and_refused_in_json() {
    assert_eq!(proto(b"\x0a\x04glue\x10\x85\x80\x80\x80\x10"), Ok(filling("glue", 5)));
    assert_eq!(refusal(json(r#"{"articleId":"glue","available":4294967301}"#)).0, "INVALID_REQUEST");
}

#[test]
fn json_is_what_the_contract_says_before_it_is_decoded() {
    let limit = i32::MAX;
    for (text, field) in [
        (r#"["glue",5]"#.to_owned(), ""),
        (r#""secret""#.to_owned(), ""),
        ("null".to_owned(), ""),
        (r#"{"articleId":"glue","available":"+5"}"#.to_owned(), "available"),
        (r#"{"articleId":"glue","available":" 5"}"#.to_owned(), "available"),
        (r#"{"articleId":"glue","available":5.5}"#.to_owned(), "available"),
        (r#"{"articleId":"glue","available":true}"#.to_owned(), "available"),
        (format!(r#"{{"articleId":"glue","available":{}}}"#, i64::from(limit) + 1), "available"),
        (format!(r#"{{"articleId":"glue","available":1{}}}"#, "0".repeat(300)), "available"),
        (format!(r#"{{"articleId":"glue","available":"1{}"}}"#, "0".repeat(300)), "available"),
        (r#"{"articleId":7,"available":5}"#.to_owned(), "article_id"),
        (r#"{"articleId":"glue","article_id":"glue","available":5}"#.to_owned(), "article_id"),
    ] {
        let Err(RpcError::Invalid(faults)) = json(&text) else { panic!("{text} is taken") };
        assert_eq!(faults.iter().map(|fault| fault.field.as_str()).collect::<Vec<_>>(), [field], "{text}");
    }
}

/// A member that comes twice could be read in two ways, by the check and by the decoder.
#[test]
fn a_member_that_comes_twice_is_not_read_in_two_ways() {
    let twice = json(r#"{"articleId":"glue","available":5,"available":"+6"}"#);
    assert!(twice.is_err(), "{twice:?}");
    let twice = json(r#"{"articleId":"glue","available":4,"available":5}"#);
    assert!(twice.is_err(), "{twice:?}");
    let twice = json(r#"{"articleId":"glue","available":"+6","available":5}"#);
    assert!(twice.is_err(), "{twice:?}");
}

/// The request's shape with limits, which the shop's contract does not declare.
const LIMITED: Shape = Shape {
    name: "shop.v1.FillShelfRequest",
    fields: &[
        Field {
            name: "article_id",
            json_name: "articleId",
            holds: Holds::Text,
            repeated: false,
            limits: Limits { min: 1, max: 8, format: Format::Slug },
        },
        Field {
            name: "available",
            json_name: "available",
            holds: Holds::Whole(i32::MIN as i128, i32::MAX as i128),
            repeated: false,
            limits: Limits { min: 0, max: 10, format: Format::Any },
        },
    ],
};

#[test]
fn protobuf_is_held_to_the_limits_that_json_is_held_to() {
    let both: [Fault; 2] = [
        Fault::new("article_id", "must be a text of 1 to 8 lower-case letters, digits, - or _"),
        Fault::new("available", "must be a whole number from 0 to 10"),
    ];
    for (request, told) in [
        (filling("glue", 10), &[][..]),
        (filling("", 5), &both[..1]),
        (filling("Glue", 5), &both[..1]),
        (filling("glue", 11), &both[1..]),
        (filling(&"g".repeat(1000), i32::MIN), &both[..]),
    ] {
        let expected = if told.is_empty() { Ok(request.clone()) } else { Err(RpcError::Invalid(told.to_vec())) };
        let text = serde_json::to_vec(&request).expect("JSON");
        let by_json = decode_as::<FillShelfRequest>(&Bytes::from(text), CodecFormat::Json, &LIMITED);
        let bytes = Bytes::from(request.encode_to_vec());
        assert_eq!(decode_as(&bytes, CodecFormat::Proto, &LIMITED), expected);
        assert_eq!(by_json, expected);
    }
}

/// Goods of which the contract allows 50.
const GOODS: Shape = Shape {
    name: "warehouse.v1.ReserveGoods",
    fields: &[Field {
        name: "goods",
        json_name: "goods",
        holds: Holds::Message(&Shape { name: "warehouse.v1.Goods", fields: &[] }),
        repeated: true,
        limits: Limits { min: 1, max: 50, format: Format::Any },
    }],
};

/// Two bytes of the request are one of the goods, in which there is nothing.
fn reserving(goods: usize) -> Result<ReserveGoods, RpcError> {
    decode_as(&Bytes::from([0x12, 0].repeat(goods)), CodecFormat::Proto, &GOODS)
}

#[test]
fn a_list_that_is_too_long_is_told_and_memory_is_given_to_no_list_that_is_far_longer() {
    assert_eq!(reserving(50).map(|request| request.goods.len()), Ok(50));
    for told in [51, 1000] {
        assert!(matches!(reserving(told), Err(RpcError::Invalid(_))), "{told}");
    }
    let refused = reserving(1024 * 1024 / 2).expect_err("a refusal");
    assert_eq!(refused.reason().name, "UNREADABLE_REQUEST");
}
