//! Every message that a `.proto` file declares: ProtoJSON to binary and back by our library, against another library's opinion.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::LazyLock;

use anyhow::{Context, Result, ensure};
use buffa::type_registry::{TypeRegistry, set_type_registry};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use prost::Message as _;
use prost_reflect::{DescriptorPool, DynamicMessage, MessageDescriptor};
use serde_json::Value;
use tests::{files_below, root};

use crate::messages::message;

/// The folders of `.proto` files.
const FOLDERS: [&str; 3] = ["proto", "shared/engine/wire/proto", "shared/engine/testkit/proto"];

/// How many values of each message are tried.
const CASES: u32 = 64;

static POOL: LazyLock<DescriptorPool> = LazyLock::new(|| {
    let folders = FOLDERS.map(|folder| root().join(folder));
    let files: Vec<PathBuf> = FOLDERS.iter().flat_map(|folder| files_below(folder, ".proto").expect("files")).collect();
    let mut compiler = protox::Compiler::new(folders).expect("the folders of protos");
    compiler.include_imports(true).open_files(files).expect("protos that parse");
    compiler.descriptor_pool()
});

/// The messages that travel: not those of Google, but for those that we have a copy of, and not what options hold.
fn travelling() -> Vec<MessageDescriptor> {
    let is_ours = |message: &MessageDescriptor| {
        let file = message.parent_file();
        !message.is_map_entry() && file.extensions().len() == 0 && !file.package_name().starts_with("google.protobuf")
    };
    POOL.all_messages().filter(is_ours).collect()
}

/// Our types, of every generated module.
fn types() -> TypeRegistry {
    let mut types = TypeRegistry::new();
    let modules: &[fn(&mut TypeRegistry)] = &[
        contracts::billing::v1::register_types,
        contracts::kitchen::v1::register_types,
        contracts::kitchen_api::v1::register_types,
        contracts::operations_api::v1::register_types,
        contracts::order::v1::register_types,
        contracts::order_api::v1::register_types,
        testkit::shop::v1::register_types,
        testkit::till::v1::register_types,
        testkit::warehouse::v1::register_types,
        ::wire::google::rpc::register_types,
        ::wire::message::v1::register_types,
        ::wire::saga::v1::register_types,
        buffa_types::register_wkt_types,
    ];
    modules.iter().for_each(|register| register(&mut types));
    types
}

/// A value as the other library writes it.
#[derive(Debug)]
struct Written {
    binary: Vec<u8>,
    json: Value,
}

impl Written {
    fn of(value: DynamicMessage) -> Self {
        Self { binary: value.encode_to_vec(), json: serde_json::to_value(&value).expect("JSON") }
    }
}

#[test]
fn every_message_survives_as_json_and_as_binary() -> Result<()> {
    // What an Any holds is looked up in the registry of the process.
    set_type_registry(types());
    let types = types();
    let messages = travelling();
    ensure!(messages.len() > 60, "only {} messages were found", messages.len());
    for descriptor in messages {
        let name = descriptor.full_name().to_owned();
        let entry = types.json_any_by_url(&format!("type.googleapis.com/{name}"));
        let entry = entry.with_context(|| format!("{name} has no round trip: add its module to this test"))?;
        let packed = travelling().into_iter().filter(|other| !other.fields().any(|field| is_any(&field.kind())));
        let config = proptest::test_runner::Config { cases: CASES, ..testkit::properties() };
        let values = message(&descriptor, packed.collect());
        let outcome = TestRunner::new(config).run(&values.prop_map(Written::of), |Written { binary, json }| {
            // Binary to JSON.
            let ours = (entry.to_json)(&binary).map_err(TestCaseError::fail)?;
            prop_assert_eq!(&ours, &json);
            // JSON to binary, which says the same to the other library, and back.
            let ours = (entry.from_json)(json.clone()).map_err(TestCaseError::fail)?;
            prop_assert_eq!((entry.to_json)(&ours).map_err(TestCaseError::fail)?, json.clone());
            let read = DynamicMessage::decode(descriptor.clone(), &*ours);
            let read = read.map_err(|error| TestCaseError::fail(error.to_string()))?;
            prop_assert_eq!(serde_json::to_value(&read).ok(), Some(json));
            Ok(())
        });
        outcome.with_context(|| name.clone())?;
    }
    Ok(())
}

fn is_any(kind: &prost_reflect::Kind) -> bool {
    kind.as_message().is_some_and(|message| message.full_name() == "google.protobuf.Any")
}

/// A field that no value ever has would survive whatever becomes of it.
#[test]
fn every_field_is_tried() -> Result<()> {
    let mut tried: BTreeMap<String, usize> = BTreeMap::new();
    for descriptor in travelling() {
        tried.extend(descriptor.fields().map(|field| (field.full_name().to_owned(), 0)));
        let config = proptest::test_runner::Config { cases: CASES, ..testkit::properties() };
        let count = std::cell::RefCell::new(&mut tried);
        let outcome = TestRunner::new(config).run(&message(&descriptor, Vec::new()), |value| {
            for (field, _) in value.fields() {
                *count.borrow_mut().entry(field.full_name().to_owned()).or_default() += 1;
            }
            Ok(())
        });
        outcome?;
    }
    let untried: Vec<_> = tried.iter().filter(|(_, times)| **times < 5).collect();
    ensure!(untried.is_empty(), "these fields are hardly ever there: {untried:?}");
    Ok(())
}
