mod claims;
mod configuration;
mod fetching;
mod fixture;
mod hostile;
mod http;
mod key_set;
mod policy;
