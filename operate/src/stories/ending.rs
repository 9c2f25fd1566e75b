use super::timeline::{Style, Tone};

/// The mark of a check that does not hold.
pub const WRONG: &str = "WRONG";

/// The list of what must hold when a story is over.
#[derive(Debug, Default)]
pub(crate) struct Ending {
    checks: Vec<(String, bool)>,
}

impl Ending {
    /// Notes a condition and whether it holds.
    pub(crate) fn must(&mut self, hold: &str, holds: bool) {
        self.checks.push((hold.to_owned(), holds));
    }

    /// Notes whether `actual` is `expected`; a wrong value is shown.
    pub(crate) fn must_be(&mut self, what: &str, actual: &str, expected: &str) {
        if actual == expected {
            self.must(&format!("{what} is {expected}"), true);
        } else {
            let actual = if actual.is_empty() { "nothing" } else { actual };
            self.must(&format!("{what} is {expected}, but it is {actual}"), false);
        }
    }

    /// How many checks hold, and how many there are.
    pub(crate) fn count(&self) -> (usize, usize) {
        (self.checks.iter().filter(|(_, holds)| *holds).count(), self.checks.len())
    }

    /// Whether there are checks, and all of them hold.
    pub(crate) fn is_good(&self) -> bool {
        !self.checks.is_empty() && self.checks.iter().all(|(_, holds)| *holds)
    }

    /// The list, with a line per check.
    pub(crate) fn render(&self, style: Style) -> String {
        let line = |(hold, holds): &(String, bool)| {
            let (mark, tone) = if *holds { ("ok", Tone::Good) } else { (WRONG, Tone::Bad) };
            format!("  {}  {hold}\n", style.paint(&format!("{mark:>5}"), tone))
        };
        self.checks.iter().map(line).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_wrong_check_spoils_the_ending_and_says_what_is_instead() {
        let mut ending = Ending::default();
        assert!(!ending.is_good(), "nothing was checked");
        ending.must_be("the order", "REJECTED", "REJECTED");
        assert!(ending.is_good());
        ending.must_be("its reason", "", "CARD_DECLINED");
        assert!(!ending.is_good());
        assert_eq!(
            ending.render(Style { colors: false }),
            "     ok  the order is REJECTED\n  WRONG  its reason is CARD_DECLINED, but it is nothing\n"
        );
    }
}
