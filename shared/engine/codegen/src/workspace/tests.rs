use super::*;

/// An engine of two crates beside a service that uses one of them.
const WHOLE: &str = r#"[workspace]
members = ["engine/*", "services/*"]

[workspace.package]
edition = "2024"

# Every version stands here.
[workspace.dependencies]
carrier = { path = "services/carrier" }
machine = { path = "engine/machine" }
serde = { version = "1", features = ["derive"] }
tokio = "1"
zip = "9"

[workspace.lints.rust]
unsafe_code = "forbid"

[profile.dev]
debug = false

# Tests are faster with these.
[profile.local.package.machine]
opt-level = 1
[profile.local.package.zip]
opt-level = 3
"#;

const MACHINE: &str = "[package]\nname = \"machine\"\n[dependencies]\nserde.workspace = true\n";
const RUNNER: &str = "[package]\nname = \"runner\"\n[dependencies]\nmachine.workspace = true\n\
    [dev-dependencies]\ntokio = { workspace = true, features = [\"test-util\"] }\n";

/// A checkout of these crates, each in its folder.
fn checkout(crates: &[(&str, &str)]) -> tempfile::TempDir {
    let root = tempfile::tempdir().expect("a folder");
    std::fs::write(root.path().join("Cargo.toml"), WHOLE).expect("written");
    for (folder, manifest) in crates {
        let folder = root.path().join(folder);
        std::fs::create_dir_all(&folder).expect("a folder");
        std::fs::write(folder.join("Cargo.toml"), manifest).expect("written");
    }
    root
}

#[test]
fn an_engine_alone_keeps_what_its_crates_use() {
    let root = checkout(&[("engine/machine", MACHINE), ("engine/runner", RUNNER), ("services/carrier", "not read")]);
    std::fs::write(root.path().join("engine/README.md"), "no crate").expect("written");
    let alone = r#"[workspace]
members = ["machine", "runner"]

[workspace.package]
edition = "2024"

# Every version stands here.
[workspace.dependencies]
machine = { path = "machine" }
serde = { version = "1", features = ["derive"] }
tokio = "1"

[workspace.lints.rust]
unsafe_code = "forbid"

[profile.dev]
debug = false

# Tests are faster with these.
[profile.local.package.machine]
opt-level = 1
"#;
    assert_eq!(standalone(root.path(), "engine").expect("a manifest"), format!("{HEAD}{alone}"));
}

fn complaint(dependency: &str) -> String {
    let manifest = format!("[package]\nname = \"machine\"\n[build-dependencies]\n{dependency}.workspace = true\n");
    let root = checkout(&[("engine/machine", &manifest)]);
    standalone(root.path(), "engine").expect_err("a complaint").to_string()
}

#[test]
fn an_engine_that_needs_something_outside_is_refused() {
    assert_eq!(complaint("carrier"), "carrier is not in engine: its crates must not use it");
    assert_eq!(complaint("rand"), "the workspace declares no rand");
}

#[test]
fn a_folder_whose_name_only_begins_alike_is_outside() {
    let whole = WHOLE.replace("engine/machine", "engineering/machine");
    let complaint = reduced(&whole, "engine", &[("runner".to_owned(), RUNNER.to_owned())].into())
        .expect_err("a complaint")
        .to_string();
    assert_eq!(complaint, "machine is not in engine: its crates must not use it");
}
