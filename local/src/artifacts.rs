//! Packs the built functions as `sam build` would: one zip per function with its binary as `bootstrap`.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::{Context, Result};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::template::Template;
use crate::workspace::binary;

/// Packs every function of `template`, built in `binaries`, into `dir` and gives the zips by logical id.
///
/// # Errors
/// When a function was not built, or the zips cannot be written.
pub fn pack(binaries: &Path, template: &Template, dir: &Path) -> Result<BTreeMap<String, String>> {
    std::fs::create_dir_all(dir).with_context(|| format!("cannot make {}", dir.display()))?;
    let mut packed = BTreeMap::new();
    for function in template.functions()? {
        let binary = binary(binaries, &function.name)?;
        let zip = dir.join(format!("{}.zip", function.name));
        if !is_current(&binary, &zip) {
            write_zip(&binary, &zip).with_context(|| format!("cannot pack {}", function.name))?;
        }
        packed.insert(function.logical_id, zip.display().to_string());
    }
    Ok(packed)
}

fn is_current(binary: &Path, zip: &Path) -> bool {
    let modified = |path: &Path| path.metadata().and_then(|metadata| metadata.modified()).ok();
    matches!((modified(binary), modified(zip)), (Some(binary), Some(zip)) if binary < zip)
}

/// Writes a zip that depends on the binary's bytes alone, so that an unchanged function is not deployed again. It is not
/// compressed: it travels over the loopback interface, where packing would take longer than sending.
fn write_zip(binary: &Path, zip: &Path) -> Result<()> {
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored).unix_permissions(0o755);
    let options = options.last_modified_time(zip::DateTime::default());
    let partial = zip.with_extension("partial");
    let mut writer = ZipWriter::new(BufWriter::new(File::create(&partial)?));
    writer.start_file("bootstrap", options)?;
    std::io::copy(&mut File::open(binary)?, &mut writer)?;
    writer.finish()?.flush()?;
    std::fs::rename(&partial, zip)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

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
}
