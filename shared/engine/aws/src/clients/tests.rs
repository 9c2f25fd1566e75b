use std::fs;
use std::process::Command;

use aws_config::Region;
use aws_sdk_dynamodb::config::ProvideCredentials;
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use super::*;

#[test]
fn every_root_can_be_read() {
    let mut roots = RootCertStore::empty();
    for root in CertificateDer::pem_slice_iter(AMAZON_ROOTS) {
        roots.add(root.expect("PEM")).expect("a root certificate");
    }
    assert_eq!(roots.len(), 5);
}

#[test]
fn nobody_else_is_trusted() {
    // The SDK tells what a context trusts in no other way; the certificates' bytes are shown as a list.
    let trusted = format!("{:?}", tls().build().expect("a context"));
    assert!(trusted.contains("enable_native_roots: false"), "{trusted}");
    assert!(trusted.contains(&format!("{AMAZON_ROOTS:?}")), "{trusted}");
}

/// Timeouts and retries have the same effect everywhere, so no client may go without them.
fn assert_patience(config: &SdkConfig) {
    let timeouts = config.timeout_config().expect("timeouts");
    assert_eq!(timeouts.connect_timeout(), Some(Duration::from_secs(1)));
    assert_eq!(timeouts.operation_attempt_timeout(), Some(Duration::from_secs(3)));
    assert_eq!(timeouts.operation_timeout(), Some(Duration::from_secs(8)));
    let retries = config.retry_config().expect("retries");
    assert_eq!(retries.max_attempts(), 3);
    assert_eq!(retries.initial_backoff(), Duration::from_millis(50));
    assert_eq!(retries.max_backoff(), Duration::from_secs(1));
}

#[test]
fn a_given_configuration_gets_the_same_patience_as_a_functions() {
    let given = SdkConfig::builder().region(Region::new("eu-test-7"));
    let given = given.retry_config(RetryConfig::disabled()).timeout_config(TimeoutConfig::disabled()).build();
    let clients = Clients::of(given);
    assert_eq!(clients.config.region(), Some(&Region::new("eu-test-7")));
    assert!(clients.config.http_client().is_some());
    assert_patience(&clients.config);
}

/// The environment belongs to the process, so the test runs itself once more in a process of its own.
#[test]
fn a_function_is_configured_by_its_environment_alone() {
    if std::env::var("AWS_REGION").as_deref() == Ok("eu-test-7") {
        return assert_configured();
    }
    let profiles = tempfile::tempdir().expect("a directory");
    let profile = profiles.path().join("config");
    let content = "[default]\nregion = eu-profile-1\nmax_attempts = 9\nuse_fips_endpoint = true\n";
    fs::write(&profile, content).expect("a profile");
    let output = Command::new(std::env::current_exe().expect("this test"))
        .args(["--exact", "clients::tests::a_function_is_configured_by_its_environment_alone"])
        .env_clear()
        .env("AWS_REGION", "eu-test-7")
        .env("AWS_ACCESS_KEY_ID", "id")
        .env("AWS_SECRET_ACCESS_KEY", "secret")
        .env("AWS_SESSION_TOKEN", "session")
        .env("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
        .env("AWS_CONFIG_FILE", &profile)
        .output()
        .expect("the other process");
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && told.contains("1 passed"), "{told}");
}

fn assert_configured() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    let config = runtime.block_on(Clients::from_env()).config;
    assert_eq!(config.region(), Some(&Region::new("eu-test-7")));
    assert_eq!(config.endpoint_url(), Some("http://127.0.0.1:1"));
    assert_eq!(config.use_fips(), None);
    assert!(config.http_client().is_some() && config.sleep_impl().is_some());
    assert_patience(&config);
    let provider = config.credentials_provider().expect("a provider");
    let credentials = runtime.block_on(provider.provide_credentials()).expect("credentials");
    let (id, secret, session) =
        (credentials.access_key_id(), credentials.secret_access_key(), credentials.session_token());
    assert_eq!((id, secret, session), ("id", "secret", Some("session")));
}
