//! Whether an error repeats what came in.

use serde_json::Value;

/// A shorter word says nothing, and stands in many texts.
const SHORTEST: usize = 9;
/// The most that an error may say, in bytes: the longest is a refusal's reason of 500 characters, and why it does not fit.
const LONGEST: usize = 2_200;

/// Fails if `told` is long, or repeats a word of `input` that the code does not have in its own texts.
pub(crate) fn repeats_nothing(told: &str, input: &str, texts: &[&str]) {
    assert!(told.len() <= LONGEST, "an error of {} bytes: {}", told.len(), told.chars().take(200).collect::<String>());
    for word in words(input) {
        let is_ours = texts.iter().any(|text| text.contains(word));
        assert!(is_ours || !told.contains(word), "the error repeats {word:?}: {told}");
    }
}

/// The long words of a text.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| word.len() >= SHORTEST)
}

/// Every text, and every number as it is written, that stands somewhere in a JSON document, in one text.
pub(crate) fn values_of(json: &Value) -> String {
    match json {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Array(items) => items.iter().map(values_of).collect::<Vec<_>>().join(" "),
        Value::Object(fields) => fields.values().map(values_of).collect::<Vec<_>>().join(" "),
        Value::Null | Value::Bool(_) => String::new(),
    }
}
