//! The credentials of functions. The emulator derives them from the ARNs of the function and of its role; a client that holds
//! them may do what the function may do.

use aws_config::SdkConfig;
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use sha2::{Digest, Sha256};

use crate::stack::clients::Clients;

/// How the emulator makes the access key of a function (its `lambda_runtime.py`, `execution_credentials`).
pub(crate) fn access_key(function_arn: &str, role_arn: &str) -> String {
    let digest = hex(&format!("{function_arn}:{role_arn}")).to_uppercase();
    format!("ASIA{}", digest.chars().take(16).collect::<String>())
}

/// The configuration of a client of the emulator at `endpoint` that is the function. The emulator knows the function's
/// credentials once it has run.
pub(crate) fn config(endpoint: &str, function_arn: &str, role_arn: &str) -> SdkConfig {
    let digest = hex(&format!("{function_arn}:{role_arn}"));
    let (secret, token) = (hex(&format!("secret:{digest}")), hex(&format!("token:{digest}")));
    let credentials = Credentials::new(access_key(function_arn, role_arn), secret, Some(token), None, "local AWS");
    let config = Clients::config(endpoint).into_builder();
    config.credentials_provider(SharedCredentialsProvider::new(credentials)).build()
}

fn hex(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use aws_credential_types::provider::ProvideCredentials;

    use super::*;

    const FUNCTION: &str = "arn:aws:lambda:us-east-1:000000000000:function:s-start-saga";
    const ROLE: &str = "arn:aws:iam::000000000000:role/s-role";

    /// The values are the emulator's own for these names.
    #[tokio::test]
    async fn credentials_are_those_that_the_emulator_makes() {
        let config = config("http://127.0.0.1:1", FUNCTION, ROLE);
        let credentials = config.credentials_provider().unwrap().provide_credentials().await.unwrap();
        assert_eq!(credentials.access_key_id(), "ASIAEC3B458F342CFDA3");
        assert_eq!(access_key(FUNCTION, ROLE), credentials.access_key_id());
        let secret = "1d9650fd3d3c749f0fc63ff1c7911094bcd1551f1e1cfc023dba7fd0a74f78fb";
        let token = "104a0ae387e343694ce59de232ac97f77a6db8b48f1c589933032dbc09b147df";
        assert_eq!((credentials.secret_access_key(), credentials.session_token()), (secret, Some(token)));
    }
}
