//! A reason is named by its catalogue and nowhere else.

use std::collections::BTreeSet;

use anyhow::{Result, ensure};
use tests::{files_below, relative};

/// Where what is deployed or talks to it stands.
const FOLDERS: [&str; 4] = ["shared/services", "functions", "operate", "local"];
/// The catalogue, and what is generated from it.
const CATALOGUE: &str = "shared/services/contracts/src/reason.rs";
/// What a refusal is made with; its first argument is a reason.
const REFUSALS: [&str; 2] = ["Refusal::new(\"", "RpcError::refused(\""];

/// What of a file is no test: a test says on its own what it expects.
fn production(path: &str, text: &str) -> String {
    if path.contains("/tests/") || path.ends_with("/tests.rs") || path.ends_with("/fixture.rs") {
        return String::new();
    }
    let code = text.split("\n#[cfg(test)]\nmod ").next().unwrap_or_default();
    code.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// The reasons that the code spells out, and the refusals that do not name theirs.
fn strays(code: &str) -> Vec<String> {
    let names: BTreeSet<String> = contracts::catalogue().map(|reason| format!("\"{}\"", reason.name)).collect();
    let spelled = names.into_iter().filter(|name| code.contains(name.as_str()));
    let unnamed = REFUSALS.iter().filter(|made| code.contains(**made)).map(|made| (*made).to_owned());
    spelled.chain(unnamed).collect()
}

#[test]
fn no_reason_is_spelled_outside_its_catalogue() -> Result<()> {
    let mut checked = 0;
    for folder in FOLDERS {
        for file in files_below(folder, ".rs")? {
            let path = relative(&file);
            if path == CATALOGUE || path.contains("/generated/") {
                continue;
            }
            checked += 1;
            let found = strays(&production(&path, &std::fs::read_to_string(&file)?));
            ensure!(found.is_empty(), "{path} spells {found:?}: name it by contracts::Reason or rpc::EdgeReason");
        }
    }
    ensure!(checked > 100, "only {checked} files were checked");
    Ok(())
}

#[test]
fn a_reason_that_is_spelled_out_is_found() {
    assert_eq!(strays("Refusal::new(\"OUT_OF_STOCK\", \"\")"), ["\"OUT_OF_STOCK\"", REFUSALS[0]]);
    assert_eq!(strays("RpcError::refused(\"NEW\", \"\")"), [REFUSALS[1]]);
    assert_eq!(strays("if reason == \"TOKEN_EXPIRED\" {}"), ["\"TOKEN_EXPIRED\""]);
    assert!(strays("Refusal::new(Reason::OutOfStock, \"\")").is_empty());
    let tested = "let a = 1; // \"OUT_OF_STOCK\"\n#[cfg(test)]\nmod tests { \"OUT_OF_STOCK\" }";
    assert!(strays(&production("a/b.rs", tested)).is_empty());
    assert_eq!(strays(&production("a/b.rs", "let a = \"OUT_OF_STOCK\";")), ["\"OUT_OF_STOCK\""]);
    assert!(production("a/tests.rs", "let a = \"OUT_OF_STOCK\";").is_empty());
}
