mod commands;
mod payloads;
