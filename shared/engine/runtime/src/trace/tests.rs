use http::{HeaderName, HeaderValue};

use super::*;

const W3C: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const XRAY: &str = "Root=1-67891233-abcdef012345678912345678;Parent=53995c3f42cd8ad8;Sampled=1";
const TRANSLATED: &str = "00-67891233abcdef012345678912345678-53995c3f42cd8ad8-01";

fn parent(headers: &[(&'static str, &str)]) -> String {
    let header = |(name, value): &(&'static str, &str)| {
        (HeaderName::from_static(name), HeaderValue::from_bytes(value.as_bytes()).expect("a header"))
    };
    trace_parent(&headers.iter().map(header).collect())
}

fn w3c(value: &str) -> String {
    parent(&[("traceparent", value)])
}

fn xray(value: &str) -> String {
    parent(&[("x-amzn-trace-id", value)])
}

#[test]
fn a_w3c_header_is_carried_on() {
    assert_eq!(w3c(W3C), W3C);
    let borders = "00-00000000000000000000000000000009-aaaaaaaaaaaaaaaf-ff";
    assert_eq!(w3c(borders), borders);
}

#[test]
fn what_is_no_w3c_header_is_left_out() {
    for value in [
        "",
        "00-xyz-b7ad6b7169203331-01",
        "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0AF7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0gf7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319cc-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b716920333-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b71692033311-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b716920333z-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-011",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0z",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-",
        "\u{e9}",
    ] {
        assert_eq!(w3c(value), "", "{value}");
    }
}

#[test]
fn an_xray_header_is_translated() {
    assert_eq!(xray(XRAY), TRANSLATED);
    let shuffled = "Sampled=1; Parent=53995c3f42cd8ad8; Self=1-2-3; Root=1-67891233-abcdef012345678912345678";
    assert_eq!(xray(shuffled), TRANSLATED);
    for unsampled in ["0", "?", "11", ""] {
        let header = XRAY.replace("Sampled=1", &format!("Sampled={unsampled}"));
        assert_eq!(xray(&header), "00-67891233abcdef012345678912345678-53995c3f42cd8ad8-00");
    }
}

#[test]
fn an_xray_header_without_a_parent_has_its_traces_own_identity_for_one() {
    let rootless = "Root=1-67891233-abcdef012345678912345678";
    assert_eq!(xray(rootless), "00-67891233abcdef012345678912345678-abcdef0123456789-00");
}

#[test]
fn what_is_no_xray_header_is_left_out() {
    for value in [
        "",
        "nonsense",
        "Parent=53995c3f42cd8ad8;Sampled=1",
        "Root=67891233-abcdef012345678912345678",
        "Root=2-67891233-abcdef012345678912345678",
        "Root=1-6789123-abcdef012345678912345678",
        "Root=1-67891233-abcdef01234567891234567",
        "Root=1-67891233-abcdef",
        "Root=1-67891233",
        "root=1-67891233-abcdef012345678912345678",
        "Root=1-67891233-abcdef012345678912345678;Parent=53995c3f42cd8ad",
        "Roots=1-67891233-abcdef012345678912345678",
    ] {
        assert_eq!(xray(value), "", "{value}");
    }
}

#[test]
fn the_w3c_header_comes_first_and_a_broken_one_hides_no_other() {
    assert_eq!(parent(&[("x-amzn-trace-id", XRAY), ("traceparent", W3C)]), W3C);
    assert_eq!(parent(&[("x-amzn-trace-id", XRAY), ("traceparent", "nonsense")]), TRANSLATED);
    assert_eq!(parent(&[]), "");
}
