//! What the documents in docs/api/ say of a message.

use anyhow::{Context, Result, anyhow};
use jsonschema::Validator;
use serde_json::{Value, json};

use crate::root;

/// A document, as a reader takes it who knows nothing but the document: a field that it does not describe is a fault.
#[derive(Debug, Clone)]
pub struct Document(Value);

impl Document {
    /// The API for clients without Connect.
    ///
    /// # Errors
    /// A document that cannot be read.
    pub fn openapi() -> Result<Self> {
        Self::read("docs/api/openapi.yaml")
    }

    /// The messages between the functions.
    ///
    /// # Errors
    /// A document that cannot be read.
    pub fn asyncapi() -> Result<Self> {
        Self::read("docs/api/asyncapi.yaml")
    }

    fn read(file: &str) -> Result<Self> {
        let text = std::fs::read_to_string(root().join(file)).with_context(|| file.to_owned())?;
        let mut document = local::template::from_yaml(&text).with_context(|| file.to_owned())?;
        for schema in document["components"]["schemas"].as_object_mut().into_iter().flat_map(|all| all.values_mut()) {
            if schema["properties"].is_object() {
                schema["additionalProperties"] = json!(false);
            }
        }
        Ok(Self(document))
    }

    /// The whole document.
    pub fn as_json(&self) -> &Value {
        &self.0
    }

    /// Says how a value differs from the schema of this name.
    ///
    /// # Errors
    /// Every difference, or a schema that the document does not have.
    pub fn fits(&self, schema: &str, value: &Value) -> Result<()> {
        let validator = self.validator(schema)?;
        let faults: Vec<String> =
            validator.iter_errors(value).map(|fault| format!("{}: {fault}", fault.instance_path())).collect();
        if faults.is_empty() { Ok(()) } else { Err(anyhow!("{value} is no {schema}:\n{}", faults.join("\n"))) }
    }

    /// Says how an envelope differs from the message that it says it is, of the messages between the functions.
    ///
    /// # Errors
    /// Every difference, or a message that the document does not have.
    pub fn message(&self, envelope: &Value) -> Result<()> {
        let name = envelope["subject"]["type"].as_str().context("an envelope without a type")?;
        let message = self.0["components"]["messages"].get(name).with_context(|| format!("no message {name}"))?;
        let mut bare = envelope["payload"].clone();
        bare.as_object_mut().context("an envelope without a payload")?.remove("@type");
        self.fits(name, &bare)?;
        let mut open = Self(self.0.clone());
        // The payload's schema stands beside its `@type`, which is not among its fields.
        open.0["components"]["schemas"][name]["additionalProperties"] = json!(true);
        open.0["components"]["schemas"]["this-message"] = message["payload"].clone();
        open.fits("this-message", envelope)
    }

    /// A validator of the values of the schema of this name.
    ///
    /// # Errors
    /// A schema that the document does not have.
    pub fn validator(&self, schema: &str) -> Result<Validator> {
        let components = &self.0["components"];
        components["schemas"].get(schema).with_context(|| format!("the document has no schema {schema}"))?;
        let place = format!("#/components/schemas/{}", schema.replace('~', "~0").replace('/', "~1"));
        let whole = json!({"$ref": place, "components": components});
        let options = jsonschema::draft202012::options().should_validate_formats(true);
        options.build(&whole).map_err(|error| anyhow!("the schema {schema} is none: {error}"))
    }
}
