//! The engine can be taken out of this repository: `make engine` tests it alone, with the manifest that stands ready.

use anyhow::{Context, Result, ensure};
use tests::root;

const ENGINE: &str = "shared/engine";

#[test]
fn the_manifest_of_the_engine_alone_is_fresh() -> Result<()> {
    let path = root().join(ENGINE).join(codegen::STANDALONE);
    let committed = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    ensure!(committed == codegen::standalone(&root(), ENGINE)?, "{} is stale: run make generate", path.display());
    Ok(())
}

/// A change lands only if the engine still stands alone.
#[test]
fn what_decides_about_a_change_tests_the_engine_alone() -> Result<()> {
    let decides = std::fs::read_to_string(root().join(".ci/run"))?;
    ensure!(decides.lines().any(|line| line.trim() == "make engine"), ".ci/run does not run make engine");
    Ok(())
}
