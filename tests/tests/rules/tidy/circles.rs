//! No file needs, however indirectly, a file that needs it.
//!
//! What is seen: in the product code of each crate of `shared/`, every `use` that begins with `crate`, `self`, `super` or a
//! module declared in the same file, and every such path in the code. A name that a module re-exports counts as the file
//! that defines it, so neither a re-export nor the declaration of a module is a need. What is not seen: what the arguments
//! of a macro name by a path; methods and fields, whose type may be in a file that is never named; and which items a
//! `use ...::*` takes, which counts as the whole module.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, ensure};
use tests::{files_below, relative, root};

use super::modules::Crate;

/// The circles that are there still, each by its files; whoever breaks one takes it out.
const KNOWN: &[&[&str]] = &[];

/// The files that each file needs.
type Needs = BTreeMap<String, BTreeSet<String>>;

#[test]
fn no_two_files_of_a_crate_need_each_other() -> Result<()> {
    let mut circles = BTreeSet::new();
    let mut files = 0;
    for manifest in files_below("shared", "Cargo.toml")? {
        let folder = relative(&manifest).replace("Cargo.toml", "src");
        if root().join(&folder).join("lib.rs").exists() {
            let needs = Crate::read(&root().join(&folder))?.needs();
            files += needs.len();
            circles.extend(circles_of(&needs));
        }
    }
    ensure!(files > 100, "only {files} files were read");
    let known: BTreeSet<BTreeSet<String>> =
        KNOWN.iter().map(|circle| circle.iter().map(|file| (*file).to_owned()).collect()).collect();
    let new: Vec<_> = circles.difference(&known).collect();
    ensure!(
        new.is_empty(),
        "these files need each other: {new:#?}\nmove what they share into a file that needs neither"
    );
    let gone: Vec<_> = known.difference(&circles).collect();
    ensure!(gone.is_empty(), "these circles are broken: take them out of KNOWN: {gone:#?}");
    Ok(())
}

/// Each set of files that all need each other.
fn circles_of(needs: &Needs) -> BTreeSet<BTreeSet<String>> {
    let reached = needs.keys().map(|file| (file, reachable(needs, file))).collect::<BTreeMap<_, _>>();
    let circle = |file: &String| {
        let back = |other: &&String| reached.get(other).is_some_and(|reached| reached.contains(file));
        reached[file].iter().filter(back).cloned().collect::<BTreeSet<String>>()
    };
    needs.keys().map(circle).filter(|circle| !circle.is_empty()).collect()
}

/// Every file that this file needs, directly or not.
fn reachable(needs: &Needs, file: &str) -> BTreeSet<String> {
    let (mut reached, mut open) = (BTreeSet::new(), vec![file.to_owned()]);
    while let Some(next) = open.pop() {
        for needed in needs.get(&next).into_iter().flatten() {
            if reached.insert(needed.clone()) {
                open.push(needed.clone());
            }
        }
    }
    reached
}

/// A crate of these files, each with its content.
fn needs_of(files: &[(&str, &str)]) -> Result<Needs> {
    let folder = tempfile::tempdir()?;
    for (name, content) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap_or(folder.path()))?;
        std::fs::write(path, content)?;
    }
    let needs = Crate::read(folder.path())?.needs();
    let short = |file: &String| {
        file.rsplit_once(&format!("{}/", folder.path().display())).map_or("", |(_, name)| name).to_owned()
    };
    Ok(needs.iter().map(|(file, needed)| (short(file), needed.iter().map(short).collect())).collect())
}

#[test]
fn what_a_file_needs_is_seen_through_re_exports_groups_and_paths() -> Result<()> {
    let needs = needs_of(&[
        ("lib.rs", "mod a;\nmod b;\npub use a::{One, two::Two as Deux};\npub use b::*;"),
        ("a.rs", "mod two;\npub struct One;\npub use two::Two;"),
        ("a/two.rs", "use super::super::b::Three;\npub struct Two;"),
        ("b.rs", "use std::fmt;\npub struct Three;\nfn f() -> crate::Deux { let _: crate::One; todo!() }"),
        ("c.rs", ""),
    ])?;
    let set = |files: &[&str]| files.iter().map(|file| (*file).to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(needs["lib.rs"], set(&[]), "a re-export is no need");
    assert_eq!(needs["a/two.rs"], set(&["b.rs"]));
    assert_eq!(needs["b.rs"], set(&["a.rs", "a/two.rs"]));
    assert_eq!(needs.len(), 4, "nobody declares c");
    assert_eq!(circles_of(&needs), BTreeSet::from([set(&["a/two.rs", "b.rs"])]));
    Ok(())
}

#[test]
fn a_star_and_a_child_are_needs_and_tests_are_none() -> Result<()> {
    let needs = needs_of(&[
        ("lib.rs", "mod a;\npub mod b { pub use crate::a::*; }\n#[cfg(test)]\nmod tests;\nfn f() { a::f(); }"),
        ("a.rs", "use super::*;\n#[cfg(test)]\nmod tests { use crate::tests::g; }\npub fn f() {}"),
        ("tests.rs", "use crate::a::f;\npub fn g() {}"),
    ])?;
    let set = |files: &[&str]| files.iter().map(|file| (*file).to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(needs, BTreeMap::from([("lib.rs".to_owned(), set(&["a.rs"])), ("a.rs".to_owned(), set(&["lib.rs"]))]));
    Ok(())
}
