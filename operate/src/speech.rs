//! What the program says. Whoever reads it may stop to, as `head` does; the work goes on. `println!` would panic then, so that
//! whatever was begun stays half done; clippy refuses it in this crate.

use std::fmt::Arguments;
use std::io::Write;

/// Says a line.
macro_rules! say {
    ($($part:tt)*) => { $crate::speech::line(std::io::stdout(), format_args!($($part)*)) };
}
pub(crate) use say;

/// Says a line about what went wrong, beside what is said otherwise.
macro_rules! complain {
    ($($part:tt)*) => { $crate::speech::line(std::io::stderr(), format_args!($($part)*)) };
}
pub(crate) use complain;

pub(crate) fn line(mut to: impl Write, line: Arguments<'_>) {
    // A reader that has gone is no reason to leave a message half moved.
    let _ = writeln!(to, "{line}");
}

/// So many of these, such as `1 message` and `2 messages`.
pub(crate) fn count(number: usize, one: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {one}s") }
}

#[cfg(test)]
mod tests {
    use std::io::{Error, ErrorKind, Result};

    use super::*;

    /// A pipe whose reader has gone, and how often it was written to.
    struct Closed(usize);

    impl Write for Closed {
        fn write(&mut self, _: &[u8]) -> Result<usize> {
            self.0 += 1;
            Err(Error::from(ErrorKind::BrokenPipe))
        }

        fn flush(&mut self) -> Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_reader_that_has_gone_stops_nothing() {
        let mut closed = Closed(0);
        line(&mut closed, format_args!("one"));
        line(&mut closed, format_args!("two"));
        assert_eq!(closed.0, 2, "each line is tried, and no line fails");
    }
}
