//! template.yaml: as the tools for it see it, and as its promises have it. The promises are compared with the whole of what
//! SAM makes of the template with each choice, so that nothing in it can change, come or go unseen; `mistakes` and `leaves` show
//! that the promises notice any change.

mod calls;
mod comparison;
mod console;
mod environments;
mod executions;
mod instructions;
mod leaves;
mod mistakes;
mod promises;
mod rows;
mod sam;
mod versions;

use std::collections::BTreeSet;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use local::Lane;
use tests::root;

pub(super) use sam::{python, transformed};

#[test]
fn cfn_lint_finds_nothing() -> Result<()> {
    check(&["cfn-lint", "template.yaml"])
}

#[test]
fn sam_validate_finds_nothing() -> Result<()> {
    check(&["sam", "validate", "--lint", "--template", "template.yaml", "--region", "us-east-1"])
}

/// The rules and the local AWS read the template with a reader of our own; AWS gets what SAM's reads.
#[test]
fn sam_reads_the_same_template() -> Result<()> {
    ensure!(sam::read_by_sam()? == *sam::raw()?, "our reader and SAM's do not agree on template.yaml");
    Ok(())
}

/// To change the template on purpose, change what it promises as well: the complaint names the place, and `promises` says
/// where each promise comes from.
#[test]
fn every_promise_is_kept_and_nothing_else_is_there() -> Result<()> {
    let mut complaints = Vec::new();
    for choices in promises::Choices::all() {
        let found = comparison::entries(sam::transformed()?, choices)?;
        let found = comparison::complaints(&promises::promises(choices)?, &found);
        complaints.extend(found.into_iter().map(|complaint| format!("{}: {complaint}", choices.name())));
    }
    ensure!(complaints.is_empty(), "template.yaml breaks its promises:\n{}", complaints.join("\n"));
    Ok(())
}

#[test]
fn every_function_runs_in_a_lane() -> Result<()> {
    let mut deployed = BTreeSet::new();
    for lane in Lane::ALL {
        deployed.extend(promises::function_names(lane)?);
    }
    ensure!(deployed == tests::function_names()?, "the lanes have {deployed:?}");
    Ok(())
}

#[test]
fn a_function_has_rights_to_its_own_service_only() -> Result<()> {
    let trespassers = promises::trespassers()?;
    ensure!(trespassers.is_empty(), "services share messages, not data: {trespassers:?}");
    Ok(())
}

/// A promise about a definition's queues comes from the registry; the file must leave the same names to the template.
#[test]
fn a_definition_leaves_the_queues_to_the_template() -> Result<()> {
    for (file, promised) in promises::placeholders() {
        let definition = std::fs::read_to_string(root().join(&file)).with_context(|| file.clone())?;
        let named = |text: &str| text.split_once('}').map(|(name, _)| name.to_owned());
        let found: BTreeSet<_> = definition.split("${").skip(1).filter_map(named).collect();
        ensure!(found == promised, "{file} names {found:?}, and it must name {promised:?}");
    }
    Ok(())
}

/// A query on an index that is not there fails at run time only: what the code says of an index is what is promised, and a
/// function asks the table that has the index.
#[test]
fn an_index_is_what_a_function_asks_for() -> Result<()> {
    let indexes = [order::BY_CUSTOMER, kitchen::BY_STATUS];
    // The list of sagas asks for this index, whichever function wires the list.
    let all = indexes.iter().chain([&orchestration::SagaInstance::BY_STATE]);
    let said: BTreeSet<_> = all.map(|index| (index.table.name, index.name, index.partition, index.sort)).collect();
    let promised: BTreeSet<_> = promises::indexes().collect();
    ensure!(said == promised, "the code says {said:?}, and the promises are {promised:?}");
    let mut asked = Vec::new();
    for main in tests::files_below("functions", "main.rs")? {
        let text = std::fs::read_to_string(&main)?;
        if text.contains("DynamoIndex::new") {
            let asks = |index: &&messaging::TableIndex| {
                let constant = format!("::{};", index.name.to_uppercase().replace('-', "_"));
                let table =
                    format!("configuration.{}_table, index.name, index.partition, index.sort", index.table.name);
                text.contains(&constant) && text.contains(&table)
            };
            let index = indexes.iter().find(asks);
            asked.push(index.with_context(|| format!("{} asks for no index that is there", tests::relative(&main)))?);
        }
    }
    ensure!(asked.len() == indexes.len(), "the functions ask for {asked:?}");
    Ok(())
}

fn check(command: &[&str]) -> Result<()> {
    let (program, arguments) = command.split_first().context("a command")?;
    let program = root().join(".local/venvs/sam/bin").join(program);
    let output = Command::new(&program)
        .args(arguments)
        .current_dir(root())
        .env("SAM_CLI_TELEMETRY", "0")
        .output()
        .with_context(|| format!("{} is missing: run make test", program.display()))?;
    let (found, complained) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    ensure!(output.status.success(), "{command:?}:\n{found}{complained}");
    Ok(())
}
