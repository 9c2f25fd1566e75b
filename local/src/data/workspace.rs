//! The places of the checkout, its virtual environments and its built functions.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

/// The checkout that this binary was built from.
#[derive(Clone, Debug)]
pub struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// Finds the checkout by the place of this crate in it.
    #[must_use]
    pub fn here() -> Self {
        let crate_dir = Path::new(env!("CARGO_MANIFEST_DIR"));
        Self { root: crate_dir.parent().unwrap_or(crate_dir).to_path_buf() }
    }

    /// The directory that holds the workspace's Cargo.toml.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The directory of what `make setup` made: virtual environments and the development issuer's key. Never committed.
    #[must_use]
    pub fn local_dir(&self) -> PathBuf {
        self.root.join(".local")
    }

    /// The data of `make up`, which `make down` removes.
    #[must_use]
    pub fn run_dir(&self) -> PathBuf {
        self.local_dir().join("run")
    }

    /// The key of the development issuer of `make up`.
    #[must_use]
    pub fn issuer_key(&self) -> PathBuf {
        self.local_dir().join("development-issuer-key.der")
    }

    /// The template that is deployed.
    #[must_use]
    pub fn template(&self) -> PathBuf {
        self.root.join("template.yaml")
    }

    /// The directory of the built console.
    #[must_use]
    pub fn console(&self) -> PathBuf {
        self.root.join("web/dist")
    }

    /// The directory in which cargo puts the functions for local use.
    #[must_use]
    pub fn binaries(&self) -> PathBuf {
        let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| self.root.join("target"), PathBuf::from);
        target.join("local")
    }

    /// The binary of the function `name`.
    ///
    /// # Errors
    /// Names the command to run when the function was not built.
    pub fn binary(&self, name: &str) -> Result<PathBuf> {
        binary(&self.binaries(), name)
    }

    /// The Node of the tools that come from npm.
    ///
    /// # Errors
    /// Names the command to run when the tools were not set up.
    pub fn node(&self) -> Result<PathBuf> {
        installed(self.local_dir().join("node/node_modules/.bin/node"))
    }

    /// The program `program` of the virtual environment `environment`.
    ///
    /// # Errors
    /// Names the command to run when the environment was not set up.
    pub fn tool(&self, environment: &str, program: &str) -> Result<PathBuf> {
        installed(self.local_dir().join("venvs").join(environment).join("bin").join(program))
    }
}

fn installed(path: PathBuf) -> Result<PathBuf> {
    if !path.exists() {
        bail!("{} is missing: run `make setup` to install the tools", path.display());
    }
    Ok(path)
}

/// The binary of the function `name` among `binaries`.
///
/// # Errors
/// Names the command to run when the function was not built.
pub(crate) fn binary(binaries: &Path, name: &str) -> Result<PathBuf> {
    let path = binaries.join(name);
    if !path.exists() {
        bail!("{} is missing: run `cargo build --profile local --workspace`", path.display());
    }
    Ok(path)
}
