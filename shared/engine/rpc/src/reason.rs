//! Why a call is refused: each reason once, with everything that a caller may want to know of it.
//!
//! The engine's own reasons are in [`EdgeReason`]; an application declares its reasons with [`reasons!`](crate::reasons).

mod edge;

pub use edge::EdgeReason;

use std::time::Duration;

use connectrpc::ErrorCode;

/// What a caller may want to know of one reason.
#[derive(Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name in UPPER_SNAKE_CASE.
    pub name: &'static str,
    /// The Connect code of a call that is refused with it; `None` for a reason that only a saga's step gives.
    pub code: Option<ErrorCode>,
    /// Which RPCs refuse with it.
    pub rpcs: Rpcs,
    /// Whether it is told with the thing that a saga was about, since a step of the saga refused.
    pub by_saga: bool,
    /// When it happens, as half a sentence.
    pub when: &'static str,
    /// The keys of the metadata that come with it.
    pub metadata: &'static [&'static str],
    /// What a program can do.
    pub retry: Retry,
    /// What to tell the person in front of the screen.
    pub tell: &'static str,
}

/// Which RPCs refuse with a reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rpcs {
    /// Every RPC.
    All,
    /// Every RPC that changes something.
    Mutations,
    /// These, by their names such as `FillShelf`.
    Only(&'static [&'static str]),
}

impl Rpcs {
    /// Whether the RPC of this name is among them; `changes` says whether it changes something.
    pub fn have(self, rpc: &str, changes: bool) -> bool {
        match self {
            Self::All => true,
            Self::Mutations => changes,
            Self::Only(names) => names.contains(&rpc),
        }
    }
}

/// What a program can do about a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// Nothing: the same call will be refused again.
    Never,
    /// Repeat the same call, with the same `Idempotency-Key` if it had a key, after this time; told in a `RetryInfo`.
    After(Duration),
    /// Get a new access token, then repeat the same call.
    WithNewToken,
}

impl Retry {
    /// After which time a repeat may help; `None` when time alone does not help.
    pub fn delay(self) -> Option<Duration> {
        match self {
            Self::After(delay) => Some(delay),
            Self::Never | Self::WithNewToken => None,
        }
    }
}

/// A reason of some catalogue.
pub trait Reason: Copy + Send + Sync + 'static {
    /// What there is to know of it.
    fn entry(self) -> &'static Entry;
}

/// Declares a catalogue of reasons: an enum with the constant `ALL`, the method `name`, and a [`Reason`] whose names follow
/// from nothing but this table.
///
/// ```
/// use std::time::Duration;
///
/// use rpc::{ErrorCode, Reason as _, Retry, Rpcs};
///
/// rpc::reasons! {
///     /// Why the shop says no.
///     pub enum Reason {
///         /// The shelf is full.
///         ShelfFull = Entry {
///             name: "SHELF_FULL",
///             code: Some(ErrorCode::FailedPrecondition),
///             rpcs: Rpcs::Only(&["FillShelf"]),
///             by_saga: false,
///             when: "the shelf holds no more",
///             metadata: &["shelf"],
///             retry: Retry::Never,
///             tell: "The shelf is full.",
///         },
///     }
/// }
///
/// assert_eq!(Reason::ALL, [Reason::ShelfFull]);
/// assert_eq!(Reason::ShelfFull.entry().metadata, ["shelf"]);
/// assert_eq!(String::from(Reason::ShelfFull), "SHELF_FULL");
/// ```
#[macro_export]
macro_rules! reasons {
    (
        $(#[$about:meta])*
        pub enum $catalogue:ident {
            $($(#[$doc:meta])* $reason:ident = Entry { $($field:ident: $value:expr),* $(,)? }),* $(,)?
        }
    ) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $catalogue {
            $($(#[$doc])* $reason),*
        }

        impl $catalogue {
            /// Every reason, as they are declared.
            pub const ALL: &'static [Self] = &[$(Self::$reason),*];

            /// The name in UPPER_SNAKE_CASE.
            pub fn name(self) -> &'static str {
                $crate::Reason::entry(self).name
            }
        }

        impl $crate::Reason for $catalogue {
            fn entry(self) -> &'static $crate::Entry {
                match self {
                    $(Self::$reason => {
                        static ENTRY: $crate::Entry = $crate::Entry { $($field: $value),* };
                        &ENTRY
                    })*
                }
            }
        }

        impl ::core::convert::From<$catalogue> for ::std::string::String {
            fn from(reason: $catalogue) -> Self {
                reason.name().to_owned()
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_belongs_to_every_rpc_to_those_that_change_something_or_to_some_by_name() {
        for (changes, rpc) in [(true, "FillShelf"), (false, "FindSale")] {
            assert!(Rpcs::All.have(rpc, changes));
            assert_eq!(Rpcs::Mutations.have(rpc, changes), changes);
            assert_eq!(Rpcs::Only(&["FindSale"]).have(rpc, changes), rpc == "FindSale");
        }
    }

    #[test]
    fn only_time_that_helps_is_waited_for() {
        let second = Duration::from_secs(1);
        let delays = [Retry::After(second), Retry::Never, Retry::WithNewToken].map(Retry::delay);
        assert_eq!(delays, [Some(second), None, None]);
    }
}
