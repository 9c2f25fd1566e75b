//! Configuration from the environment, parsed once.

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
    // An empty value is as good as none, and what is not text is no value of ours.
    let variables =
        std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    parse(variables.filter(|(_, value)| !value.is_empty()))
}

/// Reads one variable whose name is only known at run time.
///
/// # Errors
/// Names the variable that is missing or not text.
pub(crate) fn variable(name: &str) -> Result<String, ConfigurationError> {
    std::env::var(name).map_err(|error| ConfigurationError(format!("the variable {name}: {error}")))
}

fn parse<T: DeserializeOwned>(variables: impl IntoIterator<Item = (String, String)>) -> Result<T, ConfigurationError> {
    envy::from_iter(variables).map_err(|error| {
        ConfigurationError(match error {
            envy::Error::MissingValue(field) => format!("the variable {} is not set", field.to_uppercase()),
            envy::Error::Custom(problem) => problem,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    struct Limits {
        orders_table: String,
        approval_limit: i64,
    }

    fn read(variables: &[(&str, &str)]) -> Result<Limits, ConfigurationError> {
        parse(variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
    }

    #[test]
    fn fields_come_from_variables_in_upper_case() {
        let limits = read(&[("ORDERS_TABLE", "orders"), ("APPROVAL_LIMIT", "7")]).expect("a configuration");
        assert_eq!((limits.orders_table.as_str(), limits.approval_limit), ("orders", 7));
    }

    #[test]
    fn a_problem_names_its_variable() {
        let missing = read(&[("ORDERS_TABLE", "orders")]).expect_err("a problem").to_string();
        assert!(missing.contains("APPROVAL_LIMIT"), "{missing}");
        let malformed = read(&[("ORDERS_TABLE", "orders"), ("APPROVAL_LIMIT", "much")]).expect_err("a problem");
        assert!(malformed.to_string().contains("APPROVAL_LIMIT"), "{malformed}");
    }
}
