//! Where a function's messages go, as its environment says.

use std::ffi::OsString;

use super::*;

fn environment(variables: &[(&str, &str)]) -> Environment {
    Environment::of(variables.iter().map(|(name, value)| (OsString::from(name), OsString::from(value))))
}

#[test]
fn a_handlers_queue_is_named_after_it() {
    assert_eq!(variable_of("reserve-goods", "QUEUE_URL"), "RESERVE_GOODS_QUEUE_URL");
    assert_eq!(variable_of("a-b-c", "QUEUE_URL"), "A_B_C_QUEUE_URL");
}

#[tokio::test]
async fn a_participant_needs_its_dead_letter_queue() {
    let clients = aws::Clients::from_env().await;
    let outbound = outbound_in(&environment(&[("DEAD_LETTER_QUEUE_URL", "http://dead")]), &clients).expect("a way out");
    assert!(format!("{outbound:?}").contains(r#"dead_letters: "http://dead", handlers: {}, own_queue: None"#));
    let missing = outbound_in(&environment(&[]), &clients).expect_err("a problem").to_string();
    assert!(missing.contains("DEAD_LETTER_QUEUE_URL is not set"), "{missing}");
}

#[tokio::test]
async fn the_orchestrator_knows_each_handlers_queue_and_its_own() {
    let clients = aws::Clients::from_env().await;
    let all = [
        ("DEAD_LETTER_QUEUE_URL", "http://dead"),
        ("RESERVE_GOODS_QUEUE_URL", "http://reserve"),
        ("PACK_GOODS_QUEUE_URL", "http://pack"),
    ];
    let handlers = ["reserve-goods", "pack-goods"];
    let outbound = outbound_to_in(&environment(&all), &clients, handlers, "http://own").expect("a way out");
    let expected = concat!(
        r#"dead_letters: "http://dead", "#,
        r#"handlers: {"pack-goods": "http://pack", "reserve-goods": "http://reserve"}, "#,
        r#"own_queue: Some("http://own")"#
    );
    assert!(format!("{outbound:?}").contains(expected), "{outbound:?}");
    for (missing, _) in all {
        let others: Vec<_> = all.into_iter().filter(|(name, _)| *name != missing).collect();
        let problem = outbound_to_in(&environment(&others), &clients, handlers, "http://own").expect_err("a problem");
        assert!(problem.to_string().contains(missing), "{problem}");
    }
}
