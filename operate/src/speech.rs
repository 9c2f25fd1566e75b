//! What the program says. Whoever reads it may stop to, as `head` does; the work goes on.

use std::fmt::Arguments;
use std::io::Write;

/// Says a line.
macro_rules! say {
    ($($part:tt)*) => { $crate::speech::line(format_args!($($part)*)) };
}
pub(crate) use say;

pub(crate) fn line(line: Arguments<'_>) {
    // A reader that has gone is no reason to leave a message half moved.
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// So many of these, such as `1 message` and `2 messages`.
pub(crate) fn count(number: usize, one: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {one}s") }
}
