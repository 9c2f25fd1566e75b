//! What a deployment has to know of a step, and no code says: `make generate` writes the step's part of `template.yaml`
//! from its row, and everything else from the sagas.

use contracts::Command;

/// A table, whose real name the deployment chooses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Table {
    /// Its name among the tables of the system, such as `tickets`.
    pub name: &'static str,
}

impl Table {
    /// The table of this name.
    pub const fn new(name: &'static str) -> Self {
        Self { name }
    }

    /// Its index of this name, by the attribute `partition`, in the order of the attribute `sort`.
    pub const fn index(self, name: &'static str, partition: &'static str, sort: &'static str) -> TableIndex {
        TableIndex { table: self, name, partition, sort }
    }
}

/// An index of a table: its name, and the attributes that an aggregate writes for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TableIndex {
    /// The table.
    pub table: Table,
    /// Such as `by-status`.
    pub name: &'static str,
    /// The attribute whose values part the items.
    pub partition: &'static str,
    /// The attribute that sorts the items of one part.
    pub sort: &'static str,
}

/// The row of a step: what is special about its function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deployment {
    /// The function, such as `create-ticket`.
    pub handler: &'static str,
    /// The service that owns the function, such as `kitchen`.
    pub service: &'static str,
    /// What the function does, in one sentence.
    pub description: &'static str,
    /// The table that the step loads its aggregate from and saves it to.
    pub table: Table,
    /// The table whose counters move with that write, if the step moves counters.
    pub counters: Option<Table>,
    /// Variables that the function needs beside those of its tables and queues, with their values.
    pub variables: &'static [(&'static str, &'static str)],
}

impl Deployment {
    /// The row of the step that handles the command `C`.
    pub const fn of<C: Command>(description: &'static str, table: Table) -> Self {
        Self { handler: C::HANDLER, service: C::PARTICIPANT, description, table, counters: None, variables: &[] }
    }

    /// The step moves counters of this table.
    #[must_use]
    pub const fn with_counters(self, counters: Table) -> Self {
        Self { counters: Some(counters), ..self }
    }

    /// The function needs these variables as well.
    #[must_use]
    pub const fn with_variables(self, variables: &'static [(&'static str, &'static str)]) -> Self {
        Self { variables, ..self }
    }
}
