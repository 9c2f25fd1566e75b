//! The HTTP API: a route for each RPC of `proto/`, an authorizer in front of all of them, and limits.

use anyhow::{Context, Result};
use heck::ToKebabCase as _;
use serde_json::{Map, Value, json};
use tests::{files_below, rpc_paths};

use super::choices::{Choices, origins};
use super::functions::logs;
use super::names::{alias, arn, given, id, reference, sub};

const AUTHORIZER: &str = "TokenAuthorizer";

/// What the log says of each call, and nothing of a call's content or its token.
const ACCESS_LOG: &[(&str, &str)] = &[
    ("requestId", "requestId"),
    ("time", "requestTime"),
    ("route", "routeKey"),
    ("status", "status"),
    ("protocol", "protocol"),
    ("sourceIp", "identity.sourceIp"),
    ("subject", "authorizer.claims.sub"),
    ("authorizerError", "authorizer.error"),
    ("integrationError", "integrationErrorMessage"),
    ("latencyMs", "responseLatency"),
    ("responseBytes", "responseLength"),
];

/// An RPC.
pub(super) struct Rpc {
    /// Such as `CreateOrder`.
    name: String,
    /// Such as `/order_api.v1.OrderService/CreateOrder`.
    path: String,
    /// Whether it may be called by GET.
    has_no_side_effects: bool,
}

impl Rpc {
    /// The methods it may be called by.
    pub(super) fn methods(&self) -> impl Iterator<Item = &'static str> + use<> {
        ["post"].into_iter().chain(self.has_no_side_effects.then_some("get"))
    }

    /// The service that it is one of, such as `order`.
    pub(super) fn service(&self) -> &str {
        self.path.trim_start_matches('/').split("_api").next().unwrap_or_default()
    }

    /// The name of the function that answers, such as `create-order`.
    pub(super) fn function_name(&self) -> String {
        self.name.to_kebab_case()
    }

    /// The logical id of that function.
    fn function(&self) -> String {
        format!("{}Function", id(&self.function_name()))
    }

    /// What lets the API call the function by this method.
    pub(super) fn permission(&self, method: &str) -> (String, Value) {
        let calls = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${__ApiId__}/${__Stage__}";
        let arn = format!("{calls}/{}{}", method.to_uppercase(), self.path);
        let permission = json!({
            "Type": "AWS::Lambda::Permission",
            "Properties": {
                "Action": "lambda:InvokeFunction",
                "FunctionName": reference(&alias(&self.function_name())),
                "Principal": "apigateway.amazonaws.com",
                "SourceArn": {"Fn::Sub": [arn, {"__ApiId__": reference("HttpApi"), "__Stage__": "*"}]},
            },
        });
        (format!("{}{}Permission", self.function(), id(method)), permission)
    }

    fn route(&self) -> Value {
        let function = alias(&self.function_name());
        let invoke = "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions";
        let route = json!({
            "x-amazon-apigateway-integration": {
                "httpMethod": "POST",
                "type": "aws_proxy",
                "uri": sub(&format!("{invoke}/${{{function}}}/invocations")),
                "payloadFormatVersion": "2.0",
            },
            "security": [{AUTHORIZER: []}],
            "responses": {},
        });
        self.methods().map(|method| (method.to_owned(), route.clone())).collect::<Map<_, _>>().into()
    }
}

/// Every RPC that `proto/` declares.
pub(super) fn rpcs() -> Result<Vec<Rpc>> {
    let mut services = String::new();
    for file in files_below("proto", "_service.proto")? {
        services += &std::fs::read_to_string(file)?;
    }
    let rpc = |path: String| {
        let name = path.rsplit('/').next().unwrap_or_default().to_owned();
        let (_, declared) = services.split_once(&format!("rpc {name}(")).with_context(|| format!("{name}'s rpc"))?;
        let options = declared.split('}').next().unwrap_or_default();
        Ok(Rpc { name, path, has_no_side_effects: options.contains("idempotency_level = NO_SIDE_EFFECTS") })
    };
    rpc_paths()?.into_iter().map(rpc).collect()
}

pub(super) fn resources(choices: Choices) -> Result<Vec<(String, Value)>> {
    Ok(vec![
        ("HttpApi".to_owned(), api(&rpcs()?, choices)),
        ("HttpApiApiGatewayDefaultStage".to_owned(), stage(choices)),
        ("HttpApiLogGroup".to_owned(), logs("/aws/vendedlogs/apigateway/${AWS::StackName}")),
    ])
}

fn api(rpcs: &[Rpc], choices: Choices) -> Value {
    let paths: Map<_, _> = rpcs.iter().map(|rpc| (rpc.path.clone(), rpc.route())).collect();
    let authorizer = json!({
        "type": "jwt",
        "identitySource": "$request.header.Authorization",
        "jwtConfiguration": {"issuer": given("TokenIssuer"), "audience": [given("TokenAudience")]},
    });
    // What a connect-web client sends. The token travels in a header, so cookies (credentials) are not allowed.
    let cors = json!({
        "allowOrigins": origins(),
        "allowMethods": ["GET", "POST", "OPTIONS"],
        "allowHeaders": [
            "authorization",
            "connect-accept-encoding",
            "connect-content-encoding",
            "connect-protocol-version",
            "connect-timeout-ms",
            "content-type",
            "idempotency-key",
            "traceparent",
            "tracestate",
            "x-user-agent",
        ],
        "exposeHeaders": [
            "accept-encoding",
            "accept-post",
            "allow",
            "apigw-requestid",
            "content-encoding",
            "retry-after",
            "www-authenticate",
        ],
        "maxAge": 7200,
    });
    let mut api = json!({
        "Type": "AWS::ApiGatewayV2::Api",
        "Properties": {
            "FailOnWarnings": true,
            "Body": {
                "openapi": "3.0.1",
                "info": {"version": "1.0", "title": reference("AWS::StackName")},
                "paths": paths,
                "components": {
                    "securitySchemes": {
                        AUTHORIZER: {"type": "oauth2", "x-amazon-apigateway-authorizer": authorizer},
                    },
                },
                "tags": [{"name": "httpapi:createdBy", "x-amazon-apigateway-tag-value": "SAM"}],
            },
        },
    });
    if choices.serves_browsers {
        api["Properties"]["Body"]["x-amazon-apigateway-cors"] = cors;
    }
    api
}

fn stage(choices: Choices) -> Value {
    let line: Vec<_> = ACCESS_LOG.iter().map(|(name, context)| format!(r#""{name}":"$context.{context}""#)).collect();
    json!({
        "Type": "AWS::ApiGatewayV2::Stage",
        "Properties": {
            "ApiId": reference("HttpApi"),
            "StageName": "$default",
            "AutoDeploy": true,
            "DefaultRouteSettings": {
                "ThrottlingRateLimit": given("ApiRateLimit"),
                "ThrottlingBurstLimit": given("ApiBurstLimit"),
                "DetailedMetricsEnabled": choices.has_route_metrics,
            },
            "AccessLogSettings": {"DestinationArn": arn("HttpApiLogGroup"), "Format": format!("{{{}}}", line.join(","))},
            "Tags": {"httpapi:createdBy": "SAM"},
        },
    })
}
