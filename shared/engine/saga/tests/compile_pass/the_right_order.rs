//! The order of classes that a saga must have.
include!("../commands.rs.inc");

fn main() {
    saga::<Data, Message>("sell", 1)
        .undone_by::<Reject>()
        .compensatable::<Reserve, Release>()
        .pivot_undone_by::<Charge, Refund>()
        .retriable::<Ship>()
        .build();
}
