//! The airline: it holds the trips, and asks a system outside for seats.

use std::convert::Infallible;
use std::sync::Arc;

use async_trait::async_trait;
use messaging::{
    Aggregate, Conclusion, Context, EffectReply, EffectStep, Failure, Key, Refusal, Reply, Step, Stored, Table,
};
use serde::{Deserialize, Serialize};

use crate::contracts::airline::v1;

/// What the airline knows of one trip.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Trip {
    /// The saga decides.
    Requested,
    /// It takes place, on this seat.
    Booked(String),
    /// It does not take place, for this reason.
    Canceled(String),
}

impl Aggregate for Trip {
    const SCHEMA: u32 = 1;
}

impl Stored for Trip {
    const TABLE: Table = Table::new("trips");
}

/// The system that holds the seats of all flights: another company's, so its answers are no part of our writes.
#[async_trait]
pub trait Seats: Send + Sync {
    /// Takes a seat, or `None` when the flight is full; the same reference gets the same answer.
    ///
    /// # Errors
    /// [`Failure::Retry`] when the system does not answer.
    async fn take(&self, flight: &str, reference: &str) -> Result<Option<String>, Failure>;
}

/// Takes a seat.
pub struct BookSeat(pub Arc<dyn Seats>);

/// The effect of [`BookSeat`]: a seat on this flight, for this trip.
pub struct TakeSeat {
    flight: String,
    trip_id: String,
}

#[async_trait]
impl EffectStep for BookSeat {
    type Command = v1::BookSeat;
    type Aggregate = Trip;
    type Effect = TakeSeat;
    type Outcome = Option<String>;

    fn key(&self, command: &v1::BookSeat) -> Result<Key, Failure> {
        Ok(command.trip_id.clone())
    }

    fn decide(
        &self,
        trip: Option<&Trip>,
        command: &v1::BookSeat,
        _context: &Context<'_>,
    ) -> Result<EffectReply<Trip, Refusal, TakeSeat>, Failure> {
        match trip {
            Some(Trip::Requested) => {
                let (flight, trip_id) = (command.flight.clone(), command.trip_id.clone());
                Ok(EffectReply::Perform(TakeSeat { flight, trip_id }))
            }
            Some(Trip::Booked(_)) => Ok(EffectReply::Already(Ok(()))),
            Some(Trip::Canceled(_)) | None => Err(Failure::set_aside("no such trip is to be booked")),
        }
    }

    async fn perform(&self, seat: &TakeSeat) -> Result<Option<String>, Failure> {
        self.0.take(&seat.flight, &seat.trip_id).await
    }

    fn conclude(
        &self,
        _trip: Option<&Trip>,
        seat: Option<String>,
        _context: &Context<'_>,
    ) -> Result<Conclusion<Trip, Refusal>, Failure> {
        Ok(match seat {
            Some(seat) => Conclusion::save(Trip::Booked(seat), Ok(())),
            None => Conclusion::save(Trip::Requested, Err(Refusal::new("FLIGHT_FULL", "the flight has no seat left"))),
        })
    }
}

/// Undoes the request of the trip.
pub struct CancelTrip;

impl Step for CancelTrip {
    type Command = v1::CancelTrip;
    type Aggregate = Trip;

    fn key(&self, command: &v1::CancelTrip) -> Result<Key, Failure> {
        Ok(command.trip_id.clone())
    }

    fn decide(
        &self,
        trip: Option<&Trip>,
        command: &v1::CancelTrip,
        _context: &Context<'_>,
    ) -> Result<Reply<Trip, Infallible>, Failure> {
        match trip {
            Some(Trip::Requested) => Ok(Reply::save(Trip::Canceled(command.reason.clone()), Ok(()))),
            Some(Trip::Canceled(_)) => Ok(Reply::Already(Ok(()))),
            Some(Trip::Booked(_)) | None => Err(Failure::set_aside("no such trip is to be canceled")),
        }
    }
}
