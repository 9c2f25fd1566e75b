//! What is wrong with a request, gathered while the request is parsed.

use std::fmt;

use wire::shape::{Fault, MAX_FAULTS};

use crate::RpcError;

/// The faults of one request, at most [`MAX_FAULTS`].
#[derive(Debug, Default)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// Notes what a field must be.
    pub fn add(&mut self, field: impl Into<String>, must: impl fmt::Display) {
        if self.0.len() < MAX_FAULTS {
            self.0.push(Fault::new(field, must.to_string()));
        }
    }

    /// What was parsed, or nothing after its error was noted, which says what the field must be.
    pub fn take<T, E: fmt::Display>(&mut self, field: impl Into<String>, parsed: Result<T, E>) -> Option<T> {
        parsed.map_err(|must| self.add(field, must)).ok()
    }

    /// What was parsed, unless there are faults.
    ///
    /// # Errors
    /// The faults, as [`RpcError::Invalid`].
    pub fn or<T>(mut self, parsed: Option<T>) -> Result<T, RpcError> {
        match parsed {
            Some(parsed) if self.0.is_empty() => Ok(parsed),
            Some(_) => Err(RpcError::Invalid(self.0)),
            None => {
                if self.0.is_empty() {
                    self.add("", "must be complete");
                }
                Err(RpcError::Invalid(self.0))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_parsed_is_given_only_without_a_fault() {
        let mut faults = Faults::default();
        assert_eq!(faults.take("quantity", Ok::<_, &str>(1)), Some(1));
        assert_eq!(faults.or(Some(7)), Ok(7));
        assert_eq!(Faults::default().or(None::<i32>), Err(RpcError::invalid("", "must be complete")));
        for parsed in [Some(7), None] {
            let mut faults = Faults::default();
            assert_eq!(faults.take("items[2].quantity", Err::<i32, _>("must be a whole number")), None);
            faults.add("card_token", "must be given");
            let both = [("items[2].quantity", "must be a whole number"), ("card_token", "must be given")];
            let both = both.map(|(field, must)| Fault::new(field, must));
            assert_eq!(faults.or(parsed), Err(RpcError::Invalid(both.to_vec())));
        }
    }

    #[test]
    fn the_faults_that_are_told_are_bounded() {
        let mut faults = Faults::default();
        (0..=MAX_FAULTS).for_each(|index| faults.add(format!("items[{index}]"), "must be a JSON object"));
        let Err(RpcError::Invalid(told)) = faults.or(Some(())) else { panic!("no fault") };
        assert_eq!(told.len(), 20);
    }
}
