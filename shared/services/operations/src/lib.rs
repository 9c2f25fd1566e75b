//! What operators see of sagas. It knows no service: which sagas there are it is told, as the orchestrator is.

pub mod api;
