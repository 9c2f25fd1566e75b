//! A step after the pivot that can be refused.
include!("../commands.rs.inc");

fn main() {
    saga::<Data, Message>("sell", 1)
        .undone_by::<Reject>()
        .pivot::<Charge>()
        .retriable::<Reserve>()
        .build();
}
