//! How a new version of a function takes over: the alias that everybody calls, and CodeDeploy, which moves it in stages.

use serde_json::{Value, json};

use super::events::policy;
use super::names::{alias, arn, id, reference, sub};
use super::rights::allow;
use super::surroundings::IN_STAGES;

/// The application and the role of all rollouts in stages.
pub(super) fn resources() -> Vec<(String, Value)> {
    vec![
        (
            "ServerlessDeploymentApplication".to_owned(),
            json!({"Type": "AWS::CodeDeploy::Application", "Properties": {"ComputePlatform": "Lambda"}}),
        ),
        ("RolloutRole".to_owned(), role()),
    ]
}

/// It moves aliases of this stack's functions, and looks at alarms, which are no resources here.
fn role() -> Value {
    let functions = "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:${AWS::StackName}-*";
    let moves = ["lambda:GetAlias", "lambda:UpdateAlias", "lambda:GetProvisionedConcurrencyConfig"];
    let statements = [allow(&moves, sub(functions)), allow(&["cloudwatch:DescribeAlarms"], json!("*"))];
    let assume = json!([
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "codedeploy.amazonaws.com"}},
    ]);
    json!({
        "Type": "AWS::IAM::Role",
        "Properties": {
            "AssumeRolePolicyDocument": policy(assume),
            "Policies": [{"PolicyName": "rollout", "PolicyDocument": policy(json!(statements))}],
        },
    })
}

/// The version and the alias of a function that is given the values of these parameters. A version that takes over in stages
/// is turned back by the alarm on the function's errors, and by the alarm with this name.
pub(super) fn of(name: &str, values: &[&str], in_stages: Option<Value>) -> Vec<(String, Value)> {
    let (function, alias) = (format!("{}Function", id(name)), alias(name));
    let (version, group) = (format!("{function}Version"), format!("{function}DeploymentGroup"));
    // SAM does not look at the values of parameters, so the description must, or a change of one would publish nothing.
    let values: Vec<_> = values.iter().map(|value| format!("${{{value}}}")).collect();
    let published = json!({
        "Type": "AWS::Lambda::Version",
        "DeletionPolicy": "Retain",
        "Properties": {"FunctionName": reference(&function), "Description": sub(&values.join(" "))},
    });
    let mut called = json!({
        "Type": "AWS::Lambda::Alias",
        "Properties": {
            "Name": "live",
            "FunctionName": reference(&function),
            "FunctionVersion": {"Fn::GetAtt": [version, "Version"]},
        },
    });
    let mut resources = vec![(version, published)];
    if let Some(alarm) = in_stages {
        called["UpdatePolicy"]["CodeDeployLambdaAliasUpdate"] = json!({
            "ApplicationName": reference("ServerlessDeploymentApplication"),
            "DeploymentGroupName": reference(&group),
        });
        resources.push((group, moves_in_stages([reference(&format!("{}ErrorsAlarm", id(name))), alarm])));
    }
    resources.push((alias, called));
    resources
}

fn moves_in_stages(alarms: [Value; 2]) -> Value {
    let alarms = alarms.map(|alarm| json!({"Name": alarm}));
    let properties = json!({
        "ApplicationName": reference("ServerlessDeploymentApplication"),
        "ServiceRoleArn": arn("RolloutRole"),
        "DeploymentConfigName": {"Fn::Sub": ["CodeDeployDefault.Lambda${ConfigName}", {"ConfigName": IN_STAGES}]},
        "DeploymentStyle": {"DeploymentType": "BLUE_GREEN", "DeploymentOption": "WITH_TRAFFIC_CONTROL"},
        "AutoRollbackConfiguration": {
            "Enabled": true,
            "Events": ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"],
        },
        "AlarmConfiguration": {"Enabled": true, "Alarms": alarms},
    });
    json!({"Type": "AWS::CodeDeploy::DeploymentGroup", "Properties": properties})
}
