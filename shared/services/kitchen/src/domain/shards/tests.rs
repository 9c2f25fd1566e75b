use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

fn shards(number: u32) -> Shards {
    Shards::try_from(number).expect("a number of shards")
}

#[test]
fn there_are_one_to_ten_shards() {
    for bad in [0, 11, u32::MAX] {
        assert_eq!(Shards::try_from(bad), Err(ShardsError(bad)));
        assert!(serde_json::from_value::<Shards>(bad.into()).is_err(), "{bad}");
    }
    assert_eq!(ShardsError(11).to_string(), "there are 11 shards: choose 1 to 10");
    assert_eq!([shards(1), shards(10)].map(Shards::get), [1, 10]);
    assert_eq!(serde_json::from_value::<Shards>(1.into()).expect("a number"), Shards::ONE);
}

#[test]
fn an_order_asks_the_same_shard_first_each_time_and_orders_spread_over_all() {
    let asked = |number| shards(4).of_order(Uuid::from_u128(number));
    assert_eq!([0, 1, 2, 3, 4, 5].map(asked), [0, 1, 2, 3, 0, 1]);
    assert_eq!(Shards::ONE.of_order(Uuid::from_u128(u128::MAX)), 0);
}

#[test]
fn the_next_shard_that_has_enough_alone_is_taken() {
    let left = [(0, 9), (1, 0), (2, 5), (3, 5)];
    assert_eq!(taken_from(&left, 1, 5), Some(vec![(2, 5)]));
    assert_eq!(taken_from(&left, 3, 5), Some(vec![(3, 5)]));
    assert_eq!(taken_from(&left, 3, 6), Some(vec![(0, 6)]), "round the end");
    assert_eq!(taken_from(&left, 9, 9), Some(vec![(0, 9)]), "from a shard that there is not");
}

#[test]
fn the_fullest_shards_are_taken_when_no_shard_has_enough_alone() {
    let left = [(0, 1), (1, 4), (2, 0), (3, 3)];
    assert_eq!(taken_from(&left, 0, 7), Some(vec![(1, 4), (3, 3)]));
    assert_eq!(taken_from(&left, 0, 8), Some(vec![(1, 4), (3, 3), (0, 1)]));
    assert_eq!(taken_from(&left, 0, 9), None);
    assert_eq!(taken_from(&[], 0, 1), None);
}

fn left() -> impl Strategy<Value = Vec<(u32, i64)>> {
    let shard = proptest::option::of(0..20_i64);
    proptest::collection::vec(shard, 10)
        .prop_map(|left| (0..).zip(left).filter_map(|(n, left)| Some((n, left?))).collect())
}

proptest! {
    #![proptest_config(testkit::properties())]

    #[test]
    fn what_is_taken_is_there_and_adds_up_and_nothing_is_taken_only_when_all_have_too_little(
        left in left(), first in 0..MAX_SHARDS, quantity in 1..60_u32,
    ) {
        let total: i64 = left.iter().map(|(_, left)| left).sum();
        let Some(taken) = taken_from(&left, first, quantity) else {
            prop_assert!(total < i64::from(quantity));
            return Ok(());
        };
        prop_assert_eq!(taken.iter().map(|(_, part)| part).sum::<i64>(), i64::from(quantity));
        let touched: BTreeSet<u32> = taken.iter().map(|(shard, _)| *shard).collect();
        prop_assert_eq!(touched.len(), taken.len(), "one write can change each counter only once");
        for (shard, part) in &taken {
            prop_assert!(*part > 0 && left.iter().any(|(known, left)| known == shard && left >= part));
        }
        let mut fullest: Vec<i64> = left.iter().map(|(_, left)| *left).collect();
        fullest.sort_by_key(|left| Reverse(*left));
        let fewer: i64 = fullest.iter().take(taken.len() - 1).sum();
        prop_assert!(fewer < i64::from(quantity), "no fewer shards would do");
    }

    #[test]
    fn shares_add_up_and_are_as_equal_as_can_be(total in 0..1_000_001_u32, number in 1..=MAX_SHARDS) {
        let shares: Vec<u32> = shards(number).shares(total).collect();
        prop_assert_eq!((shares.iter().sum::<u32>(), shares.len()), (total, number as usize));
        prop_assert!(shares[0] - shares[shares.len() - 1] <= 1);
    }
}
