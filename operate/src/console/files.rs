//! What a build of the console has made: which files, of which type, and for how long a browser may keep each.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

/// The document of the app, which names the other files.
pub(crate) const DOCUMENT: &str = "index.html";
/// What the app is told at run time.
pub(crate) const CONFIGURATION: &str = "config.json";
/// Files whose names change with their content.
const ASSETS: &str = "assets/";
/// A year, the longest that a cache is told.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// Kept, and asked about before each use.
const NO_CACHE: &str = "no-cache";
const NO_STORE: &str = "no-store";
/// What CloudFront compresses by itself: these are for `make up`.
const COMPRESSED: [&str; 2] = ["br", "gz"];
/// The type of a file by its ending. A browser is told not to guess.
const TYPES: [(&str, &str); 12] = [
    ("css", "text/css"),
    ("html", "text/html"),
    ("ico", "image/x-icon"),
    ("jpg", "image/jpeg"),
    ("js", "text/javascript"),
    ("json", "application/json"),
    ("map", "application/json"),
    ("png", "image/png"),
    ("svg", "image/svg+xml"),
    ("txt", "text/plain"),
    ("webmanifest", "application/manifest+json"),
    ("woff2", "font/woff2"),
];

/// The `Cache-Control` of the console's file at `path`, with or without a "/" before it.
#[must_use]
pub fn kept_for(path: &str) -> &'static str {
    match path.trim_start_matches('/') {
        CONFIGURATION => NO_STORE,
        path if path.starts_with(ASSETS) => FOR_EVER,
        _ => NO_CACHE,
    }
}

/// Whether the file at `path` is another one's compressed copy, which is not put into the bucket.
#[must_use]
pub fn is_compressed(path: &str) -> bool {
    let ending = Path::new(path).extension().and_then(OsStr::to_str);
    ending.is_some_and(|ending| COMPRESSED.contains(&ending))
}

/// Files that are uploaded together: all of one type, and kept for as long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Group {
    pub(crate) kind: &'static str,
    pub(crate) kept: &'static str,
    pub(crate) files: Vec<String>,
}

/// The files of a build.
#[derive(Debug)]
pub(crate) struct Build {
    /// Where they are.
    pub(crate) folder: PathBuf,
    files: BTreeMap<String, &'static str>,
}

impl Build {
    /// Reads what is there.
    ///
    /// # Errors
    /// When the app is not built, or a file has a name or an ending that is not known.
    pub(crate) fn read(folder: &Path) -> Result<Self> {
        let mut files = BTreeMap::new();
        let document = folder.join(DOCUMENT);
        ensure!(document.is_file(), "{} is missing: run make console, which builds the app first", document.display());
        collect(folder, "", &mut files)?;
        // A file of that name would be for another system than the stack.
        files.remove(CONFIGURATION);
        Ok(Self { folder: folder.to_path_buf(), files })
    }

    /// How many files it has.
    pub(crate) fn len(&self) -> usize {
        self.files.len()
    }

    /// The files whose names change with their content.
    pub(crate) fn assets(&self) -> BTreeSet<String> {
        self.files.keys().filter(|name| name.starts_with(ASSETS)).cloned().collect()
    }

    /// The files in the order in which they are uploaded: a document comes after what it names.
    pub(crate) fn groups(&self) -> Vec<Group> {
        let mut groups: Vec<(u8, Group)> = Vec::new();
        for (name, kind) in &self.files {
            let turn = if name.starts_with(ASSETS) { 0 } else { 1 + u8::from(name == DOCUMENT) };
            let kept = kept_for(name);
            match groups.iter_mut().find(|(at, group)| *at == turn && group.kind == *kind && group.kept == kept) {
                Some((_, group)) => group.files.push(name.clone()),
                None => groups.push((turn, Group { kind, kept, files: vec![name.clone()] })),
            }
        }
        groups.sort_by_key(|(turn, _)| *turn);
        groups.into_iter().map(|(_, group)| group).collect()
    }
}

fn collect(folder: &Path, below: &str, files: &mut BTreeMap<String, &'static str>) -> Result<()> {
    for entry in std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let entry = entry?;
        let name = format!("{below}{}", entry.file_name().display());
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &format!("{name}/"), files)?;
            continue;
        }
        // The AWS CLI takes other characters for patterns.
        let is_plain = name.chars().all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c));
        ensure!(is_plain, "the build has a file {name:?}: give it a name of letters, digits, dots and dashes");
        if is_compressed(&name) {
            continue;
        }
        let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
        let Some((_, kind)) = TYPES.iter().find(|(known, _)| *known == ending) else {
            bail!(
                "the build has a file {name}, and nobody knows its type: add the ending to operate/src/console/files.rs"
            );
        };
        files.insert(name, kind);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn built(names: &[&str]) -> tempfile::TempDir {
        let dir = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(dir.path().join("assets")).expect("a folder");
        for name in names {
            std::fs::write(dir.path().join(name), name).expect("a file");
        }
        dir
    }

    #[test]
    fn a_document_is_uploaded_after_what_it_names() {
        let names = [
            "index.html",
            "config.json",
            "icon.svg",
            "assets/a-1.js",
            "assets/a-1.js.br",
            "assets/b-1.js",
            "assets/c-1.css",
        ];
        let dir = built(&names);
        let build = Build::read(dir.path()).expect("a build");
        let group =
            |kind, kept, files: &[&str]| Group { kind, kept, files: files.iter().map(|&it| it.into()).collect() };
        let expected = [
            group("text/javascript", FOR_EVER, &["assets/a-1.js", "assets/b-1.js"]),
            group("text/css", FOR_EVER, &["assets/c-1.css"]),
            group("image/svg+xml", NO_CACHE, &["icon.svg"]),
            group("text/html", NO_CACHE, &["index.html"]),
        ];
        assert_eq!(build.groups(), expected);
        assert_eq!(build.len(), 5);
        assert_eq!(build.assets(), ["assets/a-1.js", "assets/b-1.js", "assets/c-1.css"].map(str::to_owned).into());
    }

    #[test]
    fn a_build_that_nobody_could_serve_is_refused() {
        let refusal = |names: &[&str]| Build::read(built(names).path()).expect_err("a refusal").to_string();
        assert!(
            refusal(&["icon.svg"]).ends_with("index.html is missing: run make console, which builds the app first")
        );
        assert!(refusal(&["index.html", "a.exe"]).contains("a.exe, and nobody knows its type"));
        assert!(refusal(&["index.html", "assets/[a].js"]).contains("give it a name of letters"));
    }

    #[test]
    fn each_file_is_kept_for_as_long_as_its_content_stays() {
        for path in ["/assets/a-1.js", "assets/a-1.js"] {
            assert_eq!(kept_for(path), "public, max-age=31536000, immutable");
        }
        assert_eq!((kept_for("/config.json"), kept_for("config.json")), ("no-store", "no-store"));
        assert_eq!((kept_for("/index.html"), kept_for("/orders/assets/1")), ("no-cache", "no-cache"));
    }
}
