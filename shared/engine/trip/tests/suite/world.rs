//! Both services and the orchestrator on one bus, over tables in memory.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use messaging::{
    AVAILABLE, Aggregate, EffectParticipant, Envelope, Failure, Handler, OutboxEntry, Participant, Record, Store,
    Stored, Write, ids,
};
use orchestration::{EntryState, Orchestrator, SagaInstance};
use testkit::builders::{counter, event};
use testkit::{Bus, Faults, MemoryDatabase, MemoryStore, Schedule, Worker, queue_url};
use trip::contracts::airline::v1::TripRequested;
use trip::{BookSeat, CancelTrip, ConfirmRoom, ROOMS, ReleaseRoom, ReserveRoom, Seats, Stay, Trip, registry};

const ORCHESTRATOR: &str = "orchestrate-saga";
const TRIP: &str = "trip-1";
const HOTEL: &str = "sea-view";

/// The system: its queues, and its tables.
pub(crate) struct World {
    pub(crate) bus: Bus,
    /// What its queues and tables will meet.
    pub(crate) faults: Faults,
    database: MemoryDatabase,
}

/// What the hotel and the flight have left.
pub(crate) struct Left {
    pub(crate) rooms: i64,
    pub(crate) seats: usize,
}

impl World {
    /// The system on a bus with this schedule, before anybody asks for a trip.
    pub(crate) fn new(schedule: Schedule, left: Left) -> Self {
        let faults = Faults::default();
        let (bus, database) = (Bus::with_faults(schedule, faults.clone()), MemoryDatabase::with_faults(faults.clone()));
        let mut world = Self { bus, faults, database };
        let rooms = serde_json::to_value(counter(HOTEL, 1, left.rooms)).expect("JSON");
        world.database.table(ROOMS.name).plant(HOTEL, rooms);
        let stays = world.table::<Stay>().with_counters(ROOMS.name);
        world.serve(Participant(ReserveRoom), &stays);
        world.serve(Participant(ReleaseRoom), &stays);
        world.serve(Participant(ConfirmRoom), &stays);
        let trips = world.table::<Trip>();
        world.serve(EffectParticipant(BookSeat(Arc::new(Plane::with(left.seats)))), &trips);
        world.serve(Participant(CancelTrip), &trips);
        let orchestrator = Orchestrator::new(ORCHESTRATOR, registry(), queue_url(ORCHESTRATOR));
        world.serve(orchestrator, &world.database.table("sagas"));
        // What is written with a trip's event is published, and the orchestrator hears of it.
        world.bus.relay("trips-stream", &trips);
        world.bus.subscribe("airline.v1.TripRequested", ORCHESTRATOR);
        world
    }

    /// A function's queue has the function's name.
    fn serve(&mut self, handler: impl Handler + 'static, table: &MemoryStore) {
        let queue = handler.source().to_owned();
        self.bus.register(&queue, Worker::new(handler, table.clone()));
    }

    fn table<A: Stored>(&self) -> MemoryStore {
        self.database.table(A::TABLE.name)
    }

    /// Somebody asks for a trip: one write holds the trip and the event that starts the saga.
    pub(crate) async fn request_trip(&self) {
        let trip = Record::of(TRIP.to_owned(), 1, &Trip::Requested).expect("a record");
        let trip = Record { outbox: vec![OutboxEntry::of(&requested()).expect("an entry")], ..trip };
        self.table::<Trip>().save(&Write::of(trip)).await.expect("saved");
    }

    /// The commands of the saga so far, each with its outcome.
    pub(crate) fn course(&self) -> Vec<String> {
        let record = self.database.table("sagas").peek(&ids::saga(requested().message_id).to_string());
        let saga: SagaInstance = record.expect("a saga").aggregate().expect("an instance");
        let told = |entry: &orchestration::Entry| match entry.state {
            EntryState::Sent => format!("{}?", entry.handler),
            EntryState::Succeeded => entry.handler.clone(),
            EntryState::Refused | EntryState::Unknown => format!("{}: {}", entry.handler, entry.reason),
        };
        saga.entries.iter().map(told).collect()
    }

    /// What the airline knows.
    pub(crate) fn trip(&self) -> Option<Trip> {
        state(&self.table::<Trip>())
    }

    /// What the hotel knows.
    pub(crate) fn stay(&self) -> Option<Stay> {
        state(&self.table::<Stay>())
    }

    /// How many rooms the hotel has left.
    pub(crate) fn rooms(&self) -> Option<i64> {
        self.database.table(ROOMS.name).peek(HOTEL)?.attributes.get(AVAILABLE)?.as_i64()
    }
}

fn state<A: Aggregate>(table: &MemoryStore) -> Option<A> {
    Some(table.peek(TRIP)?.aggregate().expect("a state"))
}

fn requested() -> Envelope {
    let (trip_id, flight, hotel) = (TRIP.to_owned(), "LH 400".to_owned(), HOTEL.to_owned());
    event(1, TripRequested { trip_id, flight, hotel, ..Default::default() })
}

/// A plane with some seats: whoever asks again under a reference gets the same seat.
struct Plane {
    seats: usize,
    taken: Mutex<BTreeMap<String, String>>,
}

impl Plane {
    fn with(seats: usize) -> Self {
        Self { seats, taken: Mutex::default() }
    }
}

#[async_trait]
impl Seats for Plane {
    async fn take(&self, _flight: &str, reference: &str) -> Result<Option<String>, Failure> {
        let mut taken = self.taken.lock().expect("no test panics while it takes a seat");
        let next = taken.len() + 1;
        if !taken.contains_key(reference) && next <= self.seats {
            taken.insert(reference.to_owned(), format!("{next}A"));
        }
        Ok(taken.get(reference).cloned())
    }
}
