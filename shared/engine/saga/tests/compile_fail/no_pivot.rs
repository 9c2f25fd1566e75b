//! A saga that can never be sure to complete.
include!("../commands.rs.inc");

fn main() {
    saga::<Data, Message>("sell", 1)
        .undone_by::<Reject>()
        .compensatable::<Reserve, Release>()
        .build();
}
