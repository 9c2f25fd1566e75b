//! The saga: its steps, how it words their commands, and what a deployment has to know of them.

use messaging::{Deployment, Payload, Refusal};
use orchestration::Registry;
use saga::{CommandOf, Saga, saga};

use crate::contracts::airline::v1::{BookSeat, CancelTrip, TripRequested};
use crate::contracts::hotel::v1::{ConfirmRoom, ReleaseRoom, ReserveRoom};

/// A seat and a room, or neither.
pub fn book_trip() -> Saga<TripRequested, Payload> {
    saga("book-trip", 1)
        .undone_by::<CancelTrip>()
        .compensatable::<ReserveRoom, ReleaseRoom>()
        .pivot::<BookSeat>()
        .retriable::<ConfirmRoom>()
        .build()
}

impl CommandOf<TripRequested> for ReserveRoom {
    fn of(trip: &TripRequested) -> Self {
        Self { trip_id: trip.trip_id.clone(), hotel: trip.hotel.clone(), ..Default::default() }
    }
}

impl CommandOf<TripRequested> for ReleaseRoom {
    fn of(trip: &TripRequested) -> Self {
        Self { trip_id: trip.trip_id.clone(), ..Default::default() }
    }
}

impl CommandOf<TripRequested> for BookSeat {
    fn of(trip: &TripRequested) -> Self {
        Self { trip_id: trip.trip_id.clone(), flight: trip.flight.clone(), ..Default::default() }
    }
}

impl CommandOf<TripRequested> for ConfirmRoom {
    fn of(trip: &TripRequested) -> Self {
        Self { trip_id: trip.trip_id.clone(), ..Default::default() }
    }
}

/// The command that undoes the start says why the saga turned back.
impl CommandOf<TripRequested> for CancelTrip {
    const WHY: Option<fn(Self, &Refusal) -> Self> =
        Some(|command, because| Self { reason: because.reason.clone(), ..command });

    fn of(trip: &TripRequested) -> Self {
        Self { trip_id: trip.trip_id.clone(), ..Default::default() }
    }
}

/// Every saga of the system; a new version stands beside the old one until the last run of the old one is over.
pub fn registry() -> Registry {
    Registry::default().with::<TripRequested, TripRequested>(book_trip())
}

/// What a deployment has to know of each step: its table, and the table of the counters that it moves.
pub const STEPS: [Deployment; 5] = [
    Deployment::step::<crate::ReserveRoom>("Takes a room of the hotel.").with_counters(crate::ROOMS),
    Deployment::step::<crate::ReleaseRoom>("Gives the room back.").with_counters(crate::ROOMS),
    Deployment::step::<crate::ConfirmRoom>("Makes the reservation final."),
    Deployment::effect_step::<crate::BookSeat>("Takes a seat on the flight."),
    Deployment::step::<crate::CancelTrip>("Says that the trip does not take place."),
];
