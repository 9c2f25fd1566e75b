//! The rows of the steps: the template, the promises and the functions all follow from them. A row's table is that of its
//! step's aggregate; what else a row says is compared here with the main that is given it.

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};
use tests::root;

/// The fields of a main's configuration, if it has any.
fn read(main: &str) -> BTreeSet<String> {
    let fields = main.split_once("struct Configuration {").and_then(|(_, rest)| rest.split_once('}'));
    let name = |field: &str| field.split_once(':').map(|(name, _)| name.trim().to_owned());
    fields.into_iter().flat_map(|(fields, _)| fields.lines()).filter_map(name).collect()
}

#[test]
fn a_main_reads_what_its_row_says() -> Result<()> {
    for row in sagas_codegen::steps() {
        let main = std::fs::read_to_string(root().join(format!("functions/{}/src/main.rs", row.handler)));
        let main = main.with_context(|| format!("the main of {}", row.handler))?;
        let said: BTreeSet<_> =
            row.variables.iter().chain(row.parameters).map(|(name, _)| name.to_lowercase()).collect();
        let read = read(&main);
        ensure!(said == read, "the row of {} says {said:?}, and its main reads {read:?}", row.handler);
        let rows = format!("{}::deployment::STEPS).await", row.service);
        ensure!(main.contains(&rows), "the main of {} is not given the rows of its service: {rows}", row.handler);
    }
    Ok(())
}
