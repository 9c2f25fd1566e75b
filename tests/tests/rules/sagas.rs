//! What is derived from the sagas is fresh, and no published definition has changed.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use tests::root;

/// The files of their own, and the parts of the template and of the contracts.
#[test]
fn what_is_generated_is_fresh() -> Result<()> {
    let fresh = tempfile::tempdir()?;
    for name in sagas_codegen::with_parts() {
        std::fs::create_dir_all(fresh.path().join(name).parent().context("a folder")?)?;
        std::fs::copy(root().join(name), fresh.path().join(name))?;
    }
    let registry = order::sagas::registry();
    sagas_codegen::generate(fresh.path(), &registry, &sagas_codegen::steps())?;
    let names = sagas_codegen::files(&registry)?.into_iter().map(|(name, _)| name);
    for name in names.chain(sagas_codegen::with_parts().map(Into::into)) {
        let committed = std::fs::read(root().join(&name)).unwrap_or_default();
        let same = committed == std::fs::read(fresh.path().join(&name))?;
        ensure!(same, "{} is stale: run make generate", name.display());
    }
    Ok(())
}

#[test]
fn nothing_generated_is_left_over() -> Result<()> {
    let generated: BTreeSet<_> =
        sagas_codegen::files(&order::sagas::registry())?.into_iter().map(|(name, _)| name).collect();
    for (folder, ending) in sagas_codegen::FOLDERS {
        for entry in std::fs::read_dir(root().join(folder)).with_context(|| folder.to_owned())? {
            let path = Path::new(folder).join(entry?.file_name());
            let known = generated.contains(&path) || !path.to_string_lossy().ends_with(ending);
            ensure!(known, "{} belongs to no saga: run make generate", path.display());
        }
    }
    Ok(())
}

/// Says how to add a version when a published one was edited.
#[test]
fn no_published_definition_has_changed() -> Result<()> {
    let lock = std::fs::read_to_string(root().join(sagas_codegen::lock::PATH)).unwrap_or_default();
    sagas_codegen::lock::check(&lock, &order::sagas::registry())
}
