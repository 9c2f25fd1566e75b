//! The table, as it is printed.

use serde_json::json;

use super::*;

const BEGAN: OffsetDateTime = OffsetDateTime::UNIX_EPOCH;
const PLAIN: Style = Style { colors: false };

fn at(milliseconds: i64) -> OffsetDateTime {
    BEGAN + Duration::milliseconds(milliseconds)
}

fn time(milliseconds: i64) -> String {
    format!("1970-01-01T00:00:{:02}.{:03}Z", milliseconds / 1000, milliseconds % 1000)
}

fn step(name: &str, service: &str, state: &str, sent: i64) -> serde_json::Value {
    let state = format!("SAGA_STEP_STATE_{state}");
    json!({"name": name, "service": service, "state": state, "sentAt": time(sent), "endedAt": time(sent + 50)})
}

/// A saga whose second step is refused, and another that waits for its first reply.
fn sagas() -> Vec<Saga> {
    let mut refused = step("authorize-card", "billing", "REFUSED", 200);
    refused["reason"] = json!("CARD_DECLINED");
    let mut waiting = step("cancel-ticket", "kitchen", "SENT", 900);
    waiting["repeats"] = json!(2);
    waiting.as_object_mut().unwrap().remove("endedAt");
    let steps = [
        step("create-ticket", "kitchen", "SUCCEEDED", 100),
        refused,
        step("reject-ticket", "kitchen", "SUCCEEDED", 300),
        step("reject-order", "order", "SUCCEEDED", 400),
    ];
    let sagas = json!([
        {"name": "create-order", "state": "SAGA_STATE_COMPENSATED", "steps": steps, "startedAt": time(100)},
        {"name": "cancel-order", "state": "SAGA_STATE_RUNNING", "steps": [waiting], "startedAt": time(900)},
    ]);
    serde_json::from_value(sagas).unwrap()
}

#[test]
fn columns_are_aligned_and_undo_steps_are_marked() {
    let mut timeline = Timeline::from(BEGAN);
    timeline.sagas(&sagas());
    // Noted last, happened first.
    timeline.person(at(20), "customer", "CreateOrder", "APPROVAL_PENDING", "5 x funghi");
    assert_eq!(
        timeline.render(PLAIN),
        "       at  who       does                    outcome
  0.020 s  customer  CreateOrder             APPROVAL_PENDING  5 x funghi
  0.100 s  order     saga create-order       begins
  0.100 s  kitchen   create-ticket           SUCCEEDED         after 0.050 s
  0.200 s  billing   authorize-card          REFUSED           CARD_DECLINED, after 0.050 s
  0.300 s  kitchen   <- undo: reject-ticket  SUCCEEDED         after 0.050 s
  0.400 s  order     <- undo: reject-order   SUCCEEDED         after 0.050 s
  0.450 s  order     saga create-order       COMPENSATED
  0.900 s  order     saga cancel-order       begins
  0.900 s  kitchen   cancel-ticket           SENT              repeated 2 x
"
    );
}

#[test]
fn colors_change_neither_the_words_nor_the_columns() {
    let mut timeline = Timeline::from(BEGAN);
    timeline.sagas(&sagas());
    let colored = timeline.render(Style { colors: true });
    assert!(colored.contains("\x1b[31mauthorize-card"), "{colored}");
    assert!(colored.contains("\x1b[33m<- undo: reject-ticket"), "{colored}");
    let mut bare = colored;
    for escape in ["\x1b[31m", "\x1b[32m", "\x1b[33m", "\x1b[0m"] {
        bare = bare.replace(escape, "");
    }
    assert_eq!(bare, timeline.render(PLAIN));
}
