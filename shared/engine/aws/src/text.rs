//! What SQS and SNS take as text.

use std::borrow::Cow;

/// Whether SQS and SNS take this character.
pub(crate) fn is_storable(character: char) -> bool {
    !matches!(character, '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

/// The text, with the characters that SQS refuses written as JSON escapes. The JSON stays the same, as these characters
/// stand in strings only.
pub(crate) fn storable(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_storable) {
        return Cow::Borrowed(text);
    }
    let escape = |character: char| match character {
        character if is_storable(character) => character.to_string(),
        character => format!("\\u{:04x}", u32::from(character)),
    };
    Cow::Owned(text.chars().map(escape).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_sqs_refuses_is_escaped_and_the_json_stays_the_same() {
        let json = "{\"note\":\"a\u{ffff}b\u{fffe} \u{7f}é🍕\"}";
        let stored = storable(json);
        assert_eq!(stored, "{\"note\":\"a\\uffffb\\ufffe \u{7f}é🍕\"}");
        let parse = |text: &str| serde_json::from_str::<serde_json::Value>(text).expect("JSON");
        assert_eq!(parse(&stored), parse(json));
        assert!(matches!(storable("tab\t newline\n paper 🍕"), Cow::Borrowed(_)));
        assert_eq!(storable("\u{0}"), "\\u0000");
    }

    #[test]
    fn exactly_the_control_characters_and_the_noncharacters_are_refused() {
        for refused in "\u{0}\u{8}\u{b}\u{c}\u{e}\u{1f}\u{fffe}\u{ffff}".chars() {
            assert!(!is_storable(refused), "{refused:?}");
        }
        for taken in "\t\n\r \u{7f}\u{d7ff}\u{e000}\u{fffd}\u{10000}\u{10ffff}".chars() {
            assert!(is_storable(taken), "{taken:?}");
        }
    }
}
