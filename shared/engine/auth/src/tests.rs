mod claims;
mod configuration;
mod fetching;
mod fixture;
mod http;
mod key_set;
mod policy;
mod signatures;
