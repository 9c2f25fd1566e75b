use std::path::Path;

use crate::generate;

/// The shapes that are generated of a file of the package `bakery.v1`.
fn generated(declared: &str) -> Option<String> {
    let (protos, out) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let text = format!(
        "syntax = \"proto3\";\npackage bakery.v1;\nimport \"google/protobuf/duration.proto\";\n\
         import \"google/protobuf/timestamp.proto\";\nimport \"message/v1/limits.proto\";\n{declared}\n"
    );
    std::fs::create_dir_all(protos.path().join("bakery/v1")).expect("created");
    std::fs::write(protos.path().join("bakery/v1/bakery.proto"), text).expect("written");
    let wire = Path::new(env!("CARGO_MANIFEST_DIR")).join("../wire/proto");
    generate(protos.path(), &[wire], out.path()).expect("generated");
    std::fs::read_to_string(out.path().join("shapes.rs")).ok()
}

const SERVICE: &str = "service Bakery { rpc Buy(BuyRequest) returns (BuyResponse); }
message BuyResponse { string loaf = 1; }
message BuyRequest {
  repeated Loaf loaves = 1 [(message.v1.limits) = {min: 1, max: 9}];
  string card_token = 2 [(message.v1.limits) = {min: 1, max: 64, format: FORMAT_VISIBLE}];
  google.protobuf.Timestamp fetched_at = 3;
  google.protobuf.Duration kept_for = 4;
  message Loaf { int32 weight = 1 [(message.v1.limits) = {max: 5000}]; Crust crust = 2; }
}
enum Crust { CRUST_UNSPECIFIED = 0; CRUST_DARK = 1; }";

#[test]
fn the_messages_of_a_request_get_a_shape_with_their_limits() {
    let shapes = generated(SERVICE).expect("shapes");
    for part in [
        "impl ::wire::shape::Shaped for super::bakery::v1::BuyRequest {",
        "name: \"bakery.v1.BuyRequest\"",
        "Field { name: \"loaves\", json_name: \"loaves\", holds: \
         ::wire::shape::Holds::Message(<super::bakery::v1::buy_request::Loaf as ::wire::shape::Shaped>::SHAPE), \
         repeated: true, limits: ::wire::shape::Limits { min: 1, max: 9, format: ::wire::shape::Format::Any } }",
        "Field { name: \"card_token\", json_name: \"cardToken\", holds: ::wire::shape::Holds::Text, \
         repeated: false, limits: ::wire::shape::Limits { min: 1, max: 64, format: ::wire::shape::Format::Visible } }",
        "impl ::wire::shape::Shaped for super::bakery::v1::buy_request::Loaf {",
        "holds: ::wire::shape::Holds::Whole(-2147483648, 2147483647), repeated: false, \
         limits: ::wire::shape::Limits { min: 0, max: 5000,",
        "name: \"fetched_at\", json_name: \"fetchedAt\", holds: ::wire::shape::Holds::Time, repeated: false,",
        "name: \"kept_for\", json_name: \"keptFor\", holds: ::wire::shape::Holds::Other, repeated: false,",
        "holds: ::wire::shape::Holds::Enum(&[(\"CRUST_UNSPECIFIED\", 0), (\"CRUST_DARK\", 1)])",
    ] {
        assert!(shapes.contains(part), "{part} is missing in {shapes}");
    }
    assert!(!shapes.contains("BuyResponse"), "an answer is not checked");
}

#[test]
fn messages_without_a_service_have_no_shape() {
    assert_eq!(generated("message Loaf { string grain = 1; }"), None);
}
