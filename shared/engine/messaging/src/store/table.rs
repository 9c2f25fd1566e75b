//! The tables that items live in.

use crate::Aggregate;

/// A table, whose real name the deployment chooses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Table {
    /// Its name among the tables of the system, such as `parcels`.
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
    /// The index's name, such as `by-status`.
    pub name: &'static str,
    /// The attribute by whose value the items are grouped.
    pub partition: &'static str,
    /// The attribute that sorts the items of a group.
    pub sort: &'static str,
}

/// An aggregate with a table of its own.
pub trait Stored: Aggregate {
    /// The table.
    const TABLE: Table;
}
