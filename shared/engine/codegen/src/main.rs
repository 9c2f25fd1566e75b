//! `make generate`: refreshes the committed Rust of the contracts.

use std::path::Path;

use anyhow::Result;

fn main() -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
    contracts_codegen::generate(&root.join("proto"), &root.join("shared/services/contracts/src/generated"))
}
