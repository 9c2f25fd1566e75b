use std::collections::BTreeSet;

use testkit::sagas;

use super::*;

const SAGA: &str = "\
//! place-sale: a sale.

/// The saga itself.
///
/// The pivot comes first.
pub fn place_sale() -> Saga<Placed, Payload> {
    saga(\"place-sale\", 1)
        .undone_by::<CancelSale>()
        .pivot::<HandOverGoods>()
        .build()
}

/// The event that starts the saga.
pub struct Placed(SalePlaced);
";

const REGISTRY: &str = "\
mod place_sale;
mod return_sale;

pub use place_sale::{Placed, place_sale};
pub use return_sale::{Returned, return_sale};

/// Every saga.
pub fn registry() -> Registry {
    Registry::default()
        .with::<SalePlaced, Placed>(place_sale())
        .with::<SaleReturned, Returned>(return_sale())
}
";

#[test]
fn a_version_is_kept_and_its_copy_is_the_next_one() {
    let (mut saga, mut registry) = (SAGA.to_owned(), REGISTRY.to_owned());
    for newest in [1, 2] {
        saga = with_version(&saga, "place-sale", newest).expect("a version");
        registry = registered(&registry, "place_sale", newest).expect("registered");
    }
    insta::assert_snapshot!(format!("{saga}\n// sagas.rs\n{registry}"));
}

#[test]
fn a_source_in_another_form_is_told_which_line_is_looked_for() {
    let needs =
        |line: &str| format!("it needs one line with {line}: bring it into that form, or add the version by hand");
    let saga = |from: &str, to: &str| {
        let error = with_version(&SAGA.replace(from, to), "place-sale", 1).expect_err("an error");
        error.to_string()
    };
    assert_eq!(saga("pub fn", "pub(crate) fn"), needs("pub fn place_sale()"));
    assert_eq!(saga("pub struct", "pub fn place_sale() {\n}\n\npub struct"), needs("pub fn place_sale()"));
    assert_eq!(saga("place-sale\", 1", "place-sale\", FIRST"), needs("saga(\"place-sale\", 1)"));
    assert_eq!(saga("\n}\n", "}\n"), needs("} after pub fn place_sale()"));
    let kept = "there is a function place_sale_v1 already: the version that place_sale gives was kept before";
    assert_eq!(saga("pub struct", "pub fn place_sale_v1() {\n}\n\npub struct"), kept);

    let registry = |from: &str, to: &str| {
        let error = registered(&REGISTRY.replace(from, to), "place_sale", 1).expect_err("an error");
        error.to_string()
    };
    assert_eq!(registry("{Placed, place_sale}", "*"), needs("pub use place_sale::{"));
    assert_eq!(registry("};", "}"), needs("}; after pub use place_sale::{"));
    assert_eq!(registry("(place_sale())", "(place_sale(1))"), needs("(place_sale())"));
    assert_eq!(registry("        .with::<SalePlaced, Placed>", "with"), needs(".with::<…>(place_sale())"));
}

/// A checkout with copies of the sources that are there, in which every definition is published.
fn checkout(registry: &Registry) -> tempfile::TempDir {
    let (here, copy) = (Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.."), tempfile::tempdir().expect("a folder"));
    std::fs::create_dir_all(copy.path().join(SAGAS)).expect("created");
    std::fs::create_dir_all(copy.path().join("statemachines")).expect("created");
    let names: BTreeSet<&str> = registry.definitions().map(|saga| saga.name).collect();
    let sagas = names.into_iter().map(|name| format!("{SAGAS}/{}.rs", name.to_snake_case()));
    for file in sagas.chain([format!("{SAGAS}.rs")]) {
        std::fs::copy(here.join(&file), copy.path().join(&file)).expect("copied");
    }
    let lock = lock::publish("", registry).expect("published");
    std::fs::write(copy.path().join(lock::PATH), lock).expect("written");
    copy
}

fn lines(root: &Path, file: &str) -> Vec<String> {
    std::fs::read_to_string(root.join(file)).expect("read").lines().map(str::to_owned).collect()
}

/// Holds for the sagas as they are today, whatever their steps are.
#[test]
fn the_sagas_that_are_there_can_get_another_version() {
    let registry = order::sagas::registry();
    let newest: std::collections::BTreeMap<&str, u32> =
        registry.definitions().map(|saga| (saga.name, saga.version)).collect();
    for (name, version) in newest {
        let copy = checkout(&registry);
        let function = name.to_snake_case();
        let (saga, sagas) = (format!("{SAGAS}/{function}.rs"), format!("{SAGAS}.rs"));
        let before = [lines(copy.path(), &saga), lines(copy.path(), &sagas)];
        let written = new_version(copy.path(), &registry, name).expect("a version");
        assert_eq!(written, [PathBuf::from(&saga), PathBuf::from(&sagas)]);
        let after = [lines(copy.path(), &saga), lines(copy.path(), &sagas)];

        let [old, new] = [&before[0], &after[0]].map(|lines| function_of(lines, &format!("pub fn {function}()")));
        let kept = function_of(&after[0], &format!("pub fn {function}_v{version}()"));
        assert_eq!(kept.replace(&format!("{function}_v{version}()"), &format!("{function}()")), old);
        let (this, next) = (format!("saga(\"{name}\", {version})"), format!("saga(\"{name}\", {})", version + 1));
        assert_eq!(new, old.replace(&this, &next));
        assert_ne!(new, old);

        let registered: Vec<&String> = after[1].iter().filter(|line| line.contains(&format!("({function}"))).collect();
        let [.., kept, newest] = registered[..] else { panic!("{registered:?}") };
        assert!(kept.ends_with(&format!("({function}_v{version}())")), "{kept}");
        assert!(newest.trim_end_matches(';').ends_with(&format!("({function}())")), "{newest}");
        let [before, after] =
            [&before[1], &after[1]].map(|lines| lines.iter().filter(|it| it.contains(".with::<")).count());
        assert_eq!(after, before + 1);
    }
}

/// From this line to the end of the function.
fn function_of(lines: &[String], declared: &str) -> String {
    let from = lines.iter().skip_while(|line| !line.starts_with(declared));
    from.take_while(|line| *line != "}").map(|line| line.clone() + "\n").collect()
}

#[test]
fn what_needs_no_version_gets_none() {
    let registry = order::sagas::registry();
    let copy = checkout(&registry);
    let complaint = |name: &str| new_version(copy.path(), &registry, name).expect_err("an error").to_string();
    let names: BTreeSet<&str> = registry.definitions().map(|saga| saga.name).collect();
    let known = Vec::from_iter(names).join(", ");
    assert_eq!(complaint("sell"), format!("there is no saga \"sell\": SAGA is one of {known}"));

    let published = std::fs::read_to_string(copy.path().join(lock::PATH)).expect("read");
    let newest = registry.definitions().filter(|saga| saga.name == "create-order").map(|saga| saga.version).max();
    let line = format!("create-order {} ", newest.expect("a version"));
    let without: String =
        published.lines().filter(|it| !it.starts_with(&line)).map(|it| it.to_owned() + "\n").collect();
    std::fs::write(copy.path().join(lock::PATH), without).expect("written");
    let expected = "is not published yet: change it as it is, because no run can be in flight on it";
    assert!(complaint("create-order").ends_with(expected));

    // An edited definition has to be put back before it can be kept.
    let edited: String = published
        .lines()
        .map(|it| {
            if it.starts_with(&line) {
                format!("{line}00000000-0000-0000-0000-000000000000\n")
            } else {
                it.to_owned() + "\n"
            }
        })
        .collect();
    std::fs::write(copy.path().join(lock::PATH), edited).expect("written");
    assert!(complaint("create-order").contains("is published with the fingerprint 00000000"));
    let untouched = [format!("{SAGAS}.rs"), format!("{SAGAS}/create_order.rs")];
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
    for file in untouched {
        assert_eq!(lines(copy.path(), &file), lines(&here, &file));
    }
}

/// The newest version decides, not an older one that is published.
#[test]
fn a_version_is_not_added_to_one_that_is_not_published() {
    let copy = tempfile::tempdir().expect("a folder");
    std::fs::create_dir_all(copy.path().join("statemachines")).expect("created");
    let lock = lock::publish("", &sagas::only_version_1()).expect("published");
    std::fs::write(copy.path().join(lock::PATH), lock).expect("written");
    let error = new_version(copy.path(), &sagas::both_versions(), "place-sale").expect_err("an error").to_string();
    assert!(error.starts_with("version 2 of place-sale is not published yet"), "{error}");
}

#[test]
fn nothing_is_written_when_one_of_the_sources_is_in_another_form() {
    let registry = order::sagas::registry();
    let copy = checkout(&registry);
    let (saga, sagas) = (format!("{SAGAS}/create_order.rs"), format!("{SAGAS}.rs"));
    std::fs::write(copy.path().join(&sagas), "// empty\n").expect("written");
    let before = lines(copy.path(), &saga);
    let error = new_version(copy.path(), &registry, "create-order").expect_err("an error");
    let place = format!("{sagas}: it needs one line with pub use create_order::{{");
    assert!(format!("{error:#}").starts_with(&place), "{error:#}");
    assert_eq!(lines(copy.path(), &saga), before);
}
