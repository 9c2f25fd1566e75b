//! Mistakes in how the console is served.

use serde_json::json;

use super::{Mistake, add, arn, at, reference, remove, set};

const POLICY: &str = "ConsoleBucketPolicy";
const BEHAVIOR: &str = "DistributionConfig/DefaultCacheBehavior";
const SECURITY: &str = "ResponseHeadersPolicyConfig/SecurityHeadersConfig";

pub(super) fn mistakes() -> Vec<Mistake> {
    [of_the_bucket(), of_its_readers(), of_what_a_browser_allows(), of_the_distribution(), of_the_choice()]
        .into_iter()
        .flatten()
        .collect()
}

fn of_the_bucket() -> Vec<Mistake> {
    vec![
        set(
            "a bucket that a policy opens",
            &at("ConsoleBucket", "PublicAccessBlockConfiguration/BlockPublicPolicy"),
            json!(false),
        ),
        remove("a bucket that lists of access open", &at("ConsoleBucket", "PublicAccessBlockConfiguration")),
        set(
            "files that belong to whoever writes them",
            &at("ConsoleBucket", "OwnershipControls/Rules/0/ObjectOwnership"),
            json!("ObjectWriter"),
        ),
        set("what was cannot come back", &at("ConsoleBucket", "VersioningConfiguration/Status"), json!("Suspended")),
        remove("versions for ever", &at("ConsoleBucket", "LifecycleConfiguration/Rules/0/NoncurrentVersionExpiration")),
        add(
            "the app itself expires",
            &at("ConsoleBucket", "LifecycleConfiguration/Rules/0/ExpirationInDays"),
            json!(30),
        ),
        set(
            "a key that CloudFront may not use",
            &at(
                "ConsoleBucket",
                "BucketEncryption/ServerSideEncryptionConfiguration/0/ServerSideEncryptionByDefault/SSEAlgorithm",
            ),
            json!("aws:kms"),
        ),
        set("a bucket in the way of a removal", "/Resources/ConsoleBucket/DeletionPolicy", json!("Delete")),
        add("a bucket's name that others have", &at("ConsoleBucket", "BucketName"), json!("console")),
        add(
            "a website without TLS",
            &at("ConsoleBucket", "WebsiteConfiguration"),
            json!({"IndexDocument": "index.html"}),
        ),
    ]
}

fn of_its_readers() -> Vec<Mistake> {
    let statement = |number: usize, field: &str| at(POLICY, &format!("PolicyDocument/Statement/{number}/{field}"));
    vec![
        set("anybody reads", &statement(0, "Principal"), json!("*")),
        remove("anybody's distribution reads", &statement(0, "Condition")),
        remove("anybody's distribution lists", &statement(1, "Condition")),
        set("CloudFront writes", &statement(0, "Action"), json!(["s3:GetObject", "s3:PutObject"])),
        remove("403 in place of 404", &at(POLICY, "PolicyDocument/Statement/1")),
        remove("access without TLS", &at(POLICY, "PolicyDocument/Statement/2")),
        set("files without TLS", &statement(2, "Resource"), arn("ConsoleBucket")),
        set("another bucket's policy", &at(POLICY, "Bucket"), json!("another")),
        set(
            "CloudFront does not say who it is",
            &at("ConsoleAccess", "OriginAccessControlConfig/SigningBehavior"),
            json!("never"),
        ),
    ]
}

fn of_what_a_browser_allows() -> Vec<Mistake> {
    let policy = &at("ConsoleHeaders", &format!("{SECURITY}/ContentSecurityPolicy/ContentSecurityPolicy/Fn::Sub"));
    vec![
        set("scripts in the page", policy, json!("script-src 'self' 'unsafe-inline'")),
        set("no policy at all", policy, json!("")),
        remove(
            "a policy that a file's own replaces",
            &at("ConsoleHeaders", &format!("{SECURITY}/FrameOptions/Override")),
        ),
        set(
            "the app in a frame",
            &at("ConsoleHeaders", &format!("{SECURITY}/FrameOptions/FrameOption")),
            json!("SAMEORIGIN"),
        ),
        remove("types are guessed", &at("ConsoleHeaders", &format!("{SECURITY}/ContentTypeOptions"))),
        set(
            "others learn where a person was",
            &at("ConsoleHeaders", &format!("{SECURITY}/ReferrerPolicy/ReferrerPolicy")),
            json!("unsafe-url"),
        ),
        set(
            "https is forgotten",
            &at("ConsoleHeaders", &format!("{SECURITY}/StrictTransportSecurity/AccessControlMaxAgeSec")),
            json!(0),
        ),
        remove("the camera", &at("ConsoleHeaders", "ResponseHeadersPolicyConfig/CustomHeadersConfig/Items/2")),
        remove("no headers", &at("ConsoleDistribution", &format!("{BEHAVIOR}/ResponseHeadersPolicyId"))),
    ]
}

fn of_the_distribution() -> Vec<Mistake> {
    vec![
        set(
            "pages without TLS",
            &at("ConsoleDistribution", &format!("{BEHAVIOR}/ViewerProtocolPolicy")),
            json!("allow-all"),
        ),
        set("large files", &at("ConsoleDistribution", &format!("{BEHAVIOR}/Compress")), json!(false)),
        set(
            "nothing is kept",
            &at("ConsoleDistribution", &format!("{BEHAVIOR}/CachePolicyId")),
            json!("4135ea2d-6df8-44a3-9df3-4b5a84be39ad"),
        ),
        remove("a reload finds nothing", &at("ConsoleDistribution", &format!("{BEHAVIOR}/FunctionAssociations"))),
        remove("a function that is not published", &at("ConsolePaths", "AutoPublish")),
        remove(
            "the bucket is not asked in the distribution's name",
            &at("ConsoleDistribution", "DistributionConfig/Origins/0/OriginAccessControlId"),
        ),
        set("a distribution that is off", &at("ConsoleDistribution", "DistributionConfig/Enabled"), json!(false)),
        set(
            "every place of the world",
            &at("ConsoleDistribution", "DistributionConfig/PriceClass"),
            json!("PriceClass_All"),
        ),
        add(
            "the API's data behind a cache",
            &at("ConsoleDistribution", "DistributionConfig/CacheBehaviors"),
            json!([]),
        ),
    ]
}

fn of_the_choice() -> Vec<Mistake> {
    vec![
        remove("a distribution that nobody wants", "/Resources/ConsoleDistribution/Condition"),
        set("a console in one lane", "/Resources/ConsoleBucket/Condition", json!("InRustLane")),
        set("a choice that is crossed", "/Conditions/HasConsole/Fn::Equals/1", json!("false")),
        set("no console by default", "/Parameters/Console/Default", json!("false")),
        set("a placeholder is a client id", "/Parameters/ConsoleClientId/AllowedPattern", json!(".*")),
        set("a console that is told of another API", "/Outputs/ConsoleConfiguration/Value/Fn::Sub", json!("{}")),
        set("files go elsewhere", "/Outputs/ConsoleBucketName/Value", reference("OrdersTable")),
        remove("nobody learns where it is", "/Outputs/ConsoleUrl"),
    ]
}
