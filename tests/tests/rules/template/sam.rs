//! template.yaml as CloudFormation gets it: SAM's transform, which AWS runs, makes plain resources of it.

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use anyhow::{Context, Result, anyhow, ensure};
use local::Lane;
use local::template::Template;
use serde_json::{Map, Value, json};
use tests::root;

use super::promises::parameters;

/// Reads templates from its standard input, and writes what SAM makes of each, or why it makes nothing of it.
const TRANSFORM: &str = "
import json, sys
from samtranslator.translator.transform import transform

class NoManagedPolicies:
    def load(self):
        return {}

def transformed(template, parameters):
    try:
        return transform(template, parameters, NoManagedPolicies())
    except Exception as error:
        return {'Refused': str(error)}

asked = json.load(sys.stdin)
json.dump([transformed(template, asked['parameters']) for template in asked['templates']], sys.stdout)
";

/// The types that SAM makes others of; it passes on every other resource as it is.
const OF_SAM: &str = "AWS::Serverless::";

/// The template as it stands in its file.
pub(super) fn raw() -> Result<&'static Value> {
    static RAW: LazyLock<Result<Value, String>> = LazyLock::new(|| {
        let template = Template::read(&root().join("template.yaml")).map_err(|error| format!("{error:?}"))?;
        Ok(template.as_json().clone())
    });
    RAW.as_ref().map_err(|error| anyhow!("{error}"))
}

/// What SAM makes of it.
pub(super) fn transformed() -> Result<&'static Value> {
    static TRANSFORMED: LazyLock<Result<Value, String>> = LazyLock::new(|| {
        let transformed =
            raw().and_then(|raw| transform(std::slice::from_ref(raw))).map_err(|error| error.to_string())?;
        transformed.into_iter().next().ok_or_else(|| "SAM made nothing of it".to_owned())
    });
    TRANSFORMED.as_ref().map_err(|error| anyhow!("{error}"))
}

/// Whether the resource is one that SAM makes others of.
pub(super) fn is_of_sam(resource: &Value) -> bool {
    resource["Type"].as_str().is_some_and(|kind| kind.starts_with(OF_SAM))
}

/// What SAM makes of each of these templates; what it refuses has no resources and says why as `Refused`.
pub(super) fn transform(templates: &[Value]) -> Result<Vec<Value>> {
    let mut given = parameters(Lane::Rust);
    // Both lanes come of one transform, so the lane's parameter stays open.
    given.remove("Orchestrator");
    let asked = json!({
        "parameters": given,
        "templates": templates.iter().map(with_code).collect::<Vec<_>>(),
    });
    let python = root().join(".local/venvs/sam/bin/python");
    let mut child = Command::new(&python)
        .args(["-c", TRANSFORM])
        .env("AWS_DEFAULT_REGION", "us-east-1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("{} is missing: run make check", python.display()))?;
    let mut input = child.stdin.take().context("its standard input")?;
    // It reads everything before it writes anything.
    serde_json::to_writer(&mut input, &asked)?;
    input.flush()?;
    drop(input);
    let output = child.wait_with_output()?;
    ensure!(output.status.success(), "the transform failed: {}", String::from_utf8_lossy(&output.stderr));
    let transformed: Vec<Value> = serde_json::from_slice(&output.stdout).context("what SAM made is no JSON")?;
    ensure!(transformed.len() == templates.len(), "SAM made {} of {}", transformed.len(), templates.len());
    Ok(transformed)
}

/// SAM takes code from a bucket only, so the checkout stands for one.
fn with_code(template: &Value) -> Value {
    let mut template = template.clone();
    let resources = template["Resources"].as_object_mut().into_iter().flat_map(Map::values_mut);
    for resource in resources.filter(|resource| is_of_sam(resource)) {
        for property in ["CodeUri", "DefinitionUri"] {
            if let Some(path) = resource["Properties"][property].as_str() {
                let place = format!("s3://checkout/{path}");
                resource["Properties"][property] = json!(place);
            }
        }
    }
    template
}
