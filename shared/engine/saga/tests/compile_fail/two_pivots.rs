//! Two points of no return.
include!("../commands.rs.inc");

fn main() {
    saga::<Data, Message>("sell", 1)
        .undone_by::<Reject>()
        .pivot::<Charge>()
        .pivot::<Reserve>()
        .build();
}
