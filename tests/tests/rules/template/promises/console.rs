//! The console: files that everybody may read, which nobody reaches but by CloudFront, with the headers that bind the app.

use serde_json::{Map, Value, json};

use super::ANY_TEXT;
use super::choices::Choices;
use super::names::{arn, reference, sub};

/// The address of the API, as the template has it in a text.
const API: &str = "${HttpApi.ApiEndpoint}";
/// The issuer; its address ends in "/", and so names all of its paths.
const ISSUER: &str = "${TokenIssuer}";
/// Managed-CachingOptimized, as AWS's documentation of CloudFront names it: the path alone is asked for, compressed.
const CACHING_OPTIMIZED: &str = "658327ea-f89d-4fab-a63d-7e88639e58f6";
/// How long a browser remembers to come by https, in seconds: a year.
const YEAR: u32 = 365 * 24 * 60 * 60;
/// For how many days what a publication has replaced can be taken back.
const DAYS: u32 = 30;
/// The devices and payment sheets of a browser that no page of the app asks for.
const UNUSED: [&str; 7] =
    ["camera", "display-capture", "geolocation", "microphone", "payment", "publickey-credentials-get", "usb"];

/// What the app may load: its own files, and calls of the API and of the issuer. What is not named is forbidden.
fn security_policy() -> String {
    let own = ["script-src", "style-src", "font-src", "img-src"].map(|kind| format!("{kind} 'self'"));
    let directives = ["default-src 'none'".to_owned()].into_iter().chain(own).chain([
        format!("connect-src 'self' {API} {ISSUER}"),
        format!("frame-src {ISSUER}"),
        "worker-src 'self'".to_owned(),
    ]);
    let closed = ["form-action", "frame-ancestors", "base-uri"].map(|kind| format!("{kind} 'none'"));
    directives.chain(closed).collect::<Vec<_>>().join("; ")
}

/// A name of CloudFront's, which is one account's in all regions.
fn named(name: &str) -> Value {
    sub(&format!("${{AWS::StackName}}-${{AWS::Region}}-{name}"))
}

fn resource(kind: &str, properties: Value) -> Value {
    json!({"Type": kind, "Properties": properties})
}

fn bucket() -> Value {
    let blocked = ["BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"];
    let blocked: Map<_, _> = blocked.map(|kind| (kind.to_owned(), json!(true))).into_iter().collect();
    let mut bucket = resource(
        "AWS::S3::Bucket",
        json!({
            "PublicAccessBlockConfiguration": blocked,
            "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
            "BucketEncryption": {"ServerSideEncryptionConfiguration": [
                {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}},
            ]},
            "VersioningConfiguration": {"Status": "Enabled"},
            "LifecycleConfiguration": {"Rules": [{
                "Id": "forget-old-versions",
                "Status": "Enabled",
                "NoncurrentVersionExpiration": {"NoncurrentDays": DAYS},
                "ExpiredObjectDeleteMarker": true,
                "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
            }]},
        }),
    );
    // As the tables: nothing stands in the way of a removal, and a failed first deployment leaves nothing.
    bucket["DeletionPolicy"] = json!("RetainExceptOnCreate");
    bucket["UpdateReplacePolicy"] = json!("Retain");
    bucket
}

/// CloudFront may read and, to know what is not there, list, for this distribution alone; nobody without TLS.
fn bucket_policy() -> Value {
    let files = sub("${ConsoleBucket.Arn}/*");
    let distribution = sub("arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/${ConsoleDistribution}");
    let allow = |action: &str, resource: &Value| {
        json!({
            "Effect": "Allow",
            "Principal": {"Service": "cloudfront.amazonaws.com"},
            "Action": action,
            "Resource": resource,
            "Condition": {"StringEquals": {"AWS:SourceArn": distribution}},
        })
    };
    let without_tls = json!({
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [arn("ConsoleBucket"), files],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    });
    let statements = [allow("s3:GetObject", &files), allow("s3:ListBucket", &arn("ConsoleBucket")), without_tls];
    let document = json!({"Version": "2012-10-17", "Statement": statements});
    resource("AWS::S3::BucketPolicy", json!({"Bucket": reference("ConsoleBucket"), "PolicyDocument": document}))
}

fn headers() -> Value {
    let custom = |header: &str, value: &str| json!({"Override": true, "Header": header, "Value": value});
    let unused = UNUSED.map(|feature| format!("{feature}=()")).join(", ");
    let items = [
        custom("Cross-Origin-Opener-Policy", "same-origin"),
        custom("Cross-Origin-Resource-Policy", "same-origin"),
        custom("Permissions-Policy", &unused),
    ];
    let configuration = json!({
        "Name": named("headers"),
        "SecurityHeadersConfig": {
            "ContentSecurityPolicy": {"Override": true, "ContentSecurityPolicy": sub(&security_policy())},
            "ContentTypeOptions": {"Override": true},
            "FrameOptions": {"Override": true, "FrameOption": "DENY"},
            "ReferrerPolicy": {"Override": true, "ReferrerPolicy": "no-referrer"},
            "StrictTransportSecurity": {"Override": true, "AccessControlMaxAgeSec": YEAR},
        },
        "CustomHeadersConfig": {"Items": items},
    });
    resource("AWS::CloudFront::ResponseHeadersPolicy", json!({"ResponseHeadersPolicyConfig": configuration}))
}

fn distribution() -> Value {
    let attribute = |resource: &str, attribute: &str| json!({"Fn::GetAtt": [resource, attribute]});
    let origin = json!({
        "Id": "bucket",
        "DomainName": attribute("ConsoleBucket", "RegionalDomainName"),
        "OriginAccessControlId": attribute("ConsoleAccess", "Id"),
        // What was there before OAC: CloudFormation wants to be told that it is not used.
        "S3OriginConfig": {"OriginAccessIdentity": ""},
    });
    let configuration = json!({
        "Comment": sub("The console of ${AWS::StackName}"),
        "Enabled": true,
        "HttpVersion": "http2and3",
        "IPV6Enabled": true,
        "PriceClass": "PriceClass_100",
        "DefaultRootObject": "index.html",
        "Origins": [origin],
        "DefaultCacheBehavior": {
            "TargetOriginId": "bucket",
            "ViewerProtocolPolicy": "redirect-to-https",
            "Compress": true,
            "CachePolicyId": CACHING_OPTIMIZED,
            "ResponseHeadersPolicyId": reference("ConsoleHeaders"),
            "FunctionAssociations": [
                {"EventType": "viewer-request", "FunctionARN": attribute("ConsolePaths", "FunctionARN")},
            ],
        },
        "ViewerCertificate": {"CloudFrontDefaultCertificate": true},
    });
    resource("AWS::CloudFront::Distribution", json!({"DistributionConfig": configuration}))
}

pub(super) fn resources(choices: Choices) -> Vec<(String, Value)> {
    if !choices.has_console {
        return Vec::new();
    }
    let access = json!({
        "Name": named("files"),
        "OriginAccessControlOriginType": "s3",
        "SigningBehavior": "always",
        "SigningProtocol": "sigv4",
    });
    let access = json!({"OriginAccessControlConfig": access});
    // A test in `console` runs its code.
    let paths = json!({
        "Name": named("paths"),
        "AutoPublish": true,
        "FunctionConfig": {"Comment": ANY_TEXT, "Runtime": "cloudfront-js-2.0"},
        "FunctionCode": ANY_TEXT,
    });
    let resources = [
        ("ConsoleBucket", bucket()),
        ("ConsoleBucketPolicy", bucket_policy()),
        ("ConsoleAccess", resource("AWS::CloudFront::OriginAccessControl", access)),
        ("ConsolePaths", resource("AWS::CloudFront::Function", paths)),
        ("ConsoleHeaders", headers()),
        ("ConsoleDistribution", distribution()),
    ];
    resources.map(|(id, resource)| (id.to_owned(), resource)).into()
}

/// Where the console is, and what it is told: each field of its configuration with what it says.
pub(super) fn outputs(choices: Choices) -> Vec<(String, Value)> {
    if !choices.has_console {
        return Vec::new();
    }
    let fields =
        [("apiUrl", API), ("issuer", ISSUER), ("clientId", "${ConsoleClientId}"), ("audience", "${TokenAudience}")];
    let fields = fields.map(|(name, value)| format!("\"{name}\":\"{value}\"")).join(",");
    let described = |value: Value| json!({"Description": ANY_TEXT, "Value": value});
    let outputs = [
        ("ConsoleUrl", described(sub("https://${ConsoleDistribution.DomainName}"))),
        ("ConsoleBucketName", json!({"Value": reference("ConsoleBucket")})),
        ("ConsoleDistributionId", json!({"Value": reference("ConsoleDistribution")})),
        ("ConsoleConfiguration", described(sub(&format!("{{{fields}}}")))),
    ];
    outputs.map(|(name, output)| (name.to_owned(), output)).into()
}
