//! What the system's tests share: the checkout, a basket, the functions of all RPCs in memory, and a system deployed to a local AWS of their own.
#![allow(
    clippy::indexing_slicing,
    reason = "JSON documents are read by name, which gives null where there is nothing; nothing here is deployed"
)]

pub mod basket;
mod checkout;
mod costs;
mod declared;
mod documents;
mod doors;
mod issuer;
mod payloads;
mod rights;
mod sagas;
mod system;

pub use checkout::{files_below, function_names, relative, root, rpc_functions, rpc_paths};
pub use costs::{Counts, Standing, Tables, Units};
pub use declared::{Declared, declared};
pub use documents::Document;
pub use doors::Door;
pub use issuer::{Keys, NOW, bearer, gate, token};
pub use payloads::as_it_is_read;
pub use rights::OF_LAMBDA;
pub use sagas::{catalog, forward, newest};
pub use system::{LazySystem, System};
