//! What the system's tests share: the checkout, and a system deployed to a local AWS of their own.

mod checkout;
mod client;
mod costs;
mod system;

pub use checkout::{files_below, function_names, relative, root, rpc_paths};
pub use client::{Answer, COOK, CUSTOMER, Client};
pub use costs::{Counts, Tables, Units};
pub use system::{Deadline, LazySystem, System};
