//! auth0/tenant.yaml grants what shared/services/policy.csv asks for and nothing else, and its tokens are those that the API takes.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

use anyhow::{Context, Result, anyhow, ensure};
use local::Person;
use serde_json::{Value, json};
use tests::root;

const TENANT: &str = "auth0/tenant.yaml";
const CONFIGURATION: &str = "auth0/config.example.json";
const CLI: &str = ".local/node/node_modules/auth0-deploy-cli";

/// What the CLI reads in the tenant's file, with the example's words for its keywords; and its words about a broken file.
struct Read {
    tenant: Value,
    about_broken: Value,
}

fn read() -> Result<&'static Read> {
    static READ: LazyLock<Result<Read, String>> = LazyLock::new(|| load().map_err(|error| format!("{error:#}")));
    READ.as_ref().map_err(|error| anyhow!("{error}"))
}

fn load() -> Result<Read> {
    let folder = tempfile::tempdir()?;
    let broken = folder.path().join("tenant.yaml");
    std::fs::write(&broken, text(TENANT)?.replace("scope: [", "scope: 7 # ["))?;
    let script = root().join("tests/tests/rules/auth0/load.cjs");
    let (cli, configuration, tenant) = (root().join(CLI), root().join(CONFIGURATION), root().join(TENANT));
    let arguments: [&Path; 5] = [&script, &cli, &configuration, &tenant, &broken];
    let output = Command::new(root().join(".local/node/node_modules/.bin/node")).args(arguments).output();
    let output = output.context("run `make setup`, which sets up the Node that Auth0's Deploy CLI runs on")?;
    let words = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "run `make setup`, or Auth0's Deploy CLI was not understood: {words}");
    let read: Vec<Value> = serde_json::from_slice(&output.stdout).context("what the CLI has read")?;
    let [tenant, about_broken] = <[Value; 2]>::try_from(read).map_err(|read| anyhow!("two tenants, not {read:?}"))?;
    Ok(Read { tenant, about_broken })
}

fn text(file: &str) -> Result<String> {
    std::fs::read_to_string(root().join(file)).with_context(|| file.to_owned())
}

fn tenant() -> Result<&'static Value> {
    Ok(&read()?.tenant)
}

/// The texts that a list holds under a name.
fn named(list: &Value, name: &str) -> BTreeSet<String> {
    list.as_array().into_iter().flatten().filter_map(|item| item[name].as_str()).map(str::to_owned).collect()
}

/// The texts of a list.
fn texts(list: &Value) -> BTreeSet<String> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// The permissions of the policy's rows: `p, orders, /path, create` asks for `create:orders`.
fn asked_for() -> BTreeSet<String> {
    let rows = contracts::API.policy.lines().filter(|line| line.starts_with("p,"));
    let columns = rows.map(|row| row.split(',').map(str::trim).collect::<Vec<_>>());
    columns.filter_map(|columns| Some(format!("{}:{}", columns.get(3)?, columns.get(1)?))).collect()
}

fn client(name: &str) -> Result<&'static Value> {
    let mut clients = tenant()?["clients"].as_array().into_iter().flatten();
    clients.find(|client| client["name"] == name).with_context(|| format!("{TENANT} has no client {name}"))
}

#[test]
fn the_deploy_cli_takes_the_tenant_and_sees_what_is_wrong() -> Result<()> {
    let Read { tenant, about_broken } = read()?;
    ensure!(tenant["refused"].is_null(), "{TENANT}: {}", tenant["refused"]);
    let words = about_broken["refused"].as_str().unwrap_or_default();
    ensure!(words.contains("clientGrants") && words.contains("should be array"), "the CLI looks at nothing: {words}");
    Ok(())
}

#[test]
fn the_tenant_knows_the_permissions_of_the_policy_and_no_other() -> Result<()> {
    let api = &tenant()?["resourceServers"][0];
    let (defined, asked_for) = (named(&api["scopes"], "name"), asked_for());
    ensure!(defined == asked_for, "{TENANT} defines {defined:?}, and the policy asks for {asked_for:?}");
    for scope in api["scopes"].as_array().context("scopes")? {
        ensure!(!scope["description"].as_str().unwrap_or_default().is_empty(), "{scope} has no description");
    }
    Ok(())
}

#[test]
fn the_roles_have_what_the_persons_of_the_examples_have() -> Result<()> {
    let expected = [("customer", Person::Customer), ("kitchen", Person::Cook), ("operator", Person::Operator)];
    let roles = tenant()?["roles"].as_array().context("roles")?;
    ensure!(roles.len() == expected.len(), "{TENANT} has {} roles", roles.len());
    for (name, person) in expected {
        let role = roles.iter().find(|role| role["name"] == name).with_context(|| format!("no role {name}"))?;
        let permissions: BTreeSet<String> = person.permissions().iter().map(|&name| name.to_owned()).collect();
        ensure!(named(&role["permissions"], "permission_name") == permissions, "{name} has {}", role["permissions"]);
    }
    let all: BTreeSet<String> = roles.iter().flat_map(|role| named(&role["permissions"], "permission_name")).collect();
    ensure!(all == asked_for(), "the roles together have {all:?}, and the policy asks for {:?}", asked_for());
    Ok(())
}

#[test]
fn the_tokens_of_the_tenant_are_those_that_the_api_takes() -> Result<()> {
    let apis = tenant()?["resourceServers"].as_array().context("APIs")?;
    let [api] = &apis[..] else { anyhow::bail!("{TENANT} has {} APIs", apis.len()) };
    let needed = [
        ("signing_alg", json!("RS256")),
        ("enforce_policies", json!(true)),
        ("token_dialect", json!("access_token_authz")),
        ("allow_offline_access", json!(true)),
    ];
    for (name, value) in needed {
        ensure!(api[name] == value, "{name} is {}, not {value}", api[name]);
    }
    let lifetime = api["token_lifetime"].as_u64().context("token_lifetime")?;
    ensure!((600..=86_400).contains(&lifetime), "a token lives for {lifetime} seconds");
    Ok(())
}

/// A client with another grant would be given tokens in a way that nobody has thought of.
#[test]
fn each_client_signs_in_in_one_way() -> Result<()> {
    let clients = tenant()?["clients"].as_array().context("clients")?;
    ensure!(clients.len() == 2, "{TENANT} has {} clients", clients.len());
    let app = client("Order Saga app")?;
    ensure!(texts(&app["grant_types"]) == texts(&json!(["authorization_code", "refresh_token"])), "{app}");
    let is_spa = app["app_type"] == "spa" && app["token_endpoint_auth_method"] == "none";
    ensure!(is_spa, "PKCE is not demanded of {app}");
    let refresh = &app["refresh_token"];
    let rotates = refresh["rotation_type"] == "rotating" && refresh["expiration_type"] == "expiring";
    ensure!(rotates && refresh["infinite_token_lifetime"] == false, "{refresh}");
    let origins = configuration()?["AUTH0_KEYWORD_REPLACE_MAPPINGS"]["APP_ORIGINS"].clone();
    ensure!(!texts(&origins).is_empty(), "the app's origins are {origins}");
    for place in ["callbacks", "allowed_logout_urls", "web_origins"] {
        ensure!(app[place] == origins, "{place} is {}", app[place]);
    }
    let operations = client("Order Saga operations")?;
    ensure!(texts(&operations["grant_types"]) == texts(&json!(["client_credentials"])), "{operations}");
    ensure!(operations["app_type"] == "non_interactive", "{operations}");
    Ok(())
}

#[test]
fn the_operators_program_may_do_what_the_smoke_tests_do() -> Result<()> {
    let grants = tenant()?["clientGrants"].as_array().context("client grants")?;
    let [grant] = &grants[..] else { anyhow::bail!("{TENANT} has {} client grants", grants.len()) };
    client(grant["client_id"].as_str().context("whose grant it is")?)?;
    ensure!(grant["client_id"] == "Order Saga operations" && grant["subject_type"] == "client", "{grant}");
    ensure!(texts(&grant["scope"]) == asked_for(), "{grant}");
    Ok(())
}

#[test]
fn everything_in_the_tenant_is_about_the_one_audience() -> Result<()> {
    let audience = &configuration()?["AUTH0_KEYWORD_REPLACE_MAPPINGS"]["AUDIENCE"];
    let tenant = tenant()?;
    ensure!(&tenant["resourceServers"][0]["identifier"] == audience, "{}", tenant["resourceServers"]);
    ensure!(&tenant["clientGrants"][0]["audience"] == audience, "{}", tenant["clientGrants"]);
    let permissions = tenant["roles"].as_array().into_iter().flatten().flat_map(|role| role["permissions"].as_array());
    for permission in permissions.flatten() {
        ensure!(&permission["resource_server_identifier"] == audience, "{permission}");
    }
    let text = tenant.to_string();
    ensure!(!text.contains("@@") && !text.contains("##"), "{CONFIGURATION} has no words for a keyword: {text}");
    Ok(())
}

fn configuration() -> Result<Value> {
    serde_json::from_str(&text(CONFIGURATION)?).context(CONFIGURATION)
}

/// What the file does not name stays as it is in the tenant, and the secret comes from the environment.
#[test]
fn the_configuration_deletes_nothing_and_holds_no_secret() -> Result<()> {
    let configuration = configuration()?;
    ensure!(configuration["AUTH0_ALLOW_DELETE"] == false, "{CONFIGURATION} lets the CLI delete");
    let kinds = texts(&configuration["AUTH0_INCLUDED_ONLY"]);
    let written = tenant()?.as_object().context("a tenant")?.keys().filter(|name| !name.ends_with("clude")).cloned();
    let written: BTreeSet<String> = written.collect();
    ensure!(kinds == written, "{CONFIGURATION} includes {kinds:?}, and {TENANT} has {written:?}");
    let names = configuration.as_object().context("an object")?.keys();
    let secret = names.filter(|name| ["SECRET", "TOKEN", "KEY_PATH"].iter().any(|word| name.ends_with(word)));
    ensure!(secret.count() == 0, "{CONFIGURATION} has a place for a secret: use the environment");
    let ignored = text(".gitignore")?;
    ensure!(ignored.lines().any(|line| line == "/auth0/config.json"), ".gitignore does not name auth0/config.json");
    Ok(())
}
