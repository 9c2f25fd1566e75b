//! What speaks against a deployment. Each objection says what to do.

use crate::commands::check::{LANE, ROLLOUT};
use crate::environment::Environment;
use crate::stack::Deployed;
use crate::template::Template;

/// A Lambda function's name has no more characters.
const LONGEST_FUNCTION_NAME: usize = 64;

/// The rollout that leaves no old version to serve beside the new.
const AT_ONCE: &str = "AllAtOnce";

/// The parameter with the pages' origins.
const ORIGINS: &str = "AllowedOrigins";

/// What the files say against it.
pub(super) fn of_files(environment: &Environment, template: &Template) -> Vec<String> {
    let Environment { stack, parameters } = environment;
    let mut objections = Vec::new();
    let longest = template.functions.iter().max_by_key(|name| name.len()).cloned().unwrap_or_default();
    let limit = LONGEST_FUNCTION_NAME - longest.len() - 1;
    if stack.len() > limit {
        objections.push(format!(
            "the stack name {stack} has {} characters, and {limit} are the most: AWS would refuse the function {stack}-{longest}; \
             shorten stack_name in samconfig.toml",
            stack.len()
        ));
    }
    let fits = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
    if !stack.starts_with(|letter: char| letter.is_ascii_alphabetic()) || !stack.chars().all(fits) {
        objections.push(format!("the stack name {stack:?} must be letters, digits and \"-\", a letter first"));
    }
    for (name, value) in parameters {
        if value.contains(['<', '>']) {
            objections.push(format!("{name} is still {value:?}: write your own value in samconfig.toml"));
        } else if let Some(why) = template.parameters.get(name).and_then(|rule| rule.broken_by(value)) {
            objections.push(format!("{name} {why}: samconfig.toml says {value:?}"));
        } else if name == ORIGINS {
            objections.extend(value.split(',').filter_map(of_origin));
        }
    }
    let (given, known) = (parameters.keys().cloned().collect(), template.parameter_names());
    for name in known.difference(&given) {
        objections
            .push(format!("{name} is missing in samconfig.toml: a stack would keep the value it happens to have"));
    }
    for name in given.difference(&known) {
        objections.push(format!("{name} is no parameter of template.yaml: take it out of samconfig.toml"));
    }
    objections
}

/// What a browser would never say. The rule of the parameter cannot see it, as CloudFormation's patterns know no exception.
fn of_origin(origin: &str) -> Option<String> {
    let usual = [("https://", ":443"), ("http://", ":80")];
    let (_, port) = usual.into_iter().find(|(scheme, port)| origin.starts_with(scheme) && origin.ends_with(port))?;
    Some(format!("{ORIGINS} has {origin}, which no page comes from: a browser leaves {port} out, so write it without"))
}

/// What tables without a stack say against a first deployment.
pub(super) fn of_tables(name: &str, left_over: Vec<(String, String)>) -> Option<String> {
    let tables: Vec<_> = left_over.into_iter().map(|(table, _)| table).collect();
    (!tables.is_empty()).then(|| {
        format!(
            "there are tables of an earlier stack of this name, and they cannot be created again: {}; take them into a new stack with \
             make adopt ENV={name}, or delete them",
            tables.join(", ")
        )
    })
}

/// What the stack as it is says against it.
pub(super) fn of_stack(name: &str, environment: &Environment, deployed: &Deployed, switch_lane: bool) -> Vec<String> {
    let mut objections = Vec::new();
    let status = deployed.status.as_str();
    match status {
        "ROLLBACK_COMPLETE" | "ROLLBACK_FAILED" | "DELETE_FAILED" => objections.push(format!(
            "the stack is {status}: its first deployment failed, or its deletion; run sam delete --config-env {name}, then deploy again"
        )),
        "IMPORT_ROLLBACK_COMPLETE" | "IMPORT_ROLLBACK_FAILED" => objections.push(of_failed_import(name, &environment.stack, status)),
        "UPDATE_ROLLBACK_FAILED" => objections.push(format!(
            "the stack is {status}: mend what its events tell, then run aws cloudformation continue-update-rollback --stack-name {}",
            environment.stack
        )),
        // A stack of which only a change set was made is as good as none.
        "REVIEW_IN_PROGRESS" => {}
        _ if status.ends_with("_IN_PROGRESS") => {
            objections.push(format!("the stack is {status}: wait until that is done"));
        }
        _ => {}
    }
    let (old, new) = (deployed.parameters.get(LANE), environment.parameters.get(LANE));
    if let (Some(old), Some(new)) = (old, new)
        && old != new
    {
        objections.extend(of_switch(environment, old, new, switch_lane));
    }
    objections
}

/// What speaks against a switch from the lane `old` to `new`.
fn of_switch(environment: &Environment, old: &str, new: &str, switch_lane: bool) -> Vec<String> {
    let mut objections = Vec::new();
    if !switch_lane {
        objections.push(format!(
            "the sagas run in the lane {old}, and samconfig.toml says {LANE} = {new:?}: read what a switch does in README.md, then \
             say SWITCH_LANE=yes; or write {old:?}"
        ));
    }
    // Roles change at once: an old version that still serves could not read the sagas of the lane that it was built for.
    let rollout = environment.parameters.get(ROLLOUT).map(String::as_str).unwrap_or_default();
    if rollout != AT_ONCE {
        objections.push(format!(
            "the lane cannot be switched in stages, as old versions would serve with the rights of the lane {new}: write \
             {ROLLOUT} = {AT_ONCE:?} in samconfig.toml for this deployment, instead of {rollout:?}"
        ));
    }
    objections
}

/// What to do about a stack whose tables could not be taken in.
pub(in crate::commands) fn of_failed_import(name: &str, stack: &str, status: &str) -> String {
    format!(
        "the stack {stack} is {status}: an import of tables into it has failed, and its events say why; delete the stack, which \
         keeps its tables, with aws cloudformation delete-stack --stack-name {stack}, then adopt again with make adopt ENV={name}"
    )
}

#[cfg(test)]
mod tests;
