//! Makes the routes of the HTTP API. SAM writes them into an OpenAPI body, which the emulator does not read, so they are
//! made here from the template through the apigatewayv2 API: integrations, routes, the JWT authorizer and CORS.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use aws_sdk_apigatewayv2::Client;
use aws_sdk_apigatewayv2::types::{AuthorizationType, AuthorizerType, Cors, IntegrationType, JwtConfiguration};

use crate::deployment::Stack;
use crate::template::{HttpApi, JwtAuthorizer, strings};

/// Makes the routes of `api` in its deployed counterpart, in place of those it has, and gives its physical id.
///
/// # Errors
/// When the emulator refuses a call.
pub async fn bridge(client: &Client, api: &HttpApi, stack: &Stack) -> Result<String> {
    let id = stack.resource(&api.logical_id)?;
    forget(client, id).await.context("cannot remove the old routes")?;
    let authorizer = create_authorizer(client, id, &api.authorizer).await?;
    let mut integrations = BTreeMap::new();
    for route in &api.routes {
        if !integrations.contains_key(&route.function) {
            let integration = create_integration(client, id, &stack.function_arn(&route.function)?).await?;
            integrations.insert(&route.function, integration);
        }
        let target = integrations.get(&route.function).map(|integration| format!("integrations/{integration}"));
        let created = client.create_route().api_id(id).route_key(&route.key).set_target(target);
        let created = if route.authorized {
            created.authorization_type(AuthorizationType::Jwt).authorizer_id(&authorizer)
        } else {
            created.authorization_type(AuthorizationType::None)
        };
        created.send().await.with_context(|| format!("cannot make the route {}", route.key))?;
    }
    if let Some(cors) = &api.cors {
        let list = |name: &str| Some(strings(&cors[name])).filter(|values| !values.is_empty());
        let cors = Cors::builder()
            .set_allow_origins(list("AllowOrigins"))
            .set_allow_methods(list("AllowMethods"))
            .set_allow_headers(list("AllowHeaders"))
            .set_expose_headers(list("ExposeHeaders"))
            .set_allow_credentials(cors["AllowCredentials"].as_bool())
            .set_max_age(cors["MaxAge"].as_i64().and_then(|seconds| i32::try_from(seconds).ok()))
            .build();
        client.update_api().api_id(id).cors_configuration(cors).send().await.context("cannot set CORS")?;
    }
    Ok(id.to_owned())
}

async fn forget(client: &Client, api: &str) -> Result<()> {
    for route in client.get_routes().api_id(api).send().await?.items.unwrap_or_default() {
        client.delete_route().api_id(api).set_route_id(route.route_id).send().await?;
    }
    for integration in client.get_integrations().api_id(api).send().await?.items.unwrap_or_default() {
        client.delete_integration().api_id(api).set_integration_id(integration.integration_id).send().await?;
    }
    for authorizer in client.get_authorizers().api_id(api).send().await?.items.unwrap_or_default() {
        client.delete_authorizer().api_id(api).set_authorizer_id(authorizer.authorizer_id).send().await?;
    }
    Ok(())
}

async fn create_authorizer(client: &Client, api: &str, authorizer: &JwtAuthorizer) -> Result<String> {
    let jwt = JwtConfiguration::builder().issuer(&authorizer.issuer);
    let jwt = jwt.set_audience(Some(authorizer.audience.clone())).build();
    let created = client
        .create_authorizer()
        .api_id(api)
        .name(&authorizer.name)
        .authorizer_type(AuthorizerType::Jwt)
        .identity_source("$request.header.Authorization")
        .jwt_configuration(jwt);
    let created = created.send().await.context("cannot make the authorizer")?;
    created.authorizer_id.context("the authorizer has no id")
}

async fn create_integration(client: &Client, api: &str, function: &str) -> Result<String> {
    let created = client
        .create_integration()
        .api_id(api)
        .integration_type(IntegrationType::AwsProxy)
        .integration_uri(function)
        .payload_format_version("2.0");
    let created = created.send().await.with_context(|| format!("cannot integrate {function}"))?;
    created.integration_id.context("the integration has no id")
}
