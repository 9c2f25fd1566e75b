//! Trouble on demand: what goes wrong in a system of functions and queues, to be tried on the local AWS, which alone can do it.
//!
//! Read `kind.rs` first: it says what a trouble is. There is a file for each trouble; `effect.rs` is how they act, `board.rs`
//! which of them are on. `front/trouble.rs` serves the board to the console.

pub(crate) mod board;
mod declined_card;
mod delivered_twice;
mod effect;
mod killed_function;
mod kind;
mod late_events;
pub(crate) mod mappings;
mod out_of_order;
mod silent_billing;
mod silent_kitchen;
mod sold_out;
mod stopped_queue;
mod table_down;
mod undo_first;
pub(crate) mod world;

use kind::Trouble;

/// Every trouble: those of a promise stand together, and what takes longest comes last.
static ALL: [Trouble; 11] = [
    declined_card::TROUBLE,
    sold_out::TROUBLE,
    delivered_twice::TROUBLE,
    out_of_order::TROUBLE,
    killed_function::TROUBLE,
    late_events::TROUBLE,
    stopped_queue::TROUBLE,
    table_down::TROUBLE,
    silent_kitchen::TROUBLE,
    silent_billing::TROUBLE,
    undo_first::TROUBLE,
];

#[cfg(test)]
mod tests;
