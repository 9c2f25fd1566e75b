mod choice;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use saphyr::{LoadableYamlNode, Scalar, Yaml};
use serde_json::{Map, Value, json};

use choice::Choice;

use crate::data::lane::Lane;

const FUNCTION: &str = "AWS::Serverless::Function";
const STATE_MACHINE: &str = "AWS::Serverless::StateMachine";
/// The code location of functions and state machines that are not created: sam uploads nothing for a place in S3, and nothing
/// reads it.
const NOWHERE: &str = "s3://not-created/not-created";

/// A SAM template as JSON, with the short tags (`!Ref`) in their long form (`{"Ref": ..}`), and the values of its parameters.
#[derive(Clone, Debug)]
pub struct Template {
    document: Value,
    parameters: BTreeMap<String, String>,
    /// The directory to which its paths are relative.
    dir: PathBuf,
}

/// A function of the template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Function {
    /// Its logical id, such as `CreateOrderFunction`.
    pub logical_id: String,
    /// The name of its crate and binary, such as `create-order`: the last part of its `CodeUri`.
    pub name: String,
}

/// The HTTP API of the template, with its intrinsic functions resolved.
#[derive(Clone, Debug, PartialEq)]
pub struct HttpApi {
    /// Its logical id.
    pub logical_id: String,
    /// The authorizer of its routes.
    pub authorizer: JwtAuthorizer,
    /// Its CORS configuration in the template's spelling.
    pub cors: Option<Value>,
    /// Its routes.
    pub routes: Vec<Route>,
}

/// The authorizer of an HTTP API, with the tokens that it takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JwtAuthorizer {
    /// Its name.
    pub name: String,
    /// The `iss` that a token must have.
    pub issuer: String,
    /// The audiences; a token must have at least one of them.
    pub audience: Vec<String>,
}

/// A route of an HTTP API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// Method and path, such as `POST /order_api.v1.OrderService/CreateOrder`.
    pub key: String,
    /// The logical id of the function that answers.
    pub function: String,
    /// Whether the authorizer checks callers; false where the template says `Authorizer: NONE`.
    pub authorized: bool,
}

impl Template {
    /// Reads the template in `file`.
    ///
    /// # Errors
    /// When the file cannot be read or is not a template.
    pub fn read(file: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        let template = Self::parse(&text).with_context(|| format!("{} is not a template", file.display()))?;
        Ok(Self { dir: file.parent().map(Path::to_path_buf).unwrap_or_default(), ..template })
    }

    /// Reads a template from its YAML.
    ///
    /// # Errors
    /// When it is not YAML or has no resources.
    pub fn parse(text: &str) -> Result<Self> {
        Self::from_json(from_yaml(text)?)
    }

    /// Takes a template in JSON, such as the output of SAM.
    ///
    /// # Errors
    /// When it has no resources.
    pub fn from_json(document: Value) -> Result<Self> {
        if !document["Resources"].is_object() {
            bail!("it has no Resources: write what the template creates there");
        }
        Ok(Self { document, parameters: BTreeMap::new(), dir: PathBuf::new() })
    }

    /// The same template with `parameters` in place of the parameters' defaults; they decide which resources are created.
    #[must_use]
    pub fn given(self, parameters: BTreeMap<String, String>) -> Self {
        Self { parameters, ..self }
    }

    /// The same template as it is deployed in `lane`.
    #[must_use]
    pub fn in_lane(mut self, lane: Lane) -> Self {
        self.parameters.insert("Orchestrator".to_owned(), lane.parameter().to_owned());
        self
    }

    /// The whole template as JSON, which CloudFormation and sam take as well as YAML.
    #[must_use]
    pub fn as_json(&self) -> &Value {
        &self.document
    }

    fn choice(&self) -> Choice<'_> {
        Choice { document: &self.document, given: &self.parameters }
    }

    /// The resources of the type `kind` that are created with its parameters, as pairs of logical id and resource.
    ///
    /// # Errors
    /// When a condition cannot be evaluated.
    pub fn resources(&self, kind: &str) -> Result<Vec<(&String, &Value)>> {
        let mut created = Vec::new();
        for (id, resource) in self.document["Resources"].as_object().into_iter().flatten() {
            if resource["Type"] == kind && self.choice().creates(resource)? {
                created.push((id, resource));
            }
        }
        Ok(created)
    }

    /// The entries of `section`, such as `Outputs`, that are created with its parameters. Parameters and conditions are replaced
    /// by their values.
    ///
    /// # Errors
    /// When a condition cannot be evaluated.
    pub fn created(&self, section: &str) -> Result<BTreeMap<String, Value>> {
        let mut created = BTreeMap::new();
        for (id, declared) in self.document[section].as_object().into_iter().flatten() {
            if self.choice().creates(declared)? {
                let mut resolved = self.choice().resolve(declared)?.unwrap_or_default();
                resolved.as_object_mut().and_then(|fields| fields.remove("Condition"));
                created.insert(id.clone(), resolved);
            }
        }
        Ok(created)
    }

    /// The properties of a resource. Parameters and conditions are replaced by their values.
    ///
    /// # Errors
    /// When the template has no resource with this id, or a condition cannot be evaluated.
    pub fn properties(&self, logical_id: &str) -> Result<Value> {
        let resource = self.document["Resources"].get(logical_id);
        let resource = resource.with_context(|| format!("the template has no resource {logical_id}"))?;
        Ok(self.choice().resolve(&resource["Properties"])?.unwrap_or_default())
    }

    /// Every function that is created with its parameters.
    ///
    /// # Errors
    /// When a function's `CodeUri` does not name its crate, or a condition cannot be evaluated.
    pub fn functions(&self) -> Result<Vec<Function>> {
        let function = |(id, resource): (&String, &Value)| {
            let code = resource["Properties"]["CodeUri"].as_str();
            let name = code.and_then(|code| Path::new(code).file_name()).and_then(|name| name.to_str());
            let name = name.with_context(|| {
                format!("{id} has no CodeUri that ends in the name of its crate, such as functions/create-order")
            })?;
            Ok(Function { logical_id: id.clone(), name: name.to_owned() })
        };
        self.resources(FUNCTION)?.into_iter().map(function).collect()
    }

    /// The same template for another directory. `code` gives the place of each function's code by its logical id; the definition
    /// of each state machine is named by its whole path. Resources that are not created need neither.
    ///
    /// # Errors
    /// When a function that is created has no place, or a condition cannot be evaluated.
    pub fn with_code(&self, code: &BTreeMap<String, String>) -> Result<Self> {
        let mut document = self.document.clone();
        for (id, resource) in document["Resources"].as_object_mut().into_iter().flatten() {
            let (property, place) = if resource["Type"] == FUNCTION {
                ("CodeUri", code.get(id).cloned())
            } else if resource["Type"] == STATE_MACHINE {
                let definition = resource["Properties"]["DefinitionUri"].as_str();
                ("DefinitionUri", definition.map(|path| self.dir.join(path).display().to_string()))
            } else {
                continue;
            };
            let place = if self.choice().creates(resource)? { place } else { Some(NOWHERE.to_owned()) };
            let place = place.with_context(|| format!("there is no {property} for {id}"))?;
            resource["Properties"][property] = json!(place);
        }
        Ok(Self { document, ..self.clone() })
    }

    /// The same template with a number for the concurrency of each queue's function where it refers to a parameter. AWS makes a
    /// number of a parameter's text; the emulator compares the text with a number, and polls no queue.
    ///
    /// # Errors
    /// When the parameter's value is no number, or a condition cannot be evaluated.
    pub fn with_concurrency(&self) -> Result<Self> {
        let mut document = self.document.clone();
        for (id, resource) in document["Resources"].as_object_mut().into_iter().flatten() {
            let events = resource.pointer_mut("/Properties/Events").and_then(Value::as_object_mut);
            for event in events.into_iter().flat_map(Map::values_mut).filter(|event| event["Type"] == "SQS") {
                let Some(limit) = event.pointer_mut("/Properties/ScalingConfig/MaximumConcurrency") else { continue };
                let value = self.choice().resolve(limit)?.unwrap_or_default();
                let number = value.as_u64().or_else(|| value.as_str()?.parse().ok());
                *limit = json!(number.with_context(|| format!("the concurrency of {id} is no number: {value}"))?);
            }
        }
        Ok(Self { document, ..self.clone() })
    }

    /// The HTTP API.
    ///
    /// # Errors
    /// When the template has no HTTP API with a JWT authorizer.
    pub fn http_api(&self) -> Result<HttpApi> {
        let apis = self.resources("AWS::Serverless::HttpApi")?;
        let (id, _) = *apis.first().context("the template has no HttpApi")?;
        let properties = self.properties(id)?;
        let authorizers = properties["Auth"]["Authorizers"].as_object();
        let (name, authorizer) =
            authorizers.and_then(|all| all.iter().next()).context("the HttpApi has no authorizer")?;
        let jwt = &authorizer["JwtConfiguration"];
        let authorizer = JwtAuthorizer {
            name: name.clone(),
            issuer: jwt["issuer"].as_str().context("the authorizer has no issuer")?.to_owned(),
            audience: strings(&jwt["audience"]),
        };
        let cors = Some(properties["CorsConfiguration"].clone()).filter(Value::is_object);
        let mut routes = Vec::new();
        for (function, resource) in self.resources(FUNCTION)? {
            let events = resource["Properties"]["Events"].as_object().into_iter().flatten();
            for (event, declared) in events.filter(|(_, event)| event["Type"] == "HttpApi") {
                let declared = &declared["Properties"];
                let (Some(method), Some(path)) = (declared["Method"].as_str(), declared["Path"].as_str()) else {
                    bail!("the event {event} of {function} has no Method and Path");
                };
                let authorized = declared["Auth"]["Authorizer"] != "NONE";
                let key = format!("{} {path}", method.to_uppercase());
                routes.push(Route { key, function: function.clone(), authorized });
            }
        }
        Ok(HttpApi { logical_id: id.clone(), authorizer, cors, routes })
    }
}

/// The strings of a list; a single string counts as a list.
#[must_use]
pub fn strings(value: &Value) -> Vec<String> {
    let items = value.as_array().map_or_else(|| std::slice::from_ref(value), Vec::as_slice);
    items.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// What a YAML document holds, as JSON; the short tags of a template in their long form.
///
/// # Errors
/// When it is not YAML, or has keys that are no texts.
pub fn from_yaml(text: &str) -> Result<Value> {
    let documents = Yaml::load_from_str(text).context("it is not YAML")?;
    to_json(documents.first().context("it is empty")?)
}

fn to_json(node: &Yaml<'_>) -> Result<Value> {
    Ok(match node {
        Yaml::Value(Scalar::Null) => Value::Null,
        Yaml::Value(Scalar::Boolean(boolean)) => json!(boolean),
        Yaml::Value(Scalar::Integer(integer)) => json!(integer),
        Yaml::Value(Scalar::FloatingPoint(number)) => json!(number.into_inner()),
        Yaml::Value(Scalar::String(text)) => json!(text),
        Yaml::Sequence(items) => items.iter().map(to_json).collect::<Result<Value>>()?,
        Yaml::Mapping(fields) => {
            let field = |(name, value): (&Yaml<'_>, &Yaml<'_>)| {
                let name = name.as_str().context("a key is not a string")?;
                Ok((name.to_owned(), to_json(value)?))
            };
            Value::Object(fields.iter().map(field).collect::<Result<Map<_, _>>>()?)
        }
        Yaml::Tagged(tag, inner) => intrinsic(&tag.suffix, to_json(inner)?),
        Yaml::Representation(text, ..) => json!(text),
        Yaml::Alias(_) | Yaml::BadValue => return Err(anyhow!("a value cannot be read")),
    })
}

fn intrinsic(tag: &str, value: Value) -> Value {
    match (tag, &value) {
        ("Ref" | "Condition", _) => json!({ tag: value }),
        ("GetAtt", Value::String(path)) => match path.split_once('.') {
            Some((resource, attribute)) => json!({"Fn::GetAtt": [resource, attribute]}),
            None => json!({"Fn::GetAtt": value}),
        },
        _ => json!({ format!("Fn::{tag}"): value }),
    }
}

#[cfg(test)]
mod tests;
