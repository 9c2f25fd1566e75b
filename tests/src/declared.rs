//! What `proto/` declares of each RPC.

use std::collections::BTreeMap;

use crate::checkout::{files_below, root};
use anyhow::{Context, Result};
use connectrpc::IdempotencyLevel;
use protox::prost_reflect::{DescriptorPool, MethodDescriptor};

/// An RPC as its service declares it.
pub struct Declared {
    /// Whether a call changes something, and whether a repeat changes it again.
    pub level: IdempotencyLevel,
    /// The full name of what is asked.
    pub request: String,
    /// Whether either side sends more than one message.
    pub streams: bool,
}

impl Declared {
    /// Whether a call only reads: such an RPC is served by GET as well.
    pub fn reads(&self) -> bool {
        self.level == IdempotencyLevel::NoSideEffects
    }

    fn of(method: &MethodDescriptor) -> Result<Self> {
        let options = method.options();
        let level = options.get_field_by_name("idempotency_level").context("protoc's own option")?;
        let level = match level.as_enum_number().context("an enum")? {
            1 => IdempotencyLevel::NoSideEffects,
            2 => IdempotencyLevel::Idempotent,
            _ => IdempotencyLevel::Unknown,
        };
        let streams = method.is_client_streaming() || method.is_server_streaming();
        Ok(Self { level, request: method.input().full_name().to_owned(), streams })
    }
}

/// Every RPC of `proto/`, by its path.
///
/// # Errors
/// Proto files that do not compile.
pub fn declared() -> Result<BTreeMap<String, Declared>> {
    let mut found = BTreeMap::new();
    for service in descriptors()?.services() {
        for method in service.methods() {
            found.insert(format!("/{}/{}", service.full_name(), method.name()), Declared::of(&method)?);
        }
    }
    Ok(found)
}

fn descriptors() -> Result<DescriptorPool> {
    let folders = [root().join("proto"), root().join("shared/engine/wire/proto")];
    let mut compiler = protox::Compiler::new(folders).context("the folders of proto files")?;
    compiler.open_files(files_below("proto", ".proto")?).context("the proto files")?;
    Ok(compiler.descriptor_pool())
}
