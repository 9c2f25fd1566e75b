//! The bucket that serves the console, by the AWS CLI: a client for S3 in Rust would be as large as the rest of this program.

use std::collections::BTreeSet;
use std::io::{ErrorKind, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

use super::files::{Build, CONFIGURATION, kept_for};

/// Which assets the latest builds have. Nothing else tells what a page that is open still needs.
const BUILDS: &str = "builds.json";
/// A page that was opened before this publication asks for the files of the build before.
const BUILDS_KEPT: usize = 2;

/// The assets of each of the latest builds, the newest build first.
#[derive(Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
#[serde(transparent)]
struct Builds(Vec<BTreeSet<String>>);

impl Builds {
    /// The same list with a build that was published now: the build of the last time, published again, is not another build.
    fn and(mut self, assets: BTreeSet<String>) -> Self {
        if self.0.first() != Some(&assets) {
            self.0.insert(0, assets);
        }
        self.0.truncate(BUILDS_KEPT);
        self
    }

    fn needs(&self, asset: &str) -> bool {
        self.0.iter().any(|assets| assets.contains(asset))
    }
}

/// The bucket of a stack.
#[derive(Debug)]
pub(crate) struct Bucket<'a> {
    /// Its name.
    pub(crate) name: &'a str,
    /// Where it is, if the environment says so.
    pub(crate) region: Option<&'a str>,
}

impl Bucket<'_> {
    /// Puts a build there with its configuration, and takes away what neither it nor the build before needs; returns how many files
    /// that were. Whoever opens the console meanwhile gets the build before, whole.
    ///
    /// # Errors
    /// When the AWS CLI is missing or fails. What was done by then does no harm, and is done again the next time.
    pub(crate) fn publish(&self, build: &Build, configuration: &str) -> Result<usize> {
        let there = self.keys()?;
        let builds = if there.contains(BUILDS) { self.builds()? } else { Builds::default() }.and(build.assets());
        let (documents, assets): (Vec<_>, Vec<_>) =
            build.groups().into_iter().partition(|group| group.kind == "text/html");
        for group in assets {
            self.upload(&build.folder, &group.files, group.kind, group.kept)?;
        }
        // Before the document, so that a publication that ends here forgets nothing that a page may ask for.
        self.put(BUILDS, &serde_json::to_string(&builds)?)?;
        self.put(CONFIGURATION, configuration)?;
        for group in documents {
            self.upload(&build.folder, &group.files, group.kind, group.kept)?;
        }
        let old: Vec<_> = there.into_iter().filter(|key| key.starts_with("assets/") && !builds.needs(key)).collect();
        if !old.is_empty() {
            self.aws(&self.with_files(&["s3", "rm", &self.url(""), "--recursive"], &old), None)?;
        }
        Ok(old.len())
    }

    /// The names of all files.
    fn keys(&self) -> Result<BTreeSet<String>> {
        let list = ["s3api", "list-objects-v2", "--bucket", self.name, "--query", "Contents[].Key", "--output", "json"];
        let listed = self.aws(&list.map(str::to_owned), None)?;
        let listed: Option<BTreeSet<String>> =
            serde_json::from_slice(&listed).context("the AWS CLI does not list the bucket as JSON")?;
        Ok(listed.unwrap_or_default())
    }

    fn builds(&self) -> Result<Builds> {
        let read = self.aws(&["s3", "cp", &self.url(BUILDS), "-"].map(str::to_owned), None)?;
        let hint = || format!("{} is damaged: remove it with aws s3 rm {}", BUILDS, self.url(BUILDS));
        serde_json::from_slice(&read).with_context(hint)
    }

    fn put(&self, key: &str, text: &str) -> Result<()> {
        let put =
            ["s3", "cp", "-", &self.url(key), "--content-type", "application/json", "--cache-control", kept_for(key)];
        self.aws(&put.map(str::to_owned), Some(text)).map(drop)
    }

    fn upload(&self, folder: &Path, files: &[String], kind: &str, kept: &str) -> Result<()> {
        let folder = folder.display().to_string();
        let copy = ["s3", "cp", &folder, &self.url(""), "--recursive", "--content-type", kind, "--cache-control", kept];
        self.aws(&self.with_files(&copy, files), None).map(drop)
    }

    fn with_files(&self, command: &[&str], files: &[String]) -> Vec<String> {
        let command = command.iter().chain(&["--only-show-errors", "--exclude", "*"]).map(|&word| word.to_owned());
        command.chain(files.iter().flat_map(|file| ["--include".to_owned(), file.clone()])).collect()
    }

    fn url(&self, key: &str) -> String {
        format!("s3://{}/{key}", self.name)
    }

    /// What the AWS CLI prints.
    fn aws(&self, arguments: &[String], input: Option<&str>) -> Result<Vec<u8>> {
        let mut command = Command::new("aws");
        command.args(arguments).args(self.region.iter().flat_map(|region| ["--region", region]));
        command.stdin(if input.is_some() { Stdio::piped() } else { Stdio::null() });
        let running = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let mut running = match running {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                bail!("there is no program aws: install the AWS CLI (docs/deploy.md, \"The tools\")")
            }
            running => running.context("cannot start the AWS CLI")?,
        };
        let written = match (running.stdin.take(), input) {
            (Some(mut pipe), Some(text)) => pipe.write_all(text.as_bytes()),
            _ => Ok(()),
        };
        let output = running.wait_with_output().context("cannot wait for the AWS CLI")?;
        let complaint = String::from_utf8_lossy(&output.stderr);
        let what = arguments.iter().take(2).map(String::as_str).collect::<Vec<_>>().join(" ");
        if !output.status.success() {
            bail!("aws {what} fails on the bucket {}: {}", self.name, complaint.trim());
        }
        // A program that fails before it reads breaks the pipe, and its own words say more about the failure.
        written.with_context(|| format!("aws {what} does not read its input"))?;
        Ok(output.stdout)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assets(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    #[test]
    fn the_build_before_is_kept_however_often_a_build_is_published() {
        let builds = Builds::default().and(assets(&["a-1", "b-1"])).and(assets(&["a-1", "b-2"]));
        let builds = builds.and(assets(&["a-1", "b-2"]));
        assert!(["a-1", "b-1", "b-2"].iter().all(|asset| builds.needs(asset)));
        let builds = builds.and(assets(&["a-3"]));
        assert!(builds.needs("a-3") && builds.needs("b-2") && !builds.needs("b-1"));
        assert_eq!(serde_json::to_string(&builds).expect("JSON"), r#"[["a-3"],["a-1","b-2"]]"#);
    }
}
