//! How authorizations are stored: their table and their schema version.

use messaging::{Aggregate, Stored, Table};

use crate::domain::Authorization;

/// The table of authorizations.
pub const AUTHORIZATIONS: Table = Table::new("authorizations");

impl Stored for Authorization {
    const TABLE: Table = AUTHORIZATIONS;
}

impl Aggregate for Authorization {
    const SCHEMA: u32 = 1;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{charge, decline};
    use messaging::RecordError;
    use serde_json::{Value, json};

    /// These files are what earlier deployments wrote: never edit them, add one per schema version.
    #[test]
    fn what_schema_1_wrote_is_still_read() {
        let fixtures = [
            (
                include_str!("../fixtures/authorization.1.authorized.json"),
                Authorization::Authorized { charge: charge(500) },
            ),
            (
                include_str!("../fixtures/authorization.1.declined.json"),
                Authorization::Declined { charge: charge(500), decline: decline() },
            ),
            (
                include_str!("../fixtures/authorization.1.voided.json"),
                Authorization::Voided { charge: Some(charge(500)) },
            ),
            (include_str!("../fixtures/authorization.1.tombstone.json"), Authorization::tombstone()),
        ];
        for (fixture, expected) in fixtures {
            let stored: Value = serde_json::from_str(fixture).expect("JSON");
            assert_eq!(Authorization::read(1, stored.clone()), Ok(expected.clone()));
            assert_eq!(serde_json::to_value(&expected).expect("JSON"), stored);
        }
    }

    #[test]
    fn what_a_newer_deployment_wrote_is_not_misread() {
        assert!(matches!(Authorization::read(2, json!({})), Err(RecordError::UnknownSchema(_))));
        assert!(matches!(Authorization::read(1, json!({})), Err(RecordError::Malformed(_))));
    }
}
