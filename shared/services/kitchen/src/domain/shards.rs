//! Over how many counters a product's stock is spread, and which of them an order takes from.
//!
//! DynamoDB lets about a hundred transactions a second change one item, so a product that sells faster has several
//! counters, its shards. What must stay true is that an order is refused if, and only if, all of them together have too
//! little:
//!
//! * SetStock spreads what was counted over the shards in one transaction, and empties those that it no longer uses. Each
//!   says how many they are; the counter of a product that has no others says nothing, and is stored as it always was.
//! * An order takes from one shard, which its id chooses, by a conditional change that reads nothing. Only when that
//!   shard refuses does it look at all shards that there can be, as they are at one moment. What that look shows to be too
//!   little is a refusal. What it shows to be enough is taken from another shard, or from several in the same
//!   transaction. When somebody else was there first, it looks again, a limited number of times, and then its message
//!   comes again later. A product that is not spread refuses without a look, because its counter is the whole.
//! * What is given back goes to the first shard, which every product has, however many it has by now. Any shard would be
//!   right for the sum; this one need not be remembered. The others only shrink until the product is counted again, so
//!   a shard that was given up stays empty.
//! * How many shards there are is one setting of the functions that set and take. A function that has another number than
//!   the stock was counted with misses its shard, looks, and finds those that there are: neither deployments nor counts
//!   have to wait for each other.

use std::cmp::Reverse;

use serde::Deserialize;
use thiserror::Error;
use uuid::Uuid;

/// Over how many shards a product's stock can be spread: one look shows those of ten products.
pub const MAX_SHARDS: u32 = 10;

/// A number of shards: 1 to [`MAX_SHARDS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "u32")]
pub struct Shards(u32);

/// The number is not a number of shards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("there are {0} shards: choose 1 to {MAX_SHARDS}")]
pub struct ShardsError(u32);

impl Shards {
    /// The stock is not spread.
    pub const ONE: Self = Self(1);

    /// The number.
    pub fn get(self) -> u32 {
        self.0
    }

    /// The shard that this order asks first.
    pub fn of_order(self, order_id: Uuid) -> u32 {
        // The remainder is less than MAX_SHARDS.
        u32::try_from(order_id.as_u128() % u128::from(self.0)).unwrap_or_default()
    }

    /// How much of a count lies in each shard: as equal as can be.
    pub fn shares(self, total: u32) -> impl Iterator<Item = u32> {
        let (each, left_over) = (total / self.0, total % self.0);
        (0..self.0).map(move |shard| each + u32::from(shard < left_over))
    }
}

impl TryFrom<u32> for Shards {
    type Error = ShardsError;

    fn try_from(number: u32) -> Result<Self, ShardsError> {
        if (1..=MAX_SHARDS).contains(&number) { Ok(Self(number)) } else { Err(ShardsError(number)) }
    }
}

/// How much to take from which shards so that it adds up to the quantity; `None` when they have less together. `left` is
/// what each has, and `first` the shard to begin with.
///
/// The next shard that has enough alone is taken, so that orders which miss their own shard do not all meet at the same;
/// otherwise the fullest, so that they are few.
pub fn taken_from(left: &[(u32, i64)], first: u32, quantity: u32) -> Option<Vec<(u32, i64)>> {
    let quantity = i64::from(quantity);
    let mut shards: Vec<_> = left.iter().copied().filter(|(_, left)| *left > 0).collect();
    shards.sort_by_key(|(shard, _)| (shard + MAX_SHARDS - first % MAX_SHARDS) % MAX_SHARDS);
    if let Some((shard, _)) = shards.iter().find(|(_, left)| *left >= quantity) {
        return Some(vec![(*shard, quantity)]);
    }
    shards.sort_by_key(|(_, left)| Reverse(*left));
    let (mut taken, mut missing) = (Vec::new(), quantity);
    for (shard, left) in shards {
        let part = left.min(missing);
        taken.push((shard, part));
        missing -= part;
        if missing == 0 {
            return Some(taken);
        }
    }
    None
}

#[cfg(test)]
mod tests;
