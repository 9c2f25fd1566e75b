//! A compensatable step without its undo.
include!("../commands.rs.inc");

fn main() {
    saga::<Data, Message>("sell", 1)
        .undone_by::<Reject>()
        .compensatable::<Reserve>()
        .pivot::<Charge>()
        .build();
}
