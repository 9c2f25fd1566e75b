//! Reads template.yaml: its functions, its HTTP API, and itself with other code locations.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use saphyr::{LoadableYamlNode, Scalar, Yaml};
use serde_json::{Map, Value, json};

/// A SAM template as JSON, with the short tags (`!Ref`) in their long form (`{"Ref": ..}`).
#[derive(Clone, Debug)]
pub struct Template {
    document: Value,
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
    /// Who verifies the tokens of its routes.
    pub authorizer: JwtAuthorizer,
    /// Its CORS configuration in the template's spelling.
    pub cors: Option<Value>,
    /// What it serves.
    pub routes: Vec<Route>,
}

/// Whose tokens an HTTP API takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JwtAuthorizer {
    /// Its name.
    pub name: String,
    /// The `iss` it asks for.
    pub issuer: String,
    /// The audiences of which a token must have one.
    pub audience: Vec<String>,
}

/// One route of an HTTP API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// Method and path, such as `POST /order_api.v1.OrderService/CreateOrder`.
    pub key: String,
    /// The logical id of the function that answers.
    pub function: String,
    /// Whether the authorizer lets callers in; false where the template says `Authorizer: NONE`.
    pub authorized: bool,
}

impl Template {
    /// Reads the template in `file`.
    ///
    /// # Errors
    /// When there is no such file or it is not a template.
    pub fn read(file: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        Self::parse(&text).with_context(|| format!("{} is no template", file.display()))
    }

    /// Reads a template from its YAML.
    ///
    /// # Errors
    /// When it is not YAML or has no resources.
    pub fn parse(text: &str) -> Result<Self> {
        let documents = Yaml::load_from_str(text).context("it is not YAML")?;
        let document = to_json(documents.first().context("it is empty")?)?;
        if !document["Resources"].is_object() {
            bail!("it has no Resources");
        }
        Ok(Self { document })
    }

    /// The whole template as JSON, which CloudFormation and sam take as well as YAML.
    #[must_use]
    pub fn as_json(&self) -> &Value {
        &self.document
    }

    /// The resources of the type `kind`, as pairs of logical id and resource.
    pub fn resources<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = (&'a String, &'a Value)> {
        let resources = self.document["Resources"].as_object().into_iter().flatten();
        resources.filter(move |(_, resource)| resource["Type"] == kind)
    }

    /// Every function.
    ///
    /// # Errors
    /// When a function's `CodeUri` does not name its crate.
    pub fn functions(&self) -> Result<Vec<Function>> {
        let function = |(id, resource): (&String, &Value)| {
            let code = resource["Properties"]["CodeUri"].as_str();
            let name = code.and_then(|code| Path::new(code).file_name()).and_then(|name| name.to_str());
            let name = name.with_context(|| format!("{id} has no CodeUri that ends in the name of its crate"))?;
            Ok(Function { logical_id: id.clone(), name: name.to_owned() })
        };
        self.resources("AWS::Serverless::Function").map(function).collect()
    }

    /// The same template with the code of each function at the place that `code` gives for its logical id.
    #[must_use]
    pub fn with_code(&self, code: &BTreeMap<String, String>) -> Self {
        let mut document = self.document.clone();
        for (id, place) in code {
            if let Some(properties) = document["Resources"][id]["Properties"].as_object_mut() {
                properties.insert("CodeUri".to_owned(), json!(place));
            }
        }
        Self { document }
    }

    /// The HTTP API, with `parameters` in place of the parameters' defaults.
    ///
    /// # Errors
    /// When the template has not exactly one HTTP API with one JWT authorizer.
    pub fn http_api(&self, parameters: &BTreeMap<String, String>) -> Result<HttpApi> {
        let (id, api) = self.resources("AWS::Serverless::HttpApi").next().context("the template has no HttpApi")?;
        let properties = self.resolve(&api["Properties"], parameters);
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
        for (function, resource) in self.resources("AWS::Serverless::Function") {
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

    /// Replaces references to parameters by their values; other intrinsic functions stay.
    fn resolve(&self, value: &Value, parameters: &BTreeMap<String, String>) -> Value {
        if let Some(parameter) = value["Ref"].as_str() {
            let default = || self.document["Parameters"][parameter].get("Default").cloned();
            let given = parameters.get(parameter).map(|value| json!(value));
            return given.or_else(default).unwrap_or_else(|| value.clone());
        }
        match value {
            Value::Array(items) => items.iter().map(|item| self.resolve(item, parameters)).collect(),
            Value::Object(fields) => {
                let resolved = fields.iter().map(|(name, field)| (name.clone(), self.resolve(field, parameters)));
                Value::Object(resolved.collect())
            }
            other => other.clone(),
        }
    }
}

/// The strings of a list, or of a value that stands for a list of one.
#[must_use]
pub fn strings(value: &Value) -> Vec<String> {
    let items = value.as_array().map_or_else(|| std::slice::from_ref(value), Vec::as_slice);
    items.iter().filter_map(Value::as_str).map(str::to_owned).collect()
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
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    const TEMPLATE: &str = r#"
Parameters:
  TokenIssuer: { Type: String }
  Origin: { Type: String, Default: "http://localhost:5173" }
Resources:
  Api:
    Type: AWS::Serverless::HttpApi
    Properties:
      CorsConfiguration: { AllowOrigins: [!Ref Origin], MaxAge: 600 }
      Auth:
        DefaultAuthorizer: Tokens
        Authorizers:
          Tokens:
            JwtConfiguration: { issuer: !Ref TokenIssuer, audience: [orders] }
  OrdersTable:
    Type: AWS::DynamoDB::Table
    Properties: { TableName: !Sub "${AWS::StackName}-orders", Version: 2012-10-17 }
  CreateOrderFunction:
    Type: AWS::Serverless::Function
    Metadata: { BuildMethod: rust-cargolambda }
    Properties:
      CodeUri: functions/create-order
      Role: !GetAtt CreateOrderRole.Arn
      Timeout: 10
      Policies: [!If [Strict, a, b]]
      Events:
        Rpc: { Type: HttpApi, Properties: { ApiId: !Ref Api, Method: post, Path: /a.B/C } }
        Health: { Type: HttpApi, Properties: { ApiId: !Ref Api, Method: GET, Path: /health, Auth: { Authorizer: NONE } } }
        Queue: { Type: SQS, Properties: { Queue: !GetAtt Q.Arn } }
"#;

    fn parameters() -> BTreeMap<String, String> {
        BTreeMap::from([("TokenIssuer".to_owned(), "http://127.0.0.1:1/".to_owned())])
    }

    #[test]
    fn short_tags_get_their_long_form_and_values_their_types() {
        let template = Template::parse(TEMPLATE).unwrap();
        let resources = &template.as_json()["Resources"];
        assert_eq!(resources["OrdersTable"]["Properties"]["TableName"], json!({"Fn::Sub": "${AWS::StackName}-orders"}));
        assert_eq!(resources["OrdersTable"]["Properties"]["Version"], "2012-10-17");
        let function = &resources["CreateOrderFunction"]["Properties"];
        assert_eq!(function["Role"], json!({"Fn::GetAtt": ["CreateOrderRole", "Arn"]}));
        assert_eq!(function["Policies"], json!([{"Fn::If": ["Strict", "a", "b"]}]));
        assert_eq!(function["Timeout"], 10);
    }

    #[test]
    fn only_the_code_location_is_rewritten() {
        let template = Template::parse(TEMPLATE).unwrap();
        let function = Function { logical_id: "CreateOrderFunction".into(), name: "create-order".into() };
        assert_eq!(template.functions().unwrap(), [function]);
        let code = BTreeMap::from([("CreateOrderFunction".to_owned(), "/artifacts/create-order.zip".to_owned())]);
        let mut rewritten = template.with_code(&code).as_json().clone();
        let place = &mut rewritten["Resources"]["CreateOrderFunction"]["Properties"]["CodeUri"];
        assert_eq!(place.take(), "/artifacts/create-order.zip");
        *place = json!("functions/create-order");
        assert_eq!(&rewritten, template.as_json());
    }

    #[test]
    fn the_http_api_is_read_with_its_parameters() {
        let api = Template::parse(TEMPLATE).unwrap().http_api(&parameters()).unwrap();
        let authorizer = JwtAuthorizer {
            name: "Tokens".into(),
            issuer: "http://127.0.0.1:1/".into(),
            audience: vec!["orders".into()],
        };
        assert_eq!(api.authorizer, authorizer);
        assert_eq!(api.cors, Some(json!({"AllowOrigins": ["http://localhost:5173"], "MaxAge": 600})));
        let route =
            |key: &str, authorized| Route { key: key.into(), function: "CreateOrderFunction".into(), authorized };
        assert_eq!(api.routes, [route("GET /health", false), route("POST /a.B/C", true)]);
    }

    #[test]
    fn what_is_no_template_is_refused() {
        assert!(Template::parse("a: [").is_err());
        assert!(Template::parse("Outputs: {}").unwrap_err().to_string().contains("no Resources"));
    }
}
