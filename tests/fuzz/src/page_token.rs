//! The token of a page, which a caller sends back, or makes up.

use aws::DynamoIndex;
use messaging::{Index, LoadError, SortOrder};
use order::BY_CUSTOMER;

use crate::block_on;
use crate::dynamo::OneItem;
use crate::restaurant::CUSTOMER;

/// Whether a token is accepted. If not, it is refused as a bad token; else it leads into the list of its own value, and what this
/// code writes for the same key is accepted as well.
pub fn check(input: &[u8]) -> bool {
    let Ok(token) = std::str::from_utf8(input) else { return false };
    let dynamo = OneItem::default();
    let index = DynamoIndex::new(
        dynamo.client(),
        BY_CUSTOMER.table.name,
        BY_CUSTOMER.name,
        BY_CUSTOMER.partition,
        BY_CUSTOMER.sort,
    );
    let page = |token: &str| block_on(index.page(CUSTOMER, 20, SortOrder::NewestFirst, Some(token)));
    let next = match page(token) {
        Ok(page) => page.next.expect("a token for a page that ends at a key"),
        Err(error) => {
            assert_eq!(error, LoadError::BadToken);
            return false;
        }
    };
    let start = dynamo.asked()["ExclusiveStartKey"].clone();
    let mut attributes: Vec<_> = start.as_object().expect("a key").keys().cloned().collect();
    attributes.sort_unstable();
    assert_eq!(attributes, [BY_CUSTOMER.sort, BY_CUSTOMER.partition, "key"]);
    assert_eq!(start[BY_CUSTOMER.partition]["S"], CUSTOMER, "the token leads into the list of another customer");
    // What this code writes for that key is accepted and leads to the same place.
    let again = page(&next).expect("a page").next.expect("a token");
    assert_eq!((&dynamo.asked()["ExclusiveStartKey"], again), (&start, next));
    true
}
