//! A compensation that can be refused.
include!("../commands.rs.inc");

fn main() {
    saga::<Data, Message>("sell", 1)
        .undone_by::<Reject>()
        .compensatable::<Reserve, Charge>()
        .pivot::<Ship>()
        .build();
}
