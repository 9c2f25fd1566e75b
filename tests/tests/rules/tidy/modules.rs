//! The modules of a crate, and which file defines what.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use syn::visit::Visit;
use syn::{Attribute, Item, UseTree, Visibility};
use tests::relative;

/// A path from the crate's root, or from a module.
type Names = Vec<String>;

/// A crate's product code, by its modules.
#[derive(Default)]
pub(super) struct Crate(BTreeMap<Names, Module>);

/// What one module declares and names.
#[derive(Default)]
struct Module {
    file: PathBuf,
    items: BTreeSet<String>,
    /// Where a re-exported name comes from.
    exports: BTreeMap<String, Names>,
    /// The modules all of whose items are re-exported.
    stars: Vec<Names>,
    /// The paths that its code uses.
    used: BTreeSet<Names>,
}

impl Crate {
    /// The crate whose sources are in this folder.
    pub(super) fn read(folder: &Path) -> Result<Self> {
        let mut read = Self::default();
        read.file(Vec::new(), &folder.join("lib.rs"), folder)?;
        Ok(read)
    }

    /// The files that each file needs.
    pub(super) fn needs(&self) -> BTreeMap<String, BTreeSet<String>> {
        let mut needs: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (at, module) in &self.0 {
            let needed = module.used.iter().filter_map(|path| self.defines(at, path, 0));
            let other = needed.filter(|file| *file != module.file).map(|file| relative(&file));
            needs.entry(relative(&module.file)).or_default().extend(other);
        }
        needs
    }

    fn file(&mut self, at: Names, file: &Path, folder: &Path) -> Result<()> {
        let text = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
        let generated = file.components().any(|part| part.as_os_str() == "generated");
        let items = if generated { Vec::new() } else { syn::parse_file(&text).context(relative(file))?.items };
        self.module(at, file, folder, &items)
    }

    fn module(&mut self, at: Names, file: &Path, folder: &Path, items: &[Item]) -> Result<()> {
        let mut module = Module { file: file.to_path_buf(), ..Module::default() };
        for item in items.iter().filter(|item| !is_test(attributes(item))) {
            match item {
                Item::Mod(child) => {
                    let name = child.ident.to_string();
                    let (inside, below) = ([at.clone(), vec![name.clone()]].concat(), folder.join(&name));
                    match &child.content {
                        Some((_, items)) => self.module(inside, file, &below, items)?,
                        None => {
                            let beside = folder.join(format!("{name}.rs"));
                            let found = if beside.exists() { beside } else { below.join("mod.rs") };
                            self.file(inside, &found, &below)?;
                        }
                    }
                }
                Item::Use(item) => module.note(&item.tree, matches!(item.vis, Visibility::Inherited)),
                item => {
                    module.items.extend(name_of(item));
                    module.visit_item(item);
                }
            }
        }
        self.0.insert(at, module);
        Ok(())
    }

    /// The file that defines what this path names, seen from a module; `None` for what is in another crate.
    fn defines(&self, from: &[String], path: &[String], depth: usize) -> Option<PathBuf> {
        let mut at = from.to_vec();
        for (index, name) in path.iter().enumerate() {
            match name.as_str() {
                "crate" => at.clear(),
                "self" => {}
                "super" => drop(at.pop()),
                _ => {
                    let module = self.0.get(&at)?;
                    let child = [at.clone(), vec![name.clone()]].concat();
                    if self.0.contains_key(&child) {
                        at = child;
                        continue;
                    }
                    // The first name of a path without a beginning is that of a crate.
                    let inside = index > 0;
                    return match module.exports.get(name) {
                        Some(exported) if depth < 8 => {
                            self.defines(&at, &[exported, &path[index + 1..]].concat(), depth + 1)
                        }
                        _ if inside => {
                            Some(self.starred(&at, module, name, depth).unwrap_or_else(|| module.file.clone()))
                        }
                        _ => None,
                    };
                }
            }
        }
        self.0.get(&at).map(|module| module.file.clone())
    }

    /// The file of an item that a module re-exports with a star.
    fn starred(&self, at: &[String], module: &Module, name: &str, depth: usize) -> Option<PathBuf> {
        if depth >= 8 || module.items.contains(name) {
            return None;
        }
        module.stars.iter().find_map(|star| {
            let found = self.defines(at, &[&star[..], &[name.to_owned()]].concat(), depth + 1)?;
            let has = |other: &&Module| other.file == found && (other.items.contains(name));
            self.0.values().find(has).map(|_| found)
        })
    }
}

impl Module {
    /// Notes what a `use` names: for itself, or for whoever uses this module.
    fn note(&mut self, tree: &UseTree, for_itself: bool) {
        let mut named = Vec::new();
        expand(tree, &mut Vec::new(), &mut named);
        for (path, name) in named {
            match name {
                _ if for_itself => drop(self.used.insert(path)),
                Some(name) => drop(self.exports.insert(name, path)),
                None => self.stars.push(path),
            }
        }
    }
}

impl<'ast> Visit<'ast> for Module {
    fn visit_path(&mut self, path: &'ast syn::Path) {
        if path.segments.len() > 1 {
            self.used.insert(path.segments.iter().map(|segment| segment.ident.to_string()).collect());
        }
        syn::visit::visit_path(self, path);
    }
}

/// The paths of a `use`, each with the name that it gets here; a star gives none, and its path is the module's.
fn expand(tree: &UseTree, before: &mut Names, named: &mut Vec<(Names, Option<String>)>) {
    match tree {
        UseTree::Path(path) => {
            before.push(path.ident.to_string());
            expand(&path.tree, before, named);
            before.pop();
        }
        UseTree::Group(group) => group.items.iter().for_each(|tree| expand(tree, before, named)),
        UseTree::Glob(_) => named.push((before.clone(), None)),
        UseTree::Name(name) if name.ident == "self" => named.push((before.clone(), before.last().cloned())),
        UseTree::Name(name) => {
            let name = name.ident.to_string();
            named.push(([before.clone(), vec![name.clone()]].concat(), Some(name)));
        }
        UseTree::Rename(rename) => {
            let path = [before.clone(), vec![rename.ident.to_string()]].concat();
            named.push((path, Some(rename.rename.to_string())));
        }
    }
}

fn is_test(attributes: &[Attribute]) -> bool {
    let is_test = |attribute: &Attribute| {
        attribute.path().is_ident("cfg") && attribute.parse_args::<syn::Ident>().is_ok_and(|word| word == "test")
    };
    attributes.iter().any(is_test)
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Mod(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Const(item) => &item.attrs,
        _ => &[],
    }
}

fn name_of(item: &Item) -> Option<String> {
    let name = match item {
        Item::Const(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Static(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::Type(item) => &item.ident,
        _ => return None,
    };
    Some(name.to_string())
}
