//! Lists: an index and a whole table, page by page.

use messaging::{Index, LoadError, Page, Scan, SortOrder};
use serde_json::{Value, json};
use testkit::builders::record;

use super::answers::{Answer, error, item, ok, passing_at_a_table};
use super::world::World;
use crate::{DynamoIndex, DynamoScan};

fn index(world: &World) -> DynamoIndex {
    DynamoIndex::new(world.dynamodb(), "sales", "by-buyer", "buyer", "created_at")
}

/// One page of an index, and what was asked for it.
fn of_index(answer: Answer, limit: u32, order: SortOrder, token: Option<&str>) -> (Result<Page, LoadError>, World) {
    let world = World::answering([answer]);
    let page = world.run(index(&world).page("ann", limit, order, token));
    (page, world)
}

/// One page of a table, and what was asked for it.
fn of_table(answer: Answer, limit: u32, token: Option<&str>) -> (Result<Page, LoadError>, World) {
    let world = World::answering([answer]);
    let page = world.run(DynamoScan::new(world.dynamodb(), "articles").page(limit, token));
    (page, world)
}

fn last_of_index() -> Value {
    json!({"key": {"S": "1"}, "buyer": {"S": "ann"}, "created_at": {"S": "2026"}})
}

/// A token that a page of the index ended with.
fn token_of_index() -> String {
    let page = of_index(ok(json!({"LastEvaluatedKey": last_of_index()})), 1, SortOrder::OldestFirst, None).0;
    page.expect("a page").next.expect("a token")
}

/// A token that a page of the table ended with.
fn token_of_table() -> String {
    let page = of_table(ok(json!({"LastEvaluatedKey": {"key": {"S": "1"}}})), 1, None).0;
    page.expect("a page").next.expect("a token")
}

#[test]
fn a_page_of_an_index_holds_the_items_of_one_value_in_the_order_that_was_asked_for() {
    for (order, forward) in [(SortOrder::OldestFirst, true), (SortOrder::NewestFirst, false)] {
        let (page, world) = of_index(ok(json!({"Items": [item("2"), item("1")]})), 20, order, None);
        assert_eq!(page, Ok(Page { records: vec![record("2", 1), record("1", 1)], next: None }));
        assert_eq!(world.request().operation, "DynamoDB_20120810.Query");
        let expected = json!({
            "TableName": "sales",
            "IndexName": "by-buyer",
            "KeyConditionExpression": "#partition = :value",
            "ExpressionAttributeNames": {"#partition": "buyer"},
            "ExpressionAttributeValues": {":value": {"S": "ann"}},
            "ScanIndexForward": forward,
            "Limit": 21,
        });
        assert_eq!(world.json(), expected);
    }
}

#[test]
fn a_page_of_a_table_holds_what_the_service_gives() {
    let (page, world) = of_table(ok(json!({"Items": [item("2"), item("1")]})), 20, None);
    assert_eq!(page, Ok(Page { records: vec![record("2", 1), record("1", 1)], next: None }));
    assert_eq!(world.request().operation, "DynamoDB_20120810.Scan");
    assert_eq!(world.json(), json!({"TableName": "articles", "Limit": 21}));
}

#[test]
fn the_page_after_a_token_begins_where_the_page_before_ended() {
    let empty = || ok(json!({}));
    let (page, world) = of_index(empty(), 5, SortOrder::OldestFirst, Some(&token_of_index()));
    assert_eq!(page, Ok(Page { records: vec![], next: None }));
    assert_eq!(world.json()["ExclusiveStartKey"], last_of_index());
    let (page, world) = of_table(empty(), 5, Some(&token_of_table()));
    assert_eq!(page, Ok(Page { records: vec![], next: None }));
    let expected = json!({"TableName": "articles", "Limit": 6, "ExclusiveStartKey": {"key": {"S": "1"}}});
    assert_eq!(world.json(), expected);
}

/// An item of the index, which has the attributes of the index's key beside the record's.
fn listed(key: &str) -> Value {
    let mut item = item(key);
    item["buyer"] = json!({"S": "ann"});
    item["created_at"] = json!({"S": "2026"});
    item
}

#[test]
fn a_full_page_has_a_token_only_if_something_follows() {
    let (items, last) = (|count: usize| json!(["1", "2", "3"].map(listed)[..count]), last_of_index());
    for (given, stopped, kept, goes_on) in [
        // The last page, full and not full.
        (2, None, 2, false),
        (1, None, 1, false),
        // One more than was asked for is there: the next page begins behind the second, whether or not DynamoDB went on.
        (3, None, 2, true),
        (3, Some(json!({"key": {"S": "3"}, "buyer": {"S": "ann"}, "created_at": {"S": "2026"}})), 2, true),
        // DynamoDB stopped after a megabyte.
        (1, Some(last.clone()), 1, true),
        (0, Some(last.clone()), 0, true),
    ] {
        let answer = json!({"Items": items(given), "LastEvaluatedKey": stopped});
        let page = of_index(ok(answer), 2, SortOrder::OldestFirst, None).0.expect("a page");
        assert_eq!((page.records.len(), page.next.is_some()), (kept, goes_on), "{given} {stopped:?}");
        let Some(token) = page.next else { continue };
        let (_, world) = of_index(ok(json!({})), 2, SortOrder::OldestFirst, Some(&token));
        let behind = if given == 3 { "2" } else { "1" };
        let expected = json!({"key": {"S": behind}, "buyer": {"S": "ann"}, "created_at": {"S": "2026"}});
        assert_eq!(world.json()["ExclusiveStartKey"], expected);
    }
    let items = ["1", "2", "3"].map(item);
    let page = of_table(ok(json!({"Items": items})), 2, None).0.expect("a page");
    let (_, world) = of_table(ok(json!({})), 2, page.next.as_deref());
    assert_eq!((page.records.len(), &world.json()["ExclusiveStartKey"]), (2, &json!({"key": {"S": "2"}})));
    let page = of_table(ok(json!({"Items": items[..2]})), 2, None).0.expect("a page");
    assert_eq!((page.records.len(), page.next), (2, None));
}

#[test]
fn a_limit_beyond_what_the_service_takes_is_the_largest_that_it_takes() {
    let (_, world) = of_index(ok(json!({})), u32::MAX, SortOrder::OldestFirst, None);
    assert_eq!(world.json()["Limit"], i32::MAX);
    let (_, world) = of_table(ok(json!({})), u32::MAX, None);
    assert_eq!(world.json()["Limit"], i32::MAX);
}

#[test]
fn a_token_of_another_list_is_refused_before_anything_is_sent() {
    let world = World::answering([]);
    let (of_index, of_table) = (token_of_index(), token_of_table());
    let bobs = world.run(index(&world).page("bob", 5, SortOrder::OldestFirst, Some(&of_index)));
    assert_eq!(bobs, Err(LoadError::BadToken));
    for foreign in [of_table.as_str(), "", "!"] {
        let page = world.run(index(&world).page("ann", 5, SortOrder::OldestFirst, Some(foreign)));
        assert_eq!(page, Err(LoadError::BadToken), "{foreign}");
    }
    for foreign in [of_index.as_str(), "", "!"] {
        let page = world.run(DynamoScan::new(world.dynamodb(), "articles").page(5, Some(foreign)));
        assert_eq!(page, Err(LoadError::BadToken), "{foreign}");
    }
}

#[test]
fn a_page_that_cannot_be_read_is_reported() {
    let no_record = || ok(json!({"Items": [{"key": {"S": "1"}}]}));
    let odd_end = || ok(json!({"LastEvaluatedKey": {"key": {"N": "1"}}}));
    for answer in [no_record, odd_end] {
        assert!(matches!(of_index(answer(), 5, SortOrder::OldestFirst, None).0, Err(LoadError::Unreadable(_))));
        assert!(matches!(of_table(answer(), 5, None).0, Err(LoadError::Unreadable(_))));
    }
}

/// What a page can be answered with instead of items: the answer, how often it is asked for, and what the caller is told.
fn refusals(operation: &str, with_token: bool) -> Vec<(Answer, usize, LoadError)> {
    let invalid = match with_token {
        // The key in a token that somebody has made up.
        true => LoadError::BadToken,
        false => LoadError::Unreadable(format!("{operation}: ValidationException: says AWS")),
    };
    let unreadable = (ok(json!({"Items": 7})), 1, "no code: no message");
    let transient = passing_at_a_table().into_iter().chain([unreadable]);
    let transient = transient
        .map(|(answer, attempts, why)| (answer, attempts, LoadError::Transient(format!("{operation}: {why}"))));
    transient.chain([(error("ValidationException"), 1, invalid)]).collect()
}

#[test]
fn a_refused_page_is_told_by_what_its_caller_can_do() {
    let (of_index, of_table) = (token_of_index(), token_of_table());
    for with_token in [false, true] {
        for (answer, attempts, told) in refusals("Query", with_token) {
            let world = World::answering(vec![answer; attempts]);
            let token = with_token.then_some(of_index.as_str());
            assert_eq!(world.run(index(&world).page("ann", 5, SortOrder::OldestFirst, token)), Err(told));
        }
        for (answer, attempts, told) in refusals("Scan", with_token) {
            let world = World::answering(vec![answer; attempts]);
            let scan = DynamoScan::new(world.dynamodb(), "articles");
            let token = with_token.then_some(of_table.as_str());
            assert_eq!(world.run(scan.page(5, token)), Err(told));
        }
    }
}

#[test]
fn opening_the_connection_asks_for_hardly_anything_and_reports_nothing() {
    let world = World::answering([error("AccessDeniedException")]);
    world.run(index(&world).connect());
    assert_eq!(world.json()["Limit"], 2);
    assert_eq!(world.json()["ExpressionAttributeValues"], json!({":value": {"S": "-"}}));
    let world = World::answering([error("AccessDeniedException")]);
    world.run(DynamoScan::new(world.dynamodb(), "articles").connect());
    assert_eq!(world.json(), json!({"TableName": "articles", "Limit": 2}));
}
