//! What a refusing reply says.

use messaging::{Envelope, Failure};
use saga::Refusal;
use wire::message::v1::CommandRefused;

/// How much of a refusal's reason and message is kept, in characters.
const MAX_WORDING: usize = 500;

/// The refusal in a reply, short enough to be kept several times in one item.
///
/// # Errors
/// A reply that is not a refusal.
pub(crate) fn refusal(reply: &Envelope) -> Result<Refusal, Failure> {
    let bounded = |text: &str| -> String { text.chars().take(MAX_WORDING).collect() };
    let CommandRefused { reason, message, .. } = reply.unpack()?;
    Ok(Refusal::new(bounded(&reason), bounded(&message)))
}
