//! Deploys the template with `sam deploy`, as it is deployed to AWS, and reads the stack that came of it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

use crate::data::workspace::Workspace;
use crate::stack::artifacts;
use crate::stack::clients::{ACCOUNT, REGION, ROOT};
use crate::stack::process::ProcessGroup;
use crate::stack::template::Template;

/// Tells a person how far the start has come.
pub(crate) type Progress = fn(&str);

/// A deployment of the template.
#[derive(Clone, Debug)]
pub(crate) struct Deployment {
    /// The name of the stack.
    pub stack_name: String,
    /// The template, with the same parameters.
    pub template: Template,
    /// The values of its parameters.
    pub parameters: BTreeMap<String, String>,
    /// The directory of the built functions.
    pub binaries: PathBuf,
    /// The directory of the rewritten template and of sam's log.
    pub dir: PathBuf,
}

/// A deployed stack: what CloudFormation made of the template.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stack {
    /// Physical ids by logical id: table names, queue URLs, topic ARNs, function names.
    pub resources: BTreeMap<String, String>,
    /// The outputs by name.
    pub outputs: BTreeMap<String, String>,
}

impl Stack {
    /// The physical id of the resource with the logical id `logical_id`.
    ///
    /// # Errors
    /// When the template has no such resource.
    pub fn resource(&self, logical_id: &str) -> Result<&str> {
        let id = self.resources.get(logical_id).map(String::as_str);
        id.with_context(|| format!("the deployed stack has no resource {logical_id}: look whether template.yaml has it, and creates it in this lane"))
    }

    /// The ARN of the function with the logical id `logical_id`.
    ///
    /// # Errors
    /// When the template has no such function.
    pub fn function_arn(&self, logical_id: &str) -> Result<String> {
        Ok(format!("arn:aws:lambda:{REGION}:{ACCOUNT}:function:{}", self.resource(logical_id)?))
    }

    /// The ARN that callers of the function use: that of its alias, if it has one.
    ///
    /// # Errors
    /// When the template has no such function.
    pub fn called_arn(&self, logical_id: &str) -> Result<String> {
        self.qualified_arn(logical_id, "Alias")
    }

    /// The ARN under which the function runs: that of its published version, if it has one.
    ///
    /// # Errors
    /// When the template has no such function.
    pub fn running_arn(&self, logical_id: &str) -> Result<String> {
        self.qualified_arn(logical_id, "Version")
    }

    /// The ARN of the resource of this kind that SAM has made for the function: its id is that of the function, then the kind, then
    /// a name or a digest.
    fn qualified_arn(&self, logical_id: &str, kind: &str) -> Result<String> {
        let arn = self.function_arn(logical_id)?;
        let (id, qualified) = (format!("{logical_id}{kind}"), format!("{arn}:"));
        let made =
            self.resources.iter().find(|(made, physical)| made.starts_with(&id) && physical.starts_with(&qualified));
        Ok(made.map_or(arn, |(_, physical)| physical.clone()))
    }
}

/// CloudFormation answers in XML, which sam's own environment can already read.
const READ_STACK: &str = "
import boto3, json, sys
client = boto3.client('cloudformation')
pages = client.get_paginator('list_stack_resources').paginate(StackName=sys.argv[1])
resources = [resource for page in pages for resource in page['StackResourceSummaries']]
outputs = client.describe_stacks(StackName=sys.argv[1])['Stacks'][0].get('Outputs', [])
print(json.dumps({
    'resources': {r['LogicalResourceId']: r['PhysicalResourceId'] for r in resources if 'PhysicalResourceId' in r},
    'outputs': {output['OutputKey']: output['OutputValue'] for output in outputs},
}))
";

impl Deployment {
    /// Packs the functions and deploys the template to the emulator at `endpoint`. Unchanged resources are left alone.
    ///
    /// # Errors
    /// When a function was not built or `sam deploy` fails; the error holds sam's output.
    pub(crate) async fn deploy(&self, workspace: &Workspace, endpoint: &str, progress: Progress) -> Result<Stack> {
        let sam = workspace.tool("sam", "sam")?;
        let (binaries, template) = (self.binaries.clone(), self.template.clone());
        let packed = tokio::task::spawn_blocking(move || artifacts::pack(&binaries, &template)).await??;
        let built = self.dir.join("template.json");
        let text = serde_json::to_string_pretty(self.template.with_code(&packed)?.with_concurrency()?.as_json())?;
        std::fs::write(&built, text).with_context(|| format!("cannot write {}", built.display()))?;
        let log = self.dir.join("sam.log");
        let _ = std::fs::remove_file(&log);
        let mut sam = ProcessGroup::start(&mut self.command(&sam, &built, endpoint), &log)?;
        let mut told = 0;
        let status = loop {
            if let Some(status) = sam.status() {
                break status;
            }
            let ready = completed(&std::fs::read_to_string(&log).unwrap_or_default());
            if ready >= told + 25 {
                told = ready;
                progress(&format!("  {ready} resources are ready"));
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        };
        if !status.success() {
            let said = std::fs::read_to_string(&log).unwrap_or_default();
            bail!("`sam deploy` failed ({status}):\n{said}");
        }
        self.read(workspace, endpoint).await
    }

    async fn read(&self, workspace: &Workspace, endpoint: &str) -> Result<Stack> {
        let mut command = self.environment(&workspace.tool("sam", "python")?, endpoint);
        command.args(["-c", READ_STACK, &self.stack_name]);
        let output = tokio::task::spawn_blocking(move || command.output()).await?.context("cannot start python")?;
        if !output.status.success() {
            bail!("cannot read the deployed stack:\n{}", String::from_utf8_lossy(&output.stderr));
        }
        serde_json::from_slice(&output.stdout)
            .context("the description of the deployed stack cannot be read: compare READ_STACK with `Stack`")
    }

    fn command(&self, sam: &Path, template: &Path, endpoint: &str) -> Command {
        let overrides = self.parameters.iter().map(|(name, value)| format!("{name}={value}"));
        let mut command = self.environment(sam, endpoint);
        command.args(["deploy", "--template-file"]).arg(template);
        command.args(["--stack-name", &self.stack_name, "--resolve-s3", "--no-confirm-changeset"]);
        command.args(["--no-fail-on-empty-changeset", "--no-progressbar", "--region", REGION]);
        command.args(["--capabilities", "CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]);
        command.arg("--parameter-overrides").args(overrides);
        command
    }

    /// Runs `program` as the emulator's root. The user's own AWS set-up has no part in it.
    fn environment(&self, program: &Path, endpoint: &str) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(&self.dir)
            .env_clear()
            .envs(std::env::vars_os().filter(|(name, _)| name == "PATH" || name == "LANG"))
            .env("HOME", &self.dir)
            .env("PYTHONUNBUFFERED", "1")
            .env("SAM_CLI_TELEMETRY", "0")
            .env("SAM_CLI_POLL_DELAY", "1")
            .env("AWS_ENDPOINT_URL", endpoint)
            .env("AWS_ACCESS_KEY_ID", ROOT)
            .env("AWS_SECRET_ACCESS_KEY", ROOT)
            .env("AWS_DEFAULT_REGION", REGION)
            .env("AWS_EC2_METADATA_DISABLED", "true");
        command
    }
}

/// The number of resources that are ready according to sam's output.
fn completed(output: &str) -> usize {
    let ready = |line: &&str| line.starts_with("CREATE_COMPLETE") || line.starts_with("UPDATE_COMPLETE");
    output.lines().filter(ready).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stack(resources: &[(&str, &str)]) -> Stack {
        let resources = resources.iter().map(|(id, physical)| ((*id).to_owned(), (*physical).to_owned())).collect();
        Stack { resources, outputs: BTreeMap::new() }
    }

    #[test]
    fn a_function_with_an_alias_is_called_by_it_and_runs_as_its_version() {
        let alias = "arn:aws:lambda:us-east-1:000000000000:function:s-find-order:live";
        let version = "arn:aws:lambda:us-east-1:000000000000:function:s-find-order:3";
        let stack = stack(&[
            ("FindOrderFunction", "s-find-order"),
            ("FindOrderFunctionAliaslive", alias),
            ("FindOrderFunctionVersion0123456789", version),
        ]);
        assert_eq!(stack.called_arn("FindOrderFunction").unwrap(), alias);
        assert_eq!(stack.running_arn("FindOrderFunction").unwrap(), version);
    }

    #[test]
    fn a_function_without_versions_has_one_arn() {
        let stack = stack(&[("FindOrderFunction", "s-find-order"), ("FindOrderFunctionAliasQueue", "s-alias")]);
        let arn = "arn:aws:lambda:us-east-1:000000000000:function:s-find-order";
        assert_eq!(stack.called_arn("FindOrderFunction").unwrap(), arn);
        assert_eq!(stack.running_arn("FindOrderFunction").unwrap(), arn);
        assert!(stack.called_arn("ListOrdersFunction").is_err());
    }
}
