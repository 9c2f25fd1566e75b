//! `operate console`: puts the built console into a stack's bucket, with the stack's configuration.

use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use crate::console::{Bucket, Build};
use crate::environment::Environment;
use crate::speech::say;
use crate::stack::{Deployed, Stack};

/// What the stack says about its console.
#[derive(Debug, PartialEq, Eq)]
struct Served<'a> {
    url: &'a str,
    bucket: &'a str,
    configuration: &'a str,
}

/// Puts the files below `files` where the environment's console serves them.
pub(crate) async fn run(directory: &Path, name: &str, files: &Path) -> Result<()> {
    let (environment, _) = Environment::open(directory, name)?;
    let build = Build::read(files)?;
    let stack = Stack::named(environment.stack.clone()).await;
    let deployed = stack.deployed().await?;
    let deployed = deployed
        .with_context(|| format!("there is no stack {}: deploy it first, make deploy ENV={name}", environment.stack))?;
    let served = served(name, &deployed)?;
    let region = stack.clients().config().region().map(|region| region.as_ref());
    let removed = Bucket { name: served.bucket, region }.publish(&build, served.configuration)?;
    say!("{} serves {} files of {} for the stack {}", served.url, build.len(), files.display(), environment.stack);
    if removed > 0 {
        say!("{removed} files that only older builds have are removed");
    }
    Ok(())
}

/// What is to be served, once everything is in place that the console needs.
fn served<'a>(name: &str, deployed: &'a Deployed) -> Result<Served<'a>> {
    let output = |output: &str| deployed.outputs.get(output).map(String::as_str);
    let deploy = format!("in samconfig.toml, and deploy again: make deploy ENV={name}");
    let [Some(url), Some(bucket), Some(configuration)] =
        ["ConsoleUrl", "ConsoleBucketName", "ConsoleConfiguration"].map(output)
    else {
        bail!("the stack has no console: write Console = \"true\" {deploy}");
    };
    let told: Value = serde_json::from_str(configuration).with_context(|| {
        format!("the output ConsoleConfiguration is no JSON: write TokenAudience without a quote {deploy}")
    })?;
    let is_known = told["clientId"].as_str().is_some_and(|id| !id.is_empty());
    ensure!(is_known, "nobody could sign in: write the client id of the app at the issuer as ConsoleClientId {deploy}");
    let origins = deployed.parameters.get("AllowedOrigins").map(String::as_str).unwrap_or_default();
    let may_call = origins.split(',').any(|origin| origin == url);
    ensure!(may_call, "the API would not answer the console: add {url} to AllowedOrigins {deploy}");
    Ok(Served { url, bucket, configuration })
}

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "https://d1.cloudfront.net";
    const CONFIGURATION: &str = r#"{"apiUrl":"https://a","issuer":"https://i/","clientId":"c","audience":"a"}"#;

    fn deployed(configuration: &str, origins: &str) -> Deployed {
        let text = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        let outputs = [("ConsoleUrl", URL), ("ConsoleBucketName", "b"), ("ConsoleConfiguration", configuration)];
        Deployed {
            outputs: outputs.map(text).into(),
            parameters: [("AllowedOrigins", origins)].map(text).into(),
            ..Deployed::default()
        }
    }

    #[test]
    fn a_console_that_could_not_work_is_not_published() {
        let whole = deployed(CONFIGURATION, "https://other.example,https://d1.cloudfront.net");
        let expected = Served { url: URL, bucket: "b", configuration: CONFIGURATION };
        assert_eq!(served("prod", &whole).expect("a console"), expected);
        let mut without = whole.clone();
        without.outputs.remove("ConsoleBucketName");
        for (deployed, words) in [
            (without, "the stack has no console: write Console = \"true\" in samconfig.toml"),
            (deployed(&CONFIGURATION.replace("\"c\"", "\"\""), URL), "nobody could sign in"),
            (deployed("{\"audience\":\"a\"b\"}", URL), "write TokenAudience without a quote"),
            (
                deployed(CONFIGURATION, "https://d1.cloudfront.net.evil.example"),
                "add https://d1.cloudfront.net to AllowedOrigins",
            ),
        ] {
            let error = served("prod", &deployed).expect_err("a refusal").to_string();
            assert!(error.starts_with(words) || error.contains(words), "{error}");
            assert!(error.ends_with("and deploy again: make deploy ENV=prod"), "{error}");
        }
    }
}
