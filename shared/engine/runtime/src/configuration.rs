//! Configuration from the environment, parsed once.

use std::collections::BTreeMap;
use std::ffi::OsString;

use serde::de::DeserializeOwned;
use thiserror::Error;

/// A variable that is missing or malformed; the function does not start.
#[derive(Debug, Error)]
#[error("the function's environment is incomplete: {0}")]
pub struct ConfigurationError(String);

/// Reads a struct's fields from the variables of the same name in upper case.
///
/// # Errors
/// Names the variable that is missing or malformed.
pub fn configuration<T: DeserializeOwned>() -> Result<T, ConfigurationError> {
    Environment::of_the_process().read()
}

/// The variables that a function is given.
pub(crate) struct Environment(BTreeMap<String, String>);

impl Environment {
    pub(crate) fn of_the_process() -> Self {
        Self::of(std::env::vars_os())
    }

    /// An empty variable counts as missing. A variable that is not text is left out, as no function reads it.
    pub(crate) fn of(variables: impl IntoIterator<Item = (OsString, OsString)>) -> Self {
        let text = |(name, value): (OsString, OsString)| Some((name.into_string().ok()?, value.into_string().ok()?));
        Self(variables.into_iter().filter_map(text).filter(|(_, value)| !value.is_empty()).collect())
    }

    /// Reads a struct's fields from the variables of the same name in upper case.
    pub(crate) fn read<T: DeserializeOwned>(&self) -> Result<T, ConfigurationError> {
        let variables = self.0.iter().map(|(name, value)| (name.clone(), value.clone()));
        envy::from_iter(variables).map_err(|error| match error {
            envy::Error::MissingValue(field) => missing(&field.to_uppercase()),
            envy::Error::Custom(problem) => ConfigurationError(problem),
        })
    }

    /// Reads one variable whose name is only known at run time.
    pub(crate) fn variable(&self, name: &str) -> Result<String, ConfigurationError> {
        self.0.get(name).cloned().ok_or_else(|| missing(name))
    }
}

/// The variable that tells this of what has that name: `gift-cards` and `TABLE` are `GIFT_CARDS_TABLE`.
pub(crate) fn variable_of(name: &str, what: &str) -> String {
    format!("{}_{what}", name.to_uppercase().replace('-', "_"))
}

fn missing(name: &str) -> ConfigurationError {
    ConfigurationError(format!("the variable {name} is not set"))
}

#[cfg(test)]
mod tests;
