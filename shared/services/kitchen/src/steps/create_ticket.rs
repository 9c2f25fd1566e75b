//! A counter that is short refuses the write; unless the product's other shards help out, `refused` turns that into the
//! saga's refusal and saves it. Read `domain/shards.rs` first.

use contracts::Reason;
use contracts::kitchen::v1;
use messaging::Refusal;
use messaging::{Context, Counted, Counter, CounterRefused, Failure, Key, Recourse, Reply, Step, TRANSACTION_LIMIT};
use uuid::Uuid;

use super::{parse_order_id, save_with, taken};
use crate::domain::{Item, Items, MAX_SHARDS, Shards, Ticket, TicketError, taken_from};
use crate::shard_key;
use crate::stored::is_first_shard;

/// CreateTicket: reserves stock for an order, in one write with the ticket.
pub struct CreateTicket {
    shards: Shards,
}

impl CreateTicket {
    /// Takes from the shard that the order's id chooses of this many.
    pub fn new(shards: Shards) -> Self {
        Self { shards }
    }
}

/// How many products' shards fit into one look.
const PRODUCTS_IN_A_LOOK: usize = TRANSACTION_LIMIT / MAX_SHARDS as usize;

struct Input {
    order_id: Uuid,
    items: Items,
}

impl TryFrom<&v1::CreateTicket> for Input {
    type Error = Failure;

    fn try_from(command: &v1::CreateTicket) -> Result<Self, Failure> {
        let items = command.items.iter().map(|item| (item.product_id.as_str(), item.quantity));
        let items = Items::parse(items).map_err(Failure::set_aside)?;
        Ok(Self { order_id: parse_order_id(&command.order_id)?, items })
    }
}

impl Step for CreateTicket {
    type Command = v1::CreateTicket;
    type Aggregate = Ticket;

    fn key(&self, command: &v1::CreateTicket) -> Result<Key, Failure> {
        parse_order_id(&command.order_id).map(|id| id.to_string())
    }

    /// The counters that it takes from.
    fn contends(&self, command: &v1::CreateTicket) -> Vec<Key> {
        let counters = |Input { order_id, items }| taken(items.as_slice(), self.shards.of_order(order_id));
        let counters = Input::try_from(command).map(counters).unwrap_or_default();
        counters.into_iter().map(|counter| counter.key).collect()
    }

    fn decide(
        &self,
        state: Option<&Ticket>,
        command: &v1::CreateTicket,
        context: &Context<'_>,
    ) -> Result<Reply<Ticket, Refusal>, Failure> {
        let Input { order_id, items } = Input::try_from(command)?;
        let Some(ticket) = state else {
            let counters = taken(items.as_slice(), self.shards.of_order(order_id));
            return Ok(save_with(Ticket::reserve(order_id, items, context.now), Ok(()), counters));
        };
        match ticket.create_again(&items) {
            Ok(()) => Ok(Reply::Already(Ok(()))),
            // A rejected ticket stays rejected, so the answer needs no record of its own.
            Err(error @ TicketError::Rejected) => {
                Ok(Reply::Already(Err(Refusal::new(Reason::TicketRejected, error.to_string()))))
            }
            Err(error @ TicketError::OtherItems(_)) => Err(Failure::set_aside(error)),
        }
    }

    fn looks_at(&self, refused: &CounterRefused, command: &v1::CreateTicket) -> Result<Vec<Vec<Key>>, Failure> {
        if is_the_last_word(refused) {
            return Ok(Vec::new());
        }
        let shards = |item: &Item| (0..MAX_SHARDS).map(|shard| shard_key(&item.product, shard)).collect::<Vec<_>>();
        let items = Input::try_from(command)?.items;
        Ok(items.as_slice().chunks(PRODUCTS_IN_A_LOOK).map(|items| items.iter().flat_map(shards).collect()).collect())
    }

    fn recourse(
        &self,
        refused: CounterRefused,
        seen: &Counted,
        command: &v1::CreateTicket,
    ) -> Result<Recourse, Failure> {
        if is_the_last_word(&refused) {
            return Ok(Recourse::Refuse(refused));
        }
        let Input { order_id, items } = Input::try_from(command)?;
        let first = self.shards.of_order(order_id);
        let mut counters = Vec::new();
        for Item { product, quantity } in items.as_slice() {
            let left = |shard| Some((shard, *seen.get(&shard_key(product, shard))?));
            let left: Vec<(u32, i64)> = (0..MAX_SHARDS).filter_map(left).collect();
            if left.is_empty() {
                return Ok(Recourse::Refuse(CounterRefused::Missing(product.to_string())));
            }
            let Some(taken) = taken_from(&left, first, quantity.get()) else {
                return Ok(Recourse::Refuse(CounterRefused::Short(product.to_string())));
            };
            let counter = |(shard, part): (u32, i64)| Counter { key: shard_key(product, shard), delta: -part };
            counters.extend(taken.into_iter().map(counter));
        }
        // The ticket itself is written as well.
        if counters.len() < TRANSACTION_LIMIT { Ok(Recourse::Count(counters)) } else { Err(too_scattered()) }
    }

    fn refused(
        &self,
        command: &v1::CreateTicket,
        refused: CounterRefused,
        context: &Context<'_>,
    ) -> Result<(Ticket, Refusal), Failure> {
        let Input { order_id, items } = Input::try_from(command)?;
        let refusal = match refused {
            CounterRefused::Short(product) | CounterRefused::ShardShort(product) => {
                Refusal::new(Reason::OutOfStock, format!("there is not enough {product} left"))
            }
            CounterRefused::Missing(product) => {
                Refusal::new(Reason::UnknownProduct, format!("the kitchen does not make {product}"))
            }
        };
        Ok((Ticket::refuse(order_id, items, context.now), refusal))
    }
}

/// Whether the other shards need not be asked: a first shard that is missing is a product that is not made, and a first
/// shard that is short and has none beside it is all there is.
fn is_the_last_word(refused: &CounterRefused) -> bool {
    match refused {
        CounterRefused::Short(key) | CounterRefused::Missing(key) => is_first_shard(key),
        CounterRefused::ShardShort(_) => false,
    }
}

fn too_scattered() -> Failure {
    Failure::retry(
        "there is enough of every product, but in more counters than one write may change: \
         count the order's products again with SetStock, so that fewer of its shards are needed",
    )
}

#[cfg(test)]
mod tests;
