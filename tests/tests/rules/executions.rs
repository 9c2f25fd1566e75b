//! Who may do what with executions: each function of the Step Functions lane may make the calls that its code can make, on
//! the state machine of each version of each saga, and no others.

use std::collections::BTreeSet;
use std::sync::Arc;

use anyhow::{Context, Result, bail, ensure};
use contracts::message::v1::{CommandRefused, CommandSucceeded};
use contracts::order::v1::OrderCreated;
use local::Lane;
use local::template::{Template, strings};
use messaging::{ExecutedSagas, Receiver, Registry, ResumeSaga, Sagas, StartSaga, machine_name};
use serde_json::{Value, json};
use testkit::builders::{self, at, id};
use testkit::{MemoryExecutions, Told, sagas};
use tests::root;

/// A function of the lane, and what its code does with executions when a saga has two versions.
struct Client {
    function: &'static str,
    actions: BTreeSet<&'static str>,
}

/// The actions behind what was asked of the port.
fn actions(executions: &MemoryExecutions) -> BTreeSet<&'static str> {
    let told = executions.told().into_iter().map(|told| match told {
        Told::Start { .. } => "states:StartExecution",
        Told::Succeed(_) => "states:SendTaskSuccess",
        Told::Fail { .. } => "states:SendTaskFailure",
    });
    told.chain(executions.asked().iter().map(|_| "states:GetExecutionHistory")).collect()
}

/// Runs the code of each function over a port that remembers the calls.
async fn clients() -> Result<Vec<Client>> {
    let executions = MemoryExecutions::default();
    let start = StartSaga::new(sagas::both_versions(), Arc::new(executions.clone()));
    start.receive(&builders::event(1, OrderCreated::default()), at(0)).await?;
    let starts = Client { function: "StartSagaFunction", actions: actions(&executions) };

    let executions = MemoryExecutions::default();
    let resume = ResumeSaga::new(sagas::both_versions(), Arc::new(executions.clone()));
    for payload in [CommandSucceeded::default().into(), contracts::Payload::from(CommandRefused::default())] {
        let mut reply = builders::command(1, payload);
        let sender = reply.correlation.as_mut().context("a sender")?;
        (sender.step, sender.reply_token) = ("create-ticket".to_owned(), "token".to_owned());
        resume.receive(&reply, at(0)).await?;
    }
    let resumes = Client { function: "ResumeSagaFunction", actions: actions(&executions) };

    let executions = MemoryExecutions::default();
    let read = ExecutedSagas { registry: sagas::both_versions(), executions: Arc::new(executions.clone()) };
    read.progress(&[id(1)]).await?;
    let reads = Client { function: "FindOrderFunction", actions: actions(&executions) };
    Ok(vec![starts, resumes, reads])
}

/// The logical id of each version's state machine, beside the machine's name.
fn machines(template: &Template, registry: &Registry) -> Result<Vec<(String, String)>> {
    let declared = template.resources("AWS::Serverless::StateMachine")?;
    let find = |definition: &saga::Definition| {
        let file = format!("statemachines/{}.v{}.asl.json", definition.name, definition.version);
        let found = declared.iter().find(|(_, machine)| machine["Properties"]["DefinitionUri"] == json!(file));
        let (id, machine) = found.with_context(|| format!("no state machine runs {file}"))?;
        let name = machine_name(definition);
        let called = &machine["Properties"]["Name"]["Fn::Sub"];
        ensure!(*called == json!(format!("${{AWS::StackName}}-{name}")), "{id}, which runs {file}, is called {called}");
        Ok(((*id).clone(), name))
    };
    registry.definitions().map(find).collect()
}

/// What the role of a function lets it do with Step Functions: action and resource.
fn allowed(template: &Template, function: &str) -> Result<BTreeSet<(String, String)>> {
    let role = template.properties(function)?["Role"]["Fn::GetAtt"][0].as_str().context("a role")?.to_owned();
    let policies = template.properties(&role)?["Policies"].clone();
    let mut allowed = BTreeSet::new();
    for statement in policies
        .as_array()
        .into_iter()
        .flatten()
        .flat_map(|policy| policy["PolicyDocument"]["Statement"].as_array().into_iter().flatten())
    {
        let resources = match &statement["Resource"] {
            Value::Array(resources) => resources.clone(),
            one => vec![one.clone()],
        };
        for action in strings(&statement["Action"]).into_iter().filter(|action| action.starts_with("states:")) {
            ensure!(statement["Effect"] == "Allow", "{role}: {statement}");
            allowed.extend(resources.iter().map(|resource| (action.clone(), resource.to_string())));
        }
    }
    Ok(allowed)
}

/// The resource that an action needs of the state machine `id`.
fn resource(action: &str, id: &str) -> Result<Value> {
    Ok(match action {
        "states:StartExecution" => json!({ "Ref": id }),
        "states:GetExecutionHistory" => json!({"Fn::Sub": format!(
            "arn:${{AWS::Partition}}:states:${{AWS::Region}}:${{AWS::AccountId}}:execution:${{{id}.Name}}:*"
        )}),
        // They name a task token and no resource.
        "states:SendTaskSuccess" | "states:SendTaskFailure" => json!("*"),
        other => bail!("say what {other} needs"),
    })
}

/// What is wrong with the template for the sagas of this registry.
async fn check(template: &Template, registry: &Registry) -> Result<()> {
    let machines = machines(template, registry)?;
    for Client { function, actions } in clients().await? {
        let mut needed = BTreeSet::new();
        for action in actions {
            for (id, _) in &machines {
                needed.insert((action.to_owned(), resource(action, id)?.to_string()));
            }
        }
        let allowed = allowed(template, function)?;
        ensure!(allowed == needed, "{function} needs {needed:#?}\nand may {allowed:#?}");
        // Who names state machines finds each in the variable that is called like it.
        let named = template.properties(function)?["Environment"]["Variables"].clone();
        let named = named.as_object().into_iter().flatten();
        let named: BTreeSet<_> = named
            .filter(|(name, _)| name.ends_with("_STATE_MACHINE_ARN"))
            .map(|(name, value)| (name.clone(), value.to_string()))
            .collect();
        let variable = |(id, name): &(String, String)| {
            (format!("{}_STATE_MACHINE_ARN", name.to_uppercase().replace('-', "_")), json!({ "Ref": id }).to_string())
        };
        let needed = machines.iter().filter(|_| function != "ResumeSagaFunction").map(variable).collect();
        ensure!(named == needed, "{function} needs {needed:#?}\nand is given {named:#?}");
    }
    Ok(())
}

fn text() -> Result<String> {
    Ok(std::fs::read_to_string(root().join("template.yaml"))?)
}

fn in_lane(text: &str) -> Result<Template> {
    Ok(Template::parse(text)?.in_lane(Lane::StepFunctions))
}

#[tokio::test]
async fn each_function_may_do_with_executions_what_its_code_can_do() -> Result<()> {
    check(&in_lane(&text()?)?, &order::sagas::registry()).await
}

#[tokio::test]
async fn the_code_is_seen_to_make_its_calls() -> Result<()> {
    let calls = clients().await?.into_iter().map(|client| client.actions.into_iter().collect::<Vec<_>>());
    let expected = [
        vec!["states:GetExecutionHistory", "states:StartExecution"],
        vec!["states:SendTaskFailure", "states:SendTaskSuccess"],
        vec!["states:GetExecutionHistory"],
    ];
    ensure!(calls.eq(expected), "a function makes other calls");
    Ok(())
}

#[tokio::test]
async fn a_version_without_its_state_machine_is_missed() -> Result<()> {
    let complaint = check(&in_lane(&text()?)?, &sagas::both_versions()).await;
    let complaint = complaint.err().context("no complaint")?.to_string();
    ensure!(complaint == "no state machine runs statemachines/create-order.v2.asl.json", "{complaint}");
    Ok(())
}

/// A resource, what stands in it, and what would be wrong there.
const MISTAKES: &[(&str, &str, &str)] = &[
    (
        "StartSagaRole",
        "[!Ref CreateOrderV1StateMachine, !Ref CancelOrderV1StateMachine]",
        "!Ref CreateOrderV1StateMachine",
    ),
    ("StartSagaRole", "[!Ref CreateOrderV1StateMachine, !Ref CancelOrderV1StateMachine]", "\"*\""),
    ("StartSagaRole", "Action: states:StartExecution", "Action: states:*"),
    ("StartSagaRole", "Action: states:StartExecution", "Action: [states:StartExecution, states:StopExecution]"),
    ("StartSagaRole", "Action: states:GetExecutionHistory", "Action: states:DescribeExecution"),
    ("StartSagaRole", ":execution:${CreateOrderV1", ":stateMachine:${CreateOrderV1"),
    (
        "StartSagaRole",
        ":execution:${CancelOrderV1StateMachine.Name}:*",
        ":execution:${CreateOrderV1StateMachine.Name}:*",
    ),
    ("StartSagaRole", ":execution:${CancelOrderV1StateMachine.Name}:*", ":execution:${CancelOrderV1StateMachine.Name}"),
    ("StartSagaRole", ":execution:${CancelOrderV1StateMachine.Name}:*", ":execution:*"),
    ("StartSagaFunction", "Role: !GetAtt StartSagaRole.Arn", "Role: !GetAtt ResumeSagaRole.Arn"),
    (
        "StartSagaFunction",
        "CREATE_ORDER_V1_STATE_MACHINE_ARN: !Ref CreateOrder",
        "CREATE_ORDER_V1_STATE_MACHINE_ARN: !Ref CancelOrder",
    ),
    ("StartSagaFunction", "CANCEL_ORDER_V1_STATE_MACHINE_ARN", "CANCEL_ORDER_STATE_MACHINE_ARN"),
    (
        "FindOrderFunction",
        "[InStepFunctionsLane, !Ref CreateOrderV1StateMachine",
        "[InRustLane, !Ref CreateOrderV1StateMachine",
    ),
    ("FindOrderRole", "Action: states:GetExecutionHistory", "Action: states:StartExecution"),
    ("FindOrderRole", ":execution:${CancelOrderV1", ":execution:${CreateOrderV1"),
    ("FindOrderRole", "- InRustLane", "- InStepFunctionsLane"),
    ("ResumeSagaRole", "[states:SendTaskSuccess, states:SendTaskFailure]", "states:SendTaskSuccess"),
    ("ResumeSagaRole", "[states:SendTaskSuccess, states:SendTaskFailure]", "states:*"),
    ("CreateOrderV1StateMachine", "create-order.v1.asl.json", "cancel-order.v1.asl.json"),
    ("CreateOrderV1StateMachine", "${AWS::StackName}-create-order-v1", "${AWS::StackName}-create-order"),
];

#[tokio::test]
async fn each_mistake_is_noticed() -> Result<()> {
    let text = text()?;
    // Nothing else is wrong with it.
    check(&in_lane(&text)?, &order::sagas::registry()).await?;
    for (resource, right, wrong) in MISTAKES {
        let start = text.find(&format!("\n  {resource}:\n")).with_context(|| format!("there is no {resource}"))?;
        let (before, rest) = text.split_at(start);
        let (declared, after) = rest.split_once("\n\n").context("an end")?;
        ensure!(declared.contains(right), "{resource} does not say {right}");
        let broken = format!("{before}{}\n\n{after}", declared.replacen(right, wrong, 1));
        let found = check(&in_lane(&broken)?, &order::sagas::registry()).await;
        ensure!(found.is_err(), "nobody notices {wrong} in {resource}");
    }
    Ok(())
}
