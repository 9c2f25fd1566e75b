//! The checkout that is tested.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use heck::ToKebabCase;

/// The project's root.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_path_buf).unwrap_or_default()
}

/// A path as it stands in the project.
pub fn relative(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}

/// The project's own files below `folder` whose names end with `ending`.
///
/// # Errors
/// A folder that cannot be read.
pub fn files_below(folder: &str, ending: &str) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    collect(&root().join(folder), ending, &mut found)?;
    found.sort();
    Ok(found)
}

fn collect(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) -> Result<()> {
    for entry in std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            let theirs = name.starts_with('.') || ["dist", "node_modules", "target"].contains(&name.as_str());
            if !theirs {
                collect(&path, ending, found)?;
            }
        } else if name.ends_with(ending) {
            found.push(path);
        }
    }
    Ok(())
}

/// The folders of `functions/`.
///
/// # Errors
/// A folder that cannot be read.
pub fn function_names() -> Result<BTreeSet<String>> {
    let entries = std::fs::read_dir(root().join("functions"))?;
    entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect()
}

/// The paths of all RPCs, as `proto/` declares them.
///
/// # Errors
/// A proto file that cannot be read.
pub fn rpc_paths() -> Result<BTreeSet<String>> {
    let mut paths = BTreeSet::new();
    for file in files_below("proto", "_service.proto")? {
        let text = std::fs::read_to_string(&file)?;
        let word_after = |line: &str, keyword: &str| {
            let rest = line.trim().strip_prefix(keyword)?;
            rest.split(|letter: char| !letter.is_alphanumeric() && letter != '.' && letter != '_')
                .next()
                .map(str::to_owned)
        };
        let find = |keyword: &str| text.lines().find_map(|line| word_after(line, keyword));
        let package = find("package ").context("a package")?;
        let service = find("service ").context("a service")?;
        let rpcs = text.lines().filter_map(|line| word_after(line, "rpc "));
        paths.extend(rpcs.map(|rpc| format!("/{package}.{service}/{rpc}")));
    }
    Ok(paths)
}

/// The names of the functions that answer RPCs: each is called as its RPC.
///
/// # Errors
/// A proto file that cannot be read.
pub fn rpc_functions() -> Result<BTreeSet<String>> {
    let name = |path: &String| path.rsplit('/').next().map(ToKebabCase::to_kebab_case);
    Ok(rpc_paths()?.iter().filter_map(name).collect())
}
