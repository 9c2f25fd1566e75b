//! The reasons for a program in TypeScript.

use std::fmt::Write as _;

use rpc::{Entry, Retry, Rpcs};
use serde_json::json;

/// Where the table stands, below the root.
pub(super) const PATH: &str = "web/client/src/gen/reasons.ts";

const HEAD: &str = "\
// Generated from the catalogue of reasons by make generate.

/** What is known of a reason for which a call is refused, or for which a step of a saga says no. */
export interface ReasonEntry {
  /** Connect's code of a call that is refused with it; null for a reason that only a saga's step gives. */
  readonly code: string | null;
  /** Which RPCs refuse with it, by their names. */
  readonly rpcs: \"all\" | \"mutations\" | readonly string[];
  /** Whether an order or a step of a saga shows it. */
  readonly bySaga: boolean;
  /** The keys of the metadata that a refused call comes with. */
  readonly metadata: readonly string[];
  /** What a program can do: nothing, get a new access token, or repeat the same call after so many milliseconds. */
  readonly retry: \"never\" | \"with-new-token\" | { readonly afterMs: number };
  /** What to tell the person in front of the screen. */
  readonly tell: string;
}

/** Every reason by its name; docs/errors.md is the same for people. */
export const REASONS = {
";

const TAIL: &str = "\
} as const satisfies Readonly<Record<string, ReasonEntry>>;

/** The name of a reason. */
export type ReasonName = keyof typeof REASONS;
";

/// The table as a module.
pub(super) fn table() -> String {
    let mut table = HEAD.to_owned();
    for reason in contracts::catalogue() {
        row(&mut table, reason);
    }
    table + TAIL
}

fn row(table: &mut String, reason: &Entry) {
    let Entry { name, by_saga, when, metadata, tell, .. } = reason;
    let code = reason.code.map(|code| code.as_str());
    let rpcs = match reason.rpcs {
        Rpcs::All => json!("all"),
        Rpcs::Mutations => json!("mutations"),
        Rpcs::Only(names) => json!(names),
    };
    let retry = match reason.retry {
        Retry::After(delay) => format!("{{ afterMs: {} }}", delay.as_millis()),
        Retry::WithNewToken => json!("with-new-token").to_string(),
        Retry::Never => json!("never").to_string(),
    };
    // A string in JSON is a string in TypeScript.
    let _ = write!(
        table,
        "  /** {when} */\n  {name}: {{\n    code: {},\n    rpcs: {rpcs},\n    bySaga: {by_saga},\n    metadata: {},\n    \
         retry: {retry},\n    tell: {},\n  }},\n",
        json!(code),
        json!(metadata),
        json!(tell),
    );
}
