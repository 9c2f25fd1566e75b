//! Packs the built functions as `sam build` would: a zip per function, with its binary as `bootstrap`.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::thread;

use anyhow::{Context, Result, anyhow};
use tempfile::NamedTempFile;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::data::workspace::binary;
use crate::stack::template::Template;

/// Packs every function of `template` beside its binary in `binaries`, and returns the zips by logical id. A zip that is younger
/// than its binary is kept.
///
/// # Errors
/// When a function was not built, or the zips cannot be written.
pub(crate) fn pack(binaries: &Path, template: &Template) -> Result<BTreeMap<String, String>> {
    let dir = binaries.join("artifacts");
    std::fs::create_dir_all(&dir).with_context(|| format!("cannot make {}", dir.display()))?;
    let mut packed = BTreeMap::new();
    let mut stale = Vec::new();
    for function in template.functions()? {
        let binary = binary(binaries, &function.name)?;
        let zip = dir.join(format!("{}.zip", function.name));
        packed.insert(function.logical_id, zip.display().to_string());
        if !is_current(&binary, &zip) {
            stale.push((binary, zip));
        }
    }
    write_all(stale)?;
    Ok(packed)
}

fn is_current(binary: &Path, zip: &Path) -> bool {
    let modified = |path: &Path| path.metadata().and_then(|metadata| metadata.modified()).ok();
    matches!((modified(binary), modified(zip)), (Some(binary), Some(zip)) if binary < zip)
}

/// Writes the zips on all processors.
fn write_all(stale: Vec<(PathBuf, PathBuf)>) -> Result<()> {
    let queue = Mutex::new(stale);
    let next = || queue.lock().ok()?.pop();
    let work = || {
        while let Some((binary, zip)) = next() {
            write_zip(&binary, &zip).with_context(|| format!("cannot pack {}", binary.display()))?;
        }
        Ok(())
    };
    thread::scope(|scope| {
        let workers = thread::available_parallelism().map_or(1, usize::from);
        let workers: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        workers
            .into_iter()
            .try_for_each(|worker| worker.join().map_err(|_| anyhow!("a thread that packs functions has panicked"))?)
    })
}

/// Writes a zip that depends on the binary's bytes alone, so that an unchanged function is not deployed again.
fn write_zip(binary: &Path, zip: &Path) -> Result<()> {
    // The emulator keeps several copies in memory, so size counts; it runs on this machine, so time counts more.
    let options =
        SimpleFileOptions::default().compression_method(CompressionMethod::Deflated).compression_level(Some(1));
    let options = options.unix_permissions(0o755).last_modified_time(zip::DateTime::default());
    // Another process may pack the same function at the same time: the last of them wins, and no reader sees half a zip.
    let partial = NamedTempFile::new_in(zip.parent().context("the zip's path has no directory")?)?;
    let mut writer = ZipWriter::new(BufWriter::new(partial));
    writer.start_file("bootstrap", options)?;
    std::io::copy(&mut File::open(binary)?, &mut writer)?;
    let mut written = writer.finish()?;
    written.flush()?;
    written.into_inner().map_err(|error| anyhow!("{error}"))?.persist(zip)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_zip_holds_an_executable_bootstrap_and_depends_on_its_bytes_alone() {
        let dir = tempfile::tempdir().unwrap();
        let path = |name: &str| dir.path().join(name);
        std::fs::write(path("create-order"), "binary").unwrap();
        write_zip(&path("create-order"), &path("one.zip")).unwrap();
        std::fs::write(path("copy"), "binary").unwrap();
        write_zip(&path("copy"), &path("two.zip")).unwrap();
        assert_eq!(std::fs::read(path("one.zip")).unwrap(), std::fs::read(path("two.zip")).unwrap());
        let mut archive = zip::ZipArchive::new(File::open(path("one.zip")).unwrap()).unwrap();
        let bootstrap = archive.by_name("bootstrap").unwrap();
        assert_eq!(bootstrap.unix_mode().unwrap() & 0o777, 0o755);
        assert_eq!(std::io::read_to_string(bootstrap).unwrap(), "binary");
    }

    #[test]
    fn only_what_has_changed_is_packed_again_and_what_is_missing_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let function = "{ Type: AWS::Serverless::Function, Properties: { CodeUri: functions/find-order } }";
        let template = Template::parse(&format!("Resources:\n  FindOrderFunction: {function}")).unwrap();
        let missing = pack(dir.path(), &template).unwrap_err();
        assert!(missing.to_string().contains("cargo build"), "{missing}");
        std::fs::write(dir.path().join("find-order"), "binary").unwrap();
        // Files of one tick of the clock would look as if neither were newer.
        let binary = File::options().write(true).open(dir.path().join("find-order")).unwrap();
        binary
            .set_modified(binary.metadata().unwrap().modified().unwrap() - std::time::Duration::from_secs(1))
            .unwrap();
        let zip = pack(dir.path(), &template).unwrap().remove("FindOrderFunction").unwrap();
        let modified = || std::fs::metadata(&zip).unwrap().modified().unwrap();
        let before = modified();
        pack(dir.path(), &template).unwrap();
        assert_eq!(modified(), before);
        let later = before + std::time::Duration::from_secs(1);
        binary.set_modified(later).unwrap();
        pack(dir.path(), &template).unwrap();
        assert_ne!(modified(), before);
    }
}
