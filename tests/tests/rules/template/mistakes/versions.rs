//! Mistakes in how a new version of a function takes over.

use serde_json::json;

use super::{Mistake, add, at, reference, remove, set, statement};

pub(super) fn mistakes() -> Vec<Mistake> {
    let mut mistakes = of_versions();
    mistakes.extend(of_rollouts());
    mistakes
}

fn of_versions() -> Vec<Mistake> {
    let all = |property: &str| format!("/Globals/Function/{property}");
    vec![
        remove("callers get what was deployed last, tested or not", &all("AutoPublishAlias")).seen_at("Refused"),
        set("another alias", &all("AutoPublishAlias"), json!("latest")).seen_at("Resources/CreateOrderFunctionAlias"),
        add("old versions are deleted", &all("VersionDeletionPolicy"), json!("Delete"))
            .seen_at("Resources/CreateOrderFunctionVersion"),
        remove("another log level changes nothing", &at("CreateTicketFunction", "VersionDescription"))
            .seen_at("Resources/CreateTicketFunctionVersion"),
        set(
            "another approval limit changes nothing",
            &at("CreateOrderFunction", "VersionDescription/Fn::Sub"),
            json!("${LogLevel} ${TokenIssuer} ${TokenAudience}"),
        )
        .seen_at("Resources/CreateOrderFunctionVersion"),
    ]
}

fn of_rollouts() -> Vec<Mistake> {
    let preference = |property: &str| format!("/Globals/Function/DeploymentPreference/{property}");
    let group = "Resources/CreateTicketFunctionDeploymentGroup";
    let role = "Resources/RolloutRole";
    let own = |function: &str| at(function, "DeploymentPreference");
    vec![
        set("in stages by default", "/Parameters/Rollout/Default", json!("Canary10Percent5Minutes")),
        remove("any rollout", "/Parameters/Rollout/AllowedValues"),
        remove("a rollout too few", "/Mappings/Rollouts/Canary10Percent5Minutes"),
        set("always the same stages", &preference("Type"), json!("Canary10Percent5Minutes")).seen_at(group),
        remove("SAM's own role", &preference("Role")).seen_at(group),
        set("the orchestrator goes out in stages", &format!("{}/Enabled", own("OrchestrateSagaFunction")), json!(true))
            .seen_at("Resources/OrchestrateSagaFunctionDeploymentGroup"),
        remove("the relay goes out in stages", &own("RelayOutboxFunction"))
            .seen_at("Resources/RelayOutboxFunctionDeploymentGroup"),
        remove("no alarm turns it back", &own("CreateTicketFunction")).seen_at(group),
        set(
            "another's alarm turns it back",
            &format!("{}/Alarms/0", own("CreateTicketFunction")),
            reference("RejectTicketDeadLetterAlarm"),
        )
        .seen_at(group),
        add("a step that never goes out in stages", &format!("{}/Enabled", own("CreateTicketFunction")), json!(false))
            .seen_at("Resources/CreateTicketFunctionAliaslive"),
        set(
            "another service may move aliases",
            &at("RolloutRole", "AssumeRolePolicyDocument/Statement/0/Principal/Service"),
            json!("lambda.amazonaws.com"),
        )
        .seen_at(role),
        set("it may move any alias", &statement("RolloutRole", 0, "Resource"), json!("*")).seen_at(role),
        set("it may change code", &statement("RolloutRole", 0, "Action/1"), json!("lambda:UpdateFunctionCode"))
            .seen_at(role),
        set("it may switch alarms off", &statement("RolloutRole", 1, "Action"), json!("cloudwatch:*")).seen_at(role),
        remove("it may not look at alarms", "/Resources/RolloutRole/Properties/Policies/0/PolicyDocument/Statement/1")
            .seen_at(role),
    ]
}
