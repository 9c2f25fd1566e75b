//! YAML that is put together value by value, in the order in which it is to be read.

use anyhow::{Context, Result};
use saphyr::{Mapping, Scalar, Yaml, YamlEmitter};
use serde_json::Value;

/// A value of a document.
pub(super) type Node = Yaml<'static>;

/// A text.
pub(super) fn text(text: impl Into<String>) -> Node {
    Yaml::Value(Scalar::String(text.into().into()))
}

/// A whole number.
pub(super) fn number(number: i64) -> Node {
    Yaml::Value(Scalar::Integer(number))
}

/// A truth value.
pub(super) fn truth(truth: bool) -> Node {
    Yaml::Value(Scalar::Boolean(truth))
}

/// A list.
pub(super) fn list(nodes: impl IntoIterator<Item = Node>) -> Node {
    Yaml::Sequence(nodes.into_iter().collect())
}

/// A list of texts.
pub(super) fn texts<T: Into<String>>(texts: impl IntoIterator<Item = T>) -> Node {
    list(texts.into_iter().map(text))
}

/// A reference to what stands elsewhere in the document, such as `#/components/schemas/order.v1.Money`.
pub(super) fn reference(place: &str) -> Node {
    object([("$ref", text(place))])
}

/// An object with these fields.
pub(super) fn object<'a>(fields: impl IntoIterator<Item = (&'a str, Node)>) -> Node {
    Yaml::Mapping(fields.into_iter().map(|(name, value)| (text(name), value)).collect())
}

/// The fields of the one, then those of the other.
pub(super) fn joined(one: Node, other: Node) -> Node {
    let fields = |node| if let Yaml::Mapping(fields) = node { fields } else { Mapping::new() };
    Yaml::Mapping(fields(one).into_iter().chain(fields(other)).collect())
}

/// What a JSON text holds, its fields in the text's order.
///
/// # Errors
/// A text that is no JSON, or a number that is not whole.
pub(super) fn from_json(json: &str) -> Result<Node> {
    // JSON is YAML, whose reader keeps the order.
    serde_json::from_str::<Value>(json).context("it is no JSON")?;
    let documents = saphyr::LoadableYamlNode::load_from_str(json).context("it is no YAML")?;
    let document: Vec<Yaml<'_>> = documents;
    let document = document.into_iter().next().context("it is empty")?;
    owned(document)
}

fn owned(node: Yaml<'_>) -> Result<Node> {
    Ok(match node {
        Yaml::Value(Scalar::String(value)) => text(value.into_owned()),
        Yaml::Value(Scalar::Integer(value)) => number(value),
        Yaml::Value(Scalar::Boolean(value)) => truth(value),
        Yaml::Value(Scalar::Null) => Yaml::Value(Scalar::Null),
        Yaml::Sequence(nodes) => Yaml::Sequence(nodes.into_iter().map(owned).collect::<Result<_>>()?),
        Yaml::Mapping(fields) => {
            let fields = fields.into_iter().map(|(name, value)| Ok((owned(name)?, owned(value)?)));
            Yaml::Mapping(fields.collect::<Result<_>>()?)
        }
        other => anyhow::bail!("an example holds {other:?}"),
    })
}

/// The lines of a value.
///
/// # Errors
/// A value that YAML cannot express.
pub(super) fn lines(node: &Node) -> Result<Vec<String>> {
    let mut written = String::new();
    let mut emitter = YamlEmitter::new(&mut written);
    emitter.multiline(true);
    emitter.dump(node)?;
    // The emitter indents empty lines as well.
    Ok(written.lines().skip(1).map(|line| line.trim_end().to_owned()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_written_in_the_order_of_its_fields() {
        let inner = joined(object([("z", text("1")), ("a", number(1))]), object([("m", truth(false))]));
        let node = object([("list", texts(["a: b", "c"])), ("inner", inner), ("long", text("one\ntwo"))]);
        let expected = [
            "list:",
            "  - \"a: b\"",
            "  - c",
            "inner:",
            "  z: \"1\"",
            "  a: 1",
            "  m: false",
            "long: |-",
            "  one",
            "  two",
        ];
        assert_eq!(lines(&node).expect("YAML"), expected);
    }

    #[test]
    fn an_example_keeps_its_order_and_its_types() {
        let node = from_json("{\"z\":[1,\"2\",true,null],\"a\":{}}").expect("JSON");
        assert_eq!(lines(&node).expect("YAML"), ["z:", "  - 1", "  - \"2\"", "  - true", "  - ~", "a: {}"]);
        from_json("a: b").expect_err("YAML is no JSON");
        from_json("[1.5]").expect_err("a fraction");
    }
}
