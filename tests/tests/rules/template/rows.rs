//! The rows of the steps: the template and the promises both follow from them, so a wrong row would be promised as well. Each
//! is compared with what the function's main reads, and what it does with that.

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};
use messaging::Deployment;
use tests::root;

/// The variables of the row, as fields of a main's configuration.
fn said(row: &Deployment) -> BTreeSet<String> {
    let tables = [row.table].into_iter().chain(row.counters).map(|table| format!("{}_table", table.name));
    tables.chain(row.variables.iter().map(|(name, _)| name.to_lowercase())).collect()
}

/// The fields of a main's configuration.
fn read(main: &str) -> Result<BTreeSet<String>> {
    let (_, fields) = main.split_once("struct Configuration {").context("a configuration")?;
    let (fields, _) = fields.split_once('}').context("its end")?;
    let name = |field: &str| field.split_once(':').map(|(name, _)| name.trim().to_owned());
    Ok(fields.lines().filter_map(name).collect())
}

#[test]
fn a_row_says_what_its_main_reads() -> Result<()> {
    for row in sagas_codegen::steps() {
        let main = std::fs::read_to_string(root().join(format!("functions/{}/src/main.rs", row.handler)));
        let main = main.with_context(|| format!("the main of {}", row.handler))?;
        let (said, read) = (said(&row), read(&main).context(row.handler)?);
        ensure!(said == read, "the row of {} says {said:?}, and its main reads {read:?}", row.handler);
        let counters =
            row.counters.map(|table| format!(".with_counters(configuration.{}_table)", table.name)).unwrap_or_default();
        let store = format!("DynamoStore::new(clients.dynamodb(),configuration.{}_table){counters};", row.table.name);
        let main: String = main.split_whitespace().collect();
        ensure!(main.contains(&store), "the main of {} does not save as its row says: {store}", row.handler);
    }
    Ok(())
}
