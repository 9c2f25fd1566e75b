//! What a restaurant sells: a file of products, checked by the services' own rules, and how it comes into a deployed stack.

pub(crate) mod product;
pub(crate) mod seed;
