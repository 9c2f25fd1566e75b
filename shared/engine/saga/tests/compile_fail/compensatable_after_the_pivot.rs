//! A compensatable step after the pivot.
include!("../commands.rs.inc");

fn main() {
    saga::<Data, Message>("sell", 1)
        .undone_by::<Reject>()
        .pivot::<Charge>()
        .compensatable::<Reserve, Release>()
        .build();
}
