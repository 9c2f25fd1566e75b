//! Writes the Rust of `.proto` files, without protoc, and the manifest with which the engine stands alone.
//!
//! Read [`generate`] first; `commands.rs` makes a `saga::Command` of each message with the option `(message.v1.command)`,
//! `shapes.rs` a `wire::shape::Shape` of each message of a request.
//! [`messages()`] describes message types to programs that write or check what follows from them. [`standalone`] has nothing
//! to do with either: it reduces a workspace's manifest to one folder.

mod commands;
mod messages;
mod shapes;
mod workspace;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use buffa_codegen::MapRepr;
use connectrpc_build::CodeGenConfig;
use protox::prost_reflect::DescriptorPool;

pub use messages::{Holds, MessageType, messages};
pub use workspace::{STANDALONE, standalone};

/// The file that names the generated modules.
const MODULES: &str = "mod.rs";

/// Generates the Rust of every `.proto` file below `protos` into `out`, which it creates; they may import those below
/// `includes`. Files that only declare options are left out, and each command becomes a `saga::Command`.
///
/// # Errors
/// A file that does not parse, or a folder that cannot be read or written.
pub fn generate(protos: &Path, includes: &[PathBuf], out: &Path) -> Result<()> {
    let (files, compiler) = parse(protos, includes)?;
    std::fs::create_dir_all(out).with_context(|| format!("creating {}", out.display()))?;
    let descriptors = tempfile::NamedTempFile::new().context("creating the descriptor set")?;
    std::fs::write(descriptors.path(), compiler.encode_file_descriptor_set()).context("writing the descriptor set")?;

    let pool = compiler.descriptor_pool();
    let names: Vec<String> = files
        .iter()
        .map(|file| Ok(file.strip_prefix(protos)?.to_string_lossy().into_owned()))
        .collect::<Result<Vec<_>>>()?
        .into_iter()
        .filter(|name| !only_declares_options(&pool, name))
        .collect();
    connectrpc_build::Config::new()
        .buffa_config(code())
        .descriptor_set(descriptors.path())
        .files(&names)
        .file_per_package(true)
        .gate_client_feature(true)
        .include_file(MODULES)
        .emit_rerun_directives(false)
        .out_dir(out)
        .compile()?;
    if let Some(commands) = commands::impls(&pool, &names)? {
        add(out, commands::FILE, &commands)?;
    }
    match shapes::impls(&pool, &names)? {
        Some(shapes) => add(out, shapes::FILE, &shapes),
        None => Ok(()),
    }
}

/// How messages become Rust. Maps are ordered, so that the same message is always the same bytes.
fn code() -> CodeGenConfig {
    let mut config = CodeGenConfig::default();
    config.generate_json = true;
    config.map_fields = vec![(".".to_owned(), MapRepr::BTreeMap)];
    config
}

/// Whether the file has extensions: its messages are what an option holds, and no program needs them.
fn only_declares_options(pool: &DescriptorPool, name: &str) -> bool {
    pool.get_file_by_name(name).is_some_and(|file| file.extensions().len() > 0)
}

/// Writes a file beside the messages, and names it as a module.
fn add(out: &Path, file: &str, text: &str) -> Result<()> {
    std::fs::write(out.join(file), text).with_context(|| format!("writing {file}"))?;
    let modules = out.join(MODULES);
    let others = std::fs::read_to_string(&modules).context("reading the modules")?;
    let module = file.trim_end_matches(".rs");
    std::fs::write(&modules, format!("{others}mod {module};\n")).context("writing the modules")
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
