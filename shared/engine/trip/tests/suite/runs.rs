//! What becomes of a trip.

use std::time::Duration;

use testkit::builders::at;
use testkit::{Faults, Operation, Schedule};
use trip::{Stay, Trip};

use crate::world::{Left, World};

#[tokio::test]
async fn a_trip_has_a_seat_and_a_room() {
    let mut world = World::new(Schedule::in_order(), Left { rooms: 2, seats: 1 });
    world.request_trip().await;
    world.bus.run().await;
    assert_eq!(world.course(), ["reserve-room", "book-seat", "confirm-room"]);
    assert_eq!(world.trip(), Some(Trip::Booked("1A".to_owned())));
    assert_eq!((world.stay(), world.rooms()), (Some(Stay::Confirmed), Some(1)));
}

#[tokio::test]
async fn a_flight_that_is_full_gives_the_room_back() {
    let mut world = World::new(Schedule::in_order(), Left { rooms: 2, seats: 0 });
    world.request_trip().await;
    world.bus.run().await;
    assert_eq!(world.course(), ["reserve-room", "book-seat: FLIGHT_FULL", "release-room", "cancel-trip"]);
    assert_eq!(world.trip(), Some(Trip::Canceled("FLIGHT_FULL".to_owned())));
    assert_eq!((world.stay(), world.rooms()), (Some(Stay::Released), Some(2)));
}

#[tokio::test]
async fn a_hotel_that_wakes_up_too_late_takes_no_room() {
    let mut world = World::new(Schedule::in_order(), Left { rooms: 2, seats: 1 });
    world.bus.pause("reserve-room");
    world.request_trip().await;
    // The saga asks four times and gives up after 10 + 20 + 40 + 80 seconds.
    world.bus.run_until(at(149)).await;
    assert_eq!(world.course(), ["reserve-room?"]);
    world.bus.run_until(at(150)).await;
    assert_eq!(world.course(), ["reserve-room: NO_ANSWER", "release-room", "cancel-trip"]);
    // Now the four commands arrive, and meet the mark that release-room has left.
    world.bus.resume("reserve-room");
    world.bus.run().await;
    assert_eq!(world.trip(), Some(Trip::Canceled("NO_ANSWER".to_owned())));
    assert_eq!((world.stay(), world.rooms()), (Some(Stay::Released), Some(2)));
    assert_eq!(world.bus.dead_letters(), []);
}

#[tokio::test]
async fn a_hotel_without_a_room_is_asked_for_nothing_else() {
    let mut world = World::new(Schedule::in_order(), Left { rooms: 0, seats: 1 });
    world.request_trip().await;
    world.bus.run().await;
    assert_eq!(world.course(), ["reserve-room: NO_ROOM", "cancel-trip"]);
    assert_eq!((world.stay(), world.rooms()), (Some(Stay::Released), Some(0)));
}

/// Messages that come twice, late, at the same time and in any sequence change nothing.
#[tokio::test]
async fn a_trip_is_booked_once_however_often_its_messages_come() {
    for seed in 0..200 {
        let often = Schedule::shuffled(seed).duplicating(30).delaying(30, Duration::from_secs(8)).at_once(3);
        let mut world = World::new(often, Left { rooms: 2, seats: 1 });
        world.request_trip().await;
        world.bus.run().await;
        assert_eq!(world.course(), ["reserve-room", "book-seat", "confirm-room"], "seed {seed}");
        assert_eq!((world.stay(), world.rooms()), (Some(Stay::Confirmed), Some(1)), "seed {seed}");
        assert_eq!(world.bus.dead_letters(), [], "seed {seed}");
    }
}

/// A function can die right before or right after whatever it reads, writes or sends; its message comes again.
#[tokio::test]
async fn a_trip_is_booked_once_wherever_a_function_dies() {
    for operation in 1.. {
        for dies in [Faults::fail, Faults::crash_after] {
            let mut world = World::new(Schedule::in_order(), Left { rooms: 2, seats: 2 });
            world.request_trip().await;
            dies(&world.faults, Operation::Any, operation);
            world.bus.run().await;
            assert_eq!(world.course(), ["reserve-room", "book-seat", "confirm-room"], "operation {operation}");
            assert_eq!(world.trip(), Some(Trip::Booked("1A".to_owned())), "operation {operation}");
            assert_eq!((world.stay(), world.rooms()), (Some(Stay::Confirmed), Some(1)), "operation {operation}");
            if !world.faults.are_over() {
                // There are no more operations than these.
                assert!(operation > 20, "only {operation} operations were tried");
                return;
            }
        }
    }
}
