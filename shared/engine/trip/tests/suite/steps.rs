//! One step at a time: what a command does that comes again when the inbox has long forgotten it.

use std::sync::Arc;

use async_trait::async_trait;
use messaging::{EffectParticipant, Failure, Handler, Participant, Payload, Record, Store, Write, deliver};
use testkit::builders::{at, command, counter, payloads, succeeded};
use testkit::{MemoryDatabase, MemoryOutbound, MemoryStore};
use trip::contracts::airline::v1 as airline;
use trip::contracts::hotel::v1 as hotel;
use trip::{BookSeat, CancelTrip, ConfirmRoom, ReleaseRoom, ReserveRoom, Seats, Trip};

const TRIP: &str = "trip-1";

/// A flight on which every seat is free.
struct EmptyPlane;

#[async_trait]
impl Seats for EmptyPlane {
    async fn take(&self, _flight: &str, _reference: &str) -> Result<Option<String>, Failure> {
        Ok(Some("1A".to_owned()))
    }
}

/// Handles the command under two identities: the second time it changes nothing, and is answered as the first time.
async fn comes_again(handler: &impl Handler, items: &MemoryStore, numbers: [u128; 2], payload: impl Into<Payload>) {
    let (outbound, payload, source) = (MemoryOutbound::default(), payload.into(), handler.source());
    let [first, second] = numbers.map(|number| command(number, payload.clone()));
    deliver(handler, items, &outbound, &first, at(0)).await.expect(source);
    let before = items.peek_all();
    deliver(handler, items, &outbound, &second, at(0)).await.expect(source);
    assert_eq!(items.peek_all(), before, "{source}");
    assert_eq!(payloads(&outbound.sent()), [succeeded(), succeeded()], "{source}");
}

/// The stays of a hotel with two rooms, and the hotel's counter.
async fn stays() -> (MemoryStore, MemoryStore) {
    let database = MemoryDatabase::default();
    let rooms = database.table("rooms");
    rooms.save(&Write::of(counter("sea-view", 1, 2))).await.expect("saved");
    (database.table("stays").with_counters("rooms"), rooms)
}

fn reserve() -> hotel::ReserveRoom {
    hotel::ReserveRoom { trip_id: TRIP.to_owned(), hotel: "sea-view".to_owned(), ..Default::default() }
}

fn left(rooms: &MemoryStore) -> i64 {
    rooms.peek("sea-view").and_then(|rooms| rooms.attributes.get(messaging::AVAILABLE)?.as_i64()).expect("a counter")
}

#[tokio::test]
async fn a_room_is_reserved_and_confirmed_once() {
    let (stays, rooms) = stays().await;
    comes_again(&Participant(ReserveRoom), &stays, [1, 2], reserve()).await;
    let confirm = hotel::ConfirmRoom { trip_id: TRIP.to_owned(), ..Default::default() };
    comes_again(&Participant(ConfirmRoom), &stays, [3, 4], confirm).await;
    comes_again(&Participant(ReserveRoom), &stays, [5, 6], reserve()).await;
    assert_eq!(left(&rooms), 1);
}

#[tokio::test]
async fn a_room_is_given_back_once() {
    let (stays, rooms) = stays().await;
    comes_again(&Participant(ReserveRoom), &stays, [1, 2], reserve()).await;
    let release = hotel::ReleaseRoom { trip_id: TRIP.to_owned(), ..Default::default() };
    comes_again(&Participant(ReleaseRoom), &stays, [3, 4], release).await;
    assert_eq!(left(&rooms), 2);
}

/// The trips of the airline, with one that is requested.
async fn trips() -> MemoryStore {
    let trips = MemoryStore::default();
    let trip = Record::of(TRIP.to_owned(), 1, &Trip::Requested).expect("a record");
    trips.save(&Write::of(trip)).await.expect("saved");
    trips
}

#[tokio::test]
async fn a_trip_is_booked_or_canceled_once() {
    let book = airline::BookSeat { trip_id: TRIP.to_owned(), flight: "LH 400".to_owned(), ..Default::default() };
    comes_again(&EffectParticipant(BookSeat(Arc::new(EmptyPlane))), &trips().await, [1, 2], book).await;
    let cancel = airline::CancelTrip { trip_id: TRIP.to_owned(), ..Default::default() };
    comes_again(&Participant(CancelTrip), &trips().await, [1, 2], cancel).await;
}
