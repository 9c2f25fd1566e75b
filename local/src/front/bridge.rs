//! SAM writes the routes of the HTTP API into an OpenAPI body, which the emulator does not read. The bridge makes them from the
//! template through the apigatewayv2 API: integrations, routes, the JWT authorizer and CORS.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use http::Method;
use serde_json::{Map, Value, json};

use crate::stack::api::Api;
use crate::stack::deployment::Stack;
use crate::stack::template::HttpApi;

/// Replaces the routes of the deployed API at `endpoint` by the routes of `api`, and returns the deployed API's id.
///
/// # Errors
/// When the emulator refuses a call.
pub(crate) async fn bridge(endpoint: &str, api: &HttpApi, stack: &Stack) -> Result<String> {
    let id = stack.resource(&api.logical_id)?;
    let deployed = Deployed { api: Api::new(endpoint, "apigateway")?, path: format!("/v2/apis/{id}") };
    deployed.forget("routes", "routeId").await?;
    deployed.forget("integrations", "integrationId").await?;
    deployed.forget("authorizers", "authorizerId").await?;
    let authorizer = json!({
        "name": api.authorizer.name, "authorizerType": "JWT", "identitySource": ["$request.header.Authorization"],
        "jwtConfiguration": {"issuer": api.authorizer.issuer, "audience": api.authorizer.audience},
    });
    let authorizer = deployed.create("authorizers", "authorizerId", &authorizer).await?;
    let mut integrations = BTreeMap::new();
    for route in &api.routes {
        if !integrations.contains_key(&route.function) {
            let integration = json!({
                "integrationType": "AWS_PROXY", "payloadFormatVersion": "2.0",
                "integrationUri": stack.called_arn(&route.function)?,
            });
            let integration = deployed.create("integrations", "integrationId", &integration).await?;
            integrations.insert(&route.function, integration);
        }
        let target = integrations.get(&route.function).map(|integration| format!("integrations/{integration}"));
        let mut created = json!({"routeKey": route.key, "target": target, "authorizationType": "NONE"});
        if route.authorized {
            created["authorizationType"] = json!("JWT");
            created["authorizerId"] = json!(authorizer);
        }
        deployed.create("routes", "routeId", &created).await?;
    }
    if let Some(cors) = api.cors.as_ref().and_then(Value::as_object) {
        let cors = json!({ "corsConfiguration": lower_case_initials(cors) });
        deployed.api.call(Method::PATCH, &deployed.path, &cors).await.context("cannot set CORS")?;
    }
    Ok(id.to_owned())
}

struct Deployed {
    api: Api,
    path: String,
}

impl Deployed {
    async fn create(&self, kind: &str, id: &str, what: &Value) -> Result<String> {
        let created = self.api.call(Method::POST, &format!("{}/{kind}", self.path), what).await?;
        created[id].as_str().map(str::to_owned).with_context(|| format!("the emulator's answer has no {id}: {created}"))
    }

    async fn forget(&self, kind: &str, id: &str) -> Result<()> {
        let all = self.api.call(Method::GET, &format!("{}/{kind}", self.path), &Value::Null).await?;
        for id in all["items"].as_array().into_iter().flatten().filter_map(|item| item[id].as_str()) {
            self.api.call(Method::DELETE, &format!("{}/{kind}/{id}", self.path), &Value::Null).await?;
        }
        Ok(())
    }
}

/// The template's `AllowOrigins` is the API's `allowOrigins`.
fn lower_case_initials(fields: &Map<String, Value>) -> Map<String, Value> {
    let lower = |name: &String| {
        let mut letters = name.chars();
        letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
    };
    fields.iter().map(|(name, value)| (lower(name), value.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cors_is_spelled_as_the_api_does() {
        let cors = json!({"AllowOrigins": ["http://localhost:5173"], "MaxAge": 600});
        let expected = json!({"allowOrigins": ["http://localhost:5173"], "maxAge": 600});
        assert_eq!(Value::Object(lower_case_initials(cors.as_object().unwrap())), expected);
    }
}
