//! Logs are kept whole, and only those of the thread that asked for them.

use serde_json::json;
use testkit::Logs;

#[test]
fn a_line_has_its_level_its_target_and_its_fields() {
    let (logs, _guard) = Logs::capture();
    tracing::error!(alarm = "fire", floor = 3, saga = %"one", "the house burns");
    tracing::trace!("a detail");
    let lines = logs.lines();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert_eq!((&lines[0]["level"], &lines[1]["level"]), (&json!("ERROR"), &json!("TRACE")));
    assert_eq!(lines[0]["target"], "suite::logs");
    assert_eq!(lines[0]["fields"], json!({"message": "the house burns", "alarm": "fire", "floor": 3, "saga": "one"}));
}

#[tokio::test]
async fn only_the_thread_that_captures_is_listened_to_and_only_for_as_long() {
    let say = |word: &'static str| tracing::info!(word, "says");
    say("before");
    let (logs, guard) = Logs::capture();
    std::thread::spawn(move || say("elsewhere")).join().expect("a thread");
    tokio::task::yield_now().await;
    say("here");
    drop(guard);
    say("after");
    let words: Vec<_> = logs.lines().iter().map(|line| line["fields"]["word"].clone()).collect();
    assert_eq!(words, ["here"]);
}
