//! How instances, and the lock over what was published, tell definitions apart.

use messaging::ids;
use saga::Definition;
use uuid::Uuid;

/// The fingerprint of a definition; it changes with any change to the definition.
pub fn fingerprint(definition: &Definition) -> Uuid {
    ids::fingerprint(definition.canonical().as_bytes())
}
