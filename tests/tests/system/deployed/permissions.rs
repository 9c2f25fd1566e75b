//! Least privilege in both directions: a call that a role does not allow fails in the local AWS, and what a role allows without
//! any call that needs it fails here. This is no test among the others, because it looks at what all of them have done.

use std::collections::BTreeSet;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use local::template::strings;
use local::{LocalAws, Template, Use, Workspace};
use serde_json::Value;
use tests::{LazySystem, OF_LAMBDA};

/// Permissions that no call of the tests needs: function, action and why it may have them. That the code can make the call
/// is seen by `rules/template/calls.rs` and `executions.rs`.
const NEVER_NEEDED_HERE: &[(&str, &str, &str)] = &[(
    "StartSagaFunction",
    "states:GetExecutionHistory",
    "it looks whether an older version has begun; every saga has one version, so no older version is asked for",
)];

/// Every permission of a function was used, in this lane or in the other.
///
/// # Errors
/// Names the permissions that no call needed.
pub(crate) fn check(systems: &[Arc<LazySystem>]) -> Result<()> {
    let (mut allowed, mut used) = (BTreeSet::new(), BTreeSet::new());
    for system in systems {
        let system = system.started().with_context(|| format!("no test has used the lane {}", system.lane()))?;
        let template = Template::read(&Workspace::here().template())?.in_lane(system.lane());
        allowed.extend(permissions(&template, system.aws())?);
        used.extend(system.aws().recorder().uses());
    }
    let is_excused = |permission: &&Use| {
        let names =
            |(function, action, _): &(_, _, _)| permission.function == *function && permission.action == *action;
        NEVER_NEEDED_HERE.iter().any(names)
    };
    let needless: Vec<_> = used.iter().filter(is_excused).map(words).collect();
    ensure!(needless.is_empty(), "a test needs these now, so they need no excuse: {needless:?}");
    let unused: Vec<_> = allowed.difference(&used).filter(|it| !is_excused(it)).map(words).collect();
    ensure!(unused.is_empty(), "no call of the whole run needed these permissions:\n{}", unused.join("\n"));
    println!("each of the functions' {} permissions was used\n", allowed.len());
    Ok(())
}

fn words(permission: &Use) -> String {
    format!("{}: {} on {}", permission.function, permission.action, permission.resource)
}

/// What the roles allow the functions to do by themselves.
fn permissions(template: &Template, aws: &LocalAws) -> Result<BTreeSet<Use>> {
    let mut allowed = BTreeSet::new();
    for function in template.functions()? {
        let role = template.properties(&function.logical_id)?["Role"]["Fn::GetAtt"][0].clone();
        let role = template.properties(role.as_str().context("a role")?)?;
        let statements = role["Policies"][0]["PolicyDocument"]["Statement"].as_array().cloned().unwrap_or_default();
        ensure!(!statements.is_empty(), "{} may do nothing", function.logical_id);
        for statement in statements {
            let resources = statement["Resource"].as_array().cloned();
            let resources = resources.unwrap_or_else(|| vec![statement["Resource"].clone()]);
            for action in strings(&statement["Action"]).into_iter().filter(|it| !OF_LAMBDA.contains(&it.as_str())) {
                for resource in &resources {
                    let (function, action) = (function.logical_id.clone(), action.clone());
                    allowed.insert(Use { function, action, resource: physical(resource, aws)? });
                }
            }
        }
    }
    Ok(allowed)
}

/// What the recorder calls the resource of a statement.
fn physical(resource: &Value, aws: &LocalAws) -> Result<String> {
    let name = |id: &str| -> Result<String> {
        Ok(aws.stack().resource(id)?.rsplit([':', '/']).next().unwrap_or_default().to_owned())
    };
    if let Some(id) = resource["Ref"].as_str().or(resource["Fn::GetAtt"][0].as_str()) {
        return name(id);
    }
    let Some(text) = resource["Fn::Sub"].as_str() else {
        return Ok(resource.as_str().with_context(|| format!("{resource} is no resource"))?.to_owned());
    };
    // Such as `${OrdersTable.Arn}/index/by-customer` and `arn:${AWS::Partition}:..:execution:${CreateOrderV1StateMachine.Name}:*`.
    let (before, rest) = text.rsplit_once("${").with_context(|| format!("{text} names no resource"))?;
    let (reference, after) = rest.split_once('}').with_context(|| format!("{text} names no resource"))?;
    let kind = before.rsplit_once('}').map_or("", |(_, kind)| kind.trim_start_matches(':'));
    Ok(format!("{kind}{}{after}", name(reference.split('.').next().unwrap_or_default())?))
}
