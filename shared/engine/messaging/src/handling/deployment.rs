//! What a deployment has to know of a step and the sagas do not say; `runtime::serve_step` finds its tables there.

use saga::Command;

use crate::{EffectStep, Step, Stored, Table};

/// The row of a step: what is special about its function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deployment {
    /// The function, such as `reserve-goods`.
    pub handler: &'static str,
    /// The service that owns the function, such as `warehouse`.
    pub service: &'static str,
    /// What the function does, in one sentence.
    pub description: &'static str,
    /// The table that the step loads its aggregate from and saves it to.
    pub table: Table,
    /// The table whose counters move with that write, if the step moves counters.
    pub counters: Option<Table>,
    /// Whether the step looks at the counters when they refuse a write.
    pub looks_at_counters: bool,
    /// Variables that the function needs beside those of its tables and queues, with their values.
    pub variables: &'static [(&'static str, &'static str)],
    /// The same, with the template's parameters that their values are.
    pub parameters: &'static [(&'static str, &'static str)],
}

impl Deployment {
    /// The row of this step.
    pub const fn step<S>(description: &'static str) -> Self
    where
        S: Step,
        S::Aggregate: Stored,
    {
        Self::of::<S::Command>(description, <S::Aggregate as Stored>::TABLE)
    }

    /// The row of this step with an effect.
    pub const fn effect_step<S>(description: &'static str) -> Self
    where
        S: EffectStep,
        S::Aggregate: Stored,
    {
        Self::of::<S::Command>(description, <S::Aggregate as Stored>::TABLE)
    }

    /// The row of a step that handles the command `C` on this table.
    pub const fn of<C: Command>(description: &'static str, table: Table) -> Self {
        Self {
            handler: C::HANDLER,
            service: C::PARTICIPANT,
            description,
            table,
            counters: None,
            looks_at_counters: false,
            variables: &[],
            parameters: &[],
        }
    }

    /// The step moves counters of this table.
    #[must_use]
    pub const fn with_counters(self, counters: Table) -> Self {
        Self { counters: Some(counters), ..self }
    }

    /// The step looks at the counters that it moves when they refuse a write; see [`Step::looks_at`].
    #[must_use]
    pub const fn looking_at_counters(self) -> Self {
        Self { looks_at_counters: true, ..self }
    }

    /// The function needs these variables as well, with the template's parameters that their values are.
    #[must_use]
    pub const fn with_parameters(self, parameters: &'static [(&'static str, &'static str)]) -> Self {
        Self { parameters, ..self }
    }

    /// The function needs these variables as well.
    #[must_use]
    pub const fn with_variables(self, variables: &'static [(&'static str, &'static str)]) -> Self {
        Self { variables, ..self }
    }
}
