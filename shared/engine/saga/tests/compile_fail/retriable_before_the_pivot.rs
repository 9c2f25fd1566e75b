//! A retriable step before the pivot.
include!("../commands.rs.inc");

fn main() {
    saga::<Data, Message>("sell", 1)
        .undone_by::<Reject>()
        .retriable::<Ship>()
        .pivot::<Charge>()
        .build();
}
