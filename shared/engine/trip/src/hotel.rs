//! The hotel: a participant that knows its rooms and no saga.

use std::convert::Infallible;

use messaging::{
    Aggregate, Answer, Context, Counter, CounterRefused, Failure, Key, Refusal, Reply, Step, Stored, Table,
};
use serde::{Deserialize, Serialize};

use crate::contracts::hotel::v1;

/// How many rooms each hotel has left: counters, which many writes change at the same time.
pub const ROOMS: Table = Table::new("rooms");

/// What the hotel has promised for one trip.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Stay {
    /// A room of this hotel is taken.
    Reserved(String),
    /// The traveller comes.
    Confirmed,
    /// No room is taken, and none will be.
    Released,
}

impl Aggregate for Stay {
    const SCHEMA: u32 = 1;
}

impl Stored for Stay {
    const TABLE: Table = Table::new("stays");
}

/// Takes a room: the counter and the stay change in one write, or neither does.
pub struct ReserveRoom;

impl Step for ReserveRoom {
    type Command = v1::ReserveRoom;
    type Aggregate = Stay;

    fn key(&self, command: &v1::ReserveRoom) -> Result<Key, Failure> {
        Ok(command.trip_id.clone())
    }

    fn decide(
        &self,
        stay: Option<&Stay>,
        command: &v1::ReserveRoom,
        _context: &Context<'_>,
    ) -> Result<Reply<Stay, Refusal>, Failure> {
        Ok(match stay {
            None => moving(-1, &command.hotel, Stay::Reserved(command.hotel.clone())),
            // ReleaseRoom overtook this command: the saga has turned back and wants no room.
            Some(Stay::Released) => Reply::Already(Err(Refusal::new("RELEASED", "the room was released before"))),
            Some(Stay::Reserved(_) | Stay::Confirmed) => Reply::Already(Ok(())),
        })
    }

    fn refused(
        &self,
        command: &v1::ReserveRoom,
        _refused: CounterRefused,
        _context: &Context<'_>,
    ) -> Result<(Stay, Refusal), Failure> {
        Ok((Stay::Released, Refusal::new("NO_ROOM", format!("{} has no room left", command.hotel))))
    }
}

/// Gives the room back, whether or not [`ReserveRoom`] has arrived.
pub struct ReleaseRoom;

impl Step for ReleaseRoom {
    type Command = v1::ReleaseRoom;
    type Aggregate = Stay;

    fn key(&self, command: &v1::ReleaseRoom) -> Result<Key, Failure> {
        Ok(command.trip_id.clone())
    }

    fn decide(
        &self,
        stay: Option<&Stay>,
        _command: &v1::ReleaseRoom,
        _context: &Context<'_>,
    ) -> Result<Reply<Stay, Infallible>, Failure> {
        match stay {
            // A mark for the ReserveRoom that is still on its way.
            None => Ok(Reply::save(Stay::Released, Ok(()))),
            Some(Stay::Reserved(hotel)) => Ok(moving(1, hotel, Stay::Released)),
            Some(Stay::Released) => Ok(Reply::Already(Ok(()))),
            Some(Stay::Confirmed) => Err(Failure::set_aside("a confirmed room is not released")),
        }
    }
}

/// Makes the reservation final.
pub struct ConfirmRoom;

impl Step for ConfirmRoom {
    type Command = v1::ConfirmRoom;
    type Aggregate = Stay;

    fn key(&self, command: &v1::ConfirmRoom) -> Result<Key, Failure> {
        Ok(command.trip_id.clone())
    }

    fn decide(
        &self,
        stay: Option<&Stay>,
        _command: &v1::ConfirmRoom,
        _context: &Context<'_>,
    ) -> Result<Reply<Stay, Infallible>, Failure> {
        match stay {
            Some(Stay::Reserved(_)) => Ok(Reply::save(Stay::Confirmed, Ok(()))),
            Some(Stay::Confirmed) => Ok(Reply::Already(Ok(()))),
            None | Some(Stay::Released) => Err(Failure::set_aside("no room is reserved")),
        }
    }
}

/// Saves the stay and moves the hotel's counter with it.
fn moving<R>(rooms: i64, hotel: &str, state: Stay) -> Reply<Stay, R> {
    let answer: Answer<R> = Ok(());
    Reply::Save { state, answer, events: Vec::new(), counters: vec![Counter { key: hotel.to_owned(), delta: rooms }] }
}
