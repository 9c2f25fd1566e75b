//! The files that are written, and where.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use messaging::Deployment;
use orchestration::Registry;
use saga::diagram::{dot, mermaid};

use crate::state_machines::{file_name, machine_file, state_machine};
use crate::template::{self, TEMPLATE};
use crate::{errors, overview};

/// The folders in which only generated files stand, and how these are called; whatever else is called so is removed.
pub const FOLDERS: [(&str, &str); 2] = [("docs/sagas", ""), ("statemachines", ".asl.json")];

const GENERATED: &str = "Generated from the saga's definition by make generate.";

/// Every generated file: its path below the root, and its content.
///
/// # Errors
/// A definition that cannot be expressed in one of the files.
pub fn files(registry: &Registry) -> Result<Vec<(PathBuf, String)>> {
    let mut files = vec![(PathBuf::from(overview::PATH), overview::overview(registry))];
    for definition in registry.definitions() {
        let name = file_name(definition);
        let machine = state_machine(registry, definition).with_context(|| name.clone())?;
        files.push((PathBuf::from(machine_file(definition)), machine));
        let diagrams = Path::new("docs/sagas");
        files.push((diagrams.join(format!("{name}.mmd")), format!("%% {GENERATED}\n{}", mermaid(definition, None))));
        files.push((diagrams.join(format!("{name}.dot")), format!("// {GENERATED}\n{}", dot(definition, None))));
    }
    files.extend(errors::files().into_iter().map(|(path, content)| (path.into(), content)));
    Ok(files)
}

/// The files that are written by hand but for generated parts.
pub fn with_parts() -> impl Iterator<Item = &'static str> {
    std::iter::once(TEMPLATE).chain(errors::PROTOS)
}

/// Writes every generated file below `root`, removes those of sagas that are no more, and refreshes the generated parts of
/// the template and of the contracts.
///
/// # Errors
/// A definition that cannot be expressed, sagas and rows that do not speak of the same steps, a template or a contract
/// without a place for something, or a file that cannot be written.
pub fn generate(root: &Path, registry: &Registry, steps: &[Deployment]) -> Result<()> {
    let mut files = files(registry)?;
    for name in with_parts() {
        let before = std::fs::read_to_string(root.join(name)).with_context(|| format!("reading {name}"))?;
        let after = match name {
            TEMPLATE => template::refresh(&before, registry, steps),
            _ => errors::refresh(&before),
        };
        files.push((name.into(), after.context(name)?));
    }

    let names: BTreeSet<PathBuf> = files.iter().map(|(name, _)| root.join(name)).collect();
    for (folder, ending) in FOLDERS {
        let folder = root.join(folder);
        std::fs::create_dir_all(&folder).with_context(|| format!("creating {}", folder.display()))?;
        for entry in std::fs::read_dir(&folder).with_context(|| format!("reading {}", folder.display()))? {
            let path = entry?.path();
            if path.to_string_lossy().ends_with(ending) && !names.contains(&path) {
                std::fs::remove_file(&path).with_context(|| format!("removing {}", path.display()))?;
            }
        }
    }
    for (name, content) in files {
        let path = root.join(name);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).with_context(|| format!("creating {}", folder.display()))?;
        }
        std::fs::write(&path, content).with_context(|| format!("writing {}", path.display()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_sagas_that_are_no_more_are_removed() {
        let root = tempfile::tempdir().expect("a folder");
        let registry = order::sagas::registry();
        let steps = crate::steps();
        let blocks = template::blocks(&registry, &steps).expect("blocks");
        let empty = |name: &String| format!("# <generated: {name}>\n# <end>\n");
        let template: String = blocks.keys().map(empty).collect();
        std::fs::write(root.path().join(TEMPLATE), template).expect("written");
        for contract in errors::PROTOS {
            let (own, copy) =
                (Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..").join(contract), root.path().join(contract));
            std::fs::create_dir_all(copy.parent().expect("a folder")).expect("created");
            std::fs::copy(own, copy).expect("copied");
        }
        std::fs::create_dir_all(root.path().join("docs/sagas")).expect("created");
        let stale = root.path().join("docs/sagas/sell.v1.mmd");
        std::fs::write(&stale, "").expect("written");

        generate(root.path(), &registry, &steps).expect("generated");
        assert!(!stale.exists());
        for (name, content) in files(&registry).expect("files") {
            assert_eq!(std::fs::read_to_string(root.path().join(name)).expect("read"), content);
        }
    }
}
