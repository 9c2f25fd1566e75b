//! How long the queues wait, as template.yaml has it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use anyhow::{Context, Result, anyhow};
use local::Lane;
use local::template::Template;
use tests::root;

/// By queue: after how many deliveries a message of the Rust lane is set aside.
static DELIVERIES: LazyLock<Result<BTreeMap<String, u32>, String>> =
    LazyLock::new(|| read().map_err(|error| format!("{error:?}")));

/// By queue: after how many deliveries a message counts as dead.
pub(crate) fn redrive_policies() -> Result<&'static BTreeMap<String, u32>> {
    DELIVERIES.as_ref().map_err(|error| anyhow!("{error}"))
}

fn read() -> Result<BTreeMap<String, u32>> {
    let template = Template::read(&root().join("template.yaml"))?.in_lane(Lane::Rust);
    let mut deliveries = BTreeMap::new();
    for (id, queue) in template.resources("AWS::SQS::Queue")? {
        let policy = &queue["Properties"]["RedrivePolicy"];
        if let Some(count) = policy["maxReceiveCount"].as_u64() {
            let name = queue["Properties"]["QueueName"]["Fn::Sub"].as_str();
            let name = name.and_then(|name| name.strip_prefix("${AWS::StackName}-"));
            let name = name.with_context(|| format!("{id} has no name of its stack's"))?;
            deliveries.insert(name.to_owned(), u32::try_from(count)?);
        }
    }
    Ok(deliveries)
}

/// How long a message may fail before its queue sets it aside: the deliveries are a visibility timeout apart.
pub(crate) fn endures(queue: &str) -> Result<time::Duration> {
    let deliveries = redrive_policies()?.get(queue).copied().with_context(|| format!("{queue} has no policy"))?;
    Ok(time::Duration::minutes(i64::from(deliveries) - 1))
}
