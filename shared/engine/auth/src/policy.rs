//! Casbin judges, and this module refuses every row that Casbin would silently drop or read in another way.

use std::collections::BTreeMap;
use std::fmt;

use casbin::{CoreApi, DefaultModel, Enforcer, MgmtApi, StringAdapter};
use thiserror::Error;

use crate::{Permission, Principal};

const MODEL: &str = include_str!("policy/model.conf");

/// Which permission opens which RPC; what no row allows is denied.
pub struct Policy {
    enforcer: Enforcer,
    /// What opens each RPC, to name it to a caller who lacks it.
    required: BTreeMap<String, AnyOf>,
}

/// The permissions that open an RPC, each by itself, in the order of their rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnyOf(Vec<Permission>);

impl From<Permission> for AnyOf {
    fn from(permission: Permission) -> Self {
        Self(vec![permission])
    }
}

impl fmt::Display for AnyOf {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        formatter.write_str(&names.join(" or "))
    }
}

/// Why the policy cannot be used.
#[derive(Debug, Error)]
pub enum PolicyError {
    /// Casbin cannot read the model or the rows.
    #[error("the authorization policy cannot be loaded: correct its rows")]
    Casbin(#[source] Box<casbin::Error>),
    /// A line grants nothing, or something else than it seems to grant.
    #[error("line {line} of the authorization policy is not `p, resource, /package.Service/Method, action`")]
    Row {
        /// Counted from 1.
        line: usize,
    },
    /// Two rows say the same.
    #[error("{path} has the same row twice in the authorization policy: keep one")]
    Duplicate {
        /// The RPC.
        path: String,
    },
    /// Casbin has left rows out.
    #[error("Casbin has read {read} of {written} rows: correct the policy's model, so that it defines `p`")]
    Ignored {
        /// How many rows Casbin knows.
        read: usize,
        /// How many rows there are.
        written: usize,
    },
    /// The matcher denies what a row allows.
    #[error("the matcher of the authorization policy keeps {path} closed in spite of its row: correct the model")]
    Matcher {
        /// The RPC.
        path: String,
    },
    /// There is no row.
    #[error("the authorization policy has no rows: add one for each RPC")]
    Empty,
}

/// What a caller would need to call an RPC.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PermissionDenied {
    /// The token lacks a permission.
    #[error("the token lacks the permission {0}: have it assigned to you, then get a new token")]
    Lacks(AnyOf),
    /// Nobody may call this.
    #[error("no permission opens {0}: it needs a row in the authorization policy")]
    Closed(String),
}

impl Policy {
    /// Reads the rows of a policy: `p, resource, /package.Service/Method, action`, where `#` begins a comment.
    ///
    /// # Errors
    /// See [`PolicyError`].
    pub async fn from_rows(rows: &str) -> Result<Self, PolicyError> {
        Self::parse(MODEL, rows).await
    }

    pub(crate) async fn parse(model: &str, rows: &str) -> Result<Self, PolicyError> {
        let required = required_permissions(rows)?;
        let casbin = |error| PolicyError::Casbin(Box::new(error));
        let model = DefaultModel::from_str(model).await.map_err(casbin)?;
        let enforcer = Enforcer::new(model, StringAdapter::new(rows)).await.map_err(casbin)?;
        let written = required.values().map(|permissions| permissions.0.len()).sum();
        let read = enforcer.get_policy().len();
        if read != written {
            return Err(PolicyError::Ignored { read, written });
        }
        let policy = Self { enforcer, required };
        // A matcher that does not fit the rows would otherwise be noticed at the first request.
        if let Some((path, AnyOf(permissions))) = policy.required.first_key_value()
            && let Some(permission) = permissions.first()
            && !policy.opens(permission, path).map_err(casbin)?
        {
            return Err(PolicyError::Matcher { path: path.clone() });
        }
        Ok(policy)
    }

    /// Says whether one of the caller's permissions opens the RPC at this path.
    pub fn permits(&self, caller: &Principal, path: &str) -> bool {
        caller.permissions.iter().any(|permission| {
            self.opens(permission, path).unwrap_or_else(|error| {
                tracing::error!(error = &error as &dyn std::error::Error, path, "the policy could not be asked");
                false
            })
        })
    }

    fn opens(&self, permission: &Permission, path: &str) -> Result<bool, casbin::Error> {
        self.enforcer.enforce((permission.resource(), path, permission.action()))
    }

    /// Like [`Policy::permits`], but names the permission that is missing.
    pub fn require(&self, caller: &Principal, path: &str) -> Result<(), PermissionDenied> {
        if self.permits(caller, path) {
            return Ok(());
        }
        Err(match self.required.get(path) {
            Some(permissions) => PermissionDenied::Lacks(permissions.clone()),
            None => PermissionDenied::Closed(path.to_owned()),
        })
    }

    /// The paths of all RPCs that have a row.
    pub fn rpcs(&self) -> impl Iterator<Item = &str> {
        self.required.keys().map(String::as_str)
    }
}

/// Reads the rows strictly, since Casbin drops or misreads what it does not understand without an error.
fn required_permissions(rows: &str) -> Result<BTreeMap<String, AnyOf>, PolicyError> {
    let mut required = BTreeMap::<String, AnyOf>::new();
    for (index, line) in rows.lines().enumerate() {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (path, permission) = row(line).ok_or(PolicyError::Row { line: index + 1 })?;
        let AnyOf(permissions) = required.entry(path.to_owned()).or_insert(AnyOf(Vec::new()));
        if permissions.contains(&permission) {
            return Err(PolicyError::Duplicate { path: path.to_owned() });
        }
        permissions.push(permission);
    }
    if required.is_empty() { Err(PolicyError::Empty) } else { Ok(required) }
}

fn row(line: &str) -> Option<(&str, Permission)> {
    let columns: Vec<_> = line.split(',').map(str::trim).collect();
    let ["p", resource, path, action] = columns[..] else { return None };
    let (service, method) = path.strip_prefix('/')?.split_once('/')?;
    let named = !service.is_empty() && !method.is_empty() && !method.contains('/');
    named.then_some((path, Permission::parse(&format!("{action}:{resource}"))?))
}
