//! Events are published, in batches.

use messaging::{Outbound, OutgoingEvent, SendError};

use super::answers::{Answer, sns_error, text};
use super::network::Request;
use super::outbound::{TOPIC, outbound};
use super::world::World;

type Told = Vec<Result<(), SendError>>;

fn publish(answers: impl IntoIterator<Item = Answer>, bodies: &[&str]) -> (Told, World) {
    let world = World::answering(answers);
    let events: Vec<_> = bodies.iter().map(|body| OutgoingEvent { type_name: "shop.v1.Sold", body }).collect();
    let told = world.run(outbound(&world).publish(&events));
    (told, world)
}

/// An answer that took the events with the first numbers, and not those with the others and their codes.
fn answer(taken: &[usize], refused: &[(usize, &str, bool)]) -> Answer {
    let taken: String =
        taken.iter().map(|id| format!("<member><Id>{id}</Id><MessageId>1</MessageId></member>")).collect();
    let refused = refused.iter().map(|(id, code, fault)| {
        let why = format!("<Code>{code}</Code><Message>says AWS</Message><SenderFault>{fault}</SenderFault>");
        format!("<member><Id>{id}</Id>{why}</member>")
    });
    let result = format!("<Successful>{taken}</Successful><Failed>{}</Failed>", refused.collect::<String>());
    text(
        200,
        &format!("<PublishBatchResponse><PublishBatchResult>{result}</PublishBatchResult></PublishBatchResponse>"),
    )
}

fn transient(why: &str) -> Result<(), SendError> {
    Err(SendError::Transient(format!("PublishBatch: {why}")))
}

/// The ids of the events of one call.
fn ids(request: &Request) -> Vec<String> {
    let is_id = |name: &str| name.starts_with("PublishBatchRequestEntries.member.") && name.ends_with(".Id");
    let pairs = request.body.split('&').filter_map(|pair| pair.split_once('='));
    pairs.filter(|(name, _)| is_id(name)).map(|(_, id)| id.to_owned()).collect()
}

#[test]
fn an_event_is_published_with_the_type_that_subscribers_filter_by() {
    let (told, world) = publish([answer(&[0, 1], &[])], &["{\"note\":\"\u{ffff}\"}", "{}"]);
    assert_eq!(told, [Ok(()), Ok(())]);
    let said: Vec<String> = world.request().body.split('&').map(str::to_owned).collect();
    let entry = |number: usize, message: &str| {
        let entry = format!("PublishBatchRequestEntries.member.{number}");
        [
            format!("{entry}.Id={}", number - 1),
            format!("{entry}.Message={message}"),
            format!("{entry}.MessageAttributes.entry.1.Name=type"),
            format!("{entry}.MessageAttributes.entry.1.Value.DataType=String"),
            format!("{entry}.MessageAttributes.entry.1.Value.StringValue=shop.v1.Sold"),
        ]
    };
    let mut expected = vec!["Action=PublishBatch".to_owned(), "Version=2010-03-31".to_owned()];
    expected.push("TopicArn=arn%3Aaws%3Asns%3Aeu-test-1%3A1%3Aevents".to_owned());
    expected.extend(entry(1, "%7B%22note%22%3A%22%5Cuffff%22%7D"));
    expected.extend(entry(2, "%7B%7D"));
    assert_eq!(said, expected);
}

#[test]
fn ten_events_share_a_call_and_all_calls_leave_at_once() {
    let full: Vec<usize> = (0..10).collect();
    let (told, world) = publish([answer(&full, &[]), answer(&full, &[]), answer(&[0], &[])], &["{}"; 21]);
    assert_eq!(told, vec![Ok(()); 21]);
    assert_eq!(world.moments(), [0, 0, 0]);
    assert_eq!(world.requests().iter().map(|request| ids(request).len()).collect::<Vec<_>>(), [10, 10, 1]);
}

#[test]
fn what_a_call_did_not_take_is_offered_again_alone_and_told_when_it_is_not_taken_at_last() {
    let busy = [(0, "InternalError", false), (2, "Throttling", true)];
    let answers = [answer(&[1], &busy), answer(&[2], &busy[..1]), answer(&[0], &[])];
    let (told, world) = publish(answers, &["{}"; 3]);
    assert_eq!(told, vec![Ok(()); 3]);
    assert_eq!(world.moments(), [0, 50, 150]);
    assert_eq!(world.requests().iter().map(ids).collect::<Vec<_>>(), [vec!["0", "1", "2"], vec!["0", "2"], vec!["0"]]);

    let (told, world) = publish([answer(&[1], &busy), answer(&[], &busy), answer(&[], &busy)], &["{}"; 3]);
    assert_eq!(told, [transient("InternalError: says AWS"), Ok(()), transient("Throttling: says AWS")]);
    assert_eq!(world.now().as_millis(), 150, "nobody waits for an attempt that is not made");
}

#[test]
fn only_what_is_wrong_with_an_event_itself_rejects_it_for_good() {
    let rejected = |code: &str| Err(SendError::Rejected(format!("PublishBatch: {code}: says AWS")));
    for code in ["InvalidParameter", "InvalidParameterException", "InvalidParameterValue", "ParameterValueInvalid"] {
        let (told, world) = publish([answer(&[0], &[(1, code, true)])], &["{}"; 2]);
        assert_eq!((told, world.requests().len()), (vec![Ok(()), rejected(code)], 1));
    }
    for (code, fault) in [("AuthorizationError", true), ("KMSAccessDenied", true), ("InvalidParameter", false)] {
        let (told, _) = publish(vec![answer(&[], &[(0, code, fault)]); 3], &["{}"]);
        assert_eq!(told, [transient(&format!("{code}: says AWS"))]);
    }
}

const UNFIT: [&str; 6] = [
    "BatchRequestTooLong",
    "BatchRequestTooLongException",
    "InvalidParameter",
    "InvalidParameterException",
    "ParameterValueInvalid",
    "ParameterValueInvalidException",
];

/// Repeating the call would hold the stream up for nothing.
#[test]
fn an_event_that_a_call_of_its_own_cannot_take_is_rejected_for_good() {
    for code in UNFIT {
        let (told, world) = publish([sns_error(400, code)], &["{}"]);
        let rejected = Err(SendError::Rejected(format!("PublishBatch: {code}: says AWS")));
        assert_eq!((told, world.requests().len()), (vec![rejected], 1));
    }
    let why = "Invalid parameter: TopicArn";
    let error =
        format!("<ErrorResponse><Error><Code>InvalidParameter</Code><Message>{why}</Message></Error></ErrorResponse>");
    let (told, _) = publish([text(400, &error)], &["{}"]);
    assert_eq!(told, [transient(&format!("InvalidParameter: {why}"))], "the topic is wrong, not the event");
}

#[test]
fn a_call_that_cannot_be_taken_is_halved_until_the_event_is_found_that_can_never_leave() {
    for code in UNFIT {
        let unfit = || sns_error(400, code);
        let answers = [unfit(), answer(&[0], &[]), unfit(), answer(&[0], &[]), unfit()];
        let (told, world) = publish(answers, &["a", "b", "c"]);
        assert_eq!(told, [Ok(()), Ok(()), Err(SendError::Rejected(format!("PublishBatch: {code}: says AWS")))]);
        assert_eq!(world.requests().iter().map(|request| ids(request).len()).collect::<Vec<_>>(), [3, 1, 2, 1, 1]);
        // Ten events are the most of a call.
        let (told, world) = publish(vec![unfit(); 19], &["{}"; 10]);
        assert!(told.iter().all(|told| matches!(told, Err(SendError::Rejected(_)))), "{told:?}");
        assert_eq!(world.requests().len(), 19);
    }
}

#[test]
fn an_event_that_the_answer_does_not_name_has_not_left() {
    let (told, _) = publish(vec![answer(&[0], &[]), answer(&[], &[]), answer(&[7], &[])], &["{}"; 2]);
    assert_eq!(told, [Ok(()), transient("the answer does not tell of the event")]);
}

#[test]
fn a_call_that_fails_tells_it_of_all_its_events_and_they_have_no_address_only_if_there_is_no_topic() {
    let unknown = || Err(SendError::UnknownAddress(TOPIC.to_owned()));
    for (answer, attempts, told) in [
        (sns_error(404, "NotFound"), 1, unknown()),
        (sns_error(404, "NotFoundException"), 1, unknown()),
        (sns_error(400, "Throttling"), 3, transient("Throttling: says AWS")),
        (sns_error(400, "ThrottlingException"), 3, transient("ThrottlingException: says AWS")),
        (sns_error(400, "KMSThrottling"), 1, transient("KMSThrottling: says AWS")),
        (sns_error(403, "AuthorizationError"), 1, transient("AuthorizationError: says AWS")),
        (sns_error(403, "ExpiredToken"), 1, transient("ExpiredToken: says AWS")),
        (sns_error(400, "EndpointDisabled"), 1, transient("EndpointDisabled: says AWS")),
        (sns_error(500, "InternalError"), 3, transient("InternalError: says AWS")),
        (text(503, ""), 3, transient("no code: no message")),
        (text(200, "{}"), 1, transient("no code: no message")),
        (Answer::Unreachable, 3, transient("the service could not be reached: connection refused")),
        (Answer::Silence, 3, transient("no answer in time")),
    ] {
        let told_of = format!("{answer:?}");
        assert_eq!(publish(vec![answer; attempts], &["{}"; 2]).0, [told.clone(), told], "{told_of}");
    }
}
