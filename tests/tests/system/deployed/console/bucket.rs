//! `operate console`, which `make console` runs, against the console's part of the template, in a stack of its own: with the AWS CLI,
//! and with S3 and CloudFront as the emulator has them.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use local::Workspace;
use local::template::Template;
use serde_json::{Value, json};
use tempfile::TempDir;
use tests::{System, root};

const STACK: &str = "console";
const API: &str = "https://api.example.com";

/// What somebody does who deploys the console, in order.
pub(super) async fn it_is_put_into_a_bucket(system: Arc<System>) -> Result<()> {
    let endpoint = system.aws().emulator().endpoint().to_owned();
    tokio::task::spawn_blocking(move || deploy(&Operator::new(endpoint)?)).await?
}

fn deploy(operator: &Operator) -> Result<()> {
    operator.make_stack("create", "https://other.example.com")?;
    let url = operator.output("ConsoleUrl")?;
    let bucket = operator.output("ConsoleBucketName")?;
    let built = Workspace::here().console();
    let words = format!("the API would not answer the console: add {url} to AllowedOrigins in samconfig.toml");
    ensure!(operator.publish(&built)?.1.contains(&words), "it is published though it could call nothing");
    ensure!(operator.keys(&bucket)?.is_empty(), "something was put there");
    operator.make_stack("update", &format!("https://other.example.com,{url}"))?;

    let (is_done, said) = operator.publish(&built)?;
    ensure!(is_done && said.contains(&format!("{url} serves ")) && !said.contains("removed"), "{said}");
    let keys = operator.keys(&bucket)?;
    ensure!(!keys.iter().any(|key| key.ends_with(".br") || key.ends_with(".gz")), "{keys:?}");
    let script = keys.iter().find(|key| key.ends_with(".js")).context("no script is there")?;
    for (key, kind, kept) in [
        (script.as_str(), "text/javascript", "public, max-age=31536000, immutable"),
        ("index.html", "text/html", "no-cache"),
        ("config.json", "application/json", "no-store"),
    ] {
        let head = operator.head(&bucket, key)?;
        ensure!(head["ContentType"] == kind && head["CacheControl"] == kept, "{key}: {head}");
    }
    let told: Value = serde_json::from_slice(&operator.read(&bucket, "config.json")?)?;
    let expected =
        json!({"apiUrl": API, "issuer": "https://issuer.example.com/", "clientId": "client", "audience": "api"});
    ensure!(told == expected, "{told}");
    ensure!(operator.read(&bucket, "index.html")? == std::fs::read(built.join("index.html"))?, "another document");
    pages_that_are_open_find_their_files(operator, &bucket)?;
    the_page_removes_it(operator, &bucket)
}

/// The files of the build before stay, those of older builds go.
fn pages_that_are_open_find_their_files(operator: &Operator, bucket: &str) -> Result<()> {
    let assets = |keys: BTreeSet<String>| keys.into_iter().filter(|key| key.starts_with("assets/")).collect::<Vec<_>>();
    let of_the_real_build = assets(operator.keys(bucket)?).len();
    let second = ["assets/a-2.js", "assets/b-1.css"];
    let (is_done, said) = operator.publish(build(&second)?.path())?;
    ensure!(is_done && assets(operator.keys(bucket)?).len() == of_the_real_build + second.len(), "{said}");
    let (is_done, said) = operator.publish(build(&["assets/a-3.js", "assets/b-1.css"])?.path())?;
    ensure!(is_done && said.contains(&format!("{of_the_real_build} files that only older builds have")), "{said}");
    let left = assets(operator.keys(bucket)?);
    ensure!(left == ["assets/a-2.js", "assets/a-3.js", "assets/b-1.css"], "{left:?}");
    Ok(())
}

/// The commands of docs/deploy.md, as they stand there.
fn the_page_removes_it(operator: &Operator, bucket: &str) -> Result<()> {
    let page = std::fs::read_to_string(root().join("docs/deploy.md"))?;
    let mut blocks = page.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next());
    let block = blocks.find(|block| block.contains("list-object-versions")).context("the page removes no bucket")?;
    let block = block.replace("/tmp/", &format!("{}/", operator.folder.path().display()));
    let output = operator.command(Path::new("bash"))?.args(["-euc", &block]).env("BUCKET", bucket).output()?;
    ensure!(output.status.success(), "{block}: {}", String::from_utf8_lossy(&output.stderr));
    let buckets = String::from_utf8(operator.aws(&["s3api", "list-buckets", "--query", "Buckets[].Name"])?)?;
    ensure!(!buckets.contains(bucket), "the bucket is still there: {buckets}");
    Ok(())
}

/// A built app with these files beside its document.
fn build(assets: &[&str]) -> Result<TempDir> {
    let dir = tempfile::tempdir()?;
    std::fs::create_dir(dir.path().join("assets"))?;
    for name in assets.iter().chain(&["index.html"]) {
        std::fs::write(dir.path().join(name), name)?;
    }
    Ok(dir)
}

/// Somebody with the AWS CLI and a samconfig.toml.
struct Operator {
    endpoint: String,
    folder: TempDir,
}

impl Operator {
    fn new(endpoint: String) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let environment = format!(
            "[prod.global.parameters]\nstack_name = {STACK:?}\n[prod.global.parameters.parameter_overrides]\nConsole = \"true\"\n"
        );
        std::fs::write(folder.path().join("samconfig.toml"), environment)?;
        std::fs::copy(root().join("template.yaml"), folder.path().join("template.yaml"))?;
        std::fs::write(folder.path().join("console.json"), template()?.to_string())?;
        Ok(Self { endpoint, folder })
    }

    fn command(&self, program: &Path) -> Result<Command> {
        let tools = Workspace::here().tool("aws", "aws")?;
        let tools = tools.parent().context("a folder")?.to_path_buf();
        let path = std::env::var_os("PATH").unwrap_or_default();
        let path = std::env::join_paths(std::iter::once(tools).chain(std::env::split_paths(&path)))?;
        let mut command = Command::new(program);
        command.current_dir(self.folder.path()).env("PATH", path).env("AWS_ENDPOINT_URL", &self.endpoint);
        let keys = [("AWS_ACCESS_KEY_ID", "test"), ("AWS_SECRET_ACCESS_KEY", "test")];
        command.envs(keys).envs([("AWS_REGION", "us-east-1"), ("AWS_DEFAULT_REGION", "us-east-1")]);
        command.env_remove("AWS_PROFILE");
        Ok(command)
    }

    /// What the AWS CLI prints.
    fn aws(&self, arguments: &[&str]) -> Result<Vec<u8>> {
        let Output { status, stdout, stderr } =
            self.command(&Workspace::here().tool("aws", "aws")?)?.args(arguments).output()?;
        ensure!(status.success(), "aws {arguments:?}: {}", String::from_utf8_lossy(&stderr));
        Ok(stdout)
    }

    /// Creates or updates the stack.
    fn make_stack(&self, how: &str, origins: &str) -> Result<()> {
        let parameters = json!([
            {"ParameterKey": "TokenIssuer", "ParameterValue": "https://issuer.example.com/"},
            {"ParameterKey": "TokenAudience", "ParameterValue": "api"},
            {"ParameterKey": "AllowedOrigins", "ParameterValue": origins},
            {"ParameterKey": "ConsoleClientId", "ParameterValue": "client"},
        ]);
        let (change, parameters) = (format!("{how}-stack"), parameters.to_string());
        let template = ["--template-body", "file://console.json", "--parameters", &parameters];
        self.aws(&[&["cloudformation", &change, "--stack-name", STACK], &template[..]].concat())?;
        self.aws(&["cloudformation", "wait", &format!("stack-{how}-complete"), "--stack-name", STACK])?;
        Ok(())
    }

    fn output(&self, name: &str) -> Result<String> {
        let query = format!("Stacks[0].Outputs[?OutputKey=='{name}'].OutputValue");
        let describe = ["cloudformation", "describe-stacks", "--stack-name", STACK, "--output", "text"];
        let told = String::from_utf8(self.aws(&[&describe[..], &["--query", &query]].concat())?)?;
        ensure!(!told.trim().is_empty(), "the stack has no output {name}");
        Ok(told.trim().to_owned())
    }

    /// Whether `operate console` has done it, and what it has said.
    fn publish(&self, files: &Path) -> Result<(bool, String)> {
        let program = Workspace::here().binaries().join("operate");
        let output = self.command(&program)?.args(["console", "prod", "--files"]).arg(files).output();
        let output = output.with_context(|| format!("{} is missing: run make build", program.display()))?;
        let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        Ok((output.status.success(), said))
    }

    fn keys(&self, bucket: &str) -> Result<BTreeSet<String>> {
        let list = self.aws(&[
            "s3api",
            "list-objects-v2",
            "--bucket",
            bucket,
            "--query",
            "Contents[].Key",
            "--output",
            "json",
        ])?;
        Ok(serde_json::from_slice::<Option<BTreeSet<String>>>(&list)?.unwrap_or_default())
    }

    fn head(&self, bucket: &str, key: &str) -> Result<Value> {
        Ok(serde_json::from_slice(&self.aws(&[
            "s3api",
            "head-object",
            "--bucket",
            bucket,
            "--key",
            key,
            "--output",
            "json",
        ])?)?)
    }

    fn read(&self, bucket: &str, key: &str) -> Result<Vec<u8>> {
        self.aws(&["s3", "cp", &format!("s3://{bucket}/{key}"), "-"])
    }
}

/// The console's part of the template, with a literal where it names the API.
fn template() -> Result<Value> {
    let template = Template::read(&root().join("template.yaml"))?;
    let whole: Value = serde_json::from_str(&template.as_json().to_string().replace("${HttpApi.ApiEndpoint}", API))?;
    let part = |section: &str, wanted: fn(&str) -> bool| -> Value {
        let entries = whole[section].as_object().into_iter().flatten();
        entries.filter(|(name, _)| wanted(name)).map(|(name, entry)| (name.clone(), entry.clone())).collect()
    };
    let parameters = ["TokenIssuer", "TokenAudience", "AllowedOrigins", "Console", "ConsoleClientId"];
    let of_console = |name: &str| name.starts_with("Console");
    Ok(json!({
        "AWSTemplateFormatVersion": "2010-09-09",
        "Parameters": parameters.iter().map(|&name| (name.to_owned(), whole["Parameters"][name].clone())).collect::<serde_json::Map<_, _>>(),
        "Conditions": part("Conditions", |name| name == "HasConsole"),
        "Resources": part("Resources", of_console),
        "Outputs": part("Outputs", of_console),
    }))
}
