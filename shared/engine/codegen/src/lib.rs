//! Writes the Rust of `.proto` files, without protoc.

mod messages;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

pub use messages::{Holds, MessageType, messages};

/// Generates the Rust of every `.proto` file below `protos` into `out`, which it creates; they may import those below
/// `includes`.
///
/// # Errors
/// A file that does not parse, or a folder that cannot be read or written.
pub fn generate(protos: &Path, includes: &[PathBuf], out: &Path) -> Result<()> {
    let (files, compiler) = parse(protos, includes)?;
    std::fs::create_dir_all(out).with_context(|| format!("creating {}", out.display()))?;
    let descriptors = tempfile::NamedTempFile::new().context("creating the descriptor set")?;
    std::fs::write(descriptors.path(), compiler.encode_file_descriptor_set()).context("writing the descriptor set")?;

    let names: Vec<PathBuf> =
        files.iter().map(|file| file.strip_prefix(protos).map(Path::to_path_buf)).collect::<Result<_, _>>()?;
    connectrpc_build::Config::new()
        .descriptor_set(descriptors.path())
        .files(&names)
        .file_per_package(true)
        .gate_client_feature(true)
        .include_file("mod.rs")
        .emit_rerun_directives(false)
        .out_dir(out)
        .compile()
}

/// Parses every `.proto` file below `protos`; gives their paths as well.
fn parse(protos: &Path, includes: &[PathBuf]) -> Result<(Vec<PathBuf>, protox::Compiler)> {
    let mut files = Vec::new();
    collect(protos, &mut files)?;
    files.sort();
    let mut compiler = protox::Compiler::new([protos].into_iter().chain(includes.iter().map(PathBuf::as_path)))
        .context("opening the proto folder")?;
    compiler.include_imports(true).include_source_info(true);
    compiler.open_files(&files).context("parsing the proto files")?;
    Ok((files, compiler))
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in std::fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "proto") {
            files.push(path);
        }
    }
    Ok(())
}
