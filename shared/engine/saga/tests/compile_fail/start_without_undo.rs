//! A saga whose starting transaction nobody undoes.
include!("../commands.rs.inc");

fn main() {
    saga::<Data, Message>("sell", 1)
        .pivot::<Charge>()
        .build();
}
