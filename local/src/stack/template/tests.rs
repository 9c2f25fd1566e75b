//! The template reader's tests.

use super::*;

const TEMPLATE: &str = r#"
Parameters:
  TokenIssuer: { Type: String }
  Origins: { Type: String, Default: "http://localhost:5173,https://orders.example.com" }
Resources:
  Api:
    Type: AWS::Serverless::HttpApi
    Properties:
      CorsConfiguration: { AllowOrigins: !Split [",", !Ref Origins], MaxAge: 600 }
      Auth:
        DefaultAuthorizer: Tokens
        Authorizers:
          Tokens:
            JwtConfiguration: { issuer: !Ref TokenIssuer, audience: [orders] }
  OrdersTable:
    Type: AWS::DynamoDB::Table
    Properties: { TableName: !Sub "${AWS::StackName}-orders", Version: 2012-10-17 }
  CreateOrderFunction:
    Type: AWS::Serverless::Function
    Metadata: { BuildMethod: rust-cargolambda }
    Properties:
      CodeUri: functions/create-order
      Role: !GetAtt CreateOrderRole.Arn
      Timeout: 10
      Policies: [!If [Strict, a, b]]
      Events:
        Rpc: { Type: HttpApi, Properties: { ApiId: !Ref Api, Method: post, Path: /a.B/C } }
        Health: { Type: HttpApi, Properties: { ApiId: !Ref Api, Method: GET, Path: /health, Auth: { Authorizer: NONE } } }
        Queue: { Type: SQS, Properties: { Queue: !GetAtt Q.Arn } }
"#;

fn parameters() -> BTreeMap<String, String> {
    BTreeMap::from([("TokenIssuer".to_owned(), "http://127.0.0.1:1/".to_owned())])
}

#[test]
fn short_tags_get_their_long_form_and_values_their_types() {
    let template = Template::parse(TEMPLATE).unwrap();
    let resources = &template.as_json()["Resources"];
    assert_eq!(resources["OrdersTable"]["Properties"]["TableName"], json!({"Fn::Sub": "${AWS::StackName}-orders"}));
    assert_eq!(resources["OrdersTable"]["Properties"]["Version"], "2012-10-17");
    let function = &resources["CreateOrderFunction"]["Properties"];
    assert_eq!(function["Role"], json!({"Fn::GetAtt": ["CreateOrderRole", "Arn"]}));
    assert_eq!(function["Policies"], json!([{"Fn::If": ["Strict", "a", "b"]}]));
    assert_eq!(function["Timeout"], 10);
}

#[test]
fn only_the_code_location_is_rewritten() {
    let template = Template::parse(TEMPLATE).unwrap();
    let function = Function { logical_id: "CreateOrderFunction".into(), name: "create-order".into() };
    assert_eq!(template.functions().unwrap(), [function]);
    let code = BTreeMap::from([("CreateOrderFunction".to_owned(), "/artifacts/create-order.zip".to_owned())]);
    let mut rewritten = template.with_code(&code).unwrap().as_json().clone();
    let place = &mut rewritten["Resources"]["CreateOrderFunction"]["Properties"]["CodeUri"];
    assert_eq!(place.take(), "/artifacts/create-order.zip");
    *place = json!("functions/create-order");
    assert_eq!(&rewritten, template.as_json());
}

#[test]
fn the_http_api_is_read_with_its_parameters() {
    let api = Template::parse(TEMPLATE).unwrap().given(parameters()).http_api().unwrap();
    let authorizer =
        JwtAuthorizer { name: "Tokens".into(), issuer: "http://127.0.0.1:1/".into(), audience: vec!["orders".into()] };
    assert_eq!(api.authorizer, authorizer);
    let origins = ["http://localhost:5173", "https://orders.example.com"];
    assert_eq!(api.cors, Some(json!({"AllowOrigins": origins, "MaxAge": 600})));
    let route = |key: &str, authorized| Route { key: key.into(), function: "CreateOrderFunction".into(), authorized };
    assert_eq!(api.routes, [route("GET /health", false), route("POST /a.B/C", true)]);
}

#[test]
fn what_is_no_template_is_refused() {
    assert!(Template::parse("a: [").is_err());
    assert!(Template::parse("Outputs: {}").unwrap_err().to_string().contains("no Resources"));
}

const LANES: &str = r"
Parameters:
  Orchestrator: { Type: String, Default: Rust }
  Retries: { Type: Number, Default: 3 }
Conditions:
  InRustLane: !Equals [!Ref Orchestrator, Rust]
  InOtherLane: !Not [!Condition InRustLane]
  Thrice: !Equals [!Ref Retries, 3]
  Both: !And [!Condition InRustLane, !Condition Thrice]
  Either: !Or [!Condition InOtherLane, !Equals [!Ref Retries, '4']]
  Circle: !Not [!Condition Circle]
Resources:
  OneFunction: { Type: AWS::Serverless::Function, Condition: InRustLane, Properties: { CodeUri: functions/one } }
  TwoFunction: { Type: AWS::Serverless::Function, Condition: InOtherLane, Properties: { CodeUri: functions/two } }
  ThreeFunction:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: functions/three
      Environment:
        Variables:
          LANE: !Ref Orchestrator
          ONE: !If [InRustLane, !Ref OneFunction, !Ref AWS::NoValue]
          TWO: !If [InRustLane, !Ref AWS::NoValue, !Ref TwoFunction]
      Layers: [!If [Both, b, !Ref AWS::NoValue], !If [Either, e, !Ref AWS::NoValue]]
  Machine: { Type: AWS::Serverless::StateMachine, Condition: InOtherLane, Properties: { DefinitionUri: m.asl.json } }
  CircleTable: { Type: AWS::DynamoDB::Table, Condition: Circle }
  StrangeTopic: { Type: AWS::SNS::Topic, Condition: Strange }
";

fn lane(orchestrator: &str) -> Template {
    let given = BTreeMap::from([("Orchestrator".to_owned(), orchestrator.to_owned())]);
    let template = Template::parse(LANES).unwrap().given(given);
    Template { dir: PathBuf::from("/project"), ..template }
}

#[test]
fn parameters_choose_what_is_created() {
    let names = |template: &Template| -> Vec<String> {
        template.functions().unwrap().into_iter().map(|function| function.name).collect()
    };
    assert_eq!(names(&Template::parse(LANES).unwrap()), ["one", "three"], "the default counts");
    assert_eq!(names(&lane("Rust")), ["one", "three"]);
    assert_eq!(names(&lane("Other")), ["three", "two"]);
    assert_eq!(lane("Rust").resources("AWS::Serverless::StateMachine").unwrap(), []);
    assert_eq!(lane("Other").resources("AWS::Serverless::StateMachine").unwrap().len(), 1);
}

#[test]
fn properties_are_those_of_the_choice() {
    let properties = lane("Rust").properties("ThreeFunction").unwrap();
    assert_eq!(properties["Environment"]["Variables"], json!({"LANE": "Rust", "ONE": {"Ref": "OneFunction"}}));
    assert_eq!(properties["Layers"], json!(["b"]));
    let properties = lane("Other").properties("ThreeFunction").unwrap();
    assert_eq!(properties["Environment"]["Variables"], json!({"LANE": "Other", "TWO": {"Ref": "TwoFunction"}}));
    assert_eq!(properties["Layers"], json!(["e"]));
}

#[test]
fn a_section_is_what_the_choice_creates_of_it() {
    let document = json!({
        "Parameters": {"Lane": {"Default": "Rust"}},
        "Conditions": {"InRustLane": {"Fn::Equals": [{"Ref": "Lane"}, "Rust"]}},
        "Resources": {},
        "Outputs": {
            "Here": {"Condition": "InRustLane", "Value": {"Fn::If": ["InRustLane", {"Ref": "Lane"}, "other"]}},
            "Always": {"Value": "always"},
        },
    });
    let template = Template::from_json(document).unwrap();
    let (here, always) = (json!({"Value": "Rust"}), json!({"Value": "always"}));
    let created = BTreeMap::from([("Here".to_owned(), here), ("Always".to_owned(), always.clone())]);
    assert_eq!(template.created("Outputs").unwrap(), created);
    let other = template.given(BTreeMap::from([("Lane".to_owned(), "Other".to_owned())]));
    assert_eq!(other.created("Outputs").unwrap(), BTreeMap::from([("Always".to_owned(), always)]));
    assert!(Template::from_json(json!({"Outputs": {}})).is_err(), "it has no resources");
}

#[test]
fn a_condition_that_cannot_be_told_is_refused() {
    let refusal = |kind| format!("{:#}", lane("Rust").resources(kind).unwrap_err());
    assert!(refusal("AWS::DynamoDB::Table").contains("Circle depends on itself"));
    assert!(refusal("AWS::SNS::Topic").contains("no condition Strange"));
}

#[test]
fn what_is_not_created_needs_no_code() {
    let code = |names: [&str; 2]| names.map(|name| (name.to_owned(), format!("/artifacts/{name}.zip"))).into();
    let place = |template: &Template, id: &str, property: &str| {
        template.as_json()["Resources"][id]["Properties"][property].as_str().unwrap().to_owned()
    };
    let rust = lane("Rust").with_code(&code(["OneFunction", "ThreeFunction"])).unwrap();
    assert_eq!(place(&rust, "OneFunction", "CodeUri"), "/artifacts/OneFunction.zip");
    assert_eq!(place(&rust, "TwoFunction", "CodeUri"), NOWHERE);
    assert_eq!(place(&rust, "Machine", "DefinitionUri"), NOWHERE);
    let other = lane("Other").with_code(&code(["TwoFunction", "ThreeFunction"])).unwrap();
    assert_eq!(place(&other, "OneFunction", "CodeUri"), NOWHERE);
    assert_eq!(place(&other, "Machine", "DefinitionUri"), "/project/m.asl.json");
    assert!(lane("Other").with_code(&code(["OneFunction", "ThreeFunction"])).is_err(), "TwoFunction has no code");
}

#[test]
fn a_concurrency_that_a_parameter_gives_is_a_number() {
    let text = "
Parameters: { Limit: { Type: Number, Default: 2 } }
Resources:
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      Environment: { Variables: { LIMIT: !Ref Limit } }
      Events:
        Message: { Type: SQS, Properties: { ScalingConfig: { MaximumConcurrency: !Ref Limit } } }
        Other: { Type: SQS, Properties: { BatchSize: 1 } }
  Table: { Type: AWS::DynamoDB::Table }
";
    let limit = |given: &[(&str, &str)]| {
        let given = given.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let template = Template::parse(text).unwrap().given(given).with_concurrency()?;
        let properties = &template.as_json()["Resources"]["Worker"]["Properties"];
        assert_eq!(properties["Environment"]["Variables"]["LIMIT"], json!({"Ref": "Limit"}), "the rest stays");
        assert_eq!(properties["Events"]["Other"]["Properties"], json!({"BatchSize": 1}));
        assert_eq!(
            template.as_json()["Resources"]["Table"],
            json!({"Type": "AWS::DynamoDB::Table"}),
            "nothing is added"
        );
        Ok::<_, anyhow::Error>(
            properties["Events"]["Message"]["Properties"]["ScalingConfig"]["MaximumConcurrency"].clone(),
        )
    };
    assert_eq!(limit(&[]).unwrap(), json!(2));
    assert_eq!(limit(&[("Limit", "7")]).unwrap(), json!(7));
    let complaint = limit(&[("Limit", "many")]).unwrap_err().to_string();
    assert_eq!(complaint, "the concurrency of Worker is no number: \"many\"");
}
