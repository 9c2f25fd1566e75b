//! YAML as a person would write it: snippets with places for words and for whole lines, and the template's names.

use heck::{ToShoutySnakeCase, ToUpperCamelCase};

/// How the logical ids of what belongs to this name begin: `create-ticket` is `CreateTicket`.
pub(super) fn id(name: &str) -> String {
    name.to_upper_camel_case()
}

/// The variable that tells this of that name: `create-ticket` and `QUEUE_URL` are `CREATE_TICKET_QUEUE_URL`.
pub(super) fn variable(name: &str, what: &str) -> String {
    format!("{}_{what}", name.to_shouty_snake_case())
}

/// A text that YAML reads as this text and as nothing else.
pub(super) fn text(text: &str) -> String {
    let plain = |letter: char| letter.is_alphanumeric() || " .,;-_'".contains(letter);
    let words = ["", "true", "false", "yes", "no", "on", "off", "y", "n", "null"];
    let is_plain = text.starts_with(char::is_alphabetic) && text.chars().all(plain) && !text.ends_with(' ');
    if is_plain && !words.contains(&text.to_lowercase().as_str()) {
        return text.to_owned();
    }
    // A text of JSON is one of YAML.
    serde_json::Value::from(text).to_string()
}

/// The snippet with a value in place of each `<word>`, and lines in place of each line that is a `<word>` of theirs.
pub(crate) fn filled(snippet: &str, words: &[(&str, &str)], lines: &[(&str, Vec<String>)]) -> String {
    let mut filled = String::new();
    for line in snippet.lines() {
        let body = line.trim_start();
        let indent = &line[..line.len() - body.len()];
        match lines.iter().find(|(name, _)| body == format!("<{name}>")) {
            Some((_, lines)) => lines.iter().for_each(|line| filled += &indented(indent, line)),
            None => {
                let word = |line: String, (name, value): &(&str, &str)| line.replace(&format!("<{name}>"), value);
                filled += &words.iter().fold(line.to_owned(), word);
                filled.push('\n');
            }
        }
    }
    filled
}

/// A line with this indentation; an empty line has no indentation.
pub(crate) fn indented(indent: &str, line: &str) -> String {
    if line.is_empty() { "\n".to_owned() } else { format!("{indent}{line}\n") }
}

/// Texts with an empty line between them.
pub(super) fn parted(texts: impl IntoIterator<Item = String>) -> String {
    texts.into_iter().collect::<Vec<_>>().join("\n")
}

/// One line after the other.
pub(super) fn lines(lines: impl IntoIterator<Item = String>) -> String {
    lines.into_iter().map(|line| line + "\n").collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_quoted_where_yaml_would_read_something_else() {
        for plain in ["sandbox", "Ends create-order well.", "It's a, b; c_d", "Not"] {
            assert_eq!(text(plain), plain);
        }
        for other in ["", "No", "true", "10", "-1", "a: b", "a #b", "a ", " a", "*a", "{a}", "a\"b", "~"] {
            let quoted = text(other);
            assert!(quoted.starts_with('"'), "{quoted}");
            assert_eq!(serde_json::from_str::<String>(&quoted).expect("a text"), other);
        }
    }

    #[test]
    fn words_and_lines_come_in_their_places() {
        let snippet = "<Id>:\n  a: <name>-<name>\n  <lines>\n  b: <lines>\n";
        let words = [("Id", "It"), ("name", "x")];
        let inserted = |lines: &[&str]| vec![("lines", lines.iter().map(|line| (*line).to_owned()).collect())];
        let expected = "It:\n  a: x-x\n  - 1\n\n  - 2\n  b: <lines>\n";
        assert_eq!(filled(snippet, &words, &inserted(&["- 1", "", "- 2"])), expected);
        assert_eq!(filled(snippet, &words, &inserted(&[])), "It:\n  a: x-x\n  b: <lines>\n");
    }
}
