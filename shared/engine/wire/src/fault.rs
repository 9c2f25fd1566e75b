//! What is said of JSON that cannot be read.

use serde_json::error::Category;

/// What is wrong with a JSON text and where, in words of our own: those of the error may quote a value, which may be a secret.
///
/// ```
/// let error = serde_json::from_str::<u32>("\"tok_secret\"").expect_err("an error");
/// assert_eq!(wire::fault(&error), "a value is not what it should be, at line 1, column 12");
/// ```
pub fn fault(error: &serde_json::Error) -> String {
    let fault = match error.classify() {
        Category::Syntax => "it is no JSON",
        Category::Eof => "it ends too early",
        Category::Data => "a value is not what it should be",
        Category::Io => "it cannot be read to its end",
    };
    // What was parsed before has no lines any more.
    match error.line() {
        0 => fault.to_owned(),
        line => format!("{fault}, at line {line}, column {}", error.column()),
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use serde_json::{Value, json};

    use super::*;

    fn told<T: serde::de::DeserializeOwned>(text: &str) -> String {
        fault(&serde_json::from_str::<T>(text).err().expect("an error"))
    }

    #[test]
    fn a_fault_is_told_by_its_kind_and_its_place_and_never_by_a_value() {
        assert_eq!(told::<Value>("{\n  tok_secret"), "it is no JSON, at line 2, column 3");
        assert_eq!(told::<Value>("{\"card\": \"tok_secret"), "it ends too early, at line 1, column 20");
        assert_eq!(told::<u32>("\"tok_secret\""), "a value is not what it should be, at line 1, column 12");
        let parsed = serde_json::from_value::<u32>(json!("tok_secret")).expect_err("an error");
        assert!(parsed.to_string().contains("tok_secret"), "{parsed}");
        assert_eq!(fault(&parsed), "a value is not what it should be");
        let broken = serde_json::Error::io(io::Error::other("tok_secret"));
        assert_eq!(fault(&broken), "it cannot be read to its end");
    }
}
