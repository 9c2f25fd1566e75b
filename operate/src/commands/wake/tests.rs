use testkit::builders::at;
use testkit::lane::{Lane, saga_id};

use super::*;

fn record(lane: &Lane) -> Record {
    lane.store.peek(&saga_id().to_string()).expect("a saga")
}

#[tokio::test]
async fn a_saga_is_listed_once_its_deadline_has_passed_for_long_enough_and_until_it_is_over() {
    let mut lane = Lane::started().await;
    let told =
        format!("{} v1 waits for reserve-goods, repeated 0 times, until 2026-01-01T00:00:10Z", lane.instance().saga);
    assert_eq!(silent(&record(&lane), at(10)).expect("read"), None, "its deadline");
    assert_eq!(silent(&record(&lane), at(11)).expect("read"), Some((saga_id(), told)));
    for handler in ["reserve-goods", "charge-card", "pack-goods", "complete-sale"] {
        lane.succeed(handler).await.expect("a reply");
    }
    assert_eq!(silent(&record(&lane), at(100_000)).expect("read"), None, "it is over");
}

#[tokio::test]
async fn a_saga_that_a_newer_version_wrote_is_not_taken_for_silent() {
    let newer = Record { schema: 99, ..record(&Lane::started().await) };
    let error = silent(&newer, at(100_000)).expect_err("an error");
    assert!(format!("{error:#}").contains("unknown schema version 99"), "{error:#}");
}
